"""Goal: the first instance goes on, and no entry of its own is forgotten silently.

Method: tiny runs; the times are those of tests/unit/engine/standby.py.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import execute, step, take
from tests.unit.engine.standby import CUT, doubled, sent
from tests.unit.engine.story import lines, run, story, timeline

LOST = (
    CUT,
    "50ms oms up 0",
    "60ms oms failover 21ms",
    "60ms oms up 1",
    "80ms oms->venue link_up 1",
)
"""The first instance has the order, the standby does not."""


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        ("discard", []),
        ("quarantine", ["100ms oms reconcile 0.1"]),
        (
            "replay",
            [
                "100ms oms send 0.1 attempt=1",
                "111ms venue execute 0.1 attempt=1",
                "112ms oms execute 0.1",
            ],
        ),
    ],
)
def test_what_only_the_old_primary_knew_is_treated_as_stated(policy, more):
    """Goal: discarded, quarantined or replayed. Method: an order that the standby never had."""
    history = run(doubled(), faults=timeline(*LOST, f"100ms oms failback 1 {policy}"))
    assert sent(history, "execute", "reconcile") == ["22ms oms send 0.1 attempt=0", *more]


def test_quarantine_names_the_intent_and_the_reason():
    """Goal: the loss is known. Method: the whole row."""
    history = run(doubled(), faults=timeline(*LOST, "100ms oms failback 1 quarantine"))
    columns = ("intent_id", "component", "subject", "reason", "cause")
    assert story(history, *columns, only="reconcile") == [
        (
            "100ms oms reconcile 0.1 intent_id=app-000000 component=oms subject=quarantine "
            "reason=known to one instance only cause=fault"
        )
    ]


@pytest.mark.parametrize("policy", ["replay", "quarantine"])
def test_what_the_standby_has_meanwhile_is_left_alone(policy):
    """Goal: only what nobody else knows. Method: the front, unanswered, sends again to the standby.

    Its answer is lost at 22; it times out at 61 and sends at 71: the standby has it at 82.
    """
    patient = step("accept", "oms", timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        doubled(take(), patient, execute()),
        faults=timeline(
            CUT,
            "20ms oms->front link_up 0",
            "30ms oms up 0",
            "40ms oms failover 21ms",
            "40ms oms up 1",
            "80ms oms->venue link_up 1",
            f"200ms oms failback 1 {policy}",
        ),
    )
    assert sent(history, "execute", "reconcile") == lines("""
        22ms oms send 0.1 attempt=0
        82ms oms send 0.1 attempt=2048
        93ms venue execute 0.1 attempt=2048
        94ms oms execute 0.1
    """)


def test_the_first_instance_goes_on_with_all_that_the_standby_knows():
    """Goal: fail-back is planned, R = now. Method: an order taken by the standby, venue cut off.

    Switched at 5 (planned), had by the standby at 22; back at 50: resent by the first.
    """
    history = run(
        doubled(),
        faults=timeline(
            CUT, "5ms oms failover 5ms", "40ms oms->venue link_up 1", "50ms oms failback 1 discard"
        ),
    )
    assert sent(history, "execute") == lines("""
        22ms oms send 0.1 attempt=2048
        50ms oms send 0.1 attempt=0
        61ms venue execute 0.1 attempt=0
        62ms oms execute 0.1
    """)
