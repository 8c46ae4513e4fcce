"""Reconciliation: compare two memories, and have a team repair what differs.

Twin: :mod:`bcsim.engine.reference.reconciliation`.
"""

from __future__ import annotations

from bcsim.kernels import desk, holding, servers
from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.facts import fact_of, record_fact
from bcsim.kernels.held_orders import held_by
from bcsim.kernels.mail import make_message, send
from bcsim.kernels.order import are_equal_terms, execute_step, next_stage, note, noted, stage_at
from bcsim.kernels.sampling import address, index_of, key_of_order
from bcsim.kernels.scribe import begin_order_row, end_row, execution_code, put_order_terms, rank_of
from bcsim.kernels.station import primary, works


@compiled
def reconcile(m: Arena, x: Constants, recon: int) -> None:
    """Compare now; nothing is compared while one side does not work."""
    left, right = m[recon + r.RECON_LEFT], m[recon + r.RECON_RIGHT]
    if not (works(m, left) and works(m, right)):
        return
    oldest_ns = m[r.NOW] - m[recon + r.RECON_GRACE]
    mine, other = primary(m, left), primary(m, right)
    fact = m[mine + r.INSTANCE_FACT_HEAD]
    while fact:
        following = m[fact + r.FACT_NEXT]
        if m[fact + r.FACT_TIME] < oldest_ns:
            known = fact_of(m, other, m[fact + r.FACT_ORDER])
            if not known:
                if not m[fact + r.FACT_IS_CLOSED]:
                    _missing(m, x, recon, mine, fact)
            elif not are_equal_terms(m, m[known + r.FACT_TERMS], m[fact + r.FACT_TERMS]):
                _differing(m, x, recon, known)
        fact = following
    _unbooked_or_excess(m, x, recon, oldest_ns)


@compiled
def _missing(m: Arena, x: Constants, recon: int, instance: int, fact: int) -> None:
    """Left knows an order that right does not."""
    how, order = m[recon + r.RECON_MISSING], m[fact + r.FACT_ORDER]
    if how == r.MEND_BOOK:
        return
    following = next_stage(m, stage_at(m, order, m[fact + r.FACT_LAST]))
    if how == r.MEND_RE_ENTER and not _can_re_enter(m, instance, order, following):
        return
    reason = m[recon + r.RECON_UNKNOWN]
    job = _find(m, recon, order, reason, how, 0)
    if job:
        m[job + r.JOB_C] = m[fact + r.FACT_LAST]
        m[job + r.JOB_D] = m[fact + r.FACT_TERMS]
        desk.work(m, x, job)


@compiled
def _can_re_enter(m: Arena, instance: int, order: int, following: int) -> bool:
    """Whether left could send the order on: it holds it no longer, and steps are left."""
    if not following or m[following + r.STAGE_AFTER_EXECUTION]:
        return False
    return not held_by(m, instance, order, 0)


@compiled
def _differing(m: Arena, x: Constants, recon: int, known: int) -> None:
    """Both know the order, with different terms."""
    order, how = m[known + r.FACT_ORDER], m[recon + r.RECON_DIFFERING]
    job = _find(m, recon, order, r.WORD_TERMS_DIFFER, how, 0)
    if job:
        desk.work(m, x, job)


@compiled
def _unbooked_or_excess(m: Arena, x: Constants, recon: int, oldest_ns: int) -> None:
    """Executions that are not booked, or that go beyond what was ordered."""
    left, right = m[recon + r.RECON_LEFT], m[recon + r.RECON_RIGHT]
    books = m[recon + r.RECON_MISSING] == r.MEND_BOOK and m[left + r.STATION_VENUE]
    order = m[r.EXECUTED_HEAD]
    while order:
        if m[right + r.STATION_VENUE]:
            _excess(m, x, recon, order, oldest_ns)
        execution = m[order + r.ORDER_EXECUTION_HEAD]
        while books and execution:
            is_due = (
                m[execution + r.EXECUTION_STATION] == left
                and m[execution + r.EXECUTION_TIME] < oldest_ns
            )
            if is_due and not m[execution + r.EXECUTION_IS_BOOKED]:
                reason = r.CODE_NOT_BOOKED + execution_code(m, execution)
                _repair_execution(m, x, recon, order, reason, r.MEND_BOOK, execution)
            execution = m[execution + r.EXECUTION_NEXT]
        order = m[order + r.ORDER_EXECUTED_NEXT]


