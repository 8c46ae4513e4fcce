"""What each client wished: the terms against which everything that happened is held.

The wish is the first ``intend`` row of the intent. Where no intents are recorded, the first
entry that was seen of an order stands for it: then only what came after that entry is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import NEVER, first_positions, happened, last_positions, pick
from bcsim.checkers.legs import kinds_by
from bcsim.history.columns import TextColumn
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.legs import Kinds
    from bcsim.checkers.record import Record
    from bcsim.checkers.subjects import Subjects

_KIND_TERMS: Final = ("channel", "segment", "instrument")


@dataclass(frozen=True, eq=False)
class Wishes:
    """The wish of each subject, arrays of ``(subjects,)``.

    Parameters
    ----------
    row
        Position of the row that states the wish; NEVER for a stray.
    is_intent
        Whether that row is an ``intend`` row.
    start_ns
        Time of the first row about the subject.
    entered_ns
        Time of the first entry by the client, or of the wish if it never was entered.
    """

    record: Record
    row: Ints
    is_intent: Bools
    start_ns: Ints
    entered_ns: Ints
    replaced: Ints
    """Position of the last change of terms that the firm accepted, as far as its own logs show
    any; else of the last that the client was told."""

    @property
    def is_known(self) -> Bools:
        """Whether there is a wish to compare with."""
        return happened(self.row)

    def integer(self, name: str) -> Ints:
        """An integer term as wished, null where there is no wish."""
        return pick(self.record.integer(name), self.row, NULL)

    def codes(self, name: str) -> Ints:
        """Code of a text term as wished, -1 where there is no wish."""
        return pick(self.record.codes(name), self.row, NULL_CODE)

    @cached_property
    def is_by_amount(self) -> Bools:
        """Whether the wish names an amount of money and no quantity."""
        by_amount: Bools = (self.integer("qty") == NULL) & (self.integer("amount") != NULL)
        return by_amount

    @cached_property
    def size(self) -> Ints:
        """Quantity wished, or amount where there is none; after the last accepted change."""
        wished = np.where(self.is_by_amount, self.integer("amount"), self.integer("qty"))
        changed = pick(self.record.integer("qty"), self.replaced, NULL)
        return np.where((changed != NULL) & ~self.is_by_amount, changed, wished)

    @cached_property
    def kinds(self) -> Kinds:
        """Kind of each subject, of which the record shows by example which legs it has."""
        text = self.record.text
        return kinds_by([TextColumn(self.codes(name), text(name).names) for name in _KIND_TERMS])

    @cached_property
    def is_limit(self) -> Bools:
        """Whether the wish is a limit order: it waits for a price, not for the firm."""
        limit: Bools = self.codes("ord_type") == self.record.text("ord_type").code_of("limit")
        return limit & self.is_known


def wishes_of(record: Record, subjects: Subjects) -> Wishes:
    """Find every subject's wish."""
    every = np.flatnonzero(subjects.of_row != NEVER)
    first = first_positions(subjects.count, subjects.of_row[every], every)
    intended = _first(record.rows(Kind.INTEND), subjects)
    entered = _first(record.told(Kind.SUBMIT, Kind.RESEND), subjects)
    stated = intended
    if not record.whole.intents_are_recorded:
        stated = np.where(
            happened(intended), intended, _first(record.rows(Kind.SUBMIT, Kind.RESEND), subjects)
        )
    start_ns = pick(record.time_ns, first, 0)
    changed = _last(record.in_firm(Kind.REPLACE), subjects)
    told = _last(record.told(Kind.REPLACE), subjects)
    return Wishes(
        record=record,
        row=stated,
        is_intent=happened(intended),
        start_ns=start_ns,
        entered_ns=np.where(happened(entered), pick(record.time_ns, entered, 0), start_ns),
        replaced=np.where(happened(changed), changed, told),
    )


def _last(rows: Ints, subjects: Subjects) -> Ints:
    rows = rows[subjects.of_row[rows] != NEVER]
    return last_positions(subjects.count, subjects.of_row[rows], rows)


def _first(rows: Ints, subjects: Subjects) -> Ints:
    rows = rows[subjects.of_row[rows] != NEVER]
    return first_positions(subjects.count, subjects.of_row[rows], rows)
