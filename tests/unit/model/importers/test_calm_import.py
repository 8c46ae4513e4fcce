"""Goal: an imported model holds together, says what it assumes, and runs as the file says.

Method: the small systems with controls and decorators, field by field; FINOS's files whole.
"""

from __future__ import annotations

import json

import pytest

from bcsim.model.component import ComponentKind
from bcsim.model.importers.calm_finding import MEANINGS
from bcsim.model.importers.calm_import import import_calm
from bcsim.model.importers.calm_report import import_document, import_text
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_MS, NS_PER_S
from tests.repository import ROOT
from tests.unit.model.importers.architectures import (
    TRADERX,
    TRADING_SYSTEM,
    bus_system,
    node,
    shop,
    with_level,
    write,
)


def unit(value, name):
    return {"value": value, "unit": name}


LEVEL = {
    "latency": {"alert_threshold": unit(150, "milliseconds")},
    "availability": {"uptime_guarantee": 99.9},
    "data_integrity": {"message_reliability": "exactlyOnce", "loss_tolerance": 0},
    "error_handling": {
        "retry_logic": {"max_retries": 3, "retry_interval": unit(50, "milliseconds")}
    },
    "incident_response": {"incident_resolution_time": unit(30, "minutes")},
    "review_adjustments": {"sla_review": unit(1, "years")},
    "monitoring": {"real_time": "by eye"},
}


def imported(tmp_path, data, *decorators):
    path = write(tmp_path, data)
    return import_calm(
        path, decorators=[write(tmp_path, d, f"d{i}.json") for i, d in enumerate(decorators)]
    )


def decorator(*applies_to, **data):
    head = {"unique-id": "mine", "type": "bcsim-operating-model", "target": ["architecture.json"]}
    return {**head, "applies-to": list(applies_to), "data": data}


def promising():
    """The bus system; its first flow promises everything."""
    data = bus_system()
    data["flows"][0] = with_level(data["flows"][0], **LEVEL)
    return data


def test_nodes_become_components(tmp_path):
    """Goal: kinds, stores, common causes, third parties, data classes. Method: one of each."""
    data = bus_system()
    data["nodes"] += [
        node("system", "system"),
        node("lan", "network"),
        node("broker", "ecosystem"),
        node("people", "ldap", metadata={"data-classification": "PII"}),
    ]
    inside = ["page", "desk", "rules", "bus", "worker", "ledger", "people"]
    data["relationships"] += [
        {
            "unique-id": "c",
            "relationship-type": {"composed-of": {"container": "system", "nodes": inside}},
        },
        {
            "unique-id": "d",
            "relationship-type": {"deployed-in": {"container": "lan", "nodes": ["system"]}},
        },
    ]
    firm = imported(tmp_path, data).firm
    kinds = {name: (c.kind, c.store and c.store.kind) for name, c in firm.components.items()}
    service = (ComponentKind.APPLICATION, "volatile")
    assert kinds == {
        "page": service,
        "desk": service,
        "rules": service,
        "bus": service,
        "worker": service,
        "ledger": (ComponentKind.DATABASE, "durable"),
        "lan": (ComponentKind.NETWORK, None),
        "broker": (ComponentKind.THIRD_PARTY, "durable"),
        "people": (ComponentKind.DATABASE, "durable"),
    }
    hosted = {name for name, c in firm.components.items() if c.dependencies}
    assert hosted == set(inside)
    assert firm.components["bus"].dependencies[0].on == ("lan",)
    assert firm.components["people"].data_class == "personal"


def test_a_service_level_binds_the_model(tmp_path):
    """Goal: deadlines, retries, dedup, repair, tolerance. Method: a level on the first flow."""
    firm = imported(tmp_path, promising()).firm
    product, tolerance = firm.products["order"], firm.services["orders"].tolerance
    assert product.acknowledge_within == 150 * NS_PER_MS
    assert product.execute_within == 30 * NS_PER_S  # the second flow promises nothing
    assert (tolerance.rto, tolerance.rpo) == (30 * NS_PER_MIN, 0)
    assert tolerance.mtpd == 8 * NS_PER_H + 45 * NS_PER_MIN + 36 * NS_PER_S
    assert tolerance.review_within == 365 * NS_PER_DAY
    steps = {step.id: step for step in firm.journeys["orders"].steps}
    retry = steps["publish-new-order"].retry
    assert retry is not None
    assert (retry.limit, retry.backoff, retry.cap) == (3, 50 * NS_PER_MS, 50 * NS_PER_MS)
    assert steps["new-order"].retry is None
    with_dedup = {name for name, c in firm.components.items() if c.dedup}
    assert with_dedup == {"page", "desk", "rules", "bus"}
    assert {name for name, c in firm.components.items() if c.repair} == set(firm.components)


def test_failures_are_told_until_the_order_is_acknowledged(tmp_path):
    """Goal: what each holder does without an answer. Method: all steps of the bus system."""
    steps = imported(tmp_path, bus_system()).firm.journeys["orders"].steps
    assert [(step.component, step.on_failure) for step in steps] == [
        ("page", "reject"),
        ("desk", "reject"),
        ("rules", "reject"),
        ("bus", "reject"),
        ("desk", "continue"),
        ("worker", "park"),
        ("ledger", "park"),
        ("bus", "park"),
        ("page", "park"),
    ]
    assert all(step.timeout for step in steps)


