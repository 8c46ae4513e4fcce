"""What everybody asks of a component: does it work, who is primary, what is to blame."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import push_node
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.link import is_link_up
from bcsim.kernels.order import keep_order
from bcsim.kernels.sampling import index_of, integer, place_key


@compiled
def works(m: Arena, station: int) -> bool:
    """Whether work can start now."""
    return bool(m[station + r.STATION_UP] and not m[station + r.STATION_HUNG])


@compiled
def primary(m: Arena, station: int) -> int:
    """The active instance; in a split brain the first of the two."""
    if m[station + r.STATION_ACTIVE] == r.ACTIVE_SECOND:
        return m[station + r.STATION_SECOND]
    return m[station + r.STATION_FIRST]


@compiled
def is_active(m: Arena, instance: int) -> bool:
    """Whether an instance is a primary now."""
    active = m[m[instance + r.INSTANCE_STATION] + r.STATION_ACTIVE]
    return bool(active & (1 << m[instance + r.INSTANCE_NUMBER]))


@compiled
def instance_now(m: Arena, instance: int) -> int:
    """The instance that now answers for one: itself while it is a primary."""
    if is_active(m, instance):
        return instance
    return primary(m, m[instance + r.INSTANCE_STATION])


@compiled
def node_of(m: Arena, holder: int, order: int) -> int:
    """Node of a holder: an instance's component, or the order's channel for a client."""
    if holder:
        return m[m[holder + r.INSTANCE_STATION] + r.STATION_NODE]
    return m[m[order + r.ORDER_CHANNEL] + r.CHANNEL_NODE]


@compiled
def number_of(m: Arena, holder: int) -> int:
    """0 for a client or a first instance, 1 for a standby instance."""
    return m[holder + r.INSTANCE_NUMBER] if holder else 0


@compiled
def reached_by(m: Arena, station: int, holder: int, order: int, draw: int) -> int:
    """Instance that a holder's message comes to. Twin: ``Station.reached_by``."""
    if m[station + r.STATION_ACTIVE] != r.ACTIVE_BOTH:
        return primary(m, station)
    first, second = m[station + r.STATION_FIRST], m[station + r.STATION_SECOND]
    if holder and m[holder + r.INSTANCE_STATION] == station:
        return holder
    reach = m[m[station + r.STATION_REACH] + node_of(m, holder, order)]
    if reach == r.REACH_BOTH:
        key = place_key(m, m[station + r.STATION_CHOICE_KEYS], order, 1)
        return second if integer(m, key, 0, 1, index_of(m, order), draw) else first
    return second if reach == r.REACH_STANDBY else first


@compiled
def is_impaired(m: Arena, source: int, station: int) -> bool:
    """Whether a target, or the way to it or back, is known not to work."""
    node = m[station + r.STATION_NODE]
    return not (works(m, station) and is_link_up(m, source, node) and is_link_up(m, node, source))


@compiled
def blame(m: Arena, component: int) -> int:
    """What a failure at a component is because of: a word, or null. Twin: ``World.blame``."""
    node = m[r.IMPAIRED_HEAD]
    while node:
        if m[node + r.NODE_A] == component:
            return m[node + r.NODE_C]
        node = m[node + r.NODE_NEXT]
    if m[r.IMPAIRED_TAIL]:
        return m[m[r.IMPAIRED_TAIL] + r.NODE_C]
    return m[r.LAST_CAUSE]


@compiled
def freeze(m: Arena, station: int, kind: int, a: int, b: int, c: int, d: int, e: int) -> None:
    """Keep something for when a hung component wakes up. Twin: ``Station.when_awake``."""
    push_node(m, station + r.STATION_FROZEN_HEAD, kind, a, b, c, d, e)


@compiled
def is_deaf(m: Arena, station: int) -> bool:
    """Whether a component is crashed, so that what comes is lost."""
    return not m[station + r.STATION_UP]


@compiled
def freeze_about(
    m: Arena, station: int, kind: int, order: int, b: int, c: int, d: int, e: int
) -> None:
    """Keep something about an order, which is kept too."""
    keep_order(m, order)
    freeze(m, station, kind, order, b, c, d, e)
