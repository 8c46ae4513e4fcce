"""Circuit breakers and bulkheads: what a holder does to spare a target and itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import simpy

    from bcsim.model.journey import Breaker

NO_PROBE = 0
"""Ticket of an attempt that was made while the breaker was closed."""


@dataclass(slots=True)
class CircuitBreaker:
    """Counts failures between one holder and one target; while open, attempts fail at once.

    An attempt is made with a ticket. That of a probe is the number of the opening that it
    belongs to, so that an attempt from before cannot close the breaker, nor open it again.
    """

    spec: Breaker
    failures_ns: deque[int] = field(default_factory=deque)
    open_until_ns: int | None = None
    openings: int = 0
    probes_out: int = 0
    probes_won: int = 0

    def admit(self, now_ns: int) -> int | None:
        """Ticket of an attempt that may be made now; ``None`` if it is refused."""
        if self.open_until_ns is None:
            return NO_PROBE
        if now_ns < self.open_until_ns:
            return None
        if self.probes_out + self.probes_won >= self.spec.probes:
            return None
        self.probes_out += 1
        return self.openings

    def succeeded(self, ticket: int) -> None:
        """An attempt was answered."""
        if not self._is_probe(ticket):
            return
        self.probes_out -= 1
        self.probes_won += 1
        if self.probes_won >= self.spec.probes:
            self.open_until_ns = None
            self.failures_ns.clear()

    def failed(self, ticket: int, now_ns: int) -> None:
        """An attempt was refused or not answered in time."""
        if self._is_probe(ticket):
            self._open(now_ns)
        if self.open_until_ns is not None:
            return
        self.failures_ns.append(now_ns)
        while self.failures_ns[0] <= now_ns - self.spec.window:
            self.failures_ns.popleft()
        if len(self.failures_ns) >= self.spec.failures:
            self._open(now_ns)

    def abandoned(self, ticket: int) -> None:
        """Nobody waits for an attempt any more; a probe's place is free again."""
        if self._is_probe(ticket):
            self.probes_out -= 1

    def _is_probe(self, ticket: int) -> bool:
        """Whether a ticket is that of a probe which still counts."""
        is_open = self.open_until_ns is not None
        return is_open and ticket != NO_PROBE and ticket == self.openings

    def _open(self, now_ns: int) -> None:
        self.open_until_ns = now_ns + self.spec.open
        self.openings += 1
        self.probes_out = self.probes_won = 0


@dataclass(slots=True)
class Bulkhead:
    """Bounds the unanswered requests of one holder at one step; the rest wait in line."""

    limit: int
    inside: int = 0
    line: dict[simpy.Event, None] = field(default_factory=dict)
    """Those who wait, first come first; a dictionary, so that one can step out of the line."""

    def enter(self, turn: simpy.Event) -> bool:
        """Take a place; if none is free, ``turn`` will be triggered when one is."""
        if self.inside < self.limit:
            self.inside += 1
            return True
        self.line[turn] = None
        return False

    def leave(self, turn: simpy.Event) -> None:
        """Step out of the line, or give the place to the first in it, or free the place."""
        if turn in self.line:
            del self.line[turn]
        elif self.line:
            following = next(iter(self.line))
            del self.line[following]
            following.succeed()
        else:
            self.inside -= 1
