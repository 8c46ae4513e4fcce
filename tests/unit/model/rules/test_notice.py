"""Goal: rules for what notices state. Method: break each in the test broker; all new findings."""

from __future__ import annotations

import pytest

from tests.brokerage import found_by

PATH = "plan.actions.tell-clients.states"


def states(*statements, action="tell-clients"):
    """Let an action state facts."""
    return lambda data: data["plan"]["actions"][action].update(states=list(statements))


CASES = {
    "sound": (
        states(
            {"works": "web"},
            {"stopped": "oms"},
            {"within_level": "orders"},
            {"below_level": "orders"},
            {"no_order_lost": True},
        ),
        [],
    ),
    "two facts in one": (
        states({"works": "web", "no_order_lost": True}),
        [("error", f"{PATH}.0", "a statement states one fact")],
    ),
    "no fact": (states({}), [("error", f"{PATH}.0", "a statement states one fact")]),
    "unknown components and services": (
        states({"works": "x"}, {"stopped": "x"}, {"within_level": "x"}, {"below_level": "x"}),
        [
            ("error", f"{PATH}.0.works", "unknown component"),
            ("error", f"{PATH}.1.stopped", "unknown component"),
            ("error", f"{PATH}.2.within_level", "unknown service"),
            ("error", f"{PATH}.3.below_level", "unknown service"),
        ],
    ),
    "an action that tells nobody": (
        states({"works": "web"}, action="paper"),
        [
            (
                "error",
                "plan.actions.paper.states",
                "an action of kind manual-fallback tells nobody anything",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected
