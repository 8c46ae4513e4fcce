"""What the plan did: when, by whom, with what result, against the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Picture, Section, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account, Mark
    from bcsim.report.content import Tone
    from bcsim.report.naming import Names
    from bcsim.report.wording import Words

PICTURE = "plan-timeline"

_TONES: dict[str, Tone] = {"done": "good", "failed": "bad", "running": "late"}


def plan(account: Account, words: Words) -> Section:
    """Show disruptions, reactions, actions and outages along one time axis."""
    title = words.say("section.plan")
    if not (account.disruptions or account.deeds or account.detections):
        return Section("plan", title, paragraphs=(words.say("plan.idle"),))
    rows = tuple(sorted(_rows(account, words), key=lambda row: row[0]))
    columns = tuple(
        Column(words.say(f"plan.{title}"))
        for title in ("from", "what", "who", "to", "lasted", "result")
    )
    summary = (
        words.listing(
            [f"{words.say(f'plan.results.{state}')} {n}" for state, n in _states(account) if n]
        )
        if account.deeds
        else ""
    )
    alt = words.say("plan.alt", summary=summary)
    return Section(
        "plan",
        title,
        paragraphs=(words.say("plan.lead"),),
        picture=Picture(PICTURE, alt, Table(columns, tuple(cells for _, cells in rows))),
    )


def _states(account: Account) -> Iterator[tuple[str, int]]:
    for state in _TONES:
        yield state, sum(deed.state == state for deed in account.deeds)


def _rows(account: Account, words: Words) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Everything on the timeline with its beginning, group by group."""
    names = names_of(account, words)
    for disruption in account.disruptions:
        result = "lasting" if disruption.to_ns is None else "ended"
        cells = _span(words, disruption.from_ns, disruption.to_ns, result)
        yield (
            disruption.from_ns,
            (cells[0], Cell(names.disruption(disruption.name)), Cell(""), *cells[1:]),
        )
    for key, marks in (
        ("plan.detected", account.detections),
        ("plan.switched", account.takeovers),
        ("plan.declared", account.declarations),
    ):
        for mark in marks:
            yield mark.time_ns, _mark(words, names, key, mark)
    for deed in account.deeds:
        cells = _span(words, deed.from_ns, deed.to_ns, deed.state)
        who = names.person(deed.actor) if deed.actor else ""
        action = Cell(names.action(deed.action), note=deed.reason)
        yield deed.from_ns, (cells[0], action, Cell(who), *cells[1:])


def _span(words: Words, from_ns: int, to_ns: int | None, result: str) -> tuple[Cell, ...]:
    """Cells for the beginning, the end, the duration and the result."""
    return (
        Cell(words.clock(from_ns)),
        Cell("" if to_ns is None else words.clock(to_ns)),
        Cell("" if to_ns is None else words.duration(to_ns - from_ns)),
        Cell(words.say(f"plan.results.{result}"), tone=_TONES.get(result, "")),
    )


def _mark(words: Words, names: Names, key: str, mark: Mark) -> tuple[Cell, ...]:
    what = words.say(key)
    if mark.component:
        what = f"{what}: {names.component(mark.component)}"
    is_somebody = mark.actor in names.firm.people
    who = names.person(mark.actor) if mark.actor and is_somebody else ""
    return (Cell(words.clock(mark.time_ns)), Cell(what), Cell(who), Cell(""), Cell(""), Cell(""))
