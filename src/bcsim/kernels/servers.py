"""Servers and the queue before them. Twin: :mod:`bcsim.engine.reference.servers`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, prepend, push_node, serial, take, unlink
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.heap import high, low, schedule
from bcsim.kernels.order import drop_order, keep_order
from bcsim.kernels.request import drop_request, keep_request
from bcsim.kernels.sampling import sample
from bcsim.kernels.scribe import detail, see_backlog
from bcsim.kernels.station import works

FULL_SPEED = 1000
NS_PER_S = 1_000_000_000


# -- jobs and tickets --------------------------------------------------------------------------


@compiled
def make_job(m: Arena, instance: int, kind: int, order: int, rank: int, hi: int, lo: int) -> int:
    """Work for one server; ``order`` is the one whose fate it decides, or 0."""
    job = take(m, r.TYPE_JOB, r.JOB_SIZE)
    m[job + r.JOB_INSTANCE] = instance
    m[job + r.JOB_KIND] = kind
    m[job + r.JOB_ORDER] = order
    m[job + r.JOB_RANK] = rank
    m[job + r.JOB_HI] = hi
    m[job + r.JOB_LO] = lo
    m[job + r.JOB_ACCEPTED] = m[r.NOW]
    m[job + r.JOB_REMAINING] = -1
    if order:
        keep_order(m, order)
        append(m, order + r.ORDER_JOB_HEAD, job, r.JOB_ORDER_PREV)
    return job


@compiled
def put_time(m: Arena, job: int, dist: int, key: int, index: int, draw: int) -> None:
    """Say how long the work takes: a draw, made when it starts."""
    m[job + r.JOB_TIME] = dist
    m[job + r.JOB_KEY] = key
    m[job + r.JOB_INDEX] = index
    m[job + r.JOB_DRAW] = draw


@compiled
def free_job(m: Arena, job: int) -> None:
    """Work is done, or will never be; it is in no line any more."""
    ticket_node = m[job + r.JOB_TICKET_HEAD]
    while ticket_node:
        following = m[ticket_node + r.NODE_NEXT]
        drop_ticket(m, m[ticket_node + r.NODE_A])
        give(m, r.TYPE_NODE, ticket_node)
        ticket_node = following
    kind, request, order = m[job + r.JOB_KIND], m[job + r.JOB_REQUEST], m[job + r.JOB_ORDER]
    m[job + r.JOB_TURN] = 0
    if order:
        unlink(m, order + r.ORDER_JOB_HEAD, job, r.JOB_ORDER_PREV)
    subject = m[job + r.JOB_A]
    give(m, r.TYPE_JOB, job)
    if request:
        drop_request(m, request)
    if order:
        drop_order(m, order)
    if kind == r.JOB_STATUS or is_on_paper(kind):
        drop_order(m, subject)
    elif kind == r.JOB_REPAIR:
        drop_request(m, subject)


@compiled
def is_on_paper(kind: int) -> bool:
    """Whether nobody forgets work of a kind in a crash, nor when another instance takes over."""
    return kind in (r.JOB_KEYING, r.JOB_WALK)


@compiled
def make_ticket(m: Arena, request: int) -> int:
    """A request that waits for the effects of its step."""
    ticket = take(m, r.TYPE_TICKET, r.TICKET_SIZE)
    m[ticket + r.TICKET_REQUEST] = request
    keep_request(m, request)
    return ticket


@compiled
def give_ticket(m: Arena, job: int, ticket: int) -> None:
    """Have a ticket wait for a job too."""
    m[ticket + r.TICKET_REFS] += 1
    push_node(m, job + r.JOB_TICKET_HEAD, 0, ticket, 0, 0, 0, 0)


@compiled
def drop_ticket(m: Arena, ticket: int) -> None:
    """A ticket waits for a job less."""
    m[ticket + r.TICKET_REFS] -= 1
    if m[ticket + r.TICKET_REFS] == 0:
        request = m[ticket + r.TICKET_REQUEST]
        give(m, r.TYPE_TICKET, ticket)
        drop_request(m, request)


# -- lines -------------------------------------------------------------------------------------


@compiled
def line_of(m: Arena, instance: int, rank: int) -> int:
    """The line of a priority class."""
    return m[instance + r.INSTANCE_LINES] + rank * r.LINE_SIZE


@compiled
def idle(m: Arena, instance: int) -> int:
    """Servers that could start work now."""
    servers = m[m[instance + r.INSTANCE_STATION] + r.STATION_SERVERS]
    return max(0, servers - m[instance + r.INSTANCE_RUNNING] - m[instance + r.INSTANCE_KEPT])


@compiled
def enqueue(m: Arena, instance: int, job: int) -> None:
    """Put work at the end of its priority class."""
    m[job + r.JOB_STATE] = r.JOB_IN_LINE
    append(m, line_of(m, instance, m[job + r.JOB_RANK]), job, r.JOB_PREV)
    m[instance + r.INSTANCE_WAITING] += 1


@compiled
def leave_line(m: Arena, instance: int, job: int) -> None:
    """Take work out of its line."""
    unlink(m, line_of(m, instance, m[job + r.JOB_RANK]), job, r.JOB_PREV)
    m[instance + r.INSTANCE_WAITING] -= 1


@compiled
def start_waiting(m: Arena, x: Constants, instance: int) -> None:
    """Start what can be started, then look how much is left waiting."""
    _start_all(m, x, instance)
    station = m[instance + r.INSTANCE_STATION]
    if m[station + r.STATION_WATCHES]:
        see_backlog(m, station, m[instance + r.INSTANCE_WAITING])


@compiled
def _start_all(m: Arena, x: Constants, instance: int) -> None:
    station = m[instance + r.INSTANCE_STATION]
    rate = m[station + r.STATION_RATE]
    while m[instance + r.INSTANCE_WAITING] and idle(m, instance) and works(m, station):
        now = m[r.NOW]
        if rate:
            starts_ns = m[instance + r.INSTANCE_NEXT_START]
            if now < starts_ns:
                if m[instance + r.INSTANCE_ALARM] != starts_ns:
                    m[instance + r.INSTANCE_ALARM] = starts_ns
                    hi = high(r.TURN_TIMER, m[station + r.STATION_INDEX])
                    lo = low(m[instance + r.INSTANCE_NUMBER], 0, 0, r.MARK_START)
                    schedule(m, starts_ns, hi, lo, r.HAPPENS_RATE_ALARM, instance, 0, 0, 0)
                return
            m[instance + r.INSTANCE_NEXT_START] = now + NS_PER_S // rate
        job = _first_in_line(m, instance)
        leave_line(m, instance, job)
        append(m, instance + r.INSTANCE_RUNNING_HEAD, job, r.JOB_PREV)
        m[instance + r.INSTANCE_RUNNING] += 1
        m[job + r.JOB_STATE] = r.JOB_RUNNING
        start(m, x, station, job, r.HAPPENS_COMPLETION)


@compiled
def _first_in_line(m: Arena, instance: int) -> int:
    place = m[r.RANK_ORDER]
    while True:
        job = m[line_of(m, instance, m[place])]
        if job:
            return job
        place += 1


@compiled
def start(m: Arena, x: Constants, station: int, job: int, happens: int) -> None:
    """Let a server begin with a job, or go on with it."""
    duration_ns = m[job + r.JOB_REMAINING]
    if duration_ns < 0:
        request = m[job + r.JOB_REQUEST]
        if request:
            stage, part = m[request + r.REQUEST_STAGE], m[request + r.REQUEST_PART]
            detail(
                m,
                r.KIND_START,
                m[station + r.STATION_VANTAGE],
                m[station + r.STATION_NAME],
                m[request + r.REQUEST_ORDER],
                m[stage + r.STAGE_NUMBER],
                (part - 1) * m[stage + r.STAGE_LEG_COUNT] if part else 0,
                m[request + r.REQUEST_ATTEMPT],
            )
        drawn_ns = sample(
            m,
            x,
            m[job + r.JOB_TIME],
            m[job + r.JOB_KEY],
            m[job + r.JOB_INDEX],
            m[job + r.JOB_DRAW],
        )
        duration_ns = drawn_ns * FULL_SPEED // m[station + r.STATION_SPEED]
    m[job + r.JOB_REMAINING] = -1
    m[job + r.JOB_TURN] = serial(m)
    m[job + r.JOB_ENDS] = m[r.NOW] + duration_ns
    schedule(
        m,
        m[job + r.JOB_ENDS],
        m[job + r.JOB_HI],
        m[job + r.JOB_LO],
        happens,
        job,
        m[job + r.JOB_TURN],
        0,
        0,
    )


@compiled
def leave_server(m: Arena, instance: int, job: int) -> None:
    """A job no longer occupies a server."""
    unlink(m, instance + r.INSTANCE_RUNNING_HEAD, job, r.JOB_PREV)
    m[instance + r.INSTANCE_RUNNING] -= 1


@compiled
def free_one(m: Arena, x: Constants, instance: int) -> None:
    """A caller's wait is over; its server can work again."""
    if m[instance + r.INSTANCE_KEPT]:
        m[instance + r.INSTANCE_KEPT] -= 1
        start_waiting(m, x, instance)


