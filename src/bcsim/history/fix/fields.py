"""Which field of each message holds a tag, found for a whole block at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.words import unaligned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Framed, Places

_TAG_MAX: Final = 999
"""Largest tag that is looked for; every tag of an order's life and of the session is below."""

_OTHER: Final = np.uint8(255)
_TABLE_BITS: Final = 12
_FACTORS_MAX: Final = 100_000
"""Factors tried; with 50 tags in 4096 places about one in one of three does."""


@dataclass(frozen=True, eq=False)
class Fields:
    """Places of the values of some tags.

    Parameters
    ----------
    data
        The block's bytes.
    count
        Number of messages.
    by_tag
        For each tag that occurs: the messages that have it, ascending, and the start and length
        of its value in each. An empty value is none; of a tag that a message has several times,
        the first counts.
    """

    data: Bytes
    count: int
    by_tag: Mapping[int, tuple[NDArray[np.intp], Places, Places]]

    def present(self, tag: int) -> tuple[NDArray[np.intp], Places, Places]:
        """Messages that have a tag, with the starts and lengths of its values there."""
        return self.by_tag.get(tag, _NONE)

    def take(self, messages: NDArray[np.intp]) -> Fields:
        """Only some of the messages, ascending; of all, the fields themselves."""
        if len(messages) == self.count:
            return self
        number = np.full(self.count, -1, dtype=np.intp)
        number[messages] = np.arange(len(messages))
        taken = {}
        for tag, (owners, starts, lengths) in self.by_tag.items():
            kept = number[owners] >= 0
            taken[tag] = (number[owners[kept]], starts[kept], lengths[kept])
        return Fields(self.data, len(messages), taken)


_EMPTY: Final = np.empty(0, dtype=np.int64)
_NONE: Final = (_EMPTY, _EMPTY, _EMPTY)


def fields_of(framed: Framed, tags: Sequence[int]) -> Fields:
    """Find the values of ``tags`` in every message of a block."""
    data = framed.data
    starts, ends, owner = _fields(framed)
    row, width = _rows(data, starts, tags)
    # NOTE: numbers of eight bits are sorted by radix, in the order in which they stand; that
    # takes a third of the time of filling a table of all tags and all messages.
    order = np.argsort(row, kind="stable")
    edges = np.searchsorted(row[order], np.arange(len(tags) + 1))
    by_tag = {}
    for tag, begin, end in zip(tags, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if begin == end:
            continue
        fields = order[begin:end]
        value_starts = starts[fields] + width[fields]
        found = (owner[fields], value_starts, ends[fields] - value_starts)
        by_tag[tag] = _firsts(found)
    return Fields(data, len(framed.begins), by_tag)


def _firsts(
    found: tuple[NDArray[np.intp], Places, Places],
) -> tuple[NDArray[np.intp], Places, Places]:
    """Keep the first value of each message, and drop empty ones."""
    owners, starts, lengths = found
    kept = lengths > 0
    kept[1:] &= owners[1:] != owners[:-1]
    if kept.all():
        return found
    return owners[kept], starts[kept], lengths[kept]


def _fields(framed: Framed) -> tuple[Places, Places, NDArray[np.intp]]:
    """Begin, end and message of every field but the first and last of each message."""
    soh = framed.soh
    first = np.searchsorted(soh, framed.begins)
    last = np.searchsorted(soh, framed.ends - 1)
    counts = np.maximum(last - first - 1, 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    skipped = first - (np.cumsum(counts) - counts)
    place = np.arange(len(owner)) + np.repeat(skipped, counts)
    return soh[place] + 1, soh[place + 1], owner


def _rows(
    data: Bytes, starts: Places, tags: Sequence[int]
) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Row of each field's tag in ``tags``, 255 for others; and bytes up to and with the ``=``.

    The first bytes of a field up to the ``=`` are one integer of at most four bytes; a
    multiplication that sends those of all wanted tags to different places finds the row.
    """
    every = unaligned(data, 4)
    head = every[starts].astype(np.uint32)
    equals = np.uint32(ord("="))
    is_one = (head >> np.uint32(8)) & np.uint32(0xFF) == equals
    is_two = (head >> np.uint32(16)) & np.uint32(0xFF) == equals
    mask = np.where(is_two, np.uint32(0xFFFFFF), np.uint32(0xFFFFFFFF))
    mask = np.where(is_one, np.uint32(0xFFFF), mask)
    key = head & mask
    factor, keys, rows = _table(tuple(tags))
    place = (key * factor) >> np.uint32(32 - _TABLE_BITS)
    row = np.where(keys[place] == key, rows[place], _OTHER)
    return row, np.where(is_one, 2, np.where(is_two, 3, 4)).astype(np.int8)


@cache
def _table(
    tags: tuple[int, ...],
) -> tuple[np.uint32, NDArray[np.uint32], NDArray[np.uint8]]:
    """Find a factor that sends every tag to a place of its own; then the key and row there."""
    keys = [int.from_bytes(f"{tag}=".encode(), "little") for tag in tags]
    assert max(tags) <= _TAG_MAX, "longer tags do not fit four bytes with their ="
    for factor in range(0x9E3779B1, 0x9E3779B1 + 2 * _FACTORS_MAX, 2):
        places = [(key * factor & 0xFFFFFFFF) >> (32 - _TABLE_BITS) for key in keys]
        if len(set(places)) == len(places):
            table = np.zeros(1 << _TABLE_BITS, dtype=np.uint32)
            rows = np.full(1 << _TABLE_BITS, 255, dtype=np.uint8)
            table[places], rows[places] = keys, np.arange(len(tags))
            return np.uint32(factor), table, rows
    message = f"no factor separates {len(tags)} tags"
    raise AssertionError(message)
