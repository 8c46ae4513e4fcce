"""Circuit breakers and bulkheads. Twin: :mod:`bcsim.engine.reference.breaker`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, block, push_node, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.request import keep_pursuit

REFUSES = -1
"""Instead of a ticket: an open breaker refuses an attempt."""


@compiled
def breaker_of(m: Arena, instance: int, stage: int, target: int) -> int:
    """Circuit breaker of an instance towards a target; its first step says how it works."""
    breaker = m[instance + r.INSTANCE_BREAKERS]
    while breaker and m[breaker + r.BREAKER_TARGET] != target:
        breaker = m[breaker + r.BREAKER_NEXT]
    if not breaker:
        breaker = take(m, r.TYPE_BREAKER, r.BREAKER_SIZE)
        m[breaker + r.BREAKER_TARGET] = target
        m[breaker + r.BREAKER_IS_NEW] = 1
        m[breaker + r.BREAKER_RING] = block(m, m[r.BREAKER_ROOM])
        m[breaker + r.BREAKER_NEXT] = m[instance + r.INSTANCE_BREAKERS]
        m[instance + r.INSTANCE_BREAKERS] = breaker
    if m[breaker + r.BREAKER_IS_NEW]:
        m[breaker + r.BREAKER_IS_NEW] = 0
        m[breaker + r.BREAKER_FAILURES] = m[stage + r.STAGE_BREAKS_AT]
        m[breaker + r.BREAKER_WINDOW] = m[stage + r.STAGE_BREAKER_WINDOW]
        m[breaker + r.BREAKER_OPEN] = m[stage + r.STAGE_BREAKER_OPEN]
        m[breaker + r.BREAKER_PROBES] = m[stage + r.STAGE_PROBES]
        m[breaker + r.BREAKER_FIRST] = 0
        m[breaker + r.BREAKER_COUNT] = 0
        m[breaker + r.BREAKER_UNTIL] = r.NULL
        m[breaker + r.BREAKER_OPENINGS] = 0
        m[breaker + r.BREAKER_OUT] = 0
        m[breaker + r.BREAKER_WON] = 0
    return breaker


@compiled
def admit(m: Arena, breaker: int) -> int:
    """Ticket of an attempt that may be made now, or ``REFUSES``; 0 is no probe's."""
    if m[breaker + r.BREAKER_UNTIL] == r.NULL:
        return 0
    if m[r.NOW] < m[breaker + r.BREAKER_UNTIL]:
        return REFUSES
    if m[breaker + r.BREAKER_OUT] + m[breaker + r.BREAKER_WON] >= m[breaker + r.BREAKER_PROBES]:
        return REFUSES
    m[breaker + r.BREAKER_OUT] += 1
    return m[breaker + r.BREAKER_OPENINGS]


@compiled
def _is_probe(m: Arena, breaker: int, ticket: int) -> bool:
    is_open = m[breaker + r.BREAKER_UNTIL] != r.NULL
    return bool(is_open and ticket and ticket == m[breaker + r.BREAKER_OPENINGS])


@compiled
def succeeded(m: Arena, breaker: int, ticket: int) -> None:
    """An attempt was answered."""
    if not _is_probe(m, breaker, ticket):
        return
    m[breaker + r.BREAKER_OUT] -= 1
    m[breaker + r.BREAKER_WON] += 1
    if m[breaker + r.BREAKER_WON] >= m[breaker + r.BREAKER_PROBES]:
        m[breaker + r.BREAKER_UNTIL] = r.NULL
        m[breaker + r.BREAKER_COUNT] = 0


@compiled
def failed(m: Arena, breaker: int, ticket: int) -> None:
    """An attempt was refused or not answered in time."""
    if _is_probe(m, breaker, ticket):
        _open(m, breaker)
    if m[breaker + r.BREAKER_UNTIL] != r.NULL:
        return
    ring, room = m[breaker + r.BREAKER_RING], m[r.BREAKER_ROOM]
    count = m[breaker + r.BREAKER_COUNT]
    m[ring + (m[breaker + r.BREAKER_FIRST] + count) % room] = m[r.NOW]
    count += 1
    while m[ring + m[breaker + r.BREAKER_FIRST]] <= m[r.NOW] - m[breaker + r.BREAKER_WINDOW]:
        m[breaker + r.BREAKER_FIRST] = (m[breaker + r.BREAKER_FIRST] + 1) % room
        count -= 1
    m[breaker + r.BREAKER_COUNT] = count
    if count >= m[breaker + r.BREAKER_FAILURES]:
        _open(m, breaker)


