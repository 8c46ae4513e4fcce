"""Matching by likeness: orders and wishes that share no key, told apart by their terms and times.

It is used only where the operator says so, only for what no key joins, and only if there is one
candidate on either side. Several candidates are *ambiguous*: which is whose stays unknown, and
rows that say so keep every judgement from guessing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.history import History
from bcsim.history.join import join
from bcsim.history.schema import INTEGER_NAMES, NULL, NULL_CODE, Kind
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

BUSINESS_KEY: Final = "business key"
"""``ref`` of a wish that was matched to its order by its terms; also a way to link legs."""

AMBIGUOUS: Final = "ambiguous match"
"""``subject`` of an action that marks a wish or order with several candidates."""

TERMS: Final = ("account", "client_id", "instrument", "side", "ord_type", "qty", "amount", "price")
"""Columns that a business key may have."""

PARENT: Final = "parent_id"
ORDER_ID: Final = "OrderID"
LINKS: Final = (ORDER_ID, PARENT, BUSINESS_KEY)
"""What may link the order that a broker sends on to the one that it received."""

_ENTRIES: Final = (Kind.SUBMIT, Kind.ROUTE, Kind.RESEND)


@dataclass(frozen=True, slots=True)
class Matching:
    """How orders are matched where no key is shared.

    Parameters
    ----------
    terms
        Columns that must be equal; empty: nothing is matched by likeness.
    within_ns
        How far apart the times of a wish, or of two legs, may be.
    links
        Of :data:`LINKS`: what links the two legs of an order that a broker passes on.
    execution_terms
        Columns that must be equal for an entry without an ExecID to be of an execution; empty:
        such entries are of none.
    execution_within_ns
        How far apart the times of both may be.
    """

    terms: tuple[str, ...] = ()
    within_ns: int = 0
    links: tuple[str, ...] = ()
    execution_terms: tuple[str, ...] = ()
    execution_within_ns: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which left belongs to which right.

    Parameters
    ----------
    found
        Pairs of places on the left and on the right.
    left, right
        Places with more than one candidate, or whose only one has several.
    """

    found: tuple[tuple[int, int], ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


def pairs_of(
    left: Sequence[tuple[Hashable, int]],
    right: Sequence[tuple[Hashable, int]],
    earliest_ns: int,
    latest_ns: int,
) -> Pairs:
    """Pair equal terms whose times are near, where there is one candidate either way.

    Parameters
    ----------
    left, right
        Terms and time of each.
    earliest_ns, latest_ns
        How much later the right may be than the left, at least and at most.
    """
    by_terms: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for place, (terms, time_ns) in enumerate(right):
        by_terms[terms].append((time_ns, place))
    for entries in by_terms.values():
        entries.sort()
    candidates: dict[int, list[int]] = {}
    claims: dict[int, int] = defaultdict(int)
    for place, (terms, time_ns) in enumerate(left):
        entries = by_terms.get(terms, [])
        low = bisect_left(entries, (time_ns + earliest_ns, -1))
        high = bisect_right(entries, (time_ns + latest_ns, len(right)))
        candidates[place] = [other for _, other in entries[low:high]]
        for other in candidates[place]:
            claims[other] += 1
    found, doubtful_left, doubtful_right = [], [], set()
    for place, others in candidates.items():
        if len(others) == 1 and claims[others[0]] == 1:
            found.append((place, others[0]))
        elif others:
            doubtful_left.append(place)
            doubtful_right.update(others)
    return Pairs(tuple(found), tuple(doubtful_left), tuple(sorted(doubtful_right)))


def matched(
    history: History, matching: Matching, *, undated_ns: int | None
) -> tuple[History, tuple[str, ...]]:
    """Join wishes that no order names to orders that no wish names, by their terms.

    Parameters
    ----------
    history
        All that was recorded, joined by keys as far as they go.
    undated_ns
        Time at which wishes stand that have none of their own; their terms alone must do, and
        they are dated when their order was entered. None: every wish has a time.

    Returns
    -------
    tuple
        The history with the orders under their wishes, and marks on what is ambiguous; and
        what was joined and what was not, in a sentence.
    """
    wishes, orders = _unmatched(history)
    if not matching.terms or not len(wishes) or not len(orders):
        return history, ()
    times = history.integer("time_ns")
    if undated_ns is not None:
        times = np.zeros(len(history), dtype=np.int64)
    left, right = (keys_of(history, rows, matching.terms, times) for rows in (wishes, orders))
    pairs = pairs_of(left, right, -matching.within_ns, matching.within_ns)
    joined = _under_one_name(history, wishes, orders, pairs)
    history = marked(joined, wishes[list(pairs.left)], orders[list(pairs.right)])
    if undated_ns is not None and pairs.found:
        history = _dated(history, undated_ns)
    note = (
        f"{len(pairs.found):,} intents are matched to orders by the business key "
        f"({', '.join(matching.terms)}); {len(pairs.left):,} have several candidates, and whose "
        "those orders are stays unknown"
    )
    return history, (note,)


def _unmatched(history: History) -> tuple[Ints, Ints]:
    """Rows of the wishes without an order, and the first entries of orders without a wish."""
    columns = history.columns
    intents, orders = columns.text("intent_id").codes, columns.text("order_id").codes
    is_wish = history.is_kind(Kind.INTEND)
    known = np.unique(intents[~is_wish & (intents >= 0)])
    named = np.unique(orders[is_wish & (orders >= 0)])
    seen = np.unique(orders[~is_wish & (orders >= 0)])
    wishes = np.flatnonzero(
        is_wish & (intents >= 0) & ~np.isin(intents, known) & ~np.isin(orders, seen)
    )
    having = np.unique(orders[(intents >= 0) & (orders >= 0)])
    is_entry = history.is_kind(*_ENTRIES) & (orders >= 0)
    parents = columns.text("parent_id")
    is_free = is_entry & (parents.codes == NULL_CODE)
    is_free &= ~np.isin(orders, having) & ~np.isin(orders, named)
    rows = np.flatnonzero(is_free)
    first = np.sort(np.unique(orders[rows], return_index=True)[1])
    return wishes.astype(np.int64), rows[first].astype(np.int64)


def keys_of(
    history: History, rows: Ints, terms: Sequence[str], times: Ints
) -> list[tuple[Hashable, int]]:
    """Terms and time of each row; a term that neither side states is equal."""
    values = []
    for name in terms:
        if name in INTEGER_NAMES:
            stated = history.integer(name)[rows].tolist()
            values.append([value if value != NULL else None for value in stated])
        else:
            column = history.columns.text(name)
            values.append([column.decode(int(row)) for row in rows])
    keys = list(zip(*values, strict=True))
    return [(key, int(time_ns)) for key, time_ns in zip(keys, times[rows].tolist(), strict=True)]


def _under_one_name(history: History, wishes: Ints, orders: Ints, pairs: Pairs) -> History:
    """Give every row of the orders that were found the intent, and say how it was matched."""
    if not pairs.found:
        return history
    columns = history.columns
    intents, by_order = columns.text("intent_id"), columns.text("order_id").codes
    known = np.full(int(by_order.max(initial=0)) + 2, NULL_CODE, dtype=np.int64)
    for wish, order in pairs.found:
        known[by_order[orders[order]]] = intents.codes[wishes[wish]]
    known[-1] = NULL_CODE
    codes = np.where(intents.codes == NULL_CODE, known[by_order], intents.codes)
    ref = columns.text("ref")
    names = tuple(dict.fromkeys((*map(str, ref.names), BUSINESS_KEY)))
    said = ref.codes.astype(np.int64)
    said[wishes[[wish for wish, _ in pairs.found]]] = names.index(BUSINESS_KEY)
    changed = {
        **columns,
        "intent_id": TextColumn(codes, intents.names),
        "ref": TextColumn(said, names),
    }
    return History(HistoryColumns(changed), history.profile)


def _dated(history: History, undated_ns: int) -> History:
    """Date the wishes that were matched and have no time of their own, just before their orders.

    Until now they stood at the beginning of the logs, where no deadline may count from.
    """
    columns, times = history.columns, history.integer("time_ns")
    intents = columns.text("intent_id").codes
    is_undated = history.is_kind(Kind.INTEND) & (times == undated_ns)
    is_undated &= columns.text("ref").is_in(BUSINESS_KEY)
    entries = np.flatnonzero(history.is_kind(*_ENTRIES) & (intents >= 0))
    first = np.full(int(intents.max(initial=0)) + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, intents[entries], times[entries])
    times = np.where(is_undated, first[np.where(is_undated, intents, 0)], times)
    order = np.argsort(times, kind="stable")
    ordered = HistoryColumns({**columns, "time_ns": times}).take(order)
    return History(HistoryColumns({**ordered, "seq": np.arange(len(order))}), history.profile)


def marked(history: History, wishes: Ints, orders: Ints) -> History:
    """Add a row for everything whose match is ambiguous."""
    if not len(wishes) and not len(orders):
        return history
    columns, recorder = history.columns, MemoryRecorder(history.profile)
    end_ns = int(history.integer("time_ns").max())
    for name, rows in (("intent_id", wishes), ("order_id", orders)):
        for row in rows.tolist():
            text = columns.text(name).decode(row)
            recorder.emit("action", end_ns, "reconciliation", subject=AMBIGUOUS, **{name: text})
    return join([history, recorder.history()])
