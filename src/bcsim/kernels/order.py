"""Orders and the wishes behind them, and when they can be forgotten.

Twin: ``Intent`` and ``Entry`` of :mod:`bcsim.engine.reference.message`. An order is kept while
anything refers to it: work, a message, an effort, a holder, its client's patience.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.heap import withdraw


@compiled
def make_order(m: Arena, intent: int, channel: int, route: int) -> int:
    """Make an entry of an intent through a channel."""
    order = take(m, r.TYPE_ORDER, r.ORDER_SIZE)
    generation = m[intent + r.INTENT_ENTRIES]
    m[intent + r.INTENT_ENTRIES] = generation + 1
    m[order + r.ORDER_NUMBER] = m[intent + r.INTENT_NUMBER] * 16 + generation
    m[order + r.ORDER_INTENT] = intent
    m[order + r.ORDER_GENERATION] = generation
    m[order + r.ORDER_CHANNEL] = channel
    m[order + r.ORDER_ROUTE] = route
    m[order + r.ORDER_REFS] = 1
    append(m, r.ORDERS_HEAD, order, r.ORDER_PREV)
    if m[intent + r.INTENT_LAST]:
        m[m[intent + r.INTENT_LAST] + r.ORDER_SIBLING] = order
    else:
        m[intent + r.INTENT_FIRST] = order
    m[intent + r.INTENT_LAST] = order
    return order


@compiled
def end_life(m: Arena, intent: int) -> None:
    """A client's patience has ended, or the wish to cancel: one reason less to remember."""
    m[intent + r.INTENT_LIVES] -= 1
    if m[intent + r.INTENT_LIVES]:
        return
    order = m[intent + r.INTENT_FIRST]
    while order:
        following = m[order + r.ORDER_SIBLING]
        drop_order(m, order)
        order = following


@compiled
def end_patience(m: Arena, intent: int) -> None:
    """A client has heard what it waited for, and will not act any more."""
    event = m[intent + r.INTENT_PATIENCE]
    if event:
        m[intent + r.INTENT_PATIENCE] = 0
        withdraw(m, event)
        end_life(m, intent)


@compiled
def keep_order(m: Arena, order: int) -> None:
    """Something refers to an order."""
    m[order + r.ORDER_REFS] += 1


@compiled
def drop_order(m: Arena, order: int) -> None:
    """Something refers to an order no more."""
    m[order + r.ORDER_REFS] -= 1
    if m[order + r.ORDER_REFS] == 0:
        _forget(m, order)


@compiled
def _forget(m: Arena, order: int) -> None:
    """Nothing can come of an order any more: forget it, and its intent after its last order."""
    pursuit = m[order + r.ORDER_PURSUIT_HEAD]
    while pursuit:  # a client's, that are over
        following = m[pursuit + r.PURSUIT_ORDER_NEXT]
        m[pursuit + r.PURSUIT_WAITS] = 0
        give(m, r.TYPE_PURSUIT, pursuit)
        pursuit = following
    _forget_memories(m, order)
    _give_list(m, m[order + r.ORDER_TRIES], r.TYPE_TRY, r.TRY_NEXT)
    _give_list(m, m[order + r.ORDER_MARKS], r.TYPE_MARK, r.MARK_NEXT)
    _give_list(m, m[order + r.ORDER_EXECUTION_HEAD], r.TYPE_EXECUTION, r.EXECUTION_NEXT)
    unlink(m, r.ORDERS_HEAD, order, r.ORDER_PREV)
    intent = m[order + r.ORDER_INTENT]
    m[intent + r.INTENT_ENTRIES] -= 1
    if m[intent + r.INTENT_ENTRIES] == 0:
        give(m, r.TYPE_INTENT, intent)
    give(m, r.TYPE_ORDER, order)


@compiled
def _forget_memories(m: Arena, order: int) -> None:
    """Forget what components remember of an order that they will never hear of again."""
    _give_list(m, m[order + r.ORDER_DONE], r.TYPE_DONE, r.DONE_NEXT)
    fact = m[order + r.ORDER_FACT]
    while fact:
        following = m[fact + r.FACT_ORDER_NEXT]
        unlink(m, m[fact + r.FACT_INSTANCE] + r.INSTANCE_FACT_HEAD, fact, r.FACT_PREV)
        _give_list(m, m[fact + r.FACT_PARTS], r.TYPE_NODE, r.NODE_NEXT)
        give(m, r.TYPE_FACT, fact)
        fact = following


@compiled
def _give_list(m: Arena, first: int, kind: int, link: int) -> None:
    """Give back the records of a list."""
    record = first
    while record:
        following = m[record + link]
        give(m, kind, record)
        record = following


@compiled
def note(m: Arena, order: int, kind: int, a: int, b: int, c: int) -> None:
    """Remember something about an order."""
    mark = take(m, r.TYPE_MARK, r.MARK_SIZE)
    m[mark + r.MARK_KIND] = kind
    m[mark + r.MARK_A] = a
    m[mark + r.MARK_B] = b
    m[mark + r.MARK_C] = c
    m[mark + r.MARK_NEXT] = m[order + r.ORDER_MARKS]
    m[order + r.ORDER_MARKS] = mark


@compiled
def noted(m: Arena, order: int, kind: int, a: int, b: int) -> int:
    """The mark about an order with these two words; 0 if there is none."""
    mark = m[order + r.ORDER_MARKS]
    while mark:
        if m[mark + r.MARK_KIND] == kind and m[mark + r.MARK_A] == a and m[mark + r.MARK_B] == b:
            return mark
        mark = m[mark + r.MARK_NEXT]
    return 0


@compiled
def forget_note(m: Arena, order: int, mark: int) -> None:
    """Take a mark off an order."""
    at = order + r.ORDER_MARKS
    while m[at] != mark:
        at = m[at] + r.MARK_NEXT
    m[at] = m[mark + r.MARK_NEXT]
    give(m, r.TYPE_MARK, mark)


@compiled
def first_stage(m: Arena, order: int) -> int:
    """The first step of an order's journey."""
    return m[m[order + r.ORDER_ROUTE] + r.ROUTE_STAGES]


@compiled
def next_stage(m: Arena, stage: int) -> int:
    """The step after a step, or 0."""
    return 0 if m[stage + r.STAGE_IS_LAST] else stage + r.STAGE_SIZE


@compiled
def stage_at(m: Arena, order: int, number: int) -> int:
    """A step of an order's journey by its number."""
    return first_stage(m, order) + number * r.STAGE_SIZE


@compiled
def execute_step(m: Arena, order: int) -> int:
    """Number of the execute step of an order's journey, or -1."""
    return m[m[order + r.ORDER_ROUTE] + r.ROUTE_EXECUTE]


@compiled
def leg_code(m: Arena, stage: int, part: int, leg: int) -> int:
    """Number of an effect among all effects of a step for an order. Twin: ``Task.leg_code``."""
    return (part - 1) * m[stage + r.STAGE_LEG_COUNT] + leg if part else leg


@compiled
def make_terms(m: Arena, terms: int) -> int:
    """A copy of terms that may be altered."""
    copy = take(m, r.TYPE_TERMS, r.TERMS_SIZE)
    for word in range(r.TERMS_SIZE):
        m[copy + word] = m[terms + word]
    return copy


@compiled
def are_equal_terms(m: Arena, one: int, other: int) -> bool:
    """Whether two terms say the same."""
    if one == other:
        return True
    differing = 0
    for word in range(r.TERMS_SIZE):
        differing += m[one + word] != m[other + word]
    return differing == 0
