"""Goal: a route is blocked exactly where its orders would wait.

Method: routes of the test broker with one step changed; the whole blockage.
"""

from __future__ import annotations

import pytest

from bcsim.model.route import Blockage, blockage, routes
from tests.brokerage import broker, brokerage


def stuck(data, *failed, channel="app"):
    firm = broker(data)
    route = next(route for route in routes(firm) if route.channel == channel)
    return blockage(firm, route, set(failed))


def steps_of(data, journey="app-order"):
    return {step["id"]: step for step in data["journeys"][journey]["steps"]}


def test_routes_have_demand():
    """Goal: a route is a journey with a channel. Method: all of the broker."""
    pairs = [(route.journey, route.channel) for route in routes(broker())]
    assert pairs == [("app-order", "app"), ("phone-order", "phone")]


def test_steps_after_the_execution_do_not_count():
    """Goal: executed is executed. Method: the ledger is down; then nothing executes."""
    data = brokerage()
    assert stuck(data, "ledger") is None
    del steps_of(data)["trade"]["role"]
    assert stuck(data, "ledger") == Blockage("book", "ledger")


def test_every_component_before_it_does():
    """Goal: hand-over steps are needed. Method: each in turn."""
    expected = {"web": "receive", "oms": "accept", "gateway": "send", "exchange": "trade"}
    found = {name: stuck(brokerage(), name) for name in expected}
    assert found == {name: Blockage(step, name) for name, step in expected.items()}


def test_links_and_what_they_run_over():
    """Goal: a hop needs its carriers. Method: the client's link, a pair's, the default's."""
    data = brokerage()
    assert stuck(data, "internet") == Blockage("receive", "internet")
    assert stuck(data, "internet", channel="phone") is None
    assert stuck(data, "market-line") == Blockage("trade", "market-line")
    data["links"]["default"]["over"] = ["market-line"]
    assert stuck(data, "market-line") == Blockage("accept", "market-line")


def test_answers_count_for_calls_only():
    """Goal: only a caller needs the answer. Method: cut one way back, then the other."""
    data = brokerage()
    steps_of(data)["check"]["on_failure"] = "park"
    data["links"]["risk -> oms"] = {"latency": "1 ms", "over": ["market-line"]}
    assert stuck(data, "market-line") == Blockage("check", "market-line")
    del data["links"]["risk -> oms"]
    data["links"]["gateway -> oms"] = {"latency": "1 ms", "over": ["grid"]}
    assert stuck(data, "grid") is None


def test_optional_step():
    """Goal: continue passes over, with a timeout only. Method: the risk check is down."""
    data = brokerage()
    assert stuck(data, "risk") is None
    steps = steps_of(data)
    del steps["check"]["timeout"], steps["check"]["retry"]
    assert stuck(data, "risk") == Blockage("check", "risk")


@pytest.mark.parametrize("on_failure", ["park", "reject"])
def test_mandatory_step(on_failure):
    """Goal: parked and rejected orders get no further. Method: both."""
    data = brokerage()
    steps_of(data)["check"]["on_failure"] = on_failure
    assert stuck(data, "risk") == Blockage("check", "risk")


def test_dead_end_behind_an_optional_step():
    """Goal: who has done an optional hand-over holds the order. Method: its way on is cut.

    With the optional component down as well, the order does not go there, and gets on.
    """
    data = brokerage()
    steps_of(data)["check"] |= {"mode": "hand-over"}
    data["links"]["risk -> gateway"] = {"latency": "1 ms", "over": ["market-line"]}
    data["links"]["gateway -> exchange"]["over"] = []
    assert stuck(data, "market-line") == Blockage("send", "market-line")
    assert stuck(data, "market-line", "risk") is None


def test_fallback_that_opens_by_itself():
    """Goal: on_failure fallback is a way, its skips are left out. Method: with and without."""
    data = brokerage()
    steps = steps_of(data)
    steps["check"]["on_failure"] = "park"
    assert stuck(data, "oms", "risk") == Blockage("accept", "oms")
    steps["accept"]["on_failure"] = "fallback"
    assert stuck(data, "oms", "risk") is None
    assert stuck(data, "oms", "desk") == Blockage("accept", "oms")
    del steps["accept"]["timeout"], steps["accept"]["retry"]
    assert stuck(data, "oms") == Blockage("accept", "oms")


def test_work_within_one_component():
    """Goal: no link is needed to oneself. Method: two steps at one place, a cut default link."""
    data = brokerage()
    steps_of(data)["accept"]["component"] = "web"
    data["links"]["default"]["over"] = ["market-line"]
    assert stuck(data, "market-line") == Blockage("send", "market-line")
