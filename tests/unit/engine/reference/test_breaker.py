"""Goal: circuit breakers and bulkheads spare a target as stated. Method: by hand, then in runs."""

from __future__ import annotations

import pytest
import simpy

from bcsim.engine.reference.breaker import NO_PROBE, Bulkhead, CircuitBreaker
from bcsim.model.journey import Breaker
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

SECOND = 1_000_000_000


def breaker(**changes):
    """Three failures within 10 s open it for 5 s; two probes close it."""
    spec = {"failures": 3, "window": "10 s", "open": "5 s", "probes": 2}
    return CircuitBreaker(Breaker.model_validate(spec | changes))


def opened():
    """A breaker that three failures at 0, 1 and 2 s have opened until 7 s."""
    found = breaker()
    for time in (0, 1, 2):
        assert found.admit(time * SECOND) == NO_PROBE
        found.failed(NO_PROBE, time * SECOND)
    return found


def test_it_opens_at_the_failure_that_is_too_many():
    """Goal: counts failures, refuses while open. Method: two are admitted, after three none."""
    found = opened()
    assert [found.admit(t) for t in (2 * SECOND, 7 * SECOND - 1)] == [None, None]


def test_failures_outside_the_window_do_not_count():
    """Goal: the window slides and is half open. Method: the first is 10 s old at the third."""
    found = breaker()
    for time in (0, 5 * SECOND, 10 * SECOND):
        found.failed(NO_PROBE, time)
    assert found.admit(10 * SECOND) == NO_PROBE
    found.failed(NO_PROBE, 14 * SECOND)
    assert found.admit(14 * SECOND) is None


def test_a_success_does_not_take_failures_back():
    """Goal: failures in a window, not in a row. Method: a success between them."""
    found = breaker()
    found.failed(NO_PROBE, 0)
    found.failed(NO_PROBE, 1)
    found.succeeded(NO_PROBE)
    found.failed(NO_PROBE, 2)
    assert found.admit(3) is None


def test_after_the_pause_stated_probes_are_admitted_and_close_it():
    """Goal: half open. Method: two probes at once, a third is refused, both succeed."""
    found = opened()
    tickets = [found.admit(7 * SECOND) for _ in range(3)]
    assert tickets == [1, 1, None]
    found.succeeded(1)
    assert found.admit(8 * SECOND) is None
    found.succeeded(1)
    assert found.admit(8 * SECOND) == NO_PROBE
    found.failed(NO_PROBE, 8 * SECOND)
    found.failed(NO_PROBE, 8 * SECOND)
    assert found.admit(8 * SECOND) == NO_PROBE, "old failures are forgotten when it closes"


def test_a_failed_probe_opens_it_anew():
    """Goal: open for the full time again. Method: a probe fails at 9 s, open until 14 s."""
    found = opened()
    assert found.admit(7 * SECOND) == 1
    found.failed(1, 9 * SECOND)
    assert [found.admit(t) for t in (14 * SECOND - 1, 14 * SECOND)] == [None, 2]


def test_an_attempt_from_before_neither_closes_nor_opens_it():
    """Goal: only probes count while it is open. Method: late results of attempts and probes."""
    found = opened()
    found.succeeded(NO_PROBE)
    assert found.admit(3 * SECOND) is None, "an old success does not close it"
    assert [found.admit(7 * SECOND), found.admit(7 * SECOND)] == [1, 1]
    found.failed(NO_PROBE, 7 * SECOND)
    assert found.open_until_ns == 7 * SECOND, "an old failure does not open it anew"
    found.failed(1, 8 * SECOND)
    found.succeeded(1)
    assert (found.admit(12 * SECOND), found.probes_won) == (None, 0), "nor does an old probe"


def test_the_place_of_a_probe_that_nobody_waits_for_is_free():
    """Goal: no breaker stays shut for ever. Method: abandon one of two probes."""
    found = opened()
    assert [found.admit(7 * SECOND) for _ in range(3)] == [1, 1, None]
    found.abandoned(1)
    assert found.admit(8 * SECOND) == 1


