"""Goal: the broker's scenarios in which systems fail at the opening fail for their own reason.

Method: run each in its window. It must meet its expectation, and its history must have a property
that the history of the same window without the disruptions lacks; that of the normal day is held
against the loss of the data centre. Seed 0; no test here is statistical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenario import broker_properties as properties
from tests.scenario.broker_runs import (
    FOLDER,
    FOR_ITS_OWN_REASON,
    firm,
    fresh_run,
    reason,
    run_of,
    scenario,
)

if TYPE_CHECKING:
    from bcsim.model.firm import Firm


def without_lag(model: Firm) -> Firm:
    """The broker with synchronous replication of order management and gateway."""
    components = dict(model.components)
    for name in ("oms", "exchange-gateway"):
        store = components[name].store
        assert store is not None
        components[name] = components[name].replace(store=store.replace(lag=0))
    return model.replace(components=components)


def test_every_scenario_has_a_property():
    """Goal: no scenario goes unwatched. Method: compare names with the files that ship."""
    names = sorted(path.name.split(".")[0] for path in FOLDER.glob("*.scenario.yaml"))
    watched = [
        *properties.SYSTEMS,
        *properties.PEOPLE,
        *properties.MORNING,
        *properties.AFTERNOON,
        *properties.NORMAL,
    ]
    assert sorted(watched) == names


@pytest.mark.long
@pytest.mark.parametrize("name", properties.SYSTEMS)
def test_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(name, properties.SYSTEMS[name]) == FOR_ITS_OWN_REASON


@pytest.mark.long
@pytest.mark.parametrize("name", properties.NORMAL)
def test_a_normal_day_passes(name):
    """Goal: the model is sound. Method: its property, which the lost data centre lacks."""
    is_right = properties.NORMAL[name]
    shown = (run_of(name).unmet, is_right(run_of(name)), is_right(run_of("dc-loss")))
    assert shown == FOR_ITS_OWN_REASON


@pytest.mark.long
def test_synchronous_replication_loses_nothing():
    """Goal: the lag is what loses orders in dc-loss. Method: the same loss without any lag."""
    result = fresh_run(without_lag(firm()), scenario("dc-loss"))
    lost = properties.vanished_ns(result)
    assert (result.orders.lost, result.orders.duplicated, lost) == (0, 0, [])
    assert result.orders.late > 0
