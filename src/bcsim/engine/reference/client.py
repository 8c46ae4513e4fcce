"""Clients: they wish, enter, wait, lose patience, and are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.holder import Pursuit
from bcsim.engine.reference.link import Direction, Passage
from bcsim.engine.reference.message import Answer, Entry, Reply, Task
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from bcsim.engine.reference.breaker import Bulkhead, CircuitBreaker
    from bcsim.engine.reference.message import Intent, Report
    from bcsim.engine.reference.world import World

ACTIONS = ("resubmit", "switch", "enquire", "give up")
"""What a client does when patience ends, in the order of the draw."""


class ClientHolder:
    """The client's device or telephone: it holds an order before the first step.

    It holds it longer where the first steps are calls, even until the order is executed.
    """

    number = 0
    vantage = "client"

    def __init__(self, world: World, entry: Entry) -> None:
        self.world = world
        self.entry = entry
        self.name = entry.channel
        self.pursuits: dict[int, Pursuit] = {}
        """By part: 0 for the order, 1… for its fills."""
        self._begun: set[tuple[int, int]] = set()

    def begin(self, task: Task) -> None:
        """See a step done; the first, or one after a step that was a call."""
        place = (task.part, task.stage.number)
        pursuit = Pursuit(self.world, self, task, is_resend=place in self._begun)
        self._begun.add(place)
        self.pursuits[task.part] = pursuit
        self.world.clock.process(pursuit.life())

    def submit(self) -> None:
        """Send the order, or send it again: the client has pressed the button."""
        pursuit = self.pursuits.get(0)
        if pursuit is not None and not pursuit.is_over:
            pursuit.hurry()
            return
        terms = self.entry.intent.terms
        self.begin(Task(self.entry, self.entry.route.stages[0], 0, terms, terms.qty, None, None))

    def cease(self) -> None:
        """The client knows how the order has ended, so its device tries no more."""
        pursuit = self.pursuits.get(0)
        if pursuit is not None and not pursuit.is_over:
            pursuit.cease()

    def hear(self, answer: Answer) -> None:
        """An answer has arrived at the client."""
        task = answer.request.task
        pursuit = self.pursuits.get(task.part)
        if (
            pursuit is not None
            and not pursuit.is_over
            and pursuit.task.stage.number == task.stage.number
        ):
            pursuit.hear(answer)
        elif not answer.request.pursuit.was_settled:
            self.world.scribe.orphan(self, answer)

    def settled(self, pursuit: Pursuit, answer: Answer) -> None:
        """The step was answered; after a call the client goes on with the next."""
        if answer.reply is Reply.HELD:
            self._wait_for_repair(pursuit.task)
        elif answer.reply is Reply.DONE and pursuit.task.stage.step.mode == "call":
            self._go_on(pursuit.task)

    def _go_on(self, task: Task) -> None:
        """See the step after a step done; after the execution, reports are waited for."""
        following = self.entry.route.next_after(task.stage.number)
        if following is not None and task.stage.step.role != "execute":
            self.begin(task._replace(stage=following))

    def _wait_for_repair(self, task: Task) -> None:
        """A control has stopped the order; it may have been repaired before this was heard."""
        if (self.entry.order_id, task.part, task.stage.number) in self.world.desks.repaired:
            self.repaired(task.part)

    def repaired(self, part: int) -> None:
        """A team has restored the terms of an order that a control stopped; it goes on."""
        pursuit = self.pursuits[part]
        if pursuit.is_over:
            self._go_on(pursuit.task._replace(terms=self.entry.intent.terms))

    def take_report(self, report: Report) -> None:
        """A venue reports a fill or an end to the client itself."""
        following = self.entry.route.next_after(self.entry.route.execute)
        if not report.part:
            self.world.clients.hear_end(
                self.entry, report.kind, qty=report.qty, reason=report.reason
            )
            return
        self.world.scribe.report(self, report)
        if following is not None:
            exec_id, price = report.exec_id, report.price
            self.begin(
                Task(self.entry, following, report.part, report.terms, report.qty, price, exec_id)
            )

    def gave_up(self, pursuit: Pursuit, action: str) -> None:
        """No answer: the client's device shows an error, or leaves the step out."""
        if action == "continue":
            self._go_on(pursuit.task)
        elif not pursuit.task.part:
            reason, cause = pursuit.why()
            self.world.clients.hear_end(self.entry, "reject", reason=reason, cause=cause)

    def free_server(self, pursuit: Pursuit) -> None:
        """A client's device has no servers."""

    def breaker(self, task: Task, target: str) -> CircuitBreaker | None:  # noqa: ARG002
        """A client's device has no circuit breaker."""
        return None

    def bulkhead(self, task: Task) -> Bulkhead | None:  # noqa: ARG002
        """A client has one order in hand at a time."""
        return None

    def when_awake(self, handler: Callable[[], Any]) -> None:
        """A client's device is always awake."""
        handler()


@dataclass(slots=True, eq=False)
class _Message:
    """Something that the firm tells a client."""

    entry: Entry
    kind: str
    sender: str
    passage: Passage
    fields: dict[str, Any]


