"""Requests, and the efforts that they belong to, kept while something refers to them.

Twin: ``Request`` of :mod:`bcsim.engine.reference.message`.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import give, take
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.order import drop_order, keep_order


@compiled
def make_request(m: Arena, pursuit: int, target: int, is_fallback: int) -> int:
    """One attempt at a pursuit's task, under way; referred to once."""
    request = take(m, r.TYPE_REQUEST, r.REQUEST_SIZE)
    m[request + r.REQUEST_REFS] = 1
    m[request + r.REQUEST_ORDER] = m[pursuit + r.PURSUIT_ORDER]
    m[request + r.REQUEST_STAGE] = m[pursuit + r.PURSUIT_STAGE]
    m[request + r.REQUEST_PART] = m[pursuit + r.PURSUIT_PART]
    m[request + r.REQUEST_TERMS] = m[pursuit + r.PURSUIT_TERMS]
    m[request + r.REQUEST_QTY] = m[pursuit + r.PURSUIT_QTY]
    m[request + r.REQUEST_PRICE] = m[pursuit + r.PURSUIT_PRICE]
    m[request + r.REQUEST_EXECUTION] = m[pursuit + r.PURSUIT_EXECUTION]
    m[request + r.REQUEST_ATTEMPT] = m[pursuit + r.PURSUIT_ATTEMPT]
    m[request + r.REQUEST_PURSUIT] = pursuit
    m[request + r.REQUEST_HOLDER] = m[pursuit + r.PURSUIT_HOLDER]
    m[request + r.REQUEST_TARGET] = target
    m[request + r.REQUEST_IS_FALLBACK] = is_fallback
    keep_pursuit(m, pursuit)
    keep_order(m, m[pursuit + r.PURSUIT_ORDER])
    return request


@compiled
def keep_request(m: Arena, request: int) -> None:
    """Something refers to a request."""
    m[request + r.REQUEST_REFS] += 1


@compiled
def drop_request(m: Arena, request: int) -> None:
    """Something refers to a request no more."""
    m[request + r.REQUEST_REFS] -= 1
    if m[request + r.REQUEST_REFS] == 0:
        order, pursuit = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_PURSUIT]
        give(m, r.TYPE_REQUEST, request)
        drop_pursuit(m, pursuit)
        drop_order(m, order)


@compiled
def keep_pursuit(m: Arena, pursuit: int) -> None:
    """Something refers to a pursuit."""
    m[pursuit + r.PURSUIT_REFS] += 1


@compiled
def drop_pursuit(m: Arena, pursuit: int) -> None:
    """Something refers to a pursuit no more."""
    m[pursuit + r.PURSUIT_REFS] -= 1
    if m[pursuit + r.PURSUIT_REFS] == 0 and not m[pursuit + r.PURSUIT_IS_REGISTERED]:
        m[pursuit + r.PURSUIT_WAITS] = 0
        give(m, r.TYPE_PURSUIT, pursuit)


@compiled
def step_of(m: Arena, request: int) -> int:
    """Number of a request's step."""
    return m[m[request + r.REQUEST_STAGE] + r.STAGE_NUMBER]


@compiled
def code_of(m: Arena, request: int, leg: int) -> int:
    """Number of an effect of a request. Twin: ``Task.leg_code``."""
    part = m[request + r.REQUEST_PART]
    if not part:
        return leg
    return (part - 1) * m[m[request + r.REQUEST_STAGE] + r.STAGE_LEG_COUNT] + leg
