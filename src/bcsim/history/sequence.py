"""Numbers of the rows of a history in shares, as if they were in one table by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.spill import Spill

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WINDOW_ROWS: Final = 4_000_000
"""Rows that are numbered at a time, about; 40 bytes each."""

_SAMPLES: Final = 1_000_000
"""Times by which all rows are cut into windows."""


class Sequence:
    """Times and places of the rows of all shares, and from them their numbers."""

    def __init__(self) -> None:
        self._keys: Spill[int] = Spill()
        self._counts: list[int] = []

    def add(self, time_ns: NDArray[np.int64], places: NDArray[np.uint64]) -> None:
        """Take the rows of the next share, by time and by place among those of one time."""
        self._keys.add(len(self._counts), {"time_ns": time_ns, "places": places})
        self._counts.append(len(time_ns))

    @property
    def count(self) -> int:
        """Number of rows so far."""
        return sum(self._counts)

    def numbered(self) -> Spill[int]:
        """Number of each row, by share, in pieces."""
        numbers: Spill[int] = Spill()
        begin, start = 0, None
        for edge in [*self._edges(), None]:
            begin += self._window(numbers, start, edge, begin)
            start = edge
        return numbers

    def _edges(self) -> list[int]:
        """Times at which one window ends and the next begins."""
        step = max(self.count // _SAMPLES, 1)
        some = [
            keys["time_ns"][::step].copy()
            for share in range(len(self._counts))
            for keys, _ in self._keys.pieces(share, ("time_ns",))
        ]
        times = np.sort(np.concatenate(some))
        every = max(_WINDOW_ROWS // step, 1)
        return [int(time) for time in np.unique(times[every::every])]

    def _window(self, numbers: Spill[int], start: int | None, end: int | None, begin: int) -> int:
        """Number the rows from one time up to another; returns how many they are."""
        shares, times, places = [], [], []
        for share in range(len(self._counts)):
            for keys, _ in self._keys.pieces(share):
                time_ns = keys["time_ns"]
                low = 0 if start is None else int(np.searchsorted(time_ns, start))
                high = len(time_ns) if end is None else int(np.searchsorted(time_ns, end))
                if high > low:
                    shares.append((share, high - low))
                    times.append(time_ns[low:high])
                    places.append(keys["places"][low:high])
        if not shares:
            return 0
        order = np.lexsort((np.concatenate(places), np.concatenate(times)))
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(begin, begin + len(order))
        edges = np.cumsum([count for _, count in shares])[:-1]
        for (share, _), mine in zip(shares, np.split(number, edges), strict=True):
            numbers.add(share, {"seq": mine})
        return len(order)
