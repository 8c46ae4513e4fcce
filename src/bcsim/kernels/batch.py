"""Batches: work at stated times on what was accepted strictly before.

Twin: :mod:`bcsim.engine.reference.batch`. A run's items keep their order; its first one is the
item in hand.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels import servers
from bcsim.kernels.arena import append, prepend, unlink
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.dedup import remembered
from bcsim.kernels.station import is_active, works


@compiled
def batch_of(m: Arena, instance: int, number: int) -> int:
    """One of an instance's batches."""
    return m[instance + r.INSTANCE_BATCHES] + number * r.BATCH_SIZE


@compiled
def keep_for_batch(m: Arena, instance: int, job: int) -> None:
    """Keep an order for the next run of its step."""
    m[job + r.JOB_STATE] = r.JOB_IN_BATCH
    batch = batch_of(m, instance, m[m[job + r.JOB_STAGE] + r.STAGE_BATCH])
    append(m, batch + r.BATCH_WAITING_HEAD, job, r.JOB_PREV)


@compiled
def run(m: Arena, x: Constants, instance: int, number: int) -> None:
    """Begin a run with what was accepted strictly before now."""
    batch = batch_of(m, instance, number)
    was_idle = m[batch + r.BATCH_RUNNING_HEAD] == r.NOBODY
    if not m[batch + r.BATCH_HAS_RUN]:
        m[batch + r.BATCH_HAS_RUN] = 1
        m[m[instance + r.INSTANCE_RUN_ORDER] + m[instance + r.INSTANCE_RUN_COUNT]] = number
        m[instance + r.INSTANCE_RUN_COUNT] += 1
    job = m[batch + r.BATCH_WAITING_HEAD]
    while job:
        following = m[job + r.JOB_NEXT]
        if m[job + r.JOB_ACCEPTED] < m[r.NOW]:
            unlink(m, batch + r.BATCH_WAITING_HEAD, job, r.JOB_PREV)
            append(m, batch + r.BATCH_RUNNING_HEAD, job, r.JOB_PREV)
            m[job + r.JOB_STATE] = r.JOB_IN_RUN
        job = following
    if was_idle:
        serve_next(m, x, instance, number)


@compiled
def serve_next(m: Arena, x: Constants, instance: int, number: int) -> None:
    """Serve the next item of a run; a run has one server of its own."""
    job = m[batch_of(m, instance, number) + r.BATCH_RUNNING_HEAD]
    station = m[instance + r.INSTANCE_STATION]
    if job and works(m, station):
        servers.start(m, x, station, job, r.HAPPENS_BATCH_ITEM)


@compiled
def finish_first(m: Arena, instance: int, job: int) -> None:
    """The item in hand is done; it stays at hand until the run is over."""
    batch = batch_of(m, instance, m[m[job + r.JOB_STAGE] + r.STAGE_BATCH])
    unlink(m, batch + r.BATCH_RUNNING_HEAD, job, r.JOB_PREV)
    append(m, batch + r.BATCH_FINISHED_HEAD, job, r.JOB_PREV)
    m[job + r.JOB_STATE] = r.JOB_FINISHED


@compiled
def go_on_with_run(m: Arena, x: Constants, instance: int, number: int) -> None:
    """After an item: forget the finished ones if it was the last, else serve the next."""
    batch = batch_of(m, instance, number)
    if not m[batch + r.BATCH_RUNNING_HEAD]:
        _free_all(m, batch + r.BATCH_FINISHED_HEAD)
    serve_next(m, x, instance, number)


@compiled
def _free_all(m: Arena, head: int) -> None:
    while m[head]:
        job = m[head]
        unlink(m, head, job, r.JOB_PREV)
        servers.free_job(m, job)


@compiled
def crash(m: Arena, instance: int) -> None:
    """A crash stops a run between two items: the one in hand is not done."""
    for number in range(_count(m, instance)):
        job = m[batch_of(m, instance, number) + r.BATCH_RUNNING_HEAD]
        while job:
            m[job + r.JOB_TURN] = 0
            m[job + r.JOB_REMAINING] = -1
            job = m[job + r.JOB_NEXT]