class Clients:
    """All clients of the run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.holders: dict[str, ClientHolder] = {}
        self._outbox: list[_Message] = []

    # -- wishing ---------------------------------------------------------------------------

    def life(self, intent: Intent) -> Generator[simpy.Event, Any, None]:
        """One client with one wish: enter it, wait, act when patience ends."""
        world = self.world
        route = world.blueprint.routes[
            world.blueprint.intents.sources[world.source_numbers[intent.source]].demand.journey
        ]
        world.scribe.intent(intent)
        entry = self._enter(intent, intent.channel, route.name)
        for turn in range(intent.segment.attempts + 1):
            yield from self._be_patient(intent, turn)
            if intent.was_acknowledged or intent.has_ended or turn == intent.segment.attempts:
                return
            action = self._next_action(intent, turn)
            if action == "give up":
                return
            entry = self._act(action, intent, entry, turn)

    def _be_patient(self, intent: Intent, turn: int) -> Generator[simpy.Event, Any, None]:
        """Wait for as long as this client waits for an acknowledgement."""
        luck = self.world.streams.at("patience", intent.source)
        wait_ns = luck.sample_ns(intent.segment.patience, intent.index, address(attempt=turn))
        place = key(Turn.TIMER, intent.number * 16, 0, 0, turn, mark=Mark.PATIENCE)
        yield self.world.clock.until(self.world.clock.now + wait_ns, place)

    def _next_action(self, intent: Intent, turn: int) -> str:
        """What this client does when patience has ended."""
        weights = intent.segment.on_timeout.weights
        luck = self.world.streams.at("on_timeout", intent.source)
        return ACTIONS[luck.choose(weights, intent.index, address(attempt=turn))]

    def _act(self, action: str, intent: Intent, entry: Entry, turn: int) -> Entry:
        """Send again, switch channels or enquire; the order that is waited for now."""
        if action == "resubmit":
            self.holders[entry.order_id].submit()
        elif action == "switch":
            channel = self._other_channel(entry)
            route = self.world.blueprint.route_of(channel, intent.product_id)
            if route is not None:
                return self._enter(intent, channel, route.name)
        elif action == "enquire":
            self.world.desks.enquire(entry, turn)
        return entry

    @staticmethod
    def _other_channel(entry: Entry) -> str:
        """The client's other channel: the second one, or back to the first; or the only one."""
        intent = entry.intent
        second = intent.segment.second_channel or intent.channel
        return second if entry.channel == intent.channel else intent.channel

    def _enter(self, intent: Intent, channel: str, journey: str) -> Entry:
        """Enter an order: the first for this wish, or a further one with a new key."""
        generation = len(intent.entries)
        entry = Entry(
            number=intent.number * 16 + generation,
            intent=intent,
            generation=generation,
            order_id=f"{intent.intent_id}.{generation + 1}",
            channel=channel,
            route=self.world.blueprint.routes[journey],
        )
        intent.entries.append(entry)
        holder = ClientHolder(self.world, entry)
        self.holders[entry.order_id] = holder
        self.world.scribe.emit(
            "submit", "client", entry, intent.terms, parent_id=entry.parent_id, attempt=0
        )
        closed_by = self.world.intake_closed.get(channel)
        if closed_by is not None:
            self.world.scribe.emit(
                "reject",
                "channel",
                entry,
                None,
                component=channel,
                reason="intake stopped",
                cause=closed_by,
            )
            self.tell(
                entry,
                "reject",
                channel,
                Direction.REJECTION,
                part=0,
                attempt=0,
                reason="intake stopped",
                cause=closed_by,
            )
        else:
            holder.submit()
        return entry

    # -- cancelling ------------------------------------------------------------------------

    def cancel_life(self, intent: Intent, cancel_ns: int) -> Generator[simpy.Event, Any, None]:
        """Ask for a cancel at the client's time, unless the order has ended."""
        place = key(Turn.WISH, intent.number * 16, mark=Mark.CANCEL)
        yield self.world.clock.until(cancel_ns, place)
        if not intent.has_ended and intent.entries:
            self.world.cancels.request(intent.entries[-1])

    # -- being told ------------------------------------------------------------------------

    def tell(
        self,
        entry: Entry,
        kind: str,
        sender: str,
        direction: Direction,
        *,
        part: int,
        attempt: int,
        **fields: Any,  # noqa: ANN401 - columns of the history
    ) -> None:
        """Send a client a message over the channel's link; kept while the link is cut."""
        passage = Passage(entry, 0, part % 16, attempt, direction, Mark.MESSAGE)
        self._send(_Message(entry, kind, sender, passage, fields))

    def _send(self, message: _Message) -> None:
        channel = message.entry.channel
        if message.sender == channel:
            self._arrive(message)
            return
        arrival_ns = self.world.links.carry(
            message.sender, channel, message.passage, lambda: self._arrive(message)
        )
        if arrival_ns is None:
            self._outbox.append(message)

    def reconnect(self) -> None:
        """Deliver what waited for a cut channel link."""
        waiting, self._outbox = self._outbox, []
        for message in waiting:
            self._send(message)

    def _arrive(self, message: _Message) -> None:
        """The client reads the message."""
        entry, kind = message.entry, message.kind
        fields = dict(message.fields)
        terms = fields.pop("terms", None)
        if kind in ("reject", "cancel", "expire"):
            self.hear_end(entry, kind, **fields)
            return
        if kind == "acknowledge":
            entry.intent.was_acknowledged = True
        if kind == "confirm":
            entry.intent.told_qty += fields.get("qty", entry.intent.terms.qty)
            if entry.intent.told_qty >= entry.intent.terms.qty:
                entry.intent.has_ended = True
        self.world.scribe.emit(kind, "client", entry, terms, **fields)

    def hear_end(self, entry: Entry, kind: str, **fields: Any) -> None:  # noqa: ANN401
        """The client is told that the order was rejected, cancelled or has expired.

        The device has nothing more to send.
        """
        entry.intent.has_ended = True
        self.holders[entry.order_id].cease()
        self.world.scribe.emit(kind, "client", entry, None, **fields)
