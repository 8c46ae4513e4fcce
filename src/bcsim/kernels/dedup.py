"""Keys that an instance has answered: its dedup memory. Twin: ``Memory.done``."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, take, unlink
from bcsim.kernels.compiled import Arena, compiled
from bcsim.kernels.journal import is_journalling, note_change


@compiled
def done_of(m: Arena, instance: int, order: int, step: int, code: int) -> int:
    """The record of how a key was answered, or 0."""
    done = m[order + r.ORDER_DONE]
    while done:
        if (
            m[done + r.DONE_INSTANCE] == instance
            and m[done + r.DONE_STEP] == step
            and m[done + r.DONE_CODE] == code
        ):
            return done
        done = m[done + r.DONE_ORDER_NEXT]
    return 0


@compiled
def remembered(m: Arena, instance: int, order: int, step: int, code: int) -> int:
    """How a key was answered before, if that is still remembered; or 0."""
    done = done_of(m, instance, order, step, code)
    return done if done and m[done + r.DONE_UNTIL] >= m[r.NOW] else 0


@compiled
def remember(
    m: Arena, instance: int, order: int, step: int, code: int, reply: int, reason: int
) -> None:
    """Keep how a key was answered, if the component has a dedup memory."""
    horizon = m[m[instance + r.INSTANCE_STATION] + r.STATION_HORIZON]
    if horizon >= 0:
        put_done(m, instance, order, step, code, reply, reason, m[r.NOW] + horizon)


@compiled
def put_done(
    m: Arena,
    instance: int,
    order: int,
    step: int,
    code: int,
    reply: int,
    reason: int,
    until_ns: int,
) -> None:
    """Set how a key was answered."""
    done = done_of(m, instance, order, step, code)
    if is_journalling(m, instance):
        before = 0
        if done:
            before = take(m, r.TYPE_DONE, r.DONE_SIZE)
            for word in range(r.DONE_SIZE):
                m[before + word] = m[done + word]
        note_change(m, instance, r.TYPE_DONE, order, step, code, before)
    else:
        _purge(m, instance, done)
    if not done:
        done = take(m, r.TYPE_DONE, r.DONE_SIZE)
        m[done + r.DONE_ORDER] = order
        m[done + r.DONE_INSTANCE] = instance
        m[done + r.DONE_STEP] = step
        m[done + r.DONE_CODE] = code
        m[done + r.DONE_ORDER_NEXT] = m[order + r.ORDER_DONE]
        m[order + r.ORDER_DONE] = done
        append(m, instance + r.INSTANCE_DONE_HEAD, done, r.DONE_PREV)
    m[done + r.DONE_REPLY] = reply
    m[done + r.DONE_REASON] = reason
    m[done + r.DONE_UNTIL] = until_ns


@compiled
def _purge(m: Arena, instance: int, but: int) -> None:
    """Forget the oldest keys of an instance that have expired, but for one."""
    done = m[instance + r.INSTANCE_DONE_HEAD]
    while done and done != but and m[done + r.DONE_UNTIL] < m[r.NOW]:
        drop_done(m, done)
        done = m[instance + r.INSTANCE_DONE_HEAD]


@compiled
def drop_done(m: Arena, done: int) -> None:
    """Forget a key."""
    at = m[done + r.DONE_ORDER] + r.ORDER_DONE
    while m[at] != done:
        at = m[at] + r.DONE_ORDER_NEXT
    m[at] = m[done + r.DONE_ORDER_NEXT]
    unlink(m, m[done + r.DONE_INSTANCE] + r.INSTANCE_DONE_HEAD, done, r.DONE_PREV)
    give(m, r.TYPE_DONE, done)
