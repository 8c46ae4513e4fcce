"""The worst moment: the component graph when most components were down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Picture, Section, Table
from bcsim.report.naming import names_of
from bcsim.report.worst_moment import DEGRADED, DOWN, STANDBY

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.wording import Words
    from bcsim.report.worst_moment import WorstMoment

PICTURE = "component-graph"

_TONES: dict[str, Tone] = {DOWN: "bad", DEGRADED: "late", STANDBY: ""}


def moment(account: Account, words: Words) -> Section:
    """Show which components were down, impaired, or on their standbys."""
    worst, names = account.worst, names_of(account, words)
    title = words.say("section.moment")
    if worst.time_ns is None:
        return Section("moment", title, paragraphs=(words.say("moment.normal"),))
    listed = {
        state: ", ".join(names.component(name) for name in worst.of_state(state))
        or words.say("moment.none")
        for state in _TONES
    }
    rows = tuple(
        (
            Cell(names.component(name)),
            Cell(words.say(f"moment.states.{state}"), tone=_TONES[state]),
            Cell(names.cause(worst.causes[name])),
        )
        for state in _TONES
        for name in worst.of_state(state)
    )
    titles = ("component", "state", "cause")
    columns = tuple(Column(words.say(f"moment.{title}")) for title in titles)
    alt = words.say("moment.alt", components=len(worst.states), **listed)
    return Section(
        "moment",
        title,
        paragraphs=(_lead(worst.time_ns, worst, words),),
        picture=Picture(PICTURE, alt, Table(columns, rows)),
    )


def _lead(time_ns: int, worst: WorstMoment, words: Words) -> str:
    phrases = [
        words.say(f"moment.{state}", count=len(worst.of_state(state)))
        for state in _TONES
        if worst.of_state(state)
    ]
    return words.say("moment.lead", time=words.clock(time_ns), phrases=words.listing(phrases))
