"""Assembly: the situation at time 0, made from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.bell import Bell
from bcsim.engine.continuity.dependency import Need, Node, depend
from bcsim.engine.continuity.instance import STANDBY_SUFFIX, ComponentState, Instance
from bcsim.engine.continuity.link import LinkState
from bcsim.engine.continuity.replication import Replication
from bcsim.engine.continuity.situation import Situation
from bcsim.engine.continuity.staffing import TeamState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.model.component import Component, Dependency
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario
    from bcsim.streams import Streams


def assemble(firm: Firm, scenario: Scenario, streams: Streams) -> Situation:
    """The situation at time 0: everything works, everybody is there, nothing is known."""
    situation = Situation(firm, scenario, streams)
    for place, name in enumerate(firm.sites):
        situation.sites[name] = Node(name, place)
    for index, (name, spec) in enumerate(firm.components.items()):
        situation.components[name] = _component(situation, index, name, spec)
    _add_teams(situation)
    _add_needs(situation)
    for name, link in firm.links.items():
        carriers = tuple(situation.components[carrier] for carrier in link.over)
        situation.links[name] = LinkState(name, carriers)
    situation.begun = {d.id: situation.agenda.event() for d in scenario.disruptions}
    return situation


def _component(situation: Situation, index: int, name: str, spec: Component) -> ComponentState:
    agenda = situation.agenda
    place = len(situation.sites) + 2 * index
    first = Instance(name, place, turned=Bell(agenda))
    standby = None
    if spec.standby is not None:
        standby = Instance(
            name + STANDBY_SUFFIX,
            place + 1,
            first.dependents,
            turned=Bell(agenda),
            is_running=spec.standby.kind == "hot",
        )
    is_replicated = spec.store is not None and spec.store.kind == "replicated"
    lag_ns = spec.store.lag if is_replicated and spec.store is not None else None
    return ComponentState(name, index, spec, first, standby, Replication(lag_ns), Bell(agenda))


def _add_teams(situation: Situation) -> None:
    for index, (name, spec) in enumerate(situation.firm.teams.items()):
        site = situation.sites[spec.site]
        alternate = situation.sites.get(spec.alternate_site or "")
        day = situation.scenario.start.date()
        team = TeamState(name, index, spec, site, alternate, Bell(situation.agenda), day)
        situation.teams[name] = situation.components[spec.component].team = team
        # Staff follow their site's state, though the team's component does not stand on it.
        for place in (site, alternate):
            if place is not None:
                place.dependents.append(situation.components[spec.component].first)


def _add_needs(situation: Situation) -> None:
    firm = situation.firm
    for name, site in firm.sites.items():
        for utility in site.utilities:
            need = Need((situation.provider(utility),), grace_ns=site.utility_grace)
            depend(situation.sites[name], need)
    staffed = {team.component for team in firm.teams.values()}
    for name, spec in firm.components.items():
        component = situation.components[name]
        home = None if name in staffed else spec.site
        _stand_on(situation, component.first, home, spec.dependencies)
        if component.standby is not None and spec.standby is not None:
            needs = spec.standby.dependencies
            _stand_on(situation, component.standby, spec.standby.site, needs)


def _stand_on(
    situation: Situation, node: Node, site: str | None, dependencies: Iterable[Dependency]
) -> None:
    """Give an instance its site and its dependencies, one need for each provider."""
    if site is not None:
        depend(node, Need((situation.sites[site],)))
    for dependency in dependencies:
        providers = tuple(situation.provider(name) for name in dependency.on)
        if dependency.kind == "any-of":
            depend(node, Need(providers, dependency.needed, dependency.grace))
            continue
        speed = dependency.speed if dependency.kind == "degrading" else None
        for provider in providers:
            depend(node, Need((provider,), grace_ns=dependency.grace, speed=speed))
