"""The office: people who work on tasks, in their hours, and the queue in front of them.

Tasks of a lower rank come first, and within a rank the one that came first. A task takes one of
a team's servers, as many as the timeline leaves it. One that has begun is finished by who began
it, and rests while the office is closed; who is called away finishes it first. Who only helps
takes no task but one that he can finish before he is needed elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Generator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import simpy

if TYPE_CHECKING:
    from bcsim.engine.aftermath.office_clock import OfficeClock
    from bcsim.engine.aftermath.phase import Phase

_T = TypeVar("_T")

Steps: TypeAlias = Generator[simpy.Event, Any, _T]
"""What a process does, one wait after the other; its result has the type T."""


@dataclass(eq=False, slots=True)
class Desk:
    """A team that takes a task while more than ``above`` of them wait; -1: always.

    ``is_lent`` says that its people only help: their phases tell when they are free to.
    """

    team: str
    phases: tuple[Phase, ...]
    above: int = -1
    is_lent: bool = False
    servers: int = 0
    busy: int = 0

    def has_hands(self, from_ns: int, to_ns: int) -> bool:
        """Whether somebody is free for a task that lasts from one time until before another."""
        if not self.is_lent:
            return self.busy < self.servers
        begins = [phase.from_ns for phase in self.phases]
        first = max(0, bisect_right(begins, from_ns) - 1)
        meanwhile = self.phases[first : bisect_left(begins, to_ns)]
        return all(self.busy < phase.capacity for phase in meanwhile)


@dataclass(eq=False, slots=True)
class Office:
    """Desks with one queue; the first desk takes a task before the others."""

    env: simpy.Environment
    clock: OfficeClock
    desks: tuple[Desk, ...]
    _waiting: list[tuple[int, int, int, simpy.Event]] = field(default_factory=list)
    _count: int = 0

    def open(self) -> None:
        """Begin work; once, before anything else happens."""
        for desk in self.desks:
            self.env.process(self._staff(desk))
        self.env.process(self._mornings())

    def work(self, rank: int, work_ns: int) -> Steps[str]:
        """Wait for somebody, and until the work is done; gives the team that did it."""
        turn = self.env.event()
        self._count += 1
        heappush(self._waiting, (rank, self._count, work_ns, turn))
        self._give_out()
        desk: Desk = yield turn
        now_ns = int(self.env.now)
        yield self.env.timeout(self.clock.after_work(now_ns, work_ns) - now_ns)
        desk.busy -= 1
        self._give_out()
        return desk.team

    def _give_out(self) -> None:
        """Give waiting tasks to desks that have somebody free."""
        if not self.clock.is_open(int(self.env.now)):
            return
        for desk in self.desks:
            while len(self._waiting) > max(0, desk.above) and self._can_take(desk):
                *_, turn = heappop(self._waiting)
                desk.busy += 1
                turn.succeed(desk)

    def _can_take(self, desk: Desk) -> bool:
        """Whether a desk has somebody for the task that comes first."""
        now_ns, work_ns = int(self.env.now), self._waiting[0][2]
        return desk.has_hands(now_ns, self.clock.after_work(now_ns, work_ns))

    def _staff(self, desk: Desk) -> Steps[None]:
        for phase in desk.phases:
            if phase.from_ns > self.env.now:
                yield self.env.timeout(phase.from_ns - int(self.env.now))
            desk.servers = phase.capacity
            self._give_out()

    def _mornings(self) -> Steps[None]:
        while True:
            now_ns = int(self.env.now)
            yield self.env.timeout(self.clock.opening(self.clock.closing(now_ns)) - now_ns)
            self._give_out()
