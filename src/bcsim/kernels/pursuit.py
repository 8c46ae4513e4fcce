"""One holder's effort to see one step done: its record, and what wakes or ends it.

Twin: ``Pursuit`` of :mod:`bcsim.engine.reference.holder`; its life is in ``life.py``.
"""

from __future__ import annotations

from bcsim.kernels import breaker as spare
from bcsim.kernels import record as r
from bcsim.kernels.arena import append, push_node, serial, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.heap import withdraw
from bcsim.kernels.order import drop_order, keep_order
from bcsim.kernels.request import drop_pursuit, keep_pursuit
from bcsim.kernels.scribe import begin_order_row, end_row
from bcsim.kernels.station import blame


@compiled
def make_pursuit(
    m: Arena,
    holder: int,
    order: int,
    stage: int,
    part: int,
    terms: int,
    qty: int,
    price: int,
    execution: int,
    is_resend: int,
) -> int:
    """An effort that has not begun; it is kept until :func:`retire`."""
    pursuit = take(m, r.TYPE_PURSUIT, r.PURSUIT_SIZE)
    m[pursuit + r.PURSUIT_REFS] = 1
    m[pursuit + r.PURSUIT_ORDER] = order
    m[pursuit + r.PURSUIT_HOLDER] = holder
    m[pursuit + r.PURSUIT_STAGE] = stage
    m[pursuit + r.PURSUIT_PART] = part
    m[pursuit + r.PURSUIT_TERMS] = terms
    m[pursuit + r.PURSUIT_QTY] = qty
    m[pursuit + r.PURSUIT_PRICE] = price
    m[pursuit + r.PURSUIT_EXECUTION] = execution
    m[pursuit + r.PURSUIT_IS_RESEND] = is_resend
    m[pursuit + r.PURSUIT_ATTEMPT] = -1
    m[pursuit + r.PURSUIT_WAITS] = serial(m)
    keep_order(m, order)
    return pursuit


@compiled
def begin(m: Arena, pursuit: int) -> None:
    """Have its life begin when the present event is over."""
    keep_pursuit(m, pursuit)
    push_node(m, r.URGENT_HEAD, r.TASK_START, pursuit, 0, 0, 0, 0)


@compiled
def register(m: Arena, pursuit: int) -> None:
    """It is the effort of its holder for this order and part."""
    m[pursuit + r.PURSUIT_IS_REGISTERED] = 1
    order, holder = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_HOLDER]
    append(m, order + r.ORDER_PURSUIT_HEAD, pursuit, r.PURSUIT_ORDER_PREV)
    if holder:
        append(m, holder + r.INSTANCE_PURSUIT_HEAD, pursuit, r.PURSUIT_PREV)


@compiled
def unregister(m: Arena, pursuit: int) -> None:
    """It is its holder's effort no more."""
    m[pursuit + r.PURSUIT_IS_REGISTERED] = 0
    order, holder = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_HOLDER]
    unlink(m, order + r.ORDER_PURSUIT_HEAD, pursuit, r.PURSUIT_ORDER_PREV)
    if holder:
        unlink(m, holder + r.INSTANCE_PURSUIT_HEAD, pursuit, r.PURSUIT_PREV)
    keep_pursuit(m, pursuit)
    drop_pursuit(m, pursuit)


@compiled
def pursuit_of(m: Arena, holder: int, order: int, part: int) -> int:
    """A holder's effort for an order and part, or 0."""
    pursuit = m[order + r.ORDER_PURSUIT_HEAD]
    while pursuit:
        if m[pursuit + r.PURSUIT_HOLDER] == holder and m[pursuit + r.PURSUIT_PART] == part:
            return pursuit
        pursuit = m[pursuit + r.PURSUIT_ORDER_NEXT]
    return 0


@compiled
def retire(m: Arena, pursuit: int) -> None:
    """Nothing more comes of it by itself; look at it no more after this."""
    order = m[pursuit + r.PURSUIT_ORDER]
    drop_pursuit(m, pursuit)
    drop_order(m, order)


@compiled
def die(m: Arena, pursuit: int) -> None:
    """The holder has crashed or forgotten the order."""
    m[pursuit + r.PURSUIT_DEAD] = 1
    unpark(m, pursuit)
    leave_breaker(m, pursuit)
    spare.leave(m, pursuit)


@compiled
def cease(m: Arena, order: int) -> None:
    """A client knows how the order has ended, so the device tries no more."""
    pursuit = pursuit_of(m, 0, order, 0)
    if pursuit and not m[pursuit + r.PURSUIT_OVER]:
        m[pursuit + r.PURSUIT_OVER] = 1
        m[pursuit + r.PURSUIT_SETTLED] = 1
        die(m, pursuit)
        retire(m, pursuit)


@compiled
def leave_breaker(m: Arena, pursuit: int) -> None:
    """Nobody waits for the attempt any more."""
    breaker = m[pursuit + r.PURSUIT_BREAKER]
    if breaker:
        m[pursuit + r.PURSUIT_BREAKER] = 0
        spare.abandoned(m, breaker, m[pursuit + r.PURSUIT_TICKET])


