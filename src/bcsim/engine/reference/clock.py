"""Simulated time and the total order of simultaneous events.

Every semantic event of the order layer is one SimPy event whose priority is its key, so two
events of one instant always come in the same order, whoever scheduled them first::

    (time, turn, order number, step, leg, attempt, kind)

Turns: what happens to the infrastructure comes first, then work that ends, then messages that
arrive, then timers, then the market, then work by the clock, then new wishes. The docs have
the whole table (``docs/explanation/semantics.md``).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import simpy

from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX, STEPS_MAX

assert (STEPS_MAX, LEGS_MAX, ATTEMPTS_MAX) == (1 << 6, 1 << 4, 1 << 12), "see key()"

if TYPE_CHECKING:
    from collections.abc import Callable


class Turn(IntEnum):
    """Class of simultaneous events; the smaller comes first."""

    INFRASTRUCTURE = 0
    COMPLETION = 1
    DELIVERY = 2
    TIMER = 3
    MARKET = 4
    SCHEDULE = 5
    WISH = 6


class Mark(IntEnum):
    """Kind of event within a turn, the last part of its key."""

    REQUEST = 0
    ANSWER = 1
    REPORT = 2
    MESSAGE = 3
    CANCEL = 4
    TIMEOUT = 5
    RETRY = 6
    PATIENCE = 7
    PARK = 8
    SERVICE = 9
    START = 10
    FILL = 11
    TOUCH = 12
    EXPIRY = 13
    OTHER = 14


_NEVER = float("inf")
_SIMPY_PRIORITIES = 2
"""SimPy's own events have priority 0 and 1; they finish what a semantic event began."""


def key(
    turn: Turn, number: int, step: int = 0, leg: int = 0, attempt: int = 0, *, mark: Mark
) -> int:
    """Pack an event's place among simultaneous events into one integer."""
    assert number >= 0, f"number={number} must not be negative"
    # The bits are those of limits.py: 6 for the step, 12 for the attempt; a leg is counted
    # through all fills of an order, which are as many as attempts.
    place = ((turn << 48) + number) << 43
    return place + (step << 37) + (leg << 17) + (attempt << 5) + mark + _SIMPY_PRIORITIES


class _Moment(simpy.Event):
    """An event that has a time and a place among the events of that time."""

    def __init__(self, env: simpy.Environment, handler: Callable[[], None] | None) -> None:
        # NOTE: inlined from Event.__init__, as SimPy's own Timeout does; one is made for every
        # event of a run.
        self.env = env
        self.callbacks = [] if handler is None else [lambda _event: handler()]
        self._ok = True
        self._value = None
        self._defused = False


class Clock(simpy.Environment):
    """The run's clock, in ns since the scenario's start: schedules events in their total order."""

    @property
    def now(self) -> int:
        """Current time; whole, because every delay is."""
        return self._now  # type: ignore[return-value]

    def at(self, time_ns: int, place: int, handler: Callable[[], None]) -> None:
        """Have ``handler`` called at a time, in the given place among that time's events."""
        delay_ns = time_ns - self.now
        assert delay_ns >= 0, f"time_ns={time_ns} is past, now={self.now}"
        self.schedule(_Moment(self, handler), place, delay_ns)  # type: ignore[arg-type]

    def until(self, time_ns: int, place: int) -> simpy.Event:
        """Event that a process can wait for: a time, in the given place."""
        moment = _Moment(self, None)
        self.schedule(moment, place, time_ns - self.now)  # type: ignore[arg-type]
        return moment

    def signal(self) -> simpy.Event:
        """Event that a process waits for until somebody calls ``succeed``."""
        return self.event()

    def stop_at(self, time_ns: int) -> None:
        """Let time pass until the end of the run, before which nothing more happens."""
        assert time_ns >= self.now, f"time_ns={time_ns} is past, now={self.now}"
        self._now = time_ns

    def next_time(self) -> int | None:
        """Time of the next event, or ``None`` when nothing is left to happen."""
        ahead = self.peek()
        return None if ahead == _NEVER else int(ahead)
