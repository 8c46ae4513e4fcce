"""Skips: orders that went past a control, and why it was off for them.

A control inside a journey is off for an order for one of three reasons. A *fallback* was in use
that leaves it out; people left it out under *pressure*; or what does it had *failed*, and its step
says ``on_failure: continue``. A history says so of pressure. Of the other two the model tells,
where only one of them can be; where both can, an earlier event of the order at the people who do
the fallback's step shows that it was that. Whatever else there is has no known reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.fates import CONTROLS, is_made_good
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.conduct.measure import Measures
    from bcsim.model.firm import Firm


class SkipReason(StrEnum):
    """Why an order went past a control; ``reason`` of the event, where it says so."""

    FALLBACK = "fallback"
    PRESSURE = "pressure"
    FAILURE = "failure"


_STATED: Final = frozenset(SkipReason)

_PHRASES: Final = {
    SkipReason.FALLBACK: "by_fallback",
    SkipReason.PRESSURE: "under_pressure",
    SkipReason.FAILURE: "after_failure",
}


@dataclass(frozen=True, slots=True)
class Skip:
    """An order went past a control at ``time_ns``; ``reason`` None: nobody says why."""

    control: str
    intent: str
    time_ns: int
    reason: SkipReason | None


def skips_of(day: Day) -> Iterator[Skip]:
    """Every control that an order went past, in order of time."""
    known = _Known.of(day)
    for row in day.history.rows(Kind.CONTROL_SKIP):
        yield Skip(
            str(row["subject"]), str(row["intent_id"]), int(row["time_ns"] or 0), known.reason(row)
        )


def count_skips(day: Day, prefix: str, of: Callable[[Iterable[Skip]], int]) -> Measures:
    """``of`` the skips of each reason; None where a skip has no known reason, or none would show.

    The measures are called ``{prefix}_by_fallback_count`` and so on.
    """
    skips = tuple(skips_of(day))
    is_known = day.would_show(*CONTROLS) and all(skip.reason is not None for skip in skips)
    return {
        f"{prefix}_{phrase}_count": of(s for s in skips if s.reason is reason) if is_known else None
        for reason, phrase in _PHRASES.items()
    }


def orders_of(skips: Iterable[Skip]) -> int:
    """How many orders some skips are about."""
    return len({skip.intent for skip in skips})


def spans_after_failure(day: Day) -> dict[str, list[tuple[int, int]]]:
    """When each control was off because what does it had failed, ns from and to, in order.

    From the first order that went past it until the next for which it was carried out in time; if
    there is none, until the last that went past it.
    """
    failed = {
        (skip.control, skip.intent, skip.time_ns)
        for skip in skips_of(day)
        if skip.reason is SkipReason.FAILURE
    }
    if not failed:
        return {}
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    is_off: set[str] = set()
    in_time = day.history.is_kind(*CONTROLS) & ~is_made_good(day.history)
    for row in day.history.select(in_time).rows():
        control, time_ns = str(row["subject"]), int(row["time_ns"] or 0)
        if (control, str(row["intent_id"]), time_ns) in failed:
            from_ns = spans[control].pop()[0] if control in is_off else time_ns
            is_off.add(control)
        elif control in is_off and row["kind"] != Kind.CONTROL_SKIP:
            from_ns = spans[control].pop()[0]
            is_off.remove(control)
        else:
            continue
        spans[control].append((from_ns, time_ns))
    return dict(spans)


@dataclass(frozen=True, slots=True)
class _Known:
    """What model and history tell of the reasons.

    ``by_hand`` control -> orders that went by a fallback that leaves it out; ``left_out`` and
    ``continued`` are the controls that a fallback, or a failure, can leave out.
    """

    left_out: frozenset[str]
    continued: frozenset[str]
    by_hand: dict[str, frozenset[str]]

    @classmethod
    def of(cls, day: Day) -> _Known:
        """Read the model once; the history only for controls of which both reasons are possible."""
        firm = day.firm
        if firm is None:
            return cls(frozenset(), frozenset(), {})
        steps = [step for journey in firm.journeys.values() for step in journey.steps]
        fallbacks = [step.fallback for step in steps if step.fallback is not None]
        left_out = frozenset(name for fallback in fallbacks for name in fallback.skips)
        continued = frozenset(
            step.control for step in steps if step.control and step.on_failure == "continue"
        )
        by_hand = {name: _by_hand(day, firm, name) for name in left_out & continued}
        return cls(left_out, continued, by_hand)

    def reason(self, row: Event) -> SkipReason | None:
        """Why an order went past a control."""
        if row["reason"] in _STATED:
            return SkipReason(str(row["reason"]))
        control = str(row["subject"])
        if control in self.by_hand:
            is_by_hand = str(row["intent_id"]) in self.by_hand[control]
            return SkipReason.FALLBACK if is_by_hand else None
        if control in self.left_out:
            return SkipReason.FALLBACK
        return SkipReason.FAILURE if control in self.continued else None


def _by_hand(day: Day, firm: Firm, control: str) -> frozenset[str]:
    """Orders with an event of a fallback that leaves a control out."""
    history = day.history
    components, steps = history.columns.text("component"), history.integer("step")
    mask = np.zeros(len(history), dtype=np.bool_)
    for journey in firm.journeys.values():
        for number, step in enumerate(journey.steps):
            if step.fallback is not None and control in step.fallback.skips:
                mask |= components.is_in(step.fallback.component) & (steps == number)
    intents = history.columns.text("intent_id")
    return frozenset(str(intents.name(code)) for code in np.unique(intents.codes[mask]).tolist())
