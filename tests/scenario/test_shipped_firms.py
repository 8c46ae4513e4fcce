"""Goal: the scenarios of the fund distributor and of the bank go wrong for their own reason.

Method: run each in its window. It must meet its expectation, and its history must have a property
that the history of the same window without the disruptions lacks. Two a firm run by default, the
others with ``-m long``. Seed 0; no test here is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario import bank_payments_properties as bank
from tests.scenario import fund_distributor_properties as funds
from tests.scenario.shipped_firm import FOR_ITS_OWN_REASON, reason, run_of, scenario_names

PROPERTIES = {"bank-payments": bank.PROPERTIES, "fund-distributor": funds.PROPERTIES}
SHORT = {
    "bank-payments": {"hub-failover-old-copy", "answers-of-the-switch-lost"},
    "fund-distributor": {"file-sent-twice", "order-system-failover"},
}
"""Scenarios that also run in the default tests."""


@pytest.mark.parametrize("firm", PROPERTIES)
def test_every_scenario_has_a_property(firm):
    """Goal: no scenario goes unwatched. Method: compare names with the files that ship."""
    assert sorted([*PROPERTIES[firm], "normal-day"]) == scenario_names(firm)


@pytest.mark.parametrize(
    ("firm", "is_right", "wrong_day"),
    [
        ("bank-payments", bank.nothing_goes_wrong, "hub-failover-old-copy"),
        ("fund-distributor", funds.nothing_goes_wrong, "file-sent-twice"),
    ],
)
def test_a_normal_day_passes(firm, is_right, wrong_day):
    """Goal: the model is sound. Method: its property, which another day lacks."""
    normal, other = run_of(firm, "normal-day"), run_of(firm, wrong_day)
    assert (normal.unmet, is_right(normal), is_right(other)) == FOR_ITS_OWN_REASON


@pytest.mark.parametrize(("firm", "name"), [(f, n) for f in SHORT for n in sorted(SHORT[f])])
def test_short_scenario_goes_wrong_for_its_own_reason(firm, name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(firm, name, PROPERTIES[firm][name]) == FOR_ITS_OWN_REASON


@pytest.mark.long
@pytest.mark.parametrize(
    ("firm", "name"), [(f, n) for f in SHORT for n in sorted(PROPERTIES[f].keys() - SHORT[f])]
)
def test_goes_wrong_for_its_own_reason(firm, name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(firm, name, PROPERTIES[firm][name]) == FOR_ITS_OWN_REASON
