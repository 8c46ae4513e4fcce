"""One instance of a component: what it does with requests, and what it remembers.

A component without a standby uses one instance; with a standby there are two, of which
normally one is active, and both in a split brain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference import effect
from bcsim.engine.reference.batch import Batches
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.custody import Custody
from bcsim.engine.reference.job import Job, Ticket
from bcsim.engine.reference.message import Answer, Reply
from bcsim.engine.reference.servers import Servers
from bcsim.engine.reference.store import Done, Fact, Held, Memory

if TYPE_CHECKING:
    from bcsim.engine.reference.message import Entry, Request, Task, Terms
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.store import DedupKey
    from bcsim.engine.reference.world import World


class Instance:
    """One instance of a component."""

    def __init__(self, world: World, station: Station, number: int) -> None:
        self.world = world
        self.station = station
        self.number = number
        self.name = station.name
        self.vantage = station.vantage
        spec = station.spec
        self.memory = Memory.empty(
            keeps_journal=spec.store is not None and spec.standby is not None
        )
        self.servers = Servers(world, station, number)
        self.pending: dict[DedupKey, Job] = {}
        """Work under way or waiting, by key: what a repeated request joins."""
        self.custody = Custody(world, self)
        self.batches = Batches(world, self)
        self.is_to_resume = False
        """It became primary while the component did not work."""

    # -- requests --------------------------------------------------------------------------

    def receive(self, request: Request) -> None:
        """Take a request: answer it from memory, join work under way, or queue new work."""
        stage, task = request.task.stage, request.task
        self.world.scribe.detail("receive", self.station, task, request.attempt)
        ticket = Ticket(request)
        missing = []
        for leg in range(stage.leg_count):
            dedup_key = (task.entry.order_id, stage.number, task.leg_code(leg))
            done = self.remembered(dedup_key)
            if done is not None and done.reply is not Reply.DONE:
                self.answer(request, done.reply, done.reason)
                return
            if done is None:
                missing.append((leg, dedup_key))
        if not missing:
            self.answer(request, Reply.DONE)
            return
        knows_keys = self.station.spec.dedup is not None
        new = [item for item in missing if not (knows_keys and item[1] in self.pending)]
        limit = self.station.spec.queue.limit
        if (
            limit is not None
            and new
            and self.servers.waiting() + len(new) > limit + self.servers.idle()
        ):
            self.answer(request, Reply.REFUSED, "queue full")
            return
        for leg, dedup_key in missing:
            ticket.waits_for.add(task.leg_code(leg))
            if knows_keys and dedup_key in self.pending:
                self.pending[dedup_key].tickets.append(ticket)
            else:
                ticket.is_first = True
                self._accept(request, leg, dedup_key, ticket)
        self.servers.start_waiting()

    def remembered(self, dedup_key: DedupKey) -> Done | None:
        """How a key was answered before, if that is still remembered."""
        done = self.memory.done.get(dedup_key)
        return done if done is not None and done.until_ns >= self.world.clock.now else None

    def _accept(self, request: Request, leg: int, dedup_key: DedupKey, ticket: Ticket) -> None:
        """Queue one effect of a step, or keep it for the step's batch."""
        task = request.task
        entry = task.entry
        job = Job(
            place=self._place(task, leg, request.attempt),
            priority=entry.intent.segment.priority,
            draw_ns=lambda: effect.service_ns(self, request, leg),
            finish=self._finish_step,
            accepted_ns=self.world.clock.now,
            entry=entry,
            dedup_key=dedup_key,
            request=request,
            leg=leg,
            tickets=[ticket],
        )
        self.pending[dedup_key] = job
        if task.stage.step.batch is not None and not request.is_fallback:
            self.batches.accept(job)
        else:
            self.servers.enqueue(job)

    @staticmethod
    def _place(task: Task, leg: int, attempt: int) -> int:
        return key(
            Turn.COMPLETION,
            task.entry.number,
            task.stage.number,
            task.leg_code(leg),
            attempt,
            mark=Mark.SERVICE,
        )

    def answer(
        self, request: Request, reply: Reply, reason: str | None = None, cause: str | None = None
    ) -> None:
        """Send an answer back to whoever asked."""
        if cause is None and reply is Reply.REFUSED:
            cause = self.world.blame(self.name)
        self.world.send_answer(self.name, Answer(request, reply, reason, cause))

    # -- effects and answers ---------------------------------------------------------------

    def _finish_step(self, job: Job) -> None:
        """One effect of a step has been achieved, or was refused."""
        request = job.request
        assert request is not None, "a step's job has a request"
        task, stage = request.task, request.task.stage
        assert job.dedup_key is not None, "a step's job has a key"
        if self.pending.get(job.dedup_key) is job:
            del self.pending[job.dedup_key]
        self.world.scribe.detail("finish", self.station, task, request.attempt)
        result = effect.perform(self, request, job.leg)
        if result.reply is Reply.REFUSED:
            for ticket in job.tickets:
                self.answer(ticket.request, Reply.REFUSED, result.reason)
            return
        self._remember(job.dedup_key, result.reply, result.reason)
        for ticket in job.tickets:
            ticket.waits_for.discard(job.dedup_key[2])
            if ticket.waits_for and result.reply is Reply.DONE:
                continue
            if ticket.is_first and result.reply is Reply.DONE:
                effect.tell_done(self, request, result.terms)
                self.record(task.entry, result.terms, stage.number, part=task.part)
                self._take_over(ticket.request, result.terms)
            self.answer(ticket.request, result.reply, result.reason, result.cause)

    def cancel_job(self, job: Job) -> None:
        """Work that waited is cancelled: later attempts at it are told so."""
        assert job.dedup_key is not None, "only steps are cancelled"
        if self.pending.get(job.dedup_key) is job:
            del self.pending[job.dedup_key]
        self._remember(job.dedup_key, Reply.CANCELLED, "cancelled")
        for ticket in job.tickets:
            self.answer(ticket.request, Reply.CANCELLED, "cancelled")

    def _remember(self, dedup_key: DedupKey, reply: Reply, reason: str | None) -> None:
        """Keep how a key was answered, if this component has a dedup memory."""
        dedup = self.station.spec.dedup
        if dedup is not None:
            now = self.world.clock.now
            self.memory.done.put(dedup_key, Done(reply, reason, now + dedup.horizon), now)

    def knows(self, order_id: str, part: int) -> bool:
        """Whether an order (part 0), or one of its fills, is held or has been recorded here."""
        fact = self.memory.facts.get(order_id)
        is_recorded = fact is not None and (part == 0 or part in fact.parts)
        return is_recorded or (order_id, part) in self.memory.held

    def record(
        self, entry: Entry, terms: Terms, step: int, *, part: int = 0, is_closed: bool = False
    ) -> None:
        """Write down what is known of an order, if this component has a store."""
        if self.station.spec.store is None:
            return
        before = self.memory.facts.get(entry.order_id)
        since = before.time_ns if before is not None else self.world.clock.now
        last = max(step, before.last_step) if before is not None else step
        closed = is_closed or (before is not None and before.is_closed)
        if before is not None and is_closed:
            terms = before.terms
        parts = before.parts if before is not None else frozenset()
        fact = Fact(entry, terms, since, last, closed, parts | {part} if part else parts)
        self.memory.facts.put(entry.order_id, fact, self.world.clock.now)

    def _take_over(self, request: Request, terms: Terms) -> None:
        """After a hand-over step: hold the order and see the next step done."""
        task = request.task
        if task.stage.step.mode == "call" or task.stage.step.role == "execute":
            return
        mine = self.custody.pursuits.get((task.entry.order_id, task.part))
        if mine is not None and mine is request.pursuit:  # a step at the holder itself
            mine.was_settled = True
            self.custody.release((task.entry.order_id, task.part))
        following = task.entry.route.next_after(task.stage.number)
        if following is not None:
            held = Held(
                task.entry,
                task.part,
                following.number,
                terms,
                task.qty,
                task.price,
                task.exec_id,
                at_venue=False,
            )
            # A batch has a server of its own, which nobody can keep.
            self.custody.hold(held, keeps_server=task.stage.step.batch is None)

    # -- trouble ---------------------------------------------------------------------------

    def crash(self) -> None:
        """Lose what is volatile; durable work waits for recovery."""
        spec = self.station.spec
        forgets = spec.store is None or spec.store.kind == "volatile"
        self.servers.crash(is_durable=spec.queue.durable)
        self.batches.crash()
        if not spec.queue.durable:
            self.pending.clear()
            self.batches.forget()
        self.custody.drop_all(forgets=forgets)
        if forgets:
            self.memory.clear()

    def resume(self) -> None:
        """Recover: resend every order that is held, go on with work that waits."""
        self.is_to_resume = False
        self.custody.resend_all()
        self.batches.rerun()
        self.servers.start_waiting()

    def put_to_rest(self) -> None:
        """No longer primary: do nothing more."""
        self.is_to_resume = False
        self.servers.crash(is_durable=False)
        self.servers.hand_over(self.station.instances[1 - self.number].servers)
        self.custody.drop_all(forgets=True)
        self.pending.clear()
        self.batches.crash()
        self.batches.forget()

    def live_entries(self) -> list[Entry]:
        """Orders that are worked on, wait for a server or a batch, or are seen on their way."""
        lines = self.servers.lines.values()
        jobs = [*self.servers.running, *(job for line in lines for job in line)]
        jobs += self.batches.jobs()
        entries = [job.entry for job in jobs if job.entry is not None]
        return [*entries, *(p.task.entry for p in self.custody.pursuits.values() if p.is_live())]
