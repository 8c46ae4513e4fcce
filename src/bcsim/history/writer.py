"""The two recorders: one that streams a history to a file, one that keeps it in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bcsim import limits
from bcsim.history import parquet
from bcsim.history.columns import HistoryColumns, concatenate
from bcsim.history.file_thread import FileThread
from bcsim.history.history import History
from bcsim.history.recorder import Recorder
from bcsim.history.schema import Trace

__all__ = ["HistoryWriter", "MemoryRecorder", "Recorder", "write_history"]

if TYPE_CHECKING:
    from types import TracebackType

    from bcsim.history.divided import AnyHistory
    from bcsim.history.profile import Profile


class MemoryRecorder(Recorder):
    """Keeps the events in memory; for tests and small runs."""

    def __init__(self, profile: Profile, trace: Trace = Trace.BUSINESS) -> None:
        super().__init__(profile, trace)
        self._pieces: list[HistoryColumns] = []

    def _store(self, columns: HistoryColumns) -> None:
        self._pieces.append(columns)

    def discard(self) -> None:
        """Give up what was recorded."""
        super().discard()
        self._pieces = []

    def columns(self) -> HistoryColumns:
        """Everything recorded so far."""
        self._hand_on()
        self._pieces = [concatenate(self._pieces).compact()]  # the pieces need as much again
        return self._pieces[0]

    def history(self) -> History:
        """Everything recorded so far as a history; its profile states the trace level."""
        return History(self.columns(), replace(self.profile, trace=self.trace.value))


class HistoryWriter(Recorder):
    """Streams events to a Parquet file in bounded memory; the file appears whole or not at all.

    The file is written by a thread of its own (:mod:`bcsim.history.file_thread`) while the next
    events come; what goes wrong there is raised at the next call.

    Use it as a context manager: leaving it normally closes the file, leaving it by an exception
    (also Ctrl-C) leaves nothing behind.

    Parameters
    ----------
    path
        The file to write; an existing one is replaced when the new one is whole.
    chunk_rows
        Rows of a row group of the file.
    profile
        As in :class:`Recorder`; the file states ``trace`` as the profile's trace level.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be written.
    """

    def __init__(
        self,
        path: Path | str,
        profile: Profile,
        *,
        trace: Trace = Trace.BUSINESS,
        chunk_rows: int = limits.CHUNK_ROWS,
    ) -> None:
        super().__init__(profile, trace)
        assert chunk_rows > 0, f"chunk_rows={chunk_rows} must be positive"
        self._path = Path(path)
        self._staging = parquet.staging(self._path)
        self._file = FileThread(Path(self._staging.name), self._path, chunk_rows)
        self._root = ""
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def close(self) -> str:
        """Finish the file and put it in its place; returns the history's root, hex."""
        if self._is_open:
            try:
                self._hand_on()
                profile = replace(self.profile, trace=self.trace.value)
                self._root = self._file.finish(profile)
            finally:
                self.discard()
        return self._root

    def _store(self, columns: HistoryColumns) -> None:
        assert self._is_open, "the history is closed"
        self._file.take(columns)

    def discard(self) -> None:
        """Give up what was recorded and leave no file; after :meth:`close`, the file stays."""
        super().discard()
        self._is_open = False
        self._file.give_up()
        self._staging.cleanup()


def write_history(history: AnyHistory, path: Path | str) -> str:
    """Write a history to a Parquet file; returns its root, hex."""
    trace = Trace(history.profile.trace)
    with HistoryWriter(path, history.profile, trace=trace) as writer:
        for portion in history.in_order():
            writer.write_columns(portion)
    return writer.close()
