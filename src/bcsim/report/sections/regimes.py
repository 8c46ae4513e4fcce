"""Regulatory clocks and classes: what each rule came to on this run, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.regime import months_of
from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.naming import names_of
from bcsim.units import NS_PER_H, parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.regime_result import RegimeResult, RuleResult, TraceEntry
    from bcsim.report.wording import Words

_CLASSIFICATION: Final = "classification"

_HOURS_MAX: Final = 72
"""Longest period that rules give in hours."""


def regimes(account: Account, words: Words) -> Section | None:
    """Show every rule of the regimes that the model's regulators name; nothing without any."""
    found = account.run.measures.regimes
    if not found:
        return None
    columns = (
        Column(words.say("regimes.rule")),
        Column(words.say("regimes.result")),
        Column(words.say("regimes.why"), "text"),
    )
    rows = [_row(account, words, regime, rule) for regime in found for rule in regime.rules]
    counsel = dict.fromkeys(words.name(rule.counsel) for regime in found for rule in regime.rules)
    return Section(
        "regimes",
        words.say("section.regimes"),
        paragraphs=(words.say("regimes.lead"),),
        table=Table(columns, tuple(rows)),
        remarks=tuple(counsel),
    )


def _row(
    account: Account, words: Words, regime: RegimeResult, rule: RuleResult
) -> tuple[Cell, ...]:
    source = f"{rule.clause} · {rule.source.title} ({rule.source.dated})"
    kind = "class" if rule.kind == _CLASSIFICATION else "limit"
    tell = {_CLASSIFICATION: _criteria, "deadline": _deadline}.get(rule.kind, _limits)
    why = list(tell(account, words, rule)) or [words.say("regimes.no_evidence")]
    return (
        Cell(words.name(rule.text), note=f"{words.name(regime.name)} · {source}"),
        Cell(words.say(f"regimes.{kind}.{rule.status}"), tone=_tone(rule)),
        Cell("; ".join(why)),
    )


def _tone(rule: RuleResult) -> Tone:
    if rule.status in {"unknown", "not_triggered"}:
        return "unknown" if rule.status == "unknown" else "quiet"
    if rule.kind == _CLASSIFICATION:
        return "late" if rule.status == "met" else "quiet"
    return "good" if rule.status == "met" else "bad"


# -- why -------------------------------------------------------------------------------------


def _criteria(account: Account, words: Words, rule: RuleResult) -> Iterator[str]:
    """Criteria by their answers; of one that is met, the first comparison that says so."""
    del account
    groups: dict[str, list[TraceEntry]] = {}
    for line in rule.trace:
        groups.setdefault(line.group, []).append(line)
    for status in ("met", "not_met", "unknown"):
        told = [
            _criterion(words, lines, status)
            for lines in groups.values()
            if _answer(lines) == status
        ]
        if told:
            yield words.say(f"regimes.criteria.{status}", criteria=words.listing(told))


def _answer(lines: list[TraceEntry]) -> str:
    """Whether a criterion is met: by any of its comparisons."""
    answers = {line.answer for line in lines}
    return next(one for one in ("met", "unknown", "not_met") if one in answers)


def _criterion(words: Words, lines: list[TraceEntry], status: str) -> str:
    label = lines[0].group if lines[0].label is None else words.name(lines[0].label)
    if any(line.stated for line in lines if line.answer == status):
        label = words.say("regimes.stated", label=label)
    decisive = next((line for line in lines if line.answer == status and line.threshold), None)
    if decisive is None or status != "met":
        return label
    comparison = words.say(
        "regimes.comparison",
        what=words.say(f"regimes.fact.{decisive.what}"),
        value=_value(words, decisive),
        sign=decisive.sign,
        threshold=_amount(words, decisive.unit, decisive.threshold or 0),
    )
    return f"{label} ({comparison})"


def _deadline(account: Account, words: Words, rule: RuleResult) -> Iterator[str]:
    """When it was due, limit by limit, and when it was done."""
    for line in rule.trace:
        within = _period(words, line.group)
        after = words.say(f"regimes.instant.{line.what}")
        due_ns = line.most if line.most is not None else line.least
        is_shown = due_ns is not None and not _waits(account, line)
        key = "due" if line.most is not None else "due_not_before"
        if line.unit == "void" or not is_shown:
            yield words.say("regimes.due_open", within=within, after=after)
        else:
            time = words.clock(int(due_ns or 0))
            yield words.say(f"regimes.{key}", within=within, after=after, time=time)
    if rule.status == "not_triggered" or rule.done is None:
        return
    if rule.done.latest_ns is None:
        yield words.say("regimes.not_seen", time=words.clock(account.end_ns))
    else:
        yield words.say("regimes.done", time=words.clock(rule.done.latest_ns))


def _waits(account: Account, line: TraceEntry) -> bool:
    """Whether a clock starts with a notice that the run has not seen."""
    is_open = line.most is None
    return is_open and line.what.endswith("notice") and (line.least or 0) > account.end_ns


def _limits(account: Account, words: Words, rule: RuleResult) -> Iterator[str]:
    """Values beside their limits, by service or complaint."""
    names = names_of(account, words)
    for line in rule.trace:
        comparison = words.say(
            "regimes.limit_comparison",
            what=words.say(f"regimes.fact.{line.what}"),
            value=_value(words, line),
            threshold=_amount(words, line.unit, line.threshold or 0),
        )
        yield f"{names.service(line.group)}: {comparison}" if line.group else comparison


# -- quantities ------------------------------------------------------------------------------


def _value(words: Words, line: TraceEntry) -> str:
    """What is known of a value: itself, or its bounds."""
    low, high = (
        None if n is None else _amount(words, line.unit, n) for n in (line.least, line.most)
    )
    if low is None or line.least == line.most:
        return low or words.say("regimes.not_known")
    if high is None:
        return words.say("regimes.at_least", least=low)
    return words.say("regimes.between", least=low, most=high)


def _amount(words: Words, unit: str, number: float) -> str:
    if unit == "duration":
        return words.duration(int(number))
    return words.percent(number) if unit == "ratio" else words.number(int(number))


def _period(words: Words, text: str) -> str:
    """A period as rules put it: 72 hours, and not three days."""
    months = months_of(text)
    if months:
        return words.say("regimes.months", count=months)
    hours, rest = divmod(parse_duration(text), NS_PER_H)
    if rest or hours > _HOURS_MAX:
        return words.duration(parse_duration(text))
    return words.say("regimes.hours", count=hours)
