"""Fail-back: the first instance takes over again, an explicit action that can fail too.

The disruption *failback-fails* spoils the next one: both instances are primary (a split
brain), and nobody knows, so the action is reported as done. The split lasts as long as the
disruption; then the first instance remains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.dependency import Level
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.record import INFRASTRUCTURE
from bcsim.engine.continuity.settlement import settle
from bcsim.engine.timeline import Attribute
from bcsim.scenario.disruption import FailbackFails

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.failover import Mandate
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.instance import ComponentState
    from bcsim.engine.continuity.situation import Situation


def wait_for_repair(component: ComponentState) -> Steps[None]:
    """Wait until the first instance of a component that runs on its standby works again."""
    while component.active is not component.first and component.first.level < Level.WORKING:
        yield component.first.turned.next_ring


def switch_back(
    situation: Situation, component: ComponentState, mandate: Mandate
) -> Steps[str | None]:
    """Try once to bring a component back to its first instance.

    Returns
    -------
    str or None
        Why it did not work; ``None`` if it did, or if nobody knows that it did not.
    """
    spec = component.spec.standby
    if spec is None:
        return "it has no standby"
    if component.active is component.first:
        return None
    if component.is_switching:
        return "another switch is under way"
    component.is_switching = True
    number = situation.next_number("failback", component.name)
    stream = situation.streams.at("switch_back", component.name)
    duration_ns = stream.sample_ns(spec.failback or spec.switch, number)
    yield situation.agenda.wait(duration_ns, Lane.SWITCH, component.index)
    component.is_switching = False
    luck = situation.streams.at("failback_success", component.name).uniform(number)
    obstacle = None if luck < spec.failback_success else "failed"
    if component.first.level < Level.WORKING:
        obstacle = "failed: the first instance is down"
    _log(situation, component, mandate, obstacle or "done")
    if obstacle is not None:
        return obstacle
    spoilt = [fault for fault in component.faults if fault.impact is Impact.NO_FAILBACK]
    if spoilt:
        _split(situation, component, spoilt[0])
    else:
        detail = (spec.on_failback,)
        situation.record.event(component.name, Attribute.FAILBACK, 1, mandate.cause, detail)
    component.active = component.first
    component.replication.restart(situation.agenda.now_ns)
    situation.touch(component)
    settle(situation, mandate.cause)
    return None


def _split(situation: Situation, component: ComponentState, fault: Fault) -> None:
    """Let both instances be primary until the disruption ends."""
    disruption = next(d for d in situation.scenario.disruptions if d.id == fault.cause)
    assert isinstance(disruption, FailbackFails), f"{fault.cause} cannot spoil a fail-back"
    reach = [f"standby:{name}" for name in disruption.reach_standby]
    reach += [f"both:{name}" for name in disruption.reach_both]
    situation.record.state(component.name, Attribute.SPLIT, 1, fault.cause, tuple(reach))
    component.is_split = True
    situation.agenda.start(_reunite(situation, component, fault, disruption.on_heal))


def _reunite(
    situation: Situation, component: ComponentState, fault: Fault, on_heal: str
) -> Steps[None]:
    yield fault.ended
    situation.record.state(component.name, Attribute.SPLIT, 0, fault.cause, (on_heal,))
    component.is_split = False
    component.replication.restart(situation.agenda.now_ns)
    situation.touch(component)


def _log(situation: Situation, component: ComponentState, mandate: Mandate, reason: str) -> None:
    situation.record.log(
        INFRASTRUCTURE,
        "failback",
        component=component.name,
        actor=mandate.actor,
        ref=mandate.action,
        reason=reason,
        cause=mandate.cause,
    )