@compiled
def _excess(m: Arena, x: Constants, recon: int, order: int, oldest_ns: int) -> None:
    """Executed beyond the order: the newest executions are undone."""
    right, how = m[recon + r.RECON_RIGHT], m[recon + r.RECON_EXCESS]
    excess = -m[m[order + r.ORDER_INTENT] + r.INTENT_QTY]
    execution = m[order + r.ORDER_EXECUTION_HEAD]
    while execution:
        if _stands(m, execution, right, oldest_ns):
            excess += m[execution + r.EXECUTION_QTY]
        execution = m[execution + r.EXECUTION_NEXT]
    for part in range(m[order + r.ORDER_EXECUTIONS], 0, -1):
        execution = m[order + r.ORDER_EXECUTION_HEAD]
        while m[execution + r.EXECUTION_PART] != part:
            execution = m[execution + r.EXECUTION_NEXT]
        qty = m[execution + r.EXECUTION_QTY]
        if 0 < qty <= excess and _stands(m, execution, right, oldest_ns):
            excess -= qty
            reason = r.CODE_EXCESS + execution_code(m, execution)
            _repair_execution(m, x, recon, order, reason, how, execution)


@compiled
def _stands(m: Arena, execution: int, venue: int, oldest_ns: int) -> bool:
    """Whether an execution of a venue is old enough to be looked at and not undone."""
    return bool(
        m[execution + r.EXECUTION_STATION] == venue
        and not m[execution + r.EXECUTION_IS_BUSTED]
        and m[execution + r.EXECUTION_TIME] < oldest_ns
    )


@compiled
def _repair_execution(
    m: Arena, x: Constants, recon: int, order: int, reason: int, how: int, execution: int
) -> None:
    job = _find(m, recon, order, reason, how, execution)
    if job:
        desk.work(m, x, job)


@compiled
def _find(m: Arena, recon: int, order: int, reason: int, how: int, execution: int) -> int:
    """Record a mismatch once; the work to repair it, unless it is only reported. Twin: _repair.

    The work carries the reconciliation, the way and the execution.
    """
    subject = execution or -1 - how
    if noted(m, order, r.NOTED_MISMATCH, recon, subject):
        return 0
    note(m, order, r.NOTED_MISMATCH, recon, subject, 0)
    team, right = m[recon + r.RECON_TEAM], m[recon + r.RECON_RIGHT]
    row = begin_order_row(m, r.KIND_RECONCILE, r.WORD_RECONCILIATION, order)
    m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
    m[row + r.ROW_COMPONENT] = m[right + r.STATION_NAME]
    m[row + r.ROW_SUBJECT] = m[recon + r.RECON_NAME]
    m[row + r.ROW_REASON] = reason
    end_row(m, row)
    if how == r.MEND_REPORT:
        return 0
    number = m[order + r.ORDER_NUMBER]
    job = desk.make_work(m, team, r.JOB_MEND, order, rank_of(m, order), number)
    part = m[execution + r.EXECUTION_PART] if execution else 0
    key, draw = key_of_order(m, order, r.KEY_REPAIR, 0), address(how, 0, part, 0)
    servers.put_time(m, job, m[recon + r.RECON_WORK], key, index_of(m, order), draw)
    m[job + r.JOB_A] = recon
    m[job + r.JOB_B] = how
    if execution:
        m[job + r.JOB_C] = execution
    return job


# -- mending -------------------------------------------------------------------------------------


@compiled
def mend(m: Arena, x: Constants, job: int) -> None:
    """The team has mended a mismatch."""
    recon, how, order = m[job + r.JOB_A], m[job + r.JOB_B], m[job + r.JOB_ORDER]
    team, right = m[recon + r.RECON_TEAM], m[recon + r.RECON_RIGHT]
    row = begin_order_row(m, r.KIND_REPAIR, m[team + r.STATION_VANTAGE], order)
    m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
    m[row + r.ROW_SUBJECT] = r.WORD_RE_ENTER + how
    m[row + r.ROW_COMPONENT] = m[right + r.STATION_NAME]
    m[row + r.ROW_REF] = m[recon + r.RECON_NAME]
    end_row(m, row)
    if how == r.MEND_RE_ENTER:
        _re_enter(m, x, recon, order, m[job + r.JOB_C], m[job + r.JOB_D])
    elif how == r.MEND_CORRECT:
        _correct(m, x, recon, order)
    elif how == r.MEND_BOOK:
        _book(m, x, recon, order, m[job + r.JOB_C])
    else:
        _bust(m, x, recon, order, m[job + r.JOB_C])


