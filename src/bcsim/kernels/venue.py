"""The venue: resting orders, executions, reports. Twin: :mod:`bcsim.engine.reference.venue`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import append, give, pop_node, push_node, serial, take, unlink
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.facts import record_fact
from bcsim.kernels.heap import high, low, schedule_in_lane, withdraw
from bcsim.kernels.holding import reject
from bcsim.kernels.order import execute_step, keep_order
from bcsim.kernels.reports import forget_if_over, lose, make_report, send_kept, send_report
from bcsim.kernels.sampling import address, index_of, key_of_order, sample, uniform
from bcsim.kernels.scribe import begin_order_row, end_row, execution_code, put_order_terms
from bcsim.kernels.station import node_of, works
from bcsim.limits import COMPONENTS_MAX, LEGS_MAX

# -- orders ------------------------------------------------------------------------------------


@compiled
def accept(m: Arena, x: Constants, instance: int, request: int, terms: int) -> bool:
    """Take an order: execute it now or when its price and session allow; False: too late."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    station = m[instance + r.INSTANCE_STATION]
    close_ns = m[_product_of(m, order) + r.PRODUCT_CLOSE]
    is_in_batch = m[stage + r.STAGE_BATCH] >= 0 and is_met(m, order, terms, m[r.NOW])
    if not is_in_batch and m[r.NOW] >= close_ns:
        reject(m, x, instance, order, stage, r.WORD_OUTSIDE_SESSION, r.NULL)
        return False
    record_fact(m, instance, order, terms, m[stage + r.STAGE_NUMBER], 0, 0)
    resting = _make_resting(m, x, m[station + r.STATION_VENUE], request, terms, close_ns)
    if is_in_batch:
        while m[resting + r.RESTING_FILLED] < m[resting + r.RESTING_PARTS] - 1:
            _execute(m, x, resting)
        _execute(m, x, resting)
        return True
    lane = m[_product_of(m, order) + r.PRODUCT_LANE]
    expiry = _schedule(m, lane, resting, close_ns, r.MARK_EXPIRY, r.HAPPENS_EXPIRY)
    m[resting + r.RESTING_EXPIRY] = expiry
    try_now(m, x, resting)
    return True


@compiled
def _product_of(m: Arena, order: int) -> int:
    source = m[m[order + r.ORDER_INTENT] + r.INTENT_SOURCE]
    return m[source + r.SOURCE_PRODUCT]


@compiled
def _make_resting(
    m: Arena, x: Constants, venue: int, request: int, terms: int, close_ns: int
) -> int:
    order = m[request + r.REQUEST_ORDER]
    resting = take(m, r.TYPE_RESTING, r.RESTING_SIZE)
    m[resting + r.RESTING_NUMBER] = m[venue + r.VENUE_ACCEPTED]
    m[venue + r.VENUE_ACCEPTED] += 1
    m[resting + r.RESTING_SERIAL] = serial(m)
    m[resting + r.RESTING_IN_BOOK] = 1
    m[resting + r.RESTING_VENUE] = venue
    m[resting + r.RESTING_ORDER] = order
    m[resting + r.RESTING_TERMS] = terms
    m[resting + r.RESTING_HOLDER] = m[request + r.REQUEST_HOLDER]
    m[resting + r.RESTING_ATTEMPT] = m[request + r.REQUEST_ATTEMPT]
    m[resting + r.RESTING_CLOSE] = close_ns
    m[resting + r.RESTING_ARRIVAL] = -1
    count = _part_count(m, x, order, terms, m[request + r.REQUEST_ATTEMPT])
    m[resting + r.RESTING_PARTS] = count
    m[resting + r.RESTING_SHARE] = m[terms + r.TERMS_QTY] // count
    m[resting + r.RESTING_REST] = m[terms + r.TERMS_QTY] % count
    keep_order(m, order)
    append(m, venue + r.VENUE_BOOK_HEAD, resting, r.RESTING_PREV)
    append(m, order + r.ORDER_RESTING_HEAD, resting, r.RESTING_ORDER_PREV)
    return resting


@compiled
def _part_count(m: Arena, x: Constants, order: int, terms: int, attempt: int) -> int:
    """Number of fills: one, or several when it is split."""
    product = _product_of(m, order)
    key, draw = key_of_order(m, order, r.KEY_FILL, 0), address(0, 0, attempt, 0)
    if uniform(m, key, index_of(m, order), draw) < x[m[product + r.PRODUCT_SPLITS]]:
        return min(m[product + r.PRODUCT_FILLS], m[terms + r.TERMS_QTY])
    return 1


