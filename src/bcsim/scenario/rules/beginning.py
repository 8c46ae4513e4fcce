"""Rules for when disruptions begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.history.schema import Kind
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.circle import circles, shown
from bcsim.scenario.rules.disruption import disruptions
from bcsim.scenario.rules.window import clock_of
from bcsim.units import format_clock, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

AFTERMATH: Final = frozenset({Kind.COMPLAIN, Kind.RESPOND, Kind.REDRESS})
"""Kinds that are found out only after the run; nothing can wait for them."""

EVENTS: Final = tuple(kind.value for kind in Kind if kind not in AFTERMATH)
"""Kinds of events on which a disruption or a signal can wait."""


def names_of_disruptions(scenario: Scenario) -> Iterator[Finding]:
    """Disruptions have names of their own."""
    seen: set[str] = set()
    for path, disruption in disruptions(scenario):
        if disruption.id in seen:
            yield Finding(
                (*path, "id"),
                "two disruptions of this name",
                value=repr(disruption.id),
                expected="a name of its own",
            )
        seen.add(disruption.id)


def beginnings(scenario: Scenario) -> Iterator[Finding]:
    """A disruption begins at a time, on an event or after another one: one of the three."""
    ids = [disruption.id for disruption in scenario.disruptions]
    for path, disruption in disruptions(scenario):
        given = [name for name in ("at", "on", "after") if getattr(disruption, name) is not None]
        if len(given) != 1:
            yield Finding(
                path,
                f"disruption {disruption.id} begins in {len(given)} ways",
                value=" and ".join(given) or "none of them",
                expected="exactly one of at, on, after",
            )
        if disruption.after is not None:
            yield from dangling((*path, "after"), disruption.after, "disruption", ids)
        if disruption.on is not None:
            place = (*path, "on", "event")
            yield from dangling(place, disruption.on.event, "event kind", EVENTS)
        if given == ["at"] and disruption.delay:
            yield Finding(
                (*path, "delay"),
                "delay has no effect on a disruption that begins at a time",
                value=format_duration(disruption.delay),
                hint="begin later, or remove it",
                severity="warning",
            )


def circles_of_disruptions(scenario: Scenario) -> Iterator[Finding]:
    """No disruption begins after itself."""
    edges = [(d.id, d.after) for d in scenario.disruptions if d.after is not None]
    for way in circles(edges):
        position = next(i for i, d in enumerate(scenario.disruptions) if d.id == way[0])
        yield Finding(
            ("disruptions", position, "after"),
            "disruptions begin after each other",
            value=shown(way),
            expected="a first one that begins at a time or on an event",
        )


def disruptions_outside_window(scenario: Scenario) -> Iterator[Finding]:
    """A disruption that begins at a time can still disrupt the window."""
    for path, disruption in disruptions(scenario):
        at_ns, window = disruption.at, scenario.window
        if at_ns is None:
            continue
        ends_ns = None if disruption.lasts is None else at_ns + disruption.lasts
        is_early = at_ns < clock_of(scenario.start)
        if is_early or at_ns >= window.end or (ends_ns is not None and ends_ns <= window.start):
            yield Finding(
                (*path, "at"),
                f"disruption {disruption.id} is not within the window",
                value=format_clock(at_ns),
                expected=f"{format_clock(window.start)} to {format_clock(window.end)}",
                hint="a time before the scenario's start means the next day" if is_early else "",
                severity="warning",
            )


def signals_of_plan(firm: Firm) -> Iterator[Finding]:
    """The plan's signals count kinds of events that there are.

    NOTE: this is about the model, which lies beside the history and does not know its kinds.
    """
    for name, signal in firm.plan.signals.items() if firm.plan else ():
        if signal.event is not None:
            for finding in dangling(("model",), signal.event, "event kind", EVENTS):
                yield Finding(
                    finding.path,
                    f"signal {name} of the model's plan counts an {finding.message}",
                    finding.value,
                    finding.expected,
                    finding.hint,
                )
