"""Back-entry: paper orders walk their journey. Twin: :mod:`bcsim.engine.reference.back_entry`.

Work on a paper order carries the order, the stage that was done on paper, the terms that stand on
it and the team that wrote it; ``JOB_STAGE`` is where it is on its walk.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels import servers
from bcsim.kernels.arena import give, length, pop_node, push_node
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.control import stops
from bcsim.kernels.desk import make_work, work
from bcsim.kernels.facts import record_fact
from bcsim.kernels.order import forget_note, keep_order, next_stage, noted
from bcsim.kernels.sampling import address, index_of, key_of_order
from bcsim.kernels.scribe import begin_order_row, end_row, rank_of
from bcsim.kernels.station import primary, works


@compiled
def owe(m: Arena, x: Constants, request: int, team: int, terms: int) -> None:
    """An order has been written down, to be entered now or when its component is back."""
    order = m[request + r.REQUEST_ORDER]
    keep_order(m, order)
    _begin(m, x, order, m[request + r.REQUEST_STAGE], terms, team)


@compiled
def something_is_back(m: Arena, x: Constants) -> None:
    """Begin with the paper orders whose component is back, one work item each."""
    for _ in range(length(m, m[r.PAPERS_HEAD], r.NODE_NEXT)):
        node = pop_node(m, r.PAPERS_HEAD)
        order, stage = m[node + r.NODE_A], m[node + r.NODE_B]
        terms, team = m[node + r.NODE_C], m[node + r.NODE_D]
        give(m, r.TYPE_NODE, node)
        _begin(m, x, order, stage, terms, team)


@compiled
def _begin(m: Arena, x: Constants, order: int, stage: int, terms: int, team: int) -> None:
    """Have the team key an order, unless it still has to wait for the component."""
    station = m[stage + r.STAGE_STATION]
    if m[station + r.STATION_ON_FALLBACK] or not works(m, station):
        push_node(m, r.PAPERS_HEAD, 0, order, stage, terms, team, 0)
        return
    job = _make(m, team, r.JOB_KEYING, order, stage, terms, team)
    time = m[m[stage + r.STAGE_FALLBACK] + r.FALLBACK_BACK_ENTRY]
    _put_to_work(m, x, job, stage, r.KEY_BACK_ENTRY, time)


@compiled
def keyed(m: Arena, x: Constants, job: int) -> None:
    """The order is in the systems: it leaves nothing out any more, and walks."""
    order, stage = m[job + r.JOB_A], m[job + r.JOB_B]
    m[order + r.ORDER_SKIPPED] &= ~m[m[stage + r.STAGE_FALLBACK] + r.FALLBACK_SKIPS]
    _walk_on(m, x, job, stage)


@compiled
def walked(m: Arena, x: Constants, job: int) -> None:
    """A stage is done: make good for a control that was left out, and go on."""
    order, paper, stage = m[job + r.JOB_A], m[job + r.JOB_B], m[job + r.JOB_STAGE]
    mark = noted(m, order, r.NOTED_LEFT_OUT, stage, 0)
    if mark:
        forget_note(m, order, mark)
        instance = primary(m, m[stage + r.STAGE_STATION])
        stops(m, x, instance, order, stage, m[job + r.JOB_C], r.WORD_BACK_ENTRY)
    skips = m[m[paper + r.STAGE_FALLBACK] + r.FALLBACK_SKIPS]
    following = next_stage(m, stage)
    while following:
        control = m[following + r.STAGE_CONTROL]
        is_skipped = control and skips & m[control + r.CONTROL_BIT]
        if is_skipped and noted(m, order, r.NOTED_LEFT_OUT, following, 0):
            _walk_on(m, x, job, following)
            return
        following = next_stage(m, following)
    _entered(m, order, paper, m[job + r.JOB_C], m[job + r.JOB_D])


@compiled
def _walk_on(m: Arena, x: Constants, done: int, stage: int) -> None:
    """Wait for a server of a stage's component, like the orders of the day."""
    order, paper = m[done + r.JOB_A], m[done + r.JOB_B]
    terms, team = m[done + r.JOB_C], m[done + r.JOB_D]
    keep_order(m, order)
    job = _make(m, m[stage + r.STAGE_STATION], r.JOB_WALK, order, paper, terms, team)
    m[job + r.JOB_STAGE] = stage
    _put_to_work(m, x, job, stage, r.KEY_BACK_ENTRY_STEP, m[stage + r.STAGE_TIME])


@compiled
def _entered(m: Arena, order: int, stage: int, terms: int, team: int) -> None:
    """The walk is over: the component has the order in its books."""
    station, step = m[stage + r.STAGE_STATION], m[stage + r.STAGE_NUMBER]
    record_fact(m, primary(m, station), order, terms, step, 0, 0)
    row = begin_order_row(m, r.KIND_ACTION, m[team + r.STATION_VANTAGE], order)
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
    m[row + r.ROW_SUBJECT] = r.WORD_BACK_ENTRY
    m[row + r.ROW_STEP] = step
    end_row(m, row)


@compiled
def _make(
    m: Arena, component: int, kind: int, order: int, paper: int, terms: int, team: int
) -> int:
    """Work on a paper order, which is kept for as long."""
    job = make_work(m, component, kind, 0, rank_of(m, order), m[order + r.ORDER_NUMBER])
    m[job + r.JOB_A] = order
    m[job + r.JOB_B] = paper
    m[job + r.JOB_C] = terms
    m[job + r.JOB_D] = team
    return job


@compiled
def _put_to_work(m: Arena, x: Constants, job: int, stage: int, purpose: int, time: int) -> None:
    """Put work on a paper order in its component's queue."""
    order = m[job + r.JOB_A]
    draw = address(m[stage + r.STAGE_NUMBER], 0, 0, 0)
    servers.put_time(m, job, time, key_of_order(m, order, purpose, 0), index_of(m, order), draw)
    work(m, x, job)
