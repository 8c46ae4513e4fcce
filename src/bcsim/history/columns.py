"""A history's columns in memory: integers as arrays, text as codes into a list of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from bcsim.history.names import LongNames, joined, taken, utf8
from bcsim.history.schema import (
    ABSENT_CODE,
    COLUMN_NAMES,
    INTEGER_NAMES,
    NULL,
    NULL_CODE,
    TEXT_NAMES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.history.names import Utf8Names

    IntegerColumn: TypeAlias = NDArray[np.int64]
    Codes: TypeAlias = NDArray[np.int32] | NDArray[np.int64]
    Selection: TypeAlias = NDArray[np.bool_] | NDArray[np.intp] | slice


_EVENTS_ROWS: Final = 4096
"""Rows that :meth:`HistoryColumns.events` holds as Python objects at a time."""

_SLOTS_PER_ROW: Final = 16
"""Slots of a lookup table a row; beyond it the table costs more than sorting."""


_SEARCHES: Final = 16
"""Searches among many names that cost as much as a table of them all."""


@dataclass(frozen=True, eq=False)
class TextColumn:
    """One text column: row ``i`` is ``names[codes[i]]``, or null where the code is -1.

    Parameters
    ----------
    codes
        One int32 or int64 a row.
    names
        The texts; may be lazy, see :mod:`bcsim.history.names`. A name may occur that no row
        uses; no name occurs twice.
    """

    codes: Codes
    names: Sequence[str]

    def __post_init__(self) -> None:
        codes = self.codes.view()
        codes.flags.writeable = False
        object.__setattr__(self, "codes", codes)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _code_by_name(self) -> dict[str, int]:
        return {self.names[code]: code for code in range(len(self.names))}

    def code_of(self, name: str | None) -> int:
        """Code of ``name``: -1 for ``None``, -2 (equal to no row's code) if it is absent."""
        if name is None:
            return NULL_CODE
        if self._has_long_names:  # a table of them all would cost more than a search
            place = self.utf8.place_of(name)
            return ABSENT_CODE if place < 0 else place
        return self._code_by_name.get(name, ABSENT_CODE)

    @cached_property
    def _has_long_names(self) -> bool:
        return isinstance(self.names, LongNames)

    @cached_property
    def utf8(self) -> Utf8Names:
        """The names in one buffer."""
        return utf8(self.names)

    def codes_of(self, names: Sequence[str | None]) -> NDArray[np.int64]:
        """Codes of several names, -1 for None and -2 where absent."""
        if not len(self.names) and isinstance(names, LongNames):
            return np.full(len(names), ABSENT_CODE, dtype=np.int64)
        if self._has_long_names and len(names) > _SEARCHES:
            places = dict(zip(self.utf8.to_list(), range(len(self.names)), strict=True))
            found = [NULL_CODE if name is None else places.get(name, ABSENT_CODE) for name in names]
        else:
            found = [self.code_of(name) for name in names]
        return np.array(found, dtype=np.int64)

    def is_in(self, *names: str) -> NDArray[np.bool_]:
        """Which rows hold one of ``names``."""
        return np.isin(self.codes, self.codes_of(names))

    def name(self, code: int) -> str | None:
        """Text of a code; ``None`` for -1."""
        return None if code < 0 else str(self.names[code])

    def decode(self, row: int) -> str | None:
        """Text of one row, or ``None``."""
        return self.name(int(self.codes[row]))

    def to_objects(self) -> NDArray[np.object_]:
        """Every row's text or ``None``, as an object array; only for small histories."""
        names = np.empty(len(self.names) + 1, dtype=object)
        if isinstance(self.names, LongNames):
            names[:-1] = self.utf8.to_list()
        else:
            names[:-1] = [str(self.names[code]) for code in range(len(self.names))]
        return names[self.codes]  # code -1 is the last, the null

    def take(self, rows: Selection) -> TextColumn:
        """The column at some rows; the names are shared."""
        return TextColumn(self.codes[rows], self.names)

    def compact(self) -> TextColumn:
        """The same texts, numbered by first appearance, without names that no row uses."""
        if not len(self.codes) or int(self.codes.max()) == NULL_CODE:
            return TextColumn(np.full(len(self.codes), NULL_CODE, dtype=np.int32), ())
        code_by_slot, slots = _slots(self.codes)
        first = np.full(len(code_by_slot), len(slots))
        first[slots[::-1]] = np.arange(len(slots) - 1, -1, -1)  # NumPy: the last one stays
        is_used = (first < len(slots)) & (code_by_slot >= 0)
        used = np.flatnonzero(is_used)
        used = used[np.argsort(first[used])]
        new_code = np.full(len(code_by_slot), NULL_CODE, dtype=np.int32)
        new_code[used] = np.arange(len(used))
        return TextColumn(new_code[slots], taken(self.names, code_by_slot[used]))


def coded(column: str, cells: Sequence[object]) -> TextColumn:
    """Code the texts and Nones of one column compactly; TypeError for anything else."""
    code_by_cell: dict[object, int] = dict.fromkeys(cells, NULL_CODE)
    code_by_cell.pop(None, None)
    names: list[str] = []
    for code, cell in enumerate(code_by_cell):
        if not isinstance(cell, str):
            message = f"{column}={cell!r} is not a text"
            raise TypeError(message)
        code_by_cell[cell] = code
        names.append(str(cell))  # a member of an enumeration becomes plain
    code_by_cell[None] = NULL_CODE
    codes = np.fromiter(map(code_by_cell.__getitem__, cells), np.int32, len(cells))
    return TextColumn(codes, tuple(names))


def _slots(codes: Codes) -> tuple[NDArray[np.int64], Codes]:
    """Number the codes densely enough for a table: (code of each slot, slot of each row)."""
    least, most = int(codes.min()), int(codes.max())
    if most - least <= _SLOTS_PER_ROW * len(codes):  # a table beats sorting tenfold
        return np.arange(least, most + 1), codes - codes.dtype.type(least)
    distinct, slots = np.unique(codes.astype(np.int64), return_inverse=True)
    return distinct, slots


class HistoryColumns(Mapping[str, Any]):
    """The columns of a history by name, all of one length.

    ``columns["qty"]`` is an int64 array, ``columns["kind"]`` a :class:`TextColumn`;
    :meth:`integer` and :meth:`text` give the same with a precise type. Columns left out at
    construction are null in every row.

    Parameters
    ----------
    columns
        Some or all columns. Integer arrays are made read-only int64.
    """

    def __init__(self, columns: Mapping[str, NDArray[np.int64] | TextColumn]) -> None:
        unknown = sorted(set(columns) - set(COLUMN_NAMES))
        assert not unknown, f"columns={unknown} are not in the schema"
        lengths = {name: len(column) for name, column in columns.items()}
        assert len(set(lengths.values())) == 1, f"columns differ in length: {lengths}"
        self.row_count: int = next(iter(lengths.values()))
        self._is_compact = False
        self._integers: dict[str, IntegerColumn] = {}
        self._texts: dict[str, TextColumn] = {}
        for name in INTEGER_NAMES:
            given = columns.get(name)
            assert not isinstance(given, TextColumn), f"column {name} holds integers"
            self._integers[name] = _frozen_integers(given, self.row_count)
        for name in TEXT_NAMES:
            text = columns.get(name)
            if text is None:
                text = TextColumn(np.full(self.row_count, NULL_CODE, dtype=np.int32), ())
            assert isinstance(text, TextColumn), f"column {name} holds text"
            self._texts[name] = text

    def __getitem__(self, name: str) -> NDArray[np.int64] | TextColumn:
        if name in self._integers:
            return self._integers[name]
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMN_NAMES)

    def __len__(self) -> int:
        return len(COLUMN_NAMES)

    def integer(self, name: str) -> NDArray[np.int64]:
        """An integer column: int64 ``(rows,)``, null is ``schema.NULL``."""
        return self._integers[name]

    def text(self, name: str) -> TextColumn:
        """A text column."""
        return self._texts[name]

    def take(self, rows: Selection) -> HistoryColumns:
        """All columns at some rows: a mask, an index array or a slice."""
        taken: dict[str, NDArray[np.int64] | TextColumn] = {}
        for name, values in self._integers.items():
            taken[name] = values[rows]
        for name, text in self._texts.items():
            taken[name] = text.take(rows)
        return HistoryColumns(taken)

    def compact(self) -> HistoryColumns:
        """The same rows, texts numbered by first appearance, without unused names."""
        if self._is_compact:
            return self
        compacted = {name: text.compact() for name, text in self._texts.items()}
        columns = HistoryColumns({**self._integers, **compacted})
        columns._is_compact = True
        return columns

    def portions(self, portion_rows: int) -> Iterator[HistoryColumns]:
        """The rows in order in portions of at most ``portion_rows``, compactly coded."""
        for start in range(0, self.row_count, portion_rows):
            yield self.take(slice(start, start + portion_rows)).compact()

    def cell(self, name: str, row: int) -> int | str | None:
        """One value of one row; null is ``None``."""
        if name in self._texts:
            return self._texts[name].decode(row)
        value = int(self._integers[name][row])
        return None if value == NULL else value

    def event(self, row: int) -> dict[str, int | str | None]:
        """One row with every column; null is ``None``."""
        return {name: self.cell(name, row) for name in COLUMN_NAMES}

    def events(self) -> Iterator[dict[str, int | str | None]]:
        """Every row in order, as :meth:`event` gives it, in the memory of one portion."""
        for portion in self.portions(_EVENTS_ROWS):
            lists: list[list[int | str | None]] = []
            for name in COLUMN_NAMES:
                if name in self._integers:
                    values = portion.integer(name).tolist()
                    lists.append([None if value == NULL else value for value in values])
                else:
                    lists.append(portion.text(name).to_objects().tolist())
            for values in zip(*lists, strict=True):
                yield dict(zip(COLUMN_NAMES, values, strict=True))


