"""The life of an order in FIX, as events of a history.

What each message means follows FIX 4.4 volume 4 (2003-04), appendix D, "Order State Change
Matrices", and FIX 4.2 (2000-05) for ExecTransType:

- a report is a *trade* if ExecType says so (F; 1 and 2 before FIX 4.3), and also if ExecType is
  New or left out while OrdStatus is (Partially) Filled and something was executed: engines get
  ExecType wrong more often than quantities;
- the first report on an order that neither refuses it nor is pending also acknowledges it;
- a report's own ClOrdID may be that of a later request; the order is the one first entered;
- PossDup is the session's affair: a retransmission is no event. PossResend, or a second order
  with a known ClOrdID, is the sender's: a ``resend``;
- a refusal "duplicate order" (OrdRejReason 6) of a known order refuses the repeat, not the order;
- a report that refuses, with the ClOrdID of a cancel or replace request, refuses that request;
- a reject of the session or the application refuses the message whose number it names: a cancel
  request, say, and not the order;
- an order that is done for the day has ended, unless it goes on another day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.groups import in_order, is_any, is_first, numbered
from bcsim.history.fix.messages import (
    BUSINESS_REJECT,
    CANCEL_REJECT,
    CANCEL_REQUEST,
    DONT_KNOW_TRADE,
    EXECUTION_REPORT,
    ORDER,
    REPLACE_REQUEST,
    SESSION_REJECT,
    YES,
    Messages,
)
from bcsim.history.fix.overnight import goes_on
from bcsim.history.fix.refusals import QUESTION, refused_types
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING: Final = ""
"""Kind of a message that is no event."""

KINDS: Final[tuple[str, ...]] = (NOTHING, *(kind.value for kind in Kind))
"""Kinds by the code that this module gives them."""

_DUPLICATE_ORDER: Final = 6
"""OrdRejReason (103) of an order whose ClOrdID is known."""


def _code(kind: Kind) -> int:
    return KINDS.index(kind.value)


def _of(values: NDArray[np.uint8], characters: str) -> NDArray[np.bool_]:
    return is_any(values, map(ord, characters))


@dataclass(frozen=True, eq=False)
class Life:
    """What each message about an order means, arrays of ``(messages,)``.

    Parameters
    ----------
    kind
        Position in :data:`KINDS`.
    is_trade
        Whether it reports an execution.
    acknowledges
        Whether it also is the first word that the order was accepted.
    qty, price
        Executed, or wished, in units of 10**-8; null where not stated.
    place
        Number of each pair of end and order.
    """

    kind: NDArray[np.int64]
    is_trade: NDArray[np.bool_]
    acknowledges: NDArray[np.bool_]
    qty: NDArray[np.int64]
    price: NDArray[np.int64]
    place: NDArray[np.int64]


def life_of(
    messages: Messages, kind: NDArray[np.int64], end: NDArray[np.int64], order: NDArray[np.int64]
) -> Life:
    """Tell what messages mean.

    Parameters
    ----------
    messages
        Messages about orders, in order of time at each end.
    kind, end, order
        Message type, end of the log and order (ClOrdID code, -1 unknown) of each.
    """
    is_trade = trades(messages, kind)
    place = _places(end, order, messages["order_id"])
    whose = np.where(order == NULL_CODE, order.max(initial=NULL_CODE) + 1 + place, order)
    event = _events(messages, kind, is_trade, place)
    event[goes_on(messages, kind, is_trade, whose)] = 0
    qty, price = _terms(messages, is_trade, place)
    return Life(event, is_trade, _acknowledging(messages, kind, event, place), qty, price, place)


def trades(messages: Messages, kind: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which messages report an execution."""
    exec_type, status = messages["exec_type"], messages["ord_status"]
    something = (messages["last_qty"] > 0) | (messages["cum_qty"] > 0)
    silent = (messages["last_qty"] == NULL) & (messages["cum_qty"] == NULL)
    mistyped = _of(exec_type, "\x000") & _of(status, "12") & (something | silent)
    is_new = _of(messages["trans_type"], "\x000")
    found: NDArray[np.bool_] = (kind == EXECUTION_REPORT) & is_new
    found &= (_of(exec_type, "F12") | mistyped) & ~of_leg(messages)
    return found


def of_leg(messages: Messages) -> NDArray[np.bool_]:
    """Which reports are about one leg of a multileg order (MultiLegReportingType 442: 2).

    They say how the order was executed, which its own reports (3) count once more.
    """
    return _of(messages["multi_leg"], "2")


def without_legs(messages: Messages) -> Messages:
    """The messages without what reports on single legs say of quantities and prices."""
    legs = of_leg(messages)
    if not legs.any():
        return messages
    said = ("last_qty", "last_px", "cum_qty", "leaves_qty", "avg_px", "avg_px_digits")
    nothing = {name: np.where(legs, NULL, messages[name]) for name in said}
    return Messages({**messages.columns, **nothing})


