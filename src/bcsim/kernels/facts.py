"""What an instance has recorded about orders. Twin: ``Memory.facts`` and ``Instance.record``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.journal import (
    copy_parts,
    free_parts,
    has_part,
    is_journalling,
    note_change,
    with_part,
)
from bcsim.kernels.order import drop_order, keep_order


@compiled
def fact_of(m: Arena, instance: int, order: int) -> int:
    """What an instance has recorded about an order, or 0."""
    fact = m[order + r.ORDER_FACT]
    while fact:
        if m[fact + r.FACT_INSTANCE] == instance:
            return fact
        fact = m[fact + r.FACT_ORDER_NEXT]
    return 0


@compiled
def record_fact(
    m: Arena, instance: int, order: int, terms: int, step: int, part: int, is_closed: int
) -> None:
    """Write down what is known of an order. Twin: ``Instance.record``."""
    station = m[instance + r.INSTANCE_STATION]
    if not m[station + r.STATION_KEEPS_FACTS]:
        return
    fact = fact_of(m, instance, order)
    if not fact:
        put_fact(m, instance, order, terms, m[r.NOW], step, is_closed, _parts_of(m, part))
        return
    if not is_closed:
        journal_fact(m, fact)
        m[fact + r.FACT_TERMS] = terms
    else:
        journal_fact(m, fact)
        m[fact + r.FACT_IS_CLOSED] = 1
    m[fact + r.FACT_LAST] = max(step, m[fact + r.FACT_LAST])
    if part and not has_part(m, m[fact + r.FACT_PARTS], part):
        m[fact + r.FACT_PARTS] = with_part(m, m[fact + r.FACT_PARTS], part)


@compiled
def _parts_of(m: Arena, part: int) -> int:
    return with_part(m, 0, part) if part else 0


@compiled
def journal_fact(m: Arena, fact: int) -> None:
    """A fact is about to be changed in place: journal it."""
    instance = m[fact + r.FACT_INSTANCE]
    if is_journalling(m, instance):
        before = take(m, r.TYPE_FACT, r.FACT_SIZE)
        for word in range(r.FACT_SIZE):
            m[before + word] = m[fact + word]
        m[before + r.FACT_PARTS] = copy_parts(m, m[fact + r.FACT_PARTS])
        note_change(m, instance, r.TYPE_FACT, m[fact + r.FACT_ORDER], 0, before)


@compiled
def put_fact(
    m: Arena,
    instance: int,
    order: int,
    terms: int,
    time_ns: int,
    last: int,
    is_closed: int,
    parts: int,
) -> None:
    """Set what an instance has recorded about an order; ``parts`` are taken over."""
    fact = fact_of(m, instance, order)
    if fact:
        journal_fact(m, fact)
        free_parts(m, m[fact + r.FACT_PARTS])
    else:
        if is_journalling(m, instance):
            note_change(m, instance, r.TYPE_FACT, order, 0, 0)
        fact = take(m, r.TYPE_FACT, r.FACT_SIZE)
        m[fact + r.FACT_ORDER] = order
        m[fact + r.FACT_INSTANCE] = instance
        m[fact + r.FACT_ORDER_NEXT] = m[order + r.ORDER_FACT]
        m[order + r.ORDER_FACT] = fact
        append(m, instance + r.INSTANCE_FACT_HEAD, fact, r.FACT_PREV)
        if outlives(m, instance):
            keep_order(m, order)
    m[fact + r.FACT_TERMS] = terms
    m[fact + r.FACT_TIME] = time_ns
    m[fact + r.FACT_LAST] = last
    m[fact + r.FACT_IS_CLOSED] = is_closed
    m[fact + r.FACT_PARTS] = parts


@compiled
def outlives(m: Arena, instance: int) -> bool:
    """Whether facts are looked at when nothing else is left of an order: by reconciliations."""
    return m[m[instance + r.INSTANCE_STATION] + r.STATION_KEEPS_FACTS] > 1


@compiled
def drop_fact(m: Arena, fact: int) -> None:
    """Forget a fact."""
    instance, order = m[fact + r.FACT_INSTANCE], m[fact + r.FACT_ORDER]
    at = order + r.ORDER_FACT
    while m[at] != fact:
        at = m[at] + r.FACT_ORDER_NEXT
    m[at] = m[fact + r.FACT_ORDER_NEXT]
    unlink(m, instance + r.INSTANCE_FACT_HEAD, fact, r.FACT_PREV)
    free_parts(m, m[fact + r.FACT_PARTS])
    give(m, r.TYPE_FACT, fact)
    if outlives(m, instance):
        drop_order(m, order)


@compiled
def put_fact_again(m: Arena, instance: int, fact: int) -> None:
    """Have an instance know a fact that another record states."""
    put_fact(
        m,
        instance,
        m[fact + r.FACT_ORDER],
        m[fact + r.FACT_TERMS],
        m[fact + r.FACT_TIME],
        m[fact + r.FACT_LAST],
        m[fact + r.FACT_IS_CLOSED],
        copy_parts(m, m[fact + r.FACT_PARTS]),
    )
