"""Time along a picture: where a time lies, which times are written, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_S

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

_STEPS_NS: Final = (
    *(seconds * NS_PER_S for seconds in (1, 2, 5, 10, 15, 30)),
    *(minutes * NS_PER_MIN for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * NS_PER_H for hours in (1, 2, 3, 6, 12)),
    NS_PER_DAY,
)
"""Distances between the times that are written."""

_BREAK_SHARE: Final = 0.06
"""Width of a break, as a share of what is shown at full scale."""

_IDLE_SHARE: Final = 0.35
_IDLE_NS_MIN: Final = 15 * NS_PER_MIN
"""A time without any event is left out if it is as long as this, and longer than that share of
what remains."""


@dataclass(frozen=True, slots=True)
class Break:
    """A time that is left out."""

    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class ClockAxis:
    """The times from ``from_ns`` to ``to_ns``, less the breaks, as coordinates from 0 to 1.

    ``midnight_ns`` is the last midnight before time 0 on the run's clock; written times are
    round on the wall clock.
    """

    from_ns: int
    to_ns: int
    midnight_ns: int
    breaks: tuple[Break, ...] = ()

    def x(self, time_ns: int) -> float:
        """Coordinate of a time; beyond the ends it is that of the end."""
        time_ns = min(max(time_ns, self.from_ns), self.to_ns)
        shown_ns = time_ns - self.from_ns
        breadth = self._break_breadth
        place = 0.0
        for gap in self.breaks:
            hidden_ns = min(time_ns, gap.to_ns) - gap.from_ns
            if hidden_ns > 0:
                shown_ns -= hidden_ns
                place += breadth * hidden_ns / (gap.to_ns - gap.from_ns)
        return (shown_ns + place) / (self._full_scale_ns + breadth * len(self.breaks))

    def ticks(self, most: int) -> list[int]:
        """Round times to write, at most about ``most``, none inside a break."""
        step_ns = next((s for s in _STEPS_NS if self._full_scale_ns <= s * most), _STEPS_NS[-1])
        first = -((self.midnight_ns - self.from_ns) // step_ns) * step_ns + self.midnight_ns
        times = range(first, self.to_ns + 1, step_ns)
        apart = 0.8 / most
        kept: list[int] = []
        for time_ns in (t for t in times if not self._is_hidden(t)):
            if not kept or self.x(time_ns) - self.x(kept[-1]) >= apart:
                kept.append(time_ns)
        return kept

    def _is_hidden(self, time_ns: int) -> bool:
        return any(gap.from_ns < time_ns < gap.to_ns for gap in self.breaks)

    @property
    def _full_scale_ns(self) -> int:
        hidden_ns = sum(gap.to_ns - gap.from_ns for gap in self.breaks)
        return max(1, self.to_ns - self.from_ns - hidden_ns)

    @property
    def _break_breadth(self) -> float:
        return _BREAK_SHARE * self._full_scale_ns


def midnight_of(start: datetime.datetime) -> int:
    """Time of the last midnight on the clock of a run that starts at ``start``, ns."""
    seconds = start.hour * 3600 + start.minute * 60 + start.second
    return -(seconds * NS_PER_S + start.microsecond * 1000)


def axis_with_breaks(events_ns: Iterable[int], start: datetime.datetime) -> ClockAxis:
    """An axis over all events, with a margin; long times without any event are left out."""
    times = sorted(set(events_ns))
    assert times, "an axis shows something"
    busy_ns = _busy_ns(times)
    margin_ns = max(busy_ns // 25, NS_PER_S)
    breaks = tuple(_breaks(times, busy_ns, margin_ns))
    midnight_ns = midnight_of(start)
    return ClockAxis(times[0] - margin_ns, times[-1] + margin_ns, midnight_ns, breaks)


def _busy_ns(times: list[int]) -> int:
    """What remains of the whole when its longest idle times are left out, one by one."""
    gaps = sorted((later - earlier for earlier, later in pairwise(times)), reverse=True)
    rest_ns = times[-1] - times[0]
    for gap_ns in gaps:
        if gap_ns < _IDLE_NS_MIN or gap_ns <= _IDLE_SHARE * rest_ns or gap_ns == rest_ns:
            break
        rest_ns -= gap_ns
    return max(rest_ns, NS_PER_MIN)


def _breaks(times: list[int], busy_ns: int, margin_ns: int) -> Iterator[Break]:
    for earlier, later in pairwise(times):
        if later - earlier >= max(_IDLE_NS_MIN, _IDLE_SHARE * busy_ns + 2 * margin_ns):
            yield Break(earlier + margin_ns, later - margin_ns)