def turns(count):
    environment = simpy.Environment()
    return [environment.event() for _ in range(count)]


def test_a_bulkhead_admits_its_limit_and_then_one_by_one():
    """Goal: a bound, then first come first. Method: four into two places."""
    bulkhead, (a, b, c, d) = Bulkhead(2), turns(4)
    assert [bulkhead.enter(turn) for turn in (a, b, c, d)] == [True, True, False, False]
    bulkhead.leave(a)
    assert (c.triggered, d.triggered, bulkhead.inside) == (True, False, 2)
    bulkhead.leave(b)
    bulkhead.leave(c)
    assert (d.triggered, bulkhead.inside) == (True, 1)
    bulkhead.leave(d)
    assert (bulkhead.inside, bulkhead.line) == (0, {})


def test_who_steps_out_of_the_line_leaves_the_places_alone():
    """Goal: a cancelled order does not cost a place. Method: the first in line leaves."""
    bulkhead, (a, b, c) = Bulkhead(1), turns(3)
    assert [bulkhead.enter(turn) for turn in (a, b, c)] == [True, False, False]
    bulkhead.leave(b)
    bulkhead.leave(a)
    assert (b.triggered, c.triggered, bulkhead.inside) == (False, True, 1)


# -- in runs ---------------------------------------------------------------------------------

GUARDED = execute(
    timeout="10 ms",
    retry={"limit": 9, "backoff": "5 ms", "cap": "5 ms"},
    breaker={"failures": 2, "window": "1 s", "open": "50 ms"},
    on_failure="reject",
)


def test_an_open_breaker_fails_attempts_without_sending():
    """Goal: refuses while open, then probes. Method: the venue is down for one order.

    The front sends at 11, times out at 21, sends at 26, times out at 36: two failures open it
    until 86. Attempts due at 41, 46 … 81 are refused, which is each a failed attempt; the
    tenth attempt of ten is the one at 76 (11, 26, 41, 46, 51, 56, 61, 66, 71, 76).
    """
    history = run(firm([take(), GUARDED]), [Wish()], timeline("5ms venue up 0"))
    assert story(history, "attempt", only="front", without="take receive start finish") == lines("""
        11ms front acknowledge 0.1 attempt=0
        11ms front route 0.1 attempt=0
        11ms front send 0.1 attempt=0
        21ms front time_out 0.1 attempt=0
        26ms front resend 0.1 attempt=1
        26ms front route 0.1 attempt=1
        26ms front send 0.1 attempt=1
        36ms front time_out 0.1 attempt=1
        76ms front reject 0.1
    """)


def test_the_probe_that_is_answered_closes_it():
    """Goal: closed again after a probe. Method: the venue is back at 60 ms.

    Open until 86. The first order's attempts go on every 5 ms: 81 is refused, 86 is a probe,
    received at 87, served in 1 ms, answered at 89. A second order, wished at 70, reaches the
    front's route step at 81: refused at 81, and at 86 while the probe is out; at 91 it passes.
    """
    guarded = GUARDED | {"service": "1 ms", "retry": GUARDED["retry"] | {"limit": 20}}
    history = run(
        firm([take(), guarded]),
        [Wish(), Wish("70ms")],
        timeline("5ms venue up 0", "60ms venue up 1"),
    )
    assert story(history, "attempt", only="send", without="client") == lines("""
        11ms front send 0.1 attempt=0
        26ms front send 0.1 attempt=1
        86ms front send 0.1 attempt=2
        91ms front send 1.1 attempt=0
    """)


