"""Failover: the standby takes over with what has been replicated.

A standby switches over by itself when a standstill (crash or hang) is detected, or by an
action of the plan. The new instance starts from the store as at the last replicated instant.
In a planned switch-over the first instance still works and the standby catches up before, so
that this instant is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.dependency import Level
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.impairment import STANDSTILL
from bcsim.engine.continuity.record import INFRASTRUCTURE
from bcsim.engine.continuity.settlement import settle
from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.impairment import Impairment
    from bcsim.engine.continuity.instance import ComponentState, Instance
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.component import Standby

WORKS_AGAIN: Final = "cancelled: it works again"
STANDBY_DOWN: Final = "failed: the standby is down"


@dataclass(frozen=True, slots=True)
class Mandate:
    """On whose behalf a switch is made.

    ``cause`` is the action, or the fault for an automatic switch. ``was_impaired`` says that
    the component was impaired when this was begun: then it is called off if nothing is wrong
    with the component any more when the switch is due.
    """

    cause: str
    actor: str | None
    action: str | None = None
    was_impaired: bool = True


def start_automatic_failover(situation: Situation) -> None:
    """Let automatic standbys switch over when a standstill is detected."""

    def react(impairment: Impairment) -> None:
        component = impairment.component
        standby = component.spec.standby
        if standby is None or standby.decision != "automatic" or component.is_switching:
            return
        if impairment.symptom in STANDSTILL and component.active is component.first:
            situation.agenda.start(_switch_automatically(situation, impairment))

    situation.on_noticed.append(react)


def _switch_automatically(situation: Situation, impairment: Impairment) -> Steps[None]:
    """Switch over once; if the standby is down, as soon as it works, unless that is too late."""
    component, mandate = impairment.component, Mandate(impairment.cause, "automatic")
    standby = component.standby
    assert standby is not None, "only a component with a standby switches"
    while not impairment.ended.triggered:
        obstacle = yield from switch_over(situation, component, mandate)
        if obstacle != STANDBY_DOWN:
            return
        while standby.level < Level.WORKING and not impairment.ended.triggered:
            yield situation.agenda.first_of(standby.turned.next_ring, impairment.ended)


def switch_over(
    situation: Situation, component: ComponentState, mandate: Mandate, *, is_planned: bool = False
) -> Steps[str | None]:
    """Try once to switch a component to its standby.

    Returns
    -------
    str or None
        Why it did not work; ``None`` if the component now runs, or still runs, as wanted.
    """
    standby, spec = component.standby, component.spec.standby
    if standby is None or spec is None:
        return "it has no standby"
    if component.active is standby:
        return None if component.works else "it runs on its standby already"
    if component.is_switching:
        return "another switch is under way"
    component.is_switching = True
    number = situation.next_number("failover", component.name)
    stream = situation.streams.at("switch", component.name)
    duration_ns = stream.sample_ns(spec.switch, number)
    yield situation.agenda.wait(duration_ns, Lane.SWITCH, component.index)
    if is_planned:
        yield from _catch_up(situation, component)
    component.is_switching = False
    if mandate.was_impaired and component.impairment is None:
        _log(situation, component, mandate, WORKS_AGAIN)
        return None
    obstacle = _obstacle(situation, component, standby, spec, number)
    if obstacle is not None:
        _log(situation, component, mandate, obstacle)
        return obstacle
    _take_over(situation, component, standby, mandate, is_planned=is_planned)
    return None


def _catch_up(situation: Situation, component: ComponentState) -> Steps[None]:
    """Wait until the standby knows everything, as long as the first instance works."""
    agenda, replication = situation.agenda, component.replication
    store = component.spec.store
    while component.works and store is not None and store.kind == "replicated":
        news = (component.replication_changed.next_ring, component.first.turned.next_ring)
        if replication.lag_ns is None:
            yield agenda.first_of(*news)
            continue
        lag_ns, since_ns = replication.lag_ns, agenda.now_ns
        due = agenda.wait(lag_ns, Lane.SWITCH, component.index)
        yield agenda.first_of(due, *news)
        if agenda.now_ns - since_ns >= lag_ns:
            return


def _obstacle(
    situation: Situation,
    component: ComponentState,
    standby: Instance,
    spec: Standby,
    number: int,
) -> str | None:
    """Why the switch does not work, if it does not."""
    spoilt = [fault for fault in component.faults if fault.impact is Impact.NO_FAILOVER]
    if spoilt:
        if spoilt[0].amount:
            situation.lift(spoilt[0])
        return "failed"
    is_broken = any(fault.impact is Impact.CRASH for fault in standby.faults)
    if is_broken or situation.sites[spec.site].level < Level.WORKING:
        return STANDBY_DOWN
    stream = situation.streams.at("switch_success", component.name)
    return None if stream.uniform(number) < spec.success else "failed"


def _take_over(
    situation: Situation,
    component: ComponentState,
    standby: Instance,
    mandate: Mandate,
    *,
    is_planned: bool,
) -> None:
    """Start the standby; it is up at once, if what it needs is."""
    now_ns = situation.agenda.now_ns
    replicated_ns = component.replication.until_ns(now_ns)
    recovery_point_ns = now_ns if is_planned and component.works else replicated_ns
    _log(situation, component, mandate, "done")
    situation.record.event(component.name, Attribute.FAILOVER, recovery_point_ns, mandate.cause)
    component.active = standby
    situation.touch(component)
    settle(situation, mandate.cause)


def _log(situation: Situation, component: ComponentState, mandate: Mandate, reason: str) -> None:
    situation.record.log(
        INFRASTRUCTURE,
        "failover",
        component=component.name,
        actor=mandate.actor,
        ref=mandate.action,
        reason=reason,
        cause=mandate.cause,
    )
