"""Whether an incident is of a class, criterion by criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.bounds import Answer, all_met, any_met, met_count
from bcsim.conduct.finding import Finding, TraceLine, status_of
from bcsim.model.regime import Unit, amount_of

if TYPE_CHECKING:
    from bcsim.conduct.incident import Incident
    from bcsim.model.regime import Ceiling, Classification, Condition


def classify(rule: Classification, incident: Incident) -> Finding:
    """Classify an incident: all that is required, and one that suffices or enough others."""
    trace = tuple(
        _line(name, condition, incident)
        for name, criterion in rule.criteria.items()
        for condition in criterion.any_of
    )
    answers = criteria_answers(trace)
    required = all_met(answers[name] for name in rule.required)
    others = met_count(answers[name] for name in rule.others).at_least(rule.needed)
    either = [answers[name] for name in rule.sufficient]
    if rule.needed or not either:
        either.append(others)
    return Finding(status_of(all_met((required, any_met(either)))), trace)


def criteria_answers(trace: tuple[TraceLine, ...]) -> dict[str, Answer]:
    """Whether each criterion is met: by any of its lines."""
    groups = dict.fromkeys(line.group for line in trace)
    return {
        group: any_met(line.answer for line in trace if line.group == group) for group in groups
    }


def check_ceiling(rule: Ceiling, incident: Incident) -> Finding:
    """Check that a fact is at most so much."""
    value, most = incident.number(rule.fact), amount_of(rule.fact, rule.at_most)
    line = TraceLine(
        group="",
        what=rule.fact.value,
        unit=rule.fact.unit.value,
        answer=value.at_most(most),
        value=value,
        sign="<=",
        threshold=most,
        is_stated=rule.fact in incident.stated,
    )
    return Finding(status_of(line.answer), (line,))


def _line(group: str, condition: Condition, incident: Incident) -> TraceLine:
    fact, threshold = condition.fact, condition.threshold
    is_stated = fact in incident.stated
    if fact.unit is Unit.FLAG or threshold is None:
        answer = incident.flag(fact)
        return TraceLine(group, fact.value, fact.unit.value, answer, is_stated=is_stated)
    value = incident.number(fact)
    is_above = condition.above is not None
    return TraceLine(
        group=group,
        what=fact.value,
        unit=fact.unit.value,
        answer=value.above(threshold) if is_above else value.at_least(threshold),
        value=value,
        sign=">" if is_above else ">=",
        threshold=threshold,
        is_stated=is_stated,
    )
