"""Goal: what saves the bank's orders, or dooms them, is what the scenario says it is.

Method: run a scenario with that one thing changed in the model. Seed 0; nothing is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario import bank_payments_properties as properties
from tests.scenario.shipped_firm import (
    fresh_run,
    model,
    run_of,
    scenario,
)

FIRM = "bank-payments"


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
