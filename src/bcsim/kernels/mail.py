"""What the firm tells clients. Twin: ``Clients.tell`` and what follows it."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import give, take
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.link import CARRIED, CUT, MAY_BE_LOST, carry
from bcsim.kernels.order import drop_order, end_patience, keep_order
from bcsim.kernels.pursuit import cease
from bcsim.kernels.scribe import begin_order_row, end_row, put_order_terms

ORDERS_FILLS = 16
"""Parts beyond this share the places of the first ones on their way."""


@compiled
def make_message(
    m: Arena, order: int, kind: int, sender: int, direction: int, part: int, attempt: int
) -> int:
    """Something to tell an order's client; ``sender`` is a component, or 0 for the channel."""
    message = take(m, r.TYPE_MESSAGE, r.MESSAGE_SIZE)
    m[message + r.MESSAGE_ORDER] = order
    m[message + r.MESSAGE_KIND] = kind
    m[message + r.MESSAGE_SENDER] = sender
    m[message + r.MESSAGE_DIRECTION] = direction
    m[message + r.MESSAGE_PART] = part % ORDERS_FILLS
    m[message + r.MESSAGE_ATTEMPT] = attempt
    for word in range(message + r.MESSAGE_QTY, message + r.MESSAGE_SIZE):
        m[word] = r.NULL
    keep_order(m, order)
    return message


@compiled
def send(m: Arena, x: Constants, message: int) -> None:
    """Send it over the channel's link; it is kept while the link is cut."""
    order, sender = m[message + r.MESSAGE_ORDER], m[message + r.MESSAGE_SENDER]
    if not sender:
        arrive(m, message)
        return
    how = carry(
        m,
        x,
        m[sender + r.STATION_NODE],
        m[m[order + r.ORDER_CHANNEL] + r.CHANNEL_NODE],
        order,
        0,
        m[message + r.MESSAGE_PART],
        m[message + r.MESSAGE_ATTEMPT],
        m[message + r.MESSAGE_DIRECTION],
        r.MARK_MESSAGE,
        MAY_BE_LOST,
        r.HAPPENS_MESSAGE,
        message,
        0,
        0,
        0,
    )
    if how == CUT:
        _keep(m, message)
    elif how != CARRIED:
        _throw_away(m, message)


@compiled
def _keep(m: Arena, message: int) -> None:
    """Put it at the end of what waits for a link."""
    m[message + r.MESSAGE_NEXT] = 0
    if m[r.MAIL_TAIL]:
        m[m[r.MAIL_TAIL] + r.MESSAGE_NEXT] = message
    else:
        m[r.MAIL_HEAD] = message
    m[r.MAIL_TAIL] = message


@compiled
def _throw_away(m: Arena, message: int) -> None:
    order = m[message + r.MESSAGE_ORDER]
    give(m, r.TYPE_MESSAGE, message)
    drop_order(m, order)


@compiled
def send_kept(m: Arena, x: Constants) -> None:
    """Deliver what waited for a cut channel link. Twin: ``Clients.reconnect``."""
    message = m[r.MAIL_HEAD]
    m[r.MAIL_HEAD] = 0
    m[r.MAIL_TAIL] = 0
    while message:
        following = m[message + r.MESSAGE_NEXT]
        send(m, x, message)
        message = following


@compiled
def arrive(m: Arena, message: int) -> None:
    """The client reads the message."""
    order, kind = m[message + r.MESSAGE_ORDER], m[message + r.MESSAGE_KIND]
    intent = m[order + r.ORDER_INTENT]
    terms = m[message + r.MESSAGE_TERMS]
    qty = m[message + r.MESSAGE_QTY]
    if kind in (r.KIND_REJECT, r.KIND_CANCEL, r.KIND_EXPIRE):
        m[intent + r.INTENT_ENDED] = 1
        terms = 0
        cease(m, order)
    elif kind == r.KIND_ACKNOWLEDGE:
        m[intent + r.INTENT_ACKNOWLEDGED] = 1
    elif kind == r.KIND_CONFIRM:
        m[intent + r.INTENT_TOLD] += m[intent + r.INTENT_QTY] if qty == r.NULL else qty
        if m[intent + r.INTENT_TOLD] >= m[intent + r.INTENT_QTY]:
            m[intent + r.INTENT_ENDED] = 1
    row = begin_order_row(m, kind, r.WORD_CLIENT, order)
    if terms:
        put_order_terms(m, row, order, terms)
    if qty != r.NULL:
        m[row + r.ROW_QTY] = qty
    if m[message + r.MESSAGE_PRICE] != r.NULL:
        m[row + r.ROW_PRICE] = m[message + r.MESSAGE_PRICE]
    m[row + r.ROW_EXECUTION] = m[message + r.MESSAGE_EXECUTION]
    m[row + r.ROW_REF] = m[message + r.MESSAGE_REF]
    m[row + r.ROW_REASON] = m[message + r.MESSAGE_REASON]
    m[row + r.ROW_CAUSE] = m[message + r.MESSAGE_CAUSE]
    m[row + r.ROW_SUBJECT] = m[message + r.MESSAGE_SUBJECT]
    m[row + r.ROW_ACTOR] = m[message + r.MESSAGE_ACTOR]
    end_row(m, row)
    if m[intent + r.INTENT_ACKNOWLEDGED] or m[intent + r.INTENT_ENDED]:
        end_patience(m, intent)
    _throw_away(m, message)


@compiled
def hear_end(m: Arena, order: int, kind: int, qty: int, reason: int, cause: int) -> None:
    """The client is told that the order was rejected, cancelled or has expired."""
    m[m[order + r.ORDER_INTENT] + r.INTENT_ENDED] = 1
    cease(m, order)
    row = begin_order_row(m, kind, r.WORD_CLIENT, order)
    m[row + r.ROW_QTY] = qty
    m[row + r.ROW_REASON] = reason
    m[row + r.ROW_CAUSE] = cause
    end_row(m, row)
    end_patience(m, m[order + r.ORDER_INTENT])


@compiled
def tell_end(
    m: Arena,
    x: Constants,
    order: int,
    kind: int,
    sender: int,
    direction: int,
    attempt: int,
    qty: int,
    reason: int,
    cause: int,
) -> None:
    """Tell a client of an end of an order, or of a refusal to cancel it."""
    message = make_message(m, order, kind, sender, direction, 0, attempt)
    m[message + r.MESSAGE_QTY] = qty
    m[message + r.MESSAGE_REASON] = reason
    m[message + r.MESSAGE_CAUSE] = cause
    send(m, x, message)
