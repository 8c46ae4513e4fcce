"""Holding an order: taking it over, beginning with its next step, letting it go.

Twin: the first half of :mod:`bcsim.engine.reference.custody`.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels import servers
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.facts import record_fact
from bcsim.kernels.held_orders import drop_held, held_by, put_held
from bcsim.kernels.mail import tell_end
from bcsim.kernels.order import drop_order, forget_note, keep_order, next_stage, note, noted
from bcsim.kernels.pursuit import begin, die, make_pursuit, pursuit_of, register, retire, unregister
from bcsim.kernels.request import drop_pursuit, keep_pursuit
from bcsim.kernels.scribe import begin_order_row, end_row
from bcsim.kernels.station import blame, freeze_about, is_deaf


@compiled
def skip_control(m: Arena, instance: int, order: int, stage: int, reason: int) -> None:
    """Record that a control was left out."""
    station = m[instance + r.INSTANCE_STATION]
    row = begin_order_row(m, r.KIND_CONTROL_SKIP, m[station + r.STATION_VANTAGE], order)
    control = m[stage + r.STAGE_CONTROL]
    m[row + r.ROW_SUBJECT] = m[control + r.CONTROL_NAME] if control else r.NULL
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_STEP] = m[stage + r.STAGE_NUMBER]
    m[row + r.ROW_REASON] = reason
    m[row + r.ROW_CAUSE] = blame(m, m[m[stage + r.STAGE_STATION] + r.STATION_NAME])
    end_row(m, row)


@compiled
def reject(
    m: Arena, x: Constants, instance: int, order: int, stage: int, reason: int, cause: int
) -> None:
    """Reject an order at a component, and tell the client. Twin: ``effect.reject``."""
    station, number = m[instance + r.INSTANCE_STATION], m[stage + r.STAGE_NUMBER]
    row = begin_order_row(m, r.KIND_REJECT, m[station + r.STATION_VANTAGE], order)
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_STEP] = number
    m[row + r.ROW_REASON] = reason
    m[row + r.ROW_CAUSE] = cause
    end_row(m, row)
    record_fact(m, instance, order, m[order + r.ORDER_INTENT], number, 0, 1)
    tell_end(
        m, x, order, r.KIND_REJECT, station, r.DIRECTION_REJECTION, number, r.NULL, reason, cause
    )


@compiled
def hold(
    m: Arena,
    x: Constants,
    instance: int,
    order: int,
    part: int,
    stage: int,
    terms: int,
    qty: int,
    price: int,
    execution: int,
    at_venue: int,
    keeps_server: int,
    is_resend: int,
) -> None:
    """Remember an order and begin with its next step."""
    while stage:
        control = m[stage + r.STAGE_CONTROL]
        if not (control and m[order + r.ORDER_SKIPPED] & m[control + r.CONTROL_BIT]):
            break
        skip_control(m, instance, order, stage, r.NULL)
        if not noted(m, order, r.NOTED_LEFT_OUT, stage, 0):
            note(m, order, r.NOTED_LEFT_OUT, stage, 0, 0)
        stage = next_stage(m, stage)
    if not stage:
        release(m, x, instance, order, part)
        return
    keep_order(m, order)
    drop_effort(m, x, instance, order, part)
    held = put_held(m, instance, order, part, stage, terms, qty, price, execution, at_venue)
    if not at_venue:
        _begin_effort(m, instance, held, keeps_server, is_resend)
    drop_order(m, order)


@compiled
def hold_on(
    m: Arena,
    x: Constants,
    instance: int,
    held: int,
    stage: int,
    terms: int,
    keeps_server: int,
    is_resend: int,
) -> None:
    """Hold what a record states, with a stage and terms of its own."""
    hold(
        m,
        x,
        instance,
        m[held + r.HELD_ORDER],
        m[held + r.HELD_PART],
        stage,
        terms,
        m[held + r.HELD_QTY],
        m[held + r.HELD_PRICE],
        m[held + r.HELD_EXECUTION],
        m[held + r.HELD_AT_VENUE],
        keeps_server,
        is_resend,
    )


@compiled
def _begin_effort(m: Arena, instance: int, held: int, keeps_server: int, is_resend: int) -> None:
    """Begin, now or on waking up; nobody begins anything while down."""
    order, stage = m[held + r.HELD_ORDER], m[held + r.HELD_STAGE]
    pursuit = make_pursuit(
        m,
        instance,
        order,
        stage,
        m[held + r.HELD_PART],
        m[held + r.HELD_TERMS],
        m[held + r.HELD_QTY],
        m[held + r.HELD_PRICE],
        m[held + r.HELD_EXECUTION],
        is_resend,
    )
    if keeps_server and m[stage + r.STAGE_IS_CALL]:
        m[pursuit + r.PURSUIT_KEEPS_SERVER] = 1
        m[instance + r.INSTANCE_KEPT] += 1
    station = m[instance + r.INSTANCE_STATION]
    if is_deaf(m, station):
        retire(m, pursuit)
    elif m[station + r.STATION_HUNG]:
        part, version = m[held + r.HELD_PART], m[held + r.HELD_SERIAL]
        keep_pursuit(m, pursuit)
        freeze_about(m, station, r.FROZEN_BEGIN, order, part, instance, version, pursuit)
    else:
        register(m, pursuit)
        begin(m, pursuit)


@compiled
def begin_frozen(
    m: Arena, instance: int, order: int, part: int, version: int, pursuit: int
) -> None:
    """Begin what was frozen, unless the order has gone on without it."""
    held = held_by(m, instance, order, part)
    is_same = held and m[held + r.HELD_SERIAL] == version
    if is_same and not pursuit_of(m, instance, order, part):
        register(m, pursuit)
        begin(m, pursuit)
    else:
        retire(m, pursuit)


@compiled
def release(m: Arena, x: Constants, instance: int, order: int, part: int) -> None:
    """The order is no longer this instance's responsibility."""
    keep_order(m, order)
    drop_held(m, instance, order, part)
    forget_wait(m, instance, order, part)
    drop_effort(m, x, instance, order, part)
    drop_order(m, order)


@compiled
def drop_effort(m: Arena, x: Constants, instance: int, order: int, part: int) -> None:
    """End the effort for an order and part, if there is one."""
    pursuit = pursuit_of(m, instance, order, part)
    if pursuit:
        kill(m, x, pursuit)


@compiled
def kill(m: Arena, x: Constants, pursuit: int) -> None:
    """End an effort of an instance that is under way."""
    keep_pursuit(m, pursuit)
    unregister(m, pursuit)
    die(m, pursuit)
    free_server(m, x, pursuit)
    retire(m, pursuit)
    drop_pursuit(m, pursuit)


@compiled
def free_server(m: Arena, x: Constants, pursuit: int) -> None:
    """The server that stayed with a call works on."""
    if m[pursuit + r.PURSUIT_KEEPS_SERVER]:
        m[pursuit + r.PURSUIT_KEEPS_SERVER] = 0
        servers.free_one(m, x, m[pursuit + r.PURSUIT_HOLDER])


@compiled
def forget_wait(m: Arena, instance: int, order: int, part: int) -> None:
    """A held order does not wait for its repair any more."""
    mark = noted(m, order, r.NOTED_WAITS, instance, part)
    if mark:
        forget_note(m, order, mark)
