"""The event loop of the order flow: what happens next, until there is nothing more.

Twin: ``run_orders`` of :mod:`bcsim.engine.reference.flow`. The loop stops whenever something
outside has to be done: rows to be taken away, the arena to be enlarged, keys of further streams
to be made. Called again it goes on as if nothing had been.
"""

from __future__ import annotations

from bcsim.kernels import back_entry, batch, client, desk, instance, reports, servers, venue
from bcsim.kernels import custody as custody_of
from bcsim.kernels import record as r
from bcsim.kernels.arena import give, pop_node
from bcsim.kernels.cancel import receive_cancel
from bcsim.kernels.client import cancel_wish, patience_ends, wish
from bcsim.kernels.compiled import Arena, Constants, Wishes, compiled, entry_point
from bcsim.kernels.heap import first_event, first_time, forget, high, low, pop, schedule
from bcsim.kernels.infrastructure import change
from bcsim.kernels.last_orders import cut_off
from bcsim.kernels.life import begin_round, start, wake
from bcsim.kernels.mail import arrive
from bcsim.kernels.order import drop_order
from bcsim.kernels.pursuit import time_is_up
from bcsim.kernels.reconciliation import mend, reconcile
from bcsim.kernels.request import drop_pursuit, drop_request, keep_pursuit
from bcsim.kernels.station import freeze, instance_now, is_deaf
from bcsim.kernels.thaw import take_answer, take_request

ROOM_FOR_AN_EVENT = 1 << 16
"""Words that no single event uses up, but for those that concern everything; a heap that doubles
and the ring of a new breaker come on top."""

ROWS_KEPT_FREE = 1 << 12
"""Rows that no single event writes, but for those that concern everything."""

STEPS_PER_CALL = 1 << 16


@entry_point
def advance(m: Arena, x: Constants, wishes: Wishes) -> int:
    """Let things happen until something has to be done outside; says what."""
    if not m[r.IS_PREPARED]:
        _prepare(m)
    for _ in range(STEPS_PER_CALL):
        if m[r.CROSSING] != r.NULL:
            return r.STATUS_CROSSED
        if m[r.ROW_COUNT] + ROWS_KEPT_FREE > m[r.ROW_ROOM]:
            return r.STATUS_ROWS
        if m[r.END] - m[r.TOP] < ROOM_FOR_AN_EVENT + 4 * m[r.HEAP_ROOM] + m[r.BREAKER_ROOM]:
            return r.STATUS_ROOM
        if m[r.BLOCKS_WANTED] > m[r.BLOCKS]:
            return r.STATUS_BLOCKS
        if m[r.URGENT_HEAD]:
            _do_task(m, x, pop_node(m, r.URGENT_HEAD))
            continue
        if m[r.NORMAL_HEAD]:
            _do_task(m, x, pop_node(m, r.NORMAL_HEAD))
            continue
        time_ns = next_time(m, wishes)
        is_over = time_ns > m[r.LIMIT_NS]
        if (is_over or _is_large(m, time_ns)) and m[r.END] - m[r.TOP] < 2 * m[r.TOP]:
            return r.STATUS_ROOM
        if is_over:
            cut_off(m, time_ns)
            return r.STATUS_DONE
        _step(m, x, wishes, time_ns)
    return r.STATUS_PAUSED


