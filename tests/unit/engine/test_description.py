"""Goal: the profile of a simulated history promises what the model does, in words it can be held to.

Method: tiny firms by hand; what the profile says, and how the checker judges a run by it.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.engine.description import describe
from bcsim.history.profile import CutOff
from bcsim.units import NS_PER_H
from tests.unit.engine.firms import execute, firm, step, take
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
