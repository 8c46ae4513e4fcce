"""Clients: they wish, enter, wait, lose patience. Twin: :mod:`bcsim.engine.reference.client`.

As a holder of orders a client is number 0 among the instances.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import take
from bcsim.kernels.cancel import ask_for_cancel
from bcsim.kernels.compiled import Arena, Constants, Wishes, compiled
from bcsim.kernels.custody import record_report
from bcsim.kernels.desk import enquire
from bcsim.kernels.heap import high, low, schedule, schedule_in_lane
from bcsim.kernels.mail import hear_end, make_message, send
from bcsim.kernels.order import (
    end_life,
    execute_step,
    first_stage,
    make_order,
    next_stage,
    note,
    noted,
    stage_at,
)
from bcsim.kernels.pursuit import (
    begin,
    cause_of,
    hear,
    hurry,
    make_pursuit,
    orphan,
    pursuit_of,
    reason_of,
    register,
    unregister,
)
from bcsim.kernels.sampling import address, choose, key_of, sample
from bcsim.kernels.scribe import begin_order_row, begin_row, end_row, put_order_terms, put_terms

CLIENT = 0

(
    WISH_TIME,
    WISH_SOURCE,
    WISH_INDEX,
    WISH_INSTRUMENT,
    WISH_IS_BUY,
    WISH_QTY,
    WISH_PRICE,
    WISH_CANCEL,
    WISH_DEADLINE,
) = range(9)
"""Columns of the table of wishes, one row an intent."""

(RESUBMITS, SWITCHES, ENQUIRES, GIVES_UP) = range(4)


# -- the client as a holder ----------------------------------------------------------------------


@compiled
def begin_step(
    m: Arena,
    order: int,
    stage: int,
    part: int,
    terms: int,
    qty: int,
    price: int,
    execution: int,
) -> None:
    """See a step done; the first, or one after a step that was a call."""
    step = m[stage + r.STAGE_NUMBER]
    has_begun = noted(m, order, r.NOTED_BEGUN, part, step)
    pursuit = make_pursuit(
        m, CLIENT, order, stage, part, terms, qty, price, execution, 1 if has_begun else 0
    )
    if not has_begun:
        note(m, order, r.NOTED_BEGUN, part, step, 0)
    former = pursuit_of(m, CLIENT, order, part)
    if former:
        unregister(m, former)
    register(m, pursuit)
    begin(m, pursuit)


@compiled
def submit(m: Arena, order: int) -> None:
    """Send the order, or send it again: the client has pressed the button."""
    pursuit = pursuit_of(m, CLIENT, order, 0)
    if pursuit and not m[pursuit + r.PURSUIT_OVER]:
        hurry(m, pursuit)
        return
    intent = m[order + r.ORDER_INTENT]
    qty = m[intent + r.INTENT_QTY]
    begin_step(m, order, first_stage(m, order), 0, intent, qty, r.NULL, 0)


@compiled
def hear_answer(m: Arena, request: int, reply: int, reason: int, cause: int) -> None:
    """An answer has arrived at the client."""
    order, part = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_PART]
    step = m[m[request + r.REQUEST_STAGE] + r.STAGE_NUMBER]
    pursuit = pursuit_of(m, CLIENT, order, part)
    is_under_way = pursuit and not m[pursuit + r.PURSUIT_OVER]
    if is_under_way and m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_NUMBER] == step:
        hear(m, pursuit, request, reply, reason, cause)
    elif not m[m[request + r.REQUEST_PURSUIT] + r.PURSUIT_SETTLED]:
        name = m[m[order + r.ORDER_CHANNEL] + r.CHANNEL_NAME]
        orphan(m, r.WORD_CLIENT, name, request, step, reply)


@compiled
def settled(m: Arena, pursuit: int) -> None:
    """The step was answered; after a call the client goes on with the next."""
    order, part = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_PART]
    stage, reply = m[pursuit + r.PURSUIT_STAGE], m[pursuit + r.PURSUIT_ANSWER] - 1
    if reply == r.REPLY_HELD:
        if noted(m, order, r.NOTED_REPAIR, part, m[stage + r.STAGE_NUMBER]):
            repaired(m, order, part)
    elif reply == r.REPLY_DONE and m[stage + r.STAGE_IS_CALL]:
        _go_on(m, pursuit, m[pursuit + r.PURSUIT_TERMS])


@compiled
def _go_on(m: Arena, pursuit: int, terms: int) -> None:
    """See the step after a step done; after the execution, reports are waited for."""
    stage = m[pursuit + r.PURSUIT_STAGE]
    following = next_stage(m, stage)
    if following and m[stage + r.STAGE_ROLE] != r.ROLE_EXECUTE:
        begin_step(
            m,
            m[pursuit + r.PURSUIT_ORDER],
            following,
            m[pursuit + r.PURSUIT_PART],
            terms,
            m[pursuit + r.PURSUIT_QTY],
            m[pursuit + r.PURSUIT_PRICE],
            m[pursuit + r.PURSUIT_EXECUTION],
        )


@compiled
def repaired(m: Arena, order: int, part: int) -> None:
    """A team has restored the terms of an order that a control stopped; it goes on."""
    pursuit = pursuit_of(m, CLIENT, order, part)
    if m[pursuit + r.PURSUIT_OVER]:
        _go_on(m, pursuit, m[order + r.ORDER_INTENT])


@compiled
def take_report(m: Arena, report: int) -> None:
    """A venue reports a fill or an end to the client itself."""
    resting = m[report + r.REPORT_RESTING]
    order, part = m[resting + r.RESTING_ORDER], m[report + r.REPORT_PART]
    if not part:
        qty, reason = m[report + r.REPORT_QTY], m[report + r.REPORT_REASON]
        hear_end(m, order, m[report + r.REPORT_KIND], qty, reason, r.NULL)
        return
    name = m[m[order + r.ORDER_CHANNEL] + r.CHANNEL_NAME]
    record_report(m, r.WORD_CLIENT, name, report)
    following = next_stage(m, stage_at(m, order, execute_step(m, order)))
    if following:
        begin_step(
            m,
            order,
            following,
            part,
            m[resting + r.RESTING_TERMS],
            m[report + r.REPORT_QTY],
            m[report + r.REPORT_PRICE],
            m[report + r.REPORT_EXECUTION],
        )


@compiled
def gave_up(m: Arena, pursuit: int, action: int) -> None:
    """No answer: the client's device shows an error, or leaves the step out."""
    if action == r.FAIL_CONTINUE:
        _go_on(m, pursuit, m[pursuit + r.PURSUIT_TERMS])
    elif not m[pursuit + r.PURSUIT_PART]:
        order = m[pursuit + r.PURSUIT_ORDER]
        hear_end(m, order, r.KIND_REJECT, r.NULL, reason_of(m, pursuit), cause_of(m, pursuit))


