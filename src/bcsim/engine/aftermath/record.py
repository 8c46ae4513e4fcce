"""The record: rows of the aftermath, put in order of time at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.history.profile import Profile
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.history.history import History
    from bcsim.history.schema import Kind


class AftermathRecord:
    """Rows in the order in which they were thought of; equal times keep it."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, Kind, str, dict[str, Any]]] = []

    def add(self, kind: Kind, time_ns: int, vantage: str, **fields: int | str | None) -> None:
        """Note one event; ``fields`` are columns of the history."""
        self._rows.append((time_ns, kind, vantage, fields))

    def history(self, profile: Profile, kinds: Iterable[Kind], to_ns: int) -> History:
        """Everything noted, as a history that says what it looked for, and until when."""
        told = Profile(
            kind=profile.kind,
            start=profile.start,
            time_zone=profile.time_zone,
            qty_scale=profile.qty_scale,
            price_scale=profile.price_scale,
            amount_scale=profile.amount_scale,
            declared_kinds=tuple(kinds),
            source=profile.source,
            drain_to_ns=to_ns,
        )
        recorder = MemoryRecorder(told)
        for time_ns, kind, vantage, fields in sorted(self._rows, key=lambda row: row[0]):
            recorder.emit(kind, time_ns, vantage, **fields)
        return recorder.history()
