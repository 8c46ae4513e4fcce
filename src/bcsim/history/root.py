"""The root of a history: a SHA-256 tree over chunks of the canonical bytes of its columns.

Two histories have the same root exactly when they have the same rows (in order) and the same
profile; how texts were coded, and in what portions rows arrived, makes no difference.

Canonical bytes, per leaf of ``LEAF_ROWS`` rows (the last may have fewer), per column:

- integers: each value in 8 bytes, null as ``schema.NULL``; one SHA-256;
- text: each row's position in the list of the leaf's distinct texts by first appearance, in
  4 bytes, -1 for null; the texts' lengths in UTF-8, in 4 bytes each; the texts in UTF-8, one
  after the other; a SHA-256 of each of the three.

All little-endian. A leaf is ``b"rows"``, the number of its rows in 8 bytes, and the digests in
column order. A last leaf is ``b"close"`` and canonical JSON of format, schema version,
columns, row count and profile. The tree is that of :mod:`bcsim.history.merkle`.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.history.canonical_json import canonical
from bcsim.history.columns import concatenate
from bcsim.history.merkle import StreamingTree
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, FORMAT, NULL_CODE, SCHEMA_VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.columns import HistoryColumns, TextColumn
    from bcsim.history.profile import Profile

LEAF_ROWS: Final = limits.CHUNK_ROWS
"""Rows of a leaf. A constant, so that the root does not depend on how a file was chunked."""


class RootHasher:
    """Computes a root from rows that arrive in portions, in the memory of one leaf."""

    def __init__(self) -> None:
        self._row_count = 0
        self._tree = StreamingTree()
        self._pieces: list[HistoryColumns] = []
        """The next leaf in the making."""

    def add(self, columns: HistoryColumns) -> None:
        """Take the next rows."""
        start, end = 0, columns.row_count
        while start < end:
            stop = min(end, start + LEAF_ROWS - self._row_count % LEAF_ROWS)
            is_whole = stop - start == end
            self._pieces.append(columns if is_whole else columns.take(slice(start, stop)))
            self._row_count += stop - start
            start = stop
            if self._row_count % LEAF_ROWS == 0:
                self._end_leaf()

    def root(self, profile: Profile) -> str:
        """Return the root, hex, of the rows so far under ``profile``; ends the hasher."""
        if self._pieces:
            self._end_leaf()
        closing = canonical(
            {
                "columns": COLUMN_NAMES,
                "format": FORMAT,
                "profile": profile.to_json(),
                "rows": self._row_count,
                "version": SCHEMA_VERSION,
            }
        )
        self._tree.add(b"close" + closing.encode())
        return self._tree.root().hex()

    def _end_leaf(self) -> None:
        columns = concatenate(self._pieces).compact()
        digests = [
            _digest(columns.integer(column.name))
            if column.is_integer
            else _text_digests(columns.text(column.name))
            for column in COLUMNS
        ]
        self._tree.add(b"rows" + columns.row_count.to_bytes(8, "little") + b"".join(digests))
        self._pieces = []


def root_of(columns: HistoryColumns, profile: Profile) -> str:
    """Root, hex, of a history in memory."""
    hasher = RootHasher()
    hasher.add(columns)
    return hasher.root(profile)


def _digest(values: NDArray[np.int64]) -> bytes:
    """SHA-256 of an integer column's canonical bytes."""
    if len(values) and (values == values[0]).all():
        return _digest_of_constant(int(values[0]), len(values))
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<i8").data).digest()


def _text_digests(text: TextColumn) -> bytes:
    """Digests of positions, lengths and texts of a compactly coded column, one after another."""
    if not len(text.names):
        positions = _digest_of_constant(NULL_CODE, len(text), "<i4")
    else:
        positions = hashlib.sha256(np.ascontiguousarray(text.codes, dtype="<i4").data).digest()
    lengths = hashlib.sha256(text.utf8.lengths.astype("<u4").data).digest()
    return positions + lengths + hashlib.sha256(text.utf8.buffer.data).digest()


@lru_cache(maxsize=64)
def _digest_of_constant(value: int, count: int, form: str = "<i8") -> bytes:
    """SHA-256 of one value many times over: most columns of most leaves are null throughout."""
    return hashlib.sha256(np.full(count, value, dtype=form).data).digest()
