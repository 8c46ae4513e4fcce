"""Goal: system 1's measures as they are defined, and None where a day cannot tell.

Method: hand-made days of the small broker; all numbers of a day at once, worked out by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.governance import measure_governance
from tests.unit.conduct.days import day, log_day, row, service

FAULT = row(100, "fault_on", component="oms", subject="crash", ref="c")
ALARM = row(160, "detect", component="oms", subject="crash", cause="c")


def declared(at_s, actor="malee", ref="crisis-leader", **more):
    return row(at_s, "declare", component="oms", cause="c", actor=actor, ref=ref, **more)


def act(at_s, reason, actor=None, ref="switch-gateway", subject="fail-over"):
    return row(at_s, "action", subject=subject, ref=ref, actor=actor, reason=reason)


def board(at_s):
    return row(at_s, "notify", subject="tell-board", reason="notify-board")


def approved(on=None, within=None, approver=None):
    """Set the approval of every tolerance."""

    def change(data):
        for spec in data["services"].values():
            spec["tolerance"].update(approved_on=on, review_within=within, approver=approver)

    return change


QUIET = {
    "time_to_declare_s": None,
    "declarations_count": 0,
    "declared_by_deputy_count": 0,
    "decided_by_mandate_ratio": None,
    "decisions_missed_count": 0,
    "actions_failed_count": 0,
    "actions_unfinished_count": 0,
    "tolerance_breaches_count": None,
    "breaches_reported_count": None,
    "breaches_unreported_count": None,
    "time_to_board_s": None,
    "tolerances_without_approver_count": 2,
    "approvals_overdue_count": 0,
    "approval_age_d_max": None,
}


def test_a_quiet_day():
    """Goal: what did not happen is not good. Method: no event, nothing approved."""
    assert measure_governance(day(change=approved())) == QUIET


def test_a_log_says_nothing_of_what_it_does_not_record():
    """Goal: missing evidence is unknown. Method: an empty log."""
    assert measure_governance(log_day()) == dict.fromkeys(QUIET)


def test_a_day_with_everything():
    """Goal: every measure together. Method: an outage with a deputy, failures, and a late board.

    Of two services beyond their tolerance one went down before the board was told, one after.
    """
    events = (
        FAULT,
        ALARM,
        declared(400, "somchai", reason="deputy"),
        act(500, "decided", "malee"),
        act(500, "started", "desk"),
        act(560, "attempt 1 failed: it did not work", "desk"),
        act(620, "failed: it did not work", "desk"),
        act(700, "started", None, "paper", "manual-fallback"),
        board(1000),
    )
    services = (
        service("orders", (300, 5000, True), kept=False),
        service("orders-by-telephone", (1200, 9000, True), kept=False),
    )
    found = day(*events, services=services, change=approved("2025-11-22", "365 d", "Board"))
    assert measure_governance(found) == {
        "time_to_declare_s": 300.0,
        "declarations_count": 1,
        "declared_by_deputy_count": 1,
        "decided_by_mandate_ratio": 1.0,
        "decisions_missed_count": 0,
        "actions_failed_count": 1,
        "actions_unfinished_count": 1,
        "tolerance_breaches_count": 2,
        "breaches_reported_count": 1,
        "breaches_unreported_count": 1,
        "time_to_board_s": 900.0,
        "tolerances_without_approver_count": 0,
        "approvals_overdue_count": 2,
        "approval_age_d_max": 366,
    }


NOBODY = "no mandated person reached"

DECISIONS = {
    "the person in charge": ((declared(400),), 1.0),
    "somebody without a mandate": ((declared(400, "visitor"),), 0.0),
    "on nobody's authority": ((declared(400, ref=None),), 0.0),
    "an action, by somebody without a mandate": (
        (declared(400), act(500, "decided", "visitor"), act(500, "started")), 0.5,
    ),
    "an action that nobody decided on": ((act(500, "started"), act(600, "done")), 0.0),
    "an action that needs no decision": (
        (act(500, "started", None, "paper", "manual-fallback"),), None,
    ),
    "two runs of an action, one ordered": (
        (act(500, "decided", "malee"), act(500, "started"), act(600, "done"),
         act(700, "started"), act(800, "done")), 0.5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DECISIONS)
def test_decisions_by_a_mandated_person(case):
    """Goal: declarations and actions count, each run. Method: the table above."""
    events, expected = DECISIONS[case]
    assert measure_governance(day(*events))["decided_by_mandate_ratio"] == expected


def test_decisions_that_nobody_took():
    """Goal: missed decisions, and no action left open by them. Method: an action, a declaration."""
    events = (
        act(500, NOBODY, None, "crisis-leader", "declaration"),
        act(600, NOBODY),
        act(600, f"failed: {NOBODY}"),
        act(700, "failed: requires up oms"),
    )
    found = measure_governance(day(*events))
    assert (
        found["decisions_missed_count"],
        found["actions_failed_count"],
        found["actions_unfinished_count"],
    ) == (2, 2, 0)


@pytest.mark.parametrize(
    ("kept", "count", "reported", "unreported"),
    [
        ((True, True), 0, None, 0),
        ((True, None), None, None, None),
        ((False, None), 1, 0, 1),
        ((), None, None, None),
    ],
)
def test_breaches_that_are_not_known(kept, count, reported, unreported):
    """Goal: no breach is known only if every service is. Method: two services, no notice."""
    names = ("orders", "orders-by-telephone")
    services = tuple(service(n, kept=k) for n, k in zip(names, kept, strict=False))
    found = measure_governance(day(services=services))
    assert (
        found["tolerance_breaches_count"],
        found["breaches_reported_count"],
        found["breaches_unreported_count"],
    ) == (count, reported, unreported)


@pytest.mark.parametrize(
    ("on", "within", "overdue", "age"),
    [
        ("2025-11-23", "365 d", 0, 365),
        ("2025-11-22", "365 d", 2, 366),
        ("2025-11-22", None, 0, 366),
        ("2026-11-23", "1 d", 0, 0),
    ],
)
def test_overdue_approvals(on, within, overdue, age):
    """Goal: the last day of the review period is in time. Method: a day either side."""
    found = measure_governance(day(change=approved(on, within, "Board")))
    assert (found["approvals_overdue_count"], found["approval_age_d_max"]) == (overdue, age)
