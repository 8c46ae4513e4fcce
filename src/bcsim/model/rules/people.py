"""Rules for teams, people, the call tree and authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import networkx as nx

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.circle import circles, shown
from bcsim.model.rules.reference import each_dangling, of_other_kind, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm

MONITORING: Final = "monitoring"
"""Caller of a line of the call tree that no person starts."""


def team_references(firm: Firm) -> Iterator[Finding]:
    """A team's component and sites exist; no two teams share a component."""
    staffed: dict[str, str] = {}
    for name, team in firm.teams.items():
        place = ("teams", name, "component")
        yield from dangling(place, team.component, "component", firm.components)
        yield from of_other_kind(firm, place, team.component, {ComponentKind.TEAM}, "a team's work")
        yield from dangling(("teams", name, "site"), team.site, "site", firm.sites)
        if team.alternate_site is not None:
            place = ("teams", name, "alternate_site")
            yield from dangling(place, team.alternate_site, "site", firm.sites)
        other = staffed.setdefault(team.component, name)
        if other != name:
            yield Finding(
                ("teams", name, "component"),
                f"team {other} has this component already",
                value=repr(team.component),
                expected="a component for each team",
            )


def team_sizes(firm: Firm) -> Iterator[Finding]:
    """There are people for every server, and a seat for everybody who moves."""
    for name, team in firm.teams.items():
        component = firm.components.get(team.component)
        if component is not None and team.headcount < component.servers:
            yield Finding(
                ("teams", name, "headcount"),
                f"fewer people than {team.component} has servers",
                value=f"headcount={team.headcount}",
                expected=f"at least {component.servers}, or fewer servers",
            )
        site = firm.sites.get(team.alternate_site or "")
        if site is not None and site.seats is not None and site.seats < team.headcount:
            yield Finding(
                ("teams", name, "alternate_site"),
                f"{team.alternate_site} has too few seats for team {name}",
                value=f"{site.seats} seats",
                expected=f"{team.headcount} people",
                hint="the others cannot work there",
                severity="warning",
            )


def team_places(firm: Firm) -> Iterator[Finding]:
    """A team works where its component is, and can move if it has somewhere to go."""
    for name, team in firm.teams.items():
        component = firm.components.get(team.component)
        if component is not None and component.site not in {None, team.site}:
            yield Finding(
                ("teams", name, "site"),
                f"{team.component} is at another site",
                value=repr(team.site),
                expected=repr(component.site),
                hint="staff work at the team's site; make the two alike",
                severity="warning",
            )
        if team.alternate_site == team.site:
            yield Finding(
                ("teams", name, "alternate_site"),
                "the alternate site is the site",
                value=repr(team.site),
                expected="another site",
            )
        if (team.alternate_site is None) != (team.relocation is None):
            yield Finding(
                ("teams", name),
                f"team {name} has one of alternate_site and relocation",
                expected="both or neither",
                hint="say where the team moves, and how long that takes",
            )


def people_references(firm: Firm) -> Iterator[Finding]:
    """People's teams, callers and called persons, and whoever decides, exist."""
    for name, person in firm.people.items():
        if person.team is not None:
            yield from dangling(("people", name, "team"), person.team, "team", firm.teams)
    tree = firm.call_tree
    if tree is not None:
        yield from dangling(("call_tree", "duty"), tree.duty, "person", firm.people)
        callers = {*firm.people, MONITORING}
        for position, line in enumerate(tree.lines):
            path: Path = ("call_tree", "lines", position)
            yield from dangling((*path, "caller"), line.caller, "person", callers)
            yield from each_dangling((*path, "calls"), line.calls, "person", firm.people)
    for name, authority in firm.authorities.items():
        path = ("authorities", name, "decides")
        yield from each_dangling(path, authority.decides, "person", firm.people)
        yield from repeated(path, authority.decides, "person")


def _calls(firm: Firm) -> list[tuple[str, str]]:
    """Who calls whom; monitoring alarms the duty person."""
    if firm.call_tree is None:
        return []
    lines = [(line.caller, called) for line in firm.call_tree.lines for called in line.calls]
    return [(MONITORING, firm.call_tree.duty), *lines]


def call_cycles(firm: Firm) -> Iterator[Finding]:
    """Calls run one way: nobody is called by whom they have called."""
    for way in circles(_calls(firm)):
        yield Finding(
            ("call_tree", "lines"),
            "people call each other in a circle",
            value=shown(way),
            expected="calls that run one way",
            hint="remove one of these calls",
        )


def unreachable_people(firm: Firm) -> Iterator[Finding]:
    """The call tree leads to everybody, above all to whoever decides."""
    if firm.call_tree is None:
        if firm.authorities:
            yield Finding(
                ("authorities",),
                "people decide, but nobody calls them",
                expected="call_tree",
                hint="add a call tree",
                severity="warning",
            )
        return
    graph: nx.DiGraph[str] = nx.DiGraph(_calls(firm))
    reached = nx.descendants(graph, MONITORING)
    deciding = {name for authority in firm.authorities.values() for name in authority.decides}
    for name in firm.people:
        if name not in reached:
            role = "decides, but" if name in deciding else "has a role, but"
            yield Finding(
                ("people", name),
                f"{name} {role} no line of the call tree leads there",
                value=repr(name),
                hint="add a line, or let the duty person call",
                severity="warning",
                at_key=True,
            )
