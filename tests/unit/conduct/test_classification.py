"""Goal: an incident is of a class exactly when its criteria say so, and unknown stays unknown.

Method: every threshold of every shipped regime is tried just below, at and just above it, against
a table written by hand; the ways of counting criteria are tried on the major incident of DORA.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from bcsim.conduct.bounds import Answer, Bounds, exactly
from bcsim.conduct.classification import check_ceiling, classify, criteria_answers
from bcsim.conduct.finding import Status
from bcsim.conduct.incident import Incident
from bcsim.model.regime import Ceiling, Classification, Fact, Unit
from bcsim.units import NS_PER_H
from tests.unit.conduct.rules import all_of, rule_of

START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
BILLIONTH = Fraction(1, 10**9)

THRESHOLDS = [
    # regime, rule, criterion, fact, threshold, smallest step, whether the threshold itself is met
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.CLIENT_SHARE,
     Fraction(1, 10), BILLIONTH, False),
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.CLIENTS, 100_000, 1, False),
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.COUNTERPART_SHARE,
     Fraction(3, 10), BILLIONTH, False),
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.TRANSACTION_SHARE,
     Fraction(1, 10), BILLIONTH, False),
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.VALUE_SHARE,
     Fraction(1, 10), BILLIONTH, False),
    ("eu-dora", "major-incident", "duration", Fact.INCIDENT_TIME, 24 * NS_PER_H, 1, False),
    ("eu-dora", "major-incident", "duration", Fact.SERVICE_DOWNTIME, 2 * NS_PER_H, 1, False),
    ("eu-dora", "major-incident", "geography", Fact.MEMBER_STATES, 2, 1, True),
    ("eu-dora", "major-incident", "economy", Fact.COSTS, 100_000, 1, False),
]  # fmt: skip

FLAGS = [
    ("eu-dora", "major-incident", "critical-services", Fact.CRITICAL_SERVICES),
    ("eu-dora", "major-incident", "malicious-access", Fact.MALICIOUS_ACCESS),
    ("eu-dora", "major-incident", "clients-and-transactions", Fact.RELEVANT_CLIENTS),
    ("eu-dora", "major-incident", "reputation", Fact.REPUTATION),
    ("eu-dora", "major-incident", "data", Fact.DATA_LOSS),
    ("sg-mas-trm", "relevant-incident", "critical-system", Fact.CRITICAL_SERVICES),
    ("sg-mas-trm", "relevant-incident", "impact", Fact.MATERIAL_IMPACT),
    ("au-apra-cps230", "outside-tolerance", "tolerance", Fact.OUTSIDE_TOLERANCE),
    ("au-apra-cps230", "material-incident", "impact", Fact.MATERIAL_IMPACT),
    ("th-pdpa", "personal-data-breach", "breach", Fact.PERSONAL_DATA),
]


def incident(numbers=None, flags=None) -> Incident:
    return Incident(START, 10 * NS_PER_H, numbers=numbers or {}, flags=flags or {})


def answer(regime, rule, criterion, fact, found):
    """The answer of one comparison."""
    told = classify(rule_of(regime, rule, Classification), found)
    (line,) = [line for line in told.trace if (line.group, line.what) == (criterion, fact.value)]
    return line.answer


def test_no_threshold_is_left_out():
    """Goal: the tables above hold every condition. Method: those of the files."""
    conditions = [
        (regime, name, group, condition.fact)
        for regime, name, rule in all_of(Classification)
        for group, criterion in rule.criteria.items()
        for condition in criterion.any_of
    ]
    assert sorted(conditions) == sorted([*(row[:4] for row in THRESHOLDS), *FLAGS])


@pytest.mark.parametrize("row", THRESHOLDS)
def test_just_below_at_and_just_above(row):
    """Goal: not one nanosecond off. Method: three values, and bounds around the threshold."""
    regime, rule, criterion, fact, threshold, step, at_threshold = row

    def ask(bounds):
        return answer(regime, rule, criterion, fact, incident({fact: bounds}))

    assert ask(exactly(threshold - step)) is NOT_MET
    assert ask(exactly(threshold)) is (MET if at_threshold else NOT_MET)
    assert ask(exactly(threshold + step)) is MET
    assert ask(Bounds(threshold + step, None)) is MET
    assert ask(Bounds(threshold - step, threshold + step)) is UNKNOWN
    assert ask(Bounds(None, threshold - step)) is NOT_MET
    assert ask(Bounds(threshold - step, None)) is UNKNOWN
    assert ask(Bounds()) is UNKNOWN


@pytest.mark.parametrize(("regime", "rule", "criterion", "fact"), FLAGS)
def test_facts_that_are_yes_or_no(regime, rule, criterion, fact):
    """Goal: each is asked for. Method: all three answers, and nothing known."""
    assert fact.unit is Unit.FLAG
    for given in Answer:
        assert answer(regime, rule, criterion, fact, incident(flags={fact: given})) is given
    assert answer(regime, rule, criterion, fact, incident()) is UNKNOWN


# -- counting criteria -----------------------------------------------------------------------

DORA = rule_of("eu-dora", "major-incident", Classification)
OTHERS = ("clients-and-transactions", "reputation", "duration", "geography", "data", "economy")


def dora(*met: str, unknown: tuple[str, ...] = ()) -> Status:
    """Status when some criteria are met, some are not known, and the others are not met."""
    numbers, flags = {}, {}
    for name, criterion in DORA.criteria.items():
        for condition in criterion.any_of:
            if name in unknown:
                continue
            threshold = condition.threshold
            if threshold is None:
                flags[condition.fact] = MET if name in met else NOT_MET
            else:
                numbers[condition.fact] = exactly(2 * threshold if name in met else 0)
    return classify(DORA, incident(numbers, flags)).status


def test_two_criteria_besides_critical_services():
    """Goal: article 8(1)(b). Method: none, one and two of every pair of neighbours."""
    assert DORA.others == OTHERS
    assert dora("critical-services") is Status.NOT_MET
    for first, second in zip(OTHERS, (*OTHERS[1:], OTHERS[0]), strict=True):
        assert dora("critical-services", first) is Status.NOT_MET
        assert dora("critical-services", first, second) is Status.MET
        assert dora(first, second) is Status.NOT_MET


def test_malicious_access_is_enough():
    """Goal: article 8(1)(a). Method: with and without critical services."""
    assert dora("critical-services", "malicious-access") is Status.MET
    assert dora("malicious-access") is Status.NOT_MET


def test_what_is_not_known_stays_unknown():
    """Goal: missing evidence is never an answer, unless it cannot change it. Method: by hand."""
    assert dora("critical-services", "data", unknown=("economy",)) is Status.UNKNOWN
    assert dora("critical-services", unknown=("economy",)) is Status.NOT_MET
    assert dora("critical-services", unknown=("economy", "geography")) is Status.UNKNOWN
    assert dora("critical-services", unknown=("malicious-access",)) is Status.UNKNOWN
    assert dora("data", "economy", unknown=("critical-services",)) is Status.UNKNOWN
    assert dora(unknown=("economy", "geography", "malicious-access")) is Status.NOT_MET
    assert dora("critical-services", "data", "economy", unknown=("geography",)) is Status.MET
    assert classify(DORA, incident()).status is Status.UNKNOWN


def test_a_criterion_is_met_by_any_of_its_conditions():
    """Goal: conditions are alternatives. Method: one of six is met, the rest are not known."""
    trace = classify(DORA, incident({Fact.CLIENTS: exactly(100_001)})).trace
    assert criteria_answers(trace)["clients-and-transactions"] is MET


def test_the_trace_says_what_is_stated():
    """Goal: a stated fact is told from a measured one. Method: one of each."""
    found = Incident(
        START, 1, flags={Fact.MALICIOUS_ACCESS: NOT_MET}, stated=frozenset({Fact.MALICIOUS_ACCESS})
    )
    stated = [line.what for line in classify(DORA, found).trace if line.is_stated]
    assert stated == ["malicious-access"]


def test_ceilings():
    """Goal: at most four hours, and not a nanosecond more. Method: around the threshold."""
    ((regime, name, rule),) = all_of(Ceiling)
    assert (regime, name) == ("sg-mas-trm", "recovery-time")
    most = 4 * NS_PER_H
    for bounds, status in (
        (exactly(most - 1), Status.MET),
        (exactly(most), Status.MET),
        (exactly(most + 1), Status.NOT_MET),
        (Bounds(most - 1, None), Status.UNKNOWN),
        (Bounds(most + 1, None), Status.NOT_MET),
        (Bounds(), Status.UNKNOWN),
    ):
        assert check_ceiling(rule, incident({Fact.RECOVERY_TIME: bounds})).status is status
