"""Protection: which orders went over links, or were written in ways, that others can read.

A way leads to a step. That an order went it shows in what was recorded where it leads: anything
at all for the clients' own link; for a link between components, an event at its far end at that
step or later; for a step done by hand, an event of that step there, a control that only this way
leaves out, or the entry of the paper afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.history.history import History
    from bcsim.model.component import Link
    from bcsim.model.demand import Demand
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey

    Bools: TypeAlias = NDArray[np.bool_]

_DEFAULT_LINK: Final = "default"
_BACK_ENTRY: Final = "back-entry"


def unprotected_orders(day: Day, firm: Firm) -> NDArray[np.int64]:
    """Codes of the intents that went an unprotected way, of the day's column ``intent_id``."""
    intents = day.history.codes("intent_id").astype(np.int64)
    found = np.zeros(len(intents), dtype=np.bool_)
    for line in firm.demand.values():
        ways = list(_open_ways(firm, line.channel, firm.journeys[line.journey]))
        if ways:
            own = np.isin(intents, intents[day.first_rows[_of_line(day, firm, line)]])
            found |= own & np.logical_or.reduce([way.shows_in(day.history) for way in ways])
    return np.unique(intents[found & (intents != NULL_CODE)])


def _of_line(day: Day, firm: Firm, line: Demand) -> Bools:
    """Which subjects of the verdicts are orders of a line of demand: bool ``(intents,)``."""
    mine = np.ones(len(day.first_rows), dtype=np.bool_)
    instruments = tuple(firm.products[line.product].instruments)
    for column, values in (("channel", (line.channel,)), ("instrument", instruments)):
        text = day.history.columns.text(column)
        mine &= np.isin(text.codes[day.first_rows], [text.code_of(value) for value in values])
    return mine


# -- ways ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _ClientLink:
    """From the clients to the firm."""

    def shows_in(self, history: History) -> Bools:
        shown: Bools = history.codes("component") != NULL_CODE
        return shown


@dataclass(frozen=True, slots=True)
class _Hop:
    """From a holder to the component of a step."""

    component: str
    step: int

    def shows_in(self, history: History) -> Bools:
        steps = history.integer("step")
        is_late: Bools = (steps == NULL) | (steps >= self.step)
        return is_late & history.columns.text("component").is_in(self.component)


@dataclass(frozen=True, slots=True)
class _ByHand:
    """A step that is done another way; ``is_apart``: by somebody without another step."""

    component: str
    step: int
    done_for: str
    skips: tuple[str, ...]
    is_apart: bool

    def shows_in(self, history: History) -> Bools:
        component, subject = history.columns.text("component"), history.columns.text("subject")
        is_there = component.is_in(self.component)
        is_step = history.integer("step") == self.step
        is_skipped = history.is_kind(Kind.CONTROL_SKIP) & subject.is_in(*self.skips)
        is_entered = history.is_kind(Kind.ACTION) & subject.is_in(_BACK_ENTRY)
        shown: Bools = is_entered & is_step & component.is_in(self.done_for)
        return shown | (is_there if self.is_apart else is_there & (is_step | is_skipped))


def _open_ways(
    firm: Firm, channel: str, journey: Journey
) -> Iterator[_ClientLink | _Hop | _ByHand]:
    """Unprotected ways of a journey; a hop begins where the order is held on a normal way."""
    holder = channel
    components = {step.component for step in journey.steps}
    for number, step in enumerate(journey.steps):
        if not _is_protected(firm, holder, step.component):
            yield _ClientLink() if holder == channel else _Hop(step.component, number)
        by_hand = step.fallback
        if by_hand is not None and not (
            by_hand.protected and _is_protected(firm, holder, by_hand.component)
        ):
            is_apart = by_hand.component not in components
            yield _ByHand(by_hand.component, number, step.component, by_hand.skips, is_apart)
        if step.mode == "hand-over" and step.role != "execute":
            holder = step.component


def _is_protected(firm: Firm, holder: str, target: str) -> bool:
    link = _link(firm, holder, target)
    return holder == target or link is None or link.protected


def _link(firm: Firm, holder: str, target: str) -> Link | None:
    if holder in firm.channels:
        return firm.links.get(firm.channels[holder].link)
    return firm.links.get(f"{holder} -> {target}") or firm.links.get(_DEFAULT_LINK)