@compiled
def abandoned(m: Arena, breaker: int, ticket: int) -> None:
    """Nobody waits for an attempt any more; a probe's place is free again."""
    if _is_probe(m, breaker, ticket):
        m[breaker + r.BREAKER_OUT] -= 1


@compiled
def _open(m: Arena, breaker: int) -> None:
    m[breaker + r.BREAKER_UNTIL] = m[r.NOW] + m[breaker + r.BREAKER_OPEN]
    m[breaker + r.BREAKER_OPENINGS] += 1
    m[breaker + r.BREAKER_OUT] = 0
    m[breaker + r.BREAKER_WON] = 0


@compiled
def bulkhead_of(m: Arena, instance: int, stage: int) -> int:
    """Bulkhead of an instance at a step."""
    bulkhead = m[instance + r.INSTANCE_BULKHEADS]
    while bulkhead and m[bulkhead + r.BULKHEAD_STAGE] != stage:
        bulkhead = m[bulkhead + r.BULKHEAD_NEXT]
    if not bulkhead:
        bulkhead = take(m, r.TYPE_BULKHEAD, r.BULKHEAD_SIZE)
        m[bulkhead + r.BULKHEAD_STAGE] = stage
        m[bulkhead + r.BULKHEAD_LIMIT] = m[stage + r.STAGE_BULKHEAD]
        m[bulkhead + r.BULKHEAD_NEXT] = m[instance + r.INSTANCE_BULKHEADS]
        m[instance + r.INSTANCE_BULKHEADS] = bulkhead
    return bulkhead


@compiled
def enter(m: Arena, bulkhead: int, pursuit: int) -> bool:
    """Take a place; if none is free, stand in line."""
    m[pursuit + r.PURSUIT_BULKHEAD] = bulkhead
    if m[bulkhead + r.BULKHEAD_INSIDE] < m[bulkhead + r.BULKHEAD_LIMIT]:
        m[bulkhead + r.BULKHEAD_INSIDE] += 1
        m[pursuit + r.PURSUIT_PLACE] = r.PLACE_INSIDE
        return True
    m[pursuit + r.PURSUIT_PLACE] = r.PLACE_IN_LINE
    append(m, bulkhead + r.BULKHEAD_HEAD, pursuit, r.PURSUIT_LINE_PREV)
    return False


@compiled
def leave(m: Arena, pursuit: int) -> None:
    """Step out of the line, or give the place to the first in it, or free the place."""
    bulkhead = m[pursuit + r.PURSUIT_BULKHEAD]
    if not bulkhead:
        return
    m[pursuit + r.PURSUIT_BULKHEAD] = 0
    if m[pursuit + r.PURSUIT_PLACE] == r.PLACE_IN_LINE:
        unlink(m, bulkhead + r.BULKHEAD_HEAD, pursuit, r.PURSUIT_LINE_PREV)
    elif m[bulkhead + r.BULKHEAD_HEAD]:
        following = m[bulkhead + r.BULKHEAD_HEAD]
        unlink(m, bulkhead + r.BULKHEAD_HEAD, following, r.PURSUIT_LINE_PREV)
        m[following + r.PURSUIT_PLACE] = r.PLACE_INSIDE
        keep_pursuit(m, following)
        push_node(m, r.NORMAL_HEAD, r.TASK_PASS, following, 0, 0, 0, 0)
    else:
        m[bulkhead + r.BULKHEAD_INSIDE] -= 1


@compiled
def reset(m: Arena, instance: int) -> None:
    """After a crash nothing is known of failures, and nobody is inside or in line."""
    breaker = m[instance + r.INSTANCE_BREAKERS]
    while breaker:
        m[breaker + r.BREAKER_IS_NEW] = 1
        breaker = m[breaker + r.BREAKER_NEXT]
    bulkhead = m[instance + r.INSTANCE_BULKHEADS]
    while bulkhead:
        m[bulkhead + r.BULKHEAD_INSIDE] = 0
        bulkhead = m[bulkhead + r.BULKHEAD_NEXT]
