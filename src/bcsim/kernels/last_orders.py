"""The end of a run: which orders still have work under way. Twin: ``World.live_entries``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import length, scratch, sort_triples
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.heap import put_front_into_heap
from bcsim.kernels.pursuit import is_live
from bcsim.kernels.scribe import begin_order_row, end_row
from bcsim.kernels.station import is_active


@compiled
def cut_off(m: Arena, next_ns: int) -> None:
    """Nothing more happens before the limit: record whose work it cuts off."""
    if next_ns == r.NEVER:
        return
    m[r.NOW] = m[r.LIMIT_NS]
    _mark_under_way(m)
    start_at = scratch(m, 3 * length(m, m[r.ORDERS_HEAD], r.ORDER_NEXT))
    found = 0
    order = m[r.ORDERS_HEAD]
    while order:
        if _has_live_work(m, order):
            m[start_at + 3 * found] = m[order + r.ORDER_NUMBER]
            m[start_at + 3 * found + 2] = order
            found += 1
        order = m[order + r.ORDER_NEXT]
    sort_triples(m, start_at, found)
    for number in range(found):
        order = m[start_at + 3 * number + 2]
        row = begin_order_row(m, r.KIND_ACTION, r.WORD_ENGINE_STORE, order)
        m[row + r.ROW_SUBJECT] = r.WORD_LIVE_WORK
        m[row + r.ROW_REASON] = r.WORD_DRAIN_ENDED
        end_row(m, row)


@compiled
def _mark_under_way(m: Arena) -> None:
    """Mark the orders about which a message is under way."""
    put_front_into_heap(m)
    for place in range(m[r.HEAP_COUNT]):
        event = m[m[r.HEAP] + 2 * place + 1]
        kind, subject = m[event + r.EVENT_KIND], m[event + r.EVENT_A]
        if kind in (r.HAPPENS_REQUEST, r.HAPPENS_ANSWER):
            order = m[subject + r.REQUEST_ORDER]
        elif kind == r.HAPPENS_MESSAGE:
            order = m[subject + r.MESSAGE_ORDER]
        elif kind == r.HAPPENS_REPORT:
            order = m[m[subject + r.REPORT_RESTING] + r.RESTING_ORDER]
        elif kind == r.HAPPENS_CANCEL:
            order = subject
        else:
            continue
        m[order + r.ORDER_IS_UNDER_WAY] = 1


@compiled
def _has_live_work(m: Arena, order: int) -> bool:
    """Whether anything about an order goes on. Twin: ``World.live_entries``."""
    if m[order + r.ORDER_IS_UNDER_WAY] or m[order + r.ORDER_RESTING_HEAD]:
        return True
    pursuit = m[order + r.ORDER_PURSUIT_HEAD]
    while pursuit:
        holder = m[pursuit + r.PURSUIT_HOLDER]
        if is_live(m, pursuit) and (not holder or is_active(m, holder)):
            return True
        pursuit = m[pursuit + r.PURSUIT_ORDER_NEXT]
    job = m[order + r.ORDER_JOB_HEAD]
    while job:
        is_at_work = m[job + r.JOB_STATE] != r.JOB_FINISHED
        if is_at_work and is_active(m, m[job + r.JOB_INSTANCE]):
            return True
        job = m[job + r.JOB_ORDER_NEXT]
    return False
