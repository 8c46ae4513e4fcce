"""Holding an order: seeing its next step done, through attempts, retries and failure.

Whoever completed a step holds the order until the next step is answered; a client holds it
before the first. A :class:`Pursuit` is one holder's effort to see one step done, a process
that lives until the step is settled or the holder dies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.link import Direction, Passage
from bcsim.engine.reference.message import Answer, Reply, Request
from bcsim.limits import ATTEMPTS_MAX
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from bcsim.engine.reference.breaker import Bulkhead, CircuitBreaker
    from bcsim.engine.reference.message import Task
    from bcsim.engine.reference.world import World

ATTEMPTS_PER_INSTANCE = ATTEMPTS_MAX // 2
"""Attempt numbers of a standby instance start here, so that both have luck of their own."""


class Holder(Protocol):
    """Whoever holds an order: an instance of a component, or the client."""

    name: str
    """Component or channel, as links know it."""
    vantage: str
    number: int
    """0 for a client or a first instance, 1 for a standby instance."""

    def breaker(self, task: Task, target: str) -> CircuitBreaker | None:
        """Circuit breaker towards a target, if the step has one."""

    def bulkhead(self, task: Task) -> Bulkhead | None:
        """Bulkhead of the step, if it has one."""

    def when_awake(self, handler: Callable[[], None]) -> None:
        """Call ``handler`` now, or when the holder wakes up from a hang."""

    def settled(self, pursuit: Pursuit, answer: Answer) -> None:
        """The step was answered."""

    def free_server(self, pursuit: Pursuit) -> None:
        """A caller's server works on: nobody stays on the line for longer than a round."""

    def gave_up(self, pursuit: Pursuit, action: str) -> None:
        """All attempts failed and ``on_failure`` is reject or continue."""


