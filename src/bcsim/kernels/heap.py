"""What is to happen: a 4-ary heap of events in their total order, and the one in front of it.

Twin: :class:`bcsim.engine.reference.clock.Clock`. An entry of the heap is a time and an event;
events of one time come in the order of their key ``(turn, number | step, leg, attempt, mark)``,
and those of one key in the order in which they were put in. What is put in before all others does
not enter the heap: most things that a step brings about happen next.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import block, give, serial, take
from bcsim.kernels.compiled import Arena, compiled

NUMBER_BITS = 48
STEP_SHIFT = 37
LEG_SHIFT = 17
ATTEMPT_SHIFT = 5


@compiled
def high(turn: int, number: int) -> int:
    """Upper word of a key."""
    return (turn << NUMBER_BITS) + number


@compiled
def low(step: int, leg: int, attempt: int, mark: int) -> int:
    """Lower word of a key."""
    return (step << STEP_SHIFT) + (leg << LEG_SHIFT) + (attempt << ATTEMPT_SHIFT) + mark


@compiled
def schedule(
    m: Arena, time_ns: int, hi: int, lo: int, kind: int, a: int, b: int, c: int, d: int
) -> None:
    """Have something happen at a time, in its place among what happens then."""
    _push(m, time_ns, _make_event(m, hi, lo, kind, a, b, c, d))


@compiled
def schedule_in_lane(
    m: Arena, lane: int, time_ns: int, hi: int, lo: int, kind: int, a: int, b: int, c: int, d: int
) -> int:
    """Have something happen after a delay that is the same for all of a lane, if there is one.

    A lane is in order by itself; what would have to stand before its last one goes to the heap.
    Returns the event, which can be withdrawn as long as it has not happened.
    """
    event = _make_event(m, hi, lo, kind, a, b, c, d)
    if lane:
        last = m[lane + r.LANE_TAIL]
        if not last or is_before(m, m[last + r.EVENT_TIME], last, time_ns, event):
            m[event + r.EVENT_TIME] = time_ns
            m[event + r.EVENT_LANE] = lane
            m[lane + r.LANE_TAIL] = event
            if last:
                _put_behind(m, last, event)
                return event
    _push(m, time_ns, event)
    return event


@compiled
def _put_behind(m: Arena, last: int, event: int) -> None:
    """Put an event behind the last of a lane, or in its place if it has been withdrawn."""
    before = m[last + r.EVENT_BACK]
    if before and m[last + r.EVENT_KIND] == r.HAPPENS_NOTHING:
        give(m, r.TYPE_EVENT, last)
        last = before
    m[last + r.EVENT_LINK] = event
    m[event + r.EVENT_BACK] = last


@compiled
def withdraw(m: Arena, event: int) -> None:
    """Have nothing happen where an event stands.

    The first of a lane stands in the heap, and its last tells how long there is anything to
    wait for; so these two stay where they are, as does what has no lane.
    """
    m[event + r.EVENT_KIND] = r.HAPPENS_NOTHING
    before, after = m[event + r.EVENT_BACK], m[event + r.EVENT_LINK]
    if before and after:
        m[before + r.EVENT_LINK] = after
        m[after + r.EVENT_BACK] = before
        give(m, r.TYPE_EVENT, event)


@compiled
def _make_event(m: Arena, hi: int, lo: int, kind: int, a: int, b: int, c: int, d: int) -> int:
    event = take(m, r.TYPE_EVENT, r.EVENT_SIZE)
    m[event + r.EVENT_HI] = hi
    m[event + r.EVENT_LO] = lo
    m[event + r.EVENT_SERIAL] = serial(m)
    m[event + r.EVENT_KIND] = kind
    m[event + r.EVENT_A] = a
    m[event + r.EVENT_B] = b
    m[event + r.EVENT_C] = c
    m[event + r.EVENT_D] = d
    return event


@compiled
def _push(m: Arena, time_ns: int, event: int) -> None:
    """Put an event in its place: in front of all others, or into the heap."""
    front = m[r.FRONT]
    if front:
        front_ns = m[r.FRONT_NS]
        if not is_before(m, time_ns, event, front_ns, front):
            _push_into_heap(m, time_ns, event)
            return
        _push_into_heap(m, front_ns, front)
    elif m[r.HEAP_COUNT]:
        heap = m[r.HEAP]
        if not is_before(m, time_ns, event, m[heap], m[heap + 1]):
            _push_into_heap(m, time_ns, event)
            return
    m[r.FRONT] = event
    m[r.FRONT_NS] = time_ns


@compiled
def put_front_into_heap(m: Arena) -> None:
    """Have everything that is to happen stand in the heap."""
    if m[r.FRONT]:
        _push_into_heap(m, m[r.FRONT_NS], m[r.FRONT])
        m[r.FRONT] = 0


@compiled
def _push_into_heap(m: Arena, time_ns: int, event: int) -> None:
    place = m[r.HEAP_COUNT]
    if place == m[r.HEAP_ROOM]:
        _grow(m)
    m[r.HEAP_COUNT] = place + 1
    heap = m[r.HEAP]
    while place:
        parent = (place - 1) >> 2
        above = heap + 2 * parent
        if not is_before(m, time_ns, event, m[above], m[above + 1]):
            break
        m[heap + 2 * place] = m[above]
        m[heap + 2 * place + 1] = m[above + 1]
        place = parent
    m[heap + 2 * place] = time_ns
    m[heap + 2 * place + 1] = event


@compiled
def _grow(m: Arena) -> None:
    room = 2 * m[r.HEAP_ROOM]
    wider = block(m, 2 * room)
    for word in range(2 * m[r.HEAP_COUNT]):
        m[wider + word] = m[m[r.HEAP] + word]
    m[r.HEAP] = wider
    m[r.HEAP_ROOM] = room


@compiled
def is_before(m: Arena, time_ns: int, event: int, other_ns: int, other: int) -> bool:
    """Whether one entry comes before another."""
    if time_ns != other_ns:
        return time_ns < other_ns
    if m[event + r.EVENT_HI] != m[other + r.EVENT_HI]:
        return m[event + r.EVENT_HI] < m[other + r.EVENT_HI]
    if m[event + r.EVENT_LO] != m[other + r.EVENT_LO]:
        return m[event + r.EVENT_LO] < m[other + r.EVENT_LO]
    return m[event + r.EVENT_SERIAL] < m[other + r.EVENT_SERIAL]


@compiled
def first_time(m: Arena) -> int:
    """Time of the first event, ``NEVER`` when there is none."""
    if m[r.FRONT]:
        return m[r.FRONT_NS]
    return m[m[r.HEAP]] if m[r.HEAP_COUNT] else r.NEVER


@compiled
def first_event(m: Arena) -> int:
    """The first event; there is one."""
    return m[r.FRONT] or m[m[r.HEAP] + 1]


@compiled
def pop(m: Arena) -> int:
    """Take the first event out; :func:`forget` it when it has been read."""
    event = m[r.FRONT]
    if event:
        m[r.FRONT] = 0
    else:
        event = _pop(m)
    lane = m[event + r.EVENT_LANE]
    if lane:
        following = m[event + r.EVENT_LINK]
        if following:
            m[following + r.EVENT_BACK] = 0
            _push(m, m[following + r.EVENT_TIME], following)
        else:
            m[lane + r.LANE_TAIL] = 0
    return event


@compiled
def _pop(m: Arena) -> int:
    heap = m[r.HEAP]
    first = m[heap + 1]
    count = m[r.HEAP_COUNT] - 1
    m[r.HEAP_COUNT] = count
    if not count:
        return first
    time_ns, event = m[heap + 2 * count], m[heap + 2 * count + 1]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= count:
            break
        least = child
        for other in range(child + 1, min(child + 4, count)):
            if is_before(
                m,
                m[heap + 2 * other],
                m[heap + 2 * other + 1],
                m[heap + 2 * least],
                m[heap + 2 * least + 1],
            ):
                least = other
        if not is_before(m, m[heap + 2 * least], m[heap + 2 * least + 1], time_ns, event):
            break
        m[heap + 2 * place] = m[heap + 2 * least]
        m[heap + 2 * place + 1] = m[heap + 2 * least + 1]
        place = least
    m[heap + 2 * place] = time_ns
    m[heap + 2 * place + 1] = event
    return first


@compiled
def forget(m: Arena, event: int) -> None:
    """An event has happened."""
    give(m, r.TYPE_EVENT, event)
