"""Goal: the broker's scenarios of the later morning go wrong, or right, for their own reason.

Method: as in test_broker_systems.py. Seed 0; no test here is statistical.
"""

from __future__ import annotations

import pytest

from tests.scenario.broker_properties import MORNING
from tests.scenario.broker_runs import FOR_ITS_OWN_REASON, reason


@pytest.mark.long
@pytest.mark.parametrize("name", MORNING)
def test_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: expectation and property, with and without it."""
    assert reason(name, MORNING[name]) == FOR_ITS_OWN_REASON
