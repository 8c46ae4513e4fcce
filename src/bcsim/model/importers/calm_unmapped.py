"""What the model leaves out of an architecture, element by element, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.importers.calm_architecture import COMPOSED_OF, CONNECTS, DEPLOYED_IN, INTERACTS
from bcsim.model.importers.calm_controls import LATENCY, PROMISES, RATE, RETRIES, TIMES
from bcsim.model.importers.calm_finding import Unmapped
from bcsim.model.importers.calm_model import is_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.importers.calm_architecture import Architecture, Relationship
    from bcsim.model.importers.calm_basis import Basis
    from bcsim.model.importers.calm_controls import ServiceLevel
    from bcsim.model.importers.calm_files import Part

_HEADINGS = frozenset({"$schema", "$id", "control-id", "name", "description"})


def unmapped(basis: Basis) -> tuple[Unmapped, ...]:
    """Everything in the architecture that the model does not have."""
    return (
        *basis.architecture.unmapped,
        *_nodes(basis),
        *_relationships(basis),
        *_flows(basis),
        *_controls(basis),
        *(Unmapped(name, "it is of another type", ()) for name in basis.decorations.ignored),
    )


def _nodes(basis: Basis) -> Iterator[Unmapped]:
    for node in basis.architecture.nodes.values():
        if is_group(node, basis.architecture):
            reason = "it only groups others; a component stands for each of its parts"
            yield Unmapped(f"node {node.id}", reason, (node.part.place(),))
        elif node.kind == "actor" and node.id != basis.route.actor:
            reason = "it is not the actor whose orders are simulated"
            yield Unmapped(f"node {node.id}", reason, (node.part.place(),))


def _relationships(basis: Basis) -> Iterator[Unmapped]:
    for relationship in basis.architecture.relationships.values():
        reason = _why_not(relationship, basis)
        if reason:
            place = relationship.part.place()
            yield Unmapped(f"relationship {relationship.id}", reason, (place,))


def _why_not(relationship: Relationship, basis: Basis) -> str:
    """Why a relationship has no part in the model, or nothing if it has."""
    crossed = {
        message.transition.relationship for step in basis.route.steps for message in step.messages
    }
    is_decorated = relationship.id in basis.decorations.of_element
    if relationship.kind == CONNECTS:
        pair = (relationship.source, relationship.targets[0])
        is_used = pair in {*_pairs(basis)} or pair in {*_dependencies(basis)}
        if is_used or relationship.id in crossed or is_decorated:
            return ""
        return "the order's flows do not cross it; a decorator can make it a dependency"
    if relationship.kind == INTERACTS:
        return _why_no_channel(relationship, basis)
    if relationship.kind == DEPLOYED_IN:
        is_host = not is_group(basis.architecture.nodes[relationship.source], basis.architecture)
        return "" if is_host else "its container is no component"
    assert relationship.kind == COMPOSED_OF, "there are four types of relationships"
    return ""


def _pairs(basis: Basis) -> Iterator[tuple[str, str]]:
    """Hops on the way from the client to where the first flow begins."""
    yield from zip(basis.route.entry, basis.route.entry[1:], strict=False)


def _dependencies(basis: Basis) -> Iterator[tuple[str, str]]:
    """What decorators make depend on each other."""
    for element, told in basis.decorations.of_element.items():
        given = told.get("dependencies")
        for dependency in given.value if given else ():
            yield from ((element, other) for other in dependency.on)


def _why_no_channel(relationship: Relationship, basis: Basis) -> str:
    """The first interaction of the ordering actor with the entry is the channel."""
    first = next(
        (
            r
            for r in basis.architecture.relationships.values()
            if r.kind == INTERACTS
            and r.source == basis.route.actor
            and basis.route.entry[0] in r.targets
        ),
        None,
    )
    if relationship is first:
        return ""
    is_same = relationship.source == basis.route.actor
    return "the actor orders over another interaction" if is_same else "its actor does not order"


def _flows(basis: Basis) -> Iterator[Unmapped]:
    for flow, reason in basis.choice.others:
        yield Unmapped(f"flow {flow.id}", f"no order flow: {reason}", (flow.part.place(),))


# -- controls --------------------------------------------------------------------------------


def _controls(basis: Basis) -> Iterator[Unmapped]:
    promising = {level.config.place() for level in basis.levels}
    for use in basis.architecture.all_controls:
        if use.config is not None and use.config.place() not in promising:
            reason = "it promises nothing that is simulated"
            yield Unmapped(f"control {use.name} of {use.owner}", reason, (use.part.place(),))
    for level in basis.levels:
        yield from _rest_of(level, basis.architecture, basis)


def _rest_of(level: ServiceLevel, architecture: Architecture, basis: Basis) -> Iterator[Unmapped]:
    """Entries of a configuration that are read by nothing."""
    own = {f"flow {flow.id}" for flow in basis.choice.chosen}
    own |= {f"node {node_id}" for node_id in architecture.nodes}
    if not own & set(level.owners):
        reason = "the flow is no order's; its promises were compared, not simulated"
        yield Unmapped(f"control of {level.subject}", reason, (level.config.place(),))
        return
    for key in level.config.names():
        if key in _HEADINGS:
            continue
        for path in _leaves(level.config.below(key), len(level.config.path)):
            reason = _why_unread(path, level)
            if reason:
                name = "/".join(path)
                place = level.config.place(*path)
                yield Unmapped(f"control of {level.subject}: {name}", reason, (place,))


def _leaves(part: Part | None, depth: int) -> Iterator[tuple[str, ...]]:
    """Paths of entries from a depth on; a quantity with its unit is one."""
    if part is None:
        return
    path = tuple(str(step) for step in part.path[depth:])
    is_inner = isinstance(part.value, dict) and not {"value", "rate"} & part.value.keys()
    if not is_inner:
        yield path
        return
    for name in part.names():
        yield from _leaves(part.below(name), depth)


def _why_unread(path: tuple[str, ...], level: ServiceLevel) -> str:
    if path in TIMES and level.time_ns(path) is None:
        return "it is no time that can be read"
    if path == RETRIES and not level.retries and level.number(RETRIES) != 0:
        return "it is no number of retries that can be"
    if path == RATE:
        return "orders come at an assumed rate; `bcsim run --load` raises it"
    if path == LATENCY:
        return "the alert threshold is the deadline, not the expected latency"
    return "" if path in PROMISES else "the model has no such promise"
