"""Custody: the orders that an instance holds, and its efforts to see them on.

Twin: :mod:`bcsim.engine.reference.custody`.
"""

from __future__ import annotations

from bcsim.kernels import breaker as spare
from bcsim.kernels import record as r
from bcsim.kernels.arena import length, scratch, sort_triples
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.facts import record_fact
from bcsim.kernels.held_orders import held_by, note_held_change
from bcsim.kernels.holding import (
    forget_wait,
    free_server,
    hold,
    hold_on,
    kill,
    reject,
    release,
    skip_control,
)
from bcsim.kernels.mail import tell_end
from bcsim.kernels.order import execute_step, next_stage, note, noted, stage_at
from bcsim.kernels.pursuit import cause_of, hear, orphan, pursuit_of, reason_of, unregister
from bcsim.kernels.scribe import begin_order_row, end_row, execution_code, put_order_terms

# -- answers -----------------------------------------------------------------------------------


@compiled
def hear_answer(m: Arena, instance: int, request: int, reply: int, reason: int, cause: int) -> None:
    """An answer has arrived: to a step under way, to one settled, or to nobody."""
    order, part = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_PART]
    step = m[m[request + r.REQUEST_STAGE] + r.STAGE_NUMBER]
    pursuit = pursuit_of(m, instance, order, part)
    if pursuit and m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_NUMBER] == step:
        hear(m, pursuit, request, reply, reason, cause)
        return
    if m[m[request + r.REQUEST_PURSUIT] + r.PURSUIT_SETTLED]:
        return
    mark = noted(m, order, r.NOTED_RESENT, instance, part)
    if mark and m[mark + r.MARK_C] >= step:
        return
    station = m[instance + r.INSTANCE_STATION]
    vantage, name = m[station + r.STATION_VANTAGE], m[station + r.STATION_NAME]
    orphan(m, vantage, name, request, step, reply)


@compiled
def settled(m: Arena, x: Constants, pursuit: int) -> None:
    """The step was answered: release the order, or go on with it."""
    instance, order = m[pursuit + r.PURSUIT_HOLDER], m[pursuit + r.PURSUIT_ORDER]
    part, stage = m[pursuit + r.PURSUIT_PART], m[pursuit + r.PURSUIT_STAGE]
    if m[pursuit + r.PURSUIT_IS_RESEND]:
        mark = noted(m, order, r.NOTED_RESENT, instance, part)
        if mark:
            m[mark + r.MARK_C] = m[stage + r.STAGE_NUMBER]
        else:
            note(m, order, r.NOTED_RESENT, instance, part, m[stage + r.STAGE_NUMBER])
    unregister(m, pursuit)
    _act_on(m, x, instance, held_by(m, instance, order, part), pursuit)
    free_server(m, x, pursuit)


@compiled
def _act_on(m: Arena, x: Constants, instance: int, held: int, pursuit: int) -> None:
    """Do what an answer to a held order's step calls for."""
    order, part = m[held + r.HELD_ORDER], m[held + r.HELD_PART]
    stage, reply = m[pursuit + r.PURSUIT_STAGE], m[pursuit + r.PURSUIT_ANSWER] - 1
    if reply == r.REPLY_HELD:
        _wait_for_repair(m, x, instance, order, part, m[stage + r.STAGE_NUMBER])
    elif reply != r.REPLY_DONE:
        close(m, x, instance, order, part)
    elif m[stage + r.STAGE_ROLE] == r.ROLE_EXECUTE:
        note_held_change(m, held)
        m[held + r.HELD_AT_VENUE] = 1
    elif m[stage + r.STAGE_IS_CALL]:
        go_on(m, x, held, m[pursuit + r.PURSUIT_KEEPS_SERVER], m[held + r.HELD_TERMS])
    else:
        release(m, x, instance, order, part)


@compiled
def go_on(m: Arena, x: Constants, held: int, keeps_server: int, terms: int) -> None:
    """Continue with the stage after the one that has been done or left out."""
    instance, order = m[held + r.HELD_INSTANCE], m[held + r.HELD_ORDER]
    following = next_stage(m, m[held + r.HELD_STAGE])
    if not following:
        release(m, x, instance, order, m[held + r.HELD_PART])
        return
    hold_on(m, x, instance, held, following, terms, keeps_server, 0)