# -- wishing ---------------------------------------------------------------------------------------


@compiled
def wish(m: Arena, x: Constants, wishes: Wishes, number: int) -> None:
    """A client comes to life with a wish: enters it, and waits."""
    intent = _make_intent(m, wishes, number)
    source = m[intent + r.INTENT_SOURCE]
    channel = m[source + r.SOURCE_CHANNEL]
    row = begin_row(m, r.KIND_INTEND, r.WORD_CLIENT)
    m[row + r.ROW_INTENT] = number
    m[row + r.ROW_CHANNEL] = m[channel + r.CHANNEL_NAME]
    m[row + r.ROW_PRIORITY] = m[m[source + r.SOURCE_SEGMENT] + r.SEGMENT_RANK]
    m[row + r.ROW_DEADLINE] = m[intent + r.INTENT_DEADLINE]
    put_terms(m, row, intent, intent)
    end_row(m, row)
    m[intent + r.INTENT_LIVES] = 1
    cancel_ns = wishes[number * 9 + WISH_CANCEL]
    if cancel_ns >= 0:
        m[intent + r.INTENT_LIVES] = 2
    m[intent + r.INTENT_CURRENT] = _enter(m, x, intent, channel, m[source + r.SOURCE_ROUTE])
    _be_patient(m, x, intent, 0)
    if cancel_ns >= 0:
        hi, lo = high(r.TURN_WISH, number * 16), low(0, 0, 0, r.MARK_CANCEL)
        time_ns = max(cancel_ns, m[r.NOW])
        schedule(m, time_ns, hi, lo, r.HAPPENS_CANCEL_WISH, intent, 0, 0, 0)


@compiled
def _make_intent(m: Arena, wishes: Wishes, number: int) -> int:
    intent = take(m, r.TYPE_INTENT, r.INTENT_SIZE)
    row = number * 9
    m[intent + r.INTENT_INSTRUMENT] = wishes[row + WISH_INSTRUMENT]
    m[intent + r.INTENT_IS_BUY] = wishes[row + WISH_IS_BUY]
    m[intent + r.INTENT_QTY] = wishes[row + WISH_QTY]
    m[intent + r.INTENT_PRICE] = wishes[row + WISH_PRICE]
    m[intent + r.INTENT_NUMBER] = number
    m[intent + r.INTENT_SOURCE] = m[m[r.SOURCES] + wishes[row + WISH_SOURCE]]
    m[intent + r.INTENT_INDEX] = wishes[row + WISH_INDEX]
    m[intent + r.INTENT_DEADLINE] = wishes[row + WISH_DEADLINE]
    return intent


