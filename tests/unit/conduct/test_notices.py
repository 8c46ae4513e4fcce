"""Goal: a notice is untrue only if the history shows it, and true only if nothing is missing.

Method: one notice at second 500 on hand-made histories of the small broker; answers by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.bounds import Answer
from bcsim.conduct.notices import JudgedNotice, judged_notices, untrue_notices
from tests.unit.conduct.days import day, log_day, row, service, wish

TRUE, UNTRUE, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
CRASH = row(100, "fault_on", component="oms", subject="crash", ref="c")
SITE = row(100, "fault_on", component="dc1", subject="crash", ref="c")
GRID = row(100, "fault_on", component="grid", subject="crash", ref="c")
ALARM = row(130, "detect", component="oms", subject="crash", cause="c")
LATE_ALARM = row(700, "detect", component="oms", subject="crash", cause="c")
SLOW = row(130, "detect", component="oms", subject="slow", cause="c")
BACK = row(400, "recover", component="oms", subject="crash", cause="c")
LATE_BACK = row(900, "recover", component="oms", subject="crash", cause="c")
OVER = row(300, "fault_off", component="oms", subject="crash", ref="c")
NOTICE = row(500, "notify", subject="tell-clients", reason="notify-clients")


def judged(states, *events, **more):
    """How the notice is judged."""

    def change(data):
        data["plan"]["actions"]["tell-clients"]["states"] = states

    found = judged_notices(day(NOTICE, *events, change=change, **more))
    return [notice.is_true for notice in found]


WORKS = {
    "nothing was wrong": ((), TRUE),
    "found down": ((CRASH, ALARM), UNTRUE),
    "found down, back before": ((CRASH, ALARM, BACK), TRUE),
    "found down, back later": ((CRASH, ALARM, LATE_BACK), UNTRUE),
    "found later, its own fault before": ((CRASH, LATE_ALARM), UNTRUE),
    "found later, its site's fault before": ((SITE, LATE_ALARM), UNTRUE),
    "found later, down with something else": ((GRID, LATE_ALARM), UNKNOWN),
    "never found, back later": ((CRASH, LATE_BACK), UNTRUE),
    "never found, not back": ((CRASH,), UNTRUE),
    "never found, over before": ((CRASH, OVER), TRUE),
    "found later, its fault over before": ((CRASH, OVER, LATE_ALARM), TRUE),
    "found later, fault later": (
        (row(600, "fault_on", component="oms", subject="crash", ref="c"), LATE_ALARM),
        TRUE,
    ),
    "back, and down again by the same fault": (
        (
            CRASH,
            ALARM,
            BACK,
            row(450, "fault_on", component="oms", subject="crash", ref="d"),
            LATE_ALARM,
        ),
        UNKNOWN,
    ),
    "slow works": ((CRASH, SLOW), TRUE),
    "another component": ((row(100, "detect", component="web", subject="crash"),), TRUE),
}


@pytest.mark.parametrize("case", WORKS)
def test_a_component_works(case):
    """Goal: works, and its opposite. Method: the table above."""
    events, expected = WORKS[case]
    opposite = {TRUE: UNTRUE, UNTRUE: TRUE}.get(expected, UNKNOWN)
    assert judged([{"works": "oms"}], *events) == [expected]
    assert judged([{"stopped": "oms"}], *events) == [opposite]


LEVELS = {
    "no outage": (service("orders"), TRUE),
    "during one": (service("orders", (400, 600, True)), UNTRUE),
    "before one": (service("orders", (501, 600, True)), TRUE),
    "at its end": (service("orders", (400, 500, True)), TRUE),
    "after one that did not end": (service("orders", (400, 450, False)), UNTRUE),
    "no orders": (service("orders", exercised=False), UNKNOWN),
    "another service": (service("orders-by-telephone"), UNKNOWN),
}


@pytest.mark.parametrize("case", LEVELS)
def test_a_service_is_within_its_level(case):
    """Goal: by the checkers' outages, ends excluded. Method: the table above, both statements."""
    record, expected = LEVELS[case]
    opposite = {TRUE: UNTRUE, UNTRUE: TRUE}.get(expected, UNKNOWN)
    assert judged([{"within_level": "orders"}], services=(record,)) == [expected]
    assert judged([{"below_level": "orders"}], services=(record,)) == [opposite]


LOSSES = {
    "all is well": ((wish("a"),), {"a": "ok"}, True, TRUE),
    "lost before": ((wish("a"), row(80, "submit", intent_id="a")), {"a": "lost"}, True, UNTRUE),
    "alive then, lost later": (
        (wish("a"), row(501, "resend", intent_id="a")), {"a": "lost"}, True, TRUE,
    ),
    "entered later, lost": ((wish("a", 501),), {"a": "lost"}, True, TRUE),
    "doubtful": ((wish("a"),), {"a": "indeterminate"}, True, UNKNOWN),
    "doubtful, entered later": ((wish("a", 501),), {"a": "indeterminate"}, True, TRUE),
    "one doubtful, one lost": (
        (wish("a"), wish("b")), {"a": "indeterminate", "b": "lost"}, True, UNTRUE,
    ),
    "wishes not recorded": ((wish("a"),), {"a": "ok"}, False, UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("case", LOSSES)
def test_no_order_was_lost(case):
    """Goal: by the time at which a lost order was last heard of. Method: the table above."""
    events, classes, recorded, expected = LOSSES[case]
    found = judged([{"no_order_lost": True}], *events, classes=classes, recorded=recorded)
    assert found == [expected]


def test_a_notice_is_as_true_as_all_that_it_states():
    """Goal: one untrue fact makes it untrue, an unknown one unknown. Method: three lists."""
    works, level = {"works": "oms"}, {"within_level": "orders"}
    assert judged([works, level], services=(service("orders"),)) == [TRUE]
    assert judged([works, level]) == [UNKNOWN]
    assert judged([works, level], CRASH, ALARM) == [UNTRUE]


def test_only_notices_that_state_facts_are_judged():
    """Goal: positions in the history. Method: a status answer, a silent notice, two that speak."""

    def change(data):
        data["plan"]["actions"]["tell-clients"]["states"] = [{"works": "oms"}]

    status = row(90, "notify", vantage="client", subject="status", reason="true")
    silent = row(95, "notify", subject="paper", reason="notify-clients")
    back = row(550, "recover", component="oms", subject="crash", cause="c")
    again = row(600, "notify", subject="tell-clients", reason="notify-clients")
    judged_day = day(status, silent, CRASH, ALARM, NOTICE, back, again, change=change)
    assert judged_notices(judged_day) == (JudgedNotice(4, UNTRUE), JudgedNotice(6, TRUE))
    assert untrue_notices(judged_day).tolist() == [4]


def test_without_a_model_nothing_is_judged():
    """Goal: a log says nothing of what its notices stated. Method: the same notice."""
    assert judged_notices(log_day(CRASH, ALARM, NOTICE)) == ()
    assert untrue_notices(log_day(CRASH, ALARM, NOTICE)).tolist() == []
