"""Goal: simultaneous events have one total order. Method: keys against tuples, and tiny runs.

In every run a message takes 1 ms and a service 10 ms, unless it says otherwise.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.reference.clock import Clock, Mark, Turn, key
from bcsim.limits import ATTEMPTS_MAX, STEPS_MAX
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

PLACES = st.tuples(
    st.sampled_from(Turn),
    st.integers(0, 2**48 - 1),
    st.integers(0, STEPS_MAX - 1),
    st.integers(0, 2**20 - 1),
    st.integers(0, ATTEMPTS_MAX - 1),
    st.sampled_from(Mark),
)


@given(PLACES, PLACES)
def test_a_key_orders_as_its_parts_do(one, other):
    """Goal: key order is (turn, number, step, leg, attempt, mark). Method: compare tuples."""
    *first, first_mark = one
    *second, second_mark = other
    assert (key(*first, mark=first_mark) < key(*second, mark=second_mark)) == (one < other)


def test_events_of_an_instant_come_by_key_whoever_scheduled_them_first():
    """Goal: insertion order decides nothing. Method: schedule three in the wrong order."""
    clock, seen = Clock(0), []
    for number in (2, 0, 1):
        place = key(Turn.TIMER, number, mark=Mark.OTHER)
        clock.at(5, place, lambda n=number: seen.append((clock.now, n)))  # type: ignore[misc]
    while clock.next_time() is not None:
        clock.step()
    assert seen == [(5, 0), (5, 1), (5, 2)]


def test_the_past_is_closed():
    """Goal: nothing is scheduled before now. Method: ask for it."""
    with pytest.raises(AssertionError, match="time_ns=-1 is past"):
        Clock(0).at(-1, 0, lambda: None)


def test_a_fault_comes_before_the_work_that_ends_at_its_instant():
    """Goal: infrastructure first. Method: the component crashes as its service ends.

    Submit 0, receive 1, service 1 to 11; crash at 11: the effect is never achieved.
    """
    history = run(firm([take()]), [Wish()], timeline("11ms front up 0"))
    assert story(history) == lines("""
        0s client intend 0
        0s client submit 0.1
        0s client send 0.1
        1ms front receive 0.1
        1ms front start 0.1
    """)


def test_an_answer_comes_before_the_timeout_of_its_instant():
    """Goal: deliveries before timers. Method: a timeout of exactly the round trip, 1 + 10 + 1."""
    history = run(firm([take(timeout="12 ms", retry={"limit": 1, "backoff": "1 ms"})]))
    assert story(history, only="send time_out") == ["0s client send 0.1"]


def test_a_timeout_a_nanosecond_shorter_comes_first():
    """Goal: the test above can fail. Method: one nanosecond less than the round trip."""
    retry = {"limit": 1, "backoff": "1 ms"}
    history = run(firm([take(timeout="11.999999 ms", retry=retry)]))
    assert story(history, only="time_out") == ["11.999999ms client time_out 0.1"]


def test_orders_of_one_instant_are_dealt_with_by_number():
    """Goal: order number decides. Method: two wishes at one time, one server."""
    history = run(firm([take()]), [Wish(), Wish()])
    assert story(history, only="acknowledge", without="client") == lines("""
        11ms front acknowledge 0.1
        21ms front acknowledge 1.1
    """)


def test_work_that_ends_frees_its_server_before_new_work_arrives():
    """Goal: completions before deliveries. Method: a full queue of 0, arrival as service ends.

    The first is in service from 1 to 11; the second, wished at 10, arrives at 11.
    """
    history = run(
        firm([take()], components={"front": {"queue": {"limit": 0}}}), [Wish(), Wish("10ms")]
    )
    assert story(history, only="acknowledge", without="client") == lines("""
        11ms front acknowledge 0.1
        21ms front acknowledge 1.1
    """)


def test_rows_of_one_handler_keep_their_order():
    """Goal: effect, then what the holder sends. Method: the whole story of one order."""
    history = run(firm([take(), execute(), step("book", "ledger", role="book")]))
    assert story(history) == lines("""
        0s client intend 0
        0s client submit 0.1
        0s client send 0.1
        1ms front receive 0.1
        1ms front start 0.1
        11ms front finish 0.1
        11ms front acknowledge 0.1
        11ms front route 0.1
        11ms front send 0.1
        12ms client acknowledge 0.1
        12ms venue receive 0.1
        12ms venue start 0.1
        22ms venue finish 0.1
        22ms venue execute 0.1
        23ms front execute 0.1
        23ms front send 0.1
        24ms ledger receive 0.1
        24ms ledger start 0.1
        34ms ledger finish 0.1
        34ms ledger book 0.1
    """)
