"""A history as the checkers read it: in order of time, rows by kind, and what it claims."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from bcsim.checkers.whole import whole_of
from bcsim.history.profile import SIMULATION
from bcsim.history.schema import NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.whole import Whole
    from bcsim.history.columns import TextColumn
    from bcsim.history.history import History

CLIENT: Final = Vantage.CLIENT.value
VENUE: Final = Vantage.VENUE.value
_UNREADABLE: Final = (Kind.EXECUTE, Kind.CONFIRM, Kind.ACKNOWLEDGE, Kind.BOOK, Kind.SETTLE)
"""Kinds without which nothing ends well: a table of them that is empty proves nothing."""


class Record:
    """A history or a share of one, by time and sequence, with row indexes by kind and vantage."""

    def __init__(self, history: History, whole: Whole | None = None) -> None:
        self.history = _in_time_order(history)
        self.profile = history.profile
        self.whole = whole_of([history]) if whole is None else whole
        """The record that this is a share of; itself, if it is all."""
        self.watch = self.whole.watch
        self._rows_by_kind: dict[str, Ints] = {}
        self._rows_by_kinds: dict[tuple[str, ...], Ints] = {}

    def __len__(self) -> int:
        return len(self.history)

    # -- columns -----------------------------------------------------------------------------

    def integer(self, name: str) -> Ints:
        """An integer column, null is ``schema.NULL``."""
        return self.history.columns.integer(name)

    def text(self, name: str) -> TextColumn:
        """A text column."""
        return self.history.columns.text(name)

    def codes(self, name: str) -> Ints:
        """Codes of a text column, -1 is null.

        NOTE: they may have 32 bits, half the memory of a large history; products of codes are
        made by :func:`bcsim.checkers.arrays.paired`, which has room for them.
        """
        return cast("Ints", self.text(name).codes)

    @cached_property
    def time_ns(self) -> Ints:
        """Time of every row, ascending."""
        return self.integer("time_ns")

    @cached_property
    def exec_codes(self) -> Ints:
        """Execution that each row speaks of; of a bust or correction, the one it refers to."""
        codes = self.codes("exec_id")
        rows = self.rows(Kind.BUST, Kind.CORRECT)
        if not len(rows):
            return codes
        codes = codes.copy()
        column, ref = self.text("exec_id"), self.text("ref")
        referred = column.codes_of([ref.decode(row) for row in rows])
        codes[rows] = np.where(self.codes("ref")[rows] == NULL_CODE, codes[rows], referred)
        return codes

    # -- rows --------------------------------------------------------------------------------

    @cached_property
    def _by_kind(self) -> tuple[Ints, Ints]:
        """Row numbers sorted by kind, and where each kind begins (by code + 1)."""
        column = self.text("kind")
        codes = (column.codes + 1).astype(np.uint8)  # 16 bits or fewer sort by radix
        order = np.argsort(codes, kind="stable").astype(np.int64)
        counts = np.bincount(codes, minlength=len(column.names) + 1)
        return order, np.concatenate(([0], np.cumsum(counts))).astype(np.int64)

    def _rows_of(self, kind: str) -> Ints:
        if kind not in self._rows_by_kind:
            code = self.text("kind").code_of(kind) + 1
            order, begins = self._by_kind
            known = code >= 0
            self._rows_by_kind[kind] = (
                order[begins[code] : begins[code + 1]] if known else order[:0]
            )
        return self._rows_by_kind[kind]

    def rows(self, *kinds: str) -> Ints:
        """Rows of one or several kinds, ascending."""
        if len(kinds) == 1:
            return self._rows_of(kinds[0])
        if kinds not in self._rows_by_kinds:
            rows = [self._rows_of(kind) for kind in kinds]
            self._rows_by_kinds[kinds] = np.sort(np.concatenate(rows))
        return self._rows_by_kinds[kinds]

    def told(self, *kinds: str) -> Ints:
        """Rows of some kinds that the client saw, ascending."""
        rows = self.rows(*kinds)
        return rows[self.at_client(rows)]

    def in_firm(self, *kinds: str) -> Ints:
        """Rows of some kinds seen anywhere but at the client, ascending."""
        rows = self.rows(*kinds)
        return rows[~self.at_client(rows)]

    def at_client(self, rows: Ints) -> Bools:
        """Which of ``rows`` were seen by the client."""
        return self.at(CLIENT, rows)

    def at(self, vantage: str, rows: Ints) -> Bools:
        """Which of ``rows`` were seen at one vantage point."""
        seen: Bools = self.codes("vantage")[rows] == self.text("vantage").code_of(vantage)
        return seen

    def has_text(self, name: str, rows: Ints, *texts: str) -> Bools:
        """Which of ``rows`` hold one of ``texts`` in the text column ``name``."""
        codes = self.text(name).codes[rows]
        found = np.zeros(len(codes), dtype=np.bool_)
        for text in texts:  # a handful; np.isin is for more
            found |= codes == self.text(name).code_of(text)
        return found

    def vantages_of(self, *kinds: str) -> tuple[str, ...]:
        """Vantage points that report events of some kinds, in the whole record."""
        return self.whole.vantages_of(*kinds)

    @cached_property
    def executing(self) -> frozenset[str]:
        """Vantage points that would report an execution: the venue, and whoever reports one.

        Where no venue was watched and nobody ever reported one, whoever was watched in the firm.
        """
        reporting = set(self.vantages_of(Kind.EXECUTE)) - {CLIENT}
        if not reporting and VENUE not in self.watch.vantages:
            return frozenset(self.watch.vantages) - {CLIENT}
        return frozenset(reporting | {VENUE})

    # -- what the record claims --------------------------------------------------------------

    @cached_property
    def end_ns(self) -> int:
        """End of what is judged: of the drain, else of the record."""
        return self.whole.end_ns

    @property
    def opening_ns(self) -> int:
        """Time at which the whole record should begin."""
        return self.whole.opening_ns

    @cached_property
    def clock_error_ns(self) -> int:
        """By how much times of two vantage points may be wrong against each other."""
        return self.whole.clock_error_ns

    @cached_property
    def is_drained(self) -> bool:
        """Whether there was a drain and the run settled; else an open order proves nothing."""
        return self.profile.drain is not None and self.profile.settled

    def claims(self, kind: Kind) -> bool:
        """Whether the record says that it holds all events of this kind."""
        return self.whole.claims(kind)

    def shows(self, kind: Kind) -> bool:
        """Whether the absence of an event of this kind can mean that it did not happen.

        Not so if the record does not claim the kind, or claims it and holds not one: an empty
        table is rather a failed export than two thousand losses. The exceptions are a simulation
        that names no kinds, whose recorder cannot forget a table, and kinds of which the profile
        says that their messages are numbered and none is missing.
        """
        if kind in self.profile.numbered_kinds:
            return self.claims(kind)
        if not self.claims(kind) or kind not in _UNREADABLE or self.whole.count(kind):
            return self.claims(kind)
        return self.profile.kind == SIMULATION and not self.profile.declared_kinds


def _in_time_order(history: History) -> History:
    time_ns = history.columns.integer("time_ns")
    if len(time_ns) < 2 or bool(np.all(time_ns[1:] >= time_ns[:-1])):  # noqa: PLR2004 - a pair
        return history
    order = np.lexsort((history.columns.integer("seq"), time_ns))
    return history.select(order)
