"""A firm from an architecture: what the file says, what decorators add, what is assumed.

| CALM | model |
|---|---|
| actor, ``interacts`` | channel, segment and demand |
| service, webclient, other types | application with servers |
| database, data-asset, ldap | database with a durable store |
| network, ``deployed-in`` | network, and what is ``hosted-at`` it |
| ``composed-of`` | what stands outside of every system is a third party |
| flows | one journey, see :mod:`bcsim.model.importers.calm_route` |
| service-level controls | deadlines, retries, dedup, repair, standby, tolerances |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcsim.model.client import Channel, OnTimeout, Segment
from bcsim.model.component import (
    Component,
    ComponentKind,
    Dedup,
    Dependency,
    Link,
    Monitor,
    Standby,
    Store,
)
from bcsim.model.demand import Demand, IntradayProfile, ProfilePoint
from bcsim.model.distribution import parse_distribution
from bcsim.model.firm import Calendar, Firm
from bcsim.model.importers import calm_basis
from bcsim.model.importers.calm_architecture import COMPOSED_OF, CONNECTS, DEPLOYED_IN
from bcsim.model.importers.calm_basis import JOURNEY, LINE, PRODUCT, PROFILE, SERVICE, label
from bcsim.model.importers.calm_controls import (
    EXACTLY_ONCE,
    RELIABILITY,
    RPO,
    RTO,
    STRATEGY,
    incident_ns,
    level_of,
)
from bcsim.model.importers.calm_journey import journey_of
from bcsim.model.importers.calm_promises import product_of, service_of
from bcsim.model.site import Site
from bcsim.streams import Distribution
from bcsim.units import format_duration, parse_duration

if TYPE_CHECKING:
    from bcsim.model.finding import Path
    from bcsim.model.importers.calm_architecture import Architecture, Node
    from bcsim.model.importers.calm_basis import Basis
    from bcsim.model.importers.calm_controls import ServiceLevel

MAIN_SITE: Final = "main-site"
STANDBY_SITE: Final = "standby-site"

_DATA_CLASSES: Final = {"public": "public", "internal": "internal", "pii": "personal"}
"""CALM's data classifications; every other one is confidential."""


def make_firm(basis: Basis) -> Firm:
    """Map everything; assumptions are noted in the basis's ledger, and listed in the firm."""
    components = {basis.names[n.id]: _component(basis, n) for n in component_nodes(basis)}
    sections: dict[str, Any] = {
        "calendar": Calendar(time_zone="UTC"),
        "currency": "USD",
        "sites": _sites(components),
        "components": components,
        "links": _links(basis),
        **_clients(basis),
        "products": {PRODUCT: product_of(basis)},
        "journeys": {JOURNEY: journey_of(basis)},
        "services": {SERVICE: service_of(basis)},
    }
    basis.ledger.assume("amounts are in USD and clocks in UTC", ("currency",), ("calendar",))
    return Firm(
        format="bcsim-model/1",
        name=label(basis.architecture.name),
        note=f"Made by `bcsim import calm` from {basis.architecture.folder.main.name}.",
        assumptions=basis.ledger.sentences(),
        **sections,
    )


def is_group(node: Node, architecture: Architecture) -> bool:
    """Whether a node only groups others: a system or ecosystem with parts."""
    return node.kind in ("system", "ecosystem") and any(
        r.kind == COMPOSED_OF and r.source == node.id for r in architecture.relationships.values()
    )


def component_nodes(basis: Basis) -> list[Node]:
    """The nodes that become components: all but actors and groups."""
    nodes = basis.architecture.nodes.values()
    return [n for n in nodes if n.kind != "actor" and not is_group(n, basis.architecture)]


# -- components ------------------------------------------------------------------------------


def _component(basis: Basis, node: Node) -> Component:
    name = basis.names[node.id]
    path: Path = ("components", name)
    defaults = basis.defaults_of(node.id)
    fields: dict[str, Any] = {"name": node.name, "kind": _kind(basis, node)}
    if defaults.kind != ComponentKind.NETWORK:
        words = "VALUE requests are served at a time by {}"
        fields["servers"] = basis.value(
            node.id, "servers", defaults.servers, words, (*path, "servers")
        )
        standby = _standby(basis, node, path)
        fields |= standby or {"store": _store(basis, node, path)}
    for field in ("queue", "failure", "repair", "monitor"):
        given = basis.decorations.get(node.id, field)
        if given is not None:
            what = f"{field} of {{}}: {given.text} (decorator {given.decorator})"
            if given.is_assumed:
                basis.ledger.assume(what, (*path, field), of=node.id)
            fields[field] = given.value
    fields.setdefault("repair", _repair(basis, node))
    return Component(
        **{field: value for field, value in fields.items() if value is not None},
        dedup=_dedup(basis, node, path),
        dependencies=_dependencies(basis, node, path),
        data_class=_data_class(node),
        source=basis.source_of(node.id, "servers", "store", "service_time"),
        note=node.description or None,
    )