# -- trouble -----------------------------------------------------------------------------------


@compiled
def crash(m: Arena, instance: int, is_durable: int) -> None:
    """Stop all work; a durable queue keeps it, to be done again from the start.

    What stands on paper is kept in any queue.
    """
    if not is_durable:
        for rank in range(m[r.RANK_COUNT]):
            _forget_line(m, instance, m[line_of(m, instance, rank)])
    while m[instance + r.INSTANCE_RUNNING_TAIL]:
        job = m[instance + r.INSTANCE_RUNNING_TAIL]
        leave_server(m, instance, job)
        if is_durable or is_on_paper(m[job + r.JOB_KIND]):
            m[job + r.JOB_TURN] = 0
            m[job + r.JOB_REMAINING] = -1
            m[job + r.JOB_STATE] = r.JOB_IN_LINE
            prepend(m, line_of(m, instance, m[job + r.JOB_RANK]), job, r.JOB_PREV)
            m[instance + r.INSTANCE_WAITING] += 1
        else:
            free_job(m, job)
    m[instance + r.INSTANCE_KEPT] = 0


@compiled
def _forget_line(m: Arena, instance: int, first: int) -> None:
    """A volatile queue is gone, but for what stands on paper."""
    job = first
    while job:
        following = m[job + r.JOB_NEXT]
        if not is_on_paper(m[job + r.JOB_KIND]):
            leave_line(m, instance, job)
            free_job(m, job)
        job = following


@compiled
def hand_over(m: Arena, instance: int, other: int) -> None:
    """Have another instance do what waits here; its owner starts it."""
    for rank in range(m[r.RANK_COUNT]):
        line = line_of(m, instance, rank)
        while m[line]:
            job = m[line]
            leave_line(m, instance, job)
            m[job + r.JOB_INSTANCE] = other
            enqueue(m, other, job)


@compiled
def freeze_running(m: Arena, instance: int) -> None:
    """Hang: running work keeps its remaining time."""
    job = m[instance + r.INSTANCE_RUNNING_HEAD]
    while job:
        m[job + r.JOB_TURN] = 0
        m[job + r.JOB_REMAINING] = m[job + r.JOB_ENDS] - m[r.NOW]
        job = m[job + r.JOB_NEXT]


@compiled
def thaw(m: Arena, x: Constants, instance: int) -> None:
    """Wake up: running work goes on where it was."""
    station = m[instance + r.INSTANCE_STATION]
    job = m[instance + r.INSTANCE_RUNNING_HEAD]
    while job:
        start(m, x, station, job, r.HAPPENS_COMPLETION)
        job = m[job + r.JOB_NEXT]
    start_waiting(m, x, instance)
