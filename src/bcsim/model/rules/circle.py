"""Circles: things that lead back to themselves where they should lead somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def circles(edges: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield one way around each knot of a graph, from its alphabetically first node."""
    graph: nx.DiGraph[str] = nx.DiGraph(edges)
    for knot in sorted(nx.strongly_connected_components(graph), key=min):
        first = min(knot)
        if len(knot) > 1 or graph.has_edge(first, first):
            yield tuple(edge[0] for edge in nx.find_cycle(graph.subgraph(knot), first))


def shown(way: tuple[str, ...]) -> str:
    """A way around a circle, back to where it begins."""
    return " → ".join([*way, way[0]])
