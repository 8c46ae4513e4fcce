"""Rules for standbys: will they switch, do they know anything, do they fall with the first?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from bcsim.model.finding import Finding
from bcsim.model.graph import shared_causes
from bcsim.model.plan import ActionKind
from bcsim.model.propagation import structure_of, switches_by_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.component import Component, Standby
    from bcsim.model.firm import Firm


def standbys(firm: Firm) -> Iterator[tuple[str, Component, Standby]]:
    """Components that have a standby."""
    for name, component in firm.components.items():
        if component.standby is not None:
            yield name, component, component.standby


def standby_store(firm: Firm) -> Iterator[Finding]:
    """A component that holds orders gives its standby a replicated store to start from."""
    holders = {
        step.component
        for journey in firm.journeys.values()
        for step in journey.steps[:-1]
        if step.mode == "hand-over" and step.role != "execute"
    }
    for name, component, _ in standbys(firm):
        kind = component.store.kind if component.store else None
        if kind != "replicated" and (component.store or name in holders):
            yield Finding(
                ("components", name, "store"),
                f"the standby of {name} starts without the orders that {name} holds",
                value=f"a {kind} store" if kind else "no store",
                expected="a replicated store",
                hint="a failover loses them; use store: {kind: replicated, lag: …}",
                severity="warning",
            )


def standby_in_common_cause(firm: Firm) -> Iterator[Finding]:
    """First instance and standby do not fall together."""
    causes = shared_causes(firm)
    for name, component, standby in standbys(firm):
        path = ("components", name, "standby", "site")
        if standby.site == component.site:
            yield Finding(
                path,
                f"{name} and its standby are at the same site",
                value=repr(standby.site),
                expected="another site",
                hint="what takes down the site takes down both",
                severity="warning",
            )
            continue
        shared = [cause.node for cause in causes if name in cause.defeated]
        if shared and _is_redundant(firm, name):
            yield Finding(
                path,
                f"{name} and its standby fall together",
                value=f"with {', '.join(shared)}",
                expected="sites, utilities and dependencies that fail apart",
                severity="warning",
            )


def _is_redundant(firm: Firm, name: str) -> bool:
    """Whether the component has a standby that could take over at all."""
    standby = firm.components[name].standby
    return standby is not None and standby.success > 0


def standby_switches(firm: Firm) -> Iterator[Finding]:
    """A standby can be switched to: by itself, or by an action of the plan."""
    actions = firm.plan.actions.values() if firm.plan else ()
    targets = {n for action in actions if action.kind == ActionKind.FAIL_OVER for n in action.target}
    for name, component, standby in standbys(firm):
        path = ("components", name, "standby", "decision")
        if standby.decision == "plan" and name not in targets:
            yield Finding(
                path,
                f"no action of the plan fails {name} over",
                value="plan",
                hint=f"add an action of kind fail-over with target [{name}], or decide "
                "automatically",
                severity="warning",
            )
        if standby.decision == "automatic" and not switches_by_itself(component):
            yield Finding(
                path,
                f"{name} never switches over by itself: nothing notices that it has failed, or "
                "no switch can succeed",
                value="automatic",
                expected="a monitor that does not miss everything, and success above 0",
                severity="warning",
            )


def dependency_cycles(firm: Firm) -> Iterator[Finding]:
    """Nothing needs itself: once down, nodes in such a circle would wait for each other."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    structure = structure_of(firm)
    for node in structure.nodes:
        for need in structure.instances[node][0].needs:
            if need.needed == len(need.on):
                graph.add_edges_from((node, other) for other in need.on)
    for circle in nx.strongly_connected_components(graph):
        first = min(circle, key=structure.nodes.index)
        if len(circle) == 1 and not graph.has_edge(first, first):
            continue
        way = [edge[0] for edge in nx.find_cycle(graph.subgraph(circle), first)]
        yield Finding(
            ("sites" if first in firm.sites else "components", first),
            "a circle of dependencies",
            value=" → ".join([*way, way[0]]),
            expected="dependencies that lead somewhere",
            hint="remove the one that is not true",
            at_key=True,
        )
