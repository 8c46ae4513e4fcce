"""One instance of a component: its queue, its servers, its memory, the orders it holds.

A component without a standby has one instance; with a standby it has two, of which normally
one is active, and both in a split brain.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bcsim.engine.reference import effect
from bcsim.engine.reference.batch import Batches
from bcsim.engine.reference.breaker import Bulkhead, CircuitBreaker
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.holder import Pursuit
from bcsim.engine.reference.message import Answer, Reply, Task
from bcsim.engine.reference.store import Done, Fact, Held, HeldKey, Memory
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.message import Entry, Report, Request, Terms
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.store import DedupKey
    from bcsim.engine.reference.world import World

FULL_SPEED = 1000
"""Speed is in per mille."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that waits for the effects of its step."""

    request: Request
    waits_for: set[int] = field(default_factory=set)
    is_first: bool = False
    """Whether this request brought the work in; others have joined it."""


@dataclass(slots=True, eq=False)
class Job:
    """Work for one server: one effect of a step, or an enquiry, a repair, a back-entry."""

    place: int
    priority: str
    draw_ns: Callable[[], int]
    finish: Callable[[Job], None]
    accepted_ns: int
    entry: Entry | None = None
    dedup_key: DedupKey | None = None
    request: Request | None = None
    leg: int = 0
    tickets: list[Ticket] = field(default_factory=list)
    turn: int = 0
    """Raised when the completion that is scheduled no longer holds."""
    ends_ns: int = 0
    remaining_ns: int | None = None


