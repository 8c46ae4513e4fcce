"""Injection: what each kind of disruption does to the firm, as faults.

One function for each kind of :mod:`bcsim.scenario.disruption`. A disruption of a component
strikes the instance that is active at that moment.
"""

from __future__ import annotations

from functools import singledispatch
from itertools import product
from typing import TYPE_CHECKING

from bcsim.engine.continuity.access import expose_leaked
from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.fault import MILLION, Impact
from bcsim.engine.continuity.link import link_name
from bcsim.scenario.disruption import (
    Absence,
    Corrupt,
    Crash,
    CutLink,
    DegradeLink,
    Disruption,
    FailbackFails,
    FailoverFails,
    Flap,
    Halt,
    Hang,
    Leak,
    ReplicationLag,
    SiteUnreachable,
    Slow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.dependency import Node
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.link import LinkState
    from bcsim.engine.continuity.situation import Situation


@singledispatch
def inject(disruption: Disruption, situation: Situation) -> list[Fault]:
    """Let a disruption begin: the faults that it consists of.

    Surges and price shocks belong to the order layer; here they only begin and end.
    """
    return [situation.strike(None, Impact.ELSEWHERE, disruption.id)]


@inject.register(Crash)
def _crash(disruption: Crash, situation: Situation) -> list[Fault]:
    cause, faults = disruption.id, []
    for target in disruption.targets:
        faults.append(situation.strike(_node(situation, target), Impact.CRASH, cause))
        if disruption.data_lost:
            faults += _lose_data(situation, target, cause)
    return faults


def _lose_data(situation: Situation, target: str, cause: str) -> list[Fault]:
    """What a component, or everything at a site, held is gone until it is restored."""
    at_site = target in situation.sites
    nodes = _instances_at(situation, target) if at_site else (_node(situation, target),)
    faults = [situation.strike(node, Impact.CRASH, cause) for node in nodes]
    for fault in faults:
        fault.needs_restore = True
    return faults


@inject.register(Hang)
def _hang(disruption: Hang, situation: Situation) -> list[Fault]:
    nodes = [_node(situation, target) for target in disruption.targets]
    return [situation.strike(node, Impact.HANG, disruption.id) for node in nodes]


@inject.register(Flap)
def _flap(disruption: Flap, situation: Situation) -> list[Fault]:
    whole = situation.strike(None, Impact.ELSEWHERE, disruption.id)
    nodes = [_node(situation, target) for target in disruption.targets]
    situation.agenda.start(_crash_again_and_again(situation, disruption, nodes, whole))
    return [whole]


def _crash_again_and_again(
    situation: Situation, flap: Flap, nodes: list[Node], whole: Fault
) -> Steps[None]:
    """Crash and come back until the flap's times are over, or it ends as a whole."""
    agenda = situation.agenda
    for _ in range(flap.times):
        faults = [situation.strike(node, Impact.CRASH, flap.id) for node in nodes]
        yield agenda.first_of(agenda.wait(max(1, flap.down), Lane.RELIEF), whole.ended)
        for fault in faults:
            situation.lift(fault)
        if not whole.ended.triggered:
            yield agenda.first_of(agenda.wait(max(1, flap.up), Lane.DISRUPTION), whole.ended)
        if whole.ended.triggered:
            return
    situation.lift(whole)


@inject.register(Slow)
def _slow(disruption: Slow, situation: Situation) -> list[Fault]:
    nodes = [_node(situation, target) for target in disruption.targets]
    cause, speed = disruption.id, disruption.speed
    return [situation.strike(node, Impact.SLOW, cause, speed) for node in nodes]


@inject.register(CutLink)
def _cut_link(disruption: CutLink, situation: Situation) -> list[Fault]:
    links = list(_links_between(situation, disruption))
    return [situation.strike(link, Impact.CUT, disruption.id) for link in links]


@inject.register(DegradeLink)
def _degrade_link(disruption: DegradeLink, situation: Situation) -> list[Fault]:
    cause, faults = disruption.id, []
    for link in _links_between(situation, disruption):
        faults.append(situation.strike(link, Impact.DELAY, cause, disruption.latency))
        faults.append(situation.strike(link, Impact.LOSS, cause, _ppm(disruption.loss)))
    return faults


@inject.register(ReplicationLag)
def _replication_lag(disruption: ReplicationLag, situation: Situation) -> list[Fault]:
    component = situation.components[disruption.target]
    impact = Impact.NO_REPLICATION if disruption.lag is None else Impact.LAG
    return [situation.strike(component, impact, disruption.id, disruption.lag or 0)]


@inject.register(FailoverFails)
def _failover_fails(disruption: FailoverFails, situation: Situation) -> list[Fault]:
    components = [situation.components[target] for target in disruption.targets]
    once = int(disruption.lasts is None)
    return [situation.strike(c, Impact.NO_FAILOVER, disruption.id, once) for c in components]


@inject.register(FailbackFails)
def _failback_fails(disruption: FailbackFails, situation: Situation) -> list[Fault]:
    component = situation.components[disruption.target]
    return [situation.strike(component, Impact.NO_FAILBACK, disruption.id)]


@inject.register(Absence)
def _absence(disruption: Absence, situation: Situation) -> list[Fault]:
    teams = [situation.team(name) for name in disruption.teams]
    share_ppm = _ppm(disruption.share)
    return [situation.strike(t, Impact.ABSENT, disruption.id, share_ppm) for t in teams]


@inject.register(SiteUnreachable)
def _site_unreachable(disruption: SiteUnreachable, situation: Situation) -> list[Fault]:
    site = situation.sites[disruption.site]
    return [situation.strike(site, Impact.UNREACHABLE, disruption.id)]


@inject.register(Corrupt)
def _corrupt(disruption: Corrupt, situation: Situation) -> list[Fault]:
    component = situation.components[disruption.target]
    chance_ppm = _ppm(disruption.probability)
    return [situation.strike(component, Impact.CORRUPTION, disruption.id, chance_ppm)]


@inject.register(Halt)
def _halt(disruption: Halt, situation: Situation) -> list[Fault]:
    component = situation.components[disruption.target]
    cancels = int(disruption.cancel_resting)
    return [situation.strike(component, Impact.HALT, disruption.id, cancels)]


@inject.register(Leak)
def _leak(disruption: Leak, situation: Situation) -> list[Fault]:
    expose_leaked(situation, disruption)
    return [situation.strike(None, Impact.ELSEWHERE, disruption.id)]


def _node(situation: Situation, target: str) -> Node:
    """What a target's crash strikes: the component's active instance, or the site."""
    component = situation.components.get(target)
    return situation.sites[target] if component is None else component.active


def _instances_at(situation: Situation, site: str) -> Iterator[Node]:
    """Instances that run at a site."""
    for component in situation.components.values():
        if component.spec.site == site and component.team is None:
            yield component.first
        standby = component.spec.standby
        if component.standby is not None and standby is not None and standby.site == site:
            yield component.standby


def _links_between(situation: Situation, disruption: CutLink | DegradeLink) -> Iterator[LinkState]:
    """The one-way links from one side to the other, and back if asked for."""
    sources = _members(situation, disruption.source_side)
    targets = _members(situation, disruption.target_side)
    pairs = list(product(sources, targets))
    if disruption.both_ways:
        pairs += [(target, source) for source, target in pairs]
    for source, target in dict.fromkeys(pairs):
        if source != target:
            yield situation.link(link_name(source, target))


def _members(situation: Situation, side: Iterable[str]) -> list[str]:
    """A side's components and channels; a site stands for the components located there."""
    found: list[str] = []
    for name in side:
        there = [c.name for c in situation.components.values() if c.spec.site == name]
        found += there if name in situation.sites else [name]
    return list(dict.fromkeys(found))


def _ppm(chance: float) -> int:
    return round(chance * MILLION)
