"""The record: the timeline while it is being written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.engine.timeline import Attribute, Change, LogEntry, Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.engine.continuity.agenda import Agenda
    from bcsim.model.firm import Firm

INFRASTRUCTURE: Final = "infrastructure"
"""Vantage point of what happens."""

PLAN: Final = "plan"
"""Vantage point of what people do."""

NORMAL: Final[Mapping[Attribute, int]] = MappingProxyType(
    {
        Attribute.UP: 1,
        Attribute.HANG: 0,
        Attribute.SPEED: 1000,
        Attribute.INTAKE: 1,
        Attribute.FALLBACK: 0,
        Attribute.LINK_UP: 1,
        Attribute.LINK_LATENCY: 0,
        Attribute.LINK_LOSS: 0,
        Attribute.SPLIT: 0,
        Attribute.CORRUPTION: 0,
        Attribute.HALT: 0,
    }
)
"""Values at time 0; those of SERVERS and PRIORITY are in the model."""

PRIORITIES: Final = "priorities"
"""The subject of PRIORITY."""


class Record:
    """Writes changes and log entries in the order in which they happen."""

    def __init__(self, agenda: Agenda, firm: Firm) -> None:
        self._agenda = agenda
        self._changes: list[Change] = []
        self._log: list[LogEntry] = []
        self._now: dict[tuple[str, Attribute], tuple[int, tuple[str, ...]]] = {
            (name, Attribute.SERVERS): (spec.servers, ()) for name, spec in firm.components.items()
        }
        self._now[PRIORITIES, Attribute.PRIORITY] = (1, firm.priorities)
        self._causes: dict[tuple[str, Attribute], str] = {}

    def value(self, subject: str, attribute: Attribute) -> int:
        """The value that was last recorded."""
        state = self._now.get((subject, attribute))
        return NORMAL[attribute] if state is None else state[0]

    def state(
        self,
        subject: str,
        attribute: Attribute,
        value: int,
        cause: str = "",
        detail: tuple[str, ...] = (),
    ) -> bool:
        """Record a lasting state, unless it is so already.

        Without a cause, the latest cause of the state that ends here is repeated.

        Returns
        -------
        bool
            Whether this was a change.
        """
        key = (subject, attribute)
        before = self._now.get(key, (NORMAL.get(attribute), ()))
        cause = cause or self._causes.get(key, "")
        if before == (value, detail):
            self._causes[key] = cause
            return False
        assert cause, f"nothing has caused {subject} {attribute} to become {value}"
        self._now[key] = (value, detail)
        self._causes[key] = cause
        self.event(subject, attribute, value, cause, detail)
        return True

    def event(
        self,
        subject: str,
        attribute: Attribute,
        value: int,
        cause: str,
        detail: tuple[str, ...] = (),
    ) -> None:
        """Record something that happens at this instant, even if it happened before."""
        now_ns = self._agenda.now_ns
        self._changes.append(Change(now_ns, subject, attribute, value, cause, detail))

    def log(self, vantage: str, kind: str, **fields: str | None) -> None:
        """Write one line of who did what; ``fields`` are those of :class:`LogEntry`."""
        self._log.append(LogEntry(self._agenda.now_ns, vantage, kind, **fields))

    def timeline(self) -> Timeline:
        """What has been written."""
        return Timeline(tuple(self._changes), tuple(self._log))
