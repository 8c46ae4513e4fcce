"""Batches: work done at stated times on what was accepted strictly before, in order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.servers import FULL_SPEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.job import Job
    from bcsim.engine.reference.world import World

BatchKey = str
"""Id of a step; journeys that share it at a component share its runs."""


class Batches:
    """The batch steps of one instance: what waits for the next run, and the runs under way."""

    def __init__(self, world: World, instance: Instance) -> None:
        self._world = world
        self._instance = instance
        self._waiting: dict[BatchKey, list[Job]] = {}
        self._running: dict[BatchKey, deque[Job]] = {}
        self._finished: dict[BatchKey, list[Job]] = {}
        self._missed: dict[BatchKey, None] = {}

    def accept(self, job: Job) -> None:
        """Keep an order for the next run of its step."""
        assert job.request is not None, "a batch takes steps"
        self._waiting.setdefault(job.request.task.stage.step.id, []).append(job)

    def run(self, batch_key: BatchKey) -> None:
        """Begin a run with what was accepted strictly before now."""
        now = self._world.clock.now
        waiting = self._waiting.get(batch_key, [])
        due = [job for job in waiting if job.accepted_ns < now]
        self._waiting[batch_key] = [job for job in waiting if job.accepted_ns >= now]
        line = self._running.setdefault(batch_key, deque())
        was_idle = not line
        line.extend(due)
        if was_idle:
            self._next(batch_key)

    def _next(self, batch_key: BatchKey) -> None:
        """Serve the next item of a run; a run has one server of its own."""
        line = self._running.get(batch_key)
        if not line or not self._instance.station.works():
            return
        job, station = line[0], self._instance.station
        job.turn += 1
        turn = job.turn
        if job.remaining_ns is None:
            assert job.request is not None, "a batch takes steps"
            self._world.scribe.detail("start", station, job.request.task, job.request.attempt)
            duration_ns = job.draw_ns() * FULL_SPEED // station.speed
        else:
            duration_ns, job.remaining_ns = job.remaining_ns, None
        job.ends_ns = self._world.clock.now + duration_ns
        self._world.clock.at(job.ends_ns, job.place, lambda: self._complete(batch_key, job, turn))

    def _complete(self, batch_key: BatchKey, job: Job, turn: int) -> None:
        if turn != job.turn:
            return
        self._running[batch_key].popleft()
        self._finished.setdefault(batch_key, []).append(job)
        job.finish(job)
        if not self._running[batch_key]:
            self._finished.pop(batch_key, None)
        self._next(batch_key)

    def crash(self) -> None:
        """A crash stops a run between two items: the one in hand is not done."""
        for line in self._running.values():
            for job in line:
                job.turn += 1
                job.remaining_ns = None

    def freeze(self) -> None:
        """Hang: the item in hand keeps its remaining time."""
        for line in self._running.values():
            for job in list(line)[:1]:
                job.turn += 1
                job.remaining_ns = job.ends_ns - self._world.clock.now

    def thaw(self) -> None:
        """Wake up: runs go on where they were, and what was due meanwhile begins."""
        for batch_key in self._running:
            self._next(batch_key)
        self._run_missed()

    def forget(self) -> None:
        """What waited in volatile memory is gone."""
        self._waiting.clear()
        self._running.clear()
        self._finished.clear()

    def rerun(self) -> None:
        """Go on after recovery: from the checkpoint, or again from the start.

        A run from the start does its finished items again; only dedup memory recognises them.
        """
        for batch_key, line in self._running.items():
            if not line:
                continue
            job = line[0]
            assert job.request is not None, "a batch takes steps"
            batch = job.request.task.stage.step.batch
            if batch is not None and batch.rerun == "start":
                finished = self._finished.pop(batch_key, [])
                line.extendleft(reversed([j for j in finished if not self._is_known(j)]))
            self._next(batch_key)
        self._run_missed()

    def _is_known(self, job: Job) -> bool:
        assert job.dedup_key is not None, "a batch takes steps"
        return self._instance.remembered(job.dedup_key) is not None

    def _run_missed(self) -> None:
        missed, self._missed = self._missed, {}
        for batch_key in missed:
            self.run(batch_key)

    def schedule(self, batch_key: BatchKey, time_ns: int) -> None:
        """Have a run begin at a stated time."""
        place = key(Turn.SCHEDULE, self._instance.station.index, mark=Mark.START)
        self._world.clock.at(time_ns, place, lambda: self._start(batch_key))

    def _start(self, batch_key: BatchKey) -> None:
        """Begin a run if this instance is active and works; if not, when it works again."""
        station = self._instance.station
        if not station.is_active(self._instance):
            return
        if station.works():
            self.run(batch_key)
        else:
            self._missed[batch_key] = None

    def cancel(self, is_wanted: Callable[[Job], bool]) -> list[Job]:
        """Take some of the items that wait for a run, or in one, out of it; the items."""
        found = []
        for batch_key, jobs in self._waiting.items():
            found += [job for job in jobs if is_wanted(job)]
            self._waiting[batch_key] = [job for job in jobs if not is_wanted(job)]
        for line in self._running.values():
            for job in [job for job in list(line)[1:] if is_wanted(job)]:
                line.remove(job)
                found.append(job)
        return found

    def jobs(self) -> list[Job]:
        """All items that wait for a run, or in one."""
        lines = (*self._waiting.values(), *self._running.values())
        return [job for line in lines for job in line]
