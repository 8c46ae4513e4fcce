"""Choices: a thin, quick layer between Hypothesis and the tables of what may be chosen.

A case is made from one string of bytes that Hypothesis draws; every choice uses up one or two of
them. So a case of a thousand choices is drawn at once, cases are independent of each other (of
single draws, Hypothesis makes variants that repeat each other's values), and a failing case
shrinks byte by byte: towards the first of each list of options and towards "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

BYTES: Final = 2500
"""More than nearly all cases use; whoever needs more gets zeros, the plainest choice."""


class Chooser:
    """Makes the choices of one case."""

    def __init__(self, luck: bytes) -> None:
        self._rest = iter(luck)

    def number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        span = high - low + 1
        if span == 1:
            return low
        width = 1 if span <= 1 << 5 else 2 if span <= 1 << 13 else 3
        drawn = 0
        for _ in range(width):
            drawn = drawn << 8 | next(self._rest, 0)
        return low + (drawn * span >> 8 * width)

    def pick(self, options: Sequence[T]) -> T:
        """One of some options; the first is the plainest."""
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        """Yes in so many cases of a hundred."""
        return percent > 0 and next(self._rest, 0) * 100 >= (100 - percent) << 8

    def maybe(self, options: Sequence[T], percent: int = 50) -> T | None:
        """One of some options in so many cases of a hundred, else ``None``."""
        return self.pick(options) if self.chance(percent) else None

    def some(self, options: Sequence[T], percent: int = 50) -> list[T]:
        """Each option in so many cases of a hundred, in their order."""
        return [option for option in options if self.chance(percent)]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Some of the options, at least one, in any order."""
        rest = list(options)
        count = self.number(1, len(rest))
        return [rest.pop(self.number(0, len(rest) - 1)) for _ in range(count)]
