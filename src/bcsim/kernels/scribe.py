"""Rows of the history. Twin: :mod:`bcsim.engine.reference.scribe`, and the watches."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import block
from bcsim.kernels.compiled import Arena, compiled


@compiled
def begin_row(m: Arena, kind: int, vantage: int) -> int:
    """Begin a row with all else null; one of a kind that is not kept is written nowhere."""
    if m[m[r.KEPT_KINDS] + kind]:
        if m[r.ROW_COUNT] == m[r.ROW_ROOM]:
            _grow(m)
        row = m[r.ROWS] + m[r.ROW_COUNT] * r.ROW_SIZE
        m[r.ROW_COUNT] += 1
    else:
        row = m[r.ROW_SCRATCH]
        m[row + r.ROW_KIND] = kind
        m[row + r.ROW_COMPONENT] = r.NULL
        return row
    for word in range(row, row + r.ROW_SIZE):
        m[word] = r.NULL
    m[row + r.ROW_TIME] = m[r.NOW]
    m[row + r.ROW_KIND] = kind
    m[row + r.ROW_VANTAGE] = vantage
    return row


@compiled
def _grow(m: Arena) -> None:
    """Make room for more rows; rare, since rows are taken away before they fill it."""
    room = 2 * m[r.ROW_ROOM]
    wider = block(m, room * r.ROW_SIZE)
    for word in range(m[r.ROW_COUNT] * r.ROW_SIZE):
        m[wider + word] = m[m[r.ROWS] + word]
    m[r.ROWS] = wider
    m[r.ROW_ROOM] = room


@compiled
def begin_order_row(m: Arena, kind: int, vantage: int, order: int) -> int:
    """Begin a row about an order."""
    row = begin_row(m, kind, vantage)
    intent = m[order + r.ORDER_INTENT]
    m[row + r.ROW_INTENT] = m[intent + r.INTENT_NUMBER]
    m[row + r.ROW_GENERATION] = m[order + r.ORDER_GENERATION]
    m[row + r.ROW_KEY] = r.KEY_OF_ORDER
    m[row + r.ROW_CHANNEL] = m[m[order + r.ORDER_CHANNEL] + r.CHANNEL_NAME]
    m[row + r.ROW_PRIORITY] = rank_of(m, order)
    return row


@compiled
def rank_of(m: Arena, order: int) -> int:
    """Rank of an order's priority class."""
    source = m[m[order + r.ORDER_INTENT] + r.INTENT_SOURCE]
    return m[m[source + r.SOURCE_SEGMENT] + r.SEGMENT_RANK]


@compiled
def put_terms(m: Arena, row: int, intent: int, terms: int) -> None:
    """Fill in the columns of an order's terms."""
    product = m[m[intent + r.INTENT_SOURCE] + r.SOURCE_PRODUCT]
    price = m[terms + r.TERMS_PRICE]
    m[row + r.ROW_SUFFIX] = m[terms + r.TERMS_SUFFIX]
    m[row + r.ROW_INSTRUMENT] = m[m[product + r.PRODUCT_WORDS] + m[terms + r.TERMS_INSTRUMENT]]
    m[row + r.ROW_SIDE] = m[terms + r.TERMS_IS_BUY]
    m[row + r.ROW_TYPE] = 0 if price == r.NULL else 1
    m[row + r.ROW_QTY] = m[terms + r.TERMS_QTY]
    m[row + r.ROW_PRICE] = price


@compiled
def put_order_terms(m: Arena, row: int, order: int, terms: int) -> None:
    """Fill in the columns of the terms of an order's row."""
    put_terms(m, row, m[order + r.ORDER_INTENT], terms)


@compiled
def put_fill(m: Arena, row: int, qty: int, price: int, execution: int) -> None:
    """Fill in the columns of a fill, over those of the order's terms."""
    m[row + r.ROW_QTY] = qty
    m[row + r.ROW_PRICE] = price
    m[row + r.ROW_EXECUTION] = execution_code(m, execution)


@compiled
def execution_code(m: Arena, execution: int) -> int:
    """What stands for an execution's name."""
    word = m[m[execution + r.EXECUTION_STATION] + r.STATION_NAME]
    return (word << r.PART_BITS) + m[execution + r.EXECUTION_PART]


@compiled
def end_row(m: Arena, row: int) -> None:
    """A row is complete: count it for the watches."""
    watch = m[m[r.WATCHES] + m[row + r.ROW_KIND]]
    while watch:
        component = m[watch + r.WATCH_COMPONENT]
        if component == r.NULL or component == m[row + r.ROW_COMPONENT]:
            m[watch + r.WATCH_SEEN] += 1
            if m[watch + r.WATCH_SEEN] == m[watch + r.WATCH_ABOVE]:
                cross(m, watch)
        watch = m[watch + r.WATCH_NEXT]


@compiled
def see_backlog(m: Arena, station: int, waiting: int) -> None:
    """Look at a queue that has grown."""
    watch = m[station + r.STATION_WATCHES]
    while watch:
        if waiting > m[watch + r.WATCH_ABOVE]:
            cross(m, watch)
        watch = m[watch + r.WATCH_NEXT]


@compiled
def cross(m: Arena, watch: int) -> None:
    """The first watch that goes off ends the pass."""
    if m[r.CROSSING] == r.NULL:
        m[r.CROSSING] = m[watch + r.WATCH_NUMBER]
        m[r.CROSSING_NS] = m[r.NOW] + 1


@compiled
def detail(
    m: Arena,
    kind: int,
    vantage: int,
    name: int,
    order: int,
    step: int,
    code: int,
    attempt: int,
) -> None:
    """Record an event of the full trace. Twin: ``Scribe.detail``."""
    if not m[r.IS_FULL_TRACE]:
        return
    row = begin_order_row(m, kind, vantage, order)
    m[row + r.ROW_COMPONENT] = name
    m[row + r.ROW_STEP] = step
    m[row + r.ROW_LEG] = code
    m[row + r.ROW_ATTEMPT] = attempt
    end_row(m, row)
