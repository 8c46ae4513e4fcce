"""Where events are emitted: rows collected one by one and handed on as columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim import limits
from bcsim.history.columns import HistoryColumns, TextColumn, coded
from bcsim.history.schema import COLUMN_NAMES, INTEGER_NAMES, NULL, TEXT_NAMES, Kind, Trace
from bcsim.history.soundness import problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.profile import Profile

    Cells = list[int | str | None]


BUFFER_ROWS: Final = 4096
"""Rows held as Python objects; few enough that they stay in the processor's cache (emitting
through 65 536 of them takes three times as long)."""


class Recorder(ABC):
    """Collects events; :mod:`bcsim.history.writer` has the two kinds of recorder.

    Parameters
    ----------
    profile
        What the history says about itself; may be replaced until the end.
    trace
        Emitted events of kinds above this level are dropped.
    """

    def __init__(self, profile: Profile, trace: Trace) -> None:
        self.profile = profile
        self.trace = trace
        self._is_kept = {kind.value: trace.keeps(kind) for kind in Kind}
        self._next_seq = 0
        self._fill = 0
        self._cells: dict[str, Cells] = {}
        self._clear()

    @abstractmethod
    def _store(self, columns: HistoryColumns) -> None:
        """Take the next rows, which are sound."""

    def discard(self) -> None:
        """Give up what was recorded: nothing of it stays, and nothing more is taken."""
        self._is_kept = {}  # a later emit is an error, not a loss
        self._clear()

    def set_profile(self, profile: Profile) -> None:
        """Replace the profile, when more is known than at the start."""
        self.profile = profile

    def emit(self, kind: str, time_ns: int, vantage: str, **fields: int | str | None) -> None:
        """Record one event, unless its kind is above the trace level.

        ``fields`` are further columns by name; left out or ``None`` is null. ``seq`` counts
        the recorded rows from 0; only a reader that restores a history gives it. A value of
        the wrong type is a TypeError, at the latest when the recorder is closed.
        """
        # NOTE: the hot path of the reference engine, so it only stores: typing, coding and
        # checking wait until they can be done by the column.
        try:
            if not self._is_kept[kind]:
                return
        except KeyError:
            message = f"kind={kind!r} is not in the schema, or the recorder is closed"
            raise TypeError(message) from None
        cells = self._cells
        row = self._fill
        cells["kind"][row] = kind
        cells["time_ns"][row] = time_ns
        cells["vantage"][row] = vantage
        try:
            for name, value in fields.items():
                cells[name][row] = value
        except KeyError as error:
            for column in cells.values():  # or its rest would show in the next event
                column[row] = None
            message = f"column {error} is not in the schema"
            raise TypeError(message) from None
        self._fill = row + 1
        if self._fill == BUFFER_ROWS:
            self._hand_on()

    def write_columns(self, columns: Mapping[str, Any]) -> None:
        """Record many rows at once, all of them whatever their kind.

        Parameters
        ----------
        columns
            int64 arrays and TextColumns by name, all of one length; columns left out are
            null, except ``seq``, which then counts on.
        """
        self._hand_on()
        given = dict(columns)
        if "seq" not in given:
            given["seq"] = self._seq_of_next(len(given["time_ns"]))
        rows = HistoryColumns(given)
        for start in range(0, rows.row_count, limits.CHUNK_ROWS):
            is_whole = rows.row_count <= limits.CHUNK_ROWS
            self._pass_on(rows if is_whole else rows.take(slice(start, start + limits.CHUNK_ROWS)))

    def _hand_on(self) -> None:
        """Pass on the rows emitted so far."""
        if not self._fill:
            return
        cells = {name: values[: self._fill] for name, values in self._cells.items()}
        self._clear()
        if cells["seq"][0] is None:
            cells["seq"] = list(self._seq_of_next(len(cells["kind"])).tolist())
        columns: dict[str, NDArray[np.int64] | TextColumn] = {}
        columns |= {name: _integers(name, cells[name]) for name in INTEGER_NAMES}
        columns |= {name: coded(name, cells[name]) for name in TEXT_NAMES}
        self._pass_on(HistoryColumns(columns))

    def _pass_on(self, columns: HistoryColumns) -> None:
        problems = problems_of(columns)
        assert not problems, "; ".join(map(str, problems))
        first_seq = int(columns.integer("seq")[0])
        assert first_seq >= self._next_seq, f"seq={first_seq} comes after {self._next_seq - 1}"
        self._next_seq = int(columns.integer("seq")[-1]) + 1
        self._store(columns)

    def _seq_of_next(self, row_count: int) -> NDArray[np.int64]:
        return np.arange(self._next_seq, self._next_seq + row_count, dtype=np.int64)

    def _clear(self) -> None:
        self._fill = 0
        self._cells = {name: [None] * BUFFER_ROWS for name in COLUMN_NAMES}


def _integers(name: str, cells: Cells) -> NDArray[np.int64]:
    null_count = cells.count(None)
    if null_count == len(cells):
        return np.broadcast_to(np.int64(NULL), (len(cells),))
    if null_count:
        cells = [NULL if cell is None else cell for cell in cells]
    try:
        return np.frombuffer(array("q", cells), dtype=np.int64)  # type: ignore[type-var]
    except (TypeError, OverflowError) as error:
        wrong = next(cell for cell in cells if not _is_int64(cell))
        message = f"{name}={wrong!r} is not an integer of 64 bits"
        raise TypeError(message) from error


def _is_int64(cell: object) -> bool:
    return isinstance(cell, int) and NULL <= cell < -NULL
