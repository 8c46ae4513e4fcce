"""Random failures: an instance fails, is repaired, fails again.

Times to failure and to repair are renewal processes. The time to failure counts only while the
instance runs: not while it is down with something that it needs, and not while it is a passive
warm or cold standby.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.record import INFRASTRUCTURE

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.instance import ComponentState, Instance
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.component import Failure

_IMPACTS: Final = {"crash": Impact.CRASH, "hang": Impact.HANG}


def start_failures(situation: Situation) -> None:
    """Let the instances of every component that can fail fail."""
    for component in situation.components.values():
        if component.spec.failure is not None:
            for instance in component.instances:
                failures = _failures(situation, component, instance, component.spec.failure)
                situation.agenda.start(failures)


def _failures(
    situation: Situation, component: ComponentState, instance: Instance, failure: Failure
) -> Steps[None]:
    agenda, streams = situation.agenda, situation.streams
    cause = f"failure:{instance.name}"
    number = 0
    while True:
        until_failure_ns = streams.at("failure", instance.name).sample_ns(failure.mttf, number)
        yield from _run_for(situation, instance, max(1, until_failure_ns))
        if situation.is_healed:
            return
        fault = situation.strike(instance, _IMPACTS[failure.effect], cause)
        named = {"component": component.name, "subject": failure.effect, "ref": cause}
        situation.record.log(INFRASTRUCTURE, "fault_on", **named)
        repair_ns = streams.at("repair", instance.name).sample_ns(failure.mttr, number)
        repaired = agenda.wait(max(1, repair_ns), Lane.REPAIR, instance.place)
        yield agenda.first_of(repaired, fault.ended)
        situation.lift(fault)
        situation.record.log(INFRASTRUCTURE, "fault_off", **named)
        number += 1


def _run_for(situation: Situation, instance: Instance, left_ns: int) -> Steps[None]:
    """Wait until the instance has run for that long, pauses not counted."""
    agenda = situation.agenda
    while left_ns > 0:
        turned = instance.turned.next_ring
        if not instance.is_running:
            yield turned
            continue
        since_ns = agenda.now_ns
        yield agenda.first_of(agenda.wait(left_ns, Lane.FAILURE, instance.place), turned)
        left_ns -= agenda.now_ns - since_ns
