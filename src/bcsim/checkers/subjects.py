"""Who is judged: each intent, and each order that no recorded intent accounts for.

Rows name their intent, or an order, key, parent or execution that leads to it. An order that
leads to none is a *stray*: a subject of its own. Every order belongs to one subject; a subject
without any order has one that stands for the entry that never came.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import NEVER, counts_of, first_positions, pick
from bcsim.checkers.whole import MARKET
from bcsim.history.names import LongNames, Utf8Names, taken, utf8
from bcsim.history.schema import NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.record import Record
    from bcsim.history.columns import TextColumn

_SOURCES: Final = ("intent_id", "order_id", "exec_id")

_PREFIXES: Final = ("", "order ", "execution ")
"""Put before the name of a stray whose id is also that of an intent."""


class SubjectNames(LongNames):
    """Names of the subjects, made when asked: intent ids, then ids of stray orders."""

    def __init__(self, columns: Sequence[TextColumn], codes: Sequence[Ints]) -> None:
        self._columns = columns
        self._codes = codes
        self._begins = np.cumsum([0, *map(len, codes)])

    def __len__(self) -> int:
        return int(self._begins[-1])

    @property
    def part(self) -> Ints:
        """Which of intents, stray orders and stray executions each is: 0, 1 or 2."""
        return np.repeat(np.arange(len(self._codes)), np.diff(self._begins))

    def text(self, place: int) -> str:
        """Name of one subject."""
        part = int(np.searchsorted(self._begins, place, side="right")) - 1
        place -= int(self._begins[part])
        name = str(self._columns[part].names[int(self._codes[part][place])])
        return _PREFIXES[part] + name if self._is_taken[part][place] else name

    def take(self, places: Ints) -> Utf8Names:
        """Names of some subjects."""
        return self.utf8().take(places)

    def utf8(self) -> Utf8Names:
        """All names in one buffer."""
        parts = [
            utf8(taken(column.names, codes))
            for column, codes in zip(self._columns, self._codes, strict=True)
        ]
        for part, is_taken in enumerate(self._is_taken):
            if is_taken.any():
                named = zip(parts[part].to_list(), is_taken.tolist(), strict=True)
                parts[part] = utf8([_PREFIXES[part] * is_one + name for name, is_one in named])
        lengths = np.concatenate([names.lengths for names in parts])
        return Utf8Names(np.concatenate([names.buffer for names in parts]), np.cumsum(lengths))

    @cached_property
    def _is_taken(self) -> list[Bools]:
        """Of each part, which names are also that of an intent."""
        intents = self._columns[0]
        strays = [
            taken(column.names, codes)
            for column, codes in zip(self._columns[1:], self._codes[1:], strict=True)
        ]
        nobody = np.zeros(len(self._codes[0]), dtype=np.bool_)
        return [nobody, *(intents.codes_of(names) >= 0 for names in strays)]

    def number_of(self, name: str) -> int:
        """Number of the subject of that name; KeyError if there is none."""
        for part, prefix in enumerate(_PREFIXES):
            code = self._columns[part].code_of(name.removeprefix(prefix))
            places = np.flatnonzero(self._codes[part] == code)
            for number in (int(self._begins[part] + place) for place in places):
                if self[number] == name:
                    return number
        raise KeyError(name)


@dataclass(frozen=True, eq=False)
class Subjects:
    """The subjects of a record and which rows and orders are theirs.

    Parameters
    ----------
    names
        Name of each subject.
    of_row
        Subject of each row, -1 for rows about no order.
    order_of_row
        Order of each row, -1 likewise.
    of_order
        Subject of each order.
    last_order
        The order of each subject that was seen first last: the one that counts now.
    """

    names: SubjectNames
    of_row: Ints
    order_of_row: Ints
    of_order: Ints
    last_order: Ints

    @property
    def count(self) -> int:
        """Number of subjects."""
        return len(self.names)

    @property
    def order_count(self) -> int:
        """Number of orders."""
        return len(self.of_order)

    @cached_property
    def orders_of(self) -> Ints:
        """Number of orders of each subject."""
        return counts_of(self.count, self.of_order)


def subjects_of(record: Record) -> Subjects:
    """Find the subjects of ``record`` and what belongs to each."""
    intents, orders = _linked(record)
    executions = np.where(_is_execution(record), record.exec_codes, NULL_CODE)
    of_row = np.full(len(record), NEVER, dtype=np.int64)
    parts: list[Ints] = []
    count = 0
    for codes in (intents, orders, executions):
        free = np.flatnonzero((of_row == NEVER) & (codes >= 0))
        dense, kept = _numbered(codes[free], free)
        of_row[free] = dense + count
        count += len(kept)
        parts.append(kept)
    names = SubjectNames([record.text(name) for name in _SOURCES], parts)
    return _with_orders(names, of_row, orders)


def _is_execution(record: Record) -> Bools:
    mask = np.zeros(len(record), dtype=np.bool_)
    mask[record.rows(Kind.EXECUTE)] = True
    return mask & ~is_market(record)


def is_market(record: Record) -> Bools:
    """Which rows are the other side of an execution, reported by the venue."""
    other_side: Bools = record.codes("client_id") == record.text("client_id").code_of(MARKET)
    return other_side


def _numbered(codes: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Number ``codes`` by first appearance; also the code of each number."""
    if not len(codes):
        return codes, codes
    first = first_positions(int(codes.max()) + 1, codes, rows)
    used = np.flatnonzero(first != NEVER)
    kept = used[np.argsort(first[used], kind="stable")].astype(np.int64)
    number = np.full(len(first), NEVER, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    return number[codes], kept


def _with_orders(names: SubjectNames, of_row: Ints, orders: Ints) -> Subjects:
    """Number the orders, give orderless subjects one, and place every row."""
    rows = np.flatnonzero((of_row != NEVER) & (orders >= 0))
    dense, kept = _numbered(orders[rows], rows)
    of_order = np.full(len(kept), NEVER, dtype=np.int64)
    of_order[dense[::-1]] = of_row[rows][::-1]
    has_order = np.zeros(len(names), dtype=np.bool_)
    has_order[of_order] = True
    without = np.flatnonzero(~has_order)
    of_order = np.concatenate((of_order, without)).astype(np.int64)
    last_order = np.full(len(names), NEVER, dtype=np.int64)
    last_order[of_order] = np.arange(len(of_order))  # orders are numbered by first appearance
    order_of_row = pick(last_order, of_row, NEVER)
    order_of_row[rows] = dense
    return Subjects(names, of_row, order_of_row, of_order, last_order)


# -- links -----------------------------------------------------------------------------------


def _linked(record: Record) -> tuple[Ints, Ints]:
    """Intent and order code of each row, completed through keys, parents and executions."""
    intents, orders = record.codes("intent_id"), record.codes("order_id")
    executions, keys = record.exec_codes, record.codes("idem_key")
    market = is_market(record)
    if market.any():
        intents, orders, executions, keys = (
            np.where(market, NULL_CODE, codes) for codes in (intents, orders, executions, keys)
        )
    orders = _completed(orders, executions, orders)
    if not np.any((intents == NULL_CODE) & (orders != NULL_CODE)):
        return intents, orders
    intents = _completed(intents, orders, intents)
    by_key = _completed(intents, keys, intents)
    intents = _completed(by_key, orders, by_key)
    return _through_parents(record, intents, orders), orders


def _completed(target: Ints, via: Ints, source: Ints) -> Ints:
    """``target`` with nulls filled from the first row that has the same ``via`` and a source."""
    if not np.any((target == NULL_CODE) & (via >= 0)):
        return target
    giving = np.flatnonzero((source >= 0) & (via >= 0))
    known = np.full(int(via.max()) + 1, NULL_CODE, dtype=np.int64)
    known[via[giving][::-1]] = source[giving][::-1]
    return np.where((target == NULL_CODE) & (via >= 0), known[via], target)


def _through_parents(record: Record, intents: Ints, orders: Ints) -> Ints:
    """Give the orders that still lack an intent the one of the order they stem from.

    NOTE: parents are names of another column, so they are looked up one by one; only orders
    without any other link come here. A chain is followed from its oldest link down.
    """
    column, parents = record.text("order_id"), record.text("parent_id")
    lacking = np.flatnonzero(
        (intents == NULL_CODE) & (orders >= 0) & (record.codes("parent_id") >= 0)
    )
    if not len(lacking):
        return intents
    having = np.flatnonzero((intents >= 0) & (orders >= 0))
    known = np.full(int(orders.max()) + 1, NULL_CODE, dtype=np.int64)
    known[orders[having][::-1]] = intents[having][::-1]
    firsts = np.sort(np.unique(orders[lacking], return_index=True)[1])
    rows = lacking[firsts]
    found = column.codes_of([parents.decode(int(row)) for row in rows])
    for row, parent in zip(rows, found.tolist(), strict=True):
        if known[orders[row]] == NULL_CODE and 0 <= parent < len(known):
            known[orders[row]] = known[parent]
    return np.where((intents == NULL_CODE) & (orders >= 0), known[orders], intents)
