"""One instance of a component: what it does with requests, a crash, a recovery.

Twin: :mod:`bcsim.engine.reference.instance`.
"""

from __future__ import annotations

from bcsim.kernels import batch, custody, dedup, effect, facts, holding, memory, servers
from bcsim.kernels import record as r
from bcsim.kernels.answer import send_answer
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.heap import high, low
from bcsim.kernels.order import next_stage
from bcsim.kernels.pursuit import pursuit_of
from bcsim.kernels.request import code_of, keep_request, step_of
from bcsim.kernels.sampling import index_of, key_of_order
from bcsim.kernels.scribe import detail, rank_of

# -- requests ----------------------------------------------------------------------------------


@compiled
def receive(m: Arena, x: Constants, instance: int, request: int) -> None:
    """Take a request: answer it from memory, join work under way, or queue new work."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    station, step = m[instance + r.INSTANCE_STATION], m[stage + r.STAGE_NUMBER]
    _detail(m, r.KIND_RECEIVE, station, request)
    missing, new = 0, 0
    for leg in range(m[stage + r.STAGE_LEG_COUNT]):
        code = code_of(m, request, leg)
        done = dedup.remembered(m, instance, order, step, code)
        if not done:
            missing += 1
            if not _pending(m, instance, order, step, code):
                new += 1
        elif m[done + r.DONE_REPLY] != r.REPLY_DONE:
            reason = m[done + r.DONE_REASON]
            send_answer(m, x, station, request, m[done + r.DONE_REPLY], reason, r.NULL)
            return
    if not missing:
        send_answer(m, x, station, request, r.REPLY_DONE, r.NULL, r.NULL)
        return
    limit = m[station + r.STATION_QUEUE_LIMIT]
    if limit >= 0 and new:
        waiting = m[instance + r.INSTANCE_WAITING] + new
        if waiting > limit + servers.idle(m, instance):
            send_answer(m, x, station, request, r.REPLY_REFUSED, r.WORD_QUEUE_FULL, r.NULL)
            return
    _accept_missing(m, instance, request)
    servers.start_waiting(m, x, instance)


@compiled
def _accept_missing(m: Arena, instance: int, request: int) -> None:
    """Queue or join the effects of a request that are not yet achieved."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    step = m[stage + r.STAGE_NUMBER]
    ticket = servers.make_ticket(m, request)
    for leg in range(m[stage + r.STAGE_LEG_COUNT]):
        code = code_of(m, request, leg)
        if dedup.remembered(m, instance, order, step, code):
            continue
        m[ticket + r.TICKET_WAITS_FOR] |= 1 << leg
        job = _pending(m, instance, order, step, code)
        if not job:
            m[ticket + r.TICKET_IS_FIRST] = 1
            job = _accept(m, instance, request, leg, code)
        servers.give_ticket(m, job, ticket)


@compiled
def _pending(m: Arena, instance: int, order: int, step: int, code: int) -> int:
    """Work under way or waiting for a key, if the component knows keys; or 0."""
    if m[m[instance + r.INSTANCE_STATION] + r.STATION_HORIZON] < 0:
        return 0
    job = m[order + r.ORDER_JOB_HEAD]
    while job:
        if (
            m[job + r.JOB_IS_PENDING]
            and m[job + r.JOB_INSTANCE] == instance
            and m[job + r.JOB_CODE] == code
            and m[m[job + r.JOB_STAGE] + r.STAGE_NUMBER] == step
        ):
            return job
        job = m[job + r.JOB_ORDER_NEXT]
    return 0


