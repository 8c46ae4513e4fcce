"""Evidence of systems 1, 3, 5 and 6: tables below the nine systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Detail, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.naming import Names
    from bcsim.report.people_evidence import PeopleEvidence
    from bcsim.report.wording import Words

_NOTHING = "\N{EN DASH}"


def people_tables(evidence: PeopleEvidence, names: Names) -> Iterator[Detail]:
    """Show sign-offs, decisions, scorecards, notices, cover, exposures and access, if any."""
    tables = {
        "approvals": _approvals(evidence, names),
        "decisions": _decisions(evidence, names),
        "scorecards": _scorecards(evidence, names),
        "notices": _notices(evidence, names),
        "roles": _roles(evidence, names),
        "exposures": _exposures(evidence, names),
        "grants": _grants(evidence, names),
    }
    for key, table in tables.items():
        if table.rows:
            yield Detail(names.words.say(f"people.{key}.title"), table)


def _table(words: Words, key: str, heads: str, rows: Iterator[tuple[Cell, ...]]) -> Table:
    """A table whose heads are texts of one group; a head that ends with # is of numbers."""
    columns = tuple(
        Column(
            words.say(f"people.{key}.{head.removesuffix('#')}"),
            "number" if head.endswith("#") else "words",
        )
        for head in heads.split()
    )
    return Table(columns, tuple(rows))


def _approvals(evidence: PeopleEvidence, names: Names) -> Table:
    rows = (
        (
            Cell(names.service(row.service)),
            Cell(row.approver or _NOTHING, tone="" if row.approver else "bad"),
            Cell(row.approved_on or _NOTHING),
            Cell(row.review_by or _NOTHING, tone="bad" if row.is_overdue else ""),
        )
        for row in evidence.approvals
    )
    return _table(names.words, "approvals", "service approver approved_on review_by", rows)


def _decisions(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(words.clock(row.time_ns)),
            Cell(names.action(row.action) if row.action else words.say("people.decisions.declare")),
            Cell(names.person(row.actor) if row.actor else _NOTHING),
            _yes(words, is_so=row.is_mandated),
        )
        for row in evidence.decisions
    )
    return _table(words, "decisions", "time decision actor mandated", rows)


def _scorecards(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(names.scorecard(row.scorecard)),
            Cell(words.number(row.orders)),
            _percent(words, row.score),
            _percent(words, row.paid),
            Cell(
                words.say("systems.not_known")
                if row.failed_gates is None
                else ", ".join(row.failed_gates) or _NOTHING,
                tone="bad" if row.failed_gates else "",
            ),
            Cell(words.number(row.clawback), tone="bad" if row.clawback else "quiet"),
        )
        for row in evidence.scorecards
    )
    return _table(words, "scorecards", "scorecard orders# score# paid# gates clawback#", rows)


def _notices(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(words.clock(row.time_ns)),
            Cell(names.action(row.action) if row.action else _NOTHING),
            Cell(names.component(row.channel) if row.channel else _NOTHING),
            Cell(words.say("systems.not_known"), tone="quiet")
            if row.is_true is None
            else _yes(words, is_so=row.is_true),
        )
        for row in evidence.notices
    )
    return _table(words, "notices", "time notice channel true", rows)


def _roles(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(names.role(row.component, row.role)),
            Cell(words.number(row.minimum)),
            Cell(words.number(row.fewest), tone="bad" if row.fewest < row.minimum else ""),
        )
        for row in evidence.roles
    )
    return _table(words, "roles", "role minimum# fewest#", rows)


def _exposures(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(names.data_class(row.data_class) if row.data_class else _NOTHING),
            Cell(names.component(row.component) if row.component else _NOTHING),
            Cell(
                words.say(f"people.how.{row.how}") if words.knows(f"people.how.{row.how}") else ""
            ),
            Cell(words.clock(row.from_ns)),
            Cell(words.duration(row.to_ns - row.from_ns), tone="bad"),
        )
        for row in evidence.exposures
    )
    return _table(words, "exposures", "data where how from lasted#", rows)


def _grants(evidence: PeopleEvidence, names: Names) -> Table:
    words = names.words
    rows = (
        (
            Cell(names.action(row.name) if row.name else _NOTHING),
            Cell(names.component(row.component) if row.component else _NOTHING),
            Cell(words.clock(row.from_ns)),
            Cell(words.say("people.grants.open"), tone="bad")
            if row.to_ns is None
            else Cell(words.clock(row.to_ns)),
        )
        for row in evidence.grants
    )
    return _table(words, "grants", "right where from to", rows)


def _yes(words: Words, *, is_so: bool) -> Cell:
    return Cell(words.say("people.yes" if is_so else "people.no"), tone="" if is_so else "bad")


def _percent(words: Words, ratio: float | None) -> Cell:
    if ratio is None:
        return Cell(words.say("systems.not_known"), tone="quiet")
    return Cell(words.percent(ratio))
