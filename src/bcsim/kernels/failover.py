"""Failover, fail-back and split brain. Twin: :mod:`bcsim.engine.reference.failover`."""

from __future__ import annotations

from bcsim.kernels import custody, facts, holding, instance, journal, memory, servers
from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, length, scratch, sort_triples, take, unlink
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.held_orders import copy_held
from bcsim.kernels.order import drop_order, keep_order
from bcsim.kernels.scribe import begin_order_row, end_row
from bcsim.kernels.station import freeze, is_active, is_deaf, primary, works
from bcsim.kernels.thaw import forget_frozen


@compiled
def fail_over(m: Arena, x: Constants, station: int, recovery_point_ns: int) -> None:
    """The standby takes over with the store exactly as at the recovery point."""
    old, new = m[station + r.STATION_FIRST], m[station + r.STATION_SECOND]
    if m[station + r.STATION_ACTIVE] == r.ACTIVE_SECOND:
        return
    _put_to_rest_if_active(m, x, new)
    memory.become(m, new, old, recovery_point_ns)
    _forget_left(m, station)
    _copy_unknown(m, new, old, station + r.STATION_LEFT_HEAD)
    _replace(m, x, station, old, new)


@compiled
def fail_back(m: Arena, x: Constants, station: int, policy: int, cause: int) -> None:
    """The first instance takes over again; what only it knew is treated by policy."""
    if m[station + r.STATION_ACTIVE] == r.ACTIVE_FIRST:
        return
    old, new = m[station + r.STATION_SECOND], m[station + r.STATION_FIRST]
    _put_to_rest_if_active(m, x, new)
    memory.become(m, new, old, m[r.NOW])
    left = station + r.STATION_LEFT_HEAD
    held = m[left]
    while held:
        following = m[held + r.HELD_NEXT]
        if memory.knows(m, new, m[held + r.HELD_ORDER], m[held + r.HELD_PART]):
            _forget_copy(m, left, held)
        held = following
    _replace(m, x, station, old, new)
    _treat(m, x, new, left, policy, cause)


@compiled
def split(m: Arena, x: Constants, station: int, reach: int) -> None:
    """Both instances are primary from now on, from the same state; both resend."""
    if m[station + r.STATION_ACTIVE] == r.ACTIVE_BOTH:
        return
    source = primary(m, station)
    other = m[station + r.STATION_SECOND]
    if source == other:
        other = m[station + r.STATION_FIRST]
    memory.become(m, other, source, m[r.NOW])
    m[station + r.STATION_ACTIVE] = r.ACTIVE_BOTH
    m[station + r.STATION_REACH] = reach
    if not is_deaf(m, station):
        if m[station + r.STATION_HUNG]:
            freeze(m, station, r.FROZEN_RESEND, source, 0, 0, 0, 0)
        else:
            custody.resend_all(m, x, source)
    _resume(m, x, station, other)


@compiled
def heal(m: Arena, x: Constants, station: int, policy: int, cause: int) -> None:
    """One primary remains; the standby loses, and its entries are treated by policy."""
    if m[station + r.STATION_ACTIVE] != r.ACTIVE_BOTH:
        return
    winner, loser = m[station + r.STATION_FIRST], m[station + r.STATION_SECOND]
    only_loser = take(m, r.TYPE_NODE, r.NODE_SIZE)
    _copy_unknown(m, winner, loser, only_loser)
    if policy == r.POLICY_MERGE:
        _merge_facts(m, winner, loser)
    instance.put_to_rest(m, x, loser)
    m[station + r.STATION_ACTIVE] = r.ACTIVE_FIRST
    servers.start_waiting(m, x, winner)
    treated = r.POLICY_REPLAY if policy == r.POLICY_MERGE else policy
    _treat(m, x, winner, only_loser, treated, cause)
    give(m, r.TYPE_NODE, only_loser)


