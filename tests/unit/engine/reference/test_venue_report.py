"""Goal: the holder hears everything that a venue has to say, in its order. Method: slow reports.

A report takes 100 ms. An order sent by the front at 11 is executed at 22 and, in two parts, at
72; the reports are due at 122 and 172. The front sleeps from 100 to 150, so the first one is kept
by the venue, sent again at 150 and received at 250.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import VOLATILE, execute, firm, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

ROUTE = [take(), execute()]
ASLEEP = ("100ms front hang 1", "150ms front hang 0")


def slow_reports(**venue):
    """The firm of this file, with what differs at its venue."""
    return firm(
        ROUTE,
        components={"venue": venue},
        links={"venue -> front": {"latency": "100 ms"}},
        product={"partial_fill": 1, "fills": 2, "fill_gap": "50 ms"},
    )


def heard(history):
    """What the front has received from the venue, and what it had forgotten."""
    return story(history, "exec_id", only="execute orphan", without="venue")


def test_reports_come_in_order_without_a_fault():
    """Goal: the pattern that the others disturb. Method: an undisturbed order."""
    assert heard(run(slow_reports())) == lines("""
        122ms front execute 0.1 exec_id=app-000000.1/venue/1
        172ms front execute 0.1 exec_id=app-000000.1/venue/2
    """)


def test_a_report_waits_for_the_one_before_it():
    """Goal: in order, order by order. Method: the first is missing when the second arrives.

    The second is kept at 172 and sent again when the first is there. Another order, executed at
    172 and 222, does not wait for it.
    """
    history = run(slow_reports(), [Wish(), Wish("150ms")], timeline(*ASLEEP))
    assert heard(history) == lines("""
        250ms front execute 0.1 exec_id=app-000000.1/venue/1
        272ms front execute 1.1 exec_id=app-000001.1/venue/1
        322ms front execute 1.1 exec_id=app-000001.1/venue/2
        350ms front execute 0.1 exec_id=app-000000.1/venue/2
    """)


def test_the_end_of_an_order_waits_for_its_fills():
    """Goal: a report of any kind. Method: the rest is cancelled at 72 by a halt."""
    halt = timeline("70ms venue halt 1 cancel", *ASLEEP)
    history = run(slow_reports(), faults=halt)
    assert story(history, "qty", only="execute cancel orphan", without="venue client") == lines("""
        250ms front execute 0.1 qty=50
        350ms front cancel 0.1 qty=50
    """)


def test_a_venue_that_is_down_sends_the_next_when_it_is_back():
    """Goal: a crashed venue sends nothing. Method: down from 200 to 400; its store is durable."""
    history = run(slow_reports(), faults=timeline(*ASLEEP, "200ms venue up 0", "400ms venue up 1"))
    assert heard(history) == lines("""
        250ms front execute 0.1 exec_id=app-000000.1/venue/1
        500ms front execute 0.1 exec_id=app-000000.1/venue/2
    """)


@pytest.mark.parametrize(
    ("crash", "received"),
    [
        # The second, kept because it came too early, is lost; the first is under way.
        ("200ms", "250ms front execute 0.1 exec_id=app-000000.1/venue/1"),
        # The first, kept while the front slept, is lost; nothing is missing before the second.
        ("130ms", "172ms front execute 0.1 exec_id=app-000000.1/venue/2"),
    ],
)
def test_a_volatile_venue_loses_the_reports_that_it_keeps(crash, received):
    """Goal: kept ones only. Method: a crash while one is kept and the other is under way."""
    history = run(
        slow_reports(store=VOLATILE),
        faults=timeline(*sorted([*ASLEEP, f"{crash} venue up 0"]), "400ms venue up 1"),
    )
    assert heard(history) == [received]


# -- a fallback that executes ----------------------------------------------------------------


def dealt(**links):
    """The dealer executes for the venue, which does not answer: sent at 41, done at 52."""
    dealer = {"component": "dealer", "service": "10 ms", "timeout": "1 s"}
    do = execute(timeout="30 ms", on_failure="fallback", fallback=dealer)
    return firm([take(), do], links=links)


def test_a_fallback_keeps_reports_as_the_venue_does():
    """Goal: resent on reconnect, whoever executes. Method: the dealer's line is cut until 200."""
    history = run(
        dealt(),
        faults=timeline(
            "0ms venue up 0", "50ms dealer->front link_up 0", "200ms dealer->front link_up 1"
        ),
    )
    assert story(history, only="execute") == lines("""
        52ms dealer execute 0.1
        201ms front execute 0.1
    """)


@pytest.mark.parametrize(("policy", "end"), [("cancel", ["1s dealer cancel 0.1"]), ("keep", [])])
def test_a_fallback_keeps_or_cancels_as_its_link_says(policy, end):
    """Goal: on_disconnect, whoever executes. Method: a resting order, the dealer's line cut."""
    history = run(
        dealt(**{"front -> dealer": {"latency": "1 ms", "on_disconnect": policy}}),
        [Wish(limit=900)],
        timeline("0ms venue up 0", "1s front->dealer link_up 0", "2s front->dealer link_up 1"),
    )
    assert story(history, only="dealer", without="receive start finish expire") == end
