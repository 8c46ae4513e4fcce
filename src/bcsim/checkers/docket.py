"""Where every subject's events are, so that its story can be told after it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.case import case_of
from bcsim.checkers.facts import facts_of
from bcsim.history.columns import concatenate
from bcsim.history.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.case import Case
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.ruling import Ruling
    from bcsim.checkers.whole import Whole
    from bcsim.history.divided import AnyHistory


class Docket:
    """The subjects of all shares in one order, and the way back to their events.

    Parameters
    ----------
    history
        What was judged.
    whole
        The record as a whole.
    rulings
        One a share, in their order.
    facts
        Facts of the only share; None if there are several, which are read again when asked for.
    """

    def __init__(
        self,
        history: AnyHistory,
        whole: Whole,
        rulings: Sequence[Ruling],
        facts: Facts | None,
    ) -> None:
        self.history = history
        self.whole = whole
        self.facts = facts
        self._begins = np.cumsum([0, *(len(one.verdicts) for one in rulings)])
        self.order: Ints = np.arange(self._begins[-1])
        if facts is None:
            part = np.concatenate([one.part for one in rulings])
            seq = np.concatenate([one.first_seq for one in rulings])
            self.order = np.lexsort((seq, part)).astype(np.int64)
        """Position of each subject in the list of all shares' subjects."""
        self._case: tuple[int, Case] | None = None

    @property
    def root(self) -> str:
        """Root of the history that was judged."""
        return self.history.root

    def numbers(self) -> list[Ints]:
        """Number among all of each subject, by share."""
        numbers = np.empty(len(self.order), dtype=np.int64)
        numbers[self.order] = np.arange(len(self.order))
        return [
            numbers[begin:end]
            for begin, end in zip(self._begins[:-1], self._begins[1:], strict=True)
        ]

    def facts_about(self, subjects: Sequence[int]) -> tuple[Facts, tuple[int, ...]]:
        """Facts that tell of some subjects, and their numbers in them."""
        if self.facts is not None:
            return self.facts, tuple(int(self.order[one]) for one in subjects)
        found = [self._found(one) for one in subjects]
        columns = concatenate([rows.columns for rows, _ in found])
        columns = columns.take(np.argsort(columns.integer("seq"), kind="stable"))
        facts = facts_of(History(columns, self.whole.profile), self.whole)
        names = facts.subjects.names
        return facts, tuple(names.number_of(name) for _, name in found)

    def _found(self, subject: int) -> tuple[History, str]:
        """Rows of one subject, and its name."""
        place = int(self.order[subject])
        share = int(np.searchsorted(self._begins, place, side="right")) - 1
        number = place - int(self._begins[share])
        if self._case is None or self._case[0] != share:
            self._case = None  # one share at a time
            self._case = (share, case_of(self.history.share(share), self.whole))
        case = self._case[1]
        rows = np.flatnonzero(case.subjects.of_row == number)
        return case.record.history.select(rows), case.subjects.names[number]


def shares_of(history: AnyHistory) -> Iterator[History]:
    """All shares of a history, one after the other."""
    return (history.share(number) for number in range(history.share_count))