@compiled
def close(m: Arena, x: Constants, instance: int, order: int, part: int) -> None:
    """The order has found its end elsewhere."""
    held = held_by(m, instance, order, part)
    if held and part == 0:
        step = m[m[held + r.HELD_STAGE] + r.STAGE_NUMBER]
        record_fact(m, instance, order, m[held + r.HELD_TERMS], step, 0, 1)
    release(m, x, instance, order, part)


@compiled
def gave_up(m: Arena, x: Constants, pursuit: int, action: int) -> None:
    """All attempts failed: leave the step out, or reject the order."""
    instance, order = m[pursuit + r.PURSUIT_HOLDER], m[pursuit + r.PURSUIT_ORDER]
    part, stage = m[pursuit + r.PURSUIT_PART], m[pursuit + r.PURSUIT_STAGE]
    unregister(m, pursuit)
    held = held_by(m, instance, order, part)
    if action == r.FAIL_CONTINUE:
        if m[stage + r.STAGE_ROLE] == r.ROLE_CONTROL:
            skip_control(m, instance, order, stage, r.NULL)
        go_on(m, x, held, m[pursuit + r.PURSUIT_KEEPS_SERVER], m[held + r.HELD_TERMS])
    else:
        if part == 0:
            reject(m, x, instance, order, stage, reason_of(m, pursuit), cause_of(m, pursuit))
        close(m, x, instance, order, part)
    free_server(m, x, pursuit)


# -- reports of venues -----------------------------------------------------------------------------


@compiled
def take_report(m: Arena, x: Constants, instance: int, report: int) -> None:
    """A venue reports a fill or an end of an order that this instance holds, or held."""
    resting = m[report + r.REPORT_RESTING]
    order, part = m[resting + r.RESTING_ORDER], m[report + r.REPORT_PART]
    held = held_by(m, instance, order, 0)
    execute = execute_step(m, order)
    if not held or m[m[held + r.HELD_STAGE] + r.STAGE_NUMBER] != execute:
        _orphan_report(m, instance, report)
        return
    station = m[instance + r.INSTANCE_STATION]
    record_report(m, m[station + r.STATION_VANTAGE], m[station + r.STATION_NAME], report)
    if part:
        following = next_stage(m, stage_at(m, order, execute))
        if following:
            hold(
                m,
                x,
                instance,
                order,
                part,
                following,
                m[resting + r.RESTING_TERMS],
                m[report + r.REPORT_QTY],
                m[report + r.REPORT_PRICE],
                m[report + r.REPORT_EXECUTION],
                0,
                0,
                0,
            )
    else:
        kind = m[report + r.REPORT_KIND]
        is_expiry = kind == r.KIND_EXPIRE
        direction = r.DIRECTION_EXPIRY if is_expiry else r.DIRECTION_CANCELLATION
        qty, reason = m[report + r.REPORT_QTY], m[report + r.REPORT_REASON]
        tell_end(m, x, order, kind, station, direction, execute, qty, reason, r.NULL)
    if m[report + r.REPORT_IS_FINAL]:
        pursuit = pursuit_of(m, instance, order, 0)
        if pursuit:
            m[pursuit + r.PURSUIT_SETTLED] = 1
        close(m, x, instance, order, 0)


@compiled
def record_report(m: Arena, vantage: int, name: int, report: int) -> None:
    """Record that the holder has received a venue's report."""
    resting = m[report + r.REPORT_RESTING]
    order = m[resting + r.RESTING_ORDER]
    row = begin_order_row(m, m[report + r.REPORT_KIND], vantage, order)
    put_order_terms(m, row, order, m[resting + r.RESTING_TERMS])
    m[row + r.ROW_COMPONENT] = name
    m[row + r.ROW_QTY] = m[report + r.REPORT_QTY]
    m[row + r.ROW_PRICE] = m[report + r.REPORT_PRICE]
    if m[report + r.REPORT_EXECUTION]:
        m[row + r.ROW_EXECUTION] = execution_code(m, m[report + r.REPORT_EXECUTION])
    m[row + r.ROW_REASON] = m[report + r.REPORT_REASON]
    end_row(m, row)


