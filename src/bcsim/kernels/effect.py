"""What a finished step does. Twin: :mod:`bcsim.engine.reference.effect`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.alteration import applied
from bcsim.kernels.back_entry import owe
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.control import is_bypassed, stops
from bcsim.kernels.desk import repair_order
from bcsim.kernels.holding import reject, skip_control
from bcsim.kernels.mail import make_message, send
from bcsim.kernels.order import note, noted
from bcsim.kernels.request import code_of
from bcsim.kernels.sampling import address, index_of, key_of_order, uniform
from bcsim.kernels.scribe import begin_order_row, end_row, put_fill, put_order_terms
from bcsim.kernels.venue import accept
from bcsim.limits import LEGS_MAX


@compiled
def draw_of(m: Arena, request: int, leg: int) -> int:
    """Place of a draw for one effect of a request."""
    number = m[m[request + r.REQUEST_STAGE] + r.STAGE_NUMBER]
    code = code_of(m, request, leg)
    return address(number, code % LEGS_MAX, m[request + r.REQUEST_ATTEMPT], 0)


@compiled
def perform(m: Arena, x: Constants, instance: int, request: int, leg: int) -> tuple[int, int, int]:
    """Achieve one effect of a step, or fail at it: reply, terms, reason."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    role = m[stage + r.STAGE_ROLE]
    terms = applied(m, x, instance, request)
    if m[stage + r.STAGE_HAS_LEGS]:
        spec = m[stage + r.STAGE_LEGS] + leg * r.LEG_SIZE
        chance = x[m[spec + r.LEG_FAIL]]
        if chance:
            key = key_of_order(m, order, r.KEY_LEG_FAILURE, code_of(m, request, leg))
            if uniform(m, key, index_of(m, order), draw_of(m, request, leg)) < chance:
                return r.REPLY_REFUSED, terms, m[spec + r.LEG_REFUSED]
    if m[request + r.REQUEST_IS_FALLBACK]:
        fallback = m[stage + r.STAGE_FALLBACK]
        m[order + r.ORDER_SKIPPED] |= m[fallback + r.FALLBACK_SKIPS]
        if m[fallback + r.FALLBACK_BACK_ENTRY] and leg == 0:
            owe(m, x, request, m[instance + r.INSTANCE_STATION], terms)
    if role == r.ROLE_CONTROL:
        return _control(m, x, instance, request, terms)
    if role == r.ROLE_EXECUTE:
        if accept(m, x, instance, request, terms):
            return r.REPLY_DONE, terms, r.NULL
        return r.REPLY_REJECTED, terms, r.WORD_OUTSIDE_SESSION
    if role != r.ROLE_NONE:
        _record_role(m, instance, request, leg, terms)
    return r.REPLY_DONE, terms, r.NULL


@compiled
def kind_of_role(role: int) -> int:
    """Kind of event that a finished step of a role is."""
    if role == r.ROLE_ACKNOWLEDGE:
        return r.KIND_ACKNOWLEDGE
    if role == r.ROLE_BOOK:
        return r.KIND_BOOK
    if role == r.ROLE_CONFIRM:
        return r.KIND_CONFIRM
    return r.KIND_SETTLE