@compiled
def _enter(m: Arena, x: Constants, intent: int, channel: int, route: int) -> int:
    """Enter an order: the first for this wish, or a further one with a new key."""
    order = make_order(m, intent, channel, route)
    row = begin_order_row(m, r.KIND_SUBMIT, r.WORD_CLIENT, order)
    put_order_terms(m, row, order, intent)
    m[row + r.ROW_ATTEMPT] = 0
    end_row(m, row)
    closed_by = m[channel + r.CHANNEL_CLOSED_BY]
    if closed_by == r.NULL:
        submit(m, order)
        return order
    row = begin_order_row(m, r.KIND_REJECT, r.WORD_CHANNEL, order)
    m[row + r.ROW_COMPONENT] = m[channel + r.CHANNEL_NAME]
    m[row + r.ROW_REASON] = r.WORD_INTAKE_STOPPED
    m[row + r.ROW_CAUSE] = closed_by
    end_row(m, row)
    message = make_message(m, order, r.KIND_REJECT, 0, r.DIRECTION_REJECTION, 0, 0)
    m[message + r.MESSAGE_REASON] = r.WORD_INTAKE_STOPPED
    m[message + r.MESSAGE_CAUSE] = closed_by
    send(m, x, message)
    return order


@compiled
def _be_patient(m: Arena, x: Constants, intent: int, turn: int) -> None:
    """Wait for as long as this client waits for an acknowledgement."""
    source = m[intent + r.INTENT_SOURCE]
    key = key_of(m, source, r.KEY_PATIENCE, 0, 0)
    segment = m[source + r.SOURCE_SEGMENT]
    patience = m[segment + r.SEGMENT_PATIENCE]
    wait_ns = sample(m, x, patience, key, m[intent + r.INTENT_INDEX], address(0, 0, turn, 0))
    hi = high(r.TURN_TIMER, m[intent + r.INTENT_NUMBER] * 16)
    lo = low(0, 0, turn, r.MARK_PATIENCE)
    time_ns, lane = m[r.NOW] + wait_ns, m[segment + r.SEGMENT_LANE]
    event = schedule_in_lane(m, lane, time_ns, hi, lo, r.HAPPENS_PATIENCE, intent, turn, 0, 0)
    m[intent + r.INTENT_PATIENCE] = event


@compiled
def patience_ends(m: Arena, x: Constants, intent: int, turn: int) -> None:
    """A client without an acknowledgement acts, and waits again. Twin: ``Clients.life``."""
    m[intent + r.INTENT_PATIENCE] = 0
    source = m[intent + r.INTENT_SOURCE]
    segment = m[source + r.SOURCE_SEGMENT]
    is_last = turn == m[segment + r.SEGMENT_ATTEMPTS]
    if m[intent + r.INTENT_ACKNOWLEDGED] or m[intent + r.INTENT_ENDED] or is_last:
        end_life(m, intent)
        return
    key, index = key_of(m, source, r.KEY_ON_TIMEOUT, 0, 0), m[intent + r.INTENT_INDEX]
    action = choose(m, x, m[segment + r.SEGMENT_CHANCES], key, index, address(0, 0, turn, 0))
    if action == GIVES_UP:
        end_life(m, intent)
        return
    if action == RESUBMITS:
        submit(m, m[intent + r.INTENT_CURRENT])
    elif action == SWITCHES:
        _switch(m, x, intent, segment)
    else:
        enquire(m, x, m[intent + r.INTENT_CURRENT], turn)
    _be_patient(m, x, intent, turn + 1)


@compiled
def _switch(m: Arena, x: Constants, intent: int, segment: int) -> None:
    """Enter anew on the client's other channel, if the product can be had there."""
    source = m[intent + r.INTENT_SOURCE]
    own = m[source + r.SOURCE_CHANNEL]
    second = m[segment + r.SEGMENT_SECOND]
    if not second:
        second = own
    channel = second if m[m[intent + r.INTENT_CURRENT] + r.ORDER_CHANNEL] == own else own
    routes = m[m[source + r.SOURCE_PRODUCT] + r.PRODUCT_ROUTES]
    route = m[routes + m[channel + r.CHANNEL_NUMBER]]
    if route:
        m[intent + r.INTENT_CURRENT] = _enter(m, x, intent, channel, route)


@compiled
def cancel_wish(m: Arena, x: Constants, intent: int) -> None:
    """Ask for a cancel at the client's time, unless the order has ended."""
    if not m[intent + r.INTENT_ENDED]:
        ask_for_cancel(m, x, m[intent + r.INTENT_LAST])
    end_life(m, intent)