def test_a_breaker_belongs_to_one_holder_and_one_target():
    """Goal: (holder, target). Method: another holder of the same target is not refused.

    The desk and the front both send to the venue; only the front's attempts have failed.
    """
    guard = {"failures": 1, "window": "1 s", "open": "10 s"}
    check = step("check", "venue", "1 ms", timeout="10 ms", breaker=guard, on_failure="continue")
    do = execute(service="1 ms", timeout="10 ms", breaker=guard)
    history = run(
        firm([take(), check, step("pass", "desk", "1 ms"), do]),
        [Wish()],
        timeline("5ms venue up 0", "22ms venue up 1"),
    )
    assert story(history, "step", only="send", without="client") == lines("""
        11ms front send 0.1 step=1
        21ms front send 0.1 step=2
        23ms desk send 0.1 step=3
    """)


def test_a_crash_forgets_what_the_breaker_has_counted():
    """Goal: the holder's memory of failures is volatile. Method: crash the holder while open.

    One failure at 21 opens it for 10 s; the front crashes at 30 and resends on recovery at 40.
    """
    do = execute(timeout="10 ms", breaker={"failures": 1, "window": "1 s", "open": "10 s"})
    history = run(
        firm([take(), do]),
        [Wish()],
        timeline("5ms venue up 0", "30ms front up 0", "35ms venue up 1", "40ms front up 1"),
    )
    assert story(history, only="send execute", without="client") == lines("""
        11ms front send 0.1
        40ms front send 0.1
        51ms venue execute 0.1
        52ms front execute 0.1
    """)


def test_a_bulkhead_bounds_unanswered_requests():
    """Goal: at most two unanswered; the rest wait in line. Method: four orders at once.

    The front has four servers: all are taken at 11. Two requests leave at 11; the venue has
    four servers and answers both at 23, when the other two leave.
    """
    many = {"front": {"servers": 4}, "venue": {"servers": 4}}
    history = run(firm([take(), execute(bulkhead=2)], components=many), [Wish()] * 4)
    assert story(history, only="send", without="client") == lines("""
        11ms front send 0.1
        11ms front send 1.1
        23ms front send 2.1
        23ms front send 3.1
    """)


@pytest.mark.parametrize("kind", ["cancel", "report"])
def test_an_order_that_ends_otherwise_gives_its_place_back(kind):
    """Goal: no place is lost. Method: end the waiting one by a cancel, the sent by a report.

    One place. *cancel*: the second order waits in line when its cancel arrives; the third goes
    next. *report*: the answer takes 50 ms, the report 1 ms: with it, at 23, the place is free.
    """
    many = {"front": {"servers": 3}, "venue": {"servers": 3}}
    if kind == "cancel":
        small = firm([take(), execute(bulkhead=1)], components=many)
        history = run(small, [Wish(), Wish(cancel="12ms"), Wish()])
        expected = ["11ms front send 0.1", "23ms front send 2.1"]
    else:
        lossy = {"venue -> front": {"latency": "1 ms", "loss": 1.0}}
        small = firm([take(), execute(bulkhead=1)], components=many, links=lossy)
        history = run(small, [Wish(), Wish()])
        expected = ["11ms front send 0.1", "23ms front send 1.1"]
    assert story(history, only="send", without="client") == expected


def test_an_order_that_ends_otherwise_gives_its_probe_back():
    """Goal: no breaker stays shut for ever. Method: answers are lost, a report ends the probe.

    One failure opens it until 71 (the first order times out at 21). The venue is back at 60.
    At 71 the first order probes: executed at 73, reported at 74, the answer lost. At 76 the
    second order may probe.
    """
    do = execute(
        service="1 ms",
        timeout="10 ms",
        retry={"limit": 99, "backoff": "5 ms", "cap": "5 ms"},
        breaker={"failures": 1, "window": "1 s", "open": "50 ms"},
    )
    history = run(
        firm([take(), do], links={"venue -> front": {"latency": "1 ms", "loss": 1.0}}),
        [Wish(), Wish("50ms")],
        timeline("5ms venue up 0", "60ms venue up 1"),
    )
    assert story(history, only="send execute", without="client") == lines("""
        11ms front send 0.1
        71ms front send 0.1
        73ms venue execute 0.1
        74ms front execute 0.1
        76ms front send 1.1
        78ms venue execute 1.1
        79ms front execute 1.1
    """)
