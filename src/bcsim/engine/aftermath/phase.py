"""Phases of a component: what it could do from when on, as the timeline says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline

BEGIN: Final = -(2**62)
"""Time from which on a component's first phase lasts."""


@dataclass(frozen=True, slots=True)
class Phase:
    """From ``from_ns`` on: people or servers at work, whether it runs, what it does otherwise.

    ``cause`` names what began the phase; "" for the first one.
    """

    from_ns: int
    servers: int
    is_up: bool = True
    is_hung: bool = False
    falls_back: bool = False
    cause: str = ""

    @property
    def capacity(self) -> int:
        """Servers that can work on something now."""
        return self.servers if self.is_up and not self.is_hung else 0


@dataclass(frozen=True, slots=True)
class Span:
    """An interval from ``from_ns`` until before ``to_ns``; None: without an end."""

    from_ns: int
    to_ns: int | None
    component: str
    cause: str

    def holds(self, time_ns: int) -> bool:
        """Whether a time lies in it."""
        return self.from_ns <= time_ns and (self.to_ns is None or time_ns < self.to_ns)


def phases_of(blueprint: Blueprint, timeline: Timeline, component: str) -> tuple[Phase, ...]:
    """Phases of one component in order of time; the last one has no end."""
    firm = blueprint.firm
    now = Phase(BEGIN, firm.components[component].servers)
    phases = [now]
    for change in timeline.changes:
        if change.subject != component:
            continue
        if change.attribute is Attribute.UP:
            now = replace(now, is_up=bool(change.value))
        elif change.attribute is Attribute.HANG:
            now = replace(now, is_hung=bool(change.value))
        elif change.attribute is Attribute.FALLBACK:
            now = replace(now, falls_back=bool(change.value))
        elif change.attribute is Attribute.SERVERS:
            scaled = blueprint.sizing.capacity(firm, change.value) if change.value else 0
            now = replace(now, servers=scaled)
        else:
            continue
        now = replace(now, from_ns=change.time_ns, cause=change.cause)
        phases.append(now)
    return tuple(phases)


def spans_without(component: str, phases: Iterable[Phase], *, counts_fallback: bool) -> list[Span]:
    """When a component could not do its own work: down, hung, without servers, or falling back."""
    return spans_of(
        component, phases, lambda p: not p.capacity or (counts_fallback and p.falls_back)
    )


def spans_of(component: str, phases: Iterable[Phase], holds: Callable[[Phase], bool]) -> list[Span]:
    """When something held of a component; neighbouring phases make one span."""
    spans: list[Span] = []
    begun: Phase | None = None
    for phase in phases:
        if holds(phase) and begun is None:
            begun = phase
        elif not holds(phase) and begun is not None:
            spans.append(Span(begun.from_ns, phase.from_ns, component, begun.cause))
            begun = None
    if begun is not None:
        spans.append(Span(begun.from_ns, None, component, begun.cause))
    return spans
