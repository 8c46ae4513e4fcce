"""The thread that hashes a history's rows and writes them to their file as they come.

DuckDB, hashing and NumPy's work on whole arrays let the interpreter go on meanwhile, so where
there is a second core, writing costs the simulation little time. Rows wait in a short queue:
whoever is faster waits for the other, so memory stays bounded.
"""

from __future__ import annotations

from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Final

from bcsim.history import parquet
from bcsim.history.columns import concatenate
from bcsim.history.root import RootHasher
from bcsim.history.schema import FORMAT, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bcsim.history.columns import HistoryColumns
    from bcsim.history.profile import Profile

_PORTIONS_WAITING: Final = 2
"""Portions of rows in the queue: one that is being written may take twice as long as one to
make without anybody waiting, and 65 536 rows take 10 to 15 MB."""

_ROOT: Final = "the root is not known yet"
_PROFILE: Final = "the profile is not known yet"


class FileThread:
    """Writes one history's file.

    Parameters
    ----------
    staging
        Folder for the unfinished file.
    path
        Where it goes when it is whole.
    chunk_rows
        Rows of a row group.
    """

    def __init__(self, staging: Path, path: Path, chunk_rows: int) -> None:
        self._unfinished = staging / "whole.parquet"
        self._path = path
        self._chunk_rows = chunk_rows
        self._hasher = RootHasher()
        self._waiting: Queue[HistoryColumns | None] = Queue(_PORTIONS_WAITING)
        self._has_ended = False
        self._is_given_up = False
        self._failure: BaseException | None = None
        # NOTE: a daemon, or a program that stops without closing its history would wait for it.
        self._thread = Thread(target=self._run, name="history file", daemon=True)
        self._thread.start()

    def take(self, columns: HistoryColumns) -> None:
        """Add rows; raises what went wrong with those before."""
        self._waiting.put(columns)
        self._raise_failure()

    def finish(self, profile: Profile) -> str:
        """Wait for the file, complete it and put it in its place; returns the root, hex."""
        self._end()
        self._raise_failure()
        root = self._hasher.root(profile)
        with parquet.file_errors(self._path, "write"):
            parquet.amend(self._unfinished, _ROOT, root)
            parquet.amend(self._unfinished, _PROFILE, profile.to_json())
            self._unfinished.replace(self._path)
        return root

    def give_up(self) -> None:
        """End soon, whatever is still to be written; nobody needs the file."""
        self._is_given_up = True
        if self._thread.is_alive():
            self._end()

    def _end(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    # -- in the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._write()
        except BaseException as error:  # noqa: BLE001 - raised where the rows come from
            self._failure = error
        while not self._has_ended:  # or the other side would wait for room in the queue
            self._has_ended = self._waiting.get() is None

    def _write(self) -> None:
        metadata = {
            "format": FORMAT,
            "schema_version": str(SCHEMA_VERSION),
            "profile": _PROFILE,
            "root": _ROOT,
            "chunk_rows": str(self._chunk_rows),
        }
        options = f"compression zstd, row_group_size {self._chunk_rows}"
        options += f", {parquet.metadata_option(metadata)}"
        with parquet.session(threads=1) as connection, parquet.file_errors(self._path, "write"):
            parquet.write_portions(connection, self._chunks(), self._unfinished, options)

    def _chunks(self) -> Iterator[HistoryColumns]:
        """Rows in portions of exactly one chunk, so that a file does not tell how they came."""
        pieces: list[HistoryColumns] = []
        room = self._chunk_rows
        while (piece := self._waiting.get()) is not None:
            while piece.row_count >= room:
                pieces.append(piece.take(slice(0, room)))
                yield self._hashed(concatenate(pieces))
                piece = piece.take(slice(room, None))
                pieces, room = [], self._chunk_rows
            pieces.append(piece)
            room -= piece.row_count
        self._has_ended = True
        if not self._is_given_up:
            yield self._hashed(concatenate(pieces))

    def _hashed(self, columns: HistoryColumns) -> HistoryColumns:
        columns = columns.compact()
        self._hasher.add(columns)
        return columns