@compiled
def _re_enter(m: Arena, x: Constants, recon: int, order: int, last_step: int, terms: int) -> None:
    """Have the left component send the order on, with the same key."""
    instance = primary(m, m[recon + r.RECON_LEFT])
    following = next_stage(m, stage_at(m, order, last_step))
    if not _can_re_enter(m, instance, order, following):
        return
    qty = m[terms + r.TERMS_QTY]
    holding.hold(m, x, instance, order, 0, following, terms, qty, r.NULL, 0, 0, 0, 1)


@compiled
def _correct(m: Arena, x: Constants, recon: int, order: int) -> None:
    """Correct each execution of the order to the terms that the left side knows."""
    right, team = m[recon + r.RECON_RIGHT], m[recon + r.RECON_TEAM]
    fact = fact_of(m, primary(m, m[recon + r.RECON_LEFT]), order)
    if not fact:
        return
    terms = m[fact + r.FACT_TERMS]
    execution = m[order + r.ORDER_EXECUTION_HEAD]
    while execution:
        if not m[right + r.STATION_VENUE] or m[execution + r.EXECUTION_STATION] == right:
            row = begin_order_row(m, r.KIND_CORRECT, m[right + r.STATION_VANTAGE], order)
            put_order_terms(m, row, order, terms)
            m[row + r.ROW_COMPONENT] = m[right + r.STATION_NAME]
            m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
            m[row + r.ROW_EXECUTION] = execution_code(m, execution)
            m[row + r.ROW_REF] = r.CODE_EXECUTION + execution_code(m, execution)
            m[row + r.ROW_QTY] = m[execution + r.EXECUTION_QTY]
            m[row + r.ROW_PRICE] = m[execution + r.EXECUTION_PRICE]
            end_row(m, row)
            _tell(m, x, order, r.KIND_CORRECT, right, r.DIRECTION_CORRECTION, execution, terms)
        execution = m[execution + r.EXECUTION_NEXT]
    record_fact(m, primary(m, right), order, terms, 0, 0, 0)


@compiled
def _bust(m: Arena, x: Constants, recon: int, order: int, execution: int) -> None:
    """Undo an execution at the venue, unless that is done already, and tell the client."""
    if m[execution + r.EXECUTION_IS_BUSTED]:
        return
    right, team = m[recon + r.RECON_RIGHT], m[recon + r.RECON_TEAM]
    m[execution + r.EXECUTION_IS_BUSTED] = 1
    row = begin_order_row(m, r.KIND_BUST, m[right + r.STATION_VANTAGE], order)
    m[row + r.ROW_COMPONENT] = m[right + r.STATION_NAME]
    m[row + r.ROW_ACTOR] = m[team + r.STATION_NAME]
    m[row + r.ROW_EXECUTION] = execution_code(m, execution)
    m[row + r.ROW_REF] = r.CODE_EXECUTION + execution_code(m, execution)
    m[row + r.ROW_QTY] = m[execution + r.EXECUTION_QTY]
    end_row(m, row)
    _tell(m, x, order, r.KIND_BUST, right, r.DIRECTION_BUST, execution, 0)


@compiled
def _tell(
    m: Arena,
    x: Constants,
    order: int,
    kind: int,
    sender: int,
    direction: int,
    execution: int,
    terms: int,
) -> None:
    """Tell the client what the repair has changed."""
    message = make_message(m, order, kind, sender, direction, 0, 0)
    m[message + r.MESSAGE_TERMS] = terms
    m[message + r.MESSAGE_QTY] = m[execution + r.EXECUTION_QTY]
    if terms:
        m[message + r.MESSAGE_PRICE] = m[execution + r.EXECUTION_PRICE]
    m[message + r.MESSAGE_EXECUTION] = execution_code(m, execution)
    m[message + r.MESSAGE_REF] = r.CODE_EXECUTION + execution_code(m, execution)
    send(m, x, message)


@compiled
def _book(m: Arena, x: Constants, recon: int, order: int, execution: int) -> None:
    """Have the fill booked, and everything after it done."""
    right = m[recon + r.RECON_RIGHT]
    following = next_stage(m, stage_at(m, order, execute_step(m, order)))
    while following and m[following + r.STAGE_STATION] != right:
        following = next_stage(m, following)
    if not following or m[execution + r.EXECUTION_IS_BOOKED]:
        return
    fact = fact_of(m, primary(m, m[recon + r.RECON_LEFT]), order)
    terms = m[fact + r.FACT_TERMS] if fact else m[order + r.ORDER_INTENT]
    holding.hold(
        m,
        x,
        primary(m, right),
        order,
        m[execution + r.EXECUTION_PART],
        following,
        terms,
        m[execution + r.EXECUTION_QTY],
        m[execution + r.EXECUTION_PRICE],
        execution,
        0,
        0,
        1,
    )
