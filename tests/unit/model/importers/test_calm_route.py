"""Goal: a flow's messages become steps with the right holder, mode and role.

Method: whole routes, written as lines; variants of the small systems; both files of FINOS.
"""

from __future__ import annotations

from bcsim.model.importers.calm import read_architecture
from bcsim.model.importers.calm_flows import choose_flows
from bcsim.model.importers.calm_route import identifier, make_route
from tests.unit.model.importers.architectures import (
    TRADERX,
    TRADING_SYSTEM,
    bus_system,
    connects,
    flow,
    node,
    shop,
    transition,
    write,
)


def route_of(path, *flows):
    architecture = read_architecture(path)
    return make_route(choose_flows(architecture, flows).chosen, architecture)


def lines(route):
    """``node < holder``, with ``call`` and the role where there is one."""
    return [
        " ".join(
            filter(
                None,
                (step.node, "<", step.holder or "client", step.is_call and "call", step.role),
            )
        )
        for step in route.steps
    ]


def test_a_bus_alone_holds_what_is_acknowledged(tmp_path):
    """Goal: the central shape: acknowledge called by the bus, then hand-over to the worker.

    Method: the whole route of the bus system.
    """
    route = route_of(write(tmp_path, bus_system()))
    assert lines(route) == [
        "page < client",
        "desk < page",
        "rules < desk call",
        "bus < desk",
        "desk < bus call acknowledge",
        "worker < bus",
        "ledger < worker call execute",
        "bus < worker",
        "page < bus confirm",
    ]
    assert (route.actor, route.entry) == ("client", ("page",))
    assert (route.responder, route.keeper, route.joint) == ("desk", "bus", "bus")
    assert [f.name for f in route.findings] == ["acknowledged-before-stored"]
    assert route.remarks == ()


def test_an_answer_after_the_store_is_safe(tmp_path):
    """Goal: no finding where the design is sound. Method: the shop without a bus."""
    route = route_of(write(tmp_path, shop()))
    assert lines(route) == ["desk < client", "ledger < desk execute", "desk < desk confirm"]
    assert (route.responder, route.keeper, route.findings) == (None, None, ())
    assert "hears of the order at the end only" in route.remarks[0]


def test_a_client_that_is_never_told_is_a_finding(tmp_path):
    """Goal: silence after execution is told. Method: cut the last two transitions."""
    data = bus_system()
    data["flows"][1]["transitions"] = data["flows"][1]["transitions"][:2]
    route = route_of(write(tmp_path, data))
    assert lines(route)[-2:] == ["ledger < worker execute", "page < worker call confirm"]
    assert route.remarks == (
        "no message tells the client what came of the order; page is assumed to do it",
    )
    assert [f.name for f in route.findings] == ["acknowledged-before-stored", "client-never-told"]


def test_equal_numbers_are_legs_of_one_step(tmp_path):
    """Goal: parallel messages to one node are one step. Method: two publications numbered 3."""
    data = bus_system()
    data["flows"][1]["transitions"].insert(3, transition("worker-bus", 3, "Publish position"))
    step = route_of(write(tmp_path, data)).steps[-2]
    assert [m.text for m in step.messages] == ["Publish order event", "Publish position"]
    data["flows"][1]["transitions"][3]["sequence-number"] = 4
    data["flows"][1]["transitions"][4]["sequence-number"] = 5
    assert lines(route_of(write(tmp_path, data)))[-3:] == [
        "bus < worker call",
        "bus < worker",
        "page < bus confirm",
    ]


def test_work_inside_a_call_is_done_by_the_holder(tmp_path):
    """Goal: a nested call is kept, and said to be flattened. Method: rules ask the ledger."""
    data = bus_system()
    data["relationships"].append(connects("rules", "ledger"))
    data["flows"][0]["transitions"].insert(2, transition("rules-ledger", 2, "Read limits"))
    route = route_of(write(tmp_path, data))
    assert lines(route)[2:5] == ["rules < desk call", "ledger < desk call", "bus < desk"]
    assert route.steps[3].is_aside
    assert "'Read limits' is simulated as a call by desk" in route.remarks[0]
    assert [s.role for s in route.steps if s.node == "ledger"] == [None, "execute"]


