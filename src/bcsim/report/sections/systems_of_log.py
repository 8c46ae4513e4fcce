"""The nine service systems as far as a log shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.measure_words import measure_words, system_names, value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.conduct.measure import Measures
    from bcsim.report.wording import Words


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
    told = "; ".join(
        words.say(
            "systems.measured",
            measure=measure_words()[name].name.in_(words),
            value=value_in_words(words, name, value),
        )
        for name, value in known.items()
    )
    name = system_names()[int(number)].in_(words)
    unknown = Cell(words.say("systems.status.unknown"), tone="unknown")
    return (Cell(f"{number} · {name}"), Cell(told) if told else unknown)
