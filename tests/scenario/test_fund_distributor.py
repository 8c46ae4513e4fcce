"""Goal: what saves the distributor's orders, or dooms them, is what the scenario says it is.

Method: run a scenario with that one thing changed in the model. Seed 0; nothing is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario import fund_distributor_properties as properties
from tests.scenario.shipped_firm import (
    fresh_run,
    model,
    scenario,
)

FIRM = "fund-distributor"


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
