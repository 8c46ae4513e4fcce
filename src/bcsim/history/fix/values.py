"""Values of fields as numbers, times and texts, decoded for a whole block at once.

A value that is not of its type is null, never an error: what cannot be read proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from bcsim.history.fix import words
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Places

DECIMALS: Final = 8
"""Digits behind the point that a decimal keeps: it is an int64 in units of 10**-8, so that
quantities and prices below 92 billion fit; further digits are rounded away."""

_DECIMAL_BYTES: Final = 20
_INTEGER_BYTES: Final = 18
_TIME_BYTES: Final = 17
"""Bytes of ``YYYYMMDD-HH:MM:SS``."""

_FRACTION_BYTES: Final = 9
_DAY_NS: Final = 86_400_000_000_000
_SECOND_NS: Final = 1_000_000_000
TEXT_BYTES: Final = 64
"""Longest text that is coded by its words; longer ones are coded one by one."""


def _digit(data: Bytes, places: Places) -> NDArray[np.int64]:
    return data[np.minimum(places, len(data) - 1)].astype(np.int64) - ord("0")


def _is_digit(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    is_digit: NDArray[np.bool_] = (values >= 0) & (values <= 9)  # noqa: PLR2004 - a digit
    return is_digit


def characters(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.uint8]:
    """Values of one byte, ``(messages,)``; 0 where there is none or a longer one."""
    found = data.take(starts, mode="clip")
    return np.where(lengths == 1, found, np.uint8(0))


def message_types(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """Values of one or two bytes as ``first + 256 * second``; 0 for others."""
    both = words.unaligned(data, 2)[starts]
    kept = np.array([0, 0xFF, 0xFFFF, 0], dtype=np.uint16)
    both &= kept.take(lengths, mode="clip")
    return both.astype(np.int64)


def integers(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """Unsigned integers, null where there is none."""
    value = words.digits(*_short(data, starts, lengths))
    value[value < 0] = NULL
    if int(lengths.max(initial=0)) > words.BYTES:
        for row in np.flatnonzero((lengths > words.BYTES) & (lengths <= _INTEGER_BYTES)).tolist():
            text = text_at(data, starts, lengths, row)
            value[row] = int(text) if text.isdigit() else NULL
    return value


def decimals(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """Decimal numbers in units of 10**-8, null where there is none or it does not fit."""
    return decimals_stated(data, starts, lengths)[0]


def decimals_stated(
    data: Bytes, starts: Places, lengths: Places
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Decimal numbers, and how many digits each states behind its point, null without a number."""
    value, digits = words.numbers(*_short(data, starts, lengths))
    np.maximum(digits, 0, out=digits)
    odd = np.flatnonzero(value < 0)
    value *= _POWERS_BEHIND.take(digits, mode="clip")  # of eight digits: it fits
    value[odd] = digits[odd] = NULL
    for row in odd[(lengths[odd] > 0) & (lengths[odd] <= _DECIMAL_BYTES)].tolist():
        text = text_at(data, starts, lengths, row)  # signed or long: few
        value[row] = _decimal(text)
        found = _NUMBER.fullmatch(text)
        digits[row] = NULL if found is None else len(found.group(3) or b"")
    return value, digits


def _short(data: Bytes, starts: Places, lengths: Places) -> tuple[words.Words, Places]:
    """Values as words, and their lengths; 0 for those that are longer than a word."""
    if int(lengths.max(initial=0)) <= words.BYTES:
        return words.words_at(data, starts), words.alike(lengths)
    return words.words_at(data, starts), np.where(lengths <= words.BYTES, lengths, 0)


def text_at(data: Bytes, starts: Places, lengths: Places, row: int) -> bytes:
    """The value of one message."""
    return data[starts[row] : starts[row] + lengths[row]].tobytes()


