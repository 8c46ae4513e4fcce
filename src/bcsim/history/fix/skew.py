"""How far the clocks of two ends are apart, from messages that both logs show.

If *b* is ahead of *a* by θ, a message that *a* logs at sending and *b* at receipt gives
``received − sent ≥ θ``, one in the other direction ``θ ≥ sent − received``: no message arrives
before it was sent. The least and the greatest such difference bound θ (the idea of D. L. Mills,
"Network Time Protocol", RFC 958, 1985-09, with all pairs instead of one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.messages import Messages


@dataclass(frozen=True, slots=True)
class Skew:
    """By how much the clock of one end is ahead of another's.

    Parameters
    ----------
    least_ns, most_ns
        Bounds of the difference; ``least_ns > most_ns`` if no constant difference explains all
        messages, because a clock drifted or was set.
    pairs
        Messages that both logs show.
    """

    least_ns: int
    most_ns: int
    pairs: int

    @property
    def is_steady(self) -> bool:
        """Whether one difference explains every message."""
        return self.least_ns <= self.most_ns

    @property
    def ahead_ns(self) -> int:
        """Best estimate: 0 if the clocks may agree, else the middle of the bounds."""
        if self.least_ns <= 0 <= self.most_ns:
            return 0
        return (self.least_ns + self.most_ns) // 2

    @property
    def uncertainty_ns(self) -> int:
        """Largest error of the estimate."""
        return max(abs(self.most_ns - self.ahead_ns), abs(self.ahead_ns - self.least_ns))


def skew_of(one: Messages, other: Messages) -> Skew | None:
    """Estimate how far ``other``'s clock is ahead of ``one``'s; None if too few messages agree.

    Both are samples of one end each, with ``is_own`` and the log's own ``log_ns``.
    Messages of both directions are needed: from one side alone delay and skew look the same.
    """
    first, second = _shared(one, other)
    if not len(first):
        return None
    difference = other["log_ns"][second] - one["log_ns"][first]
    outward = one["is_own"][first] & ~other["is_own"][second]
    inward = ~one["is_own"][first] & other["is_own"][second]
    if not outward.any() or not inward.any():
        return None
    return Skew(
        least_ns=int(difference[inward].max()),
        most_ns=int(difference[outward].min()),
        pairs=int(np.count_nonzero(outward | inward)),
    )


def _shared(one: Messages, other: Messages) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of messages that stand in both: same direction, number and SendingTime."""
    ones, key = _single(one)
    others, key_other = _single(other)
    if not len(ones):
        return ones, others[:0]
    place = np.minimum(np.searchsorted(key, key_other), len(key) - 1)
    both = np.flatnonzero(key[place] == key_other)
    return ones[place[both]], others[both]


def _single(messages: Messages) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
    """Rows of messages that a log shows only once, by their keys, and these."""
    order = np.argsort(messages["key"])
    key = messages["key"][order]
    differs = np.ones(len(key) + 1, dtype=np.bool_)
    differs[1:-1] = key[1:] != key[:-1]
    single = np.flatnonzero(differs[1:] & differs[:-1])
    return order[single], key[single]
