"""The journal of a memory, and lists of parts: which fills of an order.

Twin: ``Journalled`` of :mod:`bcsim.engine.reference.store`. A journal is kept only in the time for
which a failover, which the timeline knows beforehand, will ask for an earlier state.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import give, take
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.order import drop_order, keep_order


@compiled
def is_journalling(m: Arena, instance: int) -> bool:
    """Whether changes of an instance's memory have to be undone later."""
    windows = m[m[instance + r.INSTANCE_STATION] + r.STATION_JOURNALS]
    if not windows or m[instance + r.INSTANCE_NUMBER]:
        return False
    for place in range(m[windows]):
        if m[windows + 1 + 2 * place] < m[r.NOW] <= m[windows + 2 + 2 * place]:
            return True
    return False


@compiled
def note_change(m: Arena, instance: int, store: int, order: int, key: int, before: int) -> None:
    """Note what an order's value was at a key; ``before`` is a record of that value, or 0."""
    line = take(m, r.TYPE_CHANGE_LOG, r.CHANGED_SIZE)
    m[line + r.CHANGED_TIME] = m[r.NOW]
    m[line + r.CHANGED_STORE] = store
    m[line + r.CHANGED_ORDER] = order
    m[line + r.CHANGED_KEY] = key
    m[line + r.CHANGED_BEFORE] = before
    m[line + r.CHANGED_NEXT] = m[instance + r.INSTANCE_JOURNAL]
    m[instance + r.INSTANCE_JOURNAL] = line
    keep_order(m, order)


@compiled
def clear_journal(m: Arena, instance: int) -> None:
    """Forget how the memory was before."""
    line = m[instance + r.INSTANCE_JOURNAL]
    m[instance + r.INSTANCE_JOURNAL] = 0
    while line:
        following = m[line + r.CHANGED_NEXT]
        before, store = m[line + r.CHANGED_BEFORE], m[line + r.CHANGED_STORE]
        if before:
            if store == r.TYPE_FACT:
                free_parts(m, m[before + r.FACT_PARTS])
            give(m, store, before)
        drop_order(m, m[line + r.CHANGED_ORDER])
        give(m, r.TYPE_CHANGE_LOG, line)
        line = following


@compiled
def has_part(m: Arena, parts: int, part: int) -> bool:
    """Whether a part is among some parts."""
    node = parts
    while node:
        if m[node + r.NODE_A] == part:
            return True
        node = m[node + r.NODE_NEXT]
    return False


@compiled
def with_part(m: Arena, parts: int, part: int) -> int:
    """Some parts, and one more."""
    node = take(m, r.TYPE_NODE, r.NODE_SIZE)
    m[node + r.NODE_A] = part
    m[node + r.NODE_NEXT] = parts
    return node


@compiled
def copy_parts(m: Arena, parts: int) -> int:
    """The same parts, in records of their own."""
    copy = 0
    node = parts
    while node:
        copy = with_part(m, copy, m[node + r.NODE_A])
        node = m[node + r.NODE_NEXT]
    return copy


@compiled
def free_parts(m: Arena, parts: int) -> None:
    """Give the records of some parts back."""
    node = parts
    while node:
        following = m[node + r.NODE_NEXT]
        give(m, r.TYPE_NODE, node)
        node = following
