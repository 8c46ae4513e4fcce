"""Cancels: a cancel follows the order's links until it finds the order, or finds it gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.clock import Mark
from bcsim.engine.reference.link import Direction, Passage
from bcsim.streams import address

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.job import Job
    from bcsim.engine.reference.message import Entry
    from bcsim.engine.reference.world import World


class Cancels:
    """All cancel requests of the run."""

    def __init__(self, world: World) -> None:
        self.world = world

    def request(self, entry: Entry) -> None:
        """The client asks; the request goes to the first step's component."""
        self.world.scribe.emit(
            "cancel_request", "client", entry, entry.intent.terms, idem_key=f"{entry.order_id}c"
        )
        self._hop(entry, (entry.channel, 0), entry.route.stages[0])

    def _hop(self, entry: Entry, source: tuple[str, int], stage: Stage) -> None:
        """Go over the link to who does a stage; a lost cancel is not sent again."""
        step = stage.step
        target = step.component
        if step.fallback is not None and self.world.stations[target].uses_fallback:
            target = step.fallback.component
        passage = Passage(entry, stage.number, 0, 0, Direction.CANCEL, Mark.CANCEL)
        station = self.world.stations[target]
        draw = address(stage.number)

        def arrive() -> None:
            self._arrive(entry, stage, station.reached_by(*source, entry, draw))

        self.world.links.carry(source[0], target, passage, lambda: station.when_awake(arrive))

    def _arrive(self, entry: Entry, stage: Stage, instance: Instance) -> None:
        """Remove the order where it waits or rests; follow it where it has gone; or refuse."""
        order = (entry.order_id, 0)
        if self._remove_waiting(instance, entry):
            return
        if stage.step.role == "execute":
            self._at_venue(instance, entry)
            return
        held = instance.memory.held.get(order)
        if held is not None and instance.custody.has_in_hand(order):
            instance.custody.release(order)
            self._cancelled(instance, entry)
            return
        is_known = (
            held is not None
            or entry.order_id in instance.memory.facts
            or instance.station.spec.store is None
            or stage.step.mode == "call"
        )
        following = entry.route.next_after(stage.number)
        if not is_known:
            self._refuse(instance, entry, "unknown")
        elif following is None or following.after_execution:
            self._refuse(instance, entry, "too late")
        else:
            self._hop(entry, (instance.name, instance.number), following)

    def _remove_waiting(self, instance: Instance, entry: Entry) -> bool:
        """Take the order out of a queue or a batch, and answer whoever waits for it."""
        jobs = instance.batches.cancel(lambda job: _is_order(job, entry))
        for line in instance.servers.lines.values():
            found = [job for job in line if _is_order(job, entry)]
            for job in found:
                line.remove(job)
            jobs += found
        for job in jobs:
            instance.cancel_job(job)
        if jobs:
            self._cancelled(instance, entry)
        return bool(jobs)

    def _cancelled(self, instance: Instance, entry: Entry) -> None:
        """Record the cancel here, and tell the client."""
        instance.record(entry, entry.intent.terms, 0, is_closed=True)
        self.world.scribe.emit(
            "cancel",
            instance.vantage,
            entry,
            entry.intent.terms,
            component=instance.name,
            reason="client",
        )
        self.world.clients.tell(
            entry,
            "cancel",
            instance.name,
            Direction.CANCELLATION,
            part=0,
            attempt=0,
            reason="client",
        )

    def _at_venue(self, instance: Instance, entry: Entry) -> None:
        """Cancel what rests; executed or gone: too late; never arrived: unknown."""
        if instance.station.venue.cancel(entry.order_id, "client", None):
            return
        known = entry.order_id in instance.memory.facts or self.world.has_executed(entry)
        self._refuse(instance, entry, "too late" if known else "unknown")

    def _refuse(self, instance: Instance, entry: Entry, reason: str) -> None:
        self.world.scribe.emit(
            "cancel_reject",
            instance.vantage,
            entry,
            None,
            component=instance.name,
            reason=reason,
        )
        self.world.clients.tell(
            entry,
            "cancel_reject",
            instance.name,
            Direction.CANCEL_REJECTION,
            part=0,
            attempt=0,
            reason=reason,
        )


def _is_order(job: Job, entry: Entry) -> bool:
    """Whether work is a step for the order itself, and not for a fill of it."""
    return job.entry is entry and job.request is not None and job.request.task.part == 0
