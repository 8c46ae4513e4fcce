"""The nine service systems: what a run measures of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Section, Table

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.wording import Words


def systems(account: Account, words: Words) -> Section | None:
    """Show the measures by system; nothing if the run has none."""
    measured = {number: m for number, m in account.run.measures.systems.items() if m}
    if not measured:
        return None
    columns = (
        Column(words.say("systems.system")),
        Column(words.say("systems.measure")),
        Column(words.say("systems.value"), "number"),
    )
    rows = [
        (
            Cell(f"{number} · {words.say(f'systems.names.{number}')}" if not i else ""),
            Cell(_label(words, name)),
            _value(words, name, value),
        )
        for number, measures in measured.items()
        for i, (name, value) in enumerate(measures.items())
    ]
    return Section(
        "systems",
        words.say("section.systems"),
        paragraphs=(words.say("systems.lead"),),
        table=Table(columns, tuple(rows)),
    )


def _label(words: Words, name: str) -> str:
    """A measure in words; one that the catalogue does not know stands for itself."""
    key = f"measure.{name}"
    return words.say(key) if words.knows(key) else name.replace("_", " ")


def _value(words: Words, name: str, value: float | None) -> Cell:
    """A measure in the unit that its name ends with."""
    if value is None:
        return Cell(words.say("systems.not_known"), tone="quiet")
    if name.endswith("_s"):
        return Cell(words.seconds(value))
    if name.endswith(("_ratio", "_share")):
        return Cell(words.percent(value))
    return Cell(words.number(value) if isinstance(value, int) else f"{value:,.2f}")
