"""The two recorders: one that streams a history to a file, one that keeps it in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bcsim import limits
from bcsim.history import parquet
from bcsim.history.columns import HistoryColumns, concatenate
from bcsim.history.history import History
from bcsim.history.recorder import Recorder
from bcsim.history.root import RootHasher
from bcsim.history.schema import FORMAT, SCHEMA_VERSION, Trace

__all__ = ["HistoryWriter", "MemoryRecorder", "Recorder", "write_history"]

if TYPE_CHECKING:
    from types import TracebackType

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
        return concatenate(self._pieces)

    def history(self) -> History:
        """Everything recorded so far as a history; its profile states the trace level."""
        return History(self.columns(), replace(self.profile, trace=self.trace.value))


class HistoryWriter(Recorder):
    """Streams events to a Parquet file in bounded memory; the file appears whole or not at all.

    Use it as a context manager: leaving it normally closes the file, leaving it by an exception
    (also Ctrl-C) leaves nothing behind.

    Parameters
    ----------
    path
        The file to write; an existing one is replaced when the new one is whole.
    chunk_rows
        Rows of a row group of the file, and most rows held in memory.
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
        self._chunk_rows = chunk_rows
        self._path = Path(path)
        self._staging = parquet.staging(self._path)
        self._connection = parquet.connect(threads=1)
        self._hasher = RootHasher()
        self._pending: list[HistoryColumns] = []
        self._parts: list[Path] = []
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
                self._finish()
            finally:
                self.discard()
        return self._root

    def _store(self, columns: HistoryColumns) -> None:
        assert self._is_open, "the history is closed"
        self._pending.append(columns)
        while sum(piece.row_count for piece in self._pending) >= self._chunk_rows:
            self._write_part(self._next_chunk())

    def _next_chunk(self) -> HistoryColumns:
        """Cut off exactly one chunk, so that a file does not tell how its rows arrived."""
        joined = concatenate(self._pending)
        if joined.row_count == self._chunk_rows:
            self._pending = []
            return joined
        self._pending = [joined.take(slice(self._chunk_rows, None)).compact()]
        return joined.take(slice(0, self._chunk_rows)).compact()

    def _write_part(self, columns: HistoryColumns) -> None:
        self._hasher.add(columns)
        part = Path(self._staging.name, f"{len(self._parts):08d}.parquet")
        with parquet.file_errors(self._path, "write"):
            query = parquet.register(self._connection, columns)
            parquet.write(self._connection, query, part, "compression uncompressed")
        self._parts.append(part)

    def _finish(self) -> None:
        query = self._query_all()
        profile = replace(self.profile, trace=self.trace.value)
        self._root = self._hasher.root(profile)
        metadata = {
            "format": FORMAT,
            "schema_version": str(SCHEMA_VERSION),
            "profile": profile.to_json(),
            "root": self._root,
            "chunk_rows": str(self._chunk_rows),
        }
        whole = Path(self._staging.name, "whole.parquet")
        options = f"compression zstd, row_group_size {self._chunk_rows}"
        with parquet.file_errors(self._path, "write"):
            options += f", {parquet.metadata_option(metadata)}"
            parquet.write(self._connection, query, whole, options)
            whole.replace(self._path)

    def _query_all(self) -> str:
        """Write the SQL that reads all rows in order."""
        rest = concatenate(self._pending)
        if not self._parts:
            self._hasher.add(rest)
            return parquet.register(self._connection, rest)
        if rest.row_count:
            self._write_part(rest)
        return parquet.select(self._parts)

    def discard(self) -> None:
        """Give up what was recorded and leave no file; after :meth:`close`, the file stays."""
        super().discard()
        self._is_open = False
        self._pending = []
        self._connection.close()
        self._staging.cleanup()


def write_history(history: History, path: Path | str) -> str:
    """Write a history that is in memory to a Parquet file; returns its root, hex."""
    trace = Trace(history.profile.trace)
    with HistoryWriter(path, history.profile, trace=trace) as writer:
        writer.write_columns(history.columns)
    return writer.close()
