"""Goal: the broker's scenario of the fund cut-off fails for its own reason.

Method: as in test_broker_systems.py; then without the spoilt fail-back, and with a registrar that
recognises repeats. Seed 0; no test here is statistical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bcsim.model.component import Dedup
from bcsim.units import NS_PER_DAY, parse_clock
from tests.scenario.broker_properties import AFTERNOON, count
from tests.scenario.broker_runs import FOR_ITS_OWN_REASON, firm, fresh_run, reason, scenario

if TYPE_CHECKING:
    from bcsim.model.firm import Firm


def with_a_registrar_that_recognises_repeats(model: Firm) -> Firm:
    registrar = model.components["fund-registrar"].replace(dedup=Dedup(horizon=NS_PER_DAY))
    return model.replace(components=dict(model.components) | {"fund-registrar": registrar})


@pytest.mark.long
@pytest.mark.parametrize("name", AFTERNOON)
def test_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(name, AFTERNOON[name]) == FOR_ITS_OWN_REASON


@pytest.mark.long
def test_an_orderly_fail_back_doubles_nothing():
    """Goal: the standby left running is what doubles fund orders. Method: the same outage and
    fail-back without it."""
    spoilt = scenario("failback-standby-running")
    crash = next(d for d in spoilt.disruptions if d.kind == "crash")
    alone = crash.replace(at=parse_clock("14:20"), after=None, delay=0)
    orderly = fresh_run(firm(), spoilt.replace(disruptions=(alone,)))
    assert count(orderly, "kind = 'failback'") == 1
    assert orderly.outcome == "pass"


@pytest.mark.long
def test_a_registrar_that_recognises_repeats_doubles_nothing():
    """Goal: a missing dedup memory is what lets repeats through. Method: the same fail-back with
    one; funds are still dealt."""
    model = with_a_registrar_that_recognises_repeats(firm())
    careful = fresh_run(model, scenario("failback-standby-running"))
    assert careful.orders.duplicated == 0
    assert count(careful, "kind = 'execute' and component = 'fund-registrar'") > 100
