"""Messages about orders as rows of a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.fix.arithmetic import NO_CONTRADICTIONS
from bcsim.history.fix.groups import is_any
from bcsim.history.fix.lifecycle import KINDS, text_of_ord_type, text_of_side
from bcsim.history.fix.messages import Messages
from bcsim.history.fix.values import DECIMALS
from bcsim.history.invariant import Invariant
from bcsim.history.profile import DISCONNECT, HALT
from bcsim.history.schema import NULL, NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.arithmetic import Contradictions
    from bcsim.history.fix.lifecycle import Life

CAUSES: Final = (DISCONNECT, HALT)
"""Why an order may be cancelled that nobody asked to cancel."""

_EXECUTE: Final = KINDS.index(Kind.EXECUTE)
_CONFIRM: Final = KINDS.index(Kind.CONFIRM)
_TERMS_OF_FIRM: Final = tuple(KINDS.index(kind) for kind in (Kind.BUST, Kind.CORRECT, Kind.REPLACE))
"""Kinds that change what was executed, or what was ordered, if the firm or its venue says so."""

_CONTRADICT: Final = KINDS.index(Kind.CONTRADICT)
_INVARIANTS: Final = tuple(invariant.value for invariant in Invariant)
_WITH_TERMS: Final = tuple(
    KINDS.index(kind)
    for kind in (
        Kind.SUBMIT,
        Kind.RESEND,
        Kind.ROUTE,
        Kind.ACKNOWLEDGE,
        Kind.EXECUTE,
        Kind.CONFIRM,
        Kind.CORRECT,
        Kind.REPLACE,
        Kind.REPLACE_REQUEST,
    )
)
_WITH_REASON: Final = tuple(
    KINDS.index(kind)
    for kind in (Kind.REJECT, Kind.CANCEL, Kind.EXPIRE, Kind.ORPHAN, Kind.CANCEL_REJECT,
                 Kind.REPLACE_REJECT, Kind.REPLACE, Kind.BUST)
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Seen:
    """Messages about orders with what they mean and where they were seen.

    Parameters
    ----------
    messages, life
        The messages and their meaning.
    order
        Order of each, a ClOrdID code; -1 unknown.
    time_ns, vantage
        When and at which vantage point each was logged; ``vantage`` counts in ``vantages``.
    wrong
        Reports that break an invariant.
    parent
        Order as which a broker received each message's order, a ClOrdID code; None if unknown.
    cause
        Why each message cancels an order, a place in :data:`CAUSES`; -1 if for neither.
    """

    messages: Messages
    life: Life
    order: NDArray[np.int64]
    time_ns: NDArray[np.int64]
    vantage: NDArray[np.int64]
    vantages: Sequence[str]
    wrong: Contradictions = NO_CONTRADICTIONS
    parent: NDArray[np.int64] | None = None
    cause: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Scales:
    """Decimal digits of quantities, prices and amounts."""

    qty: int
    price: int
    amount: int


def scales_of(seen: Sequence[Seen]) -> Scales:
    """As many digits as the values need."""
    qty = _digits([one.life.qty for one in seen])
    price = _digits([one.life.price for one in seen])
    return Scales(qty, price, _digits([one.messages["cash"] for one in seen]))


def finest(scales: Sequence[Scales]) -> Scales:
    """As many digits as any of several scales has."""
    return Scales(
        max(one.qty for one in scales),
        max(one.price for one in scales),
        max(one.amount for one in scales),
    )


def scaled(columns: HistoryColumns, scales: Scales) -> HistoryColumns:
    """Rows in the minor units of scales, given those in units of 10**-8."""
    digits = {"qty": scales.qty, "price": scales.price, "amount": scales.amount}
    return HistoryColumns(
        {**columns, **{n: _scaled(columns.integer(n), digits[n]) for n in digits}}
    )


def _digits(columns: Sequence[NDArray[np.int64]]) -> int:
    digits = 0
    for column in columns:
        known = column[column != NULL]
        while digits < DECIMALS and bool(np.any(known % 10 ** (DECIMALS - digits))):
            digits += 1
    return digits


def rows_of(
    seen: Seen, texts: Mapping[str, Sequence[str]], reported_at: str | None
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Every event in the messages, and the acknowledgements that they imply.

    Quantities, prices and amounts are in units of 10**-8. The second array is the place of each
    row among all rows of its time, of whatever share: sent before received, then by end and
    message.

    Parameters
    ----------
    texts
        Names by the column of the messages that counts in them.
    reported_at
        Vantage point at which the executions that clients are told count as reported, and what
        becomes of them and of the order's terms, where nobody else reports them; None if
        somebody does.
    """
    kind = np.where((seen.life.kind == _EXECUTE) & _is_client(seen), _CONFIRM, seen.life.kind)
    event = np.flatnonzero(kind)
    pieces = [(event, kind[event], np.full(len(event), 2))]
    implied = np.flatnonzero(seen.life.acknowledges)
    pieces.append(
        (implied, np.full(len(implied), KINDS.index(Kind.ACKNOWLEDGE)), np.zeros(len(implied)))
    )
    if reported_at is not None:
        told = np.flatnonzero(np.isin(kind, (_CONFIRM, *_TERMS_OF_FIRM)))
        firm = np.where(kind[told] == _CONFIRM, _EXECUTE, kind[told])
        pieces.append((told, firm, np.ones(len(told))))
    wrong = seen.wrong.row
    pieces.append((wrong, np.full(len(wrong), _CONTRADICT), np.full(len(wrong), 3)))
    rows = np.concatenate([piece[0] for piece in pieces])
    kinds = np.concatenate([piece[1] for piece in pieces])
    rank = np.concatenate([piece[2] for piece in pieces])
    breach = np.full(len(rows), NULL_CODE, dtype=np.int64)
    breach[len(rows) - len(wrong) :] = np.arange(len(wrong))
    received = ~seen.messages["is_own"][rows]  # of one time: nothing arrives before it is sent
    order = np.lexsort((rank, rows, received, seen.time_ns[rows]))
    vantages = tuple(dict.fromkeys(seen.vantages))
    number = np.array([vantages.index(name) for name in seen.vantages], dtype=np.int64)
    vantage = number[seen.vantage[rows]]
    if reported_at is not None:
        vantages = (*vantages, reported_at) if reported_at not in vantages else vantages
        vantage[(rank == 1) | (breach >= 0)] = vantages.index(reported_at)
    where = TextColumn(vantage[order], vantages)
    columns = _columns(seen, texts, rows[order], kinds[order], where)
    if len(wrong):
        columns = _with_breaches(columns, seen.wrong, breach[order])
    place = _places(seen.messages, rows, rank, received)
    return columns, place[order]


