"""Evidence of systems 2, 7 and 8: tables below the nine systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.report.content import Cell, Column, Detail, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.content import Tone
    from bcsim.report.naming import Names
    from bcsim.report.system_evidence import AgeingRow, OutcomeRow, RedressRow, SystemEvidence
    from bcsim.report.wording import Words

_FINDERS: Final = ("line-1", "line-2", "line-3", "client", "none")
_MINOR_UNITS: Final = 100
_NOTHING: Final = "\N{EN DASH}"


def product_tables(evidence: SystemEvidence, names: Names) -> Iterator[Detail]:
    """Show what became of each segment's orders of each product, and the products' levels."""
    words = names.words
    if evidence.outcomes:
        yield Detail(words.say("evidence.outcomes.title"), _outcomes(evidence.outcomes, names))
    if evidence.product_levels:
        levels = evidence.product_levels
        yield Detail(words.say("evidence.levels.title"), _levels(levels, names))


def _outcomes(rows: tuple[OutcomeRow, ...], names: Names) -> Table:
    words = names.words
    return Table(
        (
            Column(words.say("evidence.outcomes.segment")),
            Column(words.say("evidence.outcomes.product")),
            Column(words.say("evidence.outcomes.orders"), "number"),
            Column(words.say("evidence.outcomes.affected"), "number"),
            Column(words.say("evidence.outcomes.harm"), "number"),
            Column(words.say("evidence.outcomes.per_order"), "number"),
        ),
        tuple(
            (
                Cell(names.segment(row.segment)),
                Cell(names.product(row.product) if row.product else _NOTHING),
                Cell(words.number(row.orders)),
                Cell(
                    words.number(row.affected),
                    note=words.share(row.affected, row.orders) if row.affected else "",
                    tone="late" if row.affected else "quiet",
                ),
                *_harm(row, words),
            )
            for row in rows
        ),
    )


def _harm(row: OutcomeRow, words: Words) -> tuple[Cell, Cell]:
    """Harm, and harm per order."""
    if row.harm is None:
        unknown = Cell(words.say("systems.not_known"), tone="quiet")
        return unknown, unknown
    tone: Tone = "bad" if row.harm else "quiet"
    return Cell(_money(row.harm), tone=tone), Cell(_money(row.harm / row.orders), tone=tone)


def _levels(levels: dict[str, float | None], names: Names) -> Table:
    words = names.words
    return Table(
        (
            Column(words.say("evidence.levels.product")),
            Column(words.say("evidence.levels.lowest"), "number"),
        ),
        tuple(
            (
                Cell(names.product(product)),
                Cell(words.say("evidence.levels.too_few"), tone="quiet")
                if level is None
                else Cell(words.percent(level)),
            )
            for product, level in levels.items()
        ),
    )


def evidence_tables(evidence: SystemEvidence, words: Words) -> Iterator[Detail]:
    """Show the ageing of complaints, the redress ledger and who found what, as far as known."""
    if evidence.ageing:
        yield Detail(words.say("evidence.ageing.title"), _ageing(evidence.ageing, words))
    if evidence.redress:
        yield Detail(words.say("evidence.redress.title"), _redress(evidence.redress, words))
    if evidence.detection:
        yield Detail(words.say("evidence.detection.title"), _detection(evidence.detection, words))


def _ageing(rows: tuple[AgeingRow, ...], words: Words) -> Table:
    return Table(
        (
            Column(words.say("evidence.ageing.age")),
            Column(words.say("evidence.ageing.answered"), "number"),
            Column(words.say("evidence.ageing.open"), "number"),
        ),
        tuple(
            (
                Cell(_age(row, words)),
                _count(row.answered, words),
                _count(row.open, words, "bad"),
            )
            for row in rows
        ),
    )


def _age(row: AgeingRow, words: Words) -> str:
    if row.to_d is None:
        return words.say("evidence.ageing.over", days=words.number(row.from_d))
    return words.say(
        "evidence.ageing.span", from_d=words.number(row.from_d), to_d=words.number(row.to_d)
    )


def _redress(rows: tuple[RedressRow, ...], words: Words) -> Table:
    return Table(
        (
            Column(words.say("evidence.redress.order")),
            Column(words.say("evidence.redress.due"), "number"),
            Column(words.say("evidence.redress.paid"), "number"),
            Column(words.say("evidence.redress.in_time")),
        ),
        tuple(
            (
                Cell(row.intent),
                Cell(_money(row.due)),
                Cell(_money(row.paid), tone="" if row.paid >= row.due else "bad"),
                _in_time(row, words),
            )
            for row in rows
        ),
    )


def _in_time(row: RedressRow, words: Words) -> Cell:
    if row.is_late is None:
        return Cell(words.say("systems.not_known"), tone="quiet")
    if row.is_late:
        return Cell(words.say("evidence.redress.late"), tone="bad")
    return Cell(words.say("evidence.redress.yes"), tone="good")


def _detection(matrix: dict[str, dict[str, int]], words: Words) -> Table:
    finders = (words.say(f"evidence.detection.{finder}") for finder in _FINDERS)
    return Table(
        (
            Column(words.say("evidence.detection.kind")),
            *(Column(finder, "number") for finder in finders),
        ),
        tuple(
            (
                Cell(_kind(kind, words)),
                *(
                    _count(counts.get(finder, 0), words, "bad" if finder == "none" else "")
                    for finder in _FINDERS
                ),
            )
            for kind, counts in matrix.items()
        ),
    )


def _kind(kind: str, words: Words) -> str:
    """The words for a class, a flag, or a fault."""
    return next(
        words.say(key)
        for key in (f"fate.{kind}", f"flag.{kind}", "evidence.detection.fault")
        if words.knows(key)
    )


def _count(count: int, words: Words, tone: Tone = "") -> Cell:
    return Cell(words.number(count), tone=tone if count else "quiet")


def _money(amount: float) -> str:
    return f"{amount / _MINOR_UNITS:,.2f}"