def _decimal(text: bytes) -> int:
    """One decimal number as :func:`decimals` gives it, rounded half up in size."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found.group(2) or found.group(3)):
        return NULL
    fraction = (found.group(3) or b"")[: DECIMALS + 1].ljust(DECIMALS + 1, b"0")
    value = (int((found.group(2) or b"0") + fraction) + 5) // 10
    if value > _LARGEST:
        return NULL
    return -value if found.group(1) else value


_NUMBER: Final = re.compile(rb"(-)?(\d*)(?:\.(\d*))?")
_LARGEST: Final = int(np.iinfo(np.int64).max)
_POWERS: Final = np.array([10**exponent for exponent in range(DECIMALS + 1)], dtype=np.int64)
_POWERS_BEHIND: Final = _POWERS[::-1].copy()
"""What an integer is multiplied with, by its digits behind the point."""


def times(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """UTC timestamps ``YYYYMMDD-HH:MM:SS[.fraction]`` as nanoseconds since 1970, else null."""
    lengths = words.alike(lengths)
    day, days_in_row = words.runs_of(words.words_at(data, starts))
    midnight_ns, is_day = _days(day)
    is_time = np.repeat(is_day, days_in_row)
    is_time &= (lengths >= _TIME_BYTES) & (data.take(starts + 8, mode="clip") == ord("-"))
    time_ns, is_clock = clock(data, starts + 9)
    time_ns += np.repeat(midnight_ns, days_in_row)
    fraction, is_fraction = fractions(data, starts + _TIME_BYTES, lengths - _TIME_BYTES)
    time_ns += fraction
    is_time &= is_clock
    is_time &= is_fraction
    time_ns[~is_time] = NULL
    return time_ns


def clock(data: Bytes, places: Places) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Nanoseconds since midnight of ``HH:MM:SS`` at each place, and where it is one.

    Messages that follow each other mostly have the same second, which is read once.
    """
    word, in_row = words.runs_of(words.words_at(data, places))
    colons = np.uint64(0x00003A00003A0000)
    is_clock = (word & np.uint64(0x0000FF0000FF0000)) == colons
    eight = (word & np.uint64(0xFFFF00FFFF00FFFF)) | np.uint64(0x0000300000300000)
    number = words.digits(eight, words.WORD)
    hour, minute, second = number // 1_000_000, number // 1000 % 1000, number % 1000
    is_clock &= (number >= 0) & (hour <= 23) & (minute <= 59) & (second <= 60)  # noqa: PLR2004
    time_ns = (hour * 3600 + minute * 60 + second) * _SECOND_NS
    return np.repeat(time_ns, in_row), np.repeat(is_clock, in_row)


def _days(word: words.Words) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Nanoseconds since 1970 at which days ``YYYYMMDD`` begin, and which are days at all."""
    day = words.digits(word, words.WORD)
    zero = np.zeros(len(day), dtype=np.int64)
    return moments(day // 10_000, day // 100 % 100, day % 100, zero, zero, zero)


def fractions(
    data: Bytes, starts: Places, lengths: Places
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Nanoseconds of ``.fff…`` (any number of digits; a comma does too), and where it is one.

    ``lengths`` may be a single one.
    """
    mark = data.take(starts, mode="clip")
    digits = np.clip(lengths - 1, 0, _FRACTION_BYTES)
    first = np.minimum(digits, words.BYTES)
    value = words.digits(words.words_at(data, starts + 1), first)
    is_fraction = (mark == ord(".")) | (mark == ord(","))
    is_fraction &= value >= 0
    value *= _POWERS[words.BYTES - first] * 10
    is_ninth = digits == _FRACTION_BYTES
    if is_ninth.any():
        ninth = _digit(data, starts + _FRACTION_BYTES)
        is_fraction &= ~is_ninth | _is_digit(ninth)
        value += np.where(is_ninth & is_fraction, ninth, 0)
    value[~is_fraction] = 0
    return value, is_fraction | (lengths <= 0)


