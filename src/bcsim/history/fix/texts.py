"""Texts of which a log has too many for one table: columns of bytes, coded share by share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix import values, words
from bcsim.history.names import Utf8Names, utf8
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Places

_MARK_BYTES: Final = 24
"""Hexadecimal digits that stand for the end of a longer text."""


def texts_at(
    data: Bytes, starts: Places, lengths: Places, long: dict[bytes, bytes]
) -> NDArray[np.bytes_]:
    """Values of one tag as bytes, ``(messages,)`` of a dtype ``S8``, ``S16`` … up to ``S64``.

    Longer ones are replaced by a mark, under which ``long`` then has them.
    """
    if not len(starts):
        return np.zeros(0, dtype=f"S{words.BYTES}")
    found = values.words_of(data, starts, np.minimum(lengths, values.TEXT_BYTES))
    column = np.ascontiguousarray(found).view(f"S{found.shape[1] * words.BYTES}").reshape(-1)
    for row in np.flatnonzero(lengths > values.TEXT_BYTES).tolist():
        text = values.text_at(data, starts, lengths, row)
        digest = hashlib.blake2b(text, digest_size=_MARK_BYTES // 2).hexdigest().encode()
        mark = text[: values.TEXT_BYTES - _MARK_BYTES] + digest
        long[mark] = text
        column[row] = mark
    return column


def keys_of(column: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """A number for each text of a column, equal for equal texts; null for empty ones."""
    if column.strides == (0,) and len(column) > 1:
        return np.broadcast_to(keys_of(column[:1]), column.shape)
    whole = column.astype(f"S{-(-column.dtype.itemsize // words.BYTES) * words.BYTES}", copy=False)
    count = whole.dtype.itemsize // words.BYTES
    text = np.ascontiguousarray(whole).view(np.uint64).reshape(len(column), count)
    if count == 1 and not text.any():
        return np.broadcast_to(np.int64(NULL), column.shape)
    key = text[:, 0] * _ODD
    for place in range(1, count):  # a word of zeros is behind the text's end
        word = text[:, place]
        key = np.where(word == 0, key, ((key ^ (key >> np.uint64(29))) + word) * _ODD)
    found = (key ^ (key >> np.uint64(32))).view(np.int64)
    return np.where(text[:, 0] == 0, NULL, np.where(found == NULL, 0, found))


def fingerprints(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """A number for each value of one tag, as :func:`keys_of` gives it, ``(messages,)``."""
    return keys_of(texts_at(data, starts, lengths, {}))


def keys_of_names(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each text, as :func:`keys_of` gives it for the same text in a message."""
    if not len(names):
        return np.empty(0, dtype=np.int64)
    whole = utf8(names)
    begins = whole.ends - whole.lengths
    data = np.concatenate((whole.buffer, np.zeros(_MARGIN_BYTES, dtype=np.uint8)))
    return fingerprints(data, begins, whole.lengths)


_MARGIN_BYTES: Final = 2 * values.TEXT_BYTES
"""Behind the last text, so that a word may be read past its end."""

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


def coded(
    columns: Sequence[NDArray[np.bytes_]],
) -> tuple[list[NDArray[np.int64]], NDArray[np.bytes_]]:
    """Code the texts of several columns alike; -1 for empty ones."""
    joined = np.concatenate(columns)
    key = np.concatenate([keys_of(column) for column in columns])
    rows = np.flatnonzero(key != NULL)
    distinct, number = np.unique(key[rows], return_inverse=True)
    some = np.empty(len(distinct), dtype=np.intp)
    some[number] = rows
    names = joined[some]
    if not np.array_equal(names[number], joined[rows]):  # two texts of one key: once in 10**6 years
        names, number = np.unique(joined[rows], return_inverse=True)
    codes = np.full(len(joined), NULL_CODE, dtype=np.int64)
    codes[rows] = number
    return np.split(codes, np.cumsum([len(column) for column in columns])[:-1]), names


def names_of(texts: NDArray[np.bytes_], long: Mapping[bytes, bytes]) -> Utf8Names:
    """Texts as names of a history; bytes that are not UTF-8 are written by their number."""
    width = texts.dtype.itemsize
    letters = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), width)
    is_plain = not bool((letters > 127).any())  # noqa: PLR2004 - ASCII
    if is_plain and (width < values.TEXT_BYTES or not bool((letters[:, -1] != 0).any())):
        lengths = np.count_nonzero(letters, axis=1).astype(np.int64)
        return Utf8Names(letters[letters != 0], np.cumsum(lengths))
    whole = [long.get(text, text) for text in texts.tolist()]
    return utf8(tuple(text.decode("utf-8", "backslashreplace") for text in whole))