def _places(
    end: NDArray[np.int64], order: NDArray[np.int64], order_id: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Number of each pair of end and order; of unknown orders those of one OrderID are one."""
    if not len(order):
        return order
    pair = end * (int(order.max()) + 2) + order + 1
    number = numbered(pair)
    unknown = np.flatnonzero(order == NULL_CODE)
    if len(unknown):
        whose = np.unique(order_id[unknown], return_inverse=True)[1].reshape(-1)
        named = order_id[unknown] != NULL
        own = np.where(named, whose, len(unknown) + np.arange(len(unknown)))
        number[unknown] = len(order) + number[unknown] * 2 * len(unknown) + own
        number = numbered(number)  # without holes again
    return number


def _first_of(place: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the chosen messages is the first at its place."""
    first = np.zeros(len(place), dtype=np.bool_)
    rows = np.flatnonzero(chosen)
    first[rows] = is_first(place[rows])
    return first


def _events(
    messages: Messages,
    kind: NDArray[np.int64],
    is_trade: NDArray[np.bool_],
    place: NDArray[np.int64],
) -> NDArray[np.int64]:
    is_first = _first_of(place, kind == ORDER)
    is_dup = messages["poss_dup"] == YES
    report = kind == EXECUTION_REPORT
    exec_type, trans = messages["exec_type"], messages["trans_type"]
    status = np.where(exec_type == 0, messages["ord_status"], exec_type)
    is_status = (exec_type == ord("I")) | (trans == ord("3"))
    refused = report & (status == ord("8"))
    duplicate = refused & (messages["reason_code"] == _DUPLICATE_ORDER)
    duplicate &= _entered_again(kind, is_dup, place)
    answers_replace = messages["response_to"] == ord("2")
    refusal = is_any(kind, (BUSINESS_REJECT, SESSION_REJECT))
    of_type = refused_types(messages, kind, refusal, place)
    rules: list[tuple[NDArray[np.bool_], str]] = [
        ((kind == ORDER) & is_first, Kind.SUBMIT),
        ((kind == ORDER) & ~is_dup, Kind.RESEND),
        (kind == CANCEL_REQUEST, Kind.CANCEL_REQUEST),
        (kind == REPLACE_REQUEST, Kind.REPLACE_REQUEST),
        ((kind == CANCEL_REJECT) & answers_replace, Kind.REPLACE_REJECT),
        (kind == CANCEL_REJECT, Kind.CANCEL_REJECT),
        (kind == DONT_KNOW_TRADE, Kind.ORPHAN),
        (refusal & (of_type == CANCEL_REQUEST), Kind.CANCEL_REJECT),
        (refusal & (of_type == REPLACE_REQUEST), Kind.REPLACE_REJECT),
        (refusal & (of_type == QUESTION), NOTHING),
        (refusal, Kind.REJECT),
        (report & is_status, NOTHING),
        (report & ((exec_type == ord("H")) | (trans == ord("1"))), Kind.BUST),
        (report & ((exec_type == ord("G")) | (trans == ord("2"))), Kind.CORRECT),
        (is_trade, Kind.EXECUTE),
        (duplicate, Kind.ORPHAN),
        (_answers(messages, kind, refused, CANCEL_REQUEST), Kind.CANCEL_REJECT),
        (_answers(messages, kind, refused, REPLACE_REQUEST), Kind.REPLACE_REJECT),
        (refused, Kind.REJECT),
        (report & (status == ord("4")), Kind.CANCEL),
        (report & _of(status, "3C"), Kind.EXPIRE),
        (report & _of(status, "5D"), Kind.REPLACE),
        (report & (status == ord("0")), Kind.ACKNOWLEDGE),
    ]
    codes = [0 if name == NOTHING else KINDS.index(str(name)) for _, name in rules]
    found: NDArray[np.int64] = np.select([rule for rule, _ in rules], codes, 0)
    return found


def _answers(
    messages: Messages, kind: NDArray[np.int64], refused: NDArray[np.bool_], request: int
) -> NDArray[np.bool_]:
    """Which refusals have the ClOrdID of a request of some type, and of no order."""
    requests = kind == request
    if not (refused.any() and requests.any()):
        return np.zeros(len(kind), dtype=np.bool_)
    own = messages["cl_ord_id"]
    named = np.setdiff1d(own[requests], own[kind == ORDER])
    found: NDArray[np.bool_] = refused & np.isin(own, named) & (own != NULL_CODE)
    return found


def _entered_again(
    kind: NDArray[np.int64], is_dup: NDArray[np.bool_], place: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the order of each message was entered more than once by its sender."""
    if not len(place):
        return is_dup
    entries = np.bincount(place[(kind == ORDER) & ~is_dup], minlength=int(place.max()) + 1)
    again: NDArray[np.bool_] = entries[place] > 1
    return again


def _acknowledging(
    messages: Messages,
    kind: NDArray[np.int64],
    event: NDArray[np.int64],
    place: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """First report at each end by which the order must have been accepted."""
    accepted = (Kind.EXECUTE, Kind.ACKNOWLEDGE, Kind.CANCEL, Kind.EXPIRE, Kind.REPLACE)
    says = is_any(event, map(_code, accepted)) & (kind == EXECUTION_REPORT)
    says &= ~_of(messages["ord_status"], "8A")
    implied: NDArray[np.bool_] = _first_of(place, says) & (event != _code(Kind.ACKNOWLEDGE))
    return implied


def _terms(
    messages: Messages, is_trade: NDArray[np.bool_], place: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Quantity and price of each message: of the fill for a trade, else of the order.

    A trade that states only CumQty and AvgPx is the difference to what was executed before.
    """
    before = cum_before(messages, is_trade, place)
    cum = messages["cum_qty"]
    step = np.where((cum == NULL) | (cum <= before), NULL, cum - before)
    stated = np.where(messages["last_qty"] > 0, messages["last_qty"], step)
    qty = np.where(is_trade, stated, _size(messages, place, before))
    px = np.where(messages["last_px"] > 0, messages["last_px"], NULL)
    whole = is_trade & (px == NULL) & (before == 0) & (messages["avg_px"] > 0)
    price = np.where(is_trade, np.where(whole, messages["avg_px"], px), messages["price"])
    corrected = (messages["exec_type"] == ord("G")) | (messages["trans_type"] == ord("2"))
    qty = np.where(corrected, np.where(messages["last_qty"] > 0, messages["last_qty"], NULL), qty)
    return qty, np.where(corrected, px, price)


def _size(
    messages: Messages, place: NDArray[np.int64], before: NDArray[np.int64]
) -> NDArray[np.int64]:
    """OrderQty in the units in which executions were reported.

    It is never below what was executed already (FIX 4.4 volume 4, C.3.b and C.3.c), and what a
    restatement adds to CumQty without an execution, such as a split (H.1.b), is taken off.
    """
    qty, cum = messages["qty"], messages["cum_qty"]
    size = np.where((qty != NULL) & (cum != NULL), np.maximum(qty, cum), qty)
    restates = (messages["exec_type"] == ord("D")) & (cum != NULL) & (cum > before)
    if not restates.any():
        return size
    added = np.where(restates, cum - before, 0)
    order = np.argsort(place, kind="stable")
    total = np.cumsum(added[order])
    begins = np.searchsorted(place[order], place[order])
    so_far = np.empty(len(place), dtype=np.int64)
    so_far[order] = total - total[begins] + added[order][begins]
    return np.where(size == NULL, NULL, size - so_far)


def cum_before(
    messages: Messages, is_trade: NDArray[np.bool_], place: NDArray[np.int64]
) -> NDArray[np.int64]:
    """CumQty that each report found at its end: of the report before it, 0 if there is none.

    A trade that repeats an ExecID found what its first report found.
    """
    before = np.zeros(len(place), dtype=np.int64)
    refused = messages["ord_status"] == ord("8")  # a refused repeat says nothing of the order
    rows = np.flatnonzero((messages["cum_qty"] != NULL) & ~refused)
    if not len(rows):
        return before
    once, number = _distinct_reports(messages, is_trade, place, rows)
    order = in_order(place[once])
    cum, where = messages["cum_qty"][once][order], place[once][order]
    found = np.zeros(len(once), dtype=np.int64)
    found[order[1:]] = np.where(where[1:] == where[:-1], cum[:-1], 0)
    before[rows] = found[number]
    return before


def is_first_report(
    messages: Messages, is_trade: NDArray[np.bool_], place: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which messages are no repeat of a trade that was reported at the same end before."""
    first = np.zeros(len(place), dtype=np.bool_)
    rows = np.arange(len(place))
    if len(rows):
        first[_distinct_reports(messages, is_trade, place, rows)[0]] = True
    return first


def _distinct_reports(
    messages: Messages,
    is_trade: NDArray[np.bool_],
    place: NDArray[np.int64],
    rows: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First row of each distinct report among ``rows``, and the number of each row's report.

    Trades of one place with one ExecID are one report; any other message is its own.
    """
    named = np.flatnonzero(is_trade[rows] & (messages["exec_id"][rows] != NULL_CODE))
    first = np.arange(len(rows))
    if len(named):
        width = int(messages["exec_id"].max()) + 1
        key = place[rows[named]] * width + messages["exec_id"][rows[named]]
        distinct, number = np.unique(key, return_inverse=True)
        begins = np.empty(len(distinct), dtype=np.intp)
        begins[number[::-1]] = named[::-1]
        first[named] = begins[number]
    is_first = first == np.arange(len(rows))
    count = np.cumsum(is_first) - 1
    return rows[is_first], count[first]


def text_of_side(code: int) -> str:
    """Side (54) in the words of a history; the code itself where there is no word."""
    return _SIDES.get(chr(code), f"side {chr(code)}")


def text_of_ord_type(code: int) -> str:
    """OrdType (40) in the words of a history."""
    return _ORD_TYPES.get(chr(code), f"type {chr(code)}")


_SIDES: Final = {"1": "buy", "2": "sell", "3": "buy", "4": "sell", "5": "sell short",
                 "6": "sell short"}  # fmt: skip
_ORD_TYPES: Final = {"1": "market", "2": "limit", "3": "stop", "4": "stop limit"}
