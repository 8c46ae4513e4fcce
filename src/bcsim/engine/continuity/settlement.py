"""Settlement: what has changed becomes effective, in the timeline and for those who watch.

It takes place once in an instant after everything that ends or begins then, and again after
each switch or action that changes something. Changes are written by component in the model's
order (up, hang, speed, servers, corruption, halt), then by link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.dependency import Level, Node, affected, propagate
from bcsim.engine.continuity.fault import Impact, combined_ppm
from bcsim.engine.continuity.impairment import Impairment, symptom
from bcsim.engine.continuity.instance import ComponentState, Instance
from bcsim.engine.continuity.record import INFRASTRUCTURE
from bcsim.engine.continuity.staffing import TeamState
from bcsim.engine.continuity.training import record_roles
from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from bcsim.engine.continuity.dependency import Need
    from bcsim.engine.continuity.fault import Owner
    from bcsim.engine.continuity.situation import Situation


def settle(situation: Situation, cause: str = "") -> None:
    """Work out effective states after what was touched, and write the changes.

    ``cause`` names the action or switch that has brought a change about, where no fault has.
    """
    touched, situation.touched = situation.touched, []
    nodes = affected(node for owner in touched for node in _nodes(situation, owner))
    graces = propagate(nodes, situation.agenda.now_ns)
    for node, need in graces:
        _look_again(situation, node, need)
    owners = (situation.component_of(n) for n in nodes if isinstance(n, Instance))
    components = dict.fromkeys(owners)
    for component in components:
        _record_component(situation, component, cause)
    for link in situation.links.values():
        if link in touched or any(carrier in components for carrier in link.over):
            link.record(situation.record)
    for component in components:
        _watch(situation, component)
    for component in components:
        _wake(situation, component)
    situation.agenda.ask(Lane.PLAN)


def _nodes(situation: Situation, owner: Owner) -> tuple[Node, ...]:
    """The nodes whose state an owner's faults may change."""
    if isinstance(owner, ComponentState):
        return owner.instances
    if isinstance(owner, TeamState):
        return (situation.components[owner.spec.component].first,)
    return (owner,) if isinstance(owner, Node) else ()


def _look_again(situation: Situation, node: Node, need: Need) -> None:
    """Settle a node when the grace of one of its needs ends."""
    timer = situation.agenda.wait(need.grace_ns, Lane.SETTLEMENT)
    assert timer.callbacks is not None, "a new event has callbacks"
    timer.callbacks.append(lambda _event: situation.touch(node))


def _record_component(situation: Situation, component: ComponentState, cause: str) -> None:
    """Write a component's effective state."""
    record, serving, name = situation.record, component.serving, component.name
    why = serving.cause or cause
    record.state(name, Attribute.UP, int(serving.level > Level.DOWN), why)
    record.state(name, Attribute.HANG, int(serving.level == Level.HUNG), why)
    record.state(name, Attribute.SPEED, serving.speed, serving.speed_cause or cause)
    team = component.team
    if team is not None:
        ended = component.impairment.cause if component.impairment is not None else ""
        servers = team.servers(component.spec.servers)
        record.state(name, Attribute.SERVERS, servers, cause or team.cause or ended)
        record_roles(record, team, cause or team.cause or ended)
    causes = {fault.impact: fault.cause for fault in reversed(component.faults)}
    corruption_ppm = combined_ppm(component.faults, Impact.CORRUPTION)
    corrupted_by = causes.get(Impact.CORRUPTION, cause)
    record.state(name, Attribute.CORRUPTION, corruption_ppm, corrupted_by)
    halts = [fault for fault in component.faults if fault.impact is Impact.HALT]
    detail = ("cancel",) if any(fault.amount for fault in halts) else ()
    halted_by = causes.get(Impact.HALT, cause)
    record.state(name, Attribute.HALT, int(bool(halts)), halted_by, detail)


def _watch(situation: Situation, component: ComponentState) -> None:
    """Let an impairment begin or end, and tell those who watch."""
    if not component.works:
        component.up_since = None
    elif component.up_since is None:
        component.up_since = situation.news()
    now, before = symptom(component), component.impairment
    if before is not None and now is not None and now[0] == before.symptom:
        return
    if before is not None:
        before.ended.succeed()
        component.impairment = None
    if now is not None:
        shown, cause = now
        number = component.impaired_count
        ended = situation.agenda.event()
        began = Impairment(component, shown, number, cause, situation.agenda.now_ns, ended)
        component.impaired_count += 1
        component.impairment, component.recovered_since = began, None
        for listener in situation.on_impaired:
            listener(began)
    elif before is not None:
        component.noticed_since, component.recovered_since = None, situation.news()
        situation.record.log(
            INFRASTRUCTURE,
            "recover",
            component=component.name,
            subject=before.symptom,
            cause=before.cause,
        )


def _wake(situation: Situation, component: ComponentState) -> None:
    """Wake those who wait for an instance to run, for a replica, or for a free person."""
    for instance in component.instances:
        works = instance.level == Level.WORKING
        instance.is_running = works and component.is_in_use(instance)
        if (instance.level, instance.is_running) != instance.seen:
            instance.seen = (instance.level, instance.is_running)
            instance.turned.ring()
    if component.replication.change(situation.agenda.now_ns, _lag_ns(component)):
        component.replication_changed.ring()
    if component.team is not None:
        component.team.changed.ring()


def _lag_ns(component: ComponentState) -> int | None:
    """How far the standby is behind; ``None`` while replication stands still.

    It stands still while the first instance does not serve: what the standby does not have
    by then, it will not get.
    """
    store = component.spec.store
    serves = component.active is component.first and component.first.level == Level.WORKING
    impacts = {fault.impact for fault in component.faults}
    if store is None or store.kind != "replicated" or not serves:
        return None
    if Impact.NO_REPLICATION in impacts:
        return None
    lags = (fault.amount for fault in component.faults if fault.impact is Impact.LAG)
    return max(store.lag, *lags, 0)
