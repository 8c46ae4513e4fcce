"""Minimal cut sets: the smallest sets of crashes that stop something.

Families of sets are computed bottom-up from what every node needs (a fault tree): a node falls
with its own crash *or* with a need (union of families); with a standby, only when both
instances fall (products of members). Members beyond the asked order are dropped at once, which
loses nothing, because the union of two sets is never smaller than either. Where nodes need
each other in a circle the families are iterated to their least fixed point.

A set is a tuple of nodes outside and a bit mask inside. Reference: Vesely et al., *Fault Tree
Handbook*, NUREG-0492 (1981), chapter VII.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import networkx as nx

from bcsim.errors import LimitError, Problem
from bcsim.limits import CUT_SETS_MAX
from bcsim.model.propagation import Instance, Need, Structure, effectively_down
from bcsim.model.route import Position, Route, blockage, ways_past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bcsim.model.firm import Firm

Family: TypeAlias = frozenset[int]
"""Sets of nodes as bit masks."""

NEVER: Final[Family] = frozenset()
"""Nothing makes it fall."""

ALWAYS: Final[Family] = frozenset({0})
"""It has fallen already."""


@dataclass(frozen=True, slots=True)
class FaultTree:
    """Of each node, the minimal sets of crashes up to ``order`` that take it down."""

    structure: Structure
    order: int
    families: dict[str, Family]

    def names(self, mask: int) -> tuple[str, ...]:
        """Nodes of a set, in the model's order."""
        return tuple(node for i, node in enumerate(self.structure.nodes) if mask >> i & 1)


def fault_tree(structure: Structure, order: int) -> FaultTree:
    """Compute the families of all nodes, those that others need first."""
    assert order >= 1, f"order={order} asks for no set at all"
    bits = {node: 1 << i for i, node in enumerate(structure.nodes)}
    families = dict.fromkeys(structure.nodes, NEVER)
    for circle in _needed_first(structure):
        is_settled = False
        while not is_settled:
            is_settled = True
            for node in circle:
                family = _node_family(structure, node, bits, families, order)
                if family != families[node]:
                    families[node] = family
                    is_settled = len(circle) == 1
    return FaultTree(structure, order, families)


def _needed_first(structure: Structure) -> Iterator[Sequence[str]]:
    """Groups of nodes that need each other; every group after the groups that it needs."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(structure.nodes)
    for node, dependents in structure.dependents.items():
        graph.add_edges_from((node, instance.node) for instance in dependents)
    condensed = nx.condensation(graph)
    for group in nx.topological_sort(condensed):
        yield sorted(condensed.nodes[group]["members"])


def _node_family(
    structure: Structure, node: str, bits: dict[str, int], families: dict[str, Family], order: int
) -> Family:
    family = ALWAYS
    for instance in structure.instances[node]:
        if instance.takes_over:
            falls = _instance_family(instance, families, order)
            if not instance.is_standby:
                falls |= {bits[node]}
            family = minimal(both(family, falls, order))
    return family


def _instance_family(instance: Instance, families: dict[str, Family], order: int) -> Family:
    return minimal(mask for need in instance.needs for mask in _need_family(need, families, order))


def _need_family(need: Need, families: dict[str, Family], order: int) -> Family:
    """Sets with which fewer than ``needed`` of the nodes are left.

    ``at_least[j]`` holds the sets that take down at least j of the nodes seen so far.
    """
    lost = len(need.on) - need.needed + 1
    if lost == 1:
        return frozenset(mask for node in need.on for mask in families[node])
    at_least = [ALWAYS] + [NEVER] * lost
    for node in need.on:
        for j in range(lost, 0, -1):
            one_more = both(at_least[j - 1], families[node], order)
            at_least[j] = minimal(at_least[j] | one_more)
    return at_least[lost]


def both(left: Family, right: Family, order: int) -> Family:
    """Sets that make both of two things fall, up to an order; not yet minimal.

    Raises
    ------
    LimitError
        More sets than ``CUT_SETS_MAX`` would have to be looked at.
    """
    if len(left) * len(right) > CUT_SETS_MAX:
        raise LimitError(
            Problem(
                f"too many cut sets of order {order}",
                value=str(len(left) * len(right)),
                expected=f"at most {CUT_SETS_MAX}",
                hint="ask for a lower order",
            )
        )
    unions = (one | other for one in left for other in right)
    return frozenset(union for union in unions if union.bit_count() <= order)


def minimal(family: Iterable[int]) -> Family:
    """The sets of a family that contain no other of it."""
    kept: set[int] = set()
    for mask in sorted(set(family), key=int.bit_count):
        if not any(subset in kept for subset in _subsets(mask)):
            kept.add(mask)
    return frozenset(kept)


def _subsets(mask: int) -> Iterator[int]:
    """All subsets of a set but itself; sets are small, families are large."""
    subset = mask
    while subset:
        subset = (subset - 1) & mask
        yield subset


def route_cut_sets(firm: Firm, route: Route, tree: FaultTree) -> Family:
    """Minimal sets of crashes that stop a route.

    An order is stuck at a step when all ways past it fail, from a position to which the failure
    of earlier ways may have led it. All such sets are collected; then only those are kept that
    do stop the route, because a failure can also open a way: where an optional step is skipped,
    the dead end behind it is avoided.
    """
    positions: dict[Position, Family] = {Position(): ALWAYS}
    stuck, is_plain = NEVER, True
    for step in route.steps:
        onward: dict[Position, Family] = {}
        for position, failed_before in positions.items():
            failing = failed_before
            for tried, way in enumerate(ways_past(firm, route, position, step)):
                onward[way.after] = onward.get(way.after, NEVER) | failing
                failing = both(failing, _falls(tree, way.nodes), tree.order)
                is_plain = is_plain and tried == 0
            stuck |= failing
        positions = onward
    if not is_plain:
        stuck = frozenset(mask for mask in stuck if _stops(firm, route, tree, mask))
    return minimal(stuck)


def _falls(tree: FaultTree, nodes: Iterable[str]) -> Family:
    """Sets that take down any of some nodes."""
    return minimal(mask for node in nodes for mask in tree.families[node])


def _stops(firm: Firm, route: Route, tree: FaultTree, mask: int) -> bool:
    crashed = frozenset(tree.names(mask))
    return blockage(firm, route, effectively_down(tree.structure, crashed)) is not None
