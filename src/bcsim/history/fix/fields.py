"""Which field of each message holds a tag, found for a whole block at once.

Messages of one *form*, with the same tags in the same order, have every tag in the same place.
A log has few forms, so that tags are looked for in one message of each form only; in all others
the value's place follows from those of the delimiters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.words import unaligned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Framed, Places

    Found = tuple[NDArray[np.intp], Places, Places]

_TAG_MAX: Final = 999
"""Largest tag that is looked for; every tag of an order's life and of the session is below."""

_SOH: Final = 1

_EMPTY: Final = np.empty(0, dtype=np.int64)
_NONE: Final = (_EMPTY, _EMPTY, _EMPTY)


@dataclass(frozen=True, eq=False)
class Fields:
    """Places of the values of some tags.

    Parameters
    ----------
    data
        The block's bytes.
    soh
        Places of all delimiters in it.
    first
        Number of the delimiter before the first field of each message, ``(messages,)``.
    form
        Number of each message's form.
    place_by_tag
        For each tag that occurs: which field holds it in each form, -1 where none does. Of a tag
        that a message has several times, the first counts.
    """

    data: Bytes
    soh: Places
    first: Places
    form: NDArray[np.intp]
    place_by_tag: Mapping[int, NDArray[np.intp]]

    @property
    def count(self) -> int:
        """Number of messages."""
        return len(self.first)

    def present(self, tag: int) -> Found:
        """Messages that have a tag, ascending, with the starts and lengths of its values there.

        An empty value is none.
        """
        place = self.place_by_tag.get(tag)
        if place is None:
            return _NONE
        at = place.take(self.form, mode="clip")
        if bool((place >= 0).all()):
            rows, at = np.arange(self.count), at + self.first
        else:
            rows = np.flatnonzero(at >= 0)
            at = at.take(rows, mode="clip") + self.first.take(rows, mode="clip")
        # NOTE: np.take with mode="clip" takes half the time of indexing.
        starts = self.soh.take(at, mode="clip") + (len(str(tag)) + 2)
        at += 1
        lengths = self.soh.take(at, mode="clip") - starts
        if len(lengths) and int(lengths.min()) == 0:
            kept = np.flatnonzero(lengths)
            return rows[kept], starts[kept], lengths[kept]
        return rows, starts, lengths

    def take(self, messages: NDArray[np.intp]) -> Fields:
        """Only some of the messages, ascending; of all, the fields themselves."""
        if len(messages) == self.count:
            return self
        first, form = self.first[messages], self.form[messages]
        return Fields(self.data, self.soh, first, form, self.place_by_tag)


def fields_of(framed: Framed, tags: Sequence[int]) -> Fields:
    """Find the values of ``tags`` in every message of a block."""
    data, soh = framed.data, framed.soh
    first = np.searchsorted(soh, framed.begins)
    last = np.searchsorted(soh, framed.ends - 1)
    keys = _keys(data, soh)
    counts = np.maximum(last - first - 1, 0)
    signatures, form = np.unique(_signatures(keys, first, counts), return_inverse=True)
    some = np.empty(len(signatures), dtype=np.intp)
    some[form] = np.arange(len(form))  # any message of each form
    places = _places(keys, first[some], counts[some], (*tags, *_DATA_BY_LENGTH))
    fields = Fields(data, soh, first, form, places)
    inner = _inside_of_data(fields)
    if not len(inner):
        return fields
    return fields_of(replace(framed, soh=np.delete(soh, inner)), tags)


_DATA_BY_LENGTH: Final = {
    90: 91, 93: 89, 95: 96, 212: 213, 348: 349, 350: 351, 352: 353, 354: 355, 356: 357,
    358: 359, 360: 361, 362: 363, 364: 365, 445: 446, 618: 619, 621: 622,
}  # fmt: skip
"""Fields of data by the field before each that says its length (FIX 4.4 volume 6, 2003-04)."""


