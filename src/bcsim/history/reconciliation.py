"""Several readings of one drill as one history: intents, both ends, ledger, drop copy.

:func:`reconcile` brings them to one clock and one unit, finds which rows speak of the same
order although their systems call it by different names, and joins them by time. What it had to
assume is in the notes.

Names are matched in this order, each only where the one before found nothing: the order's own
id (in FIX the ClOrdID), an idempotency key, the order's SecondaryClOrdID, the venue's OrderID and
its SecondaryOrderID, an ExecID or SecondaryExecID, also through another row that has both, and
the intent's id itself. What still has no match is matched by likeness of terms where the operator
says which terms, and within which time; see :mod:`bcsim.history.matching`.

FIX logs that memory cannot hold come in shares, and the other records in the same ones: each share
is joined by itself. Likeness and legs look at all orders at once, so with them everything is
gathered in memory.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.alignment import as_it_is, same_drain, same_origin, same_scales
from bcsim.history.columns import HistoryColumns, TextColumn, concatenate
from bcsim.history.divided import ShareRows
from bcsim.history.entries import with_executions
from bcsim.history.history import History
from bcsim.history.join import join_profiles
from bcsim.history.legs import joined_legs
from bcsim.history.logs.reading import Reading
from bcsim.history.matching import Matching, matched
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.ties import Ties
from bcsim.history.wish_times import WishTimes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.divided import AnyHistory
    from bcsim.history.profile import Profile

_NAMES: Final = ("order_id", "idem_key", "intent_id")
_NEVER_NS: Final = int(np.iinfo(np.int64).max)
"""Later than any time."""

_SEQ_BITS: Final = 48
"""Bits of a row's number in its reading; above them is the reading's."""

_UNDATED, _TRACED, _STATED = "undated", "traced", "stated"
_BY_ORDER, _BY_KEY = "order", "key"
"""What is counted of the joining of each share."""

_ORDERS: Final = ("order_id", "parent_id")
_EXECUTIONS: Final = ("exec_id", "ref")
"""Columns of other records in which FIX logs may have other names."""


def reconcile(
    readings: Sequence[Reading], profile: Profile | None = None, matching: Matching | None = None
) -> Reading:
    """Join readings of one drill.

    Parameters
    ----------
    readings
        One or more. Rows of those without times are dated when their order first shows up in
        the others, or else at their beginning.
    profile
        Profile of the result; by default what the readings say about themselves.
    matching
        How what shares no key is matched; by default not at all.

    Returns
    -------
    Reading
        The joint history, and the notes of all readings with those of the joining.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming every key in which the readings contradict each other; or if most wishes are
        later than their own orders.
    """
    assert readings, "nothing to reconcile"
    matching = matching or Matching()
    histories = [reading.history for reading in readings]
    counts = {history.share_count for history in histories}
    if matching != Matching() or len(counts) > 1:
        histories = [history.gathered() for history in histories]
    histories = same_drain(same_scales(same_origin(histories)))
    plan = _plan(readings, histories, matching)
    ordered = [histories[place] for place in plan.order]
    profile = profile or join_profiles([history.profile for history in ordered])
    if len(histories) == 1 and plan.matching == Matching():
        joint = histories[0].mapped(as_it_is, profile)
        return Reading(joint, readings[0].notes, readings[0].is_timed)
    rows, counted = ShareRows(), Counter[str]()
    likened: tuple[str, ...] = ()
    wish_times = WishTimes()
    for number in range(histories[0].share_count):
        share = _joined([history.share(number).columns for history in ordered], plan, counted)
        linked, likened = _linked(History(share.columns, profile), plan, counted)
        rows.add(*_placed(linked.columns, share.places, plan.matching))
        if plan.is_dated:
            wish_times.add(linked)
    notes = [note for reading in readings for note in reading.notes]
    notes += [*plan.notes(counted), *likened, *wish_times.notes()]
    return Reading(rows.history(profile), tuple(notes), any(one.is_timed for one in readings))


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is known of all readings, and needed to join a share of each.

    Parameters
    ----------
    order
        Places of the readings in the order in which rows of one time stand: those that are
        dated come first, so that a wish stands before what came of it.
    undated
        How many of them are to be dated.
    begin_ns
        When those with times begin.
    fix
        Place in ``order`` of the reading whose names ``ties`` are about; -1 if there is none.
    ties
        What other records call the orders of FIX logs.
    is_dated
        Whether all readings know times of their own.
    """

    order: tuple[int, ...]
    undated: int
    begin_ns: int
    fix: int
    ties: Ties
    is_dated: bool
    matching: Matching

    def notes(self, counted: Counter[str]) -> list[str]:
        """What was joined by what, in a sentence each."""
        notes = []
        if self.undated:
            rest = counted[_UNDATED] - counted[_TRACED]
            notes.append(
                f"{counted[_UNDATED]:,} rows without a time: {counted[_TRACED]:,} are dated when "
                f"their order first shows up in the logs, {rest:,} at the beginning of the logs"
            )
        notes += self.ties.notes()
        if counted[_STATED]:
            notes.append(
                f"{counted[_STATED]:,} intents are joined to orders by the order's id, which "
                "they state"
            )
        return notes + [
            f"{counted[word]:,} intents are matched to orders by their own id, which is the "
            f"{word}'s"
            for word in (_BY_ORDER, _BY_KEY)
            if counted[word]
        ]


