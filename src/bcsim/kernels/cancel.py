"""Cancels: a cancel follows the order's links until it finds the order, or finds it gone.

Twin: :mod:`bcsim.engine.reference.cancel`.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.answer import send_answer
from bcsim.kernels.arena import unlink
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.custody import has_in_hand
from bcsim.kernels.dedup import remember
from bcsim.kernels.facts import fact_of, record_fact
from bcsim.kernels.held_orders import held_by
from bcsim.kernels.holding import release
from bcsim.kernels.link import CARRIED, MAY_BE_LOST, carry
from bcsim.kernels.mail import tell_end
from bcsim.kernels.order import drop_order, first_stage, keep_order, next_stage
from bcsim.kernels.sampling import address
from bcsim.kernels.scribe import begin_order_row, end_row, put_order_terms
from bcsim.kernels.servers import free_job, leave_line
from bcsim.kernels.station import node_of, reached_by
from bcsim.kernels.venue import cancel_resting


@compiled
def ask_for_cancel(m: Arena, x: Constants, order: int) -> None:
    """The client asks; the request goes to the first step's component."""
    row = begin_order_row(m, r.KIND_CANCEL_REQUEST, r.WORD_CLIENT, order)
    put_order_terms(m, row, order, m[order + r.ORDER_INTENT])
    m[row + r.ROW_KEY] = r.KEY_OF_CANCEL
    end_row(m, row)
    _hop(m, x, order, 0, first_stage(m, order))


@compiled
def _hop(m: Arena, x: Constants, order: int, holder: int, stage: int) -> None:
    """Go over the link to who does a stage; a lost cancel is not sent again."""
    target, fallback = m[stage + r.STAGE_STATION], m[stage + r.STAGE_FALLBACK]
    if fallback and m[target + r.STATION_ON_FALLBACK]:
        target = m[fallback + r.FALLBACK_STATION]
    how = carry(
        m,
        x,
        node_of(m, holder, order),
        m[target + r.STATION_NODE],
        order,
        m[stage + r.STAGE_NUMBER],
        0,
        0,
        r.DIRECTION_CANCEL,
        r.MARK_CANCEL,
        MAY_BE_LOST,
        r.HAPPENS_CANCEL,
        order,
        stage,
        holder,
        target,
    )
    if how == CARRIED:
        keep_order(m, order)


@compiled
def receive_cancel(
    m: Arena, x: Constants, order: int, stage: int, holder: int, station: int
) -> None:
    """A cancel has reached a component that is awake."""
    draw = address(m[stage + r.STAGE_NUMBER], 0, 0, 0)
    instance = reached_by(m, station, holder, order, draw)
    _arrive(m, x, order, stage, instance)
    drop_order(m, order)


@compiled
def _arrive(m: Arena, x: Constants, order: int, stage: int, instance: int) -> None:
    """Remove the order where it waits or rests; follow it where it has gone; or refuse."""
    if _remove_waiting(m, x, instance, order):
        return
    if m[stage + r.STAGE_ROLE] == r.ROLE_EXECUTE:
        _at_venue(m, x, instance, order)
        return
    held = held_by(m, instance, order, 0)
    if held and has_in_hand(m, instance, order):
        release(m, x, instance, order, 0)
        _cancelled(m, x, instance, order)
        return
    is_known = (
        held
        or fact_of(m, instance, order)
        or m[m[instance + r.INSTANCE_STATION] + r.STATION_STORE] == r.STORE_NONE
        or m[stage + r.STAGE_IS_CALL]
    )
    following = next_stage(m, stage)
    if not is_known:
        _refuse(m, x, instance, order, r.WORD_UNKNOWN)
    elif not following or m[following + r.STAGE_AFTER_EXECUTION]:
        _refuse(m, x, instance, order, r.WORD_TOO_LATE)
    else:
        _hop(m, x, order, instance, following)


@compiled
def _remove_waiting(m: Arena, x: Constants, instance: int, order: int) -> bool:
    """Take the order out of a queue or a batch, and answer whoever waits for it."""
    is_found = False
    job = m[order + r.ORDER_JOB_HEAD]
    while job:
        following = m[job + r.JOB_ORDER_NEXT]
        if _is_waiting_for(m, job, instance):
            is_found = True
            _leave(m, job)
            _cancel_job(m, x, instance, job)
        job = following
    if is_found:
        _cancelled(m, x, instance, order)
    return is_found