_NUMBER_BITS: Final = np.uint64(40)
_END_BITS: Final = np.uint64(12)
_RANK_BITS: Final = np.uint64(2)
PLACE_BITS: Final = 55
"""Bits of a row's place among those of its time; above them is room for what comes later."""


def _places(
    messages: Messages,
    rows: NDArray[np.int64],
    rank: NDArray[np.float64],
    received: NDArray[np.bool_],
) -> NDArray[np.uint64]:
    """Whether a row was received, its end, its message and its rank in it, as one number."""
    place = received.astype(np.uint64) << _END_BITS
    place = (place + messages["end"][rows].astype(np.uint64)) << _NUMBER_BITS
    place = (place + messages["number"][rows].astype(np.uint64)) << _RANK_BITS
    return place + rank.astype(np.uint64)


def _with_breaches(
    columns: HistoryColumns, wrong: Contradictions, breach: NDArray[np.int64]
) -> HistoryColumns:
    """Say which invariant each contradiction breaks, and how; ``breach`` is -1 for other rows."""
    reasons = columns.text("reason")
    changed: dict[str, NDArray[np.int64] | TextColumn] = dict(columns.items())
    broken = np.append(np.array([_INVARIANTS.index(name) for name in wrong.invariant]), NULL_CODE)
    changed["subject"] = TextColumn(broken[breach], _INVARIANTS)
    names = dict.fromkeys((*reasons.names, *wrong.said))
    number = {name: code for code, name in enumerate(names)}
    kept = [number[name] for name in reasons.names]
    said = [number[text] for text in wrong.said]
    codes = np.array([*kept, NULL_CODE])[reasons.codes]
    codes = np.where(breach >= 0, np.array([*said, NULL_CODE])[breach], codes)
    changed["reason"] = TextColumn(codes, tuple(number))
    return HistoryColumns(changed)


def _is_client(seen: Seen) -> NDArray[np.bool_]:
    names = np.array([name == Vantage.CLIENT for name in seen.vantages], dtype=np.bool_)
    return names[seen.vantage]


_SHOWN: Final = (
    "symbol", "security_id", "cash", "cl_ord_id", "account", "side", "ord_type", "exec_id",
    "exec_ref_id", "text",
)  # fmt: skip
"""Columns of the messages that rows are made of."""


