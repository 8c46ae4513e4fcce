"""Goal: the plan's ways out are listed, none with more than it needs.

Method: the test broker after the crash of one node.
"""

from __future__ import annotations

import pytest

from bcsim.model.propagation import structure_of
from bcsim.model.route import routes
from bcsim.model.workaround import Workaround, workarounds
from tests.brokerage import broker, brokerage


def ways(data, node):
    firm = broker(data)
    route = next(route for route in routes(firm) if route.channel == "app")
    return workarounds(firm, structure_of(firm), route, node)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("web", ()),  # nothing to reopen
        ("gateway", (Workaround(fail_over=("gateway",)),)),
        ("order-db", (Workaround(by_hand=("oms",)),)),
        ("dc1", (Workaround(fail_over=("gateway",), by_hand=("oms",)),)),
        ("internet", ()),  # nothing helps
        ("grid", ()),  # who would write paper is without power too
    ],
)
def test_ways(node, expected):
    """Goal: each sort of way out. Method: one node each."""
    assert ways(brokerage(), node) == expected


def test_alternatives():
    """Goal: two ways that are enough alone are two entries. Method: the plan switches oms too."""
    data = brokerage()
    data["components"]["oms"]["standby"] |= {"decision": "plan", "dependencies": []}
    data["plan"]["actions"]["switch-gateway"]["target"] = ["gateway", "oms"]
    expected = (Workaround(fail_over=("oms",)), Workaround(by_hand=("oms",)))
    assert ways(data, "order-db") == expected


def test_only_what_the_plan_has():
    """Goal: no action, no way. Method: without the plan's actions one by one."""
    data = brokerage()
    del data["plan"]["actions"]["switch-gateway"]
    assert ways(data, "gateway") == ()
    del data["plan"]["actions"]["paper"], data["plan"]["actions"]["back-to-normal"]
    assert ways(data, "order-db") == ()
    data["plan"] = None
    assert ways(data, "gateway") == ()


def test_hopeless_switch():
    """Goal: a switch that cannot work is no way. Method: success 0."""
    data = brokerage()
    data["components"]["gateway"]["standby"]["success"] = 0
    assert ways(data, "gateway") == ()
