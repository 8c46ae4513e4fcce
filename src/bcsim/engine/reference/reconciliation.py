"""Reconciliation: compare what two components know, and have a team repair what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.link import Direction
from bcsim.engine.reference.store import Held
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.message import Entry
    from bcsim.engine.reference.scribe import Execution
    from bcsim.engine.reference.store import Fact
    from bcsim.engine.reference.world import World
    from bcsim.model.reconciliation import Reconciliation

_REPAIRS = ("re-enter", "correct", "book", "bust", "report")
"""Ways to mend a mismatch; each has draws of its own."""


class Reconciliations:
    """All reconciliations of the run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._dealt_with: set[tuple[str, str, str]] = set()

    def schedule(self) -> None:
        """Have every reconciliation run at its times of day."""
        for number, (name, spec) in enumerate(self.world.firm.reconciliations.items()):
            for clock_ns in spec.at:
                time_ns = self.world.blueprint.moments.of_clock(clock_ns)
                if time_ns >= self.world.clock.now:
                    place = key(Turn.SCHEDULE, number, mark=Mark.OTHER)
                    self.world.clock.at(time_ns, place, lambda n=name: self.run(n))  # type: ignore[misc]

    def run(self, name: str) -> None:
        """Compare now; nothing is compared while one side does not work."""
        spec = self.world.firm.reconciliations[name]
        left, right = self.world.stations[spec.left], self.world.stations[spec.right]
        if not (left.works() and right.works()):
            return
        oldest = self.world.clock.now - spec.grace
        for order_id, fact in left.primary.memory.facts.items():
            if fact.time_ns >= oldest:
                continue
            other = right.primary.memory.facts.get(order_id)
            if other is None and not fact.is_closed:
                self._missing(name, spec, fact)
            elif other is not None and other.terms != fact.terms:
                self._differing(name, spec, other)
        self._unbooked_or_excess(name, spec, oldest)

    def _missing(self, name: str, spec: Reconciliation, fact: Fact) -> None:
        """Left knows an order that right does not."""
        if spec.missing == "book":
            return
        if spec.missing == "re-enter" and not self._can_re_enter(spec, fact):
            return
        self._repair(
            name,
            spec,
            fact.entry,
            f"{spec.right} does not know the order",
            spec.missing,
            lambda: self._re_enter(spec, fact),
        )

    def _can_re_enter(self, spec: Reconciliation, fact: Fact) -> bool:
        """Whether left could send the order on: it holds it no longer, and steps are left.

        Behind the execution there are fills, not orders: what is missing there is booked.
        """
        following = fact.entry.route.next_after(fact.last_step)
        is_held = (fact.entry.order_id, 0) in self.world.stations[spec.left].primary.memory.held
        return following is not None and not following.after_execution and not is_held

    def _re_enter(self, spec: Reconciliation, fact: Fact) -> None:
        """Have the left component send the order on, with the same key."""
        instance = self.world.stations[spec.left].primary
        following = fact.entry.route.next_after(fact.last_step)
        if following is None or not self._can_re_enter(spec, fact):
            return
        instance.custody.hold(
            Held(
                fact.entry,
                0,
                following.number,
                fact.terms,
                fact.terms.qty,
                None,
                None,
                at_venue=False,
            ),
            is_resend=True,
        )

    def _differing(self, name: str, spec: Reconciliation, other: Fact) -> None:
        """Both know the order, with different terms."""
        self._repair(
            name,
            spec,
            other.entry,
            "terms differ",
            spec.differing,
            lambda: self._correct(spec, other.entry),
        )

    def _correct(self, spec: Reconciliation, entry: Entry) -> None:
        """Correct each execution of the order to the terms that the left side knows."""
        fact = self.world.stations[spec.left].primary.memory.facts.get(entry.order_id)
        if fact is None:
            return
        for done in self.world.scribe.executions.get(entry.order_id, ()):
            if spec.right in self.world.venues and done.venue != spec.right:
                continue
            row = {
                "exec_id": done.exec_id,
                "ref": done.exec_id,
                "qty": done.qty,
                "price": done.price,
            }
            vantage = self.world.stations[spec.right].vantage
            self.world.scribe.emit(
                "correct", vantage, entry, fact.terms, component=spec.right, actor=spec.team, **row
            )
            told = {**row, "terms": fact.terms}
            self._tell(spec, entry, "correct", Direction.CORRECTION, told)
        self.world.stations[spec.right].primary.record(entry, fact.terms, 0)

    def _unbooked_or_excess(self, name: str, spec: Reconciliation, oldest: int) -> None:
        """Executions that are not booked, or that go beyond what was ordered."""
        for order_id, executed in list(self.world.scribe.executions.items()):
            entry = self.world.clients.holders[order_id].entry
            if spec.right in self.world.venues:
                self._excess(name, spec, entry, oldest)
            if spec.missing != "book" or spec.left not in self.world.venues:
                continue
            for done in executed:
                is_due = done.venue == spec.left and done.time_ns < oldest
                if not is_due or self._is_booked(entry, done):
                    continue
                self._repair(
                    name,
                    spec,
                    entry,
                    f"execution {done.exec_id} is not booked",
                    "book",
                    lambda e=entry, d=done: self._book(spec, e, d),  # type: ignore[misc]
                    subject_id=done.exec_id,
                    part=done.part,
                )

    def _is_booked(self, entry: Entry, done: Execution) -> bool:
        """Whether a booking step has entered an execution on all of its legs."""
        booked = self.world.scribe.booked
        return any(
            all((done.exec_id, stage.number, leg) in booked for leg in range(stage.leg_count))
            for stage in entry.route.stages
            if stage.step.role == "book"
        )

    def _excess(self, name: str, spec: Reconciliation, entry: Entry, oldest: int) -> None:
        """Executed beyond the order: the newest executions are undone.

        An order and a client's re-entry of it have different keys; that they are one wish, no
        comparison of two stores can see.
        """
        standing = [
            done
            for done in self.world.scribe.executions[entry.order_id]
            if done.venue == spec.right
            and done.exec_id not in self.world.scribe.busted
            and done.time_ns < oldest
        ]
        excess = sum(done.qty for done in standing) - entry.intent.terms.qty
        for done in reversed(standing):
            if not 0 < done.qty <= excess:
                continue
            excess -= done.qty
            self._repair(
                name,
                spec,
                entry,
                f"{done.exec_id} goes beyond the order",
                spec.excess,
                lambda d=done: self._bust(spec, entry, d),  # type: ignore[misc]
                subject_id=done.exec_id,
                part=done.part,
            )

    def _bust(self, spec: Reconciliation, entry: Entry, done: Execution) -> None:
        """Undo an execution at the venue, unless that is done already, and tell the client."""
        if done.exec_id in self.world.scribe.busted:
            return
        row = {"exec_id": done.exec_id, "ref": done.exec_id, "qty": done.qty}
        vantage = self.world.stations[spec.right].vantage
        self.world.scribe.emit(
            "bust", vantage, entry, None, component=spec.right, actor=spec.team, **row
        )
        self._tell(spec, entry, "bust", Direction.BUST, row)

    def _tell(
        self,
        spec: Reconciliation,
        entry: Entry,
        kind: str,
        direction: Direction,
        row: dict[str, Any],
    ) -> None:
        """Tell the client what the repair has changed."""
        self.world.clients.tell(entry, kind, spec.right, direction, part=0, attempt=0, **row)

    def _book(self, spec: Reconciliation, entry: Entry, done: Execution) -> None:
        """Have the fill booked, and everything after it done."""
        following = entry.route.next_after(entry.route.execute)
        while following is not None and following.step.component != spec.right:
            following = entry.route.next_after(following.number)
        if following is None or self._is_booked(entry, done):
            return
        fact = self.world.stations[spec.left].primary.memory.facts.get(entry.order_id)
        terms = fact.terms if fact is not None else entry.intent.terms
        self.world.stations[spec.right].primary.custody.hold(
            Held(
                entry,
                done.part,
                following.number,
                terms,
                done.qty,
                done.price,
                done.exec_id,
                at_venue=False,
            ),
            is_resend=True,
        )

    def _repair(  # noqa: PLR0913 - one mismatch and its repair
        self,
        name: str,
        spec: Reconciliation,
        entry: Entry,
        reason: str,
        how: str,
        mend: Callable[[], None],
        *,
        subject_id: str = "",
        part: int = 0,
    ) -> None:
        """Record a mismatch once; unless it is only reported, put its repair in a queue."""
        dealt = (name, entry.order_id, subject_id or how)
        if dealt in self._dealt_with:
            return
        self._dealt_with.add(dealt)
        row = {"component": spec.right, "subject": name, "reason": reason}
        self.world.scribe.emit("reconcile", "reconciliation", entry, None, actor=spec.team, **row)
        if how == "report":
            return
        luck = self.world.streams.at("repair_work", entry.stream_entity)
        draw = address(step=_REPAIRS.index(how), attempt=part)

        def finish() -> None:
            self.world.scribe.emit(
                "repair",
                self.world.stations[spec.team].vantage,
                entry,
                None,
                actor=spec.team,
                subject=how,
                component=spec.right,
                ref=name,
            )
            mend()

        self.world.desks.work(
            spec.team,
            entry.intent.segment.priority,
            entry.number,
            lambda: luck.sample_ns(spec.work, entry.intent.index, draw),
            finish,
            entry,
        )