def test_a_holder_does_not_call_itself(tmp_path):
    """Goal: no server waits for its own component. Method: rules ask back, within their call."""
    data = bus_system()
    data["relationships"].append(connects("rules", "desk"))
    data["flows"][0]["transitions"].insert(2, transition("rules-desk", 2, "Ask back"))
    route = route_of(write(tmp_path, data))
    assert lines(route)[1:5] == ["desk < page", "rules < desk", "desk < rules", "bus < desk"]
    data["flows"][0]["transitions"].insert(3, transition("desk-rules", 2, "Ask again"))
    data["flows"][0]["transitions"].insert(4, transition("rules-desk", 2, "Ask back again"))
    for step in route_of(write(tmp_path, data)).steps:
        assert not (step.is_call and step.node == step.holder)


def test_without_a_store_the_third_party_executes(tmp_path):
    """Goal: an execution is found, and said to be assumed. Method: a broker, no database."""
    data = shop()
    data["nodes"][2] = node("ledger", "ecosystem")
    route = route_of(write(tmp_path, data))
    assert [s.node for s in route.steps if s.role == "execute"] == ["ledger"]
    assert route.remarks[0] == (
        "no message writes to a store; 'store-order' at ledger is assumed to be the execution"
    )


def test_work_that_only_the_client_asks_for_has_a_holder(tmp_path):
    """Goal: an execution is held by a component, not by a client. Method: one message and back."""
    data = shop()
    del data["flows"][0]["transitions"][1]
    assert lines(route_of(write(tmp_path, data))) == [
        "desk < client",
        "desk < desk execute",
        "desk < desk confirm",
    ]


def test_without_an_answer_nothing_is_acknowledged(tmp_path):
    """Goal: no acknowledgement is made up. Method: cut the answer of the bus system."""
    data = bus_system()
    del data["flows"][0]["transitions"][3]
    route = route_of(write(tmp_path, data))
    assert [s.role for s in route.steps if s.role] == ["execute", "confirm"]
    assert "no response goes back to where it entered" in route.remarks[0]
    assert (route.responder, route.keeper, route.findings) == (None, None, ())


def test_without_an_actor_clients_are_assumed(tmp_path):
    """Goal: a file without people still runs. Method: take the actor away."""
    data = bus_system()
    data["nodes"] = data["nodes"][1:]
    data["relationships"] = data["relationships"][1:]
    route = route_of(write(tmp_path, data))
    assert (route.actor, route.entry) == (None, ("page",))
    assert route.remarks == ("no actor leads to page; clients are assumed to reach it",)


def test_the_route_of_the_trading_system():
    """Goal: FINOS's 1.2 file, step by step. Method: the whole route."""
    assert lines(route_of(TRADING_SYSTEM)) == [
        "web-gui < client",
        "security-master < web-gui call",
        "trade-service < web-gui",
        "security-master < trade-service call",
        "account-service < trade-service call",
        "trade-feed < trade-service",
        "trade-service < trade-feed call acknowledge",
        "trade-processor < trade-feed",
        "trade-data-store < trade-processor call execute",
        "trade-feed < trade-processor call",
        "web-gui < trade-processor call",
        "trade-data-store < trade-processor call book",
        "trade-feed < trade-processor",
        "web-gui < trade-feed confirm",
    ]


def test_the_route_of_traderx():
    """Goal: the 2024-12 file, where the bus is the destination of its reader's connection.

    Method: the whole route.
    """
    assert lines(route_of(TRADERX)) == [
        "web-client < client",
        "web-gui-process < web-client",
        "reference-data-service < web-gui-process call",
        "trading-services < web-gui-process",
        "reference-data-service < trading-services call",
        "accounts-service < trading-services call",
        "trade-feed < trading-services",
        "trading-services < trade-feed call acknowledge",
        "trade-processor < trade-feed",
        "traderx-db < trade-processor call execute",
        "trade-feed < trade-processor",
        "web-gui-process < trade-feed confirm",
    ]


def test_step_names_are_identifiers(tmp_path):
    """Goal: any text gives a name, and equal texts different ones. Method: odd texts."""
    assert identifier("Publish (trades/new)!") == "publish-trades-new"
    assert identifier("3 – ซื้อ") == "a-3"
    assert identifier("ซื้อ") == "a"
    assert len(identifier("word " * 40)) <= 60
    data = shop()
    for each in data["flows"][0]["transitions"]:
        each["description"] = "Order"
    data["flows"][0] = flow("order", "Place an order", *data["flows"][0]["transitions"])
    names = [step.name for step in route_of(write(tmp_path, data)).steps]
    assert names == ["order", "order-2", "order-3"]