@compiled
def _prepare(m: Arena) -> None:
    """Put everything that is known beforehand, but for wishes and changes, in its place."""
    m[r.IS_PREPARED] = 1
    for place in range(m[r.RUN_COUNT]):
        run = m[r.RUNS] + place * r.RUN_SIZE
        for one in range(2):
            station = m[run + r.RUN_STATION]
            hi, lo = high(r.TURN_SCHEDULE, m[station + r.STATION_INDEX]), r.MARK_START
            happens, number = r.HAPPENS_BATCH_RUN, m[run + r.RUN_NUMBER]
            subject = m[station + r.STATION_FIRST + one]
            schedule(m, m[run + r.RUN_TIME], hi, lo, happens, subject, number, 0, 0)
    for place in range(m[r.COMPARISON_COUNT]):
        comparison = m[r.COMPARISONS] + place * r.COMPARISON_SIZE
        hi = high(r.TURN_SCHEDULE, m[comparison + r.COMPARISON_NUMBER])
        recon, happens = m[comparison + r.COMPARISON_RECON], r.HAPPENS_RECONCILIATION
        time_ns = m[comparison + r.COMPARISON_TIME]
        schedule(m, time_ns, hi, r.MARK_OTHER, happens, recon, 0, 0, 0)
    for place in range(m[r.ENQUIRY_COUNT]):
        schedule_enquiry(m, m[m[r.ENQUIRIES] + place])


@compiled
def next_time(m: Arena, wishes: Wishes) -> int:
    """Time of the next event, ``NEVER`` when nothing is left to happen."""
    time_ns = first_time(m)
    if m[r.WISH_CURSOR] < m[r.WISH_COUNT]:
        time_ns = min(time_ns, wishes[m[r.WISH_CURSOR] * 9])
    if m[r.CHANGE_CURSOR] < m[r.CHANGE_COUNT]:
        time_ns = min(time_ns, _next_change(m))
    return time_ns


@compiled
def _next_change(m: Arena) -> int:
    return m[m[r.CHANGES] + m[r.CHANGE_CURSOR] * r.CHANGE_SIZE + r.CHANGE_TIME]


@compiled
def _is_large(m: Arena, time_ns: int) -> bool:
    """Whether what happens next may concern everything: a change, a reconciliation."""
    if m[r.CHANGE_CURSOR] < m[r.CHANGE_COUNT] and _next_change(m) == time_ns:
        return True
    if first_time(m) != time_ns:
        return False
    kind = m[first_event(m) + r.EVENT_KIND]
    return kind in (r.HAPPENS_RECONCILIATION, r.HAPPENS_BATCH_RUN)


@compiled
def _step(m: Arena, x: Constants, wishes: Wishes, time_ns: int) -> None:
    """Have the next event happen: a change first, then whichever of heap and wishes."""
    m[r.NOW] = time_ns
    m[r.STEP_COUNT] += 1
    if m[r.CHANGE_CURSOR] < m[r.CHANGE_COUNT] and _next_change(m) == time_ns:
        record = m[r.CHANGES] + m[r.CHANGE_CURSOR] * r.CHANGE_SIZE
        m[r.CHANGE_CURSOR] += 1
        change(m, x, record)
        return
    number = m[r.WISH_CURSOR]
    is_wish = number < m[r.WISH_COUNT] and wishes[number * 9] == time_ns
    if is_wish and not _heap_is_before(m, time_ns, number):
        m[r.WISH_CURSOR] = number + 1
        wish(m, x, wishes, number)
        return
    event = pop(m)
    kind, a, b = m[event + r.EVENT_KIND], m[event + r.EVENT_A], m[event + r.EVENT_B]
    c, d = m[event + r.EVENT_C], m[event + r.EVENT_D]
    forget(m, event)
    _happen(m, x, kind, a, b, c, d)


@compiled
def _heap_is_before(m: Arena, time_ns: int, number: int) -> bool:
    """Whether the heap's first event comes before a wish of the same time."""
    if first_time(m) != time_ns:
        return False
    event = first_event(m)
    hi = high(r.TURN_WISH, number * 16)
    if m[event + r.EVENT_HI] != hi:
        return m[event + r.EVENT_HI] < hi
    return m[event + r.EVENT_LO] < low(0, 0, 0, r.MARK_START)


@compiled
def _do_task(m: Arena, x: Constants, node: int) -> None:
    """A pursuit begins, wakes up or gets its place in a bulkhead."""
    kind, pursuit = m[node + r.NODE_KIND], m[node + r.NODE_A]
    give(m, r.TYPE_NODE, node)
    if kind == r.TASK_START:
        start(m, x, pursuit)
    elif kind == r.TASK_WAKE:
        wake(m, x, pursuit)
    else:
        begin_round(m, x, pursuit)
    drop_pursuit(m, pursuit)


