"""Goal: the map's single points of failure are exactly the single kills that stop a journey.

Method: crash each component and each site of the broker for good, by itself, with no plan, no
random failure and no grace, automatic standbys switching surely, and clients who stay with their
channel; then compare, per journey, *no order intended from then on is executed* with the map.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bcsim.engine.simulate import simulate
from bcsim.history.writer import MemoryRecorder
from bcsim.model.graph import single_points_of_failure
from bcsim.model.loading import load_model
from bcsim.scenario.scenario import Scenario
from bcsim.units import NS_PER_MIN
from tests.repository import ROOT

if TYPE_CHECKING:
    from bcsim.model.firm import Firm

KILL_NS = 62 * NS_PER_MIN
"""10:02 on the run's clock, which starts at 09:00."""

SWITCHED_NS = KILL_NS + 4 * NS_PER_MIN
"""From here on automatic standbys have switched; earlier orders may have been under way."""


def bare(document: dict[str, object]) -> dict[str, object]:
    """The firm without plan, luck, grace, patience and other channels, with little demand."""
    document["plan"] = None
    document["reconciliations"] = {}
    for component in document["components"].values():  # type: ignore[attr-defined]
        component.pop("failure", None)
        for dependency in component.get("dependencies", ()):
            dependency.pop("grace", None)
        standby = component.get("standby") or {}
        standby.pop("success", None)
        for dependency in standby.get("dependencies", ()):
            dependency.pop("grace", None)
        if component.get("monitor"):
            component["monitor"].pop("miss", None)
    for site in document["sites"].values():  # type: ignore[attr-defined]
        site.pop("utility_grace", None)
    for segment in document["segments"].values():  # type: ignore[attr-defined]
        segment.pop("on_timeout", None)
        segment["attempts"] = 0
    for line in document["demand"].values():  # type: ignore[attr-defined]
        line["orders_per_day"] = 500
    return document


@pytest.fixture(scope="module")
def firm() -> Firm:
    shipped = load_model(ROOT / "scenarios/broker/broker.model.yaml")
    document = json.loads(shipped.model_dump_json(exclude_none=True))
    return type(shipped).model_validate_json(json.dumps(bare(document)))


def journeys_that_run(firm: Firm, node: str | None) -> set[str]:
    """Journeys on which some order intended well after the kill is executed."""
    kill = {"id": "kill", "kind": "crash", "at": "10:02", "targets": [node]}
    scenario = Scenario.model_validate_json(
        json.dumps(
            {
                "format": "bcsim-scenario/1",
                "name": "single kill",
                "family": "technology",
                "tag": "beyond-plan",
                "start": "2026-11-23T09:00:00",
                "window": {"start": "10:05:30", "end": "10:08:30"},
                "drain": {"kind": "freeze", "limit": "8 h"},
                "disruptions": [kill] if node else [],
                "expect": {"outcome": "fail"},
            }
        )
    )
    recorder = simulate(firm, scenario, MemoryRecorder, seed=3).recorder
    assert isinstance(recorder, MemoryRecorder)
    history = recorder.history()
    wished = {
        str(row["intent_id"])
        for row in history.rows("intend")
        if int(row["time_ns"] or 0) >= SWITCHED_NS
    }
    executed = {str(row["intent_id"]) for row in history.rows("execute")}
    sources = {intent.rsplit("-", 1)[0] for intent in wished & executed}
    return {firm.demand[source].journey for source in sources}


def test_every_journey_runs_undisturbed(firm: Firm):
    """Goal: the comparison below is not vacuous. Method: the same run without a kill."""
    assert journeys_that_run(firm, None) == {d.journey for d in firm.demand.values()}


def test_single_points_are_exactly_the_kills_that_stop_a_journey(firm: Firm):
    """Goal and method: see the module; compares the whole table, node by node."""
    nodes = [*firm.components, *firm.sites]
    all_journeys = {d.journey for d in firm.demand.values()}
    points = single_points_of_failure(firm)
    mapped = {
        node: {j for j in all_journeys if any(p.node == node and p.is_total for p in points[j])}
        for node in nodes
    }
    stopped = {node: all_journeys - journeys_that_run(firm, node) for node in nodes}
    assert stopped == mapped