def _kind(basis: Basis, node: Node) -> ComponentKind:
    """By type; what is in no system, though others are, belongs to a third party."""
    kind = basis.defaults_of(node.id).kind
    systems = [r for r in basis.architecture.relationships.values() if r.kind == COMPOSED_OF]
    is_outside = bool(systems) and all(node.id not in r.targets for r in systems)
    return ComponentKind.THIRD_PARTY if is_outside and kind != ComponentKind.NETWORK else kind


def _store(basis: Basis, node: Node, path: Path) -> Store:
    """Whether what it holds survives a crash; for a bus this is what everything hangs on."""
    default = basis.defaults_of(node.id).store
    role = "the bus {}" if node.id == basis.route.joint else "{}"
    words = f"a VALUE store holds the orders of {role}"
    kind = basis.value(node.id, "store", default, words, (*path, "store"))
    return Store(kind=kind)


def _repair(basis: Basis, node: Node) -> Distribution | None:
    """As long as the incident controls of the order's flows allow."""
    times = [
        time
        for flow in basis.choice.chosen
        if (level := level_of(flow, basis.levels)) and (time := incident_ns(level)) is not None
    ]
    on_route = any(step.node == node.id for step in basis.route.steps)
    return Distribution.constant(min(times)) if times and on_route else None


def _dedup(basis: Basis, node: Node, path: Path) -> Dedup | None:
    """Who receives messages of an exactly-once flow recognises them."""
    given = basis.decorations.get(node.id, "dedup")
    if given is not None:
        if given.is_assumed:
            what = f"an order that is sent again is recognised for {given.text} by {{}}"
            what += f" (decorator {given.decorator})"
            basis.ledger.assume(what, (*path, "dedup"), of=node.id)
        return Dedup(horizon=given.value)
    for step in basis.route.steps:
        level = level_of(step.flow, basis.levels) if step.flow and step.node == node.id else None
        if level is not None and level.word(RELIABILITY) == EXACTLY_ONCE:
            what = (
                f"an order that is sent again is recognised for {calm_basis.DEDUP_HORIZON} by "
                f"{{}}, whose flow promises {EXACTLY_ONCE}"
            )
            basis.ledger.assume(what, (*path, "dedup"), of=node.id)
            return Dedup(horizon=parse_duration(calm_basis.DEDUP_HORIZON))
    if any(step.node == node.id for step in basis.route.steps):
        what = "an order that is sent again is not recognised by {}: nothing promises exactlyOnce"
        basis.ledger.assume(what, of=node.id)
    return None


def _dependencies(basis: Basis, node: Node, path: Path) -> tuple[Dependency, ...]:
    """Networks it is deployed in, its own or its system's, and what decorators add."""
    relationships = basis.architecture.relationships.values()
    around = {node.id} | {
        r.source for r in relationships if r.kind == COMPOSED_OF and node.id in r.targets
    }
    networks = dict.fromkeys(
        basis.names[r.source]
        for r in relationships
        if r.kind == DEPLOYED_IN and around & set(r.targets) and r.source in basis.names
        if basis.architecture.nodes[r.source].kind != "actor"
    )
    found = [Dependency(kind="hosted-at", on=tuple(networks))] if networks else []
    given = basis.decorations.get(node.id, "dependencies")
    for dependency in given.value if given else ():
        on = tuple(basis.names.get(name, name) for name in dependency.on)
        found.append(dependency.replace(on=on))
    if given and given.is_assumed:
        what = f"dependencies of {{}}: {given.text} (decorator {given.decorator})"
        basis.ledger.assume(what, (*path, "dependencies"), of=node.id)
    return tuple(found)


def _data_class(node: Node) -> Any:  # noqa: ANN401 - one of the model's literals
    """The node's data classification, in its own key or in its metadata."""
    metadata = node.part.below("metadata")
    word = node.part.text("data-classification")
    word = word or (metadata.text("data-classification") if metadata else "")
    return _DATA_CLASSES.get(word.lower(), "confidential") if word else "internal"


