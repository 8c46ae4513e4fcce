"""Custody: the orders that one instance holds, and its efforts to see them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.engine.reference import effect
from bcsim.engine.reference.breaker import Bulkhead, CircuitBreaker
from bcsim.engine.reference.holder import Pursuit
from bcsim.engine.reference.message import Reply, Task
from bcsim.engine.reference.store import Held, HeldKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Answer, Report
    from bcsim.engine.reference.world import World


class Custody:
    """What an instance does as the holder of orders."""

    def __init__(self, world: World, instance: Instance) -> None:
        self.world = world
        self.instance = instance
        self.name = instance.name
        self.vantage = instance.vantage
        self.number = instance.number
        self.pursuits: dict[HeldKey, Pursuit] = {}
        self.waits_for_repair: set[HeldKey] = set()
        self._settled_resends: dict[HeldKey, int] = {}
        """Last step settled of orders that were resent; earlier attempts may still be answered."""
        self._breakers: dict[str, CircuitBreaker] = {}
        self._bulkheads: dict[tuple[str, int], Bulkhead] = {}

    # -- holding ---------------------------------------------------------------------------

    def hold(self, held: Held, *, keeps_server: bool = False, is_resend: bool = False) -> None:
        """Remember an order and begin with its next step.

        An effort for the same order that is still under way ends: this one goes on with it.
        ``keeps_server``: a server of this component has just worked on the order, and stays
        with it if the next step is a call.
        """
        held_key = (held.entry.order_id, held.part)
        stage = self._next_stage(held)
        if stage is None:
            self.release(held_key)
            return
        self._drop_pursuit(held_key)
        held = held._replace(next_step=stage.number)
        self.instance.memory.held.put(held_key, held, self.world.clock.now)
        if held.at_venue:
            return
        task = Task(held.entry, stage, held.part, held.terms, held.qty, held.price, held.exec_id)
        pursuit = Pursuit(self.world, self, task, is_resend=is_resend)
        if keeps_server and stage.step.mode == "call":
            pursuit.keeps_server = True
            self.instance.servers.keep_one()
        # Nobody begins anything while down or hung; recovery resends what is remembered.
        self.when_awake(lambda: self._begin(held_key, held, pursuit))

    def _begin(self, held_key: HeldKey, held: Held, pursuit: Pursuit) -> None:
        """Begin an effort, unless the order has gone on without it while all was frozen."""
        if self.instance.memory.held.get(held_key) is held and held_key not in self.pursuits:
            self.pursuits[held_key] = pursuit
            self.world.clock.process(pursuit.life())

    def _next_stage(self, held: Held) -> Stage | None:
        """The stage to do next; controls that a fallback leaves out are skipped."""
        route = held.entry.route
        stage: Stage | None = route.stages[held.next_step]
        while stage is not None and stage.step.control in held.entry.skipped:
            effect.skip_control(self.instance, held.entry, stage)
            held.entry.left_out.add(stage.number)
            stage = route.next_after(stage.number)
        return stage

    def release(self, held_key: HeldKey) -> None:
        """The order is no longer this instance's responsibility."""
        self.instance.memory.held.drop(held_key, self.world.clock.now)
        self.waits_for_repair.discard(held_key)
        self._drop_pursuit(held_key)

    def _drop_pursuit(self, held_key: HeldKey) -> None:
        pursuit = self.pursuits.pop(held_key, None)
        if pursuit is not None:
            pursuit.die()
            self.free_server(pursuit)

    def hear(self, answer: Answer) -> None:
        """An answer has arrived: to a step under way, to one settled, or to nobody."""
        task = answer.request.task
        pursuit = self.pursuits.get((task.entry.order_id, task.part))
        if pursuit is not None and pursuit.task.stage.number == task.stage.number:
            pursuit.hear(answer)
        elif not (
            answer.request.pursuit.was_settled
            or self._settled_resends.get((task.entry.order_id, task.part), -1) >= task.stage.number
        ):
            self.world.scribe.orphan(self, answer)

    def settled(self, pursuit: Pursuit, answer: Answer) -> None:
        """The step was answered: release the order, or go on with it."""
        task = pursuit.task
        held_key = (task.entry.order_id, task.part)
        if pursuit.is_resend:
            self._settled_resends[held_key] = task.stage.number
        self._act_on(answer, held_key, self._end(held_key), pursuit)
        self.free_server(pursuit)

    def _end(self, held_key: HeldKey) -> Held:
        """An effort has come to its end: what it was about."""
        del self.pursuits[held_key]
        held = self.instance.memory.held.get(held_key)
        assert held is not None, "nobody makes an effort for what is not held"
        return held

    def _act_on(self, answer: Answer, held_key: HeldKey, held: Held, pursuit: Pursuit) -> None:
        """Do what an answer to a held order's step calls for."""
        step = pursuit.task.stage.step
        if answer.reply is Reply.HELD:
            self._wait_for_repair(held_key, pursuit.task.stage.number)
        elif answer.reply is not Reply.DONE:
            self._close(held_key)
        elif step.role == "execute":
            now = self.world.clock.now
            self.instance.memory.held.put(held_key, held._replace(at_venue=True), now)
        elif step.mode == "call":
            self._go_on(held, pursuit)
        else:
            self.release(held_key)

    def _go_on(self, held: Held, done: Pursuit | None = None) -> None:
        """Continue with the stage after the one that has been done or left out.

        A caller's server that has stayed with the order stays for another call.
        """
        following = held.entry.route.next_after(held.next_step)
        if following is None:
            self.release((held.entry.order_id, held.part))
            return
        keeps_server = done is not None and done.keeps_server
        self.hold(held._replace(next_step=following.number), keeps_server=keeps_server)

    def _close(self, held_key: HeldKey) -> None:
        """The order has found its end elsewhere."""
        held = self.instance.memory.held.get(held_key)
        if held is not None and held.part == 0:
            self.instance.record(held.entry, held.terms, held.next_step, is_closed=True)
        self.release(held_key)

    def gave_up(self, pursuit: Pursuit, action: str) -> None:
        """All attempts failed: leave the step out, or reject the order."""
        stage = pursuit.task.stage
        held_key = (pursuit.task.entry.order_id, pursuit.task.part)
        held = self._end(held_key)
        if action == "continue":
            if stage.step.role == "control":
                effect.skip_control(self.instance, held.entry, stage)
            self._go_on(held, pursuit)
        else:
            if held.part == 0:
                effect.reject(self.instance, held.entry, stage, *pursuit.why())
            self._close(held_key)
        self.free_server(pursuit)

    def take_report(self, report: Report) -> None:
        """A venue reports a fill or an end of an order that this instance holds, or held."""
        held_key = (report.entry.order_id, 0)
        held = self.instance.memory.held.get(held_key)
        route = report.entry.route
        if held is None or held.next_step != route.execute:
            self.world.scribe.orphan_report(self, report)
            return
        self.world.scribe.report(self, report)
        if report.part:
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
                )
                self.hold(fill)
        else:
            effect.tell_end(self.instance, report)
        if report.is_final:
            pursuit = self.pursuits.get(held_key)
            if pursuit is not None:
                pursuit.was_settled = True
            self._close(held_key)

    def has_in_hand(self, held_key: HeldKey) -> bool:
        """Whether a held order waits here: for its repair, or to be sent for the first time."""
        pursuit = self.pursuits.get(held_key)
        is_unsent = pursuit is not None and not pursuit.has_sent()
        return is_unsent or held_key in self.waits_for_repair

    def _wait_for_repair(self, held_key: HeldKey, step: int) -> None:
        """A control has stopped the order; it may have been repaired before this was heard."""
        self.waits_for_repair.add(held_key)
        if (*held_key, step) in self.world.desks.repaired:
            self.repaired(held_key)

    def repaired(self, held_key: HeldKey) -> None:
        """A team has restored the terms of an order that a control stopped; it goes on."""
        held = self.instance.memory.held.get(held_key)
        if held is not None and held_key in self.waits_for_repair:
            self.waits_for_repair.discard(held_key)
            self._go_on(held._replace(terms=held.entry.intent.terms))

    def free_server(self, pursuit: Pursuit) -> None:
        """The server that stayed with a call works on."""
        if pursuit.keeps_server:
            pursuit.keeps_server = False
            self.instance.servers.free_one()

    # -- manners ---------------------------------------------------------------------------

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
        self.instance.station.when_awake(handler)

    # -- trouble ---------------------------------------------------------------------------

    def drop_all(self, *, forgets: bool) -> None:
        """Give up all efforts; what was to be repaired is forgotten with the memory."""
        for held_key in list(self.pursuits):
            self._drop_pursuit(held_key)
        self._breakers.clear()
        self._bulkheads.clear()
        if forgets:
            self.waits_for_repair.clear()

    def resend_all(self) -> None:
        """Send every order on that is held, by order number: new attempts, outside retries."""
        held = sorted(self.instance.memory.held.items(), key=lambda i: (i[1].entry.number, i[0][1]))
        for held_key, order in held:
            if held_key not in self.waits_for_repair:
                self.hold(order, is_resend=True)