@compiled
def end(m: Arena, pursuit: int) -> None:
    """It has come to its end."""
    m[pursuit + r.PURSUIT_OVER] = 1
    spare.leave(m, pursuit)


@compiled
def park(m: Arena, pursuit: int) -> None:
    """Wait until the target is back."""
    m[pursuit + r.PURSUIT_IS_PARKED] = 1
    append(m, r.PARKED_HEAD, pursuit, r.PURSUIT_PARKED_PREV)


@compiled
def unpark(m: Arena, pursuit: int) -> None:
    """Wait for the target no more."""
    if m[pursuit + r.PURSUIT_IS_PARKED]:
        m[pursuit + r.PURSUIT_IS_PARKED] = 0
        unlink(m, r.PARKED_HEAD, pursuit, r.PURSUIT_PARKED_PREV)


@compiled
def wake_up(m: Arena, pursuit: int, heard: int) -> None:
    """Have it go on when the present event is over; ``heard``: a reply + 1, or 0."""
    if m[pursuit + r.PURSUIT_IS_WAITING]:
        m[pursuit + r.PURSUIT_IS_WAITING] = 0
        m[pursuit + r.PURSUIT_HEARD] = heard
        if m[pursuit + r.PURSUIT_TIMER]:
            withdraw(m, m[pursuit + r.PURSUIT_TIMER])
            m[pursuit + r.PURSUIT_TIMER] = 0
        keep_pursuit(m, pursuit)
        push_node(m, r.NORMAL_HEAD, r.TASK_WAKE, pursuit, 0, 0, 0, 0)


@compiled
def time_is_up(m: Arena, pursuit: int, turn: int) -> None:
    """A timer has run down, unless its wait is over."""
    if turn == m[pursuit + r.PURSUIT_WAITS] and not m[pursuit + r.PURSUIT_DEAD]:
        wake_up(m, pursuit, 0)


@compiled
def hurry(m: Arena, pursuit: int) -> None:
    """Make a further attempt at once: the client has pressed the button again."""
    m[pursuit + r.PURSUIT_HURRIED] = 1
    wake_up(m, pursuit, 0)


@compiled
def hear(m: Arena, pursuit: int, request: int, reply: int, reason: int, cause: int) -> None:
    """An answer to any attempt has arrived; a refusal counts while it is waited for."""
    if reply == r.REPLY_REFUSED:
        is_awaited = m[request + r.REQUEST_ATTEMPT] == m[pursuit + r.PURSUIT_ATTEMPT]
        if m[pursuit + r.PURSUIT_AWAITS] and is_awaited:
            if m[pursuit + r.PURSUIT_IS_WAITING]:
                m[pursuit + r.PURSUIT_HEARD_REASON] = reason
                m[pursuit + r.PURSUIT_HEARD_CAUSE] = cause
            wake_up(m, pursuit, reply + 1)
        return
    m[pursuit + r.PURSUIT_ANSWER] = reply + 1
    m[pursuit + r.PURSUIT_REASON] = reason
    m[pursuit + r.PURSUIT_CAUSE] = cause
    wake_up(m, pursuit, reply + 1)


@compiled
def reason_of(m: Arena, pursuit: int) -> int:
    """Why the attempts have failed: a refusal, or silence."""
    station = m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_STATION]
    if m[pursuit + r.PURSUIT_REFUSED]:
        by = m[station + r.STATION_NAME] << r.PART_BITS
        return r.CODE_REFUSED_BY + by + m[pursuit + r.PURSUIT_REFUSAL_REASON]
    return m[station + r.STATION_NO_ANSWER]


@compiled
def cause_of(m: Arena, pursuit: int) -> int:
    """Because of what the attempts have failed."""
    if m[pursuit + r.PURSUIT_REFUSED]:
        return m[pursuit + r.PURSUIT_REFUSAL_CAUSE]
    return blame(m, m[m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_STATION] + r.STATION_NAME])


@compiled
def is_live(m: Arena, pursuit: int) -> bool:
    """Whether anything can still come of it, beside the answer that it waits for."""
    is_stuck = m[pursuit + r.PURSUIT_AWAITS] and not m[pursuit + r.PURSUIT_HAS_TIMER]
    return not (m[pursuit + r.PURSUIT_OVER] or m[pursuit + r.PURSUIT_DEAD] or is_stuck)


@compiled
def orphan(m: Arena, vantage: int, name: int, request: int, step: int, reply: int) -> None:
    """Record an answer that nobody waits for."""
    row = begin_order_row(m, r.KIND_ORPHAN, vantage, m[request + r.REQUEST_ORDER])
    m[row + r.ROW_COMPONENT] = name
    m[row + r.ROW_STEP] = step
    m[row + r.ROW_ATTEMPT] = m[request + r.REQUEST_ATTEMPT]
    m[row + r.ROW_SUBJECT] = r.WORD_ANSWER + reply
    end_row(m, row)
