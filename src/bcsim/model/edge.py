"""Edges of the dependency graph, as a picture or an export shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.model.component import Dependency
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey

EdgeKind: TypeAlias = Literal[
    "flow", "call", "hard", "any-of", "degrading", "hosted-at", "site", "utility"
]


@dataclass(frozen=True, slots=True)
class Edge:
    """From who sends to who receives an order, or from who needs to what is needed.

    ``flow`` and ``call`` begin at a channel or a component. The others are needs of a
    component, or of its standby, or (``utility``) of a site.
    """

    source: str
    target: str
    kind: EdgeKind
    of_standby: bool = False


def flow_edges(firm: Firm) -> tuple[Edge, ...]:
    """Who hands orders over to whom, and who calls whom, on a normal day; each once."""
    pairs = dict.fromkeys((line.channel, line.journey) for line in firm.demand.values())
    edges = (
        edge for channel, name in pairs for edge in _journey_edges(channel, firm.journeys[name])
    )
    return tuple(dict.fromkeys(edges))


def _journey_edges(channel: str, journey: Journey) -> Iterator[Edge]:
    holder = channel
    for step in journey.steps:
        if step.component != holder:
            yield Edge(holder, step.component, "call" if step.mode == "call" else "flow")
        if step.mode == "hand-over" and step.role != "execute":
            holder = step.component


def need_edges(firm: Firm) -> tuple[Edge, ...]:
    """What every component, standby and site needs."""
    edges: list[Edge] = []
    for name, component in firm.components.items():
        edges += _needs(name, component.site, component.dependencies, of_standby=False)
        standby = component.standby
        if standby is not None:
            edges += _needs(name, standby.site, standby.dependencies, of_standby=True)
    for name, site in firm.sites.items():
        edges += [Edge(name, utility, "utility") for utility in site.utilities]
    return tuple(edges)


def _needs(
    name: str, site: str | None, dependencies: Iterable[Dependency], *, of_standby: bool
) -> Iterator[Edge]:
    if site is not None:
        yield Edge(name, site, "site", of_standby)
    for dependency in dependencies:
        for provider in dependency.on:
            yield Edge(name, provider, dependency.kind, of_standby)
