"""Rows that say something of an order as a whole, which no message of its own does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.fix.events import PLACE_BITS
from bcsim.history.fix.instructions import INSTRUCTIONS
from bcsim.history.matching import AMBIGUOUS
from bcsim.history.profile import RESTART
from bcsim.history.schema import INTEGER_NAMES, NULL, NULL_CODE, TEXT_NAMES, Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.failures import Owed

LIVE_WORK: Final = "live work"
"""``subject`` of an action that marks an order on which work was under way at the end."""


def live_work(
    columns: HistoryColumns, places: NDArray[np.uint64], span_ns: tuple[int, int], vantage: str
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add a row for each order about which something was logged after the first time of a span.

    They stand at its last, behind everything, in the order in which the orders were first seen.

    NOTE: the rows are put behind column by column, which leaves the names of a million orders
    as they are, where joining two histories would decode them all.
    """
    orders = columns.text("order_id")
    since_ns, last_ns = span_ns
    recent = columns.integer("time_ns") > since_ns
    live = np.unique(orders.codes[recent & (orders.codes >= 0)]).astype(np.int64)
    said = {"vantage": vantage, "subject": LIVE_WORK, "reason": "the logs end"}
    return _with_marks(columns, places, live, np.full(len(live), last_ns), said, _BEHIND)


def behind_restart(
    columns: HistoryColumns, places: NDArray[np.uint64], orders: Sequence[str], last_ns: int
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add a row for each order that was open when its session began again, at ``last_ns``."""
    codes = columns.text("order_id").codes_of(orders)
    left = np.sort(codes[codes >= 0]).astype(np.int64)
    said = {"vantage": Vantage.GATEWAY.value, "subject": RESTART, "reason": "began again"}
    times = np.full(len(left), last_ns)
    return _with_marks(columns, places, left, times, said, _BEHIND_RESTART)


def left_open(
    columns: HistoryColumns, places: NDArray[np.uint64], orders: Sequence[str], last_ns: int
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add a row for each order of which the reports leave open what became of it."""
    codes = columns.text("order_id").codes_of(orders)
    unclear = np.sort(codes[codes >= 0]).astype(np.int64)
    said = {
        "vantage": Vantage.GATEWAY.value,
        "subject": AMBIGUOUS,
        "reason": "reports leave it open",
    }
    times = np.full(len(unclear), last_ns)
    return _with_marks(columns, places, unclear, times, said, _BEHIND_OPEN)


def owed_in_failures(
    columns: HistoryColumns,
    places: NDArray[np.uint64],
    owed: Sequence[Owed],
    names: Sequence[str],
    last_ns: int,
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add a row for each order that was owed something, by when; ``names`` are the orders'."""
    for one in owed:
        orders = columns.text("order_id").codes_of([names[code] for code in one.order.tolist()])
        what = one.instruction
        said = {"vantage": Vantage.GATEWAY.value, "subject": what.wants, "reason": what.said}
        known = orders >= 0
        times = np.minimum(one.time_ns[known], last_ns)
        number = 1 + INSTRUCTIONS.index(what)  # the same in every share
        behind = _BEHIND_OPEN - np.uint64(number << PLACE_BITS)
        columns, places = _with_marks(columns, places, orders[known], times, said, behind)
    return columns, places


def _with_marks(
    columns: HistoryColumns,
    places: NDArray[np.uint64],
    marked: NDArray[np.int64],
    times: NDArray[np.int64],
    words: Mapping[str, str],
    behind: np.uint64,
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add an action for each marked order at its time, behind everything."""
    orders = columns.text("order_id")
    if not len(marked):
        return columns, places
    known, first = np.unique(orders.codes, return_index=True)
    seen = places[first[np.searchsorted(known, marked)]] & _MESSAGE
    order = np.lexsort((seen, times))
    marked, seen, times = marked[order].astype(np.int64), seen[order], times[order]
    said = {"kind": Kind.ACTION.value, **words}
    joined: dict[str, NDArray[np.int64] | TextColumn] = {
        name: _behind(columns.text(name), said.get(name), len(marked)) for name in TEXT_NAMES
    }
    codes = np.concatenate((orders.codes.astype(np.int64), marked))
    joined["order_id"] = TextColumn(codes, orders.names)
    for name in INTEGER_NAMES:
        values = columns.integer(name)
        if bool((values != NULL).any()):
            more = times if name == "time_ns" else np.full(len(marked), NULL, dtype=np.int64)
            joined[name] = np.concatenate((values, more))
    return HistoryColumns(joined), np.concatenate((places, seen + behind))


_MESSAGE: Final = np.uint64((1 << 42) - 1)
_BEHIND: Final = np.uint64(0xFF << PLACE_BITS)
_BEHIND_RESTART: Final = np.uint64(0xFE << PLACE_BITS)
_BEHIND_OPEN: Final = np.uint64(0xFD << PLACE_BITS)


def _behind(column: TextColumn, text: str | None, count: int) -> TextColumn:
    """A text column with ``count`` rows more that say ``text``, or nothing."""
    code, names = NULL_CODE, column.names
    if text is not None:
        code = column.code_of(text)
        if code < 0:
            code, names = len(names), (*names, text)
    more = np.full(count, code, dtype=np.int64)
    codes: NDArray[np.int64] = np.concatenate((column.codes.astype(np.int64), more))
    return TextColumn(codes, names)
