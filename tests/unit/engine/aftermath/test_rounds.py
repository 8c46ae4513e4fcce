"""Goal: controls look in rounds or all the time, are off when what they stand on fails, and are
switched on again or not.

Method: one control on timelines by hand; times in hours, worked out by hand.
"""

from __future__ import annotations

import json

import pytest

from bcsim.engine.aftermath.phase import Span
from bcsim.engine.aftermath.rounds import merged, watchmen_of
from bcsim.units import NS_PER_H
from tests.unit.engine.aftermath.aftermaths import (
    CHECK,
    aftermath,
    blueprint,
    lines,
    model,
    timeline,
    wish,
)

DOWN_FROM_1_TO_3 = timeline((3600, "front", "up", 0), (10_800, "front", "up", 1))


def watchman(changes=DOWN_FROM_1_TO_3, seed=1, **control):
    """The control, stated as what differs from a continuous one."""
    spec = model(oversight={"check": CHECK | {"off_while": ["front"]} | control})
    (found,) = watchmen_of(blueprint(spec, seed), changes)
    return found


def looks(found, *hours):
    """When it looks at what shows at some hours, in hours."""
    times = [found.looks_at(round(hour * NS_PER_H)) for hour in hours]
    return [None if time is None else time / NS_PER_H for time in times]


def test_a_continuous_control_sees_nothing_while_it_is_off():
    """Goal: what shows meanwhile is missed for good."""
    assert looks(watchman(), 0.5, 1, 2.9, 3) == [0.5, None, None, 3]


def test_a_round_that_is_off_is_made_up_by_the_next():
    """Goal: rounds at 00:00, 02:00 … of the clock; time 0 is 10:00."""
    assert looks(watchman(every="2 h"), -3, 0, 0.5, 2, 2.5) == [0, 0, 4, 4, 4]


def test_a_round_is_not_before_the_first():
    """Goal: a weekly round at 09:00 has its first a week after the morning that has passed."""
    weekly = watchman(timeline(), every="7 d", at="09:00")
    assert looks(weekly, 0, 24 * 7) == [24 * 7 - 1, 24 * 14 - 1]
    assert looks(watchman(timeline(), every="7 d", at="11:00"), 0) == [1]


def test_what_is_never_switched_on_again_sees_no_more():
    """Goal: chance 0 to be restored, continuous and in rounds."""
    for every in ({}, {"every": "1 h"}):
        assert looks(watchman(restored=0.0, **every), 0, 2, 100) == [0, None, None]


def test_it_takes_time_to_switch_on():
    """Goal: the time after the end of the outage counts as off."""
    assert looks(watchman(restored_after="30 min"), 3.4, 3.5) == [None, 3.5]


def test_who_checks():
    """Goal: while nobody of the checkers works, the maker checks his own work."""
    away = watchman(timeline((3600, "care", "servers", 0), (7200, "care", "servers", 1)))
    assert [away.checker_at(h * NS_PER_H) for h in (0, 1, 2)] == ["care", "desk", "care"]


@pytest.mark.parametrize(
    ("control", "checks"),
    [
        ({}, [(1, "fault")]),
        ({"every": "1 h"}, [(1, "fault"), (2, "fault")]),
        ({"every": "30 min", "off_while": ["front"]}, [(1, "fault")]),
        ({"checked_by": "desk"}, [(0, "desk")]),
        ({"checked_by": "desk", "every": "2 h"}, [(0, "desk"), (2, "desk"), (4, "desk")]),
    ],
)
def test_self_checks(control, checks):
    """Goal: checks of one's own work during five hours, away from the first to the third."""
    changes = timeline(
        (3600, "care", "servers", 0),
        (5400, "front", "up", 0),
        (10_800, "care", "servers", 1),
        (10_800, "front", "up", 1),
    )
    found = watchman(changes, **({"off_while": []} | control))
    whole = [(t / NS_PER_H, cause) for t, cause in found.self_checks(5 * NS_PER_H)]
    assert [check for check in whole if check[0] == int(check[0])] == checks


def test_spans_that_meet_are_one():
    """Goal: disjoint spans in order; the first one's cause. Method: spans in any order."""
    spans = [Span(30, None, "c", "z"), Span(10, 20, "a", "x"), Span(20, 25, "b", "y")]
    assert merged(spans) == (Span(10, 25, "a", "x"), Span(30, None, "c", "z"))
    assert merged([*spans, Span(24, 40, "d", "w")]) == (Span(10, None, "a", "x"),)
    assert merged([]) == ()


def test_switches_are_noted():
    """Goal: rows of a control that went off and on, of one that stayed off, and of self-checks."""
    oversight = {
        "check": CHECK | {"off_while": ["front"], "line": 2},
        "other": CHECK | {"off_while": ["front"], "restored": 0.0, "checked_by": "desk"},
    }
    spec = model(oversight=oversight)
    found = aftermath(spec, [wish("app-000000")], {"app-000000": "ok"}, changes=DOWN_FROM_1_TO_3)
    assert lines(found) == [
        "0h line-1 action - other checked-by-its-maker desk desk",
        "1h line-2 action - check switched-off front fault",
        "1h line-1 action - other switched-off front fault",
        "3h line-2 action - check switched-on front fault",
    ]


def test_a_control_inside_a_journey_is_off_while_a_fallback_skips_it():
    """Goal: fallbacks that leave a control out switch it off, until they end."""
    spec = model(oversight={"check": CHECK}, controls={"limits": {"name": "L", "coverage": 1.0}})
    journey = spec.journeys["way"]
    paper = {"component": "desk", "service": "1 min", "skips": ["limits"], "back_entry": "1 min"}
    check = {"id": "check", "component": "front", "service": "1 ms", "role": "control"}
    first, last = journey.steps
    dump = [step.model_dump(mode="json", exclude_unset=True) for step in (first, last)]
    steps = [dump[0] | {"fallback": paper}, check | {"control": "limits"}, dump[1]]
    changed = journey.model_validate_json(json.dumps({"name": "W", "steps": steps}))
    spec = spec.replace(journeys={"way": changed})
    changes = timeline((3600, "front", "fallback", 1), (7200, "front", "fallback", 0))
    found = aftermath(spec, [wish("app-000000")], {"app-000000": "ok"}, changes=changes)
    assert lines(found) == [
        "1h line-1 action - limits switched-off front fault",
        "2h line-1 action - limits switched-on front fault",
    ]


def test_restoring_is_luck_of_the_control():
    """Goal: half of the controls come back. Method: 200 seeds; outside 100 +- 5 sigma (7.1)
    a correct program is once in a million."""
    back = sum(looks(watchman(seed=seed, restored=0.5), 4) == [4] for seed in range(200))
    assert abs(back - 100) <= 35