class Pursuit:
    """One holder's effort to see one step done."""

    def __init__(self, world: World, holder: Holder, task: Task, *, is_resend: bool) -> None:
        self.world = world
        self.holder = holder
        self.task = task
        self.is_resend = is_resend
        self.uses_fallback = False
        self.keeps_server = False
        self.is_dead = False
        self.is_over = False
        self.was_settled = False
        self.was_hurried = False
        self._wake: simpy.Event | None = None
        self._answer: Answer | None = None
        self._attempt = -1
        self._has_sent = False
        self._refusal: Answer | None = None
        self._waits = 0
        self._awaits_answer = False
        self._has_timer = False
        self._is_worn_out = False
        self._breaker: tuple[CircuitBreaker, int] | None = None
        self._bulkhead: tuple[Bulkhead, simpy.Event] | None = None

    # -- life ------------------------------------------------------------------------------

    def life(self) -> Generator[simpy.Event, Any, None]:
        """Attempts until the step is settled, given up, or the holder dies."""
        if not self.is_dead:  # it may have ended before it began
            yield from self._enter_bulkhead()
        while not self.is_dead:
            yield from self._round()
            if self.is_dead:
                return
            if self._answer is not None:
                self._end()
                self.was_settled = True
                self.holder.settled(self, self._answer)
                return
            action = self._on_failure()
            if action in ("reject", "continue"):
                self._end()
                self.holder.gave_up(self, action)
                return
            if action == "fallback":
                self.uses_fallback = True
            else:
                self.holder.free_server(self)
                yield from self._park()

    def die(self) -> None:
        """The holder has crashed or forgotten the order: nothing more comes of this."""
        self.is_dead = True
        self.world.parked.pop(self, None)
        self._leave_breaker()
        self._leave_bulkhead()

    def cease(self) -> None:
        """What came of the order is known otherwise: a later answer surprises nobody."""
        self.is_over = True
        self.was_settled = True
        self.die()

    def hurry(self) -> None:
        """Make a further attempt at once: the client has pressed the button again."""
        self.was_hurried = True
        self._wake_up(None)

    def place(self) -> tuple[int, int, int, int, str]:
        """Where it stands among the efforts of one instant: by order, step and part."""
        task, holder = self.task, self.holder
        leg = task.leg_code(0)
        return (task.entry.number, task.stage.number, leg, holder.number, holder.name)

    def has_sent(self) -> bool:
        """Whether a request is out, so that the next component may know the order."""
        return self._has_sent

    def why(self) -> tuple[str, str | None]:
        """Why the attempts have failed, and because of what: a refusal, or silence."""
        target = self.task.stage.step.component
        if self._refusal is not None:
            return f"{target}: {self._refusal.reason}", self._refusal.cause
        return f"no answer from {target}", self.world.blame(target)

    def is_live(self) -> bool:
        """Whether anything can still come of it, beside the answer that it waits for."""
        is_stuck = self._awaits_answer and not self._has_timer
        return not (self.is_over or self.is_dead or is_stuck)

    def target_is_back(self) -> None:
        """What the order was parked for works again."""
        turn = self._waits
        self.holder.when_awake(lambda: self._time_is_up(turn))

    def hear(self, answer: Answer) -> None:
        """An answer to any attempt has arrived; a refusal counts while it is waited for."""
        if answer.reply is Reply.REFUSED:
            if self._awaits_answer and answer.request.attempt == self._attempt:
                self._wake_up(answer)
            return
        self._answer = answer
        self._wake_up(answer)

    # -- one round of attempts -------------------------------------------------------------

    def _round(self) -> Generator[simpy.Event, Any, None]:
        """First attempt and retries; ends with ``self._answer`` set, or without."""
        retry = self.task.stage.step.retry
        for turn in range((retry.limit if retry else 0) + 1):
            if turn:
                yield from self._wait(self._backoff_ns(turn), Mark.RETRY)
            if self._is_decided():
                return
            yield from self._try_once()
            while self._is_hurried():
                self.was_hurried = False
                yield from self._try_once()
            if self._is_decided():
                return

    def _is_decided(self) -> bool:
        """Whether nothing more is to be tried."""
        return self.is_dead or self._answer is not None

    def _is_hurried(self) -> bool:
        """Whether the client wants a further attempt at once."""
        return self.was_hurried and not self._is_decided()

    def _try_once(self) -> Generator[simpy.Event, Any, None]:
        """Send one request and wait for its answer or its timeout."""
        target, is_fallback = self.world.target_of(self)
        attempt = self.world.next_attempt(self)
        if attempt is None:
            self._is_worn_out = True
        if attempt is None or not self._enter_breaker(target):
            return
        self._attempt = attempt
        self._send(target, is_fallback=is_fallback)
        self._awaits_answer = True
        answer = yield from self._wait(self._timeout_ns(is_fallback=is_fallback), Mark.TIMEOUT)
        self._awaits_answer = False
        if self.is_dead or self.was_hurried:
            return
        if answer is None:
            self.world.scribe.detail("time_out", self.holder, self.task, self._attempt)
        is_refused = answer is not None and answer.reply is Reply.REFUSED
        self._refusal = answer if is_refused else None
        self._tell_breaker()

    def _send(self, target: str, *, is_fallback: bool) -> None:
        task = self.task
        self.world.count_attempt(self)
        is_repeat = self.is_resend or self._has_sent
        self._has_sent = True
        request = Request(task, self._attempt, self, target, is_fallback, is_repeat)
        self.world.scribe.sending(request)
        passage = Passage(
            task.entry,
            task.stage.number,
            task.leg_code(0),
            self._attempt,
            Direction.REQUEST,
            Mark.REQUEST,
        )
        station = self.world.stations[target]
        self.world.links.carry(self.holder.name, target, passage, lambda: station.receive(request))

    def _timeout_ns(self, *, is_fallback: bool) -> int | None:
        """How long an answer is waited for; people are given their own time."""
        step = self.task.stage.step
        if is_fallback and step.fallback is not None:
            return step.fallback.timeout
        return step.timeout

    def _backoff_ns(self, turn: int) -> int:
        """Wait before retry ``turn``: min(cap, backoff · 2^(turn−1)) × jitter."""
        retry = self.task.stage.step.retry
        assert retry is not None, "only a step with retries waits between attempts"
        wait = retry.backoff << (turn - 1) if turn < 62 else retry.backoff << 61  # noqa: PLR2004
        if retry.cap is not None:
            wait = min(wait, retry.cap)
        if not retry.jitter:
            return wait
        entry = self.task.entry
        entity, leg = entry.luck_of(self.task.leg_code(0))
        draw = address(self.task.stage.number, leg, max(self._attempt, 0))
        luck = self.world.streams.at("retry_jitter", entity)
        stretch = 1.0 + retry.jitter * (2.0 * luck.uniform(entry.intent.index, draw) - 1.0)
        return int(wait * stretch + 0.5)

    # -- failure ---------------------------------------------------------------------------

    def _on_failure(self) -> str:
        """What to do now that a round has failed."""
        step = self.task.stage.step
        if self._is_worn_out:
            return "reject"
        if step.on_failure == "fallback" and (self.uses_fallback or step.fallback is None):
            return "park"
        return step.on_failure

    def _park(self) -> Generator[simpy.Event, Any, None]:
        """Wait until the target is back; if nothing is known to be wrong with it, a while."""
        target, _ = self.world.target_of(self)
        if self.world.is_impaired(self.holder.name, target):
            self.world.parked[self] = None
            yield from self._wait(None, Mark.PARK)
            self.world.parked.pop(self, None)
        else:
            yield from self._wait(self.task.stage.pause_ns, Mark.PARK)
        self.was_hurried = False

    # -- waiting ---------------------------------------------------------------------------

    def _wait(self, wait_ns: int | None, mark: Mark) -> Generator[simpy.Event, Any, Answer | None]:
        """Wait for an answer, or at most some time; the answer, or ``None``."""
        self._waits += 1
        turn = self._waits
        self._wake = self.world.clock.signal()
        self._has_timer = wait_ns is not None
        if wait_ns is not None:
            entry = self.task.entry
            place = key(
                Turn.TIMER,
                entry.number,
                self.task.stage.number,
                self.task.leg_code(0),
                max(self._attempt, 0),
                mark=mark,
            )
            self.world.clock.at(
                self.world.clock.now + wait_ns,
                place,
                lambda: self.holder.when_awake(lambda: self._time_is_up(turn)),
            )
        heard: Answer | None = yield self._wake
        self._wake = None
        return heard

    def _time_is_up(self, turn: int) -> None:
        if turn == self._waits and not self.is_dead:
            self._wake_up(None)

    def _wake_up(self, answer: Answer | None) -> None:
        if self._wake is not None and not self._wake.triggered:
            self._wake.succeed(answer)

    # -- sparing the target ----------------------------------------------------------------

    def _enter_breaker(self, target: str) -> bool:
        """Ask the circuit breaker towards a target; False if it refuses an attempt."""
        breaker = self.holder.breaker(self.task, target)
        if breaker is None:
            return True
        ticket = breaker.admit(self.world.clock.now)
        if ticket is not None:
            self._breaker = (breaker, ticket)
        return ticket is not None

    def _tell_breaker(self) -> None:
        """Tell the circuit breaker how the attempt went."""
        if self._breaker is None:
            return
        breaker, ticket = self._breaker
        self._breaker = None
        if self._answer is None:
            breaker.failed(ticket, self.world.clock.now)
        else:
            breaker.succeeded(ticket)

    def _leave_breaker(self) -> None:
        if self._breaker is not None:
            breaker, ticket = self._breaker
            self._breaker = None
            breaker.abandoned(ticket)

    def _enter_bulkhead(self) -> Generator[simpy.Event, Any, None]:
        bulkhead = self.holder.bulkhead(self.task)
        if bulkhead is not None:
            turn = self.world.clock.signal()
            self._bulkhead = (bulkhead, turn)
            if not bulkhead.enter(turn):
                yield turn

    def _leave_bulkhead(self) -> None:
        if self._bulkhead is not None:
            bulkhead, turn = self._bulkhead
            self._bulkhead = None
            bulkhead.leave(turn)

    def _end(self) -> None:
        self.is_over = True
        self._leave_bulkhead()