def moments(
    year: NDArray[np.int64],
    month: NDArray[np.int64],
    day: NDArray[np.int64],
    hour: NDArray[np.int64],
    minute: NDArray[np.int64],
    second: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Nanoseconds since 1970-01-01 of calendar parts, and which are a moment at all.

    Days of the civil calendar by H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"
    (2021), days_from_civil.
    """
    is_moment = (year >= 1970) & (year < 2200) & (month >= 1) & (month <= 12)  # noqa: PLR2004
    is_moment &= (day >= 1) & (day <= 31) & (hour <= 23) & (minute <= 59) & (second <= 60)  # noqa: PLR2004
    shifted = np.where(month <= 2, year - 1, year)  # noqa: PLR2004 - the year begins in March
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    of_era_day = of_era * 365 + of_era // 4 - of_era // 100 + of_year
    days = np.where(is_moment, era * 146_097 + of_era_day - 719_468, 0)
    seconds = hour * 3600 + minute * 60 + second
    return days * _DAY_NS + np.where(is_moment, seconds, 0) * _SECOND_NS, is_moment


class Dictionary:
    """Texts of one column over all blocks: code of each text, by first appearance."""

    def __init__(self) -> None:
        self._code_by_text: dict[bytes, int] = {}
        self._known: tuple[words.Words, words.Words, NDArray[np.int32]] | None = None

    def __len__(self) -> int:
        return len(self._code_by_text)

    @property
    def names(self) -> Names:
        """The texts by code, decoded when asked for."""
        return Names(list(self._code_by_text))

    def code_of(self, text: bytes) -> int:
        """Code of a text, new if it was not seen before."""
        return self._code_by_text.setdefault(text, len(self._code_by_text))

    def codes_in_order(
        self, data: Bytes, found: Sequence[tuple[Places, Places, Places]]
    ) -> list[NDArray[np.int32]]:
        """Code the values of several tags by first appearance in the messages, tag by tag.

        ``found`` has the messages, starts and lengths of each tag; blocks of any size give the
        same codes.
        """
        codes = [self._codes_of_known(data, starts, lengths) for _, starts, lengths in found]
        if any(one is None for one in codes):
            rows, starts, lengths = (np.concatenate(parts) for parts in zip(*found, strict=True))
            order = np.argsort(rows, kind="stable")
            self.codes(data, starts[order], lengths[order])
        return [
            self.codes(data, *places) if one is None else one
            for one, (_, *places) in zip(codes, found, strict=True)
        ]

    def _codes_of_known(
        self, data: Bytes, starts: Places, lengths: Places
    ) -> NDArray[np.int32] | None:
        """Codes of texts that are all known, as far as that is quickly seen; else None."""
        if not len(starts) or int(lengths.max()) > TEXT_BYTES:
            return None
        return self._found(words_of(data, starts, lengths))

    def codes(self, data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int32]:
        """Code the values of one tag, ``(messages,)``."""
        if int(lengths.max(initial=0)) <= TEXT_BYTES:
            return self._of_words(data, starts, lengths) if len(starts) else _NO_CODES
        coded = np.empty(len(starts), dtype=np.int32)
        short = np.flatnonzero(lengths <= TEXT_BYTES)
        if len(short):
            coded[short] = self._of_words(data, starts[short], lengths[short])
        for row in np.flatnonzero(lengths > TEXT_BYTES).tolist():
            coded[row] = self.code_of(text_at(data, starts, lengths, row))
        return coded

    def _of_words(self, data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int32]:
        texts = words_of(data, starts, lengths)
        found = self._found(texts)
        if found is not None:
            return found
        some, number = _distinct(texts)
        first = np.empty(len(some), dtype=np.intp)
        first[number[::-1]] = np.arange(len(number) - 1, -1, -1)
        place = np.empty(len(some), dtype=np.intp)
        place[np.argsort(first)] = np.arange(len(some))  # by first appearance
        first, number = np.sort(first), place[number]
        width = texts.shape[1] * words.BYTES
        distinct: list[bytes] = texts[first].view(f"S{width}").ravel().tolist()
        known = self._code_by_text
        fresh = [text for text in distinct if text not in known]
        known.update(zip(fresh, range(len(known), len(known) + len(fresh)), strict=True))
        codes = np.fromiter(map(known.__getitem__, distinct), np.int32, len(distinct))
        self._remember(texts[first], codes)
        return codes[number]

    def _remember(self, texts: words.Words, codes: NDArray[np.int32]) -> None:
        """Keep texts by their keys for the next block, which seldom has others."""
        if self._known is not None and self._known[1].shape[1] == texts.shape[1]:
            texts = np.concatenate((self._known[1], texts))
            codes = np.concatenate((self._known[2], codes))
        codes, some = np.unique(codes, return_index=True)
        key = _key(texts[some])
        order = np.argsort(key, kind="stable")
        self._known = (key[order], texts[some][order], codes[order])

    def _found(self, texts: words.Words) -> NDArray[np.int32] | None:
        """Codes of texts that are all known and of the usual length; None if any is not."""
        if self._known is None or self._known[1].shape[1] != texts.shape[1]:
            return None
        keys_known, known, codes = self._known
        place = np.minimum(np.searchsorted(keys_known, _key(texts)), len(codes) - 1)
        same = all(np.array_equal(known[:, i][place], texts[:, i]) for i in range(known.shape[1]))
        return codes[place] if same else None


def fingerprints(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.int64]:
    """A number for each text, equal for equal texts, ``(messages,)``; null where there is none.

    NOTE: for texts that are only compared with each other; of a million different ones, two
    are taken for one with a chance of 3e-8.
    """
    short = np.minimum(lengths, TEXT_BYTES)
    if not short.any():
        return np.full(len(starts), NULL, dtype=np.int64)
    key = _key(words_of(data, starts, short)).view(np.int64)
    return np.where(lengths == 0, NULL, np.where(key == NULL, 0, key))


_NO_CODES: Final = np.empty(0, dtype=np.int32)


class Names(Sequence[str]):
    """Texts of a dictionary; bytes that are not UTF-8 are written by their number."""

    def __init__(self, texts: list[bytes]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [text.decode("utf-8", "backslashreplace") for text in self._texts[index]]
        return self._texts[index].decode("utf-8", "backslashreplace")

    def __iter__(self) -> Iterator[str]:
        return (text.decode("utf-8", "backslashreplace") for text in self._texts)


def words_of(data: Bytes, starts: Places, lengths: Places) -> words.Words:
    """Values as words of eight bytes, ``(messages, words)``, zero behind the end of a value."""
    count = max(1, (int(lengths.max()) + words.BYTES - 1) // words.BYTES)
    lengths = words.alike(lengths)
    if count == 1:
        return words.first_bytes(words.words_at(data, starts), lengths).reshape(-1, 1)
    texts = words.rows_at(data, starts, count)
    for place in range(count):
        left = np.clip(lengths - words.BYTES * place, 0, words.BYTES)
        texts[:, place] = words.first_bytes(texts[:, place], left)
    return texts


def _key(texts: words.Words) -> words.Words:
    """One word for each row of words, mixed of all of them."""
    key = texts[:, 0].copy()
    for place in range(1, texts.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + texts[:, place]
    return key


def _distinct(texts: words.Words) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """A row of each distinct row, and the number of each row's distinct row."""
    key = _key(texts)
    distinct, number = np.unique(key, return_inverse=True)
    number = number.reshape(-1)
    some = np.empty(len(distinct), dtype=np.intp)
    some[number] = np.arange(len(key))
    if texts.shape[1] > 1 and not np.array_equal(texts[some][number], texts):
        _, some, number = np.unique(texts, axis=0, return_index=True, return_inverse=True)
    return some, number.reshape(-1)
