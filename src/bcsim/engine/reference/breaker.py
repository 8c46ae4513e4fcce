"""Circuit breakers and bulkheads: what a holder does to spare a target and itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import simpy

    from bcsim.model.journey import Breaker


@dataclass(slots=True)
class CircuitBreaker:
    """Counts failures between one holder and one target; while open, attempts fail at once."""

    spec: Breaker
    failures_ns: deque[int] = field(default_factory=deque)
    open_until_ns: int | None = None
    probes_out: int = 0
    probes_won: int = 0

    def admits(self, now_ns: int) -> bool:
        """Whether an attempt may be made now; takes a probe's place when half open."""
        if self.open_until_ns is None:
            return True
        if now_ns < self.open_until_ns:
            return False
        if self.probes_out + self.probes_won >= self.spec.probes:
            return False
        self.probes_out += 1
        return True

    def succeeded(self) -> None:
        """An attempt was answered."""
        if self.open_until_ns is None:
            return
        self.probes_out = max(0, self.probes_out - 1)
        self.probes_won += 1
        if self.probes_won >= self.spec.probes:
            self.open_until_ns = None
            self.failures_ns.clear()

    def failed(self, now_ns: int) -> None:
        """An attempt was refused or not answered in time."""
        if self.open_until_ns is not None:
            if now_ns >= self.open_until_ns:
                self._open(now_ns)
            return
        self.failures_ns.append(now_ns)
        while self.failures_ns[0] <= now_ns - self.spec.window:
            self.failures_ns.popleft()
        if len(self.failures_ns) >= self.spec.failures:
            self._open(now_ns)

    def _open(self, now_ns: int) -> None:
        self.open_until_ns = now_ns + self.spec.open
        self.probes_out = self.probes_won = 0


@dataclass(slots=True)
class Bulkhead:
    """Bounds the unanswered requests of one holder at one step; the rest wait in line."""

    limit: int
    inside: int = 0
    line: deque[simpy.Event] = field(default_factory=deque)

    def enter(self, turn: simpy.Event) -> bool:
        """Take a place; if none is free, ``turn`` will be triggered when one is."""
        if self.inside < self.limit:
            self.inside += 1
            return True
        self.line.append(turn)
        return False

    def leave(self) -> None:
        """Give the place to the first in line, or free it."""
        if self.line:
            self.line.popleft().succeed()
        else:
            self.inside -= 1
