"""Two legs of one order: what a broker received under one name and sent on under another.

The legs are linked by what the operator says links them: a column that names the order received
(``parent_id`` of a mapping), the venue's OrderID that reports on both legs carry, or the terms
and the time. They become one order, under the name of the first leg; the name of the second stays
in ``idem_key``. Executions that the broker reports under ids of its own get the venue's: the n-th
of equal quantity and price on one leg is the n-th on the other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.history import History
from bcsim.history.matching import BUSINESS_KEY, ORDER_ID, PARENT, keys_of, marked, pairs_of
from bcsim.history.schema import NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.matching import Matching

    Ints = NDArray[np.int64]

_FILLS: Final = (Kind.EXECUTE, Kind.CONFIRM, Kind.BOOK, Kind.SETTLE)
_LEGS_MAX: Final = 16
"""Brokers that one order passes through; more is a circle of names."""


def joined_legs(history: History, matching: Matching) -> tuple[History, tuple[str, ...]]:
    """Make one order of the legs that are linked.

    Returns
    -------
    tuple
        The history with one name an order, and marks on what is ambiguous; and how many legs
        were joined by what, in a sentence each.
    """
    if not matching.links:
        return history, ()
    notes = []
    root = np.arange(len(history.columns.text("order_id").names), dtype=np.int64)
    if PARENT in matching.links or ORDER_ID in matching.links:
        stated = [link for link in (PARENT, ORDER_ID) if link in matching.links]
        root = _by_parents(history)
        notes.append(_said(root, " or ".join(stated)))
    doubtful = np.empty(0, dtype=np.int64)
    if BUSINESS_KEY in matching.links:
        alike, doubtful = _by_likeness(history, matching, root)
        notes.append(_said(alike, BUSINESS_KEY) + _left(doubtful))
        root = alike[root]
    history = marked(history, np.empty(0, dtype=np.int64), doubtful)
    return _under_first_name(history, root), tuple(notes)


def _said(root: Ints, key: str) -> str:
    count = int(np.count_nonzero(root != np.arange(len(root))))
    return f"{count:,} orders that a broker sent on are joined to those it received by {key}"


def _left(doubtful: Ints) -> str:
    count = len(doubtful)
    return f"; {count:,} have several candidates, and stay unknown" if count else ""


def _by_parents(history: History) -> Ints:
    """First leg of each order, by the order that its rows name as parent, ``(names,)``."""
    orders, parents = history.columns.text("order_id"), history.columns.text("parent_id")
    root = np.arange(len(orders.names), dtype=np.int64)
    rows = np.flatnonzero((parents.codes >= 0) & (orders.codes >= 0))
    rows = rows[np.sort(np.unique(orders.codes[rows], return_index=True)[1])]
    named = orders.codes_of([str(parents.decode(int(row))) for row in rows])
    known = named >= 0
    root[orders.codes[rows[known]]] = named[known]
    for _ in range(_LEGS_MAX):
        root = root[root]
    circle = root[root] != root
    root[circle] = np.flatnonzero(circle)
    return root


def _by_likeness(history: History, matching: Matching, root: Ints) -> tuple[Ints, Ints]:
    """First leg by terms and time, and entries of what has several candidates.

    The first leg came before; it was seen at the client, or not at the venue, and the second was
    not seen at the client.
    """
    orders = history.columns.text("order_id").codes
    count = len(root)
    at_client, at_venue = (
        _seen(orders[history.columns.text("vantage").is_in(vantage)], count)
        for vantage in (Vantage.CLIENT, Vantage.VENUE)
    )
    is_leg = (root != np.arange(count)) | _seen(root[root != np.arange(count)], count)
    entries = history.is_kind(Kind.SUBMIT, Kind.ROUTE) & (orders >= 0)
    rows = np.flatnonzero(entries)
    rows = rows[np.sort(np.unique(orders[rows], return_index=True)[1])]
    rows = rows[~is_leg[orders[rows]]]
    first = rows[at_client[orders[rows]] & ~at_venue[orders[rows]]]
    second = rows[~at_client[orders[rows]]]
    times = history.integer("time_ns")
    left, right = (keys_of(history, some, matching.terms, times) for some in (first, second))
    pairs = pairs_of(left, right, 0, matching.within_ns)
    alike = np.arange(count, dtype=np.int64)
    for one, other in pairs.found:
        alike[orders[second[other]]] = orders[first[one]]
    return alike, np.concatenate((first[list(pairs.left)], second[list(pairs.right)]))


def _seen(codes: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    seen = np.zeros(count, dtype=np.bool_)
    seen[codes[codes >= 0]] = True
    return seen


def _under_first_name(history: History, root: Ints) -> History:
    """Give the rows of every leg the name of the first, and executions one id."""
    columns = history.columns
    orders, keys = columns.text("order_id"), columns.text("idem_key")
    if np.array_equal(root, np.arange(len(root))):
        return history
    named = np.append(root, NULL_CODE)[orders.codes]
    moved = named != orders.codes
    names = tuple(dict.fromkeys((*map(str, keys.names), *map(str, orders.names))))
    number = {name: code for code, name in enumerate(names)}
    own = np.array([*(number[str(name)] for name in orders.names), NULL_CODE], dtype=np.int64)
    kept = np.array([*(number[str(name)] for name in keys.names), NULL_CODE], dtype=np.int64)
    key = np.where(moved & (keys.codes == NULL_CODE), own[orders.codes], kept[keys.codes])
    parents = columns.text("parent_id")
    changed = {
        **columns,
        **_executions(history, named, moved),
        "order_id": TextColumn(named, orders.names),
        "idem_key": TextColumn(key, names),
        "parent_id": TextColumn(np.where(moved, NULL_CODE, parents.codes), parents.names),
    }
    return History(HistoryColumns(changed), history.profile)


def _executions(history: History, named: Ints, moved: NDArray[np.bool_]) -> dict[str, TextColumn]:
    """``exec_id`` and ``ref`` with the ids of the last leg in the place of the broker's own."""
    executions, refs = history.columns.text("exec_id"), history.columns.text("ref")
    joined = _seen(named[moved], int(named.max(initial=0)) + 1)
    about = np.flatnonzero(joined[named] & (named >= 0) & (executions.codes >= 0))
    renamed = _renamed(history, about, named, moved)
    codes = executions.codes.astype(np.int64)
    texts = [str(name) for name in refs.names]
    number = {text: code for code, text in enumerate(texts)}
    said = refs.codes.astype(np.int64)
    for row in np.flatnonzero(joined[named] & (named >= 0)).tolist():
        order = int(named[row])
        codes[row] = renamed.get((order, int(codes[row])), codes[row])
        if said[row] >= 0:
            referred = executions.code_of(texts[said[row]])
            new = renamed.get((order, referred), referred)
            if new != referred:
                said[row] = number.setdefault(str(executions.names[new]), len(number))
    return {
        "exec_id": TextColumn(codes, executions.names),
        "ref": TextColumn(said, tuple(number)),
    }


def _renamed(
    history: History, about: Ints, named: Ints, moved: NDArray[np.bool_]
) -> dict[tuple[int, int], int]:
    """The id on the last leg of each execution that a first leg reports under another."""
    about = about[history.is_kind(*_FILLS)[about]]
    codes = history.columns.text("exec_id").codes
    qty, price = history.integer("qty"), history.integer("price")
    legs: dict[int, tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]]
    legs = defaultdict(lambda: ({}, {}))
    for row in about.tolist():  # in order of time
        terms = (int(qty[row]), int(price[row]))
        legs[int(named[row])][int(moved[row])].setdefault(int(codes[row]), terms)
    found: dict[tuple[int, int], int] = {}
    for order, (first, last) in legs.items():
        free: dict[tuple[int, int], list[int]] = defaultdict(list)
        for execution, terms in last.items():
            if execution not in first:
                free[terms].append(execution)
        for execution, terms in first.items():
            if execution not in last and free[terms]:
                found[order, execution] = free[terms].pop(0)
    return found
