"""A bell: something that happens again and again, and can be waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import simpy

    from bcsim.engine.continuity.agenda import Agenda


class Bell:
    """Processes wait for the next ring; a ring without listeners passes unheard."""

    __slots__ = ("_agenda", "_next")

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._next = agenda.event()

    @property
    def next_ring(self) -> simpy.Event:
        """The event of the next ring."""
        return self._next

    def ring(self) -> None:
        """Wake all that wait; they look for themselves what has changed."""
        rung, self._next = self._next, self._agenda.event()
        rung.succeed()
