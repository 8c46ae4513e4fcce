"""What a hung component has not dealt with. Twin: ``Station.when_awake`` and ``wake``."""

from __future__ import annotations

from bcsim.kernels import custody, holding, instance
from bcsim.kernels import record as r
from bcsim.kernels.arena import give, pop_node
from bcsim.kernels.cancel import receive_cancel
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.order import drop_order
from bcsim.kernels.pursuit import retire, time_is_up
from bcsim.kernels.request import drop_pursuit, drop_request, step_of
from bcsim.kernels.sampling import address
from bcsim.kernels.station import instance_now, reached_by


@compiled
def take_request(m: Arena, x: Constants, request: int) -> None:
    """A request reaches a component that is awake."""
    station, order = m[request + r.REQUEST_TARGET], m[request + r.REQUEST_ORDER]
    draw = address(step_of(m, request), 0, m[request + r.REQUEST_ATTEMPT], 0)
    one = reached_by(m, station, m[request + r.REQUEST_HOLDER], order, draw)
    instance.receive(m, x, one, request)
    drop_request(m, request)


@compiled
def take_answer(m: Arena, request: int, reply: int, reason: int, cause: int) -> None:
    """An answer reaches a component that is awake."""
    one = instance_now(m, m[request + r.REQUEST_HOLDER])
    custody.hear_answer(m, one, request, reply, reason, cause)
    drop_request(m, request)


@compiled
def thaw_one(m: Arena, x: Constants, node: int) -> None:
    """Deal with something that came while the component was hung."""
    kind, a, b = m[node + r.NODE_KIND], m[node + r.NODE_A], m[node + r.NODE_B]
    c, d, e = m[node + r.NODE_C], m[node + r.NODE_D], m[node + r.NODE_E]
    give(m, r.TYPE_NODE, node)
    if kind == r.FROZEN_REQUEST:
        take_request(m, x, a)
    elif kind == r.FROZEN_ANSWER:
        take_answer(m, a, b, c, d)
    elif kind == r.FROZEN_CANCEL:
        receive_cancel(m, x, a, b, c, d)
    elif kind == r.FROZEN_TIME_IS_UP:
        time_is_up(m, a, b)
        drop_pursuit(m, a)
    elif kind == r.FROZEN_BEGIN:
        holding.begin_frozen(m, c, a, b, d, e)
        drop_pursuit(m, e)
        drop_order(m, a)
    else:
        custody.resend_all(m, x, a)


@compiled
def forget_frozen(m: Arena, station: int) -> None:
    """What came while the component was hung is gone: it has crashed, or is another one now."""
    frozen = station + r.STATION_FROZEN_HEAD
    while m[frozen]:
        node = pop_node(m, frozen)
        kind, a, e = m[node + r.NODE_KIND], m[node + r.NODE_A], m[node + r.NODE_E]
        give(m, r.TYPE_NODE, node)
        if kind in (r.FROZEN_REQUEST, r.FROZEN_ANSWER):
            drop_request(m, a)
        elif kind == r.FROZEN_CANCEL:
            drop_order(m, a)
        elif kind == r.FROZEN_TIME_IS_UP:
            drop_pursuit(m, a)
        elif kind == r.FROZEN_BEGIN:
            retire(m, e)
            drop_pursuit(m, e)
            drop_order(m, a)
