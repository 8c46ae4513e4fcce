"""Goal: a dedup memory recognises what it has seen, and nothing else. Method: repeats by hand.

The front sends at 11; the venue receives at 12 and is done at 22. Where answers are lost, the
front times out at 41 and sends again at 51, which is received at 52.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

RETRY = {"limit": 1, "backoff": "10 ms"}
DEAF = timeline("5ms venue->front link_up 0")
"""Answers from the venue do not arrive."""


def work(history):
    """When the venue received, started and finished something."""
    return story(history, "attempt", only="venue", without="execute")


def test_done_is_answered_without_service():
    """Goal: done. Method: the answer is lost, the repeat is received and no work starts."""
    history = run(firm([take(), step("check", "venue", timeout="30 ms", retry=RETRY)]), faults=DEAF)
    assert work(history) == lines("""
        12ms venue receive 0.1 attempt=0
        12ms venue start 0.1 attempt=0
        22ms venue finish 0.1 attempt=0
        52ms venue receive 0.1 attempt=1
    """)


def test_pending_joins_the_work_under_way_in_service():
    """Goal: pending, in service. Method: 60 ms of service, the repeat comes at 52."""
    history = run(firm([take(), step("check", "venue", "60 ms", timeout="30 ms", retry=RETRY)]))
    assert work(history) == lines("""
        12ms venue receive 0.1 attempt=0
        12ms venue start 0.1 attempt=0
        52ms venue receive 0.1 attempt=1
        72ms venue finish 0.1 attempt=0
    """)


def test_pending_joins_the_work_that_waits():
    """Goal: pending, in the queue. Method: another order is in service from 11 to 71.

    Both orders leave the front at 10 (it takes 9 ms); the second waits from 11 to 71, and its
    repeat at 51 joins it.
    """
    do = step("check", "venue", "60 ms", timeout="30 ms", retry=RETRY)
    two = {"front": {"servers": 2}}
    history = run(firm([take(service="9 ms"), do], components=two), [Wish(), Wish()])
    second = [line for line in work(history) if " 1.1 " in line]
    assert second == lines("""
        11ms venue receive 1.1 attempt=0
        51ms venue receive 1.1 attempt=1
        71ms venue start 1.1 attempt=0
        131ms venue finish 1.1 attempt=0
    """)


def test_without_dedup_every_repeat_is_new_work():
    """Goal: a second effect where no memory recognises the key. Method: executes twice."""
    do = execute(timeout="30 ms", retry=RETRY, on_failure="reject")
    links = {"venue -> front": {"latency": "100 ms"}}
    history = run(firm([take(), do], components={"venue": {"dedup": None}}, links=links))
    assert story(history, "exec_id", only="venue", without="receive start finish") == lines("""
        22ms venue execute 0.1 exec_id=app-000000.1/venue/1
        62ms venue execute 0.1 exec_id=app-000000.1/venue/2
    """)


@pytest.mark.parametrize(
    ("horizon", "second"),
    [("30 ms", []), ("29.999999 ms", ["52ms venue start 0.1 attempt=1"])],
)
def test_a_key_expires_a_horizon_after_its_effect(horizon, second):
    """Goal: effect at 22, repeat at 52. Method: a horizon of 30 ms, and one nanosecond less."""
    do = step("check", "venue", timeout="30 ms", retry=RETRY, on_failure="reject")
    small = firm([take(), do], components={"venue": {"dedup": {"horizon": horizon}}})
    history = run(small, faults=DEAF)
    started = [line for line in work(history) if "start" in line]
    assert started == ["12ms venue start 0.1 attempt=0", *second]


def test_a_key_belongs_to_one_step():
    """Goal: (key, step, leg). Method: the same order comes to the same component twice."""
    history = run(firm([take(), step("one", "venue"), step("two", "venue")]))
    assert story(history, "step", only="venue", without="receive send") == lines("""
        12ms venue start 0.1 step=1
        22ms venue finish 0.1 step=1
        22ms venue start 0.1 step=2
        32ms venue finish 0.1 step=2
    """)


def test_the_keys_of_orders_of_one_intent_differ():
    """Goal: a re-entry has a new key. Method: an impatient client enters anew and both execute."""
    eager = {"patience": "20 ms", "on_timeout": {"switch": 1.0}, "attempts": 1}
    history = run(firm([step("late", "front", "50 ms"), execute()], segment=eager))
    assert story(history, "idem_key", "parent_id", only="execute submit", without="front") == lines("""
        0s client submit 0.1 idem_key=app-000000.1
        20ms client submit 0.2 idem_key=app-000000.2 parent_id=app-000000.1
        62ms venue execute 0.1 idem_key=app-000000.1
        112ms venue execute 0.2 idem_key=app-000000.2
    """)


def test_a_crash_takes_pending_marks_with_the_work():
    """Goal: marks vanish with queue or service. Method: crash at 15 in service, back at 20.

    The store is durable, the queue is not; the repeat at 52 is unknown, and new work.
    """
    history = run(
        firm([take(), execute(timeout="30 ms", retry=RETRY)]),
        [Wish()],
        timeline("15ms venue up 0", "20ms venue up 1"),
    )
    assert work(history) == lines("""
        12ms venue receive 0.1 attempt=0
        12ms venue start 0.1 attempt=0
        52ms venue receive 0.1 attempt=1
        52ms venue start 0.1 attempt=1
        62ms venue finish 0.1 attempt=1
    """)


@pytest.mark.parametrize(("kind", "starts"), [("durable", 1), ("volatile", 2)])
def test_dedup_memory_is_as_durable_as_the_store(kind, starts):
    """Goal: keys survive a crash with the store. Method: done at 22, crash at 30, repeat at 52."""
    do = step("check", "venue", timeout="30 ms", retry=RETRY, on_failure="reject")
    small = firm([take(), do], components={"venue": {"store": {"kind": kind}}})
    faults = timeline("5ms venue->front link_up 0", "30ms venue up 0", "40ms venue up 1")
    history = run(small, faults=faults)
    assert sum("start" in line for line in work(history)) == starts


def test_a_rejection_is_remembered_too():
    """Goal: the answer is repeated as it was given. Method: a control rejects, twice asked.

    Rejected at 22; the answer is lost; the repeat at 52 gets it, and no second reject arises.
    """
    check = step("limits", "venue", role="control", control="limits", timeout="30 ms", retry=RETRY)
    history = run(
        firm([take(), check, execute()], controls={"limits": STRICT}),
        faults=timeline("5ms venue->front link_up 0", "51ms venue->front link_up 1"),
    )
    assert story(history, "attempt", only="control_fail reject send", without="client") == lines("""
        11ms front send 0.1 attempt=0
        22ms venue control_fail 0.1
        22ms venue reject 0.1
        51ms front send 0.1 attempt=1
    """)


STRICT = {"name": "Limits", "coverage": 1, "false_alarm": 1}
"""A control that stops every order."""
