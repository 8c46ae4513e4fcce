"""Keys that an instance has answered: its dedup memory. Twin: ``Memory.done``.

They hang on the order, so all of them are forgotten with it; one that has expired stays until then
and counts no more.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import give, take
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.journal import is_journalling, note_change

CODE_BITS = 40


@compiled
def effect_key(step: int, code: int) -> int:
    """A step and one of its effects, as one word."""
    return (step << CODE_BITS) + code


@compiled
def done_of(m: Arena, instance: int, order: int, key: int) -> int:
    """The record of how a key was answered, or 0."""
    done = m[order + r.ORDER_DONE]
    while done:
        if m[done + r.DONE_KEY] == key and m[done + r.DONE_INSTANCE] == instance:
            return done
        done = m[done + r.DONE_NEXT]
    return 0


@compiled
def remembered(m: Arena, instance: int, order: int, step: int, code: int) -> int:
    """How a key was answered before, if that is still remembered; or 0."""
    done = done_of(m, instance, order, effect_key(step, code))
    return done if done and m[done + r.DONE_UNTIL] >= m[r.NOW] else 0


@compiled
def remember(
    m: Arena, instance: int, order: int, step: int, code: int, reply: int, reason: int
) -> None:
    """Keep how a key was answered, if the component has a dedup memory."""
    horizon = m[m[instance + r.INSTANCE_STATION] + r.STATION_HORIZON]
    if horizon >= 0:
        key, until_ns = effect_key(step, code), m[r.NOW] + horizon
        _put_done(m, instance, order, key, reply, reason, until_ns)


@compiled
def _put_done(
    m: Arena, instance: int, order: int, key: int, reply: int, reason: int, until_ns: int
) -> None:
    """Set how a key was answered."""
    done = done_of(m, instance, order, key)
    if is_journalling(m, instance):
        before = 0
        if done:
            before = take(m, r.TYPE_DONE, r.DONE_SIZE)
            for word in range(r.DONE_SIZE):
                m[before + word] = m[done + word]
        note_change(m, instance, r.TYPE_DONE, order, key, before)
    if not done:
        done = take(m, r.TYPE_DONE, r.DONE_SIZE)
        m[done + r.DONE_INSTANCE] = instance
        m[done + r.DONE_KEY] = key
        m[done + r.DONE_NEXT] = m[order + r.ORDER_DONE]
        m[order + r.ORDER_DONE] = done
    m[done + r.DONE_REPLY] = reply
    m[done + r.DONE_REASON] = reason
    m[done + r.DONE_UNTIL] = until_ns


@compiled
def put_done_again(m: Arena, instance: int, order: int, done: int) -> None:
    """Have an instance remember of an order what another record states."""
    key, until_ns = m[done + r.DONE_KEY], m[done + r.DONE_UNTIL]
    _put_done(m, instance, order, key, m[done + r.DONE_REPLY], m[done + r.DONE_REASON], until_ns)


@compiled
def drop_done(m: Arena, instance: int, order: int, key: int) -> None:
    """Forget how a key was answered, which the instance remembers."""
    done = done_of(m, instance, order, key)
    at = order + r.ORDER_DONE
    while m[at] != done:
        at = m[at] + r.DONE_NEXT
    m[at] = m[done + r.DONE_NEXT]
    give(m, r.TYPE_DONE, done)


@compiled
def has_dedup(m: Arena, instance: int) -> bool:
    """Whether an instance remembers keys at all."""
    return m[m[instance + r.INSTANCE_STATION] + r.STATION_HORIZON] >= 0


@compiled
def forget_keys(m: Arena, instance: int) -> None:
    """Forget all keys of an instance."""
    order = m[r.ORDERS_HEAD] if has_dedup(m, instance) else 0
    while order:
        at = order + r.ORDER_DONE
        while m[at]:
            done = m[at]
            if m[done + r.DONE_INSTANCE] == instance:
                m[at] = m[done + r.DONE_NEXT]
                give(m, r.TYPE_DONE, done)
            else:
                at = done + r.DONE_NEXT
        order = m[order + r.ORDER_NEXT]


@compiled
def copy_keys(m: Arena, instance: int, other: int) -> None:
    """Have an instance without keys remember those of another one."""
    order = m[r.ORDERS_HEAD] if has_dedup(m, other) else 0
    while order:
        done = m[order + r.ORDER_DONE]
        while done:
            if m[done + r.DONE_INSTANCE] == other:
                put_done_again(m, instance, order, done)
            done = m[done + r.DONE_NEXT]
        order = m[order + r.ORDER_NEXT]
