"""A history that memory cannot hold: in shares, each with every row about some of the orders."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from bcsim.history import root
from bcsim.history.columns import HistoryColumns, TextColumn, concatenate
from bcsim.history.history import History
from bcsim.history.names import LongNames, Utf8Names
from bcsim.history.schema import COLUMN_NAMES, NULL
from bcsim.history.sequence import Sequence
from bcsim.history.spill import Spill

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from bcsim.history.profile import Profile

    Part: TypeAlias = Callable[[], HistoryColumns]

    AnyHistory: TypeAlias = "History | DividedHistory"

_WINDOW_ROWS: Final = 1_000_000
"""Rows that are put in order at a time."""


@dataclass(frozen=True, eq=False)
class DividedHistory:
    """One history in shares that are read when asked for, one at a time.

    Parameters
    ----------
    profile
        What the history says about itself.
    parts
        What reads each share: all columns, ascending by ``seq``, which counts over all shares.
    row_count
        Rows of all shares.
    span_ns
        Times of the first and last row; None if there is none.
    """

    profile: Profile
    parts: tuple[Part, ...]
    row_count: int
    span_ns: tuple[int, int] | None

    def __len__(self) -> int:
        return self.row_count

    @property
    def share_count(self) -> int:
        """Number of shares."""
        return len(self.parts)

    def share(self, number: int) -> History:
        """Read one share."""
        return History(self.parts[number](), self.profile)

    def mapped(
        self, change: Callable[[HistoryColumns], HistoryColumns], profile: Profile
    ) -> DividedHistory:
        """The history with every row changed, each by itself, under another profile."""
        parts = tuple(partial(_changed, part, change) for part in self.parts)
        return replace(self, parts=parts, profile=profile)

    def gathered(self) -> History:
        """All of it in memory."""
        if len(self.parts) == 1:
            return self.share(0)
        columns = concatenate([part() for part in self.parts])
        order = np.argsort(columns.integer("seq"), kind="stable")
        return History(columns.take(order), self.profile)

    @cached_property
    def root(self) -> str:
        """The root of the same history in one piece."""
        hasher = root.RootHasher()
        for portion in self.in_order():
            hasher.add(portion)
        return hasher.root(self.profile)

    def in_order(self) -> Iterator[HistoryColumns]:
        """All rows by ``seq``, in portions, in the memory of a portion and a share."""
        spill: Spill[int] = Spill()
        for part in self.parts:
            columns = part()
            edges = np.arange(0, self.row_count + _WINDOW_ROWS, _WINDOW_ROWS)
            places = np.searchsorted(columns.integer("seq"), edges)
            for window, (begin, end) in enumerate(itertools.pairwise(places)):
                if end > begin:
                    put_aside(spill, window, columns.take(slice(int(begin), int(end))).compact())
        for window in range(-(-self.row_count // _WINDOW_ROWS)):
            columns = concatenate(list(fetched(spill, window)))
            spill.forget(window)
            yield columns.take(np.argsort(columns.integer("seq"), kind="stable"))


class ShareRows:
    """Rows of shares that are to be one history: put aside share by share, numbered at last."""

    def __init__(self) -> None:
        self._spill: Spill[int] = Spill()
        self._sequence = Sequence()
        self._spans: list[tuple[int, int]] = []
        self._shares = 0

    def add(self, columns: HistoryColumns, places: NDArray[np.uint64]) -> None:
        """Take the rows of the next share, without ``seq``, by time and by place in each time.

        A place orders rows of one time over all shares.
        """
        time_ns = columns.integer("time_ns")
        self._sequence.add(time_ns, places)
        if len(time_ns):
            self._spans.append((int(time_ns[0]), int(time_ns[-1])))
        put_aside(self._spill, self._shares, columns)
        self._shares += 1

    def history(
        self, profile: Profile, change: Callable[[HistoryColumns], HistoryColumns] | None = None
    ) -> AnyHistory:
        """The history of all rows, changed each by itself: in memory if it is one share."""
        numbers = self._sequence.numbered()
        parts = tuple(
            partial(_numbered, self._spill, numbers, number, change)
            for number in range(self._shares)
        )
        begins, ends = zip(*self._spans, strict=True) if self._spans else ((), ())
        span_ns = (min(begins), max(ends)) if self._spans else None
        divided = DividedHistory(profile, parts, self._sequence.count, span_ns)
        return divided.gathered() if self._shares == 1 else divided


def _numbered(
    spill: Spill[int],
    numbers: Spill[int],
    number: int,
    change: Callable[[HistoryColumns], HistoryColumns] | None,
) -> HistoryColumns:
    columns = next(fetched(spill, number))
    columns = columns if change is None else change(columns)
    seq = [arrays["seq"] for arrays, _ in numbers.pieces(number)]
    return HistoryColumns({**columns, "seq": np.concatenate([np.empty(0, np.int64), *seq])})


def divided_by(history: History, share: NDArray[np.uint16], count: int) -> DividedHistory:
    """A history in ``count`` shares, given the share of each row."""
    spill: Spill[int] = Spill()
    order = np.argsort(share, kind="stable")
    edges = np.searchsorted(share[order], np.arange(count + 1)).tolist()
    for number, (begin, end) in enumerate(itertools.pairwise(edges)):
        rows = np.sort(order[begin:end])
        put_aside(spill, number, history.columns.take(rows).compact())
    parts = tuple(partial(_fetched_one, spill, number) for number in range(count))
    return DividedHistory(history.profile, parts, len(history), history.span_ns)


def _fetched_one(spill: Spill[int], number: int) -> HistoryColumns:
    return next(fetched(spill, number))


def put_aside(spill: Spill[int], key: int, columns: HistoryColumns) -> None:
    """Append rows to a table of a spill; names that several columns share stay shared."""
    arrays: dict[str, NDArray[Any]] = {}
    names: dict[str, collections.abc.Sequence[str] | int] = {}
    for name, column in columns.items():
        if not isinstance(column, TextColumn):
            is_null = column.strides == (0,) and bool((column[:1] == NULL).all())
            if not is_null:  # else it is so throughout
                arrays[name] = column
            continue
        arrays[name] = column.codes
        names[name] = column.names
        if isinstance(column.names, LongNames):
            number = id(column.names)
            names[name] = number
            if f"{number} ends" not in arrays:
                long = column.names.utf8()
                arrays[f"{number} buffer"], arrays[f"{number} ends"] = long.buffer, long.ends
    spill.add(key, arrays, names)


def fetched(spill: Spill[int], key: int) -> Iterator[HistoryColumns]:
    """The rows of a table of a spill, as they were put aside."""
    for arrays, names in spill.pieces(key):
        assert isinstance(names, dict), "names of the text columns"
        long = {
            number: Utf8Names(arrays[f"{number} buffer"], arrays[f"{number} ends"])
            for number in names.values()
            if isinstance(number, int)
        }
        columns: dict[str, NDArray[np.int64] | TextColumn] = {}
        for name in COLUMN_NAMES:
            if name in names:
                found = names[name]
                texts = long[found] if isinstance(found, int) else found
                columns[name] = TextColumn(arrays[name], texts)
            elif name in arrays:
                columns[name] = arrays[name]
        yield HistoryColumns(columns)


def _changed(part: Part, change: Callable[[HistoryColumns], HistoryColumns]) -> HistoryColumns:
    return change(part())