@compiled
def _orphan_report(m: Arena, instance: int, report: int) -> None:
    """Record a venue's report about an order that its addressee has forgotten."""
    station = m[instance + r.INSTANCE_STATION]
    resting = m[report + r.REPORT_RESTING]
    order, kind = m[resting + r.RESTING_ORDER], m[report + r.REPORT_KIND]
    row = begin_order_row(m, r.KIND_ORPHAN, m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, m[resting + r.RESTING_TERMS])
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    if kind == r.KIND_EXECUTE:
        m[row + r.ROW_SUBJECT] = r.WORD_REPORT_EXECUTE
        m[row + r.ROW_REF] = r.CODE_EXECUTION + execution_code(m, m[report + r.REPORT_EXECUTION])
    elif kind == r.KIND_CANCEL:
        m[row + r.ROW_SUBJECT] = r.WORD_REPORT_CANCEL
    else:
        m[row + r.ROW_SUBJECT] = r.WORD_REPORT_EXPIRE
    m[row + r.ROW_QTY] = m[report + r.REPORT_QTY]
    m[row + r.ROW_PRICE] = m[report + r.REPORT_PRICE]
    end_row(m, row)


# -- repairs --------------------------------------------------------------------------------------


@compiled
def is_waiting_for_repair(m: Arena, instance: int, order: int, part: int) -> bool:
    """Whether a held order has been stopped by a control."""
    mark = noted(m, order, r.NOTED_WAITS, instance, part)
    return bool(mark and m[mark + r.MARK_C] == m[instance + r.INSTANCE_REPAIR_EPOCH])


@compiled
def has_in_hand(m: Arena, instance: int, order: int) -> bool:
    """Whether a held order waits: for its repair, or to be sent for the first time."""
    pursuit = pursuit_of(m, instance, order, 0)
    is_unsent = pursuit and not m[pursuit + r.PURSUIT_HAS_SENT]
    return bool(is_unsent or is_waiting_for_repair(m, instance, order, 0))


@compiled
def _wait_for_repair(
    m: Arena, x: Constants, instance: int, order: int, part: int, step: int
) -> None:
    """A control has stopped the order; it may have been repaired before this was heard."""
    forget_wait(m, instance, order, part)
    note(m, order, r.NOTED_WAITS, instance, part, m[instance + r.INSTANCE_REPAIR_EPOCH])
    if noted(m, order, r.NOTED_REPAIR, part, step):
        repaired(m, x, instance, order, part)


@compiled
def repaired(m: Arena, x: Constants, instance: int, order: int, part: int) -> None:
    """A team has restored the terms of an order that a control stopped; it goes on."""
    held = held_by(m, instance, order, part)
    if held and is_waiting_for_repair(m, instance, order, part):
        forget_wait(m, instance, order, part)
        go_on(m, x, held, 0, m[order + r.ORDER_INTENT])


# -- trouble --------------------------------------------------------------------------------------


@compiled
def drop_all(m: Arena, x: Constants, instance: int, forgets: int) -> None:
    """Give up all efforts; what was to be repaired is forgotten with the memory."""
    while m[instance + r.INSTANCE_PURSUIT_HEAD]:
        kill(m, x, m[instance + r.INSTANCE_PURSUIT_HEAD])
    spare.reset(m, instance)
    if forgets:
        m[instance + r.INSTANCE_REPAIR_EPOCH] += 1


@compiled
def resend_all(m: Arena, x: Constants, instance: int) -> None:
    """Send every order on that is held, by order number: new attempts, outside retries."""
    count = length(m, m[instance + r.INSTANCE_HELD_HEAD], r.HELD_NEXT)
    start = scratch(m, 3 * count)
    place = start
    held = m[instance + r.INSTANCE_HELD_HEAD]
    while held:
        m[place] = m[m[held + r.HELD_ORDER] + r.ORDER_NUMBER]
        m[place + 1] = m[held + r.HELD_PART]
        m[place + 2] = held
        place += 3
        held = m[held + r.HELD_NEXT]
    sort_triples(m, start, count)
    for number in range(count):
        held = m[start + 3 * number + 2]
        order, part = m[held + r.HELD_ORDER], m[held + r.HELD_PART]
        if not is_waiting_for_repair(m, instance, order, part):
            stage, terms = m[held + r.HELD_STAGE], m[held + r.HELD_TERMS]
            hold_on(m, x, instance, held, stage, terms, 0, 1)
