"""The state of one run of the reference engine, and the recording of what happens in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.blueprint import start_of
from bcsim.engine.deadline import deadlines
from bcsim.engine.impairing import IMPAIRING
from bcsim.engine.reference.back_entry import BackEntries
from bcsim.engine.reference.cancel import Cancels
from bcsim.engine.reference.client import Clients
from bcsim.engine.reference.clock import Clock, Mark, Turn, key
from bcsim.engine.reference.desk import Desks
from bcsim.engine.reference.holder import ATTEMPTS_PER_INSTANCE, Pursuit
from bcsim.engine.reference.infrastructure import Infrastructure
from bcsim.engine.reference.link import Direction, Links, Passage
from bcsim.engine.reference.reconciliation import Reconciliations
from bcsim.engine.reference.scribe import Scribe
from bcsim.engine.reference.station import Station
from bcsim.engine.reference.wish import make_intent

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.reference.message import Answer, Entry, Report
    from bcsim.engine.reference.venue import Venue
    from bcsim.engine.timeline import Attribute, Change, Timeline
    from bcsim.engine.watch import Watches
    from bcsim.history.recorder import Recorder


class World:
    """Everything that changes during one run."""

    def __init__(
        self, blueprint: Blueprint, timeline: Timeline, recorder: Recorder, watches: Watches
    ) -> None:
        self.blueprint = blueprint
        self.timeline = timeline
        self.firm = blueprint.firm
        self.streams = blueprint.streams
        self.watches = watches
        intents = blueprint.intents
        self.clock = Clock(start_of(blueprint, timeline))
        is_full = blueprint.scenario.trace == "full"
        self.scribe = Scribe(recorder, self.clock, watches, is_full_trace=is_full)
        self.priorities = tuple(self.firm.priorities)
        self.priority_order = self.priorities
        self.links = Links(blueprint, self.clock)
        self.stations = {
            name: Station(self, name, spec, index)
            for index, (name, spec) in enumerate(self.firm.components.items())
        }
        self.venues: dict[str, Venue] = {
            name: self.stations[name].venue for name in blueprint.venues
        }
        self._deadlines = deadlines(blueprint)
        self.clients = Clients(self)
        self.cancels = Cancels(self)
        self.desks = Desks(self)
        self.back_entries = BackEntries(self)
        self.reconciliations = Reconciliations(self)
        self.infrastructure = Infrastructure(self)
        self.source_numbers = {source.name: n for n, source in enumerate(intents.sources)}
        self.intake_closed: dict[str, str] = {}
        self.parked: dict[Pursuit, None] = {}
        self._attempts: dict[tuple[str, int, int, int], int] = {}
        self._impairments: dict[tuple[str, Attribute], str] = {}
        self._last_cause: str | None = None

    # -- beginning -------------------------------------------------------------------------

    def prepare(self) -> None:
        """Put everything that is known beforehand in its place in time."""
        self.infrastructure.schedule()
        self._schedule_batches()
        self.reconciliations.schedule()
        intents = self.blueprint.intents
        for number in range(len(intents)):
            self.clock.at(
                int(intents.time_ns[number]),
                key(Turn.WISH, number * 16, mark=Mark.START),
                lambda n=number: self._wish(n),  # type: ignore[misc]
            )
        self._schedule_enquiries()

    def _wish(self, number: int) -> None:
        """A client comes to life with a wish."""
        intent = make_intent(self.blueprint, self._deadlines, number)
        self.clock.process(self.clients.life(intent))
        cancel_ns = int(self.blueprint.intents.cancel_ns[number])
        if cancel_ns >= 0:
            self.clock.process(self.clients.cancel_life(intent, max(cancel_ns, self.clock.now)))

    def _schedule_batches(self) -> None:
        """Have every batch step run at its times."""
        for component, step_id, time_ns in self.blueprint.batch_runs(self.clock.now):
            for instance in self.stations[component].instances:
                instance.batches.schedule(step_id, time_ns)

    def _schedule_enquiries(self) -> None:
        for number, (channel, source) in enumerate(self.blueprint.enquiries):
            times = self.blueprint.enquiry_times(source).tolist()
            luck = self.streams.at("enquiry", source.name)
            self.clock.process(self.desks.enquiry_life(channel, number, times, luck))

    # -- questions of the parts to the whole -----------------------------------------------

    def target_of(self, pursuit: Pursuit) -> tuple[str, bool]:
        """Component that does a step now, and whether that is the step's fallback."""
        step = pursuit.task.stage.step
        wants_fallback = pursuit.uses_fallback or self.stations[step.component].uses_fallback
        if wants_fallback and step.fallback is not None:
            return step.fallback.component, True
        return step.component, False

    def next_attempt(self, pursuit: Pursuit) -> int | None:
        """Number of the next attempt at a step; a standby's attempts count apart.

        ``None`` when there have been as many as a draw's address can tell apart.
        """
        count = self._attempts.get(self._place_of(pursuit), 0)
        if count == ATTEMPTS_PER_INSTANCE:
            return None
        return pursuit.holder.number * ATTEMPTS_PER_INSTANCE + count

    def count_attempt(self, pursuit: Pursuit) -> None:
        """An attempt is made."""
        place = self._place_of(pursuit)
        self._attempts[place] = self._attempts.get(place, 0) + 1

    @staticmethod
    def _place_of(pursuit: Pursuit) -> tuple[str, int, int, int]:
        task = pursuit.task
        return (task.entry.order_id, task.stage.number, task.part, pursuit.holder.number)

    def has_executed(self, entry: Entry) -> bool:
        """Whether any venue has executed anything of an order."""
        return entry.order_id in self.scribe.executions

    def listens(self, holder: str) -> bool:
        """Whether a holder's session receives reports now; a client's device always does."""
        return holder not in self.stations or self.stations[holder].works()

    def take_report(self, holder: tuple[str, int], report: Report) -> None:
        """Hand a venue's report to the holder of the order: name, and number of the instance."""
        name, number = holder
        if name in self.stations:
            self.stations[name].instance(number).custody.take_report(report)
        else:
            self.clients.holders[report.entry.order_id].take_report(report)

    def send_answer(self, source: str, answer: Answer) -> None:
        """Send an answer over the link back to the holder."""
        task, holder = answer.request.task, answer.request.pursuit.holder
        passage = Passage(
            task.entry,
            task.stage.number,
            task.leg_code(0),
            answer.request.attempt,
            Direction.ANSWER,
            Mark.ANSWER,
        )
        self.links.carry(source, holder.name, passage, lambda: self._hear(answer))

    def _hear(self, answer: Answer) -> None:
        holder = answer.request.pursuit.holder
        if holder.name in self.stations:
            self.stations[holder.name].hear(answer)
        else:
            self.clients.holders[answer.request.task.entry.order_id].hear(answer)

    # -- impairments -----------------------------------------------------------------------

    def note_impairment(self, change: Change, *, is_over: bool) -> None:
        """Remember what is impaired, and by what."""
        place = (change.subject, change.attribute)
        if is_over:
            self._impairments.pop(place, None)
        elif change.attribute in IMPAIRING:
            self._impairments[place] = change.cause
            self._last_cause = change.cause

    def is_impaired(self, source: str, target: str) -> bool:
        """Whether the target, or the way to it or back, is known not to work."""
        return not (
            self.stations[target].works()
            and self.links.is_up(source, target)
            and self.links.is_up(target, source)
        )

    def blame(self, component: str) -> str | None:
        """What a failure at a component is because of.

        The component's own impairment, else the latest impairment that lasts, else the
        latest of all; ``None`` on a day without any.
        """
        for (subject, _), cause in self._impairments.items():
            if subject == component:
                return cause
        lasting = list(self._impairments.values())
        return lasting[-1] if lasting else self._last_cause

    def something_is_back(self) -> None:
        """Begin back-entry, wake what is parked for what works again, and resend reports."""
        self.back_entries.something_is_back()
        for pursuit in sorted(self.parked, key=Pursuit.place):
            target, _ = self.target_of(pursuit)
            if not self.is_impaired(pursuit.holder.name, target):
                pursuit.target_is_back()
        for venue in self.venues.values():
            venue.reconnect()
        self.clients.reconnect()

    def reorder_priorities(self, order: tuple[str, ...]) -> None:
        """Serve the named classes first, the others after them in their usual order."""
        rest = [name for name in self.priorities if name not in order]
        self.priority_order = (*order, *rest)

    # -- the end ---------------------------------------------------------------------------

    def live_entries(self) -> list[Entry]:
        """Orders with work under way that the end of the run cuts off."""
        live: dict[str, Entry] = {
            holder.entry.order_id: holder.entry
            for holder in self.clients.holders.values()
            if holder.entry.last_arrival_ns > self.clock.now
            or any(pursuit.is_live() for pursuit in holder.pursuits.values())
        }
        for station in self.stations.values():
            entries = [
                *(entry for n in station.active for entry in station.instances[n].live_entries()),
                *(order.entry for order in station.venue.resting.values()),
            ]
            live |= {entry.order_id: entry for entry in entries}
        return sorted(live.values(), key=lambda entry: entry.number)
