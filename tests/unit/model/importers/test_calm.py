"""Goal: CALM of any draft is read to the same architecture; what is odd is told with its place.

Method: one small architecture, written in other forms, and with one thing wrong at a time.
"""

from __future__ import annotations

import copy

import pytest

from bcsim.errors import ModelError
from bcsim.model.importers.calm import read_architecture
from tests.unit.model.importers.architectures import (
    TRADERX,
    TRADING_SYSTEM,
    bus_system,
    connects,
    node,
    write,
)


def shape(architecture):
    """Everything that a form may not change."""
    return (
        {n.id: (n.kind, n.name) for n in architecture.nodes.values()},
        {r.id: (r.kind, r.source, r.targets) for r in architecture.relationships.values()},
        {
            f.id: [(t.relationship, t.sequence, t.text, t.is_reverse) for t in f.transitions]
            for f in architecture.flows.values()
        },
    )


def read(tmp_path, data):
    return read_architecture(write(tmp_path, data))


def names(architecture):
    return [finding.name for finding in architecture.findings]


def test_a_plain_file_is_read_without_a_word(tmp_path):
    """Goal: no false alarm. Method: the whole of a sound architecture."""
    found = read(tmp_path, bus_system())
    nodes, relationships, flows = shape(found)
    assert nodes["ledger"] == ("database", "Ledger")
    assert relationships["client-page"] == ("interacts", "client", ("page",))
    assert relationships["desk-bus"] == ("connects", "desk", ("bus",))
    assert flows["submit"][3] == ("page-desk", 4, "Order received", True)
    assert (len(nodes), len(relationships), list(flows)) == (7, 8, ["submit", "process"])
    assert (found.warnings, found.findings, found.unmapped) == ((), (), ())


def test_the_flat_form_is_the_same(tmp_path):
    """Goal: `"relationship-type": "connects"` is understood. Method: rewrite every one."""
    flat = copy.deepcopy(bus_system())
    for relationship in flat["relationships"]:
        ((kind, detail),) = relationship["relationship-type"].items()
        if kind == "connects":  # nodes as plain texts, too
            detail = {end: detail[end]["node"] for end in detail}
        relationship |= {"relationship-type": kind, kind: detail}
    assert shape(read(tmp_path / "a", flat)) == shape(read(tmp_path / "b", bus_system()))


def test_flows_in_files_of_their_own_are_the_same(tmp_path):
    """Goal: addresses of flows, and `summary`. Method: move each flow to a file with an `$id`."""
    apart = bus_system()
    for number, flow in enumerate(apart["flows"]):
        for transition in flow["transitions"]:
            transition["summary"] = transition.pop("description")
        address = f"https://example.com/flow/{flow['unique-id']}"
        write(tmp_path / "a", {"$id": address, **flow}, f"flows/{number}.json")
    apart["flows"] = [f"https://example.com/flow/{f['unique-id']}" for f in apart["flows"]]
    found = read(tmp_path / "a", apart)
    assert shape(found) == shape(read(tmp_path / "b", bus_system()))
    assert found.findings == ()


def test_odd_nodes_are_told(tmp_path):
    """Goal: warnings with places, nothing refused. Method: four odd nodes."""
    odd = bus_system()
    odd["nodes"] += [{"name": "x"}, node("bus"), node("queue", "ibm-mq"), {"unique-id": "bare"}]
    found = read(tmp_path, odd)
    assert [(w.message, w.value, w.severity) for w in found.warnings] == [
        ("a node without unique-id: passed over", "", "warning"),
        ("a second node of this unique-id: passed over", "bus", "warning"),
        ("a node-type that CALM does not name", "ibm-mq", "warning"),
        ("a node without node-type: taken for a service", "bare", "warning"),
    ]
    assert all(w.file.endswith("architecture.json") and w.line > 1 for w in found.warnings)
    assert (found.nodes["queue"].kind, found.nodes["bare"].kind) == ("ibm-mq", "service")
    assert [u.element for u in found.unmapped] == ["node", "node bus"]


def test_dangling_references_are_findings(tmp_path):
    """Goal: node, relationship, flow and control that are not there. Method: one each."""
    broken = bus_system()
    broken["relationships"].append(connects("desk", "buss"))
    broken["flows"][0]["transitions"][1]["relationship-unique-id"] = "desk-ruless"
    broken["flows"].append("https://example.com/none")
    use = {"requirement-url": "https://example.com/r", "config-url": "https://example.com/c"}
    broken["controls"] = {"sla": {"description": "", "requirements": [use]}}
    found = read(tmp_path, broken)
    assert [(f.name, f.sentence) for f in found.findings] == [
        (
            "unknown-node",
            "relationship desk-buss refers to node 'buss', which is not there; bus is near.",
        ),
        (
            "unknown-relationship",
            (
                "flow submit goes over relationship 'desk-ruless', which is not there; "
                "desk-rules is near."
            ),
        ),
        ("flow-not-found", "no file in the folder is the flow https://example.com/none."),
        (
            "control-not-found",
            (
                "no file in the folder is https://example.com/c, which configures "
                "control sla of the architecture."
            ),
        ),
    ]
    assert [f.places[0].pointer for f in found.findings] == [
        "/relationships/8/relationship-type/connects",
        "/flows/0/transitions/1/relationship-unique-id",
        "/flows/2",
        "/controls/sla/requirements/0/config-url",
    ]
    assert len(found.flows["submit"].transitions) == 3


def test_what_is_not_understood_is_listed(tmp_path):
    """Goal: nothing is left out silently. Method: an option, an odd key of each sort."""
    rich = bus_system()
    rich["adrs"] = ["https://example.com/adr"]
    rich["nodes"][2] |= {"interfaces": [{"unique-id": "i", "port": 1}]}
    rich["relationships"][1] |= {"protocol": "HTTPS"}
    rich["relationships"].append({"unique-id": "o", "relationship-type": {"options": []}})
    found = read(tmp_path, rich)
    assert [(u.element, [p.pointer for p in u.places]) for u in found.unmapped] == [
        ("`interfaces` of nodes", ["/nodes/2/interfaces"]),
        ("`protocol` of relationships", ["/relationships/1/protocol"]),
        ("relationship o", ["/relationships/8"]),
        ("`adrs`", ["/adrs"]),
    ]


@pytest.mark.parametrize("data", [{"relationships": []}, {"nodes": []}, ["nodes"], "nodes"])
def test_no_architecture_is_refused(tmp_path, data):
    """Goal: exit with a place, not with an empty model. Method: documents without nodes."""
    with pytest.raises(ModelError, match="not a CALM architecture: it has no nodes"):
        read(tmp_path, data)


@pytest.mark.parametrize(
    ("path", "counts", "found"),
    [
        pytest.param(TRADING_SYSTEM, (13, 18, 7), [], id="1.2"),
        pytest.param(
            TRADERX,
            (14, 23, 6),
            [
                "unknown-relationship",
                "flow-found-by-name",
                "control-names-another-file",
                "control-found-by-name",
                "control-found-by-name",
            ],
            id="2024-12",
        ),
    ],
)
def test_the_architectures_of_finos(path, counts, found):
    """Goal: both real files are read whole. Method: numbers of parts, names of findings."""
    architecture = read_architecture(path)
    sections = (architecture.nodes, architecture.relationships, architecture.flows)
    assert tuple(len(section) for section in sections) == counts
    assert names(architecture) == found
    assert architecture.warnings == ()