@compiled
def _merge_facts(m: Arena, winner: int, loser: int) -> None:
    """The winner learns what only the loser has recorded."""
    fact = m[loser + r.INSTANCE_FACT_HEAD]
    while fact:
        known = facts.fact_of(m, winner, m[fact + r.FACT_ORDER])
        if not known:
            facts.put_fact_again(m, winner, fact)
        else:
            facts.journal_fact(m, known)
            node = m[fact + r.FACT_PARTS]
            while node:
                part = m[node + r.NODE_A]
                if not journal.has_part(m, m[known + r.FACT_PARTS], part):
                    parts = journal.with_part(m, m[known + r.FACT_PARTS], part)
                    m[known + r.FACT_PARTS] = parts
                node = m[node + r.NODE_NEXT]
        fact = m[fact + r.FACT_NEXT]


@compiled
def _put_to_rest_if_active(m: Arena, x: Constants, one: int) -> None:
    """In a split brain the one that takes over has work of its own, which it forgets."""
    if is_active(m, one):
        instance.put_to_rest(m, x, one)


@compiled
def _replace(m: Arena, x: Constants, station: int, old: int, new: int) -> None:
    """One instance stops, the other goes on with what it knows."""
    instance.put_to_rest(m, x, old)
    forget_frozen(m, station)
    m[station + r.STATION_ACTIVE] = 1 << m[new + r.INSTANCE_NUMBER]
    _resume(m, x, station, new)


@compiled
def _resume(m: Arena, x: Constants, station: int, one: int) -> None:
    """Resend what is held, now or when the component works again."""
    if works(m, station):
        instance.resume(m, x, one)
    else:
        m[one + r.INSTANCE_IS_TO_RESUME] = 1


# -- what only one instance knows ------------------------------------------------------------------


@compiled
def _copy_unknown(m: Arena, one: int, other: int, head: int) -> None:
    """List copies of what another instance holds and this one does not know, in order."""
    start = scratch(m, 3 * length(m, m[other + r.INSTANCE_HELD_HEAD], r.HELD_NEXT))
    found = 0
    held = m[other + r.INSTANCE_HELD_HEAD]
    while held:
        order, part = m[held + r.HELD_ORDER], m[held + r.HELD_PART]
        if not memory.knows(m, one, order, part):
            m[start + 3 * found] = m[order + r.ORDER_NUMBER]
            m[start + 3 * found + 1] = part
            m[start + 3 * found + 2] = held
            found += 1
        held = m[held + r.HELD_NEXT]
    sort_triples(m, start, found)
    m[head] = 0
    m[head + 1] = 0
    for number in range(found):
        held = m[start + 3 * number + 2]
        copy = copy_held(m, held)
        keep_order(m, m[copy + r.HELD_ORDER])
        append(m, head, copy, r.HELD_PREV)


@compiled
def _forget_copy(m: Arena, head: int, copy: int) -> None:
    unlink(m, head, copy, r.HELD_PREV)
    order = m[copy + r.HELD_ORDER]
    m[copy + r.HELD_SERIAL] = 0
    give(m, r.TYPE_HELD, copy)
    drop_order(m, order)


@compiled
def _forget_left(m: Arena, station: int) -> None:
    left = station + r.STATION_LEFT_HEAD
    while m[left]:
        _forget_copy(m, left, m[left])


@compiled
def _treat(m: Arena, x: Constants, one: int, head: int, policy: int, cause: int) -> None:
    """Discard, replay or quarantine what only the other instance knew."""
    while m[head]:
        held = m[head]
        order, part = m[held + r.HELD_ORDER], m[held + r.HELD_PART]
        if policy == r.POLICY_REPLAY:
            stage, terms = m[held + r.HELD_STAGE], m[held + r.HELD_TERMS]
            facts.record_fact(m, one, order, terms, m[stage + r.STAGE_NUMBER] - 1, part, 0)
            holding.hold_on(m, x, one, held, stage, terms, 0, 1)
        elif policy == r.POLICY_QUARANTINE:
            station = m[one + r.INSTANCE_STATION]
            row = begin_order_row(m, r.KIND_RECONCILE, m[station + r.STATION_VANTAGE], order)
            m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
            m[row + r.ROW_SUBJECT] = r.WORD_QUARANTINE
            m[row + r.ROW_REASON] = r.WORD_ONE_INSTANCE_ONLY
            m[row + r.ROW_CAUSE] = cause
            end_row(m, row)
        _forget_copy(m, head, held)
