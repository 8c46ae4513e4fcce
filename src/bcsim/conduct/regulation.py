"""The regimes that a firm's regulators name, evaluated on a run: clocks, classes and why.

A result never says that a firm complies. It says which criterion, value and threshold of which
rule gave which answer; what the run does not show is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bcsim.conduct.bounds import Bounds
from bcsim.conduct.classification import check_ceiling, classify
from bcsim.conduct.clock import check_deadline, local_time
from bcsim.conduct.complaint_clock import check_complaints
from bcsim.conduct.downtime_budget import check_downtime_budget
from bcsim.conduct.measurement import incident_of_run
from bcsim.model.regime_file import load_regime

if TYPE_CHECKING:
    import datetime

    from bcsim.conduct.bounds import Number
    from bcsim.conduct.day import ModelledDay
    from bcsim.conduct.finding import Finding, TraceLine
    from bcsim.conduct.incident import Incident
    from bcsim.model.fields import LocalText
    from bcsim.model.regime import Regime, Rule

    Document: TypeAlias = dict[str, object]


def assess_run(run: ModelledDay) -> list[Document]:
    """Evaluate every regime that the firm's regulators name.

    Returns
    -------
    list of dict
        One a regime, as in ``bcsim run --json``: its name and authority, and for each rule the
        status, the trace, its source with date, what to check with counsel, and of clocks the
        due times, in ns on the run's clock and as local times with their offset.
    """
    documents = []
    for regulator in run.firm.regulators:
        for applied in regulator.regimes:
            regime, incident = load_regime(applied.name), incident_of_run(run, applied)
            findings = assess(regime, incident)
            documents.append(_regime_document(applied.name, regime, incident, findings))
    return documents


def assess(regime: Regime, incident: Incident) -> dict[str, Finding]:
    """Evaluate every rule of a regime on an incident, in the order of the regime's file."""
    found = {
        name: classify(rule, incident)
        for name, rule in regime.rules.items()
        if rule.kind == "classification"
    }
    return {
        name: found[name] if name in found else _check(rule, incident, found)
        for name, rule in regime.rules.items()
    }


def _check(rule: Rule, incident: Incident, classes: dict[str, Finding]) -> Finding:
    match rule.kind:
        case "deadline":
            return check_deadline(rule, incident, classes[rule.when].status)
        case "ceiling":
            return check_ceiling(rule, incident)
        case "downtime-budget":
            return check_downtime_budget(rule, incident)
        case "complaint-handling":
            return check_complaints(rule, incident)
        case _:
            return classify(rule, incident)


# -- documents -------------------------------------------------------------------------------


def _regime_document(
    name: str, regime: Regime, incident: Incident, findings: dict[str, Finding]
) -> Document:
    return {
        "regime": name,
        "name": _both(regime.name),
        "authority": _both(regime.authority),
        "rules": [
            _rule_document(rule_name, regime.rules[rule_name], incident.start, finding)
            for rule_name, finding in findings.items()
        ],
    }


def _rule_document(name: str, rule: Rule, start: datetime.datetime, finding: Finding) -> Document:
    labels = rule.criteria if rule.kind == "classification" else {}
    document: Document = {
        "rule": name,
        "kind": rule.kind,
        "text": _both(rule.text),
        "status": finding.status.value,
        "when": rule.when if rule.kind == "deadline" else None,
        "trace": [
            _line_document(line, _both(labels[line.group].label) if line.group in labels else None)
            for line in finding.trace
        ],
        "clause": rule.clause,
        "source": rule.citation.model_dump(mode="json", exclude_none=True),
        "counsel": _both(rule.counsel),
    }
    for key, bounds in (("due", finding.due_ns), ("done", finding.done_ns)):
        if bounds is not None and bounds != Bounds():
            document[key] = _times(start, bounds)
    return document


def _line_document(line: TraceLine, label: dict[str, str] | None) -> Document:
    return {
        "group": line.group,
        "label": label,
        "what": line.what,
        "unit": line.unit,
        "answer": line.answer.value,
        "from": _plain(line.value.low),
        "to": _plain(line.value.high),
        "sign": line.sign,
        "threshold": _plain(line.threshold),
        "stated": line.is_stated,
    }


def _times(start: datetime.datetime, bounds: Bounds) -> Document:
    """Both ends of a time, ns and local; None where it has no such end."""
    found: Document = {}
    for key, time_ns in (("earliest", bounds.low), ("latest", bounds.high)):
        found[f"{key}_ns"] = None if time_ns is None else int(time_ns)
        local = None if time_ns is None else local_time(start, int(time_ns))
        found[key] = None if local is None else local.isoformat(timespec="seconds")
    return found


def _plain(number: Number | None) -> int | float | None:
    """A number as JSON has it."""
    return number if number is None or isinstance(number, int) else float(number)


def _both(text: LocalText) -> dict[str, str]:
    return {"en": text.en, "th": text.th}
