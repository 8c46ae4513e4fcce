"""Goal: a run's document says of every rule what came of it, why, by which text, and by when.

Method: every shipped regime on a run of the small broker whose data centre fails; one document
by hand; and statuses of a whole regime on an incident made for it.
"""

from __future__ import annotations

import datetime
import json
from zoneinfo import ZoneInfo

import pytest

from bcsim.conduct.bounds import Answer, exactly
from bcsim.conduct.incident import Incident
from bcsim.conduct.regulation import assess
from bcsim.experiment.run import run
from bcsim.model.regime import Fact, Instant, regime_names
from bcsim.model.regime_file import load_regime
from bcsim.units import NS_PER_H
from tests.brokerage import broker
from tests.recorded_run import firm_data, scenario

START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))


@pytest.fixture(scope="module")
def documents():
    """The document of a run under every shipped regime, by regime."""
    data = firm_data()
    applied = [{"name": name, "earlier_outages": []} for name in regime_names()]
    data["regulators"] = [{"name": "An authority", "regimes": applied}]
    result = run(broker(data), scenario(), seed=3, engine="reference")
    return {entry["regime"]: entry for entry in result.document["regimes"]}


def rule_of(documents, regime, name):
    (found,) = [rule for rule in documents[regime]["rules"] if rule["rule"] == name]
    return found


def test_every_rule_of_every_regime_is_told(documents):
    """Goal: no rule is left out. Method: names in the order of the files."""
    told = {name: [rule["rule"] for rule in entry["rules"]] for name, entry in documents.items()}
    assert told == {name: list(load_regime(name).rules) for name in regime_names()}
    assert json.loads(json.dumps(documents)) == documents


def test_every_rule_carries_its_source(documents):
    """Goal: a reader can look it up. Method: the same keys in every rule, none of them empty."""
    for entry in documents.values():
        for rule in entry["rules"]:
            assert set(rule["source"]) == {"title", "reference", "dated", "looked_up", "read"}
            assert all([rule["clause"], *rule["source"].values(), *rule["counsel"].values()])


def test_nothing_claims_compliance(documents):
    """Goal: a simulation proves no compliance. Method: look for the word."""
    assert "complian" not in json.dumps(documents).lower()
    assert "comply" not in json.dumps(documents).lower()


def test_one_rule_in_full(documents):
    """Goal: the shape of a document. Method: the recovery time of the run, by hand."""
    rule = rule_of(documents, "sg-mas-trm", "recovery-time")
    (line,) = rule.pop("trace")
    longest_ns = line.pop("from")
    assert 0 < longest_ns < NS_PER_H
    assert line == {
        "group": "",
        "label": None,
        "what": "recovery-time",
        "unit": "duration",
        "answer": "met",
        "to": longest_ns,
        "sign": "<=",
        "threshold": 4 * NS_PER_H,
        "stated": False,
    }
    assert {key: rule[key] for key in ("rule", "kind", "status", "when")} == {
        "rule": "recovery-time",
        "kind": "ceiling",
        "status": "met",
        "when": None,
    }


def test_due_times_are_absolute_and_local(documents):
    """Goal: when it is due, for machines and people. Method: one hour from awareness."""
    due = rule_of(documents, "sg-mas-trm", "notification")["due"]
    assert due["earliest_ns"] == due["latest_ns"]
    expected = START + datetime.timedelta(microseconds=due["latest_ns"] // 1000)
    assert due["latest"] == due["earliest"] == expected.isoformat(timespec="seconds")
    assert due["latest"].endswith("+07:00")


def test_what_a_run_cannot_show_is_unknown(documents):
    """Goal: missing evidence is never met. Method: statuses of the run, by hand."""
    statuses = {
        name: [rule["status"] for rule in entry["rules"]] for name, entry in documents.items()
    }
    assert statuses["eu-dora"][0] == "unknown"
    assert statuses["th-pdpa"] == ["unknown", "unknown"]
    assert statuses["th-sec-complaints"] == ["unknown"]
    assert statuses["sg-mas-trm"][2] == "unknown"


def test_a_firm_without_regimes_has_none():
    """Goal: a model that names nothing stays as it was. Method: the firm without regulators."""
    data = firm_data()
    del data["regulators"]
    assert run(broker(data), scenario(), seed=3, engine="reference").document["regimes"] == []


LATE_NS = 25 * NS_PER_H + 1


@pytest.mark.parametrize(
    ("outside", "status"), [(Answer.MET, "not_met"), (Answer.NOT_MET, "not_triggered")]
)
def test_a_class_starts_its_clocks(outside, status):
    """Goal: rules of a regime hang together. Method: an incident outside tolerance, and within."""
    incident = Incident(
        START,
        LATE_NS,
        flags={Fact.OUTSIDE_TOLERANCE: outside, Fact.MATERIAL_IMPACT: Answer.MET},
        instants={Instant.OUTSIDE_TOLERANCE: exactly(NS_PER_H), Instant.AWARENESS: exactly(0)},
        notices_ns=(LATE_NS,),
    )
    found = assess(load_regime("au-apra-cps230"), incident)
    assert {name: finding.status.value for name, finding in found.items()} == {
        "outside-tolerance": outside.value,
        "tolerance-notice": status,
        "material-incident": "met",
        "incident-notice": "met",
    }
    assert found["incident-notice"].due_ns == exactly(72 * NS_PER_H)
