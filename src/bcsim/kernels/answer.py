"""Answers on their way back. Twin: ``World.send_answer`` and ``Instance.answer``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.link import CARRIED, MAY_BE_LOST, carry
from bcsim.kernels.request import code_of, keep_request, step_of
from bcsim.kernels.station import blame, node_of


@compiled
def send_answer(
    m: Arena, x: Constants, station: int, request: int, reply: int, reason: int, cause: int
) -> None:
    """Send an answer over the link back to the holder; a refusal says because of what."""
    order = m[request + r.REQUEST_ORDER]
    if reply == r.REPLY_REFUSED and cause == r.NULL:
        cause = blame(m, m[station + r.STATION_NAME])
    how = carry(
        m,
        x,
        m[station + r.STATION_NODE],
        node_of(m, m[request + r.REQUEST_HOLDER], order),
        order,
        step_of(m, request),
        code_of(m, request, 0),
        m[request + r.REQUEST_ATTEMPT],
        r.DIRECTION_ANSWER,
        r.MARK_ANSWER,
        MAY_BE_LOST,
        r.HAPPENS_ANSWER,
        request,
        reply,
        reason,
        cause,
    )
    if how == CARRIED:
        keep_request(m, request)