@compiled
def _accept(m: Arena, instance: int, request: int, leg: int, code: int) -> int:
    """Queue one effect of a step, or keep it for the step's batch."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    attempt = m[request + r.REQUEST_ATTEMPT]
    hi = high(r.TURN_COMPLETION, m[order + r.ORDER_NUMBER])
    lo = low(m[stage + r.STAGE_NUMBER], code, attempt, r.MARK_SERVICE)
    job = servers.make_job(m, instance, r.JOB_STEP, order, rank_of(m, order), hi, lo)
    m[job + r.JOB_STAGE] = stage
    m[job + r.JOB_CODE] = code
    m[job + r.JOB_LEG] = leg
    m[job + r.JOB_REQUEST] = request
    m[job + r.JOB_IS_PENDING] = 1
    keep_request(m, request)
    time = m[stage + r.STAGE_TIME]
    is_fallback = m[request + r.REQUEST_IS_FALLBACK]
    if is_fallback:
        time = m[m[stage + r.STAGE_FALLBACK] + r.FALLBACK_TIME]
    elif m[stage + r.STAGE_HAS_LEGS]:
        time = m[m[stage + r.STAGE_LEGS] + leg * r.LEG_SIZE + r.LEG_TIME]
    key = key_of_order(m, order, r.KEY_SERVICE, code)
    servers.put_time(m, job, time, key, index_of(m, order), effect.draw_of(m, request, leg))
    if m[stage + r.STAGE_BATCH] >= 0 and not is_fallback:
        batch.keep_for_batch(m, instance, job)
    else:
        servers.enqueue(m, instance, job)
    return job


@compiled
def _detail(m: Arena, kind: int, station: int, request: int) -> None:
    detail(
        m,
        kind,
        m[station + r.STATION_VANTAGE],
        m[station + r.STATION_NAME],
        m[request + r.REQUEST_ORDER],
        step_of(m, request),
        code_of(m, request, 0),
        m[request + r.REQUEST_ATTEMPT],
    )


# -- effects and answers ------------------------------------------------------------------------


@compiled
def finish_step(m: Arena, x: Constants, job: int) -> None:
    """One effect of a step has been achieved, or was refused."""
    instance, request = m[job + r.JOB_INSTANCE], m[job + r.JOB_REQUEST]
    order, station = m[job + r.JOB_ORDER], m[instance + r.INSTANCE_STATION]
    m[job + r.JOB_IS_PENDING] = 0
    _detail(m, r.KIND_FINISH, station, request)
    reply, terms, reason = effect.perform(m, x, instance, request, m[job + r.JOB_LEG])
    if reply != r.REPLY_REFUSED:
        step, code = step_of(m, request), m[job + r.JOB_CODE]
        dedup.remember(m, instance, order, step, code, reply, reason)
    node = m[job + r.JOB_TICKET_HEAD]
    while node:
        ticket = m[node + r.NODE_A]
        if reply == r.REPLY_REFUSED:
            asked = m[ticket + r.TICKET_REQUEST]
            send_answer(m, x, station, asked, r.REPLY_REFUSED, reason, r.NULL)
        else:
            _stamp(m, x, job, ticket, reply, terms, reason)
        node = m[node + r.NODE_NEXT]


@compiled
def _stamp(
    m: Arena, x: Constants, job: int, ticket: int, reply: int, terms: int, reason: int
) -> None:
    """An effect that a request waits for has come about; answer if it was the last one."""
    instance, request = m[job + r.JOB_INSTANCE], m[job + r.JOB_REQUEST]
    asked = m[ticket + r.TICKET_REQUEST]
    m[ticket + r.TICKET_WAITS_FOR] &= ~(1 << m[job + r.JOB_LEG])
    if reply == r.REPLY_DONE:
        if m[ticket + r.TICKET_WAITS_FOR]:
            return
        if m[ticket + r.TICKET_IS_FIRST]:
            effect.tell_done(m, x, instance, request, terms)
            order, part = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_PART]
            facts.record_fact(m, instance, order, terms, step_of(m, request), part, 0)
            _take_over(m, x, instance, asked, terms)
    station = m[instance + r.INSTANCE_STATION]
    send_answer(m, x, station, asked, reply, reason, r.NULL)


@compiled
def _take_over(m: Arena, x: Constants, instance: int, request: int, terms: int) -> None:
    """After a hand-over step: hold the order and see the next step done."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    part = m[request + r.REQUEST_PART]
    if m[stage + r.STAGE_IS_CALL] or m[stage + r.STAGE_ROLE] == r.ROLE_EXECUTE:
        return
    mine = pursuit_of(m, instance, order, part)
    if mine and mine == m[request + r.REQUEST_PURSUIT]:
        m[mine + r.PURSUIT_SETTLED] = 1
        holding.release(m, x, instance, order, part)
    following = next_stage(m, stage)
    if following:
        holding.hold(
            m,
            x,
            instance,
            order,
            part,
            following,
            terms,
            m[request + r.REQUEST_QTY],
            m[request + r.REQUEST_PRICE],
            m[request + r.REQUEST_EXECUTION],
            0,
            1 if m[stage + r.STAGE_BATCH] < 0 else 0,
            0,
        )


# -- trouble --------------------------------------------------------------------------------------


@compiled
def crash(m: Arena, x: Constants, instance: int) -> None:
    """Lose what is volatile; durable work waits for recovery."""
    station = m[instance + r.INSTANCE_STATION]
    forgets = 1 if m[station + r.STATION_STORE] != r.STORE_DURABLE else 0
    is_durable = m[station + r.STATION_IS_DURABLE]
    servers.crash(m, instance, is_durable)
    batch.crash(m, instance)
    if not is_durable:
        batch.forget(m, instance)
    custody.drop_all(m, x, instance, forgets)
    if forgets:
        memory.clear(m, instance)


@compiled
def resume(m: Arena, x: Constants, instance: int) -> None:
    """Recover: resend every order that is held, go on with work that waits."""
    m[instance + r.INSTANCE_IS_TO_RESUME] = 0
    custody.resend_all(m, x, instance)
    batch.rerun(m, x, instance)
    servers.start_waiting(m, x, instance)


@compiled
def put_to_rest(m: Arena, x: Constants, instance: int) -> None:
    """No longer primary: do nothing more."""
    m[instance + r.INSTANCE_IS_TO_RESUME] = 0
    servers.crash(m, instance, 0)
    other = m[instance + r.INSTANCE_STATION] + r.STATION_FIRST + 1 - m[instance + r.INSTANCE_NUMBER]
    servers.hand_over(m, instance, m[other])
    custody.drop_all(m, x, instance, 1)
    batch.crash(m, instance)
    batch.forget(m, instance)
