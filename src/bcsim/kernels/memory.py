"""What instances remember: orders held, keys answered, facts recorded, and their journal.

Twin: :mod:`bcsim.engine.reference.store`. A journal is kept only in the time for which a
failover, which the timeline knows beforehand, will ask for an earlier state.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.dedup import copy_keys, drop_done, forget_keys, put_done_again
from bcsim.kernels.facts import drop_fact, fact_of, put_fact_again
from bcsim.kernels.held_orders import drop_held, held_by, put_held_again
from bcsim.kernels.journal import clear_journal, has_part


@compiled
def knows(m: Arena, instance: int, order: int, part: int) -> bool:
    """Whether an order, or a fill of it, is held or recorded. Twin: ``Instance.knows``."""
    fact = fact_of(m, instance, order)
    if fact and (part == 0 or has_part(m, m[fact + r.FACT_PARTS], part)):
        return True
    return held_by(m, instance, order, part) != 0


@compiled
def clear(m: Arena, instance: int) -> None:
    """Forget everything, the journal too."""
    clear_journal(m, instance)
    saved, m[r.NOW] = m[r.NOW], -r.NEVER  # nothing of this is journalled
    while m[instance + r.INSTANCE_HELD_HEAD]:
        held = m[instance + r.INSTANCE_HELD_HEAD]
        drop_held(m, instance, m[held + r.HELD_ORDER], m[held + r.HELD_PART])
    forget_keys(m, instance)
    while m[instance + r.INSTANCE_FACT_HEAD]:
        drop_fact(m, m[instance + r.INSTANCE_FACT_HEAD])
    m[r.NOW] = saved


@compiled
def become(m: Arena, instance: int, other: int, time_ns: int) -> None:
    """Take over another instance's memory as it was at a time. Twin: ``Memory.as_at``."""
    saved, m[r.NOW] = m[r.NOW], -r.NEVER  # a copy begins without a journal
    clear(m, instance)
    _copy_all(m, instance, other)
    _undo(m, instance, other, time_ns)
    m[r.NOW] = saved


@compiled
def _copy_all(m: Arena, instance: int, other: int) -> None:
    """Have an empty memory remember what another one does."""
    held = m[other + r.INSTANCE_HELD_HEAD]
    while held:
        put_held_again(m, instance, held)
        held = m[held + r.HELD_NEXT]
    copy_keys(m, instance, other)
    fact = m[other + r.INSTANCE_FACT_HEAD]
    while fact:
        put_fact_again(m, instance, fact)
        fact = m[fact + r.FACT_NEXT]


@compiled
def _undo(m: Arena, instance: int, other: int, time_ns: int) -> None:
    """Undo in a copy what the other's journal says was changed after a time."""
    line = m[other + r.INSTANCE_JOURNAL]
    while line and m[line + r.CHANGED_TIME] > time_ns:
        order, before = m[line + r.CHANGED_ORDER], m[line + r.CHANGED_BEFORE]
        store = m[line + r.CHANGED_STORE]
        if store == r.TYPE_HELD:
            if before:
                put_held_again(m, instance, before)
            else:
                drop_held(m, instance, order, m[line + r.CHANGED_KEY])
        elif store == r.TYPE_DONE:
            if before:
                put_done_again(m, instance, order, before)
            else:
                drop_done(m, instance, order, m[line + r.CHANGED_KEY])
        elif before:
            put_fact_again(m, instance, before)
        else:
            drop_fact(m, fact_of(m, instance, order))
        line = m[line + r.CHANGED_NEXT]
