"""Desks: people's work beside the journeys. Twin: :mod:`bcsim.engine.reference.desk`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels import servers
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.heap import high, low
from bcsim.kernels.mail import make_message, send
from bcsim.kernels.order import keep_order, note
from bcsim.kernels.request import keep_request, step_of
from bcsim.kernels.sampling import address, index_of, key_of_order
from bcsim.kernels.scribe import begin_order_row, end_row, put_order_terms, rank_of
from bcsim.kernels.station import primary


@compiled
def work(m: Arena, x: Constants, job: int) -> None:
    """Put work in a team's queue."""
    instance = m[job + r.JOB_INSTANCE]
    servers.enqueue(m, instance, job)
    servers.start_waiting(m, x, instance)


@compiled
def make_work(m: Arena, team: int, kind: int, order: int, rank: int, number: int) -> int:
    """Work for a team; ``order`` is the one whose fate it decides, or 0."""
    hi, lo = high(r.TURN_COMPLETION, number), low(0, 0, 0, r.MARK_OTHER)
    return servers.make_job(m, primary(m, team), kind, order, rank, hi, lo)


# -- enquiries ---------------------------------------------------------------------------------


@compiled
def enquire(m: Arena, x: Constants, order: int, turn: int) -> None:
    """A client asks what became of an order; the desk tells what the firm knows."""
    channel = m[order + r.ORDER_CHANNEL]
    desk, time = m[channel + r.CHANNEL_DESK], m[channel + r.CHANNEL_ENQUIRY]
    row = begin_order_row(m, r.KIND_ENQUIRE, r.WORD_CLIENT, order)
    if desk:
        m[row + r.ROW_COMPONENT] = m[desk + r.STATION_NAME]
    end_row(m, row)
    if not desk or not time:
        return
    job = make_work(m, desk, r.JOB_STATUS, 0, rank_of(m, order), m[order + r.ORDER_NUMBER])
    key = key_of_order(m, order, r.KEY_ENQUIRY, 0)
    servers.put_time(m, job, time, key, index_of(m, order), address(0, 0, turn, 0))
    m[job + r.JOB_A] = order
    m[job + r.JOB_B] = turn
    keep_order(m, order)
    work(m, x, job)


@compiled
def tell_status(m: Arena, x: Constants, job: int) -> None:
    """The desk has looked, and tells."""
    order, desk = m[job + r.JOB_A], m[m[job + r.JOB_INSTANCE] + r.INSTANCE_STATION]
    message = make_message(m, order, r.KIND_NOTIFY, desk, r.DIRECTION_STATUS, 0, m[job + r.JOB_B])
    m[message + r.MESSAGE_SUBJECT] = r.WORD_STATUS
    m[message + r.MESSAGE_ACTOR] = m[desk + r.STATION_NAME]
    m[message + r.MESSAGE_REASON] = r.WORD_TRUE
    send(m, x, message)


@compiled
def other_enquiry(m: Arena, x: Constants, channel: int, number: int, key: int, index: int) -> None:
    """An enquiry that is not about a late answer: it only takes the desk's time."""
    desk = m[channel + r.CHANNEL_DESK]
    job = make_work(m, desk, r.JOB_ENQUIRY, 0, m[r.RANK_COUNT] - 1, number)
    servers.put_time(m, job, m[channel + r.CHANNEL_ENQUIRY], key, index, 0)
    work(m, x, job)


# -- repairs ---------------------------------------------------------------------------------------


@compiled
def repair_order(m: Arena, x: Constants, team: int, request: int, terms: int) -> None:
    """A control has stopped an order: a team restores its terms, then it goes on."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    row = begin_order_row(m, r.KIND_RECONCILE, m[team + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, terms)
    m[row + r.ROW_COMPONENT] = m[m[stage + r.STAGE_STATION] + r.STATION_NAME]
    m[row + r.ROW_SUBJECT] = m[m[stage + r.STAGE_CONTROL] + r.CONTROL_NAME]
    m[row + r.ROW_REASON] = r.WORD_DIFFERS_FROM_WISH
    end_row(m, row)
    job = make_work(m, team, r.JOB_REPAIR, order, rank_of(m, order), m[order + r.ORDER_NUMBER])
    key = key_of_order(m, order, r.KEY_REPAIR, 0)
    servers.put_time(m, job, m[r.REPAIR_TIME], key, index_of(m, order), 0)
    m[job + r.JOB_A] = request
    m[job + r.JOB_B] = team
    keep_request(m, request)
    work(m, x, job)


@compiled
def note_repair(m: Arena, job: int) -> None:
    """Record that an order has been mended."""
    request, team = m[job + r.JOB_A], m[job + r.JOB_B]
    order, part = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_PART]
    note(m, order, r.NOTED_REPAIR, part, step_of(m, request), 0)
    row = begin_order_row(m, r.KIND_REPAIR, m[team + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, m[order + r.ORDER_INTENT])
    m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
    m[row + r.ROW_SUBJECT] = r.WORD_CORRECT
    station = m[m[request + r.REQUEST_STAGE] + r.STAGE_STATION]
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    end_row(m, row)