@compiled
def _leave_book(m: Arena, resting: int) -> None:
    venue, order = m[resting + r.RESTING_VENUE], m[resting + r.RESTING_ORDER]
    m[resting + r.RESTING_IN_BOOK] = 0
    if m[resting + r.RESTING_EXPIRY]:
        withdraw(m, m[resting + r.RESTING_EXPIRY])
        m[resting + r.RESTING_EXPIRY] = 0
    unlink(m, venue + r.VENUE_BOOK_HEAD, resting, r.RESTING_PREV)
    unlink(m, order + r.ORDER_RESTING_HEAD, resting, r.RESTING_ORDER_PREV)


@compiled
def _schedule(m: Arena, lane: int, resting: int, time_ns: int, mark: int, happens: int) -> int:
    """Have something happen to a resting order, in the order of arrival at the venue."""
    station = m[m[resting + r.RESTING_VENUE] + r.VENUE_STATION]
    number = m[resting + r.RESTING_NUMBER] * COMPONENTS_MAX + m[station + r.STATION_INDEX]
    turn = m[resting + r.RESTING_TURN]
    hi, lo = high(r.TURN_MARKET, number), low(0, 0, 0, mark)
    version = m[resting + r.RESTING_SERIAL]
    return schedule_in_lane(m, lane, time_ns, hi, lo, happens, resting, turn, version, 0)


# -- executing -----------------------------------------------------------------------------------


@compiled
def try_now(m: Arena, x: Constants, resting: int) -> None:
    """Execute the next part if price and session allow, else wait for when they do."""
    venue = m[resting + r.RESTING_VENUE]
    if not m[resting + r.RESTING_IN_BOOK] or m[venue + r.VENUE_IS_HALTED]:
        return
    if not works(m, m[venue + r.VENUE_STATION]):
        return
    now = m[r.NOW]
    due_ns = _next_chance(m, resting, max(now, m[resting + r.RESTING_NEXT_NS]))
    if due_ns == r.NULL:
        return
    if due_ns > now:
        _try_at(m, resting, due_ns, r.MARK_TOUCH)
        return
    if m[resting + r.RESTING_FILLED] == m[resting + r.RESTING_PARTS] - 1:
        _execute(m, x, resting)
        return
    _execute(m, x, resting)
    m[resting + r.RESTING_NEXT_NS] = now + _gap_ns(m, x, resting)
    _try_at(m, resting, m[resting + r.RESTING_NEXT_NS], r.MARK_FILL)


@compiled
def _try_at(m: Arena, resting: int, time_ns: int, mark: int) -> None:
    m[resting + r.RESTING_TURN] = serial(m)
    _schedule(m, 0, resting, time_ns, mark, r.HAPPENS_TOUCH)


@compiled
def _next_chance(m: Arena, resting: int, from_ns: int) -> int:
    """Earliest time at which the order could execute, in an open session; or null."""
    order, terms = m[resting + r.RESTING_ORDER], m[resting + r.RESTING_TERMS]
    product = _product_of(m, order)
    session = m[product + r.PRODUCT_SESSIONS]
    for number in range(m[product + r.PRODUCT_SESSION_COUNT]):
        open_ns, close_ns = m[session + 2 * number], m[session + 2 * number + 1]
        start_ns = max(from_ns, open_ns)
        if start_ns >= close_ns:
            continue
        if is_met(m, order, terms, start_ns):
            return start_ns
        touch_ns = _first_touch(m, product, terms, start_ns)
        if touch_ns != r.NULL and touch_ns < close_ns:
            return touch_ns
    return r.NULL


@compiled
def _point(m: Arena, product: int, time_ns: int) -> int:
    """Number of the grid point whose price holds at a time."""
    point = (time_ns - m[product + r.PRODUCT_FROM]) // m[product + r.PRODUCT_GRID]
    return min(max(point, 0), m[product + r.PRODUCT_POINTS] - 1)


@compiled
def _path(m: Arena, product: int, instrument: int) -> int:
    return m[product + r.PRODUCT_PRICES] + instrument * m[product + r.PRODUCT_POINTS]


@compiled
def price_at(m: Arena, product: int, instrument: int, time_ns: int) -> int:
    """Price of an instrument at a time."""
    return m[_path(m, product, instrument) + _point(m, product, time_ns)]


@compiled
def is_met(m: Arena, order: int, terms: int, time_ns: int) -> bool:
    """Whether the market's price at a time allows an execution."""
    limit = m[terms + r.TERMS_PRICE]
    if limit == r.NULL:
        return True
    price = price_at(m, _product_of(m, order), m[terms + r.TERMS_INSTRUMENT], time_ns)
    return price <= limit if m[terms + r.TERMS_IS_BUY] else price >= limit


