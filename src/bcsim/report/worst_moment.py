"""The worst moment of a run: when most components did not work, and in what state the rest was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcsim.engine.timeline import Change, LogEntry, Timeline
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

State: TypeAlias = Literal["ok", "down", "degraded", "standby"]
"""State of a component, as pictures show it."""

DOWN: Final = "down"
DEGRADED: Final = "degraded"
STANDBY: Final = "standby"
OK: Final = "ok"

_HEALTHY: Final[Mapping[Attribute, int]] = MappingProxyType(
    {
        Attribute.UP: 1,
        Attribute.HANG: 0,
        Attribute.SPEED: 1000,
        Attribute.FALLBACK: 0,
        Attribute.LINK_UP: 1,
        Attribute.LINK_LATENCY: 0,
        Attribute.LINK_LOSS: 0,
        Attribute.SPLIT: 0,
        Attribute.CORRUPTION: 0,
        Attribute.HALT: 0,
    }
)
"""Values at which nothing is impaired; servers are compared with the model."""

_LINK: Final = frozenset({Attribute.LINK_UP, Attribute.LINK_LATENCY, Attribute.LINK_LOSS})


@dataclass(frozen=True)
class WorstMoment:
    """The first time at which the most components were down, or else impaired.

    Parameters
    ----------
    time_ns
        When; ``None`` if no component was ever impaired.
    states
        State of every component at that time.
    causes
        What the state of each component that does not simply work is due to.
    sites_down
        Sites that a disruption has taken down by then.
    """

    time_ns: int | None
    states: Mapping[str, State]
    causes: Mapping[str, str]
    sites_down: tuple[str, ...] = ()

    def of_state(self, state: str) -> tuple[str, ...]:
        """Components in one state, in the model's order."""
        return tuple(name for name, found in self.states.items() if found == state)


def worst_moment(firm: Firm, scenario: Scenario, timeline: Timeline) -> WorstMoment:
    """Find the worst moment in a run's effective state changes."""
    worst = WorstMoment(None, dict.fromkeys(firm.components, OK), {})
    gravest = (0, 0)
    for moment in _moments(firm, timeline.changes):
        gravity = (len(moment.of_state(DOWN)), len(moment.of_state(DEGRADED)))
        if gravity > gravest:
            worst, gravest = moment, gravity
    if worst.time_ns is None:
        return worst
    sites = _sites_down(firm, scenario, timeline.log, worst.time_ns)
    return replace(worst, sites_down=tuple(sites))


def _sites_down(
    firm: Firm, scenario: Scenario, log: Iterable[LogEntry], time_ns: int
) -> Iterator[str]:
    """Sites that a crash has hit and not yet left at a time."""
    lasting = set()
    for entry in log:
        if entry.time_ns <= time_ns and entry.kind == "fault_on":
            lasting.add(entry.ref)
        elif entry.time_ns <= time_ns and entry.kind == "fault_off":
            lasting.discard(entry.ref)
    for disruption in scenario.disruptions:
        if disruption.kind == "crash" and disruption.id in lasting:
            yield from (target for target in disruption.targets if target in firm.sites)


def _moments(firm: Firm, changes: Iterable[Change]) -> Iterator[WorstMoment]:
    """The state after every instant in which something changed."""
    impaired: dict[tuple[str, Attribute], str] = {}
    switched: dict[str, str] = {}
    for time_ns, together in groupby(changes, key=lambda change: change.time_ns):
        for change in together:
            if change.attribute is Attribute.FAILOVER:
                switched[change.subject] = change.cause
            elif change.attribute is Attribute.FAILBACK:
                switched.pop(change.subject, None)
            elif _is_impairment(firm, change):
                impaired[change.subject, change.attribute] = change.cause
            else:
                impaired.pop((change.subject, change.attribute), None)
        states: dict[str, State] = dict.fromkeys(firm.components, OK)
        causes: dict[str, str] = {}
        for name, state, cause in _found(switched, impaired):
            if name in states:
                states[name], causes[name] = state, cause
        yield WorstMoment(time_ns, states, causes)


def _is_impairment(firm: Firm, change: Change) -> bool:
    """Whether a change leaves its subject worse than normal.

    People whom the plan has called away are at work, not missing.
    """
    if change.attribute is Attribute.SERVERS:
        is_planned = firm.plan is not None and change.cause in firm.plan.actions
        return not is_planned and change.value < firm.components[change.subject].servers
    healthy = _HEALTHY.get(change.attribute)
    return healthy is not None and change.value != healthy


def _found(
    switched: Mapping[str, str], impaired: Mapping[tuple[str, Attribute], str]
) -> Iterator[tuple[str, State, str]]:
    """Components, states and causes; the gravest state of a component comes last."""
    for name, cause in switched.items():
        yield name, STANDBY, cause
    for (subject, attribute), cause in impaired.items():
        ends = subject.split(" -> ") if attribute in _LINK else [subject]
        for name in ends:
            yield name, DEGRADED, cause
    for (subject, attribute), cause in impaired.items():
        if attribute in {Attribute.UP, Attribute.HANG}:
            yield subject, DOWN, cause
