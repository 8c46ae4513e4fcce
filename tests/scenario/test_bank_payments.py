"""Goal: the bank's scenarios go wrong for their own reason.

Method: run each in its window. It must meet its expectation, and its history must have a property
that the history of the same window without the disruptions lacks. Two run by default, the others
with ``-m long``. Seed 0; no test here is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario import bank_payments_properties as properties
from tests.scenario.shipped_firm import (
    FOR_ITS_OWN_REASON,
    fresh_run,
    model,
    reason,
    run_of,
    scenario,
    scenario_names,
)

FIRM = "bank-payments"
SHORT = {"hub-failover-old-copy", "answers-of-the-switch-lost"}
"""Scenarios that also run in the default tests."""


def test_every_scenario_has_a_property():
    """Goal: no scenario goes unwatched. Method: compare names with the files that ship."""
    assert sorted([*properties.PROPERTIES, "normal-day"]) == scenario_names(FIRM)


def test_a_normal_day_passes():
    """Goal: the model is sound. Method: its property, which a failover onto an old copy lacks."""
    normal = run_of(FIRM, "normal-day")
    is_right = properties.nothing_goes_wrong
    other = run_of(FIRM, "hub-failover-old-copy")
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


def test_without_reconciliation_the_legs_stay_lost():
    """Goal: the reconciliations are what finds the lost legs. Method: leave them out."""
    firm = model(FIRM)
    assert firm.plan is not None
    actions = {name: a for name, a in firm.plan.actions.items() if name != "compare-ledger"}
    blind = firm.replace(reconciliations={}, plan=firm.plan.replace(actions=actions))
    result = fresh_run(blind, scenario(FIRM, "hub-failover-old-copy"))
    found = properties.booked_by_the_reconciliation(run_of(FIRM, "hub-failover-old-copy"))
    assert properties.legs_missing(result) == result.orders.partial == found
    assert found >= 40


@pytest.mark.long
def test_a_clearing_that_recognises_repeats_pays_once():
    """Goal: its lack of memory is what doubles wages. Method: give it one."""
    firm = model(FIRM)
    memory = firm.components["instant-switch"].dedup
    clearing = firm.components["bulk-clearing"].replace(dedup=memory)
    varied = firm.replace(components={**firm.components, "bulk-clearing": clearing})
    result = fresh_run(varied, scenario(FIRM, "payroll-sent-twice"))
    assert (result.outcome, properties.paid_twice(result)) == ("pass", 0)
