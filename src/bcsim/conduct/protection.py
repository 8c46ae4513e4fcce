"""Protection: where orders go over links, or are written in ways, that others can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.component import Link
    from bcsim.model.demand import Demand
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey

    Place: TypeAlias = tuple[str, int]

_DEFAULT_LINK: Final = "default"


def open_places(firm: Firm) -> Iterator[tuple[Demand, frozenset[Place]]]:
    """Components and steps that the orders of a line of demand reach unprotected, if any do.

    A hop begins at the channel or at the component that holds the order on a normal way.
    """
    for line in firm.demand.values():
        places = frozenset(_open_steps(firm, line.channel, firm.journeys[line.journey]))
        if places:
            yield line, places


def _open_steps(firm: Firm, channel: str, journey: Journey) -> Iterator[Place]:
    holder = channel
    for number, step in enumerate(journey.steps):
        if not _is_protected(firm, holder, step.component):
            yield step.component, number
        by_hand = step.fallback
        if by_hand is not None and not (
            by_hand.protected and _is_protected(firm, holder, by_hand.component)
        ):
            yield by_hand.component, number
        if step.mode == "hand-over" and step.role != "execute":
            holder = step.component


def _is_protected(firm: Firm, holder: str, target: str) -> bool:
    link = _link(firm, holder, target)
    return holder == target or link is None or link.protected


def _link(firm: Firm, holder: str, target: str) -> Link | None:
    if holder in firm.channels:
        return firm.links.get(firm.channels[holder].link)
    return firm.links.get(f"{holder} -> {target}") or firm.links.get(_DEFAULT_LINK)