@compiled
def _record_role(m: Arena, instance: int, request: int, leg: int, terms: int) -> None:
    """Emit the event of an acknowledge, book, confirm or settle step."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    station, role = m[instance + r.INSTANCE_STATION], m[stage + r.STAGE_ROLE]
    execution, price = m[request + r.REQUEST_EXECUTION], m[request + r.REQUEST_PRICE]
    row = begin_order_row(m, kind_of_role(role), m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, terms)
    m[row + r.ROW_LEG] = leg
    if m[stage + r.STAGE_HAS_LEGS]:
        m[row + r.ROW_SUBJECT] = m[m[stage + r.STAGE_LEGS] + leg * r.LEG_SIZE + r.LEG_NAME]
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_STEP] = m[stage + r.STAGE_NUMBER]
    m[row + r.ROW_ATTEMPT] = m[request + r.REQUEST_ATTEMPT]
    if m[request + r.REQUEST_PART]:
        put_fill(m, row, m[request + r.REQUEST_QTY], price, execution)
        if role in (r.ROLE_BOOK, r.ROLE_SETTLE):
            m[row + r.ROW_AMOUNT] = m[request + r.REQUEST_QTY] * price
        if role == r.ROLE_BOOK:
            _book_leg(m, order, execution, stage, leg)
    end_row(m, row)


@compiled
def _book_leg(m: Arena, order: int, execution: int, stage: int, leg: int) -> None:
    """An execution is booked once a step has entered it on all legs; a mark has those so far."""
    legs = 1 << leg
    if m[stage + r.STAGE_LEG_COUNT] > 1:
        mark = noted(m, order, r.NOTED_BOOKED, execution, stage)
        if not mark:
            note(m, order, r.NOTED_BOOKED, execution, stage, 0)
            mark = m[order + r.ORDER_MARKS]
        m[mark + r.MARK_C] |= legs
        legs = m[mark + r.MARK_C]
    if legs == (1 << m[stage + r.STAGE_LEG_COUNT]) - 1:
        m[execution + r.EXECUTION_IS_BOOKED] = 1


@compiled
def tell_done(m: Arena, x: Constants, instance: int, request: int, terms: int) -> None:
    """Tell the client of an acknowledge, confirm or settle step, all legs of which are done."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    role = m[stage + r.STAGE_ROLE]
    if role == r.ROLE_ACKNOWLEDGE:
        direction = r.DIRECTION_ACKNOWLEDGEMENT
    elif role == r.ROLE_CONFIRM:
        direction = r.DIRECTION_CONFIRMATION
    elif role == r.ROLE_SETTLE:
        direction = r.DIRECTION_SETTLEMENT
    else:
        return
    part, attempt = m[request + r.REQUEST_PART], m[request + r.REQUEST_ATTEMPT]
    station = m[instance + r.INSTANCE_STATION]
    message = make_message(m, order, kind_of_role(role), station, direction, part, attempt)
    m[message + r.MESSAGE_TERMS] = terms
    if part:
        put_message_fill(
            m,
            message,
            m[request + r.REQUEST_QTY],
            m[request + r.REQUEST_PRICE],
            m[request + r.REQUEST_EXECUTION],
        )
    send(m, x, message)


@compiled
def put_message_fill(m: Arena, message: int, qty: int, price: int, execution: int) -> None:
    """Say of which fill a message speaks."""
    m[message + r.MESSAGE_QTY] = qty
    m[message + r.MESSAGE_PRICE] = price
    word = m[m[execution + r.EXECUTION_STATION] + r.STATION_NAME]
    m[message + r.MESSAGE_EXECUTION] = (word << r.PART_BITS) + m[execution + r.EXECUTION_PART]


@compiled
def _control(
    m: Arena, x: Constants, instance: int, request: int, terms: int
) -> tuple[int, int, int]:
    """Have a control look at the order, unless people leave it out; do what its hit calls for."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    control = m[stage + r.STAGE_CONTROL]
    if is_bypassed(m, x, instance, order, stage):
        skip_control(m, instance, order, stage, r.WORD_PRESSURE)
        return r.REPLY_DONE, terms, r.NULL
    if not stops(m, x, instance, order, stage, terms, r.NULL):
        return r.REPLY_DONE, terms, r.NULL
    reason = m[control + r.CONTROL_REASON]
    if m[control + r.CONTROL_REPAIRS]:
        repair_order(m, x, m[control + r.CONTROL_REPAIRS], request, terms)
        return r.REPLY_HELD, terms, reason
    reject(m, x, instance, order, stage, reason, r.NULL)
    return r.REPLY_REJECTED, terms, reason