def test_a_failover_control_becomes_a_standby(tmp_path):
    """Goal: strategy, rto and rpo of a node. Method: FINOS's failover requirement on the bus."""
    data = bus_system()
    level = {
        "failover_strategy": "active-passive",
        "recovery_time_objective": unit(10, "minutes"),
        "recovery_point_objective": unit(2, "minutes"),
    }
    data["nodes"][4] = with_level(data["nodes"][4], **level)
    firm = imported(tmp_path, data).firm
    bus = firm.components["bus"]
    assert bus.store is not None
    assert bus.standby is not None
    assert (bus.store.kind, bus.store.lag) == ("replicated", 2 * NS_PER_MIN)
    assert (bus.standby.kind, bus.standby.decision) == ("warm", "automatic")
    assert (bus.site, bus.standby.site) == ("main-site", "standby-site")
    assert firm.services["orders"].tolerance.rto == 10 * NS_PER_MIN
    assert firm.services["orders"].tolerance.rpo == 2 * NS_PER_MIN


def test_decorators_come_before_controls_and_assumptions(tmp_path):
    """Goal: precedence and sources. Method: values for each sort of element."""
    result = imported(
        tmp_path,
        promising(),
        decorator("bus", servers=3, store="durable", service_time="1 ms", source="test 7"),
        decorator("client", orders_per_day=5, opens="10:00", latency="3 ms"),
        decorator(
            "submit", acknowledge_within="1 s", rto="1 min", retry={"limit": 1, "backoff": "9 ms"}
        ),
        decorator("desk-bus", loss=0.5, source="trace"),
        decorator("rules", dependencies=[{"kind": "hard", "on": ["ledger"]}]),
    )
    firm = result.firm
    bus = firm.components["bus"]
    assert (bus.servers, bus.source) == (3, "test 7")
    assert bus.store is not None
    assert bus.store.kind == "durable"
    assert firm.demand["client"].orders_per_day == 5
    assert firm.products["order"].sessions[0].open == 10 * NS_PER_H
    assert firm.products["order"].acknowledge_within == NS_PER_S
    assert firm.services["orders"].tolerance.rto == NS_PER_MIN
    assert firm.links["desk -> bus"].loss == firm.links["bus -> desk"].loss == 0.5
    assert firm.components["rules"].dependencies[0].on == ("ledger",)
    retries = {step.id: step.retry for step in firm.journeys["orders"].steps}
    publish = retries["publish-new-order"]
    assert publish is not None
    assert publish.limit == 1
    assumed = " ".join(firm.assumptions)
    assert "requests are served at a time by bus" not in assumed
    assert "5 orders a day, evenly spread, come from client (decorator mine)" in assumed


def test_what_is_assumed_is_marked_in_the_text(tmp_path):
    """Goal: a reader finds each assumed value. Method: numbers of comments and of sentences."""
    result = imported(tmp_path, bus_system())
    sentences = result.firm.assumptions
    assert all(sentence.startswith("assumption: ") for sentence in sentences)
    marked = {
        int(number)
        for line in result.text.splitlines()
        if "  # assumption " in line
        for number in line.split("  # assumption ")[1].split(", ")
    }
    unmarked = [s for i, s in enumerate(sentences, 1) if i not in marked]
    # What is not there has no line to stand beside, and 0 is no value to mark.
    silent = (
        "assumption: an order that is sent again is not recognised by page, desk, rules, bus, "
        "worker, ledger: nothing promises exactlyOnce"
    )
    assert unmarked == [silent]
    (bus_store,) = [i for i, s in enumerate(sentences, 1) if "of the bus bus" in s]
    assert f"store: {{kind: volatile}}  # assumption {bus_store}\n" in result.text


def test_a_promise_of_no_loss_rests_on_the_bus(tmp_path):
    """Goal: the gap is told while the bus is assumed. Method: without, and with a citation."""
    names = [f.name for f in imported(tmp_path / "a", promising()).findings]
    assert names == ["acknowledged-before-stored", "no-loss-rests-on-an-assumption"]
    cited = decorator("bus", store="durable", source="disk test 2026-02")
    names = [f.name for f in imported(tmp_path / "b", promising(), cited).findings]
    assert names == ["acknowledged-before-stored"]


def test_everything_left_out_is_listed(tmp_path):
    """Goal: lossless reporting. Method: a second actor, an idle connection, an odd control."""
    data = promising()
    data["nodes"] += [node("auditor", "actor"), node("archive", "database")]
    ends = {"source": {"node": "ledger"}, "destination": {"node": "archive"}}
    data["relationships"] += [
        {
            "unique-id": "audit",
            "relationship-type": {"interacts": {"actor": "auditor", "nodes": ["page"]}},
        },
        {"unique-id": "archiving", "relationship-type": {"connects": ends}},
    ]
    found = imported(tmp_path, data).unmapped
    assert [(u.element, u.reason) for u in found] == [
        ("node auditor", "it is not the actor whose orders are simulated"),
        ("relationship audit", "its actor does not order"),
        (
            "relationship archiving",
            "the order's flows do not cross it; a decorator can make it a dependency",
        ),
        ("control of flow submit: monitoring/real-time", "the model has no such promise"),
    ]