@compiled
def _count(m: Arena, instance: int) -> int:
    return m[m[instance + r.INSTANCE_STATION] + r.STATION_BATCHES]


@compiled
def freeze(m: Arena, instance: int) -> None:
    """Hang: the item in hand keeps its remaining time."""
    for number in range(_count(m, instance)):
        job = m[batch_of(m, instance, number) + r.BATCH_RUNNING_HEAD]
        if job:
            m[job + r.JOB_TURN] = 0
            m[job + r.JOB_REMAINING] = m[job + r.JOB_ENDS] - m[r.NOW]


@compiled
def thaw(m: Arena, x: Constants, instance: int) -> None:
    """Wake up: runs go on where they were, and what was due meanwhile begins."""
    for place in range(m[instance + r.INSTANCE_RUN_COUNT]):
        serve_next(m, x, instance, m[m[instance + r.INSTANCE_RUN_ORDER] + place])
    _run_missed(m, x, instance)


@compiled
def forget(m: Arena, instance: int) -> None:
    """What waited in volatile memory is gone."""
    for number in range(_count(m, instance)):
        batch = batch_of(m, instance, number)
        _free_all(m, batch + r.BATCH_WAITING_HEAD)
        _free_all(m, batch + r.BATCH_RUNNING_HEAD)
        _free_all(m, batch + r.BATCH_FINISHED_HEAD)
        m[batch + r.BATCH_HAS_RUN] = 0
    m[instance + r.INSTANCE_RUN_COUNT] = 0


@compiled
def rerun(m: Arena, x: Constants, instance: int) -> None:
    """Go on after recovery: from the checkpoint, or again from the start."""
    for place in range(m[instance + r.INSTANCE_RUN_COUNT]):
        number = m[m[instance + r.INSTANCE_RUN_ORDER] + place]
        batch = batch_of(m, instance, number)
        job = m[batch + r.BATCH_RUNNING_HEAD]
        if not job:
            continue
        if m[m[job + r.JOB_STAGE] + r.STAGE_RERUNS]:
            _take_up_again(m, instance, batch)
        serve_next(m, x, instance, number)
    _run_missed(m, x, instance)


@compiled
def _take_up_again(m: Arena, instance: int, batch: int) -> None:
    """Put finished items before the others again, but for those that dedup memory knows."""
    head = batch + r.BATCH_FINISHED_HEAD
    while m[head + 1]:
        job = m[head + 1]
        unlink(m, head, job, r.JOB_PREV)
        step = m[m[job + r.JOB_STAGE] + r.STAGE_NUMBER]
        if remembered(m, instance, m[job + r.JOB_ORDER], step, m[job + r.JOB_CODE]):
            servers.free_job(m, job)
        else:
            m[job + r.JOB_STATE] = r.JOB_IN_RUN
            prepend(m, batch + r.BATCH_RUNNING_HEAD, job, r.JOB_PREV)


@compiled
def _run_missed(m: Arena, x: Constants, instance: int) -> None:
    count = m[instance + r.INSTANCE_MISSED_COUNT]
    m[instance + r.INSTANCE_MISSED_COUNT] = 0
    for place in range(count):
        number = m[m[instance + r.INSTANCE_MISSED] + place]
        m[batch_of(m, instance, number) + r.BATCH_IS_MISSED] = 0
        run(m, x, instance, number)


@compiled
def run_is_due(m: Arena, x: Constants, instance: int, number: int) -> None:
    """Begin a run if this instance is active and works; if not, when it works again."""
    if not is_active(m, instance):
        return
    if works(m, m[instance + r.INSTANCE_STATION]):
        run(m, x, instance, number)
        return
    batch = batch_of(m, instance, number)
    if not m[batch + r.BATCH_IS_MISSED]:
        m[batch + r.BATCH_IS_MISSED] = 1
        m[m[instance + r.INSTANCE_MISSED] + m[instance + r.INSTANCE_MISSED_COUNT]] = number
        m[instance + r.INSTANCE_MISSED_COUNT] += 1
