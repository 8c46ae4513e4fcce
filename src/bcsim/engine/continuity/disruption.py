"""Disruptions: when each begins, how long it lasts, when it has ended.

A disruption begins at a time of day, after another one, or on an event of the order flow. It
has ended when all the faults that it consists of have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.injection import inject
from bcsim.engine.continuity.record import INFRASTRUCTURE
from bcsim.engine.continuity.recovery import start_recovery
from bcsim.engine.continuity.signal import TRIGGER
from bcsim.units import NS_PER_DAY, NS_PER_S, NS_PER_US

if TYPE_CHECKING:
    from datetime import datetime

    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation
    from bcsim.scenario.disruption import AnyDisruption

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
        start_recovery(situation, disruption, fault, index)
    yield situation.agenda.all_of(fault.ended for fault in faults)
    situation.record.log(INFRASTRUCTURE, "fault_off", **named)


def _wait_for_beginning(situation: Situation, disruption: AnyDisruption, index: int) -> Steps[None]:
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


def _first_target(disruption: AnyDisruption) -> str | None:
    """The first component, team or site that a disruption names, if it names any."""
    for field in _TARGET_FIELDS:
        target: str | tuple[str, ...] = getattr(disruption, field, ())
        if target:
            return target if isinstance(target, str) else target[0]
    return None