def test_values_that_cannot_be_are_listed(tmp_path):
    """Goal: an absurd promise is told, not simulated. Method: retries and times out of range."""
    data = promising()
    config = data["flows"][0]["controls"]["sla"]["requirements"][0]["config"]
    config["error-handling"]["retry-logic"]["max-retries"] = -1
    config["incident-response"]["incident-resolution-time"] = unit(1e300, "years")
    config["latency"]["alert-threshold"] = unit(5, "fortnights")
    result = imported(tmp_path, data)
    assert [u.element.partition(": ")[2] for u in result.unmapped] == [
        "latency/alert-threshold",
        "error-handling/retry-logic/max-retries",
        "incident-response/incident-resolution-time",
        "monitoring/real-time",
    ]
    assert all(step.retry is None for step in result.firm.journeys["orders"].steps)


def test_names_of_any_script_become_identifiers(tmp_path):
    """Goal: ids that the model could not have. Method: Thai, spaces, and two that collide."""
    data = shop()
    text = json.dumps(data).replace('"desk"', '"Desk A"').replace('"ledger"', '"desk_a"')
    data = json.loads(text)
    data["relationships"][1]["unique-id"] = "desk-ledger"
    firm = imported(tmp_path, data).firm
    assert list(firm.components) == ["desk-a", "desk-a-2"]
    assert [s.component for s in firm.journeys["orders"].steps] == ["desk-a", "desk-a-2", "desk-a"]


EXPECTED = {
    TRADERX: [
        "unknown-relationship",
        "flow-found-by-name",
        "control-names-another-file",
        "control-found-by-name",
        "control-found-by-name",
        "exactly-once-not-kept-downstream",
        *["retry-after-alert", "rate-typed-as-time", "constants-differ"] * 3,
        "acknowledged-before-stored",
        "no-loss-rests-on-an-assumption",
        "no-loss-rests-on-an-assumption",
    ],
    TRADING_SYSTEM: ["no-service-levels", "acknowledged-before-stored"],
}


@pytest.mark.parametrize("path", EXPECTED, ids=["2024-12", "1.2"])
def test_the_findings_of_finos(path):
    """Goal: exactly what the real files hold, no more. Method: all names."""
    assert [finding.name for finding in import_calm(path).findings] == EXPECTED[path]


def test_the_contradictions_of_traderx_name_their_places():
    """Goal: file and pointer of the three known contradictions. Method: their places."""
    findings = import_calm(TRADERX).findings
    submit = "flows/submit-trade-ticket/submit-trade-ticket-control-configuration.json#"
    process = "flows/trade-processing/trade-processing-control-configuration.json#"
    requirement = "controls/flow-sla-control-requirement.json#"
    told = {(f.name, tuple(map(str, f.places))) for f in findings}
    reliability = "/data-integrity/message-reliability"
    retry = "/error-handling/retry-logic/retry-interval"
    rate = "/throughput/expected-message-rate"
    schema_rate = f"{requirement}/properties/throughput/properties/expected-message-rate"
    assert told >= {
        ("exactly-once-not-kept-downstream", (submit + reliability, process + reliability)),
        ("retry-after-alert", (submit + retry, f"{submit}/latency/alert-threshold")),
        ("retry-after-alert", (process + retry, f"{process}/latency/alert-threshold")),
        ("rate-typed-as-time", (submit + rate, schema_rate)),
        ("rate-typed-as-time", (process + rate, schema_rate)),
    }


def test_the_report_says_everything(tmp_path):
    """Goal: text and document hold each finding, assumption and omission. Method: count them."""
    result = imported(tmp_path, promising())
    document, text = import_document(result), import_text(result)
    joined = " ".join(text.split())
    assert len(document["findings"]) == len(result.findings)
    assert document["assumptions"] == list(result.firm.assumptions)
    assert [f["file"] for f in document["files"]] == ["architecture.json"]
    assert [f["flow"] for f in document["flows"]["chosen"]] == ["submit", "process"]
    for finding in document["findings"]:
        assert finding["sentence"] in joined
        assert all(f"{p['file']}#{p['pointer']}" in joined for p in finding["places"])
    for sentence in result.firm.assumptions:
        assert sentence.removeprefix("assumption: ") in joined
    for each in result.unmapped:
        assert f"{each.element}: {each.reason}" in joined


def test_every_finding_is_documented():
    """Goal: docs cannot drift. Method: names and meanings in the how-to's table."""
    page = (ROOT / "docs" / "how-to" / "import-calm.md").read_text(encoding="utf-8")
    rows = [f"| `{name}` | {sort} | {meaning} |" for name, (sort, meaning) in MEANINGS.items()]
    assert [row for row in rows if row not in page] == []
