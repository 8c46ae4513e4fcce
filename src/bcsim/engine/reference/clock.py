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
from typing import TYPE_CHECKING, Any

import simpy

from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX, STEPS_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


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


_KINDS_MAX = 16
_SIMPY_PRIORITIES = 2
"""SimPy's own events have priority 0 and 1; they finish what a semantic event began."""


def key(
    turn: Turn, number: int, step: int = 0, leg: int = 0, attempt: int = 0, *, mark: Mark
) -> int:
    """Pack an event's place among simultaneous events into one integer."""
    assert number >= 0, f"number={number} must not be negative"
    packed = int(turn)
    packed = (packed << 48) | number
    packed = packed * STEPS_MAX + step
    packed = packed * LEGS_MAX + leg
    packed = packed * ATTEMPTS_MAX + attempt
    return packed * _KINDS_MAX + int(mark) + _SIMPY_PRIORITIES


class _Moment(simpy.Event):
    """An event that has a time and a place among the events of that time."""

    def __init__(self, env: simpy.Environment, handler: Callable[[], None] | None) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        if handler is not None:
            assert self.callbacks is not None, "a new event has callbacks"
            self.callbacks.append(lambda _event: handler())


class Clock:
    """The run's clock: schedules events in their total order."""

    def __init__(self, start_ns: int) -> None:
        self._env = simpy.Environment(initial_time=start_ns)

    @property
    def now(self) -> int:
        """Current time in ns since the scenario's start."""
        return int(self._env.now)

    def at(self, time_ns: int, place: int, handler: Callable[[], None]) -> None:
        """Have ``handler`` called at a time, in the given place among that time's events."""
        assert time_ns >= self._env.now, f"time_ns={time_ns} is past, now={self._env.now}"
        moment = _Moment(self._env, handler)
        self._env.schedule(moment, priority=place, delay=time_ns - self._env.now)  # type: ignore[arg-type]

    def until(self, time_ns: int, place: int) -> simpy.Event:
        """Event that a process can wait for: a time, in the given place."""
        moment = _Moment(self._env, None)
        self._env.schedule(moment, priority=place, delay=time_ns - self._env.now)  # type: ignore[arg-type]
        return moment

    def signal(self) -> simpy.Event:
        """Event that a process waits for until somebody calls ``succeed``."""
        return self._env.event()

    def process(self, life: Generator[simpy.Event, Any, None]) -> None:
        """Start a process: one thing that lives."""
        self._env.process(life)

    def next_time(self) -> int | None:
        """Time of the next event, or ``None`` when nothing is left to happen."""
        ahead = self._env.peek()
        return None if ahead == float("inf") else int(ahead)

    def step(self) -> None:
        """Let the next event happen."""
        self._env.step()