def _plan(
    readings: Sequence[Reading], histories: Sequence[AnyHistory], matching: Matching
) -> _Plan:
    timed = [place for place, reading in enumerate(readings) if reading.is_timed]
    lacking = [place for place, reading in enumerate(readings) if not reading.is_timed]
    begins = [_begin_ns(histories[place]) for place in timed if len(histories[place])]
    order = tuple(range(len(readings))) if not begins else (*lacking, *timed)
    found = [place for place in order if readings[place].ties is not None]
    return _Plan(
        order=order,
        undated=len(lacking) if begins else 0,
        begin_ns=min(begins, default=0),
        fix=order.index(found[0]) if found else -1,
        ties=readings[found[0]].ties or Ties() if found else Ties(),
        is_dated=not lacking,
        matching=matching,
    )


def _begin_ns(history: AnyHistory) -> int:
    """First moment that a history covers, or shows."""
    assert history.span_ns is not None, "it has rows"
    return min([history.span_ns[0], *(span.from_ns for span in history.profile.coverage)])


# -- one table, share by share ---------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Share:
    """Rows of one share of all readings in order, and their places in each time."""

    columns: HistoryColumns
    places: NDArray[np.uint64]


def _joined(tables: Sequence[HistoryColumns], plan: _Plan, counted: Counter[str]) -> _Share:
    """Put the rows of one share of each reading in one order of time, with names of FIX."""
    named = [
        columns if place == plan.fix else _renamed(columns, plan.ties)
        for place, columns in enumerate(tables)
    ]
    named = _dated(named, plan, counted)
    columns = concatenate(named)
    places = np.concatenate(
        [
            columns.integer("seq").astype(np.uint64) + np.uint64(place << _SEQ_BITS)
            for place, columns in enumerate(named)
        ]
    )
    order = np.lexsort((places, columns.integer("time_ns")))
    ordered = columns.take(order)
    numbered = {**ordered, "seq": np.arange(len(order))}
    return _Share(HistoryColumns(numbered), places[order])


def _linked(
    history: History, plan: _Plan, counted: Counter[str]
) -> tuple[History, tuple[str, ...]]:
    """Rows of one order and wish under one name; also what was joined by likeness."""
    whole, legs = joined_legs(history, plan.matching)
    linked = _named(whole, plan.ties, counted)
    matching, undated_ns = plan.matching, None if plan.is_dated else plan.begin_ns
    before = _wishes_at(linked, plan.begin_ns)
    linked, likened = matched(linked, matching, undated_ns=undated_ns)
    counted[_TRACED] += before - _wishes_at(linked, plan.begin_ns)
    linked, entered = with_executions(linked, matching)
    return linked, (*legs, *likened, *entered)


def _wishes_at(history: History, time_ns: int) -> int:
    """How many wishes stand at one time."""
    return int(
        np.count_nonzero(history.is_kind(Kind.INTEND) & (history.integer("time_ns") == time_ns))
    )


