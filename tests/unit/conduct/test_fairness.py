"""Goal: unfair outcomes are told from fair ones, with a stated error. Method: days by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bcsim.conduct.bounds import Answer
from bcsim.conduct.fairness import ERROR, Comparison, compare_groups
from bcsim.model.service import Disparity
from tests.brokerage import broker
from tests.unit.conduct.days import day_of

FIRM = broker()
SEGMENTS = list(FIRM.segments)
FIRST, SECOND = SEGMENTS[0], SEGMENTS[1]


def firm(bound=0.1, delay=None, **segments):
    """The brokerage with a bound, and segments changed as told."""
    changed = {n: FIRM.segments[n].replace(**segments.get(n, {})) for n in SEGMENTS}
    disparity = Disparity.model_validate({"bound": bound} | ({"delay": delay} if delay else {}))
    return FIRM.replace(segments=changed, disparity=disparity)


def orders(**groups):
    """Orders of each segment: how many, how many of them lost, and after how long answered."""
    events, classes = [], {}
    for segment, (total, lost, wait_s) in groups.items():
        for i in range(total):
            name = f"{segment}-{i}"
            cells = {"intent_id": name, "segment": segment, "channel": "app"}
            events.append((1, "intend", "client", cells))
            classes[name] = "lost" if i < lost else "ok"
            events.append((1 + wait_s, "acknowledge", "client", {"intent_id": name}))
    return events, classes


def compared(of, grouping="segment", what="affected", /, **groups):
    """One comparison of a day."""
    found = compare_groups(day_of(*orders(**groups), firm=of))
    return next(c for c in found if (c.grouping, c.what) == (grouping, what))


def test_a_group_that_fares_much_worse_is_found():
    """Goal: not met. Method: half of one segment's orders are lost, none of the other's."""
    found = compared(firm(), **{FIRST: (200, 100, 1), SECOND: (200, 0, 1)})
    assert (found.worst, found.best, found.difference) == (FIRST, SECOND, 0.5)
    assert found.answer is Answer.NOT_MET
    assert found.high is not None
    assert 0.1 < found.low < 0.5 < found.high
    assert (found.ratio, found.ratio_high) == (None, None)  # the other segment lost none
    assert found.ratio_low is not None
    assert found.ratio_low > 5


def test_groups_within_the_bound_are_fair_and_few_orders_say_nothing():
    """Goal: met, and unknown. Method: 5 % of many on either side; the same of twenty."""
    assert compared(firm(), **{FIRST: (2000, 100, 1), SECOND: (2000, 90, 1)}).answer is Answer.MET
    assert compared(firm(), **{FIRST: (20, 1, 1), SECOND: (20, 0, 1)}).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "grouping", "names"),
    [
        ("vulnerable", "vulnerability", ("vulnerable", "others")),
        ("house", "house", ("clients", "house")),
    ],
)
def test_who_is_protected_may_fare_better(kind, grouping, names):
    """Goal: one side only. Method: the vulnerable, or the clients, fare worse, then better."""
    of = firm(**{SECOND: {kind: True}}, **{n: {kind: False} for n in SEGMENTS if n != SECOND})
    worse, better = (200, 100, 1), (200, 0, 1)
    first, second = (worse, better) if kind == "house" else (better, worse)
    unfair = compared(of, grouping, **{FIRST: first, SECOND: second})
    assert ((unfair.worst, unfair.best), unfair.answer) == (names, Answer.NOT_MET)
    fair = compared(of, grouping, **{FIRST: second, SECOND: first})
    assert ((fair.worst, fair.best), fair.answer) == (names, Answer.MET)
    assert fair.difference == -0.5


def test_delays_are_compared_by_their_medians():
    """Goal: delay beyond a bound in time. Method: one segment is answered 9 s later."""
    of = firm(delay="5 s")
    found = compared(of, "segment", "delay", **{FIRST: (50, 0, 10), SECOND: (50, 0, 1)})
    assert found == Comparison(
        grouping="segment",
        what="delay",
        worst=FIRST,
        best=SECOND,
        difference=9.0,
        low=9.0,
        high=9.0,
        ratio=10.0,
        ratio_low=10.0,
        ratio_high=10.0,
        bound=5.0,
        answer=Answer.NOT_MET,
    )
    assert (
        compared(of, "segment", "delay", **{FIRST: (5, 0, 10), SECOND: (5, 0, 1)}).answer
        is Answer.UNKNOWN
    )


def test_without_a_bound_or_a_second_group_nothing_is_compared():
    """Goal: no verdict without a promise. Method: no bound; one segment."""
    events, classes = orders(**{FIRST: (3, 0, 1), SECOND: (3, 0, 1)})
    assert compare_groups(day_of(events, classes)) == ()
    assert compare_groups(day_of(events, classes, firm=FIRM.replace(disparity=None))) == ()
    one = compare_groups(day_of(*orders(**{FIRST: (3, 0, 1)}), firm=firm()))
    assert one == ()


def test_false_alarms_are_as_rare_as_stated():
    """Goal: the error rate. Method: 400 fair days with shares right at the bound's edge.

    The true difference is the bound itself, the worst case; at most 1 % of days may raise an
    alarm. More than 11 of 400 would have a chance of 0.3 %.
    """
    luck, alarms = np.random.default_rng(7), 0
    events, classes = orders(**{FIRST: (300, 0, 1), SECOND: (300, 0, 1)})
    day = day_of(events, classes, firm=firm())
    codes = np.array(day.verdicts.classes)
    lost, ok = 4, int(codes[0])
    assert ERROR == 0.01
    for _ in range(400):
        drawn = np.where(luck.random(600) < np.repeat([0.2, 0.1], 300), lost, ok).astype(np.int8)
        alarms += any(
            c.answer is Answer.NOT_MET
            for c in compare_groups(replace(day, verdicts=replace(day.verdicts, classes=drawn)))
        )
    assert alarms <= 11