def concatenate(pieces: Sequence[HistoryColumns]) -> HistoryColumns:
    """Put portions of rows one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    joined: dict[str, NDArray[np.int64] | TextColumn] = {}
    for name in INTEGER_NAMES:
        parts = [piece.integer(name) for piece in pieces]
        joined[name] = np.concatenate([*parts, np.empty(0, dtype=np.int64)])
    for name in TEXT_NAMES:
        joined[name] = _concatenate_text([piece.text(name) for piece in pieces])
    return HistoryColumns(joined)


def _concatenate_text(pieces: Sequence[TextColumn]) -> TextColumn:
    if not pieces:
        return TextColumn(np.empty(0, dtype=np.int32), ())
    names, places = joined([piece.names for piece in pieces])
    if places is None:
        return TextColumn(np.concatenate([piece.codes for piece in pieces]), names)
    codes = []
    for piece, place in zip(pieces, places, strict=True):
        new_code = np.append(place, NULL_CODE).astype(np.int32)
        codes.append(new_code[piece.codes])  # code -1 is the last, the null
    return TextColumn(np.concatenate(codes), names)


def _frozen_integers(given: IntegerColumn | None, row_count: int) -> IntegerColumn:
    if given is None:
        values = np.broadcast_to(np.int64(NULL), (row_count,))  # no memory for an unused column
    else:
        assert np.can_cast(given.dtype, np.int64), f"{given.dtype} does not fit an int64"
        values = np.asarray(given, dtype=np.int64).view()
    values.flags.writeable = False
    return values
