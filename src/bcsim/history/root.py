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
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.history.canonical_json import canonical
from bcsim.history.merkle import StreamingTree
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, FORMAT, NULL_CODE, SCHEMA_VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.columns import HistoryColumns, TextColumn
    from bcsim.history.profile import Profile

LEAF_ROWS: Final = limits.CHUNK_ROWS
"""Rows of a leaf. A constant, so that the root does not depend on how a file was chunked."""


class RootHasher:
    """Computes a root from rows that arrive in portions, in the memory of one leaf's texts."""

    def __init__(self) -> None:
        self._row_count = 0
        self._tree = StreamingTree()
        self._leaf = _Leaf()

    def add(self, columns: HistoryColumns) -> None:
        """Take the next rows, compactly coded (see ``HistoryColumns.compact``)."""
        start, end = 0, columns.row_count
        while start < end:
            stop = min(end, start + LEAF_ROWS - self._leaf.row_count)
            is_whole = stop - start == end
            self._leaf.add(columns if is_whole else columns.take(slice(start, stop)).compact())
            self._row_count += stop - start
            start = stop
            if self._leaf.row_count == LEAF_ROWS:
                self._tree.add(self._leaf.data())
                self._leaf = _Leaf()

    def root(self, profile: Profile) -> str:
        """Return the root, hex, of the rows so far under ``profile``; ends the hasher."""
        if self._leaf.row_count:
            self._tree.add(self._leaf.data())
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


def root_of(columns: HistoryColumns, profile: Profile) -> str:
    """Root, hex, of a history in memory."""
    hasher = RootHasher()
    for portion in columns.portions(LEAF_ROWS):
        hasher.add(portion)
    return hasher.root(profile)


class _Leaf:
    """One leaf in the making."""

    def __init__(self) -> None:
        self.row_count = 0
        self._columns = [
            _IntegerDigest(column.name) if column.is_integer else _TextDigest(column.name)
            for column in COLUMNS
        ]

    def add(self, columns: HistoryColumns) -> None:
        for column in self._columns:
            column.add(columns)
        self.row_count += columns.row_count

    def data(self) -> bytes:
        digests = b"".join(column.digest() for column in self._columns)
        return b"rows" + self.row_count.to_bytes(8, "little") + digests


class _IntegerDigest:
    def __init__(self, name: str) -> None:
        self._name = name
        self._values = hashlib.sha256()

    def add(self, columns: HistoryColumns) -> None:
        self._values.update(columns.integer(self._name).astype("<i8").tobytes())

    def digest(self) -> bytes:
        return self._values.digest()


class _TextDigest:
    def __init__(self, name: str) -> None:
        self._name = name
        self._positions = hashlib.sha256()
        self._lengths = hashlib.sha256()
        self._texts = hashlib.sha256()
        self._position_by_text: dict[str, int] = {}

    def add(self, columns: HistoryColumns) -> None:
        text = columns.text(self._name)
        self._positions.update(self._leaf_positions(text).astype("<i4").tobytes())

    def digest(self) -> bytes:
        return self._positions.digest() + self._lengths.digest() + self._texts.digest()

    def _leaf_positions(self, text: TextColumn) -> NDArray[np.int32]:
        known = self._position_by_text
        known_count = len(known)
        position_by_code = np.full(len(text.names) + 1, NULL_CODE, dtype=np.int32)
        for code, name in enumerate(text.names):
            position_by_code[code] = known.setdefault(name, len(known))
        fresh = [name.encode() for name in islice(known, known_count, None)]
        self._lengths.update(np.array([len(name) for name in fresh], dtype="<u4").tobytes())
        self._texts.update(b"".join(fresh))
        return position_by_code[text.codes]  # code -1 is the last, the null
