"""How often a step has been tried. Twin: ``World.next_attempt``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import take
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.station import number_of

PART_BITS = 40


@compiled
def tries_of(m: Arena, pursuit: int) -> int:
    """How often the step was tried for this order and part; a standby's attempts count apart."""
    order, part = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_PART]
    step = m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_NUMBER]
    key = (((step << PART_BITS) + part) << 1) + number_of(m, m[pursuit + r.PURSUIT_HOLDER])
    tries = m[order + r.ORDER_TRIES]
    while tries:
        if m[tries + r.TRY_KEY] == key:
            return tries
        tries = m[tries + r.TRY_NEXT]
    tries = take(m, r.TYPE_TRY, r.TRY_SIZE)
    m[tries + r.TRY_KEY] = key
    m[tries + r.TRY_NEXT] = m[order + r.ORDER_TRIES]
    m[order + r.ORDER_TRIES] = tries
    return tries
