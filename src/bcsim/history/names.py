"""Lists of names too long to be a list: texts in one buffer, or composed when asked for.

A day of a million orders has some five million names, and few of them are ever read. As Python
strings they take more time and memory than the simulation; here a name is bytes in a buffer, or
only the numbers that it is made of. Both are sequences of texts like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Bytes: TypeAlias = NDArray[np.uint8]

_ZERO = ord("0")


class LongNames(Sequence[str]):
    """A sequence of texts that makes a text only when it is asked for."""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self.take(np.arange(len(self))[index]).utf8().to_list()
        return self.text(range(len(self))[index])

    def text(self, place: int) -> str:
        """The name at one place, counted from the first."""
        raise NotImplementedError

    def take(self, places: Ints) -> LongNames:
        """The names at some places."""
        raise NotImplementedError

    def utf8(self) -> Utf8Names:
        """The names in one buffer."""
        raise NotImplementedError


class Utf8Names(LongNames):
    """Texts in UTF-8, one after the other: text ``i`` ends before ``ends[i]``."""

    def __init__(self, buffer: Bytes, ends: Ints) -> None:
        self.buffer = buffer
        self.ends = ends

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def lengths(self) -> Ints:
        """Bytes of each text."""
        return np.diff(self.ends, prepend=0)

    def text(self, place: int) -> str:
        """The name at one place."""
        end = int(self.ends[place])
        return self.buffer[end - int(self.lengths[place]) : end].tobytes().decode()

    def take(self, places: Ints) -> Utf8Names:
        """The names at some places."""
        lengths = self.lengths[places]
        ends = np.cumsum(lengths)
        shift = (self.ends - self.lengths)[places] - (ends - lengths)
        return Utf8Names(self.buffer[np.repeat(shift, lengths) + np.arange(lengths.sum())], ends)

    def utf8(self) -> Utf8Names:
        """Itself."""
        return self

    def to_list(self) -> list[str]:
        """All texts."""
        begins, ends = (self.ends - self.lengths).tolist(), self.ends.tolist()
        whole = self.buffer.tobytes()
        if whole.isascii():
            text = whole.decode("ascii")
            return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        return [whole[begin:end].decode() for begin, end in zip(begins, ends, strict=True)]

    def place_of(self, name: str) -> int:
        """Place of a text, -1 if it is not there; searches the buffer."""
        wanted, whole = name.encode(), self._whole
        if not wanted:
            empty = np.flatnonzero(self.lengths == 0)
            return int(empty[0]) if len(empty) else -1
        at = whole.find(wanted)
        while at >= 0:
            place = int(np.searchsorted(self.ends, at, side="right"))
            end = int(self.ends[place])
            if end - at == len(wanted) == self.lengths[place]:
                return place
            at = whole.find(wanted, at + 1)
        return -1

    @cached_property
    def _whole(self) -> bytes:
        return self.buffer.tobytes()


@dataclass(frozen=True, eq=False)
class Words:
    """A part of composed names that is one of a few texts: ``texts[codes[i]]``."""

    texts: tuple[str, ...]
    codes: Ints

    def text(self, place: int) -> str:
        """The part of one name."""
        return self.texts[int(self.codes[place])]

    def take(self, places: Ints) -> Words:
        """The part at some places."""
        return Words(self.texts, self.codes[places])

    def is_like(self, other: Words | Digits) -> bool:
        """Whether equal numbers mean equal texts in both."""
        return isinstance(other, Words) and self.texts == other.texts

    def letters(self) -> tuple[Bytes, NDArray[np.bool_]]:
        """One row of bytes a name, and which of them belong to it."""
        encoded = [text.encode() for text in self.texts]
        widest = max(map(len, encoded))
        padded = np.frombuffer(b"".join(one.ljust(widest) for one in encoded), dtype=np.uint8)
        lengths = np.array([len(one) for one in encoded])
        belongs = np.arange(widest) < lengths[:, None]
        return padded.reshape(len(encoded), widest)[self.codes], belongs[self.codes]


@dataclass(frozen=True, eq=False)
class Digits:
    """A part of composed names that is a number, not negative, of at least ``width`` digits."""

    codes: Ints
    width: int = 1

    def text(self, place: int) -> str:
        """The part of one name."""
        return f"{self.codes[place]:0{self.width}d}"

    def take(self, places: Ints) -> Digits:
        """The part at some places."""
        return Digits(self.codes[places], self.width)

    def is_like(self, other: Words | Digits) -> bool:
        """Whether equal numbers mean equal texts in both."""
        return isinstance(other, Digits) and self.width == other.width

    def letters(self) -> tuple[Bytes, NDArray[np.bool_]]:
        """One row of bytes a name, and which of them belong to it."""
        widest = max(self.width, len(str(int(self.codes.max(initial=0)))))
        digits = np.empty((len(self.codes), widest), dtype=np.uint8)
        belongs = np.ones((len(self.codes), widest), dtype=np.bool_)
        rest = self.codes
        for place in range(widest - 1, -1, -1):  # NumPy divides fast by one number, not by many
            if widest - place > self.width:
                belongs[:, place] = rest > 0
            tens = rest // 10
            digits[:, place] = rest - 10 * tens + _ZERO
            rest = tens
        return digits, belongs


class ComposedNames(LongNames):
    """Names made of parts: an intent's is that of its source and a number.

    Two names are equal exactly if all their parts are; whoever composes them sees to that.

    Parameters
    ----------
    parts
        One or more, each with one number a name.
    """

    def __init__(self, *parts: Words | Digits) -> None:
        assert len({len(part.codes) for part in parts}) == 1, "every part of every name"
        self.parts = parts

    def __len__(self) -> int:
        return len(self.parts[0].codes)

    def text(self, place: int) -> str:
        """The name at one place."""
        return "".join([part.text(place) for part in self.parts])

    def take(self, places: Ints) -> ComposedNames:
        """The names at some places."""
        return ComposedNames(*(part.take(places) for part in self.parts))

    def followed_by(self, *parts: Words | Digits) -> ComposedNames:
        """The names, each with more behind it."""
        return ComposedNames(*self.parts, *parts)

    def is_like(self, other: ComposedNames) -> bool:
        """Whether names of both are equal exactly if their numbers are."""
        return len(self.parts) == len(other.parts) and all(
            mine.is_like(theirs) for mine, theirs in zip(self.parts, other.parts, strict=True)
        )

    def utf8(self) -> Utf8Names:
        """The names in one buffer."""
        if not len(self):
            return Utf8Names(np.empty(0, dtype=np.uint8), np.empty(0, dtype=np.int64))
        letters, belongs = zip(*(part.letters() for part in self.parts), strict=True)
        is_there = np.concatenate(belongs, axis=1)
        buffer = np.concatenate(letters, axis=1)[is_there]
        return Utf8Names(buffer, np.cumsum(np.count_nonzero(is_there, axis=1)))


def utf8(names: Sequence[str]) -> Utf8Names:
    """Any names in one buffer."""
    if isinstance(names, LongNames):
        return names.utf8()
    encoded = [names[place].encode() for place in range(len(names))]
    lengths = np.array([len(name) for name in encoded], dtype=np.int64)
    return Utf8Names(np.frombuffer(b"".join(encoded), dtype=np.uint8), np.cumsum(lengths))


def end_to_end(lists: Sequence[Utf8Names]) -> Utf8Names:
    """The names of several lists, one list after the other."""
    lengths = np.concatenate([names.lengths for names in lists])
    return Utf8Names(np.concatenate([names.buffer for names in lists]), np.cumsum(lengths))


def taken(names: Sequence[str], places: Ints) -> Sequence[str]:
    """Names at some places; plain texts as a tuple."""
    if isinstance(names, LongNames):
        return names.take(places)
    return tuple([str(names[place]) for place in places.tolist()])


def joined(lists: Sequence[Sequence[str]]) -> tuple[Sequence[str], list[Ints] | None]:
    """All names of several lists, each once, and the place of each list's names among them.

    The places are None where all lists are the same one. Plain texts stay in order of
    appearance.
    """
    first = lists[0]
    if all(other is first for other in lists):
        return first, None
    if isinstance(first, ComposedNames):
        composed = [one for one in lists if isinstance(one, ComposedNames)]
        if len(composed) == len(lists) and all(map(first.is_like, composed)):
            return _joined_by_numbers(composed)
    place_by_name: dict[str, int] = {}
    places = []
    for names in lists:
        plain = names.utf8().to_list() if isinstance(names, LongNames) else names
        found = [place_by_name.setdefault(name, len(place_by_name)) for name in plain]
        places.append(np.array(found, dtype=np.int64))
    return tuple(place_by_name), places


def _joined_by_numbers(lists: Sequence[ComposedNames]) -> tuple[ComposedNames, list[Ints]]:
    """Join names that are equal exactly if their numbers are."""
    columns = zip(*(names.parts for names in lists), strict=True)
    parts = [
        replace(column[0], codes=np.concatenate([part.codes for part in column]))
        for column in columns
    ]
    key = parts[0].codes
    for part in parts[1:]:
        width = int(part.codes.max(initial=0)) + 1
        if (int(key.max(initial=0)) + 1) * width >= np.iinfo(np.int64).max:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * width + part.codes
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    ends = np.cumsum([len(names) for names in lists])[:-1]
    return ComposedNames(*(part.take(first) for part in parts)), np.split(place, ends)
