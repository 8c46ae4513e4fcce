"""Links: how long a message takes, whether it arrives. Twin: ``engine.reference.link``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.heap import high, low, schedule
from bcsim.kernels.sampling import address, index_of, key_of_order, sample, uniform
from bcsim.limits import LEGS_MAX

MILLION = 1_000_000
MAY_BE_LOST = -2
SUBDRAWS_PER_DIRECTION = 64

CUT = 0
LOST = 1
CARRIED = 2


@compiled
def path_of(m: Arena, source: int, target: int) -> int:
    """The path between two nodes."""
    return m[r.PATHS] + (source * m[r.NODE_COUNT] + target) * r.PATH_SIZE


@compiled
def is_link_up(m: Arena, source: int, target: int) -> bool:
    """Whether messages from node to node get through now."""
    path = path_of(m, source, target)
    return bool(m[m[path + r.PATH_PAIR] + r.STATE_UP] and m[m[path + r.PATH_SHARED] + r.STATE_UP])


@compiled
def carry(
    m: Arena,
    x: Constants,
    source: int,
    target: int,
    order: int,
    step: int,
    leg: int,
    attempt: int,
    direction: int,
    mark: int,
    after_ns: int,
    happens: int,
    a: int,
    b: int,
    c: int,
    d: int,
) -> int:
    """Send one message from node to node; ``happens`` when it arrives.

    ``after_ns``: time of a message that a reliable one does not overtake, -1 if there is none;
    ``MAY_BE_LOST`` for one that is not reliable. ``m[ARRIVAL_NS]`` is when it arrives.

    Returns
    -------
    int
        ``CUT``, ``LOST`` or ``CARRIED``.
    """
    path = path_of(m, source, target)
    pair, shared = m[path + r.PATH_PAIR], m[path + r.PATH_SHARED]
    if not (m[pair + r.STATE_UP] and m[shared + r.STATE_UP]):
        return CUT
    index = index_of(m, order)
    draw = address(step, leg % LEGS_MAX, attempt, direction * SUBDRAWS_PER_DIRECTION)
    key = key_of_order(m, order, r.KEY_LATENCY, leg)
    latency_ns = sample(m, x, m[path + r.PATH_LATENCY], key, index, draw)
    latency_ns += m[pair + r.STATE_LATENCY] + m[shared + r.STATE_LATENCY]
    arrival_ns = max(m[r.NOW] + latency_ns, max(after_ns, -1) + 1)
    m[r.ARRIVAL_NS] = arrival_ns
    if after_ns == MAY_BE_LOST:
        loss = (
            x[m[path + r.PATH_LOSS]] + (m[pair + r.STATE_LOSS] + m[shared + r.STATE_LOSS]) / MILLION
        )
        if loss:
            luck = key_of_order(m, order, r.KEY_LOSS, leg)
            if uniform(m, luck, index, draw) < loss:
                return LOST
    number = m[order + r.ORDER_NUMBER]
    schedule(
        m,
        arrival_ns,
        high(r.TURN_DELIVERY, number),
        low(step, leg, attempt, mark),
        happens,
        a,
        b,
        c,
        d,
    )
    return CARRIED
