"""Goal: the flows of an order are chosen for a stated reason, or as the user wants.

Method: the small bus system with flows added; both architectures of FINOS.
"""

from __future__ import annotations

import pytest

from bcsim.errors import UsageError
from bcsim.model.importers.calm import read_architecture
from bcsim.model.importers.calm_flows import choose_flows, client_distance, messages, words
from tests.unit.model.importers.architectures import (
    TRADERX,
    TRADING_SYSTEM,
    bus_system,
    flow,
    transition,
    write,
)


def read(tmp_path, data):
    return read_architecture(write(tmp_path, data))


def test_messages_know_what_they_answer(tmp_path):
    """Goal: responses, and deliveries that only look like some. Method: both directions."""
    data = bus_system()
    turned = transition("bus-worker", 5, "Pull", reverse=True)
    data["flows"][0]["transitions"].append(turned)
    found = messages(read(tmp_path, data).flows["submit"], read(tmp_path, data))
    assert [(m.sender, m.receiver, m.answers and m.answers.text) for m in found] == [
        ("page", "desk", None),
        ("desk", "rules", None),
        ("desk", "bus", None),
        ("desk", "page", "Submit order"),
        ("worker", "bus", None),
    ]


def test_distance_is_counted_from_the_actor(tmp_path):
    """Goal: how far a node is from clients. Method: with an actor, a web client, and neither."""
    data = bus_system()
    assert client_distance(read(tmp_path, data)) == {
        "client": 0,
        "page": 1,
        "desk": 2,
        "rules": 3,
        "bus": 3,
        "worker": 4,
        "ledger": 5,
    }
    data["nodes"][0]["node-type"] = "service"
    assert client_distance(read(tmp_path, data))["page"] == 0
    data["nodes"][1]["node-type"] = "service"
    assert client_distance(read(tmp_path, data))["client"] == 0


def test_the_order_flow_is_found_and_continued(tmp_path):
    """Goal: entry and continuation, with reasons; others with theirs. Method: two flows more."""
    data = bus_system()
    data["flows"] += [
        flow("look", "Load orders", transition("page-desk", 1, "Load orders")),
        flow("amend", "Amend an order", transition("bus-worker", 1, "Amended")),
    ]
    choice = choose_flows(read(tmp_path, data))
    assert [f.id for f in choice.chosen] == ["submit", "process"]
    assert choice.reasons == (
        "of the flows that begin nearest to the client, its words most submit an order",
        "it goes on from bus, where submit ends",
    )
    assert [(f.id, why) for f, why in choice.others] == [
        ("look", "its words do not submit an order"),
        ("amend", "its words do not submit an order"),
    ]


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        (TRADING_SYSTEM, ["submit-trade-flow", "process-trade-flow"]),
        (TRADERX, ["flow-submit-trade-ticket", "flow-new-trade"]),
    ],
)
def test_the_order_flows_of_finos(path, chosen):
    """Goal: the right two of seven, of six. Method: both real files."""
    assert [f.id for f in choose_flows(read_architecture(path)).chosen] == chosen


def test_wanted_flows_are_taken_in_their_order(tmp_path):
    """Goal: the user decides. Method: the other order; then a name that is not there."""
    architecture = read(tmp_path, bus_system())
    choice = choose_flows(architecture, ("process", "submit"))
    assert [f.id for f in choice.chosen] == ["process", "submit"]
    assert choice.reasons == ("named by --flow", "named by --flow")
    with pytest.raises(UsageError, match="did you mean 'submit'"):
        choose_flows(architecture, ("submitt",))


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        ([], "no flow that can be read"),
        ([flow("look", "Load", transition("page-desk", 1, "Load"))], "none of the flows looks"),
    ],
)
def test_no_order_flow_is_an_error(tmp_path, flows, message):
    """Goal: no journey is made up. Method: no flow, and one that only reads."""
    with pytest.raises(UsageError, match=message):
        choose_flows(read(tmp_path, {**bus_system(), "flows": flows}))


def test_words_split_at_anything_else():
    """Goal: topics such as trades/new have two words. Method: one text."""
    assert words("Publish (trades/new), v2") == {"publish", "trades", "new", "v"}
