"""The dependency graph of a firm, and where it is weak.

*Stops* means here: after the crash, with automatic standbys switched over, nothing repaired and
no action of the plan taken, no order that is intended from then on is executed on that route
(:mod:`bcsim.model.route`), by clients who stay with their channel, though servers and time be
plenty. What works is decided by :mod:`bcsim.model.propagation`. A single point of failure is a
node whose crash alone stops a route; it need not be an articulation point of the graph, and an
articulation point need not be one. A fallback or a standby that waits for the plan keeps no
route open by itself; both are listed as workarounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import networkx as nx

from bcsim.limits import CUT_SET_ORDER_MAX
from bcsim.model.cut_sets import ALWAYS, both, fault_tree, minimal, route_cut_sets
from bcsim.model.propagation import (
    Instance,
    Structure,
    effectively_down,
    is_met,
    structure_of,
    works,
)
from bcsim.model.route import Blockage, Route, blockage, routes
from bcsim.model.workaround import Workaround, workarounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcsim.model.firm import Firm


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A node whose crash alone stops a journey.

    ``channels`` are those on which it stops, ``is_total`` says that these are all. On the first
    of them orders wait at ``step``; ``chain`` leads from the node to what the step misses.
    Each of ``workarounds`` reopens that route; there is none where only repair helps.
    """

    node: str
    journey: str
    channels: tuple[str, ...]
    is_total: bool
    step: str
    chain: tuple[str, ...]
    workarounds: tuple[Workaround, ...]


@dataclass(frozen=True, slots=True)
class SharedCause:
    """A node whose crash takes down two or more other instances of components.

    ``components`` lose their first instance, ``standbys`` their standby. ``defeated`` are the
    components whose redundancy falls as a whole: a first instance together with its standby,
    or more of an ``any-of`` dependency than may be missing.
    """

    node: str
    components: tuple[str, ...]
    standbys: tuple[str, ...]
    defeated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """What the crash of one node comes to.

    ``down`` are the components that no longer work, ``switched`` those that go on at their
    standby, ``degraded`` those that work more slowly. Routes, as journey and channel, are
    ``stopped``, or go on ``by_hand``: only through a fallback that opens by itself. The shares
    are of daily orders: of all, and of those of a channel, service or segment; only those that
    lose any are listed.
    """

    node: str
    down: tuple[str, ...]
    switched: tuple[str, ...]
    degraded: tuple[str, ...]
    stopped: tuple[tuple[str, str], ...]
    by_hand: tuple[tuple[str, str], ...]
    orders_share: float
    channels: Mapping[str, float]
    services: Mapping[str, float]
    segments: Mapping[str, float]


def single_points_of_failure(firm: Firm) -> dict[str, tuple[SinglePoint, ...]]:
    """Single points of failure of every journey that has demand, in the model's order."""
    structure = structure_of(firm)
    found: dict[str, dict[str, list[tuple[Route, Blockage]]]] = {}
    for node in structure.nodes:
        failed = effectively_down(structure, frozenset({node}))
        for route in routes(firm):
            stop = blockage(firm, route, failed)
            if stop is not None:
                found.setdefault(route.journey, {}).setdefault(node, []).append((route, stop))
    return {
        journey: tuple(
            _single_point(firm, structure, node, stops)
            for node, stops in found.get(journey, {}).items()
        )
        for journey in dict.fromkeys(route.journey for route in routes(firm))
    }


def _single_point(
    firm: Firm,
    structure: Structure,
    node: str,
    stops: list[tuple[Route, Blockage]],
) -> SinglePoint:
    route, stop = stops[0]
    channels = tuple(route.channel for route, _ in stops)
    every = sum(other.journey == route.journey for other in routes(firm))
    failed = effectively_down(structure, frozenset({node}))
    return SinglePoint(
        node=node,
        journey=route.journey,
        channels=channels,
        is_total=len(channels) == every,
        step=stop.step,
        chain=_chain(structure, node, stop.node, failed),
        workarounds=workarounds(firm, structure, route, node),
    )


def _chain(structure: Structure, node: str, target: str, failed: frozenset[str]) -> tuple[str, ...]:
    """Shortest way by which the failure of one node reaches another."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(failed)
    for fallen in failed:
        for need in structure.instances[fallen][0].needs:
            if not is_met(need, failed):
                graph.add_edges_from((cause, fallen) for cause in need.on if cause in failed)
    return tuple(nx.shortest_path(graph, node, target))


def shared_causes(firm: Firm) -> tuple[SharedCause, ...]:
    """Nodes with two or more other instances in their fall, those that defeat most first."""
    structure = structure_of(firm)
    causes = (_shared_cause(firm, structure, node) for node in structure.nodes)
    shared = [cause for cause in causes if len(cause.components) + len(cause.standbys) > 1]
    return tuple(
        sorted(shared, key=lambda c: (-len(c.defeated), -len(c.components) - len(c.standbys)))
    )


def _shared_cause(firm: Firm, structure: Structure, node: str) -> SharedCause:
    crashed = frozenset({node})
    failed = effectively_down(structure, crashed)
    fallen = [
        instance
        for instance in _instances_above(firm, structure, failed)
        if not works(instance, crashed, failed)
    ]
    firsts = [instance.node for instance in fallen if not instance.is_standby]
    standbys = [instance.node for instance in fallen if instance.is_standby]
    defeated = [instance.node for instance in fallen if _loses_a_group(instance, failed)]
    defeated += [n for n in standbys if n in firsts or n == node]
    return SharedCause(
        node,
        tuple(n for n in firsts if n != node),
        tuple(standbys),
        tuple(n for n in structure.nodes if n in defeated),
    )


def _instances_above(
    firm: Firm, structure: Structure, failed: frozenset[str]
) -> Iterator[Instance]:
    """Instances of components that need a failed node, each once, in the model's order."""
    near = {id(instance) for node in failed for instance in structure.dependents[node]}
    for component in firm.components:
        for instance in structure.instances[component]:
            if id(instance) in near:
                yield instance


