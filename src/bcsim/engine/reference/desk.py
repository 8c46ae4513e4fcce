"""Desks: people's work beside the journeys, which competes for the same people.

Enquiries of clients, back-entry of paper orders, and repairs of orders and mismatches all
wait in a team's queue like any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.engine.blueprint import REPAIR_TIME
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.job import Job
from bcsim.engine.reference.link import Direction
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from bcsim.engine.reference.message import Entry, Request, Task, Terms
    from bcsim.engine.reference.world import World
    from bcsim.model.journey import Fallback
    from bcsim.streams import Stream


@dataclass(slots=True, eq=False)
class _Paper:
    """A paper order that is to be entered once the component is back."""

    task: Task
    fallback: Fallback
    team: str


class Desks:
    """All teams' work beside the journeys."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.repaired: set[tuple[str, int, int]] = set()
        """Order, part and control step of each order that has been mended."""
        self._papers: dict[str, list[_Paper]] = {}

    def work(
        self,
        team: str,
        priority: str,
        number: int,
        draw_ns: Callable[[], int],
        finish: Callable[[], None],
        entry: Entry | None = None,
    ) -> None:
        """Put work in a team's queue; nobody answers while the team is out of action.

        ``entry`` is the order whose fate the work decides, if it does.
        """
        station = self.world.stations[team]
        job = Job(
            place=key(Turn.COMPLETION, number, mark=Mark.OTHER),
            priority=priority,
            draw_ns=draw_ns,
            finish=lambda _job: finish(),
            accepted_ns=self.world.clock.now,
            entry=entry,
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

    # -- paper -----------------------------------------------------------------------------

    def owe_back_entry(self, task: Task, fallback: Fallback, team: str) -> None:
        """Remember that a paper order is to be entered when its component is back."""
        component = task.stage.step.component
        self._papers.setdefault(component, []).append(_Paper(task, fallback, team))

    def enter_back(self, component: str) -> None:
        """The component is back: its paper orders are entered, one work item each."""
        for paper in self._papers.pop(component, []):
            entry, step = paper.task.entry, paper.task.stage.number
            spec = paper.fallback.back_entry
            assert spec is not None, "only paper orders with back-entry are kept"
            luck = self.world.streams.at("back_entry", entry.stream_entity)
            self.work(
                paper.team,
                entry.intent.segment.priority,
                entry.number,
                lambda d=spec, s=luck, e=entry, n=step: s.sample_ns(  # type: ignore[misc]
                    d, e.intent.index, address(n)
                ),
                lambda p=paper, c=component: self._entered(p, c),  # type: ignore[misc]
            )

    def _entered(self, paper: _Paper, component: str) -> None:
        task = paper.task
        station = self.world.stations[component]
        station.primary.record(task.entry, task.terms, task.stage.number)
        self.world.scribe.emit(
            "action",
            self.world.stations[paper.team].vantage,
            task.entry,
            None,
            component=component,
            actor=paper.team,
            subject="back-entry",
            step=task.stage.number,
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
