"""The nine service systems: one row each, and each one's measures below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.service_system import MeasureUnit, measure_definitions, service_systems
from bcsim.report.content import Cell, Column, Detail, Section, Table
from bcsim.report.naming import names_of
from bcsim.report.sections.evidence import evidence_tables
from bcsim.report.sections.fairness import fairness_table
from bcsim.report.sections.people_evidence import people_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.conduct.measure import Measures
    from bcsim.model.service_system import MeasureDefinition
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
            *people_tables(account.run.measures.evidence.people, names_of(account, words)),
            *fairness_table(account, words),
            *evidence_tables(account.run.measures.evidence, words),
        ),
    )


def systems_of_log(measured: Mapping[str, Measures], words: Words) -> Section:
    """Show what a log lets one measure of each system; the rest is unknown."""
    columns = (
        Column(words.say("systems.system")),
        Column(words.say("systems.in_the_log"), "text"),
    )
    found: dict[str, Measures] = {
        number: {name: value for name, value in values.items() if value is not None}
        for number, values in measured.items()
    }
    return Section(
        "systems",
        words.say("section.systems"),
        paragraphs=(words.say("systems.log_lead"),),
        table=Table(columns, tuple(_log_row(words, n, known) for n, known in found.items())),
    )


def _log_row(words: Words, number: str, known: Measures) -> tuple[Cell, ...]:
    definitions = measure_definitions()
    told = "; ".join(
        words.say(
            "systems.measured",
            measure=words.name(definitions[name].name),
            value=value_in_words(words, definitions[name], value),
        )
        for name, value in known.items()
    )
    name = words.name(service_systems()[int(number)].name)
    unknown = Cell(words.say("systems.status.unknown"), tone="unknown")
    return (Cell(f"{number} · {name}"), Cell(told) if told else unknown)


def _row(words: Words, system: SystemResult) -> tuple[Cell, ...]:
    return (
        Cell(_name(words, system)),
        _status(words, system.status),
        _status(words, system.normal_status),
        Cell("; ".join(_what_stands_out(words, system))),
    )


def _name(words: Words, system: SystemResult) -> str:
    return f"{system.system} · {words.name(service_systems()[system.system].name)}"


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
            measure=words.name(_definition(measure).name),
            value=value_in_words(words, _definition(measure), measure.value),
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
    definition = _definition(measure)
    return (
        Cell(words.name(definition.name)),
        _value(words, definition, measure.value),
        _value(words, definition, measure.normal),
        Cell("–" if measure.ratio is None else f"{measure.ratio:,.2f} ×", tone="quiet"),
        Cell("–" if measure.target is None else _target(words, measure)),
        _status(words, measure.status),
    )


def _definition(measure: MeasureResult) -> MeasureDefinition:
    return measure_definitions()[measure.measure]


def _target(words: Words, measure: MeasureResult) -> str:
    assert measure.target is not None, "asked only of measures with a target"
    bound = "at_least" if measure.target.at_most is None else "at_most"
    limit = getattr(measure.target, bound)
    return words.say(f"systems.{bound}", value=value_in_words(words, _definition(measure), limit))


def _value(words: Words, definition: MeasureDefinition, value: float | None) -> Cell:
    tone: Tone = "quiet" if value is None else ""
    return Cell(value_in_words(words, definition, value), tone=tone)


def value_in_words(words: Words, definition: MeasureDefinition, value: float | None) -> str:
    """A measure's value in its unit."""
    if value is None:
        return words.say("systems.not_known")
    match definition.unit:
        case MeasureUnit.SECONDS:
            return words.seconds(value)
        case MeasureUnit.RATIO:
            return words.percent(value)
        case MeasureUnit.DAYS:
            return words.say("systems.days", count=_plain(value))
        case MeasureUnit.MONEY:
            return f"{value / 100:,.2f}"
        case MeasureUnit.COUNT | MeasureUnit.PER_THOUSAND:
            return _plain(value)


def _plain(value: float) -> str:
    return (
        f"{value:,}"
        if float(value).is_integer() and isinstance(value, int)
        else f"{value:,.2f}".removesuffix(".00")
    )