def _placed(
    columns: HistoryColumns, places: NDArray[np.uint64], matching: Matching
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Rows without their number, and their places; matching may move rows of the only share."""
    if matching != Matching():
        places = np.arange(columns.row_count, dtype=np.uint64)
    return HistoryColumns({name: columns[name] for name in columns if name != "seq"}), places


def _renamed(columns: HistoryColumns, ties: Ties) -> HistoryColumns:
    """Rows of another record with the names that FIX logs have for orders and executions."""
    changed = dict(columns.items())
    for names, by_name in ((_ORDERS, ties.orders), (_EXECUTIONS, ties.executions)):
        for name in names if by_name else ():
            changed[name] = _translated(columns.text(name), by_name)
    return HistoryColumns(changed)


def _translated(column: TextColumn, by_name: Mapping[str, str]) -> TextColumn:
    texts = [by_name.get(str(name), str(name)) for name in column.names]
    number = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    codes = np.array([*(number[text] for text in texts), NULL_CODE], dtype=np.int64)
    return TextColumn(codes[column.codes], tuple(number))


def _dated(
    tables: Sequence[HistoryColumns], plan: _Plan, counted: Counter[str]
) -> list[HistoryColumns]:
    """Date rows without times: when their order first shows up, else at the logs' beginning."""
    timed = tables[plan.undated :]
    first_ns = _first_traces(timed) if plan.undated else {}
    dated = []
    for columns in tables[: plan.undated]:
        times = np.full(columns.row_count, plan.begin_ns, dtype=np.int64)
        for name in _NAMES[::-1]:  # the first of them that is known counts
            column = columns.text(name)
            known = [first_ns.get(str(text), NULL) for text in column.names]
            found = np.array([*known, NULL], dtype=np.int64)[column.codes]
            times = np.where(found == NULL, times, found)
        counted[_UNDATED] += len(times)
        counted[_TRACED] += int(np.count_nonzero(times != plan.begin_ns))
        dated.append(HistoryColumns({**columns, "time_ns": times}))
    return [*dated, *timed]


def _first_traces(tables: Sequence[HistoryColumns]) -> dict[str, int]:
    """Time of the first row about each order, by its id or key."""
    first: dict[str, int] = {}
    for columns in tables:
        times = columns.integer("time_ns")
        for name in _NAMES:
            column = columns.text(name)
            earliest = np.full(len(column.names) + 1, _NEVER_NS, dtype=np.int64)
            np.minimum.at(earliest, column.codes, times)
            for text, time_ns in zip(column.names, earliest[:-1].tolist(), strict=True):
                if time_ns < first.get(text, _NEVER_NS):
                    first[text] = time_ns
    return first


# -- one name --------------------------------------------------------------------------------


def _named(history: History, ties: Ties, counted: Counter[str]) -> History:
    """Give rows of orders the intent whose id is the order's, or its key's, own name."""
    intents, orders = history.columns.text("intent_id"), history.columns.text("order_id")
    keys = history.columns.text("idem_key")
    intended = history.is_kind(Kind.INTEND)
    wishes = np.unique(intents.codes[intended & (intents.codes >= 0)])
    names = {str(intents.names[code]): int(code) for code in wishes}
    second = {ties.orders[name]: code for name, code in names.items() if name in ties.orders}
    known = _linked_orders(history, intended)
    found = intents.codes.astype(np.int64)
    counted[_STATED] += len(np.unique(orders.codes[known & ~intended]))
    for column, word in ((orders, _BY_ORDER), (keys, _BY_KEY)):
        intent_of = np.array(
            [names.get(str(name), second.get(str(name), NULL_CODE)) for name in column.names]
            + [NULL_CODE],
            dtype=np.int64,
        )
        lacking = (found == NULL_CODE) & ~known & ~intended
        given = np.where(lacking, intent_of[column.codes], NULL_CODE)
        counted[word] += len(np.unique(given[given >= 0]))
        found = np.where(given >= 0, given, found)
    if np.array_equal(found, intents.codes):
        return history
    columns = {**history.columns, "intent_id": TextColumn(found, intents.names)}
    return History(HistoryColumns(columns), history.profile)


def _linked_orders(history: History, intended: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose order is named by an intent's row, so that nothing has to be assumed."""
    orders = history.columns.text("order_id").codes
    stated = np.unique(orders[intended & (orders >= 0)])
    linked: NDArray[np.bool_] = np.isin(orders, stated)
    return linked
