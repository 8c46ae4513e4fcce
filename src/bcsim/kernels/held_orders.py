"""Orders that an instance holds. Twin: ``Memory.held`` of the reference engine's store."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, serial, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.journal import is_journalling, note_change
from bcsim.kernels.order import drop_order, keep_order


@compiled
def held_by(m: Arena, instance: int, order: int, part: int) -> int:
    """What an instance holds of an order, or 0."""
    held = m[order + r.ORDER_HELD]
    while held:
        if m[held + r.HELD_INSTANCE] == instance and m[held + r.HELD_PART] == part:
            return held
        held = m[held + r.HELD_ORDER_NEXT]
    return 0


@compiled
def put_held(
    m: Arena,
    instance: int,
    order: int,
    part: int,
    stage: int,
    terms: int,
    qty: int,
    price: int,
    execution: int,
    at_venue: int,
) -> int:
    """Remember an order, or remember it otherwise."""
    held = held_by(m, instance, order, part)
    if is_journalling(m, instance):
        before = 0
        if held:
            before = copy_held(m, held)
        note_change(m, instance, r.TYPE_HELD, order, part, before)
    if not held:
        held = take(m, r.TYPE_HELD, r.HELD_SIZE)
        m[held + r.HELD_ORDER] = order
        m[held + r.HELD_INSTANCE] = instance
        m[held + r.HELD_PART] = part
        m[held + r.HELD_ORDER_NEXT] = m[order + r.ORDER_HELD]
        m[order + r.ORDER_HELD] = held
        append(m, instance + r.INSTANCE_HELD_HEAD, held, r.HELD_PREV)
        keep_order(m, order)
    m[held + r.HELD_STAGE] = stage
    m[held + r.HELD_TERMS] = terms
    m[held + r.HELD_QTY] = qty
    m[held + r.HELD_PRICE] = price
    m[held + r.HELD_EXECUTION] = execution
    m[held + r.HELD_AT_VENUE] = at_venue
    m[held + r.HELD_SERIAL] = serial(m)
    return held


@compiled
def put_held_again(m: Arena, instance: int, held: int) -> None:
    """Have an instance hold an order as another record states."""
    put_held(
        m,
        instance,
        m[held + r.HELD_ORDER],
        m[held + r.HELD_PART],
        m[held + r.HELD_STAGE],
        m[held + r.HELD_TERMS],
        m[held + r.HELD_QTY],
        m[held + r.HELD_PRICE],
        m[held + r.HELD_EXECUTION],
        m[held + r.HELD_AT_VENUE],
    )


@compiled
def copy_held(m: Arena, held: int) -> int:
    """A record of the same values that is in no list."""
    copy = take(m, r.TYPE_HELD, r.HELD_SIZE)
    for word in range(r.HELD_SIZE):
        m[copy + word] = m[held + word]
    return copy


@compiled
def note_held_change(m: Arena, held: int) -> None:
    """A held order is about to be changed in place: journal it, give it a new serial number."""
    instance = m[held + r.HELD_INSTANCE]
    if is_journalling(m, instance):
        order, part = m[held + r.HELD_ORDER], m[held + r.HELD_PART]
        note_change(m, instance, r.TYPE_HELD, order, part, copy_held(m, held))
    m[held + r.HELD_SERIAL] = serial(m)


@compiled
def drop_held(m: Arena, instance: int, order: int, part: int) -> None:
    """Forget an order that was held."""
    at = order + r.ORDER_HELD
    while m[at]:
        held = m[at]
        if m[held + r.HELD_INSTANCE] == instance and m[held + r.HELD_PART] == part:
            if is_journalling(m, instance):
                note_change(m, instance, r.TYPE_HELD, order, part, copy_held(m, held))
            m[at] = m[held + r.HELD_ORDER_NEXT]
            unlink(m, instance + r.INSTANCE_HELD_HEAD, held, r.HELD_PREV)
            m[held + r.HELD_SERIAL] = 0
            give(m, r.TYPE_HELD, held)
            drop_order(m, order)
            return
        at = held + r.HELD_ORDER_NEXT
