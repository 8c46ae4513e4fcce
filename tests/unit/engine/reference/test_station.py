"""Goal: crash and hang do what they say to work, queues and stores. Method: tiny runs.

The front receives at 1 and is done at 11; the venue receives at 12 and is done at 22.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import DURABLE, VOLATILE, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

KEEPS = {"queue": {"durable": True}}


def front(history):
    """What the front starts, finishes and sends."""
    return story(history, "attempt", only="front", without="take receive acknowledge route")


def test_a_crash_loses_work_in_service_and_in_a_volatile_queue():
    """Goal: both vanish. Method: one in service, one waiting, crash at 5, back at 6.

    Nothing is left of the two: their clients do not try again. A third order goes through.
    """
    history = run(
        firm([take()]), [Wish(), Wish(), Wish("10ms")], timeline("5ms front up 0", "6ms front up 1")
    )
    assert front(history) == lines("""
        1ms front start 0.1 attempt=0
        11ms front start 2.1 attempt=0
        21ms front finish 2.1 attempt=0
    """)


def test_a_durable_queue_survives_and_work_in_service_starts_again():
    """Goal: restarts on recovery with the same draw, before what waited. Method: back at 20."""
    history = run(
        firm([take()], components={"front": KEEPS}),
        [Wish(), Wish()],
        timeline("5ms front up 0", "20ms front up 1"),
    )
    assert front(history) == lines("""
        1ms front start 0.1 attempt=0
        20ms front start 0.1 attempt=0
        30ms front finish 0.1 attempt=0
        30ms front start 1.1 attempt=0
        40ms front finish 1.1 attempt=0
    """)


def test_the_restarted_service_takes_as_long_as_drawn_before():
    """Goal: the same draw. Method: a random service, with and without a crash at 5 s.

    Recovery is at 6 s, so the end is as late after 6 s as it was after the start.
    """
    random = [take(service="exponential 60 s")]
    plain = run(firm(random, components={"front": KEEPS}), seed=3)
    crashed = run(
        firm(random, components={"front": KEEPS}),
        faults=timeline("5s front up 0", "6s front up 1"),
        seed=3,
    )
    (end,) = (row["time_ns"] for row in plain.rows("finish"))
    (later,) = (row["time_ns"] for row in crashed.rows("finish"))
    assert end > 5 * 10**9  # type: ignore[operator]
    assert later - 6 * 10**9 == end - 1_000_000  # type: ignore[operator]


def test_what_arrives_at_a_crashed_component_is_lost():
    """Goal: nobody hears. Method: a request at 6, down from 5 to 8."""
    history = run(firm([take()]), [Wish("5ms")], timeline("5ms front up 0", "8ms front up 1"))
    assert front(history) == []


def test_a_durable_store_resends_what_it_holds():
    """Goal: new attempts, outside the retry count, on recovery. Method: crash while waiting.

    Sent at 11, the venue is down. The step has one retry: without the crash the attempts are
    at 11 and 51. The front crashes at 20 and is back at 30: sent at 30 and again at 70.
    """
    do = execute(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"}, on_failure="reject")
    history = run(
        firm([take(), do]),
        [Wish()],
        timeline("5ms venue up 0", "20ms front up 0", "30ms front up 1"),
    )
    assert story(history, "attempt", only="send resend reject", without="client") == lines("""
        11ms front send 0.1 attempt=0
        30ms front resend 0.1 attempt=1
        30ms front send 0.1 attempt=1
        70ms front resend 0.1 attempt=2
        70ms front send 0.1 attempt=2
        100ms front reject 0.1
    """)


@pytest.mark.parametrize("store", [VOLATILE, None])
def test_a_volatile_store_forgets_what_it_holds(store):
    """Goal: nobody will ever send the next step. Method: as above; no store is as volatile."""
    do = execute(timeout="30 ms", retry={"limit": 9, "backoff": "10 ms"})
    history = run(
        firm([take(), do], components={"front": {"store": store}}),
        [Wish()],
        timeline("5ms venue up 0", "20ms front up 0", "30ms front up 1", "40ms venue up 1"),
    )
    assert story(history, "attempt", only="send", without="client") == [
        "11ms front send 0.1 attempt=0"
    ]


def test_orders_are_resent_by_number():
    """Goal: one total order. Method: the second order was held first (see test_holder)."""
    first = take(timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([first, execute()]),
        [Wish(), Wish("1ms")],
        timeline(
            "0ms app->front link_up 0",
            "1ms app->front link_up 1",
            "5ms venue up 0",
            "80ms front up 0",
            "90ms front up 1",
        ),
    )
    assert story(history, "attempt", only="send", without="client") == lines("""
        12ms front send 1.1 attempt=0
        71ms front send 0.1 attempt=0
        90ms front send 0.1 attempt=1
        90ms front send 1.1 attempt=1
    """)


def test_what_is_not_held_is_not_resent():
    """Goal: a settled step is released. Method: crash after the answer at 23."""
    history = run(
        firm([take(), step("check", "venue")]),
        [Wish()],
        timeline("30ms front up 0", "40ms front up 1"),
    )
    assert story(history, only="send", without="client") == ["11ms front send 0.1"]


def test_an_answer_to_an_attempt_from_before_the_crash_settles_the_step():
    """Goal: an answer to any attempt. Method: a slow way back: sent 11, answered at 122.

    The front crashes at 30, resends at 40 (received 41, answered from memory at 141).
    """
    history = run(
        firm([take(), step("check", "venue"), execute("market")], links={"venue -> front": SLOW}),
        [Wish()],
        timeline("30ms front up 0", "40ms front up 1"),
    )
    assert story(history, "step", "attempt", only="send orphan", without="client") == lines("""
        11ms front send 0.1 step=1 attempt=0
        22ms venue send 0.1 step=2 attempt=0
        40ms front send 0.1 step=1 attempt=1
    """)


SLOW = {"latency": "100 ms"}


# -- hang ------------------------------------------------------------------------------------


def test_a_hang_keeps_the_remaining_service_time():
    """Goal: frozen, then continued. Method: 6 of 10 ms done at 7; awake at 100, done at 104."""
    history = run(
        firm([take(service="10 ms")]),
        [Wish()],
        timeline("7ms front hang 1", "100ms front hang 0"),
    )
    assert front(history) == lines("""
        1ms front start 0.1 attempt=0
        104ms front finish 0.1 attempt=0
    """)


def test_a_hung_component_answers_nothing_and_deals_with_it_on_waking_up():
    """Goal: arrivals wait, in their order. Method: two arrive while it hangs; the client waits.

    Timeouts at 20 and 25 lead to repeats at 30 and 35, which join the first requests on waking
    up at 100. The clients' devices have parked their orders for the hung front since 50 and 55,
    and send once more at 100.
    """
    first = take(timeout="20 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([first]), [Wish(), Wish("5ms")], timeline("0ms front hang 1", "100ms front hang 0")
    )
    assert story(history, "attempt", only="front", without="acknowledge") == lines("""
        100ms front receive 0.1 attempt=0
        100ms front start 0.1 attempt=0
        100ms front receive 1.1 attempt=0
        100ms front receive 0.1 attempt=1
        100ms front receive 1.1 attempt=1
        101ms front receive 0.1 attempt=2
        101ms front receive 1.1 attempt=2
        110ms front finish 0.1 attempt=0
        110ms front start 1.1 attempt=0
        120ms front finish 1.1 attempt=0
    """)


def test_a_hung_holder_does_nothing_until_it_wakes():
    """Goal: timers of a hung holder wait too. Method: the timeout at 41 comes at 100.

    The answer of 23 is heard at 100 as well; it was there first, so no second attempt is made.
    A holder whose venue is down sends its second attempt at 100 + 10.
    """
    do = step("check", "venue", timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    hang = ("20ms front hang 1", "100ms front hang 0")
    answered = run(firm([take(), do]), [Wish()], timeline(*hang))
    assert story(answered, only="send time_out", without="client") == ["11ms front send 0.1"]
    unanswered = run(firm([take(), do]), [Wish()], timeline("5ms venue up 0", *hang))
    assert story(unanswered, only="send time_out", without="client") == lines("""
        11ms front send 0.1
        100ms front time_out 0.1
        110ms front send 0.1
        140ms front time_out 0.1
    """)


def test_a_hung_holder_is_not_woken_by_its_target():
    """Goal: parked orders of a hung holder stay. Method: the venue is back at 60, it at 100."""
    history = run(
        firm([take(), execute(timeout="30 ms")]),
        [Wish()],
        timeline("5ms venue up 0", "50ms front hang 1", "60ms venue up 1", "100ms front hang 0"),
    )
    assert story(history, only="send", without="client") == lines("""
        11ms front send 0.1
        100ms front send 0.1
    """)


def test_a_crash_ends_a_hang():
    """Goal: what was frozen is gone. Method: a request at 1, crash at 20, back at 30."""
    history = run(
        firm([take()]),
        [Wish(), Wish("50ms")],
        timeline("0ms front hang 1", "20ms front up 0", "30ms front up 1", "30ms front hang 0"),
    )
    assert front(history) == lines("""
        51ms front start 1.1 attempt=0
        61ms front finish 1.1 attempt=0
    """)


def test_a_crash_frees_callers_servers():
    """Goal: nobody stays on the line over a crash. Method: the caller crashes while it asks.

    The call at 11 is resent at 40 without a server of its own; a second order is served at 46.
    """
    ask = step("ask", "risk", "1 s", mode="call")
    history = run(
        firm([take(), ask], components={"front": {"store": DURABLE}}),
        [Wish(), Wish("45ms")],
        timeline("20ms front up 0", "40ms front up 1"),
    )
    assert story(history, only="acknowledge", without="client") == lines("""
        11ms front acknowledge 0.1
        56ms front acknowledge 1.1
    """)
