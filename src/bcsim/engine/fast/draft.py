"""A draft: the beginning of an arena in the making."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.kernels import record as r
from bcsim.streams import CONSTANT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.streams import Distribution


WORD_BYTES: Final = 8


class Draft:
    """An arena in the making: records are written one after the other.

    ``m`` becomes the beginning of the arena, ``x`` the real numbers beside it.
    """

    def __init__(self) -> None:
        self.m: array[int] = array("q", bytes(WORD_BYTES * r.HEAD_SIZE))
        self.x: list[float] = [0.0]
        self._distributions: dict[Distribution, int] = {}
        self._lanes: dict[int, int] = {}

    def block(self, size: int) -> int:
        """Room for some words, all 0; address of the first."""
        start = len(self.m)
        self.m.frombytes(bytes(WORD_BYTES * size))
        return start

    def table(self, values: Sequence[int] | NDArray[np.int64]) -> int:
        """Some words in a row, an array row by row; address of the first."""
        start = len(self.m)
        self.m.frombytes(np.asarray(values, dtype=np.int64).tobytes())
        return start

    def record(self, size: int, fields: dict[int, int]) -> int:
        """A record with some fields set."""
        start = self.block(size)
        for field, value in fields.items():
            self.m[start + field] = value
        return start

    def chance(self, value: float) -> int:
        """Place of a chance among the constants; 0 for no chance."""
        if not value:
            return 0
        self.x.append(float(value))
        return len(self.x) - 1

    def lane(self, delay_ns: int | None) -> int:
        """Lane of the timers that run for a time; 0 for none."""
        if delay_ns is None:
            return 0
        if delay_ns not in self._lanes:
            self._lanes[delay_ns] = self.block(r.LANE_SIZE)
        return self._lanes[delay_ns]

    def distribution(self, spec: Distribution | None) -> int:
        """Record of a distribution; 0 for none."""
        if spec is None:
            return 0
        known = self._distributions.get(spec)
        if known is None:
            place = len(self.x)
            self.x += [spec.a, spec.b, spec.c, *spec.quantiles]
            known = self._distributions[spec] = self.record(
                r.DIST_SIZE,
                {
                    r.DIST_KIND: spec.kind,
                    r.DIST_NS: spec.quantile(0.5) if spec.kind == CONSTANT else 0,
                    r.DIST_X: place,
                    r.DIST_QUANTILES: place + 3,
                    r.DIST_COUNT: len(spec.quantiles),
                },
            )
        return known
