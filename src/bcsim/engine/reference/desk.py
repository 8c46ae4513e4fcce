"""Desks: people's work beside the journeys, which competes for the same people.

Enquiries of clients, back-entry of paper orders (:mod:`.back_entry`), and repairs of orders and
mismatches all wait in a team's queue like any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.blueprint import REPAIR_TIME
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.job import Job
from bcsim.engine.reference.link import Direction
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from bcsim.engine.reference.message import Entry, Request, Terms
    from bcsim.engine.reference.world import World
    from bcsim.streams import Stream


class Desks:
    """All teams' work beside the journeys."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.repaired: set[tuple[str, int, int]] = set()
        """Order, part and control step of each order that has been mended."""

    def work(  # noqa: PLR0913 - whose work, for whom, for how long, and what comes of it
        self,
        team: str,
        priority: str,
        number: int,
        draw_ns: Callable[[], int],
        finish: Callable[[], None],
        entry: Entry | None = None,
        *,
        is_on_paper: bool = False,
    ) -> None:
        """Put work in a team's queue; nobody answers while the team is out of action.

        ``entry`` is the order whose fate the work decides, if it does; ``is_on_paper``: no crash
        makes anybody forget it.
        """
        station = self.world.stations[team]
        job = Job(
            place=key(Turn.COMPLETION, number, mark=Mark.OTHER),
            priority=priority,
            draw_ns=draw_ns,
            finish=lambda _job: finish(),
            accepted_ns=self.world.clock.now,
            entry=entry,
            is_on_paper=is_on_paper,
        )
        station.primary.servers.enqueue(job)
        station.primary.servers.start_waiting()

    # -- enquiries -------------------------------------------------------------------------

    def enquire(self, entry: Entry, turn: int) -> None:
        """A client asks what became of an order; the desk tells what the firm knows."""
        channel = self.world.firm.channels[entry.channel]
        self.world.scribe.emit("enquire", "client", entry, None, component=channel.desk)
        if channel.desk is None or channel.enquiry is None:
            return
        spec = channel.enquiry
        luck = self.world.streams.at("enquiry", entry.stream_entity)
        self.work(
            channel.desk,
            entry.intent.segment.priority,
            entry.number,
            lambda: luck.sample_ns(spec, entry.intent.index, address(attempt=turn)),
            lambda: self._tell_status(entry, channel.desk or entry.channel, turn),
        )

    def _tell_status(self, entry: Entry, desk: str, turn: int) -> None:
        self.world.clients.tell(
            entry,
            "notify",
            desk,
            Direction.STATUS,
            part=0,
            attempt=turn,
            subject="status",
            actor=desk,
            reason="true",
        )

    def enquiry_life(
        self, channel: str, number: int, times: list[list[int]], luck: Stream
    ) -> Generator[simpy.Event, None, None]:
        """Enquiries that are not about a late answer, by time and index: they take desk time."""
        spec = self.world.firm.channels[channel]
        desk, enquiry = spec.desk, spec.enquiry
        assert desk is not None, "enquiries need a desk"
        assert enquiry is not None, "enquiries need a service time"
        lowest = self.world.priorities[-1]
        for time_ns, index in times:
            place = key(Turn.WISH, number, mark=Mark.OTHER)
            yield self.world.clock.until(time_ns, place)
            self.work(
                desk,
                lowest,
                number,
                lambda n=index: luck.sample_ns(enquiry, n),  # type: ignore[misc]
                lambda: None,
            )

    # -- repairs ---------------------------------------------------------------------------

    def repair_order(self, team: str, request: Request, terms: Terms) -> None:
        """A control has stopped an order: a team restores its terms, then it goes on."""
        task = request.task
        entry = task.entry
        self.world.scribe.emit(
            "reconcile",
            self.world.stations[team].vantage,
            entry,
            terms,
            component=task.stage.step.component,
            subject=task.stage.step.control,
            reason="terms differ from the client's wish",
        )
        luck = self.world.streams.at("repair_work", entry.stream_entity)
        self.work(
            team,
            entry.intent.segment.priority,
            entry.number,
            lambda: luck.sample_ns(REPAIR_TIME, entry.intent.index),
            lambda: self._repaired(team, request),
            entry,
        )

    def _repaired(self, team: str, request: Request) -> None:
        task = request.task
        entry = task.entry
        self.repaired.add((entry.order_id, task.part, task.stage.number))
        self.world.scribe.emit(
            "repair",
            self.world.stations[team].vantage,
            entry,
            entry.intent.terms,
            actor=team,
            subject="correct",
            component=task.stage.step.component,
        )
        holder = request.pursuit.holder
        if holder.name in self.world.stations:
            station = self.world.stations[holder.name]
            station.instance(holder.number).custody.repaired((entry.order_id, task.part))
        else:
            self.world.clients.holders[entry.order_id].repaired(task.part)
