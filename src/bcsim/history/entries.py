"""Entries without an ExecID, such as a ledger's, joined to executions by terms and time.

It is done only where the operator names the terms and a time. Each vantage point, kind and leg is
compared by itself, since a ledger, a settlement and a drop copy each have an entry of their own
for every execution. An entry belongs to an execution if there is no other candidate either way;
equal executions of one order and as many equal entries are paired in order of time, for it makes
no difference to the order which is whose. Whatever fits otherwise stays unknown, and its orders
are marked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.history import History
from bcsim.history.matching import BUSINESS_KEY, keys_of, marked
from bcsim.history.schema import NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from bcsim.history.matching import Matching

    Ints = NDArray[np.int64]

_KINDS: Final = (Kind.EXECUTE, Kind.CONFIRM, Kind.BOOK, Kind.SETTLE)


@dataclass(slots=True)
class _Alike:
    """Executions and entries of equal terms: time and row of each."""

    executions: list[tuple[int, int]] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)


def with_executions(history: History, matching: Matching) -> tuple[History, tuple[str, ...]]:
    """Give entries without an ExecID that of the execution that they are alike.

    Returns
    -------
    tuple
        The history with the ids, and marks on orders whose executions and entries fit in several
        ways; and how many were joined, in a sentence.
    """
    if not matching.execution_terms:
        return history, ()
    executions, entries = _executions(history), _entries(history)
    found: list[tuple[int, int]] = []
    doubtful: set[int] = set()
    unclear = 0
    for group in _groups(history, entries):
        free = _without(history, executions, int(group[0]))
        for alike in _alike(history, matching, free, group):
            for cluster in _clusters(alike, matching.execution_within_ns):
                pairs = _paired(history, cluster)
                found += pairs
                if not pairs and cluster.executions and cluster.entries:
                    unclear += len(cluster.entries)
                    doubtful.update(row for _, row in (*cluster.executions, *cluster.entries))
    history = _joined(history, found)
    history = _marked(history, doubtful)
    note = (
        f"{len(found):,} entries without an ExecID are joined to executions by the business key "
        f"({', '.join(matching.execution_terms)}); {unclear:,} fit in several ways, and whose "
        f"they are stays unknown; {len(entries) - len(found) - unclear:,} fit none"
    )
    return history, (note,)


def _executions(history: History) -> Ints:
    """First row of each execution, as the one who executes says it, ascending."""
    codes = history.codes("exec_id")
    rows = np.flatnonzero(history.is_kind(Kind.EXECUTE) & (codes >= 0) & _has_order(history))
    return np.sort(rows[np.unique(codes[rows], return_index=True)[1]]).astype(np.int64)


def _has_order(history: History) -> NDArray[np.bool_]:
    has: NDArray[np.bool_] = history.codes("order_id") >= 0
    return has


def _entries(history: History) -> Ints:
    """Rows about executions that name none, nor an intent, nor an order that others name, too."""
    orders, codes = history.codes("order_id"), history.codes("exec_id")
    is_entry = history.is_kind(*_KINDS) & (codes == NULL_CODE)
    known = np.unique(orders[~is_entry & (orders >= 0)])
    nameless = is_entry & ~np.isin(orders, known) & (history.codes("intent_id") == NULL_CODE)
    return np.flatnonzero(nameless).astype(np.int64)


def _groups(history: History, rows: Ints) -> list[Ints]:
    """Rows of one vantage point, kind and leg each."""
    if not len(rows):
        return []
    what = [history.codes("vantage"), history.codes("kind"), history.integer("leg")]
    keys = np.column_stack([column[rows].astype(np.int64) for column in what])
    number = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    return [rows[number == one] for one in range(int(number.max()) + 1)]


def _without(history: History, executions: Ints, entry: int) -> Ints:
    """Executions of which the vantage point of an entry has none of its kind and leg by id."""
    codes = history.codes("exec_id")
    like = codes >= 0
    for column in (history.codes("vantage"), history.codes("kind"), history.integer("leg")):
        like &= column == column[entry]
    return executions[~np.isin(codes[executions], codes[like])]


def _alike(history: History, matching: Matching, executions: Ints, entries: Ints) -> list[_Alike]:
    times = history.integer("time_ns")
    by_terms: dict[Hashable, _Alike] = defaultdict(_Alike)
    for place, (terms, time_ns) in enumerate(
        keys_of(history, executions, matching.execution_terms, times)
    ):
        by_terms[terms].executions.append((time_ns, int(executions[place])))
    for place, (terms, time_ns) in enumerate(
        keys_of(history, entries, matching.execution_terms, times)
    ):
        by_terms[terms].entries.append((time_ns, int(entries[place])))
    return list(by_terms.values())


def _clusters(alike: _Alike, within_ns: int) -> list[_Alike]:
    """Executions and entries that are near each other in time, directly or through others."""
    executions, entries = sorted(alike.executions), sorted(alike.entries)
    clusters: list[_Alike] = []
    reached = 0  # executions before this one are in the last cluster, or in none
    for entry in entries:
        low = bisect_left(executions, (entry[0] - within_ns, -1))
        high = bisect_right(executions, (entry[0] + within_ns, np.iinfo(np.int64).max))
        if high == low:
            continue
        if not clusters or low >= reached:
            clusters.append(_Alike())
        clusters[-1].executions += executions[max(low, reached) : high]
        clusters[-1].entries.append(entry)
        reached = max(reached, high)
    return clusters


def _paired(history: History, cluster: _Alike) -> list[tuple[int, int]]:
    """Rows of executions and of their entries, if there is no doubt."""
    if len(cluster.executions) != len(cluster.entries):
        return []
    orders = {int(history.codes("order_id")[row]) for _, row in cluster.executions}
    if len(orders) > 1:
        return []
    rows = zip(cluster.executions, cluster.entries, strict=True)
    return [(execution, entry) for (_, execution), (_, entry) in rows]


def _joined(history: History, found: list[tuple[int, int]]) -> History:
    """Give entries the execution and the order of their pairs, and say how they were joined."""
    if not found:
        return history
    executions, entries = (np.array(rows, dtype=np.int64) for rows in zip(*found, strict=True))
    changed = dict(history.columns.items())
    for name in ("exec_id", "order_id"):
        column = history.columns.text(name)
        codes = column.codes.astype(np.int64)
        codes[entries] = codes[executions]
        changed[name] = TextColumn(codes, column.names)
    ref = history.columns.text("ref")
    names = tuple(dict.fromkeys((*map(str, ref.names), BUSINESS_KEY)))
    said = ref.codes.astype(np.int64)
    said[entries] = names.index(BUSINESS_KEY)
    changed["ref"] = TextColumn(said, names)
    return History(HistoryColumns(changed), history.profile)


def _marked(history: History, doubtful: set[int]) -> History:
    """Add a mark for every order that is in doubt, once."""
    rows = np.array(sorted(doubtful), dtype=np.int64)
    orders = history.codes("order_id")
    rows = rows[orders[rows] >= 0]
    rows = rows[np.sort(np.unique(orders[rows], return_index=True)[1])]
    return marked(history, np.empty(0, dtype=np.int64), rows)
