"""Who was affected: client segments by what became of their orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.fates import AFFECTED, FATES
from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.wording import Words


def segments(account: Account, words: Words) -> Section:
    """Show the matrix of segments and fates."""
    title = words.say("section.segments")
    if not account.segments:
        return Section("segments", title, paragraphs=(words.say("segments.none"),))
    fates = [f for f in reversed(FATES) if any(f in row for row in account.segments.values())]
    columns = (
        Column(words.say("segments.segment")),
        Column(words.say("segments.orders"), "number"),
        Column(words.say("segments.affected"), "number"),
        *(Column(words.say(f"fate.{fate}"), "number") for fate in fates),
    )
    rows = tuple(
        _row(account, words, segment, counts, fates) for segment, counts in account.segments.items()
    )
    lead = words.say("segments.lead")
    return Section("segments", title, paragraphs=(lead,), table=Table(columns, rows))


def _row(
    account: Account, words: Words, segment: str, counts: Mapping[str, int], fates: list[str]
) -> tuple[Cell, ...]:
    total = sum(counts.values())
    affected = sum(count for fate, count in counts.items() if fate in AFFECTED)
    spec = account.run.model.segments.get(segment)
    is_vulnerable = spec is not None and spec.vulnerable
    return (
        Cell(
            names_of(account, words).segment(segment),
            note=words.say("segments.vulnerable") if is_vulnerable else "",
        ),
        Cell(words.number(total)),
        Cell(words.share(affected, total), tone="late" if affected else ""),
        *(
            Cell(words.number(counts[fate]) if fate in counts else "–", tone=_quiet(fate, counts))
            for fate in fates
        ),
    )


def _quiet(fate: str, counts: Mapping[str, int]) -> Tone:
    return "" if fate in counts else "quiet"
