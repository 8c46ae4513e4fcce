"""The way of an order from its client to its execution, and what it stands on.

A *route* is a journey entered through one channel. A holder gets a step done when its request
reaches the step's component and that component works; a ``call`` also needs the way back, since
the caller goes on only with the answer. Who completes a hand-over step holds the order from
then on; after a call the caller still does. When a step cannot be done, a ``timeout`` lets its
holder do what ``on_failure`` says:

- ``continue``: go on with the step after it;
- ``fallback``: get it done by the fallback's component, and leave out the controls that the
  fallback skips;
- ``park`` and ``reject``: the order gets no further.

Without a timeout the holder waits for ever. Any other use of a fallback needs the plan and is
no way. Steps after the execution are no part of a route; of a journey that executes nothing,
all steps are. Links count by the networks and utilities ``over`` which they run: all of them
must work. An answer to a hand-over step is taken to arrive; it decides nothing here but what a
holder does with an order that is already further on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bcsim.model.component import Link
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey, Step

DEFAULT_LINK: Final = "default"
"""Key of the link between components that have none of their own."""


class Position(NamedTuple):
    """Who holds an order, ``None`` for its client, and the controls that it leaves out."""

    holder: str | None = None
    skipped: frozenset[str] = frozenset()


class Way(NamedTuple):
    """One way past a step: the nodes that must work, and where the order is then."""

    nodes: tuple[str, ...]
    after: Position


class Blockage(NamedTuple):
    """Where an order waits in vain: the step, and a node without which it cannot go on."""

    step: str
    node: str


@dataclass(frozen=True, slots=True)
class Route:
    """A journey as orders of one channel take it, up to the execution."""

    journey: str
    channel: str
    steps: tuple[Step, ...]


def link_key(source: str, target: str) -> str:
    """Key of the one-way link between two components in the model's ``links``."""
    return f"{source} -> {target}"


def link_between(firm: Firm, source: str, target: str) -> Link | None:
    """The one-way link between two components; ``None`` within one, or if there is none."""
    if source == target:
        return None
    return firm.links.get(link_key(source, target)) or firm.links.get(DEFAULT_LINK)


def steps_to_execution(journey: Journey) -> tuple[Step, ...]:
    """Steps up to and with the one that executes; all steps if none does."""
    roles = [step.role for step in journey.steps]
    return journey.steps[: roles.index("execute") + 1] if "execute" in roles else journey.steps


def routes(firm: Firm) -> tuple[Route, ...]:
    """Every journey with every channel that has demand for it, in the model's order."""
    pairs = {(demand.journey, demand.channel) for demand in firm.demand.values()}
    return tuple(
        Route(journey_id, channel, steps_to_execution(journey))
        for journey_id, journey in firm.journeys.items()
        for channel in firm.channels
        if (journey_id, channel) in pairs
    )


def ways_past(firm: Firm, route: Route, position: Position, step: Step) -> Iterator[Way]:
    """The ways past a step, in the order in which a holder tries them."""
    holder, skipped = position
    if step.control in skipped:
        yield Way((), position)
        return
    yield Way(_nodes(firm, route, holder, step, step.component), _after(position, step))
    if step.timeout is None:
        return
    if step.on_failure == "continue":
        yield Way((), position)
    elif step.on_failure == "fallback" and step.fallback is not None:
        by_hand = step.fallback.component
        after = _after(Position(holder, skipped.union(step.fallback.skips)), step, by_hand)
        yield Way(_nodes(firm, route, holder, step, by_hand), after)


def _after(position: Position, step: Step, component: str | None = None) -> Position:
    """Where the order is once the step is done, if not by its own component by another."""
    if step.mode == "call":
        return position
    return position._replace(holder=component or step.component)


def _nodes(
    firm: Firm, route: Route, holder: str | None, step: Step, component: str
) -> tuple[str, ...]:
    """Nodes that must work for a holder to get a step done at a component."""
    links = [_link(firm, route, holder, component)]
    if step.mode == "call" and holder is not None and step is not route.steps[-1]:
        links.append(link_between(firm, component, holder))
    carriers = [node for link in links if link is not None for node in link.over]
    return tuple(dict.fromkeys((*carriers, component)))


def _link(firm: Firm, route: Route, holder: str | None, target: str) -> Link | None:
    if holder is None:
        return firm.links.get(firm.channels[route.channel].link)
    return link_between(firm, holder, target)


def blockage(firm: Firm, route: Route, failed: Collection[str]) -> Blockage | None:
    """Where new orders of a route get stuck while the nodes in ``failed`` do not work.

    Returns
    -------
    Blockage or None
        ``None`` if orders are still executed.
    """
    position = Position()
    for step in route.steps:
        stop: Blockage | None = None
        for way in ways_past(firm, route, position, step):
            missing = next((node for node in way.nodes if node in failed), None)
            if missing is None:
                position = way.after
                break
            stop = stop or Blockage(step.id, missing)
        else:
            return stop
    return None
