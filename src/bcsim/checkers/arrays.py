"""Array types of the checkers, and the few array idioms that all of them use.

Throughout, a *position* is a row index of the record; rows stand in order of time, so the
smaller position happened first and -1 means that it never happened.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Tri: TypeAlias = NDArray[np.int8]

NEVER: Final = -1
"""Position of what did not happen."""

NO: Final = -1
UNKNOWN: Final = 0
YES: Final = 1


def tri(yes: Bools, unknown: Bools) -> Tri:
    """Three-valued array: YES where ``yes``, else UNKNOWN where ``unknown``, else NO."""
    return np.where(yes, YES, np.where(unknown, UNKNOWN, NO)).astype(np.int8)


def first_positions(count: int, groups: Ints, rows: Ints) -> Ints:
    """Smallest row of each group, ``(count,)``; ``rows`` ascends, NEVER where there is none."""
    found = np.full(count, NEVER, dtype=np.int64)
    found[groups[::-1]] = rows[::-1]  # of repeated indices, NumPy keeps the last assignment
    return found


def last_positions(count: int, groups: Ints, rows: Ints) -> Ints:
    """Largest row of each group, ``(count,)``; ``rows`` ascends, NEVER where there is none."""
    found = np.full(count, NEVER, dtype=np.int64)
    found[groups] = rows
    return found


def earliest(*positions: Ints) -> Ints:
    """Smallest position that happened, element by element."""
    never = np.iinfo(np.int64).max
    stacked = [np.where(p == NEVER, never, p) for p in positions]
    smallest = np.minimum.reduce(stacked)
    return np.where(smallest == never, NEVER, smallest)


def latest(*positions: Ints) -> Ints:
    """Largest position, element by element."""
    largest: Ints = np.maximum.reduce(positions)
    return largest


def happened(positions: Ints) -> Bools:
    """Which positions are of something that happened."""
    did: Bools = positions != NEVER
    return did


def pick(values: Ints, positions: Ints, default: int) -> Ints:
    """``values[positions]``, and ``default`` where the position is NEVER."""
    if not len(values):
        return np.full(len(positions), default, dtype=np.int64)
    return np.where(positions == NEVER, default, values[positions])


def any_of(count: int, groups: Ints, holds: Bools) -> Bools:
    """Whether ``holds`` anywhere in each group, ``(count,)``."""
    found = np.zeros(count, dtype=np.bool_)
    found[groups[holds]] = True
    return found


def counts_of(count: int, groups: Ints) -> Ints:
    """Members of each group, ``(count,)``."""
    return np.bincount(groups, minlength=count).astype(np.int64)


def paired(high: Ints, low: Ints) -> Ints:
    """One integer for each pair, equal and ordered as the pairs are; both not negative.

    Pairs that do not fit an int64 are first replaced by their ranks, which do.
    """
    if not len(high):
        return np.zeros(0, dtype=np.int64)
    width = int(low.max()) + 1
    if (int(high.max()) + 1) * width >= np.iinfo(np.int64).max:
        high, low = _ranks(high), _ranks(low)
        width = int(low.max()) + 1
    return high.astype(np.int64) * width + low


def _ranks(values: Ints) -> Ints:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
