"""Goal: system 3's measures as they are defined, and None where a day cannot tell.

Method: hand-made days of the small broker; all numbers of a day at once, worked out by hand.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.conduct.remuneration import LINE_ORDERS_MIN, measure_remuneration
from bcsim.conduct.scorecard import pay, tally
from bcsim.history.verdict import Flag
from tests.unit.conduct.days import day, log_day, row, wish

BYPASSED = Flag.CONTROL_BYPASSED.value


def card(**more):
    """Put one scorecard into the model's data: paid for orders done, of both channels."""
    basis = {
        "name": "Desk",
        "team": "desk",
        "variable_share": 0.3,
        "indicators": {"volume": {"counts": "orders-done", "target": 0.5}},
    }

    def change(data):
        data["scorecards"] = {"desk": basis | {"channels": ["app", "phone"]} | more}

    return change


def paid(outcomes, change, flags=None, **more):
    """Measures of a day with one order for each outcome, named a, b, c …"""
    names = [chr(ord("a") + number) for number in range(len(outcomes))]
    run = day(
        *(wish(name) for name in names),
        classes=dict(zip(names, outcomes, strict=True)),
        flags={BYPASSED: flags or ""},
        change=change,
        **more,
    )
    return measure_remuneration(run)


def gate(counts, at_most, loses=1.0):
    return {"counts": counts, "at_most": at_most, "loses": loses}


UNKNOWN = dict.fromkeys(
    (
        "scorecard_mean_ratio",
        "pay_at_risk_ratio",
        "gates_failed_count",
        "clawback_events_count",
        "reward_when_bypassing_ratio",
        "priority_commission_ratio",
        "speed_commission_ratio",
    )
)


def test_without_scorecards_nothing_is_known():
    """Goal: missing evidence is unknown. Method: a log, a model without scorecards, no orders."""
    assert measure_remuneration(log_day()) == UNKNOWN
    assert paid(("ok",), None) == UNKNOWN
    assert paid((), card()) == UNKNOWN | {"clawback_events_count": 0, "gates_failed_count": 0}


def test_a_day_with_everything():
    """Goal: score, gates, penalties, clawback. Method: ten orders of one team.

    Six of ten are done: indicator min(1, 0.6 / 0.8) = 0.75 with weight 3; five on time: 0.5 / 1
    with weight 1; score 0.6875. One is late: a penalty of 0.002 × 100 = 0.2. Two are lost, above
    the gate of 0.1: half is lost. Paid 0.6875 × 0.5 × 0.8 = 0.275. Claimed back: lost or wrong.
    """
    change = card(
        indicators={
            "volume": {"counts": "orders-done", "target": 0.8, "weight": 3.0},
            "speed": {"counts": "orders-on-time", "target": 1.0},
        },
        gates={"lost": gate("orders-lost", 0.1, 0.5), "wrong": gate("orders-wrong", 0.1)},
        penalties={"late": {"counts": "orders-late", "each": 0.002}},
        clawback=["orders-lost", "orders-wrong"],
    )
    outcomes = ("ok",) * 4 + ("recovered", "late", "lost", "stranded", "corrupted", "rejected")
    assert paid(outcomes, change) == UNKNOWN | {
        "scorecard_mean_ratio": pytest.approx(0.6875),
        "pay_at_risk_ratio": pytest.approx(0.725),
        "gates_failed_count": 1,
        "clawback_events_count": 3,
    }


def test_teams_weigh_by_heads_and_variable_share():
    """Goal: what is at risk, over teams. Method: 12 people × 0.3 lose all, 3 × 0.4 lose nothing."""

    def change(data):
        card(gates={"any": gate("orders-done", 0.0)})(data)
        data["components"]["night"] = dict(data["components"]["desk"], servers=3)
        data["teams"]["night"] = dict(data["teams"]["desk"], component="night", headcount=3)
        data["scorecards"]["night"] = dict(
            data["scorecards"]["desk"], team="night", variable_share=0.4, gates={}
        )

    assert paid(("ok",), change)["pay_at_risk_ratio"] == pytest.approx(3.6 / 4.8)


@pytest.mark.parametrize(
    ("gates", "reward", "failed"),
    [({}, 0.5, 0), ({"controls": gate("orders-bypassing-controls", 0.1)}, -0.5, 1)],
)
def test_whether_bypassing_pays(gates, reward, failed):
    """Goal: a volume target alone rewards it, a gate turns that round. Method: four orders.

    Half is the target. Two orders were done, one of them past its control: with it 2 / 4 reach
    the target, without 1 / 4 are half of it.
    """
    found = paid(("ok", "ok", "lost", "lost"), card(gates=gates), flags="b")
    assert (found["reward_when_bypassing_ratio"], found["gates_failed_count"]) == (reward, failed)


def test_an_order_past_a_control_counts_even_if_the_control_was_optional():
    """Goal: rows of skipped controls count as the flag does. Method: one row, no flag."""
    skip = row(70, "control_skip", intent_id="a", subject="limits")
    run = day(wish("a"), wish("b"), skip, classes={"a": "ok", "b": "lost"}, change=card())
    assert measure_remuneration(run)["reward_when_bypassing_ratio"] == 1.0


