"""Goal: measures against targets, three-valued. Method: one system's numbers, by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bcsim.conduct.assessment import assess_systems, statuses_of
from bcsim.conduct.systems import MEASURED_BY, measure_systems
from bcsim.model.service_system import service_systems
from bcsim.model.target import Target
from tests.brokerage import broker
from tests.unit.conduct.days import day_of

if TYPE_CHECKING:
    from bcsim.conduct.measure import Measures

MEASURES: Measures = {
    "late_count": 4,
    "recovery_time_s": 90.0,
    "on_time_ratio": None,
    "orders_count": 8,
}
NORMAL: Measures = {
    "late_count": 0,
    "recovery_time_s": 30.0,
    "on_time_ratio": 1.0,
    "orders_count": 8,
}


def firm(**targets):
    """The brokerage with targets as a file has them."""
    made = {n: Target.model_validate_json(json.dumps(target)) for n, target in targets.items()}
    return broker().replace(targets=made)


@pytest.mark.parametrize(
    ("targets", "status", "normal"),
    [
        ({"late_count": {"at_most": 4}}, "met", "met"),
        ({"late_count": {"at_most": 3}}, "not_met", "met"),
        ({"recovery_time_s": {"within": "90 s"}}, "met", "met"),
        ({"recovery_time_s": {"within": "89 s"}}, "not_met", "met"),
        ({"orders_count": {"at_least": 9}}, "not_met", "not_met"),
        ({"on_time_ratio": {"at_least": 0.5}}, "unknown", "met"),
        ({"on_time_ratio": {"at_least": 0.5}, "late_count": {"at_most": 0}}, "not_met", "met"),
        ({"on_time_ratio": {"at_least": 0.5}, "late_count": {"at_most": 4}}, "unknown", "met"),
        ({}, "unknown", "unknown"),
    ],
)
def test_status(targets, status, normal):
    """Goal: one missed target decides, then one unknown. Method: targets around the values."""
    found = assess_systems(firm(**targets), {"9": MEASURES}, {"9": NORMAL})
    assert statuses_of(found) == {"9": status}
    assert found[0]["normal_status"] == normal


def test_every_measure_stands_beside_its_normal_day():
    """Goal: value, normal, ratio, target. Method: one measure with and one without a target."""
    found = assess_systems(firm(recovery_time_s={"within": "60 s"}), {"9": MEASURES}, {"9": NORMAL})
    measures = found[0]["measures"]
    assert isinstance(measures, list)
    assert measures[:2] == [
        {
            "measure": "late_count",
            "value": 4,
            "normal": 0,
            "ratio": None,  # there is no ratio to nothing
            "target": None,
            "status": None,
        },
        {
            "measure": "recovery_time_s",
            "value": 90.0,
            "normal": 30.0,
            "ratio": 3.0,
            "target": {"at_least": None, "at_most": 60.0},
            "status": "not_met",
        },
    ]


def test_every_system_gives_exactly_the_measures_that_are_defined():
    """Goal: definitions and functions agree. Method: all nine, on a day that knows nothing."""
    assert list(MEASURED_BY) == list(range(1, 10))
    measured = measure_systems(day_of([], {}))
    assert {int(n): list(m) for n, m in measured.items()} == {
        n: list(system.measures) for n, system in service_systems().items()
    }
