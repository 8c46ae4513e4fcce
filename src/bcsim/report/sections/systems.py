"""The nine service systems: one row each, and each one's measures below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.report.content import Cell, Column, Detail, Section, Table
from bcsim.report.measure_words import measure_words, system_names, value_in_words
from bcsim.report.naming import names_of
from bcsim.report.sections.evidence import evidence_tables, product_tables
from bcsim.report.sections.fairness import fairness_table
from bcsim.report.sections.people_evidence import people_tables

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.system_result import MeasureResult, SystemResult, SystemStatus
    from bcsim.report.wording import Words

_TONES: Final[dict[str, Tone]] = {"met": "good", "not_met": "bad", "unknown": "unknown"}

_TOLD_MAX: Final = 3
"""Measures that a system's row tells of; all of them stand below."""


def systems(account: Account, words: Words) -> Section | None:
    """Show every system that was measured; nothing if none was."""
    measured = account.run.measures.service_systems
    if not measured:
        return None
    columns = (
        Column(words.say("systems.system")),
        Column(words.say("systems.this_day")),
        Column(words.say("systems.normal_day")),
        Column(words.say("systems.stands_out"), "text"),
    )
    return Section(
        "systems",
        words.say("section.systems"),
        paragraphs=(words.say("systems.lead"),),
        table=Table(columns, tuple(_row(words, system) for system in measured)),
        details=(
            *(Detail(_name(words, system), _measures(words, system)) for system in measured),
            *product_tables(account.run.measures.evidence, names_of(account, words)),
            *people_tables(account.run.measures.evidence.people, names_of(account, words)),
            *fairness_table(account, words),
            *evidence_tables(account.run.measures.evidence, words),
        ),
    )


def _row(words: Words, system: SystemResult) -> tuple[Cell, ...]:
    return (
        Cell(_name(words, system)),
        _status(words, system.status),
        _status(words, system.normal_status),
        Cell("; ".join(_what_stands_out(words, system))),
    )


def _name(words: Words, system: SystemResult) -> str:
    return f"{system.system} · {system_names()[system.system].in_(words)}"


def _status(words: Words, status: SystemStatus | None) -> Cell:
    if status is None:
        return Cell("–", tone="quiet")
    return Cell(words.say(f"systems.status.{status}"), tone=_TONES[status])


def _what_stands_out(words: Words, system: SystemResult) -> list[str]:
    """Targets that decide the status, or why there is none."""
    targets = [measure for measure in system.measures if measure.target is not None]
    if not targets:
        return [words.say("systems.no_target")]
    deciding = [measure for measure in targets if measure.status == system.status]
    told = [
        words.say(
            "systems.against",
            measure=_title(words, measure),
            value=value_in_words(words, measure.measure, measure.value),
            target=_target(words, measure),
        )
        for measure in deciding[:_TOLD_MAX]
    ]
    more = len(deciding) - len(told)
    return told + ([words.say("systems.more", count=words.number(more))] if more > 0 else [])


def _measures(words: Words, system: SystemResult) -> Table:
    columns = (
        Column(words.say("systems.measure")),
        Column(words.say("systems.this_day"), "number"),
        Column(words.say("systems.normal_day"), "number"),
        Column(words.say("systems.ratio"), "number"),
        Column(words.say("systems.target")),
        Column(words.say("systems.result")),
    )
    return Table(columns, tuple(_measure(words, measure) for measure in system.measures))


def _measure(words: Words, measure: MeasureResult) -> tuple[Cell, ...]:
    return (
        Cell(_title(words, measure)),
        _value(words, measure, measure.value),
        _value(words, measure, measure.normal),
        Cell("–" if measure.ratio is None else f"{measure.ratio:,.2f} ×", tone="quiet"),
        Cell("–" if measure.target is None else _target(words, measure)),
        _status(words, measure.status),
    )


def _title(words: Words, measure: MeasureResult) -> str:
    return measure_words()[measure.measure].name.in_(words)


def _target(words: Words, measure: MeasureResult) -> str:
    assert measure.target is not None, "asked only of measures with a target"
    bound = "at_least" if measure.target.at_most is None else "at_most"
    limit = getattr(measure.target, bound)
    return words.say(f"systems.{bound}", value=value_in_words(words, measure.measure, limit))


def _value(words: Words, measure: MeasureResult, value: float | None) -> Cell:
    tone: Tone = "quiet" if value is None else ""
    return Cell(value_in_words(words, measure.measure, value), tone=tone)