@compiled
def _happen(m: Arena, x: Constants, kind: int, a: int, b: int, c: int, d: int) -> None:
    """An event of the heap happens."""
    if kind == r.HAPPENS_REQUEST:
        _request_arrives(m, x, a)
    elif kind == r.HAPPENS_COMPLETION:
        _job_ends(m, x, a, b)
    elif kind == r.HAPPENS_ANSWER:
        _answer_arrives(m, a, b, c, d)
    elif kind == r.HAPPENS_TIMER:
        _timer_runs_down(m, a, b)
    elif kind == r.HAPPENS_MESSAGE:
        arrive(m, a)
    elif kind == r.HAPPENS_PATIENCE:
        patience_ends(m, x, a, b)
    elif kind == r.HAPPENS_REPORT:
        _report_arrives(m, x, a)
    elif kind == r.HAPPENS_TOUCH:
        if m[a + r.RESTING_SERIAL] == c and m[a + r.RESTING_TURN] == b:
            venue.try_now(m, x, a)
    elif kind == r.HAPPENS_EXPIRY:
        venue.expire(m, x, a)
    elif kind == r.HAPPENS_CANCEL:
        _cancel_arrives(m, x, a, b, c, d)
    elif kind == r.HAPPENS_CANCEL_WISH:
        cancel_wish(m, x, a)
    elif kind == r.HAPPENS_BATCH_ITEM:
        _item_ends(m, x, a, b)
    elif kind == r.HAPPENS_BATCH_RUN:
        batch.run_is_due(m, x, a, b)
    elif kind == r.HAPPENS_RATE_ALARM:
        servers.start_waiting(m, x, a)
    elif kind == r.HAPPENS_RECONCILIATION:
        reconcile(m, x, a)
    elif kind == r.HAPPENS_ENQUIRY:
        _enquire(m, x, a)


# -- messages arrive -------------------------------------------------------------------------------


@compiled
def _request_arrives(m: Arena, x: Constants, request: int) -> None:
    station = m[request + r.REQUEST_TARGET]
    if is_deaf(m, station):
        drop_request(m, request)
    elif m[station + r.STATION_HUNG]:
        freeze(m, station, r.FROZEN_REQUEST, request, 0, 0, 0, 0)
    else:
        take_request(m, x, request)


@compiled
def _answer_arrives(m: Arena, request: int, reply: int, reason: int, cause: int) -> None:
    holder = m[request + r.REQUEST_HOLDER]
    if not holder:
        client.hear_answer(m, request, reply, reason, cause)
        drop_request(m, request)
        return
    station = m[holder + r.INSTANCE_STATION]
    if is_deaf(m, station):
        drop_request(m, request)
    elif m[station + r.STATION_HUNG]:
        freeze(m, station, r.FROZEN_ANSWER, request, reply, reason, cause, 0)
    else:
        take_answer(m, request, reply, reason, cause)


@compiled
def _report_arrives(m: Arena, x: Constants, report: int) -> None:
    if not reports.is_receivable(m, report):
        reports.keep_report(m, report)
        return
    holder = m[m[report + r.REPORT_RESTING] + r.RESTING_HOLDER]
    if holder:
        custody_of.take_report(m, x, instance_now(m, holder), report)
    else:
        client.take_report(m, report)
    reports.received(m, x, report)


@compiled
def _cancel_arrives(
    m: Arena, x: Constants, order: int, stage: int, holder: int, station: int
) -> None:
    if is_deaf(m, station):
        drop_order(m, order)
    elif m[station + r.STATION_HUNG]:
        freeze(m, station, r.FROZEN_CANCEL, order, stage, holder, station, 0)
    else:
        receive_cancel(m, x, order, stage, holder, station)


