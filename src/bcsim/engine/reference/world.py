"""The state of one run of the reference engine, and the recording of what happens in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.engine.reference.cancel import Cancels
from bcsim.engine.reference.client import Clients
from bcsim.engine.reference.clock import Clock, Mark, Turn, key
from bcsim.engine.reference.desk import Desks
from bcsim.engine.reference.holder import ATTEMPTS_PER_INSTANCE
from bcsim.engine.reference.infrastructure import Infrastructure
from bcsim.engine.reference.link import Direction, Links, Passage
from bcsim.engine.reference.message import Intent, Terms
from bcsim.engine.reference.reconciliation import Reconciliations
from bcsim.engine.reference.station import Station
from bcsim.engine.timeline import Attribute
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.reference.holder import Holder, Pursuit
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Answer, Entry, Report, Request, Task
    from bcsim.engine.reference.venue import Venue
    from bcsim.engine.signal import Watches
    from bcsim.engine.timeline import Change, Timeline
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
        self._recorder = recorder
        self._is_full_trace = blueprint.scenario.trace == "full"
        intents = blueprint.intents
        first = int(intents.time_ns[0]) if len(intents) else blueprint.moments.window[0]
        self.clock = Clock(min([0, first, *(c.time_ns for c in timeline.changes[:1])]))
        self.priorities = tuple(self.firm.priorities)
        self.priority_order = self.priorities
        self.links = Links(blueprint, self.clock)
        self.stations = {
            name: Station(self, name, spec, index)
            for index, (name, spec) in enumerate(self.firm.components.items())
        }
        self.venues: dict[str, Venue] = {
            stage.step.component: self.stations[stage.step.component].venue
            for route in blueprint.routes.values()
            for stage in route.stages
            if stage.step.role == "execute"
        }
        self.clients = Clients(self)
        self.cancels = Cancels(self)
        self.desks = Desks(self)
        self.reconciliations = Reconciliations(self)
        self.infrastructure = Infrastructure(self)
        self.source_numbers = {source.name: n for n, source in enumerate(intents.sources)}
        self.intake_closed: dict[str, str] = {}
        self.parked: dict[Pursuit, None] = {}
        self.executions: dict[str, list[tuple[str, int, int]]] = {}
        self.executed_ns: dict[str, int] = {}
        self.booked: set[str] = set()
        self.busted: set[str] = set()
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
        intent = self._make_intent(number)
        self.clock.process(self.clients.life(intent))
        cancel_ns = int(self.blueprint.intents.cancel_ns[number])
        if cancel_ns >= 0:
            self.clock.process(
                self.clients.cancel_life(intent, max(cancel_ns, self.clock.now))
            )

    def _make_intent(self, number: int) -> Intent:
        table = self.blueprint.intents
        source = table.sources[int(table.source[number])]
        demand = source.demand
        segment = self.firm.segments[demand.segment]
        product = self.firm.products[demand.product]
        index = int(table.index[number])
        instrument_index = int(table.instrument[number])
        price = int(table.price[number])
        terms = Terms(
            account=f"{demand.segment}-a{int(table.account[number]):06d}",
            instrument=tuple(product.instruments)[instrument_index],
            side="buy" if table.is_buy[number] else "sell",
            qty=int(table.qty[number]),
            price=None if price == NULL else price,
        )
        intent = Intent(
            number=number,
            source=source.name,
            index=index,
            intent_id=f"{source.name}-{index:06d}",
            client_id=f"{demand.segment}-c{int(table.client[number]):06d}",
            segment_id=demand.segment,
            segment=segment,
            channel=demand.channel,
            product_id=demand.product,
            product=product,
            instrument_index=instrument_index,
            terms=terms,
            time_ns=self.clock.now,
            deadline_ns=None,
            rank=self.blueprint.ranks[segment.priority],
        )
        intent.deadline_ns = self._deadline(intent)
        return intent

    def _deadline(self, intent: Intent) -> int | None:
        """When the wish is due: counted from the wish, the next session, the close, the cut-off.

        Market orders: ``execute_within`` after the wish or the next open; limit orders: the
        same after the last close; with a cut-off: after today's cut-off, if wished before it.
        """
        product = intent.product
        if product.execute_within is None:
            return None
        moments = self.blueprint.moments
        if product.cut_off is not None:
            cut_off = moments.of_clock(product.cut_off)
            return cut_off + product.execute_within if intent.time_ns < cut_off else None
        closes = [moments.of_clock(session.close) for session in product.sessions]
        if intent.terms.price is not None:
            return max(closes) + product.execute_within
        starts = [
            max(intent.time_ns, moments.of_clock(session.open))
            for session in product.sessions
            if intent.time_ns < moments.of_clock(session.close)
        ]
        return min(starts) + product.execute_within if starts else None

    def _schedule_batches(self) -> None:
        for route in self.blueprint.routes.values():
            for stage in route.stages:
                if stage.step.batch is None:
                    continue
                station = self.stations[stage.step.component]
                times = [self.blueprint.moments.of_clock(c) for c in stage.step.batch.at]
                for instance in station.instances:
                    instance.batches.schedule(
                        (route.name, stage.number), [t for t in times if t >= self.clock.now]
                    )

    def _schedule_enquiries(self) -> None:
        from bcsim.engine.arrivals import arrival_times  # noqa: PLC0415

        moments = self.blueprint.moments
        for number, (channel, source) in enumerate(self.blueprint.enquiries):
            profile = self.firm.profiles[source.demand.profile]
            times = arrival_times(profile, source, self.streams.at("arrival", source.name))
            inside = [
                (index, moments.midnight + int(time_ns))
                for index, time_ns in enumerate(times)
                if moments.window[0] <= moments.midnight + int(time_ns) < moments.window[1]
            ]
            luck = self.streams.at("enquiry", source.name)
            self.clock.process(
                self.desks.enquiry_life(channel, number, inside, luck)
            )

    # -- recording -------------------------------------------------------------------------

    def emit(
        self,
        kind: str,
        vantage: str,
        entry: Entry | None,
        terms: Terms | None,
        **fields: Any,  # noqa: ANN401 - columns of the history
    ) -> None:
        """Record one event; the order's own columns are filled in."""
        now = self.clock.now
        if entry is not None:
            intent = entry.intent
            row: dict[str, Any] = {
                "intent_id": intent.intent_id,
                "order_id": entry.order_id,
                "idem_key": entry.order_id,
                "client_id": intent.client_id,
                "segment": intent.segment_id,
                "channel": entry.channel,
                "priority": intent.rank,
            }
            if terms is not None:
                row |= {
                    "account": terms.account,
                    "instrument": terms.instrument,
                    "side": terms.side,
                    "ord_type": "market" if terms.price is None else "limit",
                    "qty": terms.qty,
                    "price": terms.price,
                }
            row |= fields
        else:
            row = fields
        self._recorder.emit(kind, now, vantage, **row)
        self._note(kind, row)
        self.watches.see(kind, row.get("component"), now)

    def _note(self, kind: str, row: dict[str, Any]) -> None:
        """Keep what reconciliations ask about executions and bookings."""
        if kind == "execute" and row.get("amount") is not None:
            self.executions.setdefault(row["order_id"], []).append(
                (row["exec_id"], row["qty"], row["price"])
            )
            self.executed_ns[row["exec_id"]] = self.clock.now
        elif kind == "book" and row.get("exec_id") is not None:
            self.booked.add(row["exec_id"])

    def emit_intent(self, intent: Intent) -> None:
        """Record a wish."""
        terms = intent.terms
        self._recorder.emit(
            "intend",
            self.clock.now,
            "client",
            intent_id=intent.intent_id,
            client_id=intent.client_id,
            segment=intent.segment_id,
            channel=intent.channel,
            account=terms.account,
            instrument=terms.instrument,
            side=terms.side,
            ord_type="market" if terms.price is None else "limit",
            qty=terms.qty,
            price=terms.price,
            deadline_ns=intent.deadline_ns,
            priority=intent.rank,
        )
        self.watches.see("intend", None, self.clock.now)

    def emit_sending(self, request: Request) -> None:
        """Record that a request leaves: a resend if it is a repeat, a route to a venue."""
        task, holder = request.task, request.pursuit.holder
        step = task.stage.step
        row = {
            "component": request.service_component,
            "step": task.stage.number,
            "attempt": request.attempt,
        }
        if request.poss_resend:
            self.emit("resend", holder.vantage, task.entry, task.terms, **row)
        if step.role == "execute":
            self.emit("route", holder.vantage, task.entry, task.terms, **row)
        self.emit_detail("send", holder, task, request.attempt)

    def emit_detail(
        self, kind: str, who: Holder | Instance, task: Task, attempt: int
    ) -> None:
        """Record an event of the full trace."""
        if self._is_full_trace:
            self.emit(
                kind,
                who.vantage,
                task.entry,
                None,
                component=who.name,
                step=task.stage.number,
                leg=task.leg_code(0),
                attempt=attempt,
            )

    def emit_orphan(self, who: Holder, answer: Answer) -> None:
        """Record an answer that nobody waits for."""
        task = answer.request.task
        self.emit(
            "orphan",
            who.vantage,
            task.entry,
            None,
            component=who.name,
            step=task.stage.number,
            attempt=answer.request.attempt,
            subject=f"answer {answer.reply}",
        )

    def emit_orphan_report(self, who: Instance, report: Report) -> None:
        """Record a venue's report about an order that its addressee has forgotten."""
        self.emit(
            "orphan",
            who.vantage,
            report.entry,
            report.terms,
            component=who.name,
            subject=f"report {report.kind}",
            ref=report.exec_id,
            qty=report.qty,
            price=report.price,
        )

    def emit_report(self, who: Instance, report: Report) -> None:
        """Record that the holder has received a venue's report."""
        self.emit(
            report.kind,
            who.vantage,
            report.entry,
            report.terms,
            component=who.name,
            qty=report.qty,
            price=report.price,
            exec_id=report.exec_id,
            reason=report.reason,
        )

    # -- questions of the parts to the whole -----------------------------------------------

    def target_of(self, pursuit: Pursuit) -> tuple[str, bool]:
        """Component that does a step now, and whether that is the step's fallback."""
        step = pursuit.task.stage.step
        wants_fallback = pursuit.uses_fallback or self.stations[step.component].uses_fallback
        if wants_fallback and step.fallback is not None:
            return step.fallback.component, True
        return step.component, False

    def next_attempt(self, pursuit: Pursuit) -> int:
        """Number of the next attempt at a step; a standby's attempts count apart."""
        task = pursuit.task
        place = (task.entry.order_id, task.stage.number, task.part, pursuit.holder.number)
        count = self._attempts.get(place, 0)
        self._attempts[place] = count + 1
        return pursuit.holder.number * ATTEMPTS_PER_INSTANCE + count

    def has_executed(self, entry: Entry) -> bool:
        """Whether any venue has executed anything of an order."""
        return entry.order_id in self.executions

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
        elif change.attribute in (
            Attribute.UP,
            Attribute.HANG,
            Attribute.SPEED,
            Attribute.LINK_UP,
            Attribute.SERVERS,
            Attribute.HALT,
        ):
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
        """Wake what is parked for a component or link that works again, and resend reports."""
        for pursuit in list(self.parked):
            target = pursuit.parked_on
            if target is not None and not self.is_impaired(pursuit.holder.name, target):
                pursuit.target_is_back()
        for venue in self.venues.values():
            venue.reconnect()
        self.clients.reconnect()

    def reorder_priorities(self, order: tuple[str, ...]) -> None:
        """Serve the named classes first, the others after them in their usual order."""
        rest = [name for name in self.priorities if name not in order]
        self.priority_order = (*order, *rest)

    def watch_backlog(self, instance: Instance) -> None:
        """Look at a queue that has grown."""
        self.watches.see_backlog(instance.name, instance.waiting(), self.clock.now)

    # -- the end ---------------------------------------------------------------------------

    def live_entries(self) -> list[Entry]:
        """Orders with work under way that the end of the run cuts off."""
        live: dict[str, Entry] = {}
        for holder in self.clients.holders.values():
            if holder.pursuit is not None and not holder.pursuit.is_over:
                live.setdefault(holder.entry.order_id, holder.entry)
        for station in self.stations.values():
            for number in station.active:
                instance = station.instances[number]
                jobs = [*instance.running, *(j for line in instance.lines.values() for j in line)]
                for job in jobs:
                    if job.entry is not None:
                        live.setdefault(job.entry.order_id, job.entry)
                for held_key, pursuit in instance.pursuits.items():
                    live.setdefault(held_key[0], pursuit.task.entry)
            for order in station.venue.resting.values():
                live.setdefault(order.entry.order_id, order.entry)
        return list(live.values())
