"""Goal: the fund distributor's scenarios go wrong for their own reason.

Method: run each in its window. It must meet its expectation, and its history must have a property
that the history of the same window without the disruptions lacks. Two run by default, the others
with ``-m long``. Seed 0; no test here is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario import fund_distributor_properties as properties
from tests.scenario.shipped_firm import (
    FOR_ITS_OWN_REASON,
    fresh_run,
    model,
    reason,
    run_of,
    scenario,
    scenario_names,
)

FIRM = "fund-distributor"
SHORT = {"file-sent-twice", "order-system-failover"}
"""Scenarios that also run in the default tests."""


def test_every_scenario_has_a_property():
    """Goal: no scenario goes unwatched. Method: compare names with the files that ship."""
    assert sorted([*properties.PROPERTIES, "normal-day"]) == scenario_names(FIRM)


def test_a_normal_day_passes():
    """Goal: the model is sound. Method: its property, which a file sent twice lacks."""
    normal = run_of(FIRM, "normal-day")
    is_right = properties.nothing_goes_wrong
    other = run_of(FIRM, "file-sent-twice")
    assert (normal.unmet, is_right(normal), is_right(other)) == FOR_ITS_OWN_REASON


@pytest.mark.parametrize("name", sorted(SHORT))
def test_short_scenario_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(FIRM, name, properties.PROPERTIES[name]) == FOR_ITS_OWN_REASON


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(properties.PROPERTIES.keys() - SHORT))
def test_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(FIRM, name, properties.PROPERTIES[name]) == FOR_ITS_OWN_REASON


def test_a_registrar_without_memory_deals_twice():
    """Goal: the registrar's memory is what saves file-sent-twice. Method: take it away."""
    firm = model(FIRM)
    registrar = firm.components["fund-registrar"].replace(dedup=None)
    forgetful = firm.replace(components={**firm.components, "fund-registrar": registrar})
    result = fresh_run(forgetful, scenario(FIRM, "file-sent-twice"))
    twice = properties.dealt_twice(result)
    assert twice == result.orders.duplicated == properties.handed_to_the_registrar_twice(result)
    assert twice >= 200


@pytest.mark.long
def test_a_copy_without_lag_loses_nothing():
    """Goal: the lag is what loses orders. Method: the same failover with a copy that is in step."""
    firm = model(FIRM)
    orders = firm.components["order-system"]
    assert orders.store is not None
    in_step = orders.replace(store=orders.store.replace(lag=0))
    varied = firm.replace(components={**firm.components, "order-system": in_step})
    result = fresh_run(varied, scenario(FIRM, "order-system-failover"))
    assert (result.orders.lost, result.orders.duplicated) == (0, 0)
