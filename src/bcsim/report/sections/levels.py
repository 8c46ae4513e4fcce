"""What clients could rely on: the service level of each service against its tolerance."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from bcsim.report.content import Cell, Column, Picture, Section, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.report.account import Account
    from bcsim.report.wording import Words

PICTURE = "service-levels"

ROWS_MAX: Final = 300
"""Rows of one service in the table behind the picture; a whole day has thousands."""


def levels(account: Account, words: Words) -> Section:
    """Show each service's level over time, its minimum and its outages."""
    names, title = names_of(account, words), words.say("section.levels")
    if not any(measure.is_exercised for measure in account.services.values()):
        return Section("levels", title, paragraphs=(words.say("levels.unused"),))
    summaries = [
        _summary(names.service(name), measure, words) for name, measure in account.services.items()
    ]
    rows = tuple(
        row
        for name, measure in account.services.items()
        for row in _rows(names.service(name), measure, words)
    )
    columns = (
        Column(words.say("levels.service")),
        Column(words.say("orders.from")),
        Column(words.say("levels.entered"), "number"),
        Column(words.say("levels.served"), "number"),
        Column(words.say("levels.level"), "number"),
    )
    alt = words.say("levels.alt", summaries="; ".join(summaries))
    return Section(
        "levels",
        title,
        paragraphs=(words.say("levels.lead"),),
        picture=Picture(PICTURE, alt, Table(columns, rows)),
    )


def _summary(service: str, measure: ServiceMeasure, words: Words) -> str:
    lowest = measure.service_level_min
    if lowest is None:
        return words.say("levels.summary_none", service=service)
    return words.say(
        "levels.summary",
        service=service,
        lowest=words.percent(lowest),
        minimum=words.percent(measure.tolerance.mbco or 0.0),
        outage=words.duration(measure.downtime_ns),
    )


def _rows(service: str, measure: ServiceMeasure, words: Words) -> Iterator[tuple[Cell, ...]]:
    """A row for each interval; those in which everybody was served are put together."""
    stretches = list(_stretches(measure))
    least = measure.tolerance.mbco or 0.0
    for from_ns, entered, served in stretches[:ROWS_MAX]:
        yield (
            Cell(service),
            Cell(words.clock(from_ns)),
            Cell(words.number(entered)),
            Cell(words.number(served)),
            Cell(
                words.share(served, entered),
                tone="bad" if served < least * entered or not served else "",
            ),
        )
    rest = len(stretches) - ROWS_MAX
    if rest > 0:
        more = Cell(words.say("levels.more", count=rest), tone="quiet")
        yield (Cell(service), more, Cell(""), Cell(""), Cell(""))


def _stretches(measure: ServiceMeasure) -> Iterator[tuple[int, int, int]]:
    """Beginning, orders entered and orders served."""
    found = measure.levels
    counted = zip(
        found.from_ns.tolist(), found.entered.tolist(), found.served.tolist(), strict=True
    )
    for is_full, together in groupby(counted, key=lambda row: row[1] == row[2]):
        rows = list(together)
        if is_full:
            yield rows[0][0], sum(row[1] for row in rows), sum(row[2] for row in rows)
        else:
            yield from rows