class Instance:
    """One instance of a component."""

    def __init__(self, world: World, station: Station, number: int) -> None:
        self.world = world
        self.station = station
        self.number = number
        self.name = station.name
        self.vantage = station.vantage
        spec = station.spec
        self.memory = Memory.empty(keeps_journal=spec.store is not None and spec.standby is not None)
        self.lines: dict[str, deque[Job]] = {name: deque() for name in world.priorities}
        self.running: dict[Job, None] = {}
        self.kept_servers = 0
        """Servers occupied by callers that wait for an answer."""
        self.pending: dict[DedupKey, Job] = {}
        self.pursuits: dict[HeldKey, Pursuit] = {}
        self.waits_for_repair: set[HeldKey] = set()
        self.batches = Batches(world, self)
        self._breakers: dict[str, CircuitBreaker] = {}
        self._bulkheads: dict[tuple[str, int], Bulkhead] = {}
        self._next_start_ns = 0

    # -- requests --------------------------------------------------------------------------

    def receive(self, request: Request) -> None:
        """Take a request: answer it from memory, join work under way, or queue new work."""
        stage, task = request.task.stage, request.task
        ticket = Ticket(request)
        missing = []
        for leg in range(stage.legs()):
            dedup_key = (task.entry.order_id, stage.number, task.leg_code(leg))
            done = self._remembered(dedup_key)
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
        if limit is not None and new and self.waiting() + len(new) > limit + self.idle():
            self.answer(request, Reply.REFUSED, "queue full")
            return
        for leg, dedup_key in missing:
            ticket.waits_for.add(task.leg_code(leg))
            if knows_keys and dedup_key in self.pending:
                self.pending[dedup_key].tickets.append(ticket)
            else:
                ticket.is_first = True
                self._accept(request, leg, dedup_key, ticket)
        self.start_waiting()

    def _remembered(self, dedup_key: DedupKey) -> Done | None:
        """How this key was answered before, if that is still remembered."""
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
            self.enqueue(job)

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

    # -- queue and servers -----------------------------------------------------------------

    def waiting(self) -> int:
        """Work that waits for a server."""
        return sum(map(len, self.lines.values()))

    def idle(self) -> int:
        """Servers that could start work now."""
        return max(0, self.station.servers - len(self.running) - self.kept_servers)

    def enqueue(self, job: Job) -> None:
        """Put work at the end of its priority class."""
        self.lines[job.priority].append(job)
        self.world.watch_backlog(self)

    def start_waiting(self) -> None:
        """Start work while there is work, a server, and leave to start."""
        while self.idle() and self.station.works() and self.waiting():
            now = self.world.clock.now
            rate = self.station.spec.rate_limit
            if rate is not None and now < self._next_start_ns:
                self.world.clock.at(self._next_start_ns, self._start_place(), self.start_waiting)
                return
            if rate is not None:
                self._next_start_ns = now + NS_PER_S // rate
            self.start(self._first_in_line())

    def _start_place(self) -> int:
        return key(Turn.TIMER, self.station.index, self.number, mark=Mark.START)

    def _first_in_line(self) -> Job:
        for name in self.world.priority_order:
            if self.lines[name]:
                return self.lines[name].popleft()
        raise AssertionError("no work waits")

    def start(self, job: Job) -> None:
        """Let a server begin with a job."""
        if job.remaining_ns is None:
            if job.request is not None:
                self.world.emit_detail("start", self, job.request.task, job.request.attempt)
            duration_ns = job.draw_ns() * FULL_SPEED // self.station.speed
        else:
            duration_ns, job.remaining_ns = job.remaining_ns, None
        self.running[job] = None
        job.turn += 1
        job.ends_ns = self.world.clock.now + duration_ns
        turn = job.turn
        self.world.clock.at(job.ends_ns, job.place, lambda: self._complete(job, turn))

    def _complete(self, job: Job, turn: int) -> None:
        """The scheduled end of a job, unless a crash or hang has made it void."""
        if turn != job.turn:
            return
        del self.running[job]
        job.finish(job)
        self.start_waiting()

    def free_server(self) -> None:
        """A caller's wait is over; its server can work again."""
        self.kept_servers -= 1
        self.start_waiting()

    # -- effects and answers ---------------------------------------------------------------

    def _finish_step(self, job: Job) -> None:
        """One effect of a step has been achieved, or was refused."""
        request = job.request
        assert request is not None, "a step's job has a request"
        task, stage = request.task, request.task.stage
        assert job.dedup_key is not None, "a step's job has a key"
        if self.pending.get(job.dedup_key) is job:
            del self.pending[job.dedup_key]
        self.world.emit_detail("finish", self, task, request.attempt)
        result = effect.perform(self, request, job.leg)
        if result.reply is Reply.REFUSED:
            for ticket in job.tickets:
                self.answer(ticket.request, Reply.REFUSED, result.reason)
            return
        dedup = self.station.spec.dedup
        if dedup is not None:
            until_ns = self.world.clock.now + dedup.horizon
            done = Done(result.reply, result.reason, until_ns)
            self.memory.done.put(job.dedup_key, done, self.world.clock.now)
        for ticket in job.tickets:
            ticket.waits_for.discard(job.dedup_key[2])
            if ticket.waits_for and result.reply is Reply.DONE:
                continue
            if ticket.is_first and result.reply is Reply.DONE:
                self.record(task.entry, result.terms, stage.number)
                self._take_over(request, result.terms)
            self.answer(ticket.request, result.reply, result.reason, result.cause)

    def record(self, entry: Entry, terms: Terms, step: int, *, is_closed: bool = False) -> None:
        """Write down what is known of an order, if this component has a store."""
        if self.station.spec.store is None:
            return
        before = self.memory.facts.get(entry.order_id)
        since = before.time_ns if before is not None else self.world.clock.now
        last = max(step, before.last_step) if before is not None else step
        closed = is_closed or (before is not None and before.is_closed)
        fact = Fact(entry, terms, since, last, closed)
        self.memory.facts.put(entry.order_id, fact, self.world.clock.now)

    def _take_over(self, request: Request, terms: Terms) -> None:
        """After a hand-over step: hold the order and see the next step done."""
        task = request.task
        if task.stage.step.mode == "call" or task.stage.step.role == "execute":
            return
        mine = self.pursuits.get((task.entry.order_id, task.part))
        if mine is not None and mine is request.pursuit:  # a step at the holder itself
            mine.was_settled = True
            self.release((task.entry.order_id, task.part))
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
                seen=frozenset(),
            )
            self.hold(held, keeps_server=True)

    # -- holding ---------------------------------------------------------------------------

    def hold(self, held: Held, *, keeps_server: bool = False, is_resend: bool = False) -> None:
        """Remember an order and begin with its next step."""
        held_key = (held.entry.order_id, held.part)
        stage = self._next_stage(held)
        if stage is None:
            self.release(held_key)
            return
        held = held._replace(next_step=stage.number)
        self.memory.held.put(held_key, held, self.world.clock.now)
        if held.at_venue:
            return
        task = Task(
            held.entry, stage, held.part, held.terms, held.qty, held.price, held.exec_id
        )
        pursuit = Pursuit(self.world, self, task, is_resend=is_resend)
        if keeps_server and stage.step.mode == "call" and self.idle():
            pursuit.keeps_server = True
            self.kept_servers += 1
        self.pursuits[held_key] = pursuit
        self.world.clock.process(pursuit.life())

    def _next_stage(self, held: Held) -> Stage | None:
        """The stage to do next; controls that a fallback leaves out are skipped."""
        route = held.entry.route
        stage: Stage | None = route.stages[held.next_step]
        while stage is not None and stage.step.control in held.entry.skipped:
            effect.skip_control(self, held.entry, stage)
            stage = route.next_after(stage.number)
        return stage

    def release(self, held_key: HeldKey) -> None:
        """The order is no longer this instance's responsibility."""
        self.memory.held.drop(held_key, self.world.clock.now)
        pursuit = self.pursuits.pop(held_key, None)
        if pursuit is not None:
            pursuit.die()

    def hear(self, answer: Answer) -> None:
        """An answer has arrived: to a step under way, to one settled, or to nobody."""
        task = answer.request.task
        pursuit = self.pursuits.get((task.entry.order_id, task.part))
        if pursuit is not None and pursuit.task.stage.number == task.stage.number:
            pursuit.hear(answer)
        elif not answer.request.pursuit.was_settled:
            self.world.emit_orphan(self, answer)

    def settled(self, pursuit: Pursuit, answer: Answer) -> None:
        """The step was answered: release the order, or go on with it."""
        task = pursuit.task
        held_key = (task.entry.order_id, task.part)
        self._let_server_go(pursuit)
        if self.pursuits.get(held_key) is pursuit:
            del self.pursuits[held_key]
        held = self.memory.held.get(held_key)
        if held is None:
            return
        if answer.reply is Reply.HELD:
            self.waits_for_repair.add(held_key)
        elif answer.reply is not Reply.DONE:
            self._close(held_key)
        elif task.stage.step.role == "execute":
            self.memory.held.put(
                held_key, held._replace(at_venue=True), self.world.clock.now
            )
        elif task.stage.step.mode == "call":
            self._go_on(held)
        else:
            self.release(held_key)

    def _go_on(self, held: Held) -> None:
        """Continue with the stage after the one that has been done or left out."""
        following = held.entry.route.next_after(held.next_step)
        if following is None:
            self.release((held.entry.order_id, held.part))
        else:
            self.hold(held._replace(next_step=following.number))

    def _close(self, held_key: HeldKey) -> None:
        """The order has found its end elsewhere."""
        held = self.memory.held.get(held_key)
        if held is not None and held.part == 0:
            self.record(held.entry, held.terms, held.next_step, is_closed=True)
        self.release(held_key)

    def gave_up(self, pursuit: Pursuit, action: str) -> None:
        """All attempts failed: leave the step out, or reject the order."""
        task = pursuit.task
        held_key = (task.entry.order_id, task.part)
        self._let_server_go(pursuit)
        if self.pursuits.get(held_key) is pursuit:
            del self.pursuits[held_key]
        held = self.memory.held.get(held_key)
        if held is None:
            return
        if action == "continue":
            if task.stage.step.role == "control":
                effect.skip_control(self, task.entry, task.stage)
            self._go_on(held)
            return
        if held.part == 0:
            target = task.stage.step.component
            effect.reject(
                self, task.entry, task.stage, f"no answer from {target}", self.world.blame(target)
            )
        self._close(held_key)

    def take_report(self, report: Report) -> None:
        """A venue reports a fill or an end of an order that this instance holds, or held."""
        held_key = (report.entry.order_id, 0)
        held = self.memory.held.get(held_key)
        route = report.entry.route
        if held is None or held.next_step != route.execute:
            self.world.emit_orphan_report(self, report)
            return
        if report.part and report.part in held.seen:
            return
        self.world.emit_report(self, report)
        if report.part:
            held = held._replace(seen=held.seen | {report.part})
            self.memory.held.put(held_key, held, self.world.clock.now)
            following = route.next_after(route.execute)
            if following is not None:
                fill = Held(
                    report.entry,
                    report.part,
                    following.number,
                    report.terms,
                    report.qty,
                    report.price,
                    report.exec_id,
                    at_venue=False,
                    seen=frozenset(),
                )
                self.hold(fill)
        else:
            effect.tell_end(self, report)
        if report.is_final:
            pursuit = self.pursuits.get(held_key)
            if pursuit is not None:
                pursuit.was_settled = True
                self._let_server_go(pursuit)
            self._close(held_key)

    def repaired(self, held_key: HeldKey, terms: Terms) -> None:
        """A team has corrected an order that a control held; it goes on."""
        held = self.memory.held.get(held_key)
        if held is not None and held_key in self.waits_for_repair:
            self.waits_for_repair.discard(held_key)
            self._go_on(held._replace(terms=terms))

    def _let_server_go(self, pursuit: Pursuit) -> None:
        if pursuit.keeps_server:
            pursuit.keeps_server = False
            self.free_server()

    # -- holder's manners ------------------------------------------------------------------

    def breaker(self, task: Task, target: str) -> CircuitBreaker | None:
        """Circuit breaker towards a target, if the step has one."""
        spec = task.stage.step.breaker
        if spec is None:
            return None
        return self._breakers.setdefault(target, CircuitBreaker(spec))

    def bulkhead(self, task: Task) -> Bulkhead | None:
        """Bulkhead of the step, if it has one."""
        limit = task.stage.step.bulkhead
        if limit is None:
            return None
        place = (task.entry.route.name, task.stage.number)
        return self._bulkheads.setdefault(place, Bulkhead(limit))

    def when_awake(self, handler: Callable[[], Any]) -> None:
        """Call ``handler`` now, or when the component wakes up from a hang."""
        self.station.when_awake(handler)

    # -- trouble ---------------------------------------------------------------------------

    def crash(self) -> None:
        """Lose what is volatile; durable work waits for recovery."""
        spec = self.station.spec
        is_durable = spec.store is not None and spec.store.kind != "volatile"
        jobs = list(self.running)
        for job in jobs:
            job.turn += 1
            job.remaining_ns = None
        self.running.clear()
        self.kept_servers = 0
        self.batches.stop()
        if spec.queue.durable:
            for job in reversed(jobs):
                self.lines[job.priority].appendleft(job)
        else:
            for line in self.lines.values():
                line.clear()
            self.pending.clear()
            self.batches.forget()
        for pursuit in self.pursuits.values():
            pursuit.die()
        self.pursuits.clear()
        self._breakers.clear()
        self._bulkheads.clear()
        if not is_durable:
            self.memory.clear()
            self.waits_for_repair.clear()

    def resume(self) -> None:
        """Recover: resend every order that is held, go on with work that waits."""
        for held_key, held in self.memory.held.items():
            if held_key not in self.pursuits and held_key not in self.waits_for_repair:
                self.hold(held, is_resend=True)
        self.batches.rerun()
        self.start_waiting()

    def freeze(self) -> None:
        """Hang: running work keeps its remaining time."""
        for job in self.running:
            job.turn += 1
            job.remaining_ns = job.ends_ns - self.world.clock.now

    def thaw(self) -> None:
        """Wake up: running work goes on where it was."""
        jobs = list(self.running)
        self.running.clear()
        for job in jobs:
            self.start(job)
        self.start_waiting()