@compiled
def _first_touch(m: Arena, product: int, terms: int, after_ns: int) -> int:
    """First grid time after a time at which a limit order could execute, or null."""
    path = _path(m, product, m[terms + r.TERMS_INSTRUMENT])
    limit, is_buy = m[terms + r.TERMS_PRICE], m[terms + r.TERMS_IS_BUY]
    for point in range(_point(m, product, after_ns) + 1, m[product + r.PRODUCT_POINTS]):
        price = m[path + point]
        if price <= limit if is_buy else price >= limit:
            return m[product + r.PRODUCT_FROM] + point * m[product + r.PRODUCT_GRID]
    return r.NULL


@compiled
def _gap_ns(m: Arena, x: Constants, resting: int) -> int:
    """Time to the next fill."""
    order = m[resting + r.RESTING_ORDER]
    gap = m[_product_of(m, order) + r.PRODUCT_GAP]
    if not gap:
        return 0
    left = m[resting + r.RESTING_PARTS] - m[resting + r.RESTING_FILLED]
    draw = address(1, 0, m[resting + r.RESTING_ATTEMPT], left)
    return sample(m, x, gap, key_of_order(m, order, r.KEY_FILL, 0), index_of(m, order), draw)


@compiled
def _execute(m: Arena, x: Constants, resting: int) -> None:
    """Execute the next part at the market's price, and report it."""
    order, terms = m[resting + r.RESTING_ORDER], m[resting + r.RESTING_TERMS]
    station = m[m[resting + r.RESTING_VENUE] + r.VENUE_STATION]
    qty = _part_qty(m, resting, m[resting + r.RESTING_FILLED])
    m[resting + r.RESTING_FILLED] += 1
    is_final = m[resting + r.RESTING_FILLED] == m[resting + r.RESTING_PARTS]
    price = price_at(m, _product_of(m, order), m[terms + r.TERMS_INSTRUMENT], m[r.NOW])
    execution = _make_execution(m, order, station, qty, price)
    if is_final:
        _leave_book(m, resting)
    row = begin_order_row(m, r.KIND_EXECUTE, m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, terms)
    m[row + r.ROW_QTY] = qty
    m[row + r.ROW_PRICE] = price
    m[row + r.ROW_AMOUNT] = qty * price
    m[row + r.ROW_EXECUTION] = execution_code(m, execution)
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_STEP] = execute_step(m, order)
    m[row + r.ROW_ATTEMPT] = m[resting + r.RESTING_ATTEMPT]
    end_row(m, row)
    part = m[execution + r.EXECUTION_PART]
    report = make_report(m, resting, r.KIND_EXECUTE, part, qty, r.NULL)
    m[report + r.REPORT_PRICE] = price
    m[report + r.REPORT_EXECUTION] = execution
    m[report + r.REPORT_IS_FINAL] = 1 if is_final else 0
    send_report(m, x, resting, report)


@compiled
def _part_qty(m: Arena, resting: int, number: int) -> int:
    """Quantity of a part, numbered from 0."""
    return m[resting + r.RESTING_SHARE] + (1 if number < m[resting + r.RESTING_REST] else 0)


@compiled
def _make_execution(m: Arena, order: int, station: int, qty: int, price: int) -> int:
    execution = take(m, r.TYPE_EXECUTION, r.EXECUTION_SIZE)
    if m[order + r.ORDER_EXECUTION_TAIL]:
        m[m[order + r.ORDER_EXECUTION_TAIL] + r.EXECUTION_NEXT] = execution
    else:
        m[order + r.ORDER_EXECUTION_HEAD] = execution
        if m[r.KEEPS_EXECUTIONS]:
            keep_order(m, order)
            if m[r.EXECUTED_TAIL]:
                m[m[r.EXECUTED_TAIL] + r.ORDER_EXECUTED_NEXT] = order
            else:
                m[r.EXECUTED_HEAD] = order
            m[r.EXECUTED_TAIL] = order
    m[order + r.ORDER_EXECUTION_TAIL] = execution
    m[order + r.ORDER_EXECUTIONS] += 1
    m[execution + r.EXECUTION_STATION] = station
    part = m[order + r.ORDER_EXECUTIONS]
    m[execution + r.EXECUTION_PART] = part
    m[r.BLOCKS_WANTED] = max(m[r.BLOCKS_WANTED], part * m[r.LEGS_OF_A_STEP] // LEGS_MAX + 1)
    m[execution + r.EXECUTION_QTY] = qty
    m[execution + r.EXECUTION_PRICE] = price
    m[execution + r.EXECUTION_TIME] = m[r.NOW]
    return execution


# -- ends ------------------------------------------------------------------------------------------


@compiled
def _end(m: Arena, x: Constants, resting: int, kind: int, reason: int, cause: int) -> None:
    """Record that what is left of an order is over, and report it."""
    if not m[resting + r.RESTING_IN_BOOK]:
        return
    _leave_book(m, resting)
    order = m[resting + r.RESTING_ORDER]
    left = 0
    for number in range(m[resting + r.RESTING_FILLED], m[resting + r.RESTING_PARTS]):
        left += _part_qty(m, resting, number)
    station = m[m[resting + r.RESTING_VENUE] + r.VENUE_STATION]
    row = begin_order_row(m, kind, m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, m[resting + r.RESTING_TERMS])
    m[row + r.ROW_QTY] = left
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_REASON] = reason
    m[row + r.ROW_CAUSE] = cause
    end_row(m, row)
    report = make_report(m, resting, kind, 0, left, reason)
    m[report + r.REPORT_IS_FINAL] = 1
    send_report(m, x, resting, report)


