"""Eight bytes at a time: values of fields as machine words, and the numbers in them.

The arithmetic on all bytes of a word at once is the usual one (D. Lemire, "Quickly parsing eight
digits", 2018-10-03, and S. E. Anderson, "Bit Twiddling Hacks", 2005, "Determine if a word has a
byte equal to n"), here on arrays of words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Places

    Words = NDArray[np.uint64]

BYTES: Final = 8
_ONES: Final = np.uint64(0x0101010101010101)
_HIGH: Final = np.uint64(0x8080808080808080)
_ZEROS: Final = np.uint64(0x3030303030303030)  # the character 0
_POINTS: Final = np.uint64(0x2E2E2E2E2E2E2E2E)
_OVER_NINE: Final = np.uint64(0x7676767676767676)
_U8: Final = np.uint64(8)
_SHIFTS: Final = np.array([0, 8, 16, 24, 32, 40, 48, 56, 0], dtype=np.uint64)
_KEPT: Final = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
"""Mask of the first ``n`` bytes."""

_LEADING: Final = np.array(
    [0x3030303030303030 & ((1 << 8 * (8 - n)) - 1) for n in range(9)], dtype=np.uint64
)
"""The characters 0 before ``n`` bytes that stand at the end of a word."""

_TO_END: Final = np.array([0 if n == 0 else 8 * (8 - n) for n in range(9)], dtype=np.uint64)


def unaligned(data: Bytes, width: int) -> NDArray[np.unsignedinteger]:
    """Every place of a block as an integer of ``width`` bytes, little endian, without a copy.

    NOTE: gathering from it takes a third of the time of gathering the bytes one by one.
    """
    return np.ndarray((len(data) - width + 1,), dtype=f"<u{width}", buffer=data, strides=(1,))


def words_at(data: Bytes, places: Places) -> Words:
    """The eight bytes at each place, which is at most 56 bytes behind the block's own end."""
    words: Words = unaligned(data, BYTES)[places]
    return words


def first_bytes(words: Words, lengths: NDArray[np.int64]) -> Words:
    """Only the first ``lengths`` (0 to 8) bytes of each word, the others zero."""
    return words & _KEPT[lengths]


def numbers(words: Words, lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], Places]:
    """Unsigned decimal numbers of 1 to 8 characters, of which one may be a point.

    Returns
    -------
    tuple
        The digits as one integer, -1 where there are others than digits; and how many stand
        behind the point, -1 without one.
    """
    at_end = (words << _TO_END[lengths]) | _LEADING[lengths]
    differing = at_end ^ _POINTS
    point = (differing - _ONES) & ~differing & _HIGH
    has_point = point != 0
    behind = np.full(len(words), -1, dtype=np.int64)
    if has_point.any():
        lowest = point & (~point + np.uint64(1))
        place = (np.bitwise_count(lowest - np.uint64(1)) >> 3).astype(np.int64)
        place = np.where(has_point, place, 0)
        behind = np.where(has_point, 7 - place, -1)
        before = at_end & _KEPT[place]
        after = at_end & ~_KEPT[place + 1]
        at_end = np.where(has_point, after | (before << _U8) | np.uint64(0x30), at_end)
    digits = at_end - _ZEROS
    wrong = ((at_end + _OVER_NINE - _ZEROS) | digits) & _HIGH
    pairs = (digits * np.uint64(10)) + (digits >> _U8)
    low = (pairs & np.uint64(0x000000FF000000FF)) * np.uint64(0x000F424000000064)
    high = ((pairs >> np.uint64(16)) & np.uint64(0x000000FF000000FF)) * np.uint64(
        0x0000271000000001
    )
    value = ((low + high) >> np.uint64(32)).astype(np.int64)
    is_number = (wrong == 0) & (lengths > np.where(has_point, 1, 0))
    return np.where(is_number, value, -1), behind