def _loses_a_group(instance: Instance, failed: frozenset[str]) -> bool:
    """Whether alternatives fell together: an any-of need that could spare one is unmet."""
    return any(need.needed < len(need.on) and not is_met(need, failed) for need in instance.needs)


def blast_radius(firm: Firm, node: str) -> BlastRadius:
    """What the crash of a component or site comes to.

    Raises
    ------
    KeyError
        The firm has no such node.
    """
    structure = structure_of(firm)
    if node not in structure.instances:
        raise KeyError(node)
    crashed = frozenset({node})
    failed = effectively_down(structure, crashed)
    stopped = _blocked(firm, routes(firm), failed)
    unaided = _blocked(firm, map(_without_fallbacks, routes(firm)), failed)
    lines = [(line, (line.journey, line.channel) in stopped) for line in firm.demand.values()]
    services = {
        name: [
            (line, hit)
            for line, hit in lines
            if line.product in service.products
            and (not service.channels or line.channel in service.channels)
        ]
        for name, service in firm.services.items()
    }
    return BlastRadius(
        node=node,
        down=tuple(name for name in firm.components if name in failed),
        switched=tuple(_switched(firm, structure, crashed, failed)),
        degraded=tuple(_degraded(firm, failed)),
        stopped=stopped,
        by_hand=tuple(pair for pair in unaided if pair not in stopped),
        orders_share=_share((line.orders_per_day, hit) for line, hit in lines),
        channels=_losses(
            (name, line.orders_per_day, hit)
            for name in firm.channels
            for line, hit in lines
            if line.channel == name
        ),
        services=_losses(
            (name, line.orders_per_day, hit)
            for name, covered in services.items()
            for line, hit in covered
        ),
        segments=_losses(
            (name, line.orders_per_day, hit)
            for name in firm.segments
            for line, hit in lines
            if line.segment == name
        ),
    )


def _blocked(
    firm: Firm, chosen: Iterable[Route], failed: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """Journey and channel of the routes that do not lead to an execution."""
    return tuple(
        (route.journey, route.channel)
        for route in chosen
        if blockage(firm, route, failed) is not None
    )


def _without_fallbacks(route: Route) -> Route:
    """The route if nothing were done by hand."""
    steps = tuple(
        step.replace(on_failure="park") if step.on_failure == "fallback" else step
        for step in route.steps
    )
    return replace(route, steps=steps)


def _share(lines: Iterable[tuple[float, bool]]) -> float:
    """Share of daily orders that is hit; of sources without orders, 0."""
    rates = tuple(lines)
    total = sum(rate for rate, _ in rates)
    return sum(rate for rate, hit in rates if hit) / total if total else 0.0


def _losses(rows: Iterable[tuple[str, float, bool]]) -> dict[str, float]:
    """Share of daily orders that each group loses, for groups that lose any."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for name, rate, hit in rows:
        groups.setdefault(name, []).append((rate, hit))
    return {name: _share(lines) for name, lines in groups.items() if any(h for _, h in lines)}


def _switched(
    firm: Firm, structure: Structure, crashed: frozenset[str], failed: frozenset[str]
) -> Iterator[str]:
    for name in firm.components:
        first = structure.instances[name][0]
        if name not in failed and not works(first, crashed, failed):
            yield name


def _degraded(firm: Firm, failed: frozenset[str]) -> Iterator[str]:
    for name, component in firm.components.items():
        slower = (d for d in component.dependencies if d.kind == "degrading")
        if name not in failed and any(node in failed for d in slower for node in d.on):
            yield name


def minimal_cut_sets(
    firm: Firm, journey: str, order: int = CUT_SET_ORDER_MAX, *, channel: str | None = None
) -> tuple[tuple[str, ...], ...]:
    """Minimal sets of nodes whose crash stops a journey on all its channels, or on one.

    A set counts from the moment at which it stops the journey: that a further crash may open a
    way again (an optional step that is skipped rather than reached) does not undo it.

    Parameters
    ----------
    firm
        A firm without dangling references.
    journey
        A journey that has demand.
    order
        Size of the largest sets, at least 1.
    channel
        A channel with demand for the journey; by default all of them must stop.

    Returns
    -------
    tuple of tuple of str
        Each set in the model's order; small sets first, then in the model's order.

    Raises
    ------
    KeyError
        There is no demand for that journey, or not on that channel.
    LimitError
        The sets of this order are too many, see ``limits.CUT_SETS_MAX``.
    """
    chosen = [r for r in routes(firm) if r.journey == journey and channel in {None, r.channel}]
    if not chosen:
        raise KeyError(journey if channel is None else (journey, channel))
    tree = fault_tree(structure_of(firm), order)
    family = ALWAYS
    for route in chosen:
        family = minimal(both(family, route_cut_sets(firm, route, tree), order))
    place = {node: i for i, node in enumerate(tree.structure.nodes)}
    sets = (tree.names(mask) for mask in family)
    return tuple(sorted(sets, key=lambda nodes: (len(nodes), [place[node] for node in nodes])))
