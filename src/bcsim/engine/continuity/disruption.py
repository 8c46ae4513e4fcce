"""Disruptions: when each begins, how long it lasts, when it has ended.

A disruption begins at a time of day, after another one, or on an event of the order flow. It
lasts as long as it states. If it states nothing, what it crashed, hung or slowed is repaired
in the component's own time, else by the plan's restore action, else when the drain heals it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.injection import inject
from bcsim.engine.continuity.instance import Instance
from bcsim.engine.continuity.record import INFRASTRUCTURE
from bcsim.engine.continuity.signal import TRIGGER
from bcsim.units import NS_PER_DAY, NS_PER_US, NS_PER_S

if TYPE_CHECKING:
    from datetime import datetime

    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.situation import Situation
    from bcsim.scenario.disruption import AnyDisruption

_REPAIRED: Final = frozenset({Impact.CRASH, Impact.HANG, Impact.SLOW})
"""Faults that a component's own repair ends."""

_TARGET_FIELDS: Final = ("targets", "target", "teams", "site", "source_side")


def start_disruptions(situation: Situation) -> None:
    """Let every disruption of the scenario take its course."""
    for index, disruption in enumerate(situation.scenario.disruptions):
        situation.agenda.start(_take_course(situation, disruption, index))


def _take_course(situation: Situation, disruption: AnyDisruption, index: int) -> Steps[None]:
    yield from _wait_for_beginning(situation, disruption, index)
    if situation.is_healed:
        return
    named = {
        "component": _first_target(disruption),
        "subject": disruption.kind,
        "ref": disruption.id,
    }
    situation.record.log(INFRASTRUCTURE, "fault_on", **named)
    faults = inject(disruption, situation)
    situation.begun[disruption.id].succeed()
    for fault in faults:
        lasts_ns = _lasts_ns(situation, disruption, fault)
        if lasts_ns is not None:
            situation.agenda.start(_relieve(situation, fault, lasts_ns, index))
    yield situation.agenda.all_of(fault.ended for fault in faults)
    situation.record.log(INFRASTRUCTURE, "fault_off", **named)


def _wait_for_beginning(
    situation: Situation, disruption: AnyDisruption, index: int
) -> Steps[None]:
    agenda = situation.agenda
    if disruption.at is not None:
        at_ns = time_of_clock_ns(disruption.at, situation.scenario.start)
        yield agenda.wait(at_ns, Lane.DISRUPTION, index)
        return
    if disruption.after is not None:
        yield situation.begun[disruption.after]
    else:
        yield situation.signal(TRIGGER + disruption.id)
    yield agenda.wait(disruption.delay, Lane.DISRUPTION, index)


def time_of_clock_ns(clock_ns: int, start: datetime) -> int:
    """Nanoseconds from the scenario's start to the next time the clock shows ``clock_ns``.

    A scenario that begins at 22:00 reaches 02:00 after four hours.
    """
    seconds = (start.hour * 60 + start.minute) * 60 + start.second
    start_ns = seconds * NS_PER_S + start.microsecond * NS_PER_US
    since_start_ns = clock_ns - start_ns
    return since_start_ns if since_start_ns >= 0 else since_start_ns + NS_PER_DAY


def _lasts_ns(situation: Situation, disruption: AnyDisruption, fault: Fault) -> int | None:
    """How long a fault lasts if nobody restores its target; ``None``: until the drain."""
    if fault.needs_restore:
        return None
    if disruption.lasts is not None:
        return disruption.lasts
    if fault.impact not in _REPAIRED or not isinstance(fault.owner, Instance):
        return None
    component = situation.component_of(fault.owner)
    if component.spec.repair is None:
        return None
    stream = situation.streams.at("outage", f"{disruption.id}/{component.name}")
    return max(1, stream.sample_ns(component.spec.repair, 0))


def _relieve(situation: Situation, fault: Fault, lasts_ns: int, index: int) -> Steps[None]:
    over = situation.agenda.wait(lasts_ns, Lane.RELIEF, index)
    yield situation.agenda.first_of(over, fault.ended)
    situation.lift(fault)


def _first_target(disruption: AnyDisruption) -> str | None:
    """The first component, team or site that a disruption names, if it names any."""
    for field in _TARGET_FIELDS:
        target: str | tuple[str, ...] = getattr(disruption, field, ())
        if target:
            return target if isinstance(target, str) else target[0]
    return None