@compiled
def end_when_open(m: Arena, x: Constants, resting: int, kind: int, reason: int, cause: int) -> None:
    """End what rests now, or when the venue works again."""
    venue = m[resting + r.RESTING_VENUE]
    if works(m, m[venue + r.VENUE_STATION]):
        _end(m, x, resting, kind, reason, cause)
    else:
        version = m[resting + r.RESTING_SERIAL]
        push_node(m, venue + r.VENUE_OWED_HEAD, kind, resting, version, reason, cause, 0)


@compiled
def expire(m: Arena, x: Constants, resting: int) -> None:
    """The last session is over; nobody waits for that of an order that rests no more."""
    m[resting + r.RESTING_EXPIRY] = 0
    end_when_open(m, x, resting, r.KIND_EXPIRE, r.WORD_END_OF_SESSION, r.NULL)


@compiled
def cancel_resting(m: Arena, x: Constants, venue: int, order: int, reason: int, cause: int) -> bool:
    """Take what rests of an order off a venue's book; False if nothing rests."""
    is_found = False
    resting = m[order + r.ORDER_RESTING_HEAD]
    while resting:
        following = m[resting + r.RESTING_ORDER_NEXT]
        if m[resting + r.RESTING_VENUE] == venue:
            is_found = True
            _end(m, x, resting, r.KIND_CANCEL, reason, cause)
        resting = following
    return is_found


@compiled
def cancel_all(m: Arena, x: Constants, venue: int, node: int, reason: int, cause: int) -> None:
    """Cancel everything that rests, or what rests for the holder at one node; -1: for all."""
    resting = m[venue + r.VENUE_BOOK_HEAD]
    while resting:
        following = m[resting + r.RESTING_NEXT]
        holder, order = m[resting + r.RESTING_HOLDER], m[resting + r.RESTING_ORDER]
        if node in (-1, node_of(m, holder, order)):
            end_when_open(m, x, resting, r.KIND_CANCEL, reason, cause)
        resting = following


# -- state changes ---------------------------------------------------------------------------------


@compiled
def crash(m: Arena, venue: int) -> None:
    """Lose resting orders and undelivered reports if the store is volatile."""
    if m[m[venue + r.VENUE_STATION] + r.STATION_STORE] == r.STORE_DURABLE:
        return
    while m[venue + r.VENUE_BOOK_HEAD]:
        resting = m[venue + r.VENUE_BOOK_HEAD]
        _leave_book(m, resting)
        forget_if_over(m, resting)
    report = m[venue + r.VENUE_OUTBOX_HEAD]
    m[venue + r.VENUE_OUTBOX_HEAD] = 0
    m[venue + r.VENUE_OUTBOX_TAIL] = 0
    while report:
        following = m[report + r.REPORT_OUT_NEXT]
        lose(m, report)
        report = following


@compiled
def reopen(m: Arena, x: Constants, venue: int) -> None:
    """Trade again after a halt, a hang or a crash: first end what is over."""
    is_open = works(m, m[venue + r.VENUE_STATION])
    while is_open and m[venue + r.VENUE_OWED_HEAD]:
        node = pop_node(m, venue + r.VENUE_OWED_HEAD)
        resting, kind = m[node + r.NODE_A], m[node + r.NODE_KIND]
        version, reason = m[node + r.NODE_B], m[node + r.NODE_C]
        cause = m[node + r.NODE_D]
        give(m, r.TYPE_NODE, node)
        if m[resting + r.RESTING_SERIAL] == version:
            _end(m, x, resting, kind, reason, cause)
    resting = m[venue + r.VENUE_BOOK_HEAD]
    while resting:
        following = m[resting + r.RESTING_NEXT]
        try_now(m, x, resting)
        resting = following
    if is_open:
        send_kept(m, x, venue, 0)