def _inside_of_data(fields: Fields) -> Places:
    """Numbers of the delimiters that are part of a field of data, which may hold any byte."""
    data, soh = fields.data, fields.soh
    found = [_EMPTY]
    for tag in _DATA_BY_LENGTH.keys() & fields.place_by_tag.keys():
        opening = f"{_DATA_BY_LENGTH[tag]}=".encode()
        _, starts, lengths = fields.present(tag)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            stated = data[start : start + length].tobytes()
            begin = start + length + 1
            if not stated.isdigit() or data[begin : begin + len(opening)].tobytes() != opening:
                continue
            begin += len(opening)
            end = begin + int(stated)
            if end < len(data) and data[end] == _SOH:
                found.append(np.arange(*np.searchsorted(soh, (begin, end))))
    return np.unique(np.concatenate(found))


def _keys(data: Bytes, soh: Places) -> NDArray[np.uint32]:
    """Tag of the field behind each delimiter: its bytes up to the ``=``, but at most four."""
    head = unaligned(data[1:], 4)[soh].astype(np.uint32, copy=False)
    differing = head ^ np.uint32(0x3D3D3D3D)  # zero where there is an =
    equals = (differing - np.uint32(0x01010101)) & ~differing & np.uint32(0x80808080)
    lowest = equals & (~equals + np.uint32(1))
    head &= (lowest << np.uint32(1)) - np.uint32(1)
    return head


def _signatures(
    keys: NDArray[np.uint32], first: NDArray[np.intp], counts: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """A number for the tags of each message in their order, equal for equal ones.

    It is a polynomial in an odd number, modulo 2**64: the powers count from the beginning of
    the block, which the inverse of a power takes back for each message.

    NOTE: messages of different tags have the same number by a chance of 2**-60 a pair.
    """
    powers, inverses = _powers(1 << len(keys).bit_length())
    mixed = keys.astype(np.uint64) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= powers[: len(keys)]
    edges = np.column_stack((first, first + counts)).ravel()
    sums = np.add.reduceat(np.append(mixed, np.uint64(0)), edges)[::2]
    return np.where(counts > 0, sums * inverses[first], np.uint64(0))


_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_BASE: Final = 0xD1342543DE82EF95


@cache
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of the base of signatures and of its inverse, modulo 2**64, from the 0th on."""
    bases = (_BASE, pow(_BASE, -1, 1 << 64))
    up, down = (np.cumprod(np.full(count, base, dtype=np.uint64)) for base in bases)
    one = np.ones(1, dtype=np.uint64)
    return np.append(one, up), np.append(one, down)


def _places(
    keys: NDArray[np.uint32],
    first: NDArray[np.intp],
    counts: NDArray[np.intp],
    tags: Sequence[int],
) -> dict[int, NDArray[np.intp]]:
    """Which field of each form holds each tag, given where the forms' fields are in ``keys``."""
    form = np.repeat(np.arange(len(counts)), counts)
    field = np.arange(len(form)) - np.repeat(np.cumsum(counts) - counts, counts)
    key = keys[first[form] + field]
    wanted, tag_of = _wanted(tuple(tags))
    number = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
    found = np.flatnonzero(wanted[number] == key)[::-1]  # of equal places, the last is kept
    table = np.full((len(wanted), len(counts)), -1, dtype=np.intp)
    table[number[found], form[found]] = field[found]
    occurs = np.flatnonzero((table >= 0).any(axis=1))
    return {int(tag_of[row]): table[row] for row in occurs.tolist()}


@cache
def _wanted(tags: tuple[int, ...]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Keys of tags, ascending, and the tags in that order."""
    assert max(tags) <= _TAG_MAX, "longer tags do not fit four bytes with their ="
    keys = np.array([int.from_bytes(f"{tag}=".encode(), "little") for tag in tags], dtype=np.uint32)
    order = np.argsort(keys)
    return keys[order], np.array(tags, dtype=np.int64)[order]
