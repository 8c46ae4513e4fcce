"""The agenda: simulated time, and the stated order of what falls on one instant.

Time is a whole number of nanoseconds. Whatever falls on the same instant comes in the order of
:class:`Lane`, and within a lane by index: components, teams, actions and people by their place
in the model, disruptions by their place in the scenario. What one event brings about at once
(delay 0) follows in the same instant, again in this order, until nothing is left to do:

======================  =====================================================================
lane                    what happens
======================  =====================================================================
signal                  a signal from the order flow reaches the plan
healing                 the drain begins: all disruptions and random failures end
repair                  random failures are repaired
relief                  disruptions, or their effect on one target, end
failure                 components fail at random, training expires
disruption              disruptions begin
settlement              effective states are worked out and changes recorded, by component
detection               monitors raise alarms, people notice
call, decision          people are called, decide
switch                  standbys take over, first instances take back
action                  the plan's actions end or go on
plan                    the plan looks which actions are due, in its order
======================  =====================================================================

SimPy breaks ties by priority, then by the order of scheduling. A timer's priority here is its
lane and index, so the order does not depend on who scheduled first; SimPy's own events (a
process begins, an event succeeds) have the priorities 0 and 1 and complete what a timer began.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import simpy

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

Steps: TypeAlias = Generator[simpy.Event, Any, T]
"""What a process does, one wait after the other; its result has the type T."""

INDEX_MAX: Final = 2**20
"""Indices within a lane are below this; a model has at most 20 000 instances."""

_SIMPY_PRIORITIES: Final = 2


class Lane(IntEnum):
    """Order of what falls on one instant, see the table at the top of this module."""

    SIGNAL = 0
    HEALING = 1
    REPAIR = 2
    RELIEF = 3
    FAILURE = 4
    DISRUPTION = 5
    SETTLEMENT = 6
    DETECTION = 7
    CALL = 8
    DECISION = 9
    SWITCH = 10
    ACTION = 11
    PLAN = 12


class _Timer(simpy.Event):
    """An event that is due after a delay, at a stated place among the events of its instant."""

    def __init__(self, env: simpy.Environment, delay_ns: int, place: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, simpy.events.EventPriority(place), delay_ns)


class Agenda:
    """Simulated time and what is still to come."""

    def __init__(self) -> None:
        self._env = simpy.Environment()
        self._handlers: dict[Lane, Callable[[], None]] = {}
        self._asked: set[Lane] = set()

    @property
    def now_ns(self) -> int:
        """Nanoseconds since the scenario's start."""
        return int(self._env.now)

    def wait(self, delay_ns: int, lane: Lane, index: int = 0) -> simpy.Event:
        """An event that is due ``delay_ns`` from now, at its place in that instant."""
        assert delay_ns >= 0, f"delay_ns={delay_ns} lies in the past"
        assert 0 <= index < INDEX_MAX, f"index={index} is out of bounds"
        return _Timer(self._env, delay_ns, _SIMPY_PRIORITIES + lane * INDEX_MAX + index)

    def event(self) -> simpy.Event:
        """An event that somebody will let succeed."""
        return self._env.event()

    def first_of(self, *events: simpy.Event) -> simpy.Event:
        """An event that is due with the first of several."""
        return self._env.any_of(events)

    def all_of(self, events: Iterable[simpy.Event]) -> simpy.Event:
        """An event that is due with the last of several."""
        return self._env.all_of(events)

    def start(self, steps: Steps[Any]) -> simpy.Process:
        """Let a process live."""
        return self._env.process(steps)

    def on(self, lane: Lane, handler: Callable[[], None]) -> None:
        """State what is done when somebody asks for ``lane``."""
        assert lane not in self._handlers, f"{lane.name} has its handler already"
        self._handlers[lane] = handler

    def ask(self, lane: Lane) -> None:
        """Have the lane's handler called once, later in this instant."""
        if lane in self._asked:
            return
        self._asked.add(lane)
        timer = self.wait(0, lane)
        assert timer.callbacks is not None, "a new event has callbacks"
        timer.callbacks.append(lambda _event: self._answer(lane))

    def _answer(self, lane: Lane) -> None:
        self._asked.discard(lane)
        self._handlers[lane]()

    def run(self, until_ns: int) -> None:
        """Let everything happen that is due before ``until_ns``."""
        self._env.run(until=until_ns)
