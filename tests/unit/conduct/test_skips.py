"""Goal: why a control was off for an order. Method: days by hand on a broker with two journeys."""

from __future__ import annotations

import pytest

from bcsim.conduct.defence import measure_defence
from bcsim.conduct.skips import SkipReason, count_skips, orders_of, skips_of, spans_after_failure
from bcsim.units import NS_PER_S
from tests.brokerage import broker, brokerage
from tests.unit.conduct.aftermaths import aftermath_of
from tests.unit.conduct.days import day_of


def firm(*, skips=("limit",), continued=("tape",)):
    """A desk that does the first step by hand, and control steps that may fail."""
    data = brokerage()
    journey = next(iter(data["journeys"].values()))
    first = {"id": "in", "component": "oms", "service": "1 ms", "role": "acknowledge"}
    by_hand = {"component": "desk", "service": "60 s", "skips": list(skips)}
    controls = [
        {"id": name, "component": "oms", "service": "1 ms", "role": "control", "control": name}
        | ({"on_failure": "continue"} if name in continued else {})
        for name in ("limit", "tape")
    ]
    known = data["controls"]
    name, spec = next(iter(known.items()))
    data["controls"] = {**known, "limit": known.get("limit", spec), "tape": known.get("tape", spec)}
    journey["steps"] = [first | {"fallback": by_hand}, *controls, *journey["steps"]]
    assert name in data["controls"]
    return broker(data)


def at(at_s, kind, control, intent, reason=None):
    cells = {"subject": control, "intent_id": intent, "component": "oms", "reason": reason}
    return (at_s, f"control_{kind}", "oms", cells)


def by_hand(intent, step=0):
    """An event at the desk."""
    return (1, "acknowledge", "desk", {"intent_id": intent, "component": "desk", "step": step})


@pytest.mark.parametrize(
    ("model", "events", "reason"),
    [
        ({}, [at(5, "skip", "limit", "a")], SkipReason.FALLBACK),
        ({}, [at(5, "skip", "tape", "a")], SkipReason.FAILURE),
        ({}, [at(5, "skip", "limit", "a", "pressure")], SkipReason.PRESSURE),
        ({}, [at(5, "skip", "limit", "a", "failure")], SkipReason.FAILURE),
        ({"skips": ()}, [at(5, "skip", "limit", "a")], None),
        ({"skips": ("tape",)}, [at(5, "skip", "tape", "a"), by_hand("a")], SkipReason.FALLBACK),
        ({"skips": ("tape",)}, [at(5, "skip", "tape", "a"), by_hand("b")], None),
        ({"skips": ("tape",)}, [at(5, "skip", "tape", "a"), by_hand("a", step=3)], None),
    ],
)
def test_the_reason(model, events, reason):
    """Goal: the history's word, else what alone is possible, else what people's work shows."""
    found = list(skips_of(day_of(events, {"a": "ok"}, firm=firm(**model))))
    assert [(skip.control, skip.intent, skip.reason) for skip in found] == [
        (events[0][3]["subject"], "a", reason)
    ]


EVENTS = [
    at(1, "skip", "limit", "a"),
    at(2, "skip", "tape", "a"),
    at(3, "skip", "tape", "b"),
    at(4, "skip", "tape", "c", "pressure"),
]


def test_counts_by_reason():
    """Goal: skips, and orders. Method: four skips of three orders; with and without a model."""
    day = day_of(EVENTS, dict.fromkeys("abc", "ok"), firm=firm())
    wanted = {"x_by_fallback_count": 1, "x_under_pressure_count": 1, "x_after_failure_count": 2}
    assert count_skips(day, "x", lambda skips: len(list(skips))) == wanted
    assert count_skips(day, "x", orders_of) == wanted
    log = day_of(EVENTS, dict.fromkeys("abc", "ok"))
    assert count_skips(log, "x", orders_of) == dict.fromkeys(wanted)
    clean = day_of([at(1, "pass", "limit", "a")], {"a": "ok"})
    assert count_skips(clean, "x", orders_of) == dict.fromkeys(wanted, 0)


@pytest.mark.parametrize(
    ("events", "spans"),
    [
        ([], {}),
        ([at(1, "skip", "limit", "a")], {}),
        ([at(2, "skip", "tape", "a")], {"tape": [(2, 2)]}),
        ([at(2, "skip", "tape", "a"), at(9, "pass", "tape", "b")], {"tape": [(2, 9)]}),
        ([at(2, "skip", "tape", "a"), at(9, "fail", "tape", "b")], {"tape": [(2, 9)]}),
        ([at(2, "skip", "tape", "a"), at(9, "pass", "limit", "b")], {"tape": [(2, 2)]}),
        (
            [
                at(1, "pass", "tape", "a"),
                at(2, "skip", "tape", "b"),
                at(4, "skip", "tape", "c"),
                at(5, "skip", "tape", "d", "pressure"),
                at(7, "pass", "tape", "e"),
                at(8, "pass", "tape", "f"),
                at(9, "skip", "tape", "g"),
            ],
            {"tape": [(2, 7), (9, 9)]},
        ),
    ],
)
def test_times_after_a_failure(events, spans):
    """Goal: from the first order that went past it to the next for which it was done."""
    found = spans_after_failure(day_of(events, {}, firm=firm()))
    assert found == {
        name: [(a * NS_PER_S, b * NS_PER_S) for a, b in times] for name, times in spans.items()
    }


def test_the_lines_of_defence_see_it():
    """Goal: system 8 counts it beside what was switched off; times that overlap are one.

    Method: a control that failed from 2 to 9 s, and was switched off from 5 to 20 s; another one
    switched off for good.
    """
    events = [at(2, "skip", "tape", "a"), at(9, "pass", "tape", "b")]
    switches = [
        (5, "action", "line-1", {"subject": "tape", "reason": "switched off"}),
        (20, "action", "line-1", {"subject": "tape", "reason": "switched on"}),
        (900, "action", "line-2", {"subject": "review", "reason": "switched off"}),
    ]
    aftermath = aftermath_of(switches, "detect", "action")
    day = day_of(events, dict.fromkeys("ab", "ok"), firm=firm(), aftermath=aftermath)
    found = measure_defence(day)
    wanted = {
        "controls_off_count": 2,
        "controls_off_s": 18 + 100,
        "controls_not_restored_count": 1,
        "orders_uncontrolled_count": 1,
        "orders_uncontrolled_by_fallback_count": 0,
        "orders_uncontrolled_under_pressure_count": 0,
        "orders_uncontrolled_after_failure_count": 1,
    }
    assert {name: found[name] for name in wanted} == wanted
