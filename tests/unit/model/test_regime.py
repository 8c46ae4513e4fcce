"""Goal: regimes are data with a source, read strictly; nothing in them is taken on trust.

Method: every rule of every shipped file is looked at; small wrong files give errors with file,
line and key; thresholds are read in their fact's unit.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from bcsim.errors import ModelError
from bcsim.model.loading import load_text
from bcsim.model.regime import Fact, Regime, amount_of, months_of, regime_names
from bcsim.model.regime_file import load_regime
from bcsim.model.regulator import AppliedRegime
from bcsim.units import NS_PER_H
from tests.brokerage import found_by

if TYPE_CHECKING:
    from bcsim.model.fields import LocalText

RULES = [(name, rule) for name in regime_names() for rule in load_regime(name).rules]

FILE = """\
format: bcsim-regime/1
name: A regime
authority: An authority
rules:
  major:
    kind: classification
    text: Whether it is major.
    clause: article 1
    citation: {title: Law, reference: book, dated: "2024", looked_up: 2026-11-22, read: memory}
    counsel: Check with counsel.
    needed: 1
    criteria:
      downtime: {label: downtime, any_of: [{fact: service-downtime, above: 2 h}]}
  notice:
    kind: deadline
    text: A notice.
    clause: article 2
    citation: {title: Law, reference: book, dated: "2024", looked_up: 2026-11-22, read: memory}
    counsel: Check with counsel.
    when: major
    act: first-notice
    limits: [{after: awareness, within: 4 h}]
"""


def problems(old: str, new: str) -> list[tuple[str, int, str]]:
    """File, line and message of what is wrong once a part of the file is replaced."""
    assert old in FILE
    with pytest.raises(ModelError) as caught:
        load_text(FILE.replace(old, new, 1), "a.yaml", Regime)
    return [(p.file, p.line, p.message) for p in caught.value.problems]


def test_the_shipped_regimes():
    """Goal: no regime is lost. Method: their names."""
    assert regime_names() == (
        "au-apra-cps230",
        "eu-dora",
        "sg-mas-trm",
        "th-bot-mobile-banking",
        "th-pdpa",
        "th-sec-complaints",
    )


@pytest.mark.parametrize(("regime", "name"), RULES)
def test_every_rule_has_a_source_with_dates(regime, name):
    """Goal: no rule without title, reference, dates and counsel. Method: read each."""
    rule = load_regime(regime).rules[name]
    assert rule.clause
    assert rule.citation.title
    assert rule.citation.reference
    dated = datetime.date.fromisoformat(f"{rule.citation.dated}-01-01"[:10])
    assert dated < rule.citation.looked_up
    assert "Check with counsel" in rule.counsel.en
    assert "ที่ปรึกษากฎหมาย" in rule.counsel.th


@pytest.mark.parametrize("regime", regime_names())
def test_every_text_is_in_both_languages(regime):
    """Goal: Thai readers get Thai. Method: the two texts differ, and one has Thai letters."""
    loaded = load_regime(regime)
    texts: list[LocalText] = [loaded.name, loaded.authority]
    for rule in loaded.rules.values():
        texts += [rule.text, rule.counsel]
        if rule.kind == "classification":
            texts += [criterion.label for criterion in rule.criteria.values()]
    assert [text.en for text in texts if not any("ก" <= letter <= "๛" for letter in text.th)] == []
    assert [text.th for text in texts if any("ก" <= letter <= "๛" for letter in text.en)] == []


def test_the_small_file_is_sound():
    """Goal: the errors below come from what they change. Method: load it unchanged."""
    assert list(load_text(FILE, "a.yaml", Regime).value.rules) == ["major", "notice"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("needed: 1", "need: 1", 11, "unknown key 'need'"),
        ("    clause: article 1\n", "", 5, "missing key 'clause'"),
        ("above: 2 h", "above: 2 %", 13, "a duration such as '2 h' for service-downtime"),
        ("above: 2 h", "above: 100 EUR", 13, "a duration such as '2 h' for service-downtime"),
        ("service-downtime, above: 2 h", "costs-and-losses, above: 5 THB", 13, "'2 EUR'"),
        ("service-downtime, above: 2 h", "clients-affected-share, above: 0.1", 13, "not a text"),
        ("service-downtime, above: 2 h", "service-downtime", 13, "takes one of above, at_least"),
        ("service-downtime, above: 2 h", "malicious-access, above: 2 h", 13, "no threshold"),
        ("service-downtime", "down-time", 13, "unknown value"),
        ("needed: 1", "needed: 2", 11, "more than the 1 other criteria"),
        ("needed: 1", "required: [uptime]", 6, "unknown criterion 'uptime'"),
        ("when: major", "when: minor", 1, "starts with minor, which is no classification"),
        ("within: 4 h", "within: soon", 22, "not a period"),
        ("[{after: awareness, within: 4 h}]", "[]", 22, "an empty list"),
        ('dated: "2024"', 'dated: "last year"', 9, ""),
        ("looked_up: 2026-11-22, ", "", 9, "missing key 'looked_up'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old, new, line, message):
    """Goal: a wrong unit or key is an error with its place. Method: one change at a time."""
    found = problems(old, new)
    assert [(file, at) for file, at, _ in found] == [("a.yaml", line)]
    assert message in found[0][2]


@pytest.mark.parametrize(
    ("fact", "text", "amount"),
    [
        (Fact.SERVICE_DOWNTIME, "2 h", 2 * NS_PER_H),
        (Fact.CLIENT_SHARE, "10 %", Fraction(1, 10)),
        (Fact.CLIENT_SHARE, "0.5 %", Fraction(1, 200)),
        (Fact.CLIENTS, "100000 clients", 100_000),
        (Fact.MEMBER_STATES, "2 Member States", 2),
    ],
)
def test_amounts_are_exact(fact, text, amount):
    """Goal: a threshold is no rounded number. Method: written-out values."""
    assert amount_of(fact, text) == amount


def test_periods_in_months():
    """Goal: a month is not thirty days. Method: both forms."""
    assert [months_of(text) for text in ("1 month", "12 months", "30 d", "0 months")] == [
        1,
        12,
        0,
        0,
    ]


def test_what_a_firm_states_has_its_unit():
    """Goal: stated facts are as strict as thresholds. Method: right and wrong values."""
    right = AppliedRegime(
        name="eu-dora", stated={Fact.MALICIOUS_ACCESS: False, Fact.COSTS: "5 EUR"}
    )
    assert AppliedRegime.model_validate_json(right.model_dump_json()) == right
    for fact, value in (
        (Fact.MALICIOUS_ACCESS, "no"), (Fact.COSTS, True), (Fact.COSTS, "5 %"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            AppliedRegime(name="eu-dora", stated={fact: value})


def test_names_in_a_model_are_looked_up():
    """Goal: a misspelt regime or service stops a model. Method: one of each."""
    regime = {"name": "eu-dore", "services": ["none"], "notified_by": ["tell-clients"]}
    outage = {"service": "nothing", "began": "2026-01-02T10:00:00", "lasted": "1 h"}
    regulator = {"name": "An authority", "regimes": [regime | {"earlier_outages": [outage]}]}
    assert found_by(lambda data: data.update(regulators=[regulator])) == [
        ("error", "regulators.0.regimes.0.name", "unknown regime"),
        ("error", "regulators.0.regimes.0.services.0", "unknown service"),
        ("error", "regulators.0.regimes.0.notified_by.0", "unknown notice to a regulator"),
        ("error", "regulators.0.regimes.0.earlier_outages.0.service", "unknown service"),
    ]
