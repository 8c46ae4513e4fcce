"""Aftermaths made by hand: events in seconds, and what somebody looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.history.profile import Profile
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_DAY, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.history.history import History

WATCHED_NS = 100 * NS_PER_DAY


def aftermath_of(
    events: Iterable[tuple[float, str, str, dict[str, Any]]],
    *kinds: str,
    to_ns: int = WATCHED_NS,
) -> History:
    """An aftermath of (second, kind, vantage, cells) that looked for some kinds."""
    recorder = MemoryRecorder(Profile(declared_kinds=kinds, drain_to_ns=to_ns))
    for at_s, kind, vantage, cells in sorted(events, key=lambda event: event[0]):
        recorder.emit(kind, round(at_s * NS_PER_S), vantage, **cells)
    return recorder.history()