@compiled
def _timer_runs_down(m: Arena, pursuit: int, turn: int) -> None:
    if m[pursuit + r.PURSUIT_WAITS] != turn:
        return
    m[pursuit + r.PURSUIT_TIMER] = 0
    holder = m[pursuit + r.PURSUIT_HOLDER]
    if not holder:
        time_is_up(m, pursuit, turn)
        return
    station = m[holder + r.INSTANCE_STATION]
    if is_deaf(m, station):
        return
    if m[station + r.STATION_HUNG]:
        keep_pursuit(m, pursuit)
        freeze(m, station, r.FROZEN_TIME_IS_UP, pursuit, turn, 0, 0, 0)
    else:
        time_is_up(m, pursuit, turn)


# -- work ends -------------------------------------------------------------------------------------


@compiled
def _job_ends(m: Arena, x: Constants, job: int, turn: int) -> None:
    """The scheduled end of a job, unless a crash or hang has made it void."""
    if m[job + r.JOB_TURN] != turn:
        return
    one = m[job + r.JOB_INSTANCE]
    servers.leave_server(m, one, job)
    kind = m[job + r.JOB_KIND]
    if kind == r.JOB_STEP:
        instance.finish_step(m, x, job)
    elif kind == r.JOB_STATUS:
        desk.tell_status(m, x, job)
    elif kind == r.JOB_KEYING:
        back_entry.keyed(m, x, job)
    elif kind == r.JOB_WALK:
        back_entry.walked(m, x, job)
    elif kind == r.JOB_REPAIR:
        _repaired(m, x, job)
    elif kind == r.JOB_MEND:
        mend(m, x, job)
    servers.free_job(m, job)
    servers.start_waiting(m, x, one)


@compiled
def _repaired(m: Arena, x: Constants, job: int) -> None:
    """A team has mended an order that a control has stopped; its holder goes on."""
    desk.note_repair(m, job)
    request = m[job + r.JOB_A]
    holder, part = m[request + r.REQUEST_HOLDER], m[request + r.REQUEST_PART]
    order = m[request + r.REQUEST_ORDER]
    if holder:
        custody_of.repaired(m, x, instance_now(m, holder), order, part)
    else:
        client.repaired(m, order, part)


@compiled
def _item_ends(m: Arena, x: Constants, job: int, turn: int) -> None:
    """The scheduled end of a batch's item."""
    if m[job + r.JOB_TURN] != turn:
        return
    one, number = m[job + r.JOB_INSTANCE], m[m[job + r.JOB_STAGE] + r.STAGE_BATCH]
    m[job + r.JOB_TURN] = 0
    batch.finish_first(m, one, job)
    instance.finish_step(m, x, job)
    batch.go_on_with_run(m, x, one, number)


@compiled
def _enquire(m: Arena, x: Constants, record: int) -> None:
    """An enquiry of the table arrives, and the next one of its source is put in its place."""
    cursor, count = m[record + r.ENQUIRIES_CURSOR], m[record + r.ENQUIRIES_COUNT]
    index = m[m[record + r.ENQUIRIES_TABLE] + 2 * cursor + 1]
    m[record + r.ENQUIRIES_CURSOR] = cursor + 1
    if cursor + 1 < count:
        schedule_enquiry(m, record)
    number, key = m[record + r.ENQUIRIES_NUMBER], record + r.ENQUIRIES_KEY
    desk.other_enquiry(m, x, m[record + r.ENQUIRIES_CHANNEL], number, key, index)


@compiled
def schedule_enquiry(m: Arena, record: int) -> None:
    """Put the next enquiry of a source in its place."""
    cursor = m[record + r.ENQUIRIES_CURSOR]
    time_ns = m[m[record + r.ENQUIRIES_TABLE] + 2 * cursor]
    hi, lo = high(r.TURN_WISH, m[record + r.ENQUIRIES_NUMBER]), low(0, 0, 0, r.MARK_OTHER)
    schedule(m, time_ns, hi, lo, r.HAPPENS_ENQUIRY, record, 0, 0, 0)
