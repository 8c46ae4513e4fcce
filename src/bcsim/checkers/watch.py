"""Which vantage point was watched when: only there does silence prove anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.history.profile import Profile

_OPEN_END: Final = int(np.iinfo(np.int64).max)


class Watch:
    """Coverage of a history by vantage point, as merged closed intervals of nanoseconds."""

    def __init__(self, profile: Profile) -> None:
        spans: dict[str, list[tuple[int, int]]] = {}
        for coverage in profile.coverage:
            to_ns = _OPEN_END if coverage.to_ns is None else coverage.to_ns
            spans.setdefault(coverage.vantage, []).append((coverage.from_ns, to_ns))
        self._spans = {vantage: _merged(found) for vantage, found in spans.items()}

    @property
    def vantages(self) -> tuple[str, ...]:
        """Vantage points that were watched at some time, in the profile's order."""
        return tuple(self._spans)

    def begins_ns(self) -> int | None:
        """Time from which the first vantage point was watched; None if none ever was."""
        return min((spans[0][0] for spans in self._spans.values()), default=None)

    def covers(self, vantage: str, from_ns: Ints, to_ns: Ints) -> Bools:
        """Whether ``vantage`` was watched without a break from ``from_ns`` to ``to_ns``."""
        covered = np.zeros(len(from_ns), dtype=np.bool_)
        for begin_ns, end_ns in self._spans.get(vantage, ()):
            covered |= (from_ns >= begin_ns) & (to_ns <= end_ns)
        return covered

    def any_covers(self, vantages: Iterable[str], from_ns: Ints, to_ns: Ints) -> Bools:
        """Whether at least one of ``vantages`` was watched throughout."""
        covered = np.zeros(len(from_ns), dtype=np.bool_)
        for vantage in vantages:
            covered |= self.covers(vantage, from_ns, to_ns)
        return covered

    def gaps(self, vantages: Iterable[str], from_ns: int, to_ns: int) -> list[tuple[int, int]]:
        """Intervals of [``from_ns``, ``to_ns``] in which none of ``vantages`` was watched."""
        spans = _merged([span for vantage in vantages for span in self._spans.get(vantage, ())])
        gaps: list[tuple[int, int]] = []
        reached_ns = from_ns
        for begin_ns, end_ns in spans:
            if begin_ns > reached_ns and reached_ns < to_ns:
                gaps.append((reached_ns, min(begin_ns, to_ns)))
            reached_ns = max(reached_ns, end_ns)
        if not spans or reached_ns < to_ns:
            gaps.append((reached_ns, to_ns))
        return gaps


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join intervals that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for begin_ns, end_ns in sorted(spans):
        if merged and begin_ns <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_ns))
        else:
            merged.append((begin_ns, end_ns))
    return merged
