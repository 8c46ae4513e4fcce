"""A component's servers and the queue before them: first in, first out within a class."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from bcsim.engine.reference.job import Job
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.world import World

FULL_SPEED = 1000
"""Speed is in per mille."""


class Servers:
    """The queue and the servers of one instance of a component."""

    def __init__(self, world: World, station: Station, number: int) -> None:
        self._world = world
        self._station = station
        self._number = number
        self.lines: dict[str, deque[Job]] = {name: deque() for name in world.priorities}
        """Work that waits, by priority class."""
        self.running: dict[Job, None] = {}
        self.kept = 0
        """Servers occupied by callers that wait for an answer."""
        self._next_start_ns = 0
        self._alarm_ns = 0

    def waiting(self) -> int:
        """Work that waits for a server."""
        return sum([len(line) for line in self.lines.values()])

    def idle(self) -> int:
        """Servers that could start work now."""
        free = self._station.servers - len(self.running) - self.kept
        return max(0, free)

    def enqueue(self, job: Job) -> None:
        """Put work at the end of its priority class; :meth:`start_waiting` is called next."""
        self.lines[job.priority].append(job)

    def start_waiting(self) -> None:
        """Start what can be started, then look how much is left waiting."""
        self._start_all()
        self._world.watches.see_backlog(self._station.name, self.waiting(), self._world.clock.now)

    def _start_all(self) -> None:
        """Start work while there is work, a server, and leave to start."""
        while self.idle() and self._station.works() and self.waiting():
            now = self._world.clock.now
            rate = self._station.spec.rate_limit
            if rate is not None and now < self._next_start_ns:
                if self._alarm_ns != self._next_start_ns:  # one alarm, however many wait
                    self._alarm_ns = self._next_start_ns
                    place = key(Turn.TIMER, self._station.index, self._number, mark=Mark.START)
                    self._world.clock.at(self._next_start_ns, place, self.start_waiting)
                return
            if rate is not None:
                self._next_start_ns = now + NS_PER_S // rate
            self._start(self._first_in_line())

    def _first_in_line(self) -> Job:
        for name in self._world.priority_order:
            if self.lines[name]:
                return self.lines[name].popleft()
        raise AssertionError("no work waits")

    def _start(self, job: Job) -> None:
        """Let a server begin with a job, or go on with it."""
        if job.remaining_ns is None:
            if job.request is not None:
                self._world.scribe.detail(
                    "start", self._station, job.request.task, job.request.attempt
                )
            duration_ns = job.draw_ns() * FULL_SPEED // self._station.speed
        else:
            duration_ns, job.remaining_ns = job.remaining_ns, None
        self.running[job] = None
        job.turn += 1
        job.ends_ns = self._world.clock.now + duration_ns
        turn = job.turn
        self._world.clock.at(job.ends_ns, job.place, lambda: self._complete(job, turn))

    def _complete(self, job: Job, turn: int) -> None:
        """The scheduled end of a job, unless a crash or hang has made it void."""
        if turn != job.turn:
            return
        del self.running[job]
        job.finish(job)
        self.start_waiting()

    def keep_one(self) -> None:
        """Let a caller keep the server that has just done its work."""
        self.kept += 1

    def free_one(self) -> None:
        """A caller's wait is over; its server can work again."""
        if self.kept:
            self.kept -= 1
            self.start_waiting()

    def crash(self, *, is_durable: bool) -> None:
        """Stop all work; a durable queue keeps it, to be done again from the start.

        What stands on paper is kept in any queue.
        """
        for job in self.running:
            job.turn += 1
            job.remaining_ns = None
        if not is_durable:
            for name, line in self.lines.items():
                self.lines[name] = deque(job for job in line if job.is_on_paper)
        for job in reversed(self.running):
            if is_durable or job.is_on_paper:
                self.lines[job.priority].appendleft(job)
        self.running.clear()
        self.kept = 0

    def hand_over(self, other: Servers) -> None:
        """Have the servers of another instance do what waits here; its owner starts them."""
        for name, line in self.lines.items():
            other.lines[name].extend(line)
            line.clear()

    def freeze(self) -> None:
        """Hang: running work keeps its remaining time."""
        for job in self.running:
            job.turn += 1
            job.remaining_ns = job.ends_ns - self._world.clock.now

    def thaw(self) -> None:
        """Wake up: running work goes on where it was."""
        jobs = list(self.running)
        self.running.clear()
        for job in jobs:
            self._start(job)
        self.start_waiting()
