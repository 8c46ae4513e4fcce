"""Goal: the profile of a simulated history promises what the model does, in words it can be held to.

Method: tiny firms by hand; what the profile says, and how the checker judges a run by it.
"""

from __future__ import annotations

import json

import pytest

from bcsim.checkers.judge import check
from bcsim.engine.description import describe
from bcsim.history.profile import CutOff
from bcsim.model.firm import Firm
from bcsim.units import NS_PER_H
from tests.unit.engine.firms import data, execute, firm, step, take
from tests.unit.engine.story import Wish, blueprint_of, run, timeline

STEPS = [take(), execute(), step("confirm", "front", role="confirm")]
FUNDS = {
    "aaa": {"name": "AAA", "price": 1000, "tick": 10},
    "bbb": {"name": "BBB", "price": 1000, "tick": 10},
}


def test_a_cut_off_is_named_for_every_instrument():
    """Goal: the checker finds whom a cut-off is for. Method: a product of two instruments."""
    made = blueprint_of(firm(STEPS, product={"instruments": FUNDS, "cut_off": "12:00"}), [Wish()])
    profile = describe(made, is_settled=True)
    assert profile.cut_offs == (CutOff("aaa", 2 * NS_PER_H), CutOff("bbb", 2 * NS_PER_H))
    without = describe(blueprint_of(firm(STEPS), [Wish()]), is_settled=True)
    assert without.cut_offs == ()


@pytest.mark.parametrize(
    ("product", "at", "back", "expected"),
    [
        # Due an hour after the cut-off at 12:00, if wished before it.
        ({"execute_within": "1 h"}, "115min", "150min", "ok"),
        ({"execute_within": "1 h"}, "115min", "190min", "late"),
        ({"execute_within": "1 h"}, "120min", "190min", "indeterminate"),
        # Nothing but the cut-off: accepted by then.
        ({}, "115min", "118min", "ok"),
        ({}, "115min", "150min", "late"),
        # Wished a minute before the cut-off, answered within two.
        ({"acknowledge_within": "2 min"}, "119min", "120min", "ok"),
        ({"acknowledge_within": "2 min"}, "119min", "122min", "late"),
    ],
)
def test_an_order_before_the_cut_off_is_judged_once(product, at, back, expected):
    """Goal: what the cut-off entitles to, no more. Method: hung from 11:50 until ``back``.

    The third case has no due time at all, so that nobody can say whether it is late.
    """
    made = firm(STEPS, product={"cut_off": "12:00"} | product)
    faults = timeline("110min front hang 1", f"{back} front hang 0")
    judgement = check(run(made, [Wish(at)], faults))
    assert [name for name, _ in judgement.verdicts.as_map().values()] == [expected]


CHECKED = step("check", "gateway", role="control", control="limits")
OTHERS = {name: {"name": name, "price": 1000, "tick": 10} for name in ("ccc", "ddd")}


def guarded(journeys: dict[str, str]) -> Firm:
    """Demand by channel and product, each on a journey with a control on its way, or not."""
    made = data(
        [take(), CHECKED, execute()], controls={"limits": {"name": "Limits", "coverage": 1.0}}
    )
    made["journeys"]["bare"] = {"name": "Bare", "steps": [take(), execute()]}
    made["journeys"]["behind"] = {"name": "Behind", "steps": [take(), execute(), CHECKED]}
    made["channels"]["desk"] = made["channels"]["app"]
    made["products"]["fund"] = made["products"]["share"] | {"instruments": OTHERS}
    plain = made["demand"].pop("app")
    for place, journey in journeys.items():
        channel, product = place.split("-")
        demand = {"channel": channel, "product": product, "journey": journey}
        made["demand"][place] = plain | demand
    return Firm.model_validate_json(json.dumps(made))


@pytest.mark.parametrize(
    ("journeys", "expected"),
    [
        ({"app-share": "way", "desk-share": "way"}, ("limits",)),
        ({"app-share": "way", "desk-share": "bare"}, ("limits@app",)),
        (
            {"app-share": "way", "app-fund": "bare", "desk-fund": "way"},
            ("limits@app/aaa", "limits@desk"),
        ),
        ({"app-share": "bare", "app-fund": "way"}, ("limits@app/ccc", "limits@app/ddd")),
        ({"app-share": "behind"}, ()),
        ({"app-share": "bare"}, ()),
    ],
)
def test_a_mandatory_control_binds_those_whose_way_it_stands_in(journeys, expected):
    """Goal: named for all, a channel, or its instruments. Method: journeys with and without it."""
    made = blueprint_of(guarded(journeys), [])
    assert describe(made, is_settled=True).controls == expected


def test_a_control_that_is_left_out_on_one_channel_is_bypassed():
    """Goal: a flag, though another channel lacks the control. Method: a fallback that skips it."""
    paper = {"component": "desk", "skips": ["limits"], "timeout": "1 s", "service": "10 ms"}
    enter = take(timeout="30 ms", on_failure="fallback", fallback=paper)
    made = data(
        [enter, CHECKED, execute(), STEPS[-1]],
        controls={"limits": {"name": "Limits", "coverage": 1.0}},
        components={"desk": {"kind": "team"}},
    )
    made["journeys"]["bare"] = {"name": "Bare", "steps": [take(), execute()]}
    made["channels"]["other"] = made["channels"]["app"]
    made["demand"]["other"] = made["demand"]["app"] | {"channel": "other", "journey": "bare"}
    small = Firm.model_validate_json(json.dumps(made))
    clean, hung = (run(small, [Wish()], timeline(*f)) for f in ((), ("0ms front hang 1",)))
    assert clean.profile.controls == ("limits@app",)
    flags = [check(history).verdicts.as_map()["app-000000"][1] for history in (clean, hung)]
    assert flags == [(), ("control_bypassed",)]