def _standby(basis: Basis, node: Node, path: Path) -> dict[str, Any]:
    """A node's failover control becomes a standby that keeps what the control promises."""
    level = next((lv for lv in basis.levels if f"node {node.id}" in lv.owners), None)
    strategy = level.word(STRATEGY) if level else ""
    if level is None or not strategy:
        return {}
    rto_ns, rpo_ns = level.time_ns(RTO) or 0, level.time_ns(RPO) or 0
    what = (
        f"the failover ({strategy}) of {{}} starts by itself; detection takes a tenth of the "
        f"recovery-time-objective of {format_duration(rto_ns)} and the switch half of it, and "
        f"replication lags by the recovery-point-objective of {format_duration(rpo_ns)}"
    )
    basis.ledger.assume(what, (*path, "standby"), of=node.id)
    return {
        "site": MAIN_SITE,
        "store": Store(kind="replicated", lag=rpo_ns),
        "monitor": Monitor(delay=Distribution.constant(rto_ns // 10)),
        "standby": Standby(
            kind="hot" if strategy == "active-active" else "warm",
            site=STANDBY_SITE,
            decision="automatic",
            switch=Distribution.constant(rto_ns // 2),
            source=_place(level, STRATEGY),
        ),
    }


def _place(level: ServiceLevel, promise: tuple[str, ...]) -> str:
    return str(level.config.place(*promise))


def _sites(components: dict[str, Component]) -> dict[str, Site]:
    if not any(component.standby for component in components.values()):
        return {}
    return {
        MAIN_SITE: Site(name=label("Main site"), source="assumption"),
        STANDBY_SITE: Site(name=label("Standby site"), source="assumption"),
    }


# -- links and clients -------------------------------------------------------------------------


def _links(basis: Basis) -> dict[str, Link]:
    """A default for all pairs, a line to the clients, and what decorators say of connections."""
    ledger = basis.ledger
    ledger.assume(f"a message takes {calm_basis.LINK_LATENCY}", ("links", "default"))
    actor = basis.route.actor or ""
    words = "a message between the firm and {} takes VALUE"
    latency = basis.value(actor, "latency", calm_basis.LINE_LATENCY, words, ("links", LINE))
    loss = basis.decorations.get(actor, "loss")
    links = {
        "default": Link(latency=parse_distribution(calm_basis.LINK_LATENCY), source="assumption"),
        LINE: Link(
            latency=latency,
            loss=loss.value if loss else 0.0,
            source=basis.source_of(actor, "latency"),
        ),
    }
    for relationship in basis.architecture.relationships.values():
        told = basis.decorations.of_element.get(relationship.id, {})
        if not told or relationship.kind != CONNECTS:
            continue
        ends = [basis.names[n] for n in (relationship.source, relationship.targets[0])]
        values = {name: given.value for name, given in told.items()}
        link = Link(**{"latency": calm_basis.LINK_LATENCY, **values}, source=_cited(told))
        for one, other in (ends, reversed(ends)):
            links[f"{one} -> {other}"] = link
    return links


def _cited(told: dict[str, Any]) -> str:
    return "; ".join(sorted({given.source for given in told.values()}))


def _clients(basis: Basis) -> dict[str, Any]:
    """Channel, segment, profile and demand of the actor that orders."""
    actor = basis.route.actor or ""
    name = basis.names[actor] if actor else "client"
    title = basis.architecture.nodes[actor].name if actor else "Client"
    segment: Path = ("segments", name)

    def value(field: str, default: object, words: str, path: Path) -> Any:  # noqa: ANN401
        return basis.value(actor, field, default, words, path)

    hours: Path = ("profiles", PROFILE)
    words = "orders come, and are executed, from VALUE on"
    opens = ProfilePoint(at=value("opens", calm_basis.OPENS, words, hours), intensity=1.0)
    words = "orders come, and are executed, until VALUE"
    closes = ProfilePoint(at=value("closes", calm_basis.CLOSES, words, hours), intensity=0.0)
    habits = basis.decorations.get(actor, "on_timeout")
    if habits is None:
        basis.ledger.assume("a client without an answer does not order again", segment)
    words = "VALUE orders a day, evenly spread, come from {}"
    orders = value(
        "orders_per_day", calm_basis.ORDERS_PER_DAY, words, ("demand", name, "orders_per_day")
    )
    return {
        "channels": {name: Channel(name=label(title), link=LINE)},
        "segments": {
            name: Segment(
                name=label(title),
                clients=value(
                    "clients", calm_basis.CLIENTS, "VALUE clients stand behind {}", segment
                ),
                priority="client",
                patience=value(
                    "patience", calm_basis.PATIENCE, "an answer is waited for VALUE by {}", segment
                ),
                on_timeout=habits.value if habits else OnTimeout(),
                source=basis.source_of(actor, "clients", "patience"),
            )
        },
        "profiles": {PROFILE: IntradayProfile(points=(opens, closes), source="assumption")},
        "demand": {
            name: Demand(
                channel=name,
                segment=name,
                product=PRODUCT,
                journey=JOURNEY,
                profile=PROFILE,
                orders_per_day=orders,
                source=basis.source_of(actor, "orders_per_day"),
            )
        },
    }
