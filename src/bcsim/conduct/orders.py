"""Orders: when each began and ended, of whom and of what; a day's history, one entry an order.

What a log shows of the nine systems comes from these entries, the verdicts, and the few events
that are not an order's own way. So a log that memory cannot hold is measured like any other: its
shares give their orders' entries, some twenty-five bytes each, and :func:`put_together` makes one
of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import TextColumn
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bcsim.history.history import History

_ENDS: Final = (Kind.EXECUTE, Kind.REJECT, Kind.CANCEL, Kind.EXPIRE)

_ON_THE_WAY: Final = (
    Kind.INTEND,
    Kind.SUBMIT,
    Kind.RESEND,
    Kind.ROUTE,
    Kind.ACKNOWLEDGE,
    *_ENDS,
    Kind.CONFIRM,
    Kind.BUST,
    Kind.CORRECT,
    Kind.CANCEL_REQUEST,
    Kind.CANCEL_REJECT,
    Kind.REPLACE_REQUEST,
    Kind.REPLACE,
    Kind.REPLACE_REJECT,
    Kind.BOOK,
    Kind.SETTLE,
    Kind.ORPHAN,
    Kind.CONTRADICT,
)
"""Events of an order's own way, of which a log's measures need no more than its entry."""


@dataclass(frozen=True, eq=False)
class Orders:
    """One entry for each subject of the verdicts, in their order.

    Parameters
    ----------
    begun_ns, ended_ns
        int64 ``(subjects,)``: its first event; the last end of its intent (an execution, a
        refusal, a cancel, an expiry), null without one.
    is_intent
        bool ``(subjects,)``: whether it is a client's wish, and no stray.
    segment, instrument
        Of its first event.
    """

    begun_ns: NDArray[np.int64]
    ended_ns: NDArray[np.int64]
    is_intent: NDArray[np.bool_]
    segment: TextColumn
    instrument: TextColumn


def orders_of(history: History, rows: NDArray[np.int64]) -> Orders:
    """Entries of the orders whose first events are at some rows of a history."""
    intents, times = history.codes("intent_id"), history.integer("time_ns")
    last = np.full(int(intents.max(initial=-1)) + 2, NULL, dtype=np.int64)
    ends = np.flatnonzero(history.is_kind(*_ENDS) & (intents >= 0))
    last[intents[ends]] = times[ends]
    last[-1] = NULL  # where a row without an intent looks
    return Orders(
        begun_ns=times[rows],
        ended_ns=last[intents[rows]],
        is_intent=intents[rows] >= 0,
        segment=_taken(history.columns.text("segment"), rows),
        instrument=_taken(history.columns.text("instrument"), rows),
    )


def put_together(pieces: Sequence[tuple[NDArray[np.int64], Orders]]) -> Orders:
    """Entries of several shares as one, each entry at the number that stands with it."""
    numbers = np.concatenate([mine for mine, _ in pieces])
    order = np.empty(len(numbers), dtype=np.int64)
    order[numbers] = np.arange(len(numbers))
    orders = [piece for _, piece in pieces]
    return Orders(
        begun_ns=np.concatenate([one.begun_ns for one in orders])[order],
        ended_ns=np.concatenate([one.ended_ns for one in orders])[order],
        is_intent=np.concatenate([one.is_intent for one in orders])[order],
        segment=_joined([one.segment for one in orders], order),
        instrument=_joined([one.instrument for one in orders], order),
    )


def other_events(history: History) -> History:
    """A history without the events of orders' own ways."""
    return history.select(~history.is_kind(*_ON_THE_WAY))


def _taken(column: TextColumn, rows: NDArray[np.int64]) -> TextColumn:
    """Some rows of a column, with no more names than they use."""
    used, codes = np.unique(column.codes[rows], return_inverse=True)
    names = [str(column.names[code]) for code in used.tolist() if code >= 0]
    first = int(np.searchsorted(used, 0))
    return TextColumn(np.maximum(codes - first, NULL_CODE).astype(np.int32), names)


def _joined(columns: Iterable[TextColumn], order: NDArray[np.int64]) -> TextColumn:
    """Columns one after the other, in another order of rows."""
    places: dict[str, int] = {}
    codes = []
    for column in columns:
        found = [places.setdefault(str(name), len(places)) for name in column.names]
        codes.append(np.array([*found, NULL_CODE], dtype=np.int32)[column.codes])
    return TextColumn(np.concatenate(codes)[order], list(places))