def test_orders_of_a_team_are_those_that_it_worked_on():
    """Goal: without channels, rows at the team's component. Method: one of two orders was there."""
    at_desk = row(70, "acknowledge", intent_id="b", component="desk")
    run = day(
        wish("a"), wish("b"), at_desk, classes={"a": "lost", "b": "ok"}, change=card(channels=[])
    )
    assert tally(run, run.firm, run.firm.scorecards["desk"]).orders_count == 1
    assert measure_remuneration(run)["scorecard_mean_ratio"] == 1.0


@pytest.mark.parametrize(("aftermath", "at_risk"), [(None, None), ((), 0.0), (("a",), 0.5)])
def test_complaints_are_unknown_until_somebody_has_looked(aftermath, at_risk):
    """Goal: no aftermath, no answer. Method: none, a quiet one, one of two clients complains."""
    change = card(penalties={"c": {"counts": "complaints", "each": 0.001}})
    events = (
        None
        if aftermath is None
        else tuple(row(900, "complain", intent_id=name, vantage="client") for name in aftermath)
    )
    assert paid(("ok", "ok"), change, aftermath=events)["pay_at_risk_ratio"] == at_risk


OUTCOMES = ("ok", "late", "lost", "corrupted", "rejected", "indeterminate")


@given(
    outcomes=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=12),
    loses=st.floats(0, 1),
    each=st.floats(0, 1),
)
def test_pay_is_a_share(outcomes, loses, each):
    """Goal: never below nothing nor above all. Method: random days, gates and penalties; the
    law is exact, so there are no false alarms."""
    change = card(
        gates={"lost": gate("orders-lost", 0.1, loses)},
        penalties={"late": {"counts": "orders-late", "each": each}},
    )
    names = [f"i{number}" for number in range(len(outcomes))]
    run = day(
        *(wish(name) for name in names),
        classes=dict(zip(names, outcomes, strict=True)),
        change=change,
    )
    spec = run.firm.scorecards["desk"]
    share = pay(spec, tally(run, run.firm, spec))
    assert share is not None
    assert 0 <= share <= 1


# -- commissions -----------------------------------------------------------------------------

SEGMENTS = ("s1", "s2", "s3", "s4", "s5")


def five_lines(commissions, priorities):
    """Five lines of demand, one a segment, with their commissions and priority classes."""

    def change(data):
        data["priorities"] = ["first", "second", "third", "client"]
        basis = data["segments"]["retail"]
        for name, priority in zip(SEGMENTS, priorities, strict=True):
            data["segments"][name] = dict(basis, priority=priority)
        data["demand"] = {
            name: dict(data["demand"]["app-retail"], segment=name) for name in SEGMENTS
        }
        data["commissions"] = [
            {"segment": name, "per_mille": float(each)}
            for name, each in zip(SEGMENTS, commissions, strict=True)
            if each is not None
        ]

    return change


@pytest.mark.parametrize(
    ("commissions", "priorities", "expected"),
    [
        ((5, 4, 3, 2, 1), ("first", "first", "second", "second", "third"), 0.948683),
        ((1, 2, 3, 4, 5), ("first", "first", "second", "second", "third"), -0.948683),
        ((1, 1, 1, 1, 1), ("first", "first", "second", "second", "third"), None),
        ((5, 4, 3, 2, 1), ("first",) * 5, None),
        ((5, 4, 3, 2, None), ("first", "first", "second", "second", "third"), None),
    ],
)
def test_priority_and_commission(commissions, priorities, expected):
    """Goal: Spearman's rho with ties; None for too few lines, or all alike. Method: by hand.

    Ranks 1 to 5 against 1.5, 1.5, 3.5, 3.5, 5: 9 / sqrt(10 × 9) = 0.948683.
    """
    found = measure_remuneration(day(change=five_lines(commissions, priorities)))
    wanted = None if expected is None else pytest.approx(expected, abs=1e-6)
    assert found["priority_commission_ratio"] == wanted


@pytest.mark.parametrize(
    ("waits_s", "count", "expected"),
    [
        ((1, 2, 3, 4, 5), LINE_ORDERS_MIN, 1.0),
        ((5, 4, 3, 2, 1), LINE_ORDERS_MIN, -1.0),
        ((1, 2, 3, 5, 4), LINE_ORDERS_MIN, 0.9),
        ((1, 2, 3, 4, 5), LINE_ORDERS_MIN - 1, None),
    ],
)
def test_speed_and_commission(waits_s, count, expected):
    """Goal: who pays more is served faster, or not. Method: five lines, commission 5 down to 1.

    1 - 6 × 2 / (5 × 24) = 0.9 for one exchanged pair.
    """
    events, classes = [], {}
    for name, wait_s in zip(SEGMENTS, waits_s, strict=True):
        for number in range(count):
            intent = f"{name}-{number}"
            events.append(wish(intent, 60 + number, segment=name))
            events.append(row(60 + number + wait_s, "acknowledge", intent_id=intent))
            classes[intent] = "ok"
    change = five_lines((5, 4, 3, 2, 1), ("first",) * 5)
    found = measure_remuneration(day(*events, classes=classes, change=change))
    wanted = None if expected is None else pytest.approx(expected)
    assert found["speed_commission_ratio"] == wanted
