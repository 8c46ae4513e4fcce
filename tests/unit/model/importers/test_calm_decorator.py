"""Goal: decorators give numbers to the right elements, and wrong ones are refused with places.

Method: the small bus system with decorator files, right and wrong.
"""

from __future__ import annotations

import pytest

from bcsim.errors import ModelError
from bcsim.model.importers.calm import read_architecture
from bcsim.model.importers.calm_decorator import FIELDS, OperatingModel, read_decorators
from bcsim.model.importers.calm_strict import DECORATOR, check_schema
from bcsim.units import NS_PER_S
from tests.repository import ROOT
from tests.unit.model.importers.architectures import bus_system, write


def decorator(*applies_to, **data):
    return {
        "unique-id": "mine",
        "type": "bcsim-operating-model",
        "target": ["architectures/architecture.json"],
        "applies-to": list(applies_to),
        "data": data,
    }


def read(tmp_path, *documents):
    architecture = read_architecture(write(tmp_path, bus_system()))
    paths = [write(tmp_path, d, f"d{i}.json") for i, d in enumerate(documents)]
    return read_decorators(paths, architecture)


def test_values_reach_every_element(tmp_path):
    """Goal: node, actor, relationship and flow, with sources. Method: one file of four."""
    several = {
        "decorators": [
            decorator("bus", "desk", servers=3, source="load test 2026-03"),
            decorator("client", orders_per_day=10.5),
            decorator("desk-bus", loss=0.1),
            decorator("submit", timeout="2 s"),
        ]
    }
    found = read(tmp_path, several)
    given = {
        (element, name): (g.value, g.text, g.source, g.is_assumed)
        for element, told in found.of_element.items()
        for name, g in told.items()
    }
    assert given == {
        ("bus", "servers"): (3, "3", "load test 2026-03", False),
        ("desk", "servers"): (3, "3", "load test 2026-03", False),
        ("client", "orders_per_day"): (10.5, "10.5", "assumption", True),
        ("desk-bus", "loss"): (0.1, "0.1", "assumption", True),
        ("submit", "timeout"): (2 * NS_PER_S, "2 s", "assumption", True),
    }


def test_the_later_decorator_holds(tmp_path):
    """Goal: a stated order of precedence. Method: two files about one node."""
    found = read(
        tmp_path, decorator("bus", servers=3, store="durable"), decorator("bus", servers=4)
    )
    told = found.of_element["bus"]
    assert (told["servers"].value, told["store"].value) == (4, "durable")


def test_decorators_of_others_are_left_alone(tmp_path):
    """Goal: CALM's decorators are for everybody. Method: another type, with odd data."""
    other = {**decorator("nobody", x=1), "type": "threat-model", "unique-id": "threats"}
    found = read(tmp_path, other)
    assert found.of_element == {}
    assert found.ignored == ["d0.json: decorator threats (threat-model)"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (decorator("buss", servers=1), "no node, relationship or flow of this unique-id.*'bus'"),
        (decorator("client", servers=1), "servers says nothing of a actor"),
        (decorator("bus", servers=0), "d0.json:.*too small.*at least 1"),
        (decorator("bus", service_time="fast"), "d0.json:.*fast"),
        (decorator("bus", serverz=1), "serverz.*did you mean 'servers'"),
        ({**decorator("bus", servers=1), "target": ["x.json"]}, "meant for another document"),
        ({"type": "bcsim-operating-model"}, "unique-id"),
        ([], "unique-id"),
    ],
)
def test_a_wrong_decorator_is_refused(tmp_path, document, message):
    """Goal: nothing is silently not applied. Method: one wrong thing each."""
    with pytest.raises(ModelError, match=message):
        read(tmp_path, document)


def test_every_field_fits_somewhere():
    """Goal: no field can never be used. Method: compare the class with the table."""
    fields = set(OperatingModel.model_fields) - {"source", "note"}
    assert fields == set().union(*FIELDS.values())


@pytest.mark.parametrize("name", ["volatile-bus", "durable-bus"])
def test_shipped_decorators_keep_calms_schema(name):
    """Goal: they are CALM 1.2 decorators. Method: CALM's own schema."""
    check_schema(ROOT / "scenarios" / "traderx" / f"{name}.decorator.json", DECORATOR)
