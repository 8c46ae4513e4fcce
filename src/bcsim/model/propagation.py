"""Which nodes still work when some have crashed: the structure function of a firm.

A *node* is a component or a site; their names never meet. A node is *down on its own* when it
has crashed, and *effectively down* when nothing that it consists of works:

- a **site** works while it has not crashed and all its utilities work;
- a component's **first instance** works while the component has not crashed, its site works
  and its dependencies are met: all of a ``hard`` or ``hosted-at`` one, ``needed`` of an
  ``any-of`` one; a ``degrading`` one counts only if it leaves no speed at all;
- a component that is the work of a **team** does not stand on its own site, but needs the
  team's, unless enough of the staff work from home to keep one server going;
- a **standby instance** works while its own site works and its own dependencies are met. The
  crash of the component does not touch it;
- a **component** works while its first instance works, or its standby does and would take over
  by itself: it switches automatically, can succeed, and a monitor can notice the failure. Where
  a component named ``monitoring`` raises the alarms, it must work too, unless people would
  notice.

Grace periods, repair, switching times and chances between 0 and 1 are left out: this is what
the continuity layer's propagation comes to when a crash stays and nobody acts. Among nodes
that need each other in a circle everything works until something in it, or below it, crashes
(the greatest fixed point), which is what propagation from cause to effect yields.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.model.component import Component, Dependency, Monitor, Standby
    from bcsim.model.firm import Firm
    from bcsim.model.people import Team

SITE: Final = "site"
UTILITY: Final = "utility"
ALARM: Final = "alarm"
"""Kinds of need that no file writes as a dependency; the others are ``Dependency.kind``."""

MONITORING: Final = "monitoring"
"""Component through which all alarms go, in a firm that has one of this name."""


@dataclass(frozen=True, slots=True)
class Need:
    """At least ``needed`` of the nodes ``on`` must work.

    ``kind`` is ``site``, ``utility``, ``alarm`` or the kind of a dependency.
    """

    kind: str
    on: tuple[str, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One of the things that can do a node's work: all its needs must be met.

    ``takes_over`` says that it would by itself; a first instance always does.
    """

    node: str
    is_standby: bool
    takes_over: bool
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A firm's nodes, the instances of each, and which instances need each node."""

    instances: Mapping[str, tuple[Instance, ...]]
    dependents: Mapping[str, tuple[Instance, ...]]

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of all nodes, sites first, in the model's order."""
        return tuple(self.instances)


def structure_of(firm: Firm) -> Structure:
    """Collect what every node of a firm needs.

    References that name nothing are left out; the model's checks report them.
    """
    instances: dict[str, tuple[Instance, ...]] = {}
    for site_id, site in firm.sites.items():
        needs = (_all_of(UTILITY, site.utilities),)
        instances[site_id] = (_first(site_id, _known(needs, firm)),)
    staff = {team.component: team for team in firm.teams.values()}
    for name, component in firm.components.items():
        team = staff.get(name)
        home = component.site if team is None else _place_of_work(component, team)
        instances[name] = _component_instances(name, component, home, firm)
    dependents: dict[str, list[Instance]] = {node: [] for node in instances}
    for node_instances in instances.values():
        for instance in node_instances:
            for node in dict.fromkeys(node for need in instance.needs for node in need.on):
                dependents[node].append(instance)
    return Structure(instances, {node: tuple(them) for node, them in dependents.items()})


def _place_of_work(component: Component, team: Team) -> str | None:
    """The site without which nobody of a team works; ``None`` if some work from home."""
    at_home = floor(component.servers * Fraction(str(team.remote_share)))
    return None if at_home else team.site


def _component_instances(
    node: str, component: Component, home: str | None, firm: Firm
) -> tuple[Instance, ...]:
    needs = _needs(home, component.dependencies)
    first = _first(node, _known(needs, firm))
    if component.standby is None:
        return (first,)
    needs = _needs(component.standby.site, component.standby.dependencies)
    if component.monitor is not None and component.monitor.fallback_delay is None:
        needs = (*needs, _all_of(ALARM, (MONITORING,)))
    standby = Instance(
        node,
        is_standby=True,
        takes_over=switches_by_itself(component),
        needs=_known(needs, firm),
    )
    return first, standby


def _first(node: str, needs: tuple[Need, ...]) -> Instance:
    return Instance(node, is_standby=False, takes_over=True, needs=needs)


def switches_by_itself(component: Component) -> bool:
    """Whether the component's standby can take over without any action of the plan."""
    standby = component.standby
    if standby is None or standby.decision != "automatic":
        return False
    return can_switch(standby) and notices(component.monitor)


def notices(monitor: Monitor | None) -> bool:
    """Whether an impairment can be noticed at all, by the alarm or later by people."""
    return monitor is not None and (monitor.miss < 1 or monitor.fallback_delay is not None)


def can_switch(standby: Standby) -> bool:
    """Whether a switch to this standby has any chance to work."""
    return standby.success > 0


def _needs(site: str | None, dependencies: Iterable[Dependency]) -> tuple[Need, ...]:
    place = () if site is None else (_all_of(SITE, (site,)),)
    return place + tuple(_need(dependency) for dependency in dependencies if _binds(dependency))


def _binds(dependency: Dependency) -> bool:
    return dependency.kind != "degrading" or dependency.speed == 0


def _need(dependency: Dependency) -> Need:
    if dependency.kind == "any-of":
        return Need(dependency.kind, dependency.on, dependency.needed)
    return _all_of(dependency.kind, dependency.on)


def _all_of(kind: str, on: tuple[str, ...]) -> Need:
    return Need(kind, on, len(on))


def _known(needs: Iterable[Need], firm: Firm) -> tuple[Need, ...]:
    """The needs without names that the firm does not have."""
    kept = []
    for need in needs:
        on = tuple(node for node in need.on if node in firm.components or node in firm.sites)
        if on:
            kept.append(Need(need.kind, on, max(0, need.needed - len(need.on) + len(on))))
    return tuple(kept)


def is_met(need: Need, failed: Iterable[str]) -> bool:
    """Whether enough nodes of a need are not among the failed ones."""
    return sum(node not in failed for node in need.on) >= need.needed


def works(instance: Instance, crashed: Iterable[str], failed: Iterable[str]) -> bool:
    """Whether an instance works, given what has crashed and what is effectively down."""
    if not instance.is_standby and instance.node in crashed:
        return False
    return all(is_met(need, failed) for need in instance.needs)


def effectively_down(structure: Structure, crashed: frozenset[str]) -> frozenset[str]:
    """Nodes that do not work once ``crashed`` have crashed and automatic standbys have switched.

    The work is proportional to what falls, not to the size of the firm.
    """
    failed: set[str] = set()
    suspects = [node for node in structure.instances if node in crashed]
    while suspects:
        node = suspects.pop()
        if node in failed:
            continue
        able = (instance for instance in structure.instances[node] if instance.takes_over)
        if any(works(instance, crashed, failed) for instance in able):
            continue
        failed.add(node)
        suspects.extend(instance.node for instance in structure.dependents[node])
    return frozenset(failed)


def effective_up(firm: Firm, down: Iterable[str]) -> frozenset[str]:
    """Nodes of a firm that work while those in ``down`` have crashed, by this module's rules.

    Parameters
    ----------
    firm
        A firm without dangling references.
    down
        Components and sites that have crashed and stay so; other names have no effect.

    Returns
    -------
    frozenset of str
        Components and sites that work, after automatic standbys have switched.
    """
    structure = structure_of(firm)
    return frozenset(structure.nodes) - effectively_down(structure, frozenset(down))
