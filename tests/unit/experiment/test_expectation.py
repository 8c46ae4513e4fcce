"""Goal: what a scenario expected and what came out are compared item by item.

Method: one small real judgement, and expectations that each miss it in one way.
"""

from __future__ import annotations

from dataclasses import asdict

import pytest

from bcsim.experiment.expectation import unmet
from bcsim.experiment.run import run
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from bcsim.scenario.scenario import Expectation
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios/templates/minimal"


@pytest.fixture(scope="module")
def judgement():
    firm = load_model(MINIMAL / "firm.model.yaml")
    scenario = load_scenario(MINIMAL / "server-crash.scenario.yaml", firm)
    return run(firm, scenario, window=(36_000_000_000_000, 36_300_000_000_000)).judgement


def test_an_exact_expectation_is_met(judgement):
    """Goal: nothing is reported when every bound holds."""
    orders = {name: {"at_least": n, "at_most": n} for name, n in asdict(judgement.orders).items()}
    flags = {name: {"at_least": n, "at_most": n} for name, n in judgement.flags.items()}
    held = {name: m.within_tolerance for name, m in judgement.services.items()}
    wanted = Expectation.model_validate(
        {
            "outcome": str(judgement.outcome),
            "orders": orders,
            "flags": flags,
            "within_tolerance": held,
            "systems": {"2": "met", "7": "unknown"},
        }
    )
    assert unmet(wanted, judgement, {"2": "met", "7": "unknown"}) == ()


def test_every_difference_is_told_once(judgement):
    """Goal: outcome, both bounds, a service and a system each give their own sentence."""
    ok = judgement.orders.ok
    wanted = Expectation.model_validate(
        {
            "outcome": "unknown",
            "orders": {"ok": {"at_most": ok - 1}, "lost": {"at_least": 1}},
            "flags": {"refused": {"at_least": 2}},
            "within_tolerance": {"orders": False},
            "systems": {"2": "met", "7": "not_met"},
        }
    )
    assert unmet(wanted, judgement, {"2": "unknown", "7": "not_met"}) == (
        f"outcome was expected to be unknown, it is {judgement.outcome}",
        f"orders ok: at most {ok - 1} expected, there are {ok}",
        "orders lost: at least 1 expected, there are 0",
        "flags refused: at least 2 expected, there are 0",
        "service orders was expected outside tolerance, it is within tolerance",
        "system 2 was expected met, it is unknown",
    )