@compiled
def _is_waiting_for(m: Arena, job: int, instance: int) -> bool:
    """Whether a job of the order itself waits at an instance, not yet begun."""
    request = m[job + r.JOB_REQUEST]
    if m[job + r.JOB_INSTANCE] != instance or not request:
        return False
    if m[request + r.REQUEST_PART]:
        return False
    state = m[job + r.JOB_STATE]
    if state in (r.JOB_IN_LINE, r.JOB_IN_BATCH):
        return True
    return bool(state == r.JOB_IN_RUN and m[job + r.JOB_PREV])


@compiled
def _leave(m: Arena, job: int) -> None:
    """Take a job out of its line, or out of its batch."""
    instance, state = m[job + r.JOB_INSTANCE], m[job + r.JOB_STATE]
    if state == r.JOB_IN_LINE:
        leave_line(m, instance, job)
        return
    batch = m[instance + r.INSTANCE_BATCHES]
    batch += m[m[job + r.JOB_STAGE] + r.STAGE_BATCH] * r.BATCH_SIZE
    is_in_run = state == r.JOB_IN_RUN
    head = batch + (r.BATCH_RUNNING_HEAD if is_in_run else r.BATCH_WAITING_HEAD)
    unlink(m, head, job, r.JOB_PREV)


@compiled
def _cancel_job(m: Arena, x: Constants, instance: int, job: int) -> None:
    """Work that waited is cancelled: later attempts at it are told so."""
    step = m[m[job + r.JOB_STAGE] + r.STAGE_NUMBER]
    order, code = m[job + r.JOB_ORDER], m[job + r.JOB_CODE]
    remember(m, instance, order, step, code, r.REPLY_CANCELLED, r.WORD_CANCELLED)
    station = m[instance + r.INSTANCE_STATION]
    node = m[job + r.JOB_TICKET_HEAD]
    while node:
        request = m[m[node + r.NODE_A] + r.TICKET_REQUEST]
        send_answer(m, x, station, request, r.REPLY_CANCELLED, r.WORD_CANCELLED, r.NULL)
        node = m[node + r.NODE_NEXT]
    free_job(m, job)


@compiled
def _cancelled(m: Arena, x: Constants, instance: int, order: int) -> None:
    """Record the cancel here, and tell the client."""
    station, intent = m[instance + r.INSTANCE_STATION], m[order + r.ORDER_INTENT]
    record_fact(m, instance, order, intent, 0, 0, 1)
    row = begin_order_row(m, r.KIND_CANCEL, m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, intent)
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_REASON] = r.WORD_CLIENT
    end_row(m, row)
    tell_end(
        m,
        x,
        order,
        r.KIND_CANCEL,
        station,
        r.DIRECTION_CANCELLATION,
        0,
        r.NULL,
        r.WORD_CLIENT,
        r.NULL,
    )


@compiled
def _at_venue(m: Arena, x: Constants, instance: int, order: int) -> None:
    """Cancel what rests; executed or gone: too late; never arrived: unknown."""
    venue = m[m[instance + r.INSTANCE_STATION] + r.STATION_VENUE]
    if cancel_resting(m, x, venue, order, r.WORD_CLIENT, r.NULL):
        return
    is_known = fact_of(m, instance, order) or m[order + r.ORDER_EXECUTIONS]
    _refuse(m, x, instance, order, r.WORD_TOO_LATE if is_known else r.WORD_UNKNOWN)


@compiled
def _refuse(m: Arena, x: Constants, instance: int, order: int, reason: int) -> None:
    station = m[instance + r.INSTANCE_STATION]
    row = begin_order_row(m, r.KIND_CANCEL_REJECT, m[station + r.STATION_VANTAGE], order)
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_REASON] = reason
    end_row(m, row)
    tell_end(
        m,
        x,
        order,
        r.KIND_CANCEL_REJECT,
        station,
        r.DIRECTION_CANCEL_REJECTION,
        0,
        r.NULL,
        reason,
        r.NULL,
    )