def _columns(
    seen: Seen,
    texts: Mapping[str, Sequence[str]],
    rows: NDArray[np.int64],
    kinds: NDArray[np.int64],
    vantage: TextColumn,
) -> HistoryColumns:
    columns = seen.messages.columns
    messages = Messages({name: columns[name][rows] for name in _SHOWN})
    has_terms, has_reason = is_any(kinds, _WITH_TERMS), is_any(kinds, _WITH_REASON)
    symbol = np.where(messages["symbol"] == NULL_CODE, messages["security_id"], messages["symbol"])
    qty = np.where(has_terms, seen.life.qty[rows], NULL)
    is_entry = is_any(kinds, [KINDS.index(kind) for kind in (Kind.SUBMIT, Kind.ROUTE)])
    more: dict[str, TextColumn] = {}
    if seen.parent is not None:
        more["parent_id"] = TextColumn(seen.parent[rows], texts["cl_ord_id"])
    if seen.cause is not None:
        is_cancel = kinds == KINDS.index(Kind.CANCEL)
        more["cause"] = TextColumn(np.where(is_cancel, seen.cause[rows], NULL_CODE), CAUSES)
    return HistoryColumns(
        {
            **more,
            "time_ns": seen.time_ns[rows],
            "vantage": vantage,
            "kind": TextColumn(kinds.astype(np.int32) - 1, KINDS[1:]),
            "order_id": TextColumn(seen.order[rows], texts["cl_ord_id"]),
            "idem_key": TextColumn(messages["cl_ord_id"], texts["cl_ord_id"]),
            "exec_id": TextColumn(_exec_ids(messages, kinds), texts["exec_id"]),
            "account": TextColumn(messages["account"], texts["account"]),
            "instrument": TextColumn(symbol, texts["symbol"]),
            "side": _words(messages["side"], text_of_side),
            "ord_type": _words(messages["ord_type"], text_of_ord_type),
            "qty": qty,
            "price": np.where(has_terms, seen.life.price[rows], NULL),
            "amount": np.where(is_entry, messages["cash"], NULL),
            "ref": TextColumn(
                np.where(is_any(kinds, _ABOUT_TRADES), first_ids(seen)[rows], NULL_CODE),
                texts["exec_id"],
            ),
            "reason": TextColumn(np.where(has_reason, messages["text"], NULL_CODE), texts["text"]),
        }
    )


def first_ids(seen: Seen) -> NDArray[np.int64]:
    """ExecID of the execution that each bust or correction is about, ``(messages,)``.

    A correction may be corrected or busted itself: then ExecRefID names the correction.
    """
    own, ref = (seen.messages[name].astype(np.int64) for name in ("exec_id", "exec_ref_id"))
    corrects = (seen.life.kind == _CORRECT) & (own >= 0) & (ref >= 0) & (own != ref)
    if not corrects.any():
        return ref
    before = np.arange(max(int(own.max()), int(ref.max())) + 1)
    before[own[corrects]] = ref[corrects]
    trades = seen.life.is_trade & (own >= 0)
    before[own[trades]] = own[trades]
    for _ in range(_CORRECTIONS_MAX):
        before = before[before]
    return np.where(ref < 0, ref, before[ref])


_CORRECT: Final = KINDS.index(Kind.CORRECT)
_CORRECTIONS_MAX: Final = 16
"""Doublings of a chain of corrections that are followed: 2**16 corrections; more is a circle."""

_ABOUT_TRADES: Final = tuple(KINDS.index(kind) for kind in (Kind.BUST, Kind.CORRECT))
_NAMING_TRADES: Final = (*_ABOUT_TRADES, _EXECUTE, _CONFIRM, KINDS.index(Kind.ORPHAN))


def _exec_ids(messages: Messages, kinds: NDArray[np.int64]) -> NDArray[np.int64]:
    """ExecID of rows about an execution; others have one in FIX that identifies the report."""
    return np.where(is_any(kinds, _NAMING_TRADES), messages["exec_id"], NULL_CODE)


def _words(codes: NDArray[np.uint8], word: Callable[[int], str]) -> TextColumn:
    used = np.flatnonzero(np.bincount(codes, minlength=256)[1:]) + 1
    texts = [word(int(code)) for code in used]
    names = tuple(dict.fromkeys(texts))
    number = np.full(256, NULL_CODE, dtype=np.int32)
    number[used] = [names.index(text) for text in texts]
    return TextColumn(number[codes], names)


def _scaled(values: NDArray[np.int64], digits: int) -> NDArray[np.int64]:
    return np.where(values == NULL, NULL, values // 10 ** (DECIMALS - digits))
