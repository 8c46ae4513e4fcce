"""The venue: resting orders, executions, and the reports that the holder is sent.

A market order executes at the price of its execution time. A limit order is tested on arrival
and at each point of the price grid, in order of arrival; it occupies no server. What is left at
the end of the product's last session expires. Reports wait here until the holder's session
receives them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.engine.blueprint import product_close
from bcsim.engine.reference import effect
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.link import Direction, Passage
from bcsim.engine.reference.message import Reply, Report
from bcsim.streams import address

if TYPE_CHECKING:
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Entry, Request, Terms
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.world import World


@dataclass(slots=True, eq=False)
class Resting:
    """An accepted order with what is still to be executed."""

    entry: Entry
    terms: Terms
    holder: str
    attempt: int
    parts: list[int]
    instrument_index: int
    turn: int = 0


@dataclass(slots=True)
class Venue:
    """What a component does with orders that it executes."""

    world: World
    station: Station
    resting: dict[int, Resting] = field(default_factory=dict)
    is_halted: bool = False
    outbox: list[tuple[str, Report]] = field(default_factory=list)
    _accepted_count: int = 0
    _execution_counts: dict[str, int] = field(default_factory=dict)

    # -- orders ----------------------------------------------------------------------------

    def accept(self, instance: Instance, request: Request, terms: Terms) -> effect.Result:
        """Take an order: execute it now or when its price and session allow."""
        task = request.task
        entry, stage = task.entry, task.stage
        is_batch = stage.step.batch is not None
        close = product_close(entry.intent.product, self.world.blueprint.moments.midnight)
        now = self.world.clock.now
        if not is_batch and now >= close:
            effect.reject(instance, entry, stage, "outside session", None)
            return effect.Result(Reply.REJECTED, terms, "outside session")
        instance.record(entry, terms, stage.number)
        order = Resting(
            entry,
            terms,
            request.pursuit.holder.name,
            request.attempt,
            self._parts(entry, terms, request.attempt),
            self._instrument_index(entry, terms),
        )
        number = self._accepted_count
        self._accepted_count += 1
        self.resting[number] = order
        if is_batch:
            while order.parts:
                self._execute(number, order)
            return effect.Result(Reply.DONE, terms)
        place = key(Turn.MARKET, entry.number, stage.number, mark=Mark.EXPIRY)
        self.world.clock.at(close, place, lambda: self._expire(number))
        self._try(number)
        return effect.Result(Reply.DONE, terms)

    def _instrument_index(self, entry: Entry, terms: Terms) -> int:
        return list(entry.intent.product.instruments).index(terms.instrument)

    def _parts(self, entry: Entry, terms: Terms, attempt: int) -> list[int]:
        """Quantities of the fills: one, or several about equal ones when it is split."""
        product = entry.intent.product
        luck = self.world.streams.at("fill", entry.stream_entity)
        draw = address(0, 0, attempt)
        is_split = luck.uniform(entry.intent.index, draw) < product.partial_fill
        count = min(product.fills, terms.qty) if is_split else 1
        share, rest = divmod(terms.qty, count)
        return [share + (1 if n < rest else 0) for n in range(count)]

    def _try(self, number: int) -> None:
        """Execute the next part if price and session allow, else wait for when they do."""
        order = self.resting.get(number)
        if order is None or self.is_halted or not self.station.works():
            return
        now = self.world.clock.now
        due = self._next_chance(order, now)
        if due is None:
            return
        if due > now:
            order.turn += 1
            turn = order.turn
            place = key(Turn.MARKET, order.entry.number, number % 64, mark=Mark.TOUCH)
            self.world.clock.at(due, place, lambda: self._retry(number, turn))
            return
        self._execute(number, order)
        if not order.parts:
            return
        order.turn += 1
        turn = order.turn
        place = key(Turn.MARKET, order.entry.number, number % 64, mark=Mark.FILL)
        self.world.clock.at(now + self._gap_ns(order), place, lambda: self._retry(number, turn))

    def _retry(self, number: int, turn: int) -> None:
        order = self.resting.get(number)
        if order is not None and order.turn == turn:
            self._try(number)

    def _next_chance(self, order: Resting, now: int) -> int | None:
        """Earliest time from now on at which the order could execute, in an open session."""
        intent, limit = order.entry.intent, order.terms.price
        moments, prices = self.world.blueprint.moments, self.world.blueprint.prices
        is_buy = order.terms.side == "buy"
        for session in intent.product.sessions:
            open_ns, close_ns = moments.of_clock(session.open), moments.of_clock(session.close)
            start = max(now, open_ns)
            if start >= close_ns:
                continue
            if limit is None:
                return start
            price = prices.price(intent.product_id, order.instrument_index, start)
            if price <= limit if is_buy else price >= limit:
                return start
            touch = prices.first_touch(
                intent.product_id, order.instrument_index, start, limit=limit, is_buy=is_buy
            )
            if touch is not None and touch < close_ns:
                return touch
        return None

    def _gap_ns(self, order: Resting) -> int:
        gap = order.entry.intent.product.fill_gap
        if gap is None:
            return 0
        luck = self.world.streams.at("fill", order.entry.stream_entity)
        draw = address(1, 0, order.attempt, len(order.parts))
        return luck.sample_ns(gap, order.entry.intent.index, draw)

    def _execute(self, number: int, order: Resting) -> None:
        """Execute the next part at the market's price, and report it."""
        intent, entry = order.entry.intent, order.entry
        qty = order.parts.pop(0)
        count = self._execution_counts.get(entry.order_id, 0) + 1
        self._execution_counts[entry.order_id] = count
        now = self.world.clock.now
        price = self.world.blueprint.prices.price(intent.product_id, order.instrument_index, now)
        exec_id = f"{entry.order_id}/{self.station.name}/{count}"
        is_final = not order.parts
        if is_final:
            del self.resting[number]
        self.world.scribe.emit(
            "execute",
            self.station.vantage,
            entry,
            order.terms,
            qty=qty,
            price=price,
            amount=qty * price,
            exec_id=exec_id,
            component=self.station.name,
            step=entry.route.execute,
            attempt=order.attempt,
        )
        self._report(
            order,
            Report(entry, "execute", count, order.terms, qty, price, exec_id, is_final),
        )

    # -- ends ------------------------------------------------------------------------------

    def _expire(self, number: int) -> None:
        order = self.resting.pop(number, None)
        if order is not None:
            self._end(order, "expire", "end of session", None)

    def cancel(self, order_id: str, reason: str, cause: str | None) -> bool:
        """Take what rests of an order off the book; False if nothing rests."""
        found = [n for n, order in self.resting.items() if order.entry.order_id == order_id]
        for number in found:
            self._end(self.resting.pop(number), "cancel", reason, cause)
        return bool(found)

    def cancel_all(self, reason: str, cause: str | None, holder: str | None = None) -> None:
        """Cancel everything that rests, or what rests for one holder."""
        for number, order in list(self.resting.items()):
            if holder is None or order.holder == holder:
                self._end(self.resting.pop(number), "cancel", reason, cause)

    def _end(self, order: Resting, kind: str, reason: str, cause: str | None) -> None:
        """Record that what is left of an order is over, and report it."""
        order.turn += 1
        entry, left = order.entry, sum(order.parts)
        self.world.scribe.emit(
            kind,
            self.station.vantage,
            entry,
            order.terms,
            qty=left,
            component=self.station.name,
            reason=reason,
            cause=cause,
        )
        self._report(
            order,
            Report(entry, kind, 0, order.terms, left, None, None, is_final=True, reason=reason),
        )

    # -- reports ---------------------------------------------------------------------------

    def _report(self, order: Resting, report: Report) -> None:
        self._send(order.holder, report)

    def _send(self, holder: str, report: Report) -> None:
        """Send a report, or keep it while the holder's session is down."""
        station = self.world.stations[holder]
        passage = Passage(
            report.entry,
            report.entry.route.execute,
            report.part % 16,
            report.part // 16,
            Direction.REPORT,
            Mark.REPORT,
        )
        if not station.is_up or not self.world.links.carry(
            self.station.name,
            holder,
            passage,
            lambda: self._arrive(holder, report),
            is_reliable=True,
        ):
            self.outbox.append((holder, report))

    def _arrive(self, holder: str, report: Report) -> None:
        station = self.world.stations[holder]
        if station.is_up:
            station.when_awake(lambda: station.primary.custody.take_report(report))
        else:
            self.outbox.append((holder, report))

    def reconnect(self) -> None:
        """Send again what could not be delivered."""
        if self.station.is_up and self.outbox:
            waiting, self.outbox = self.outbox, []
            for holder, report in waiting:
                self._send(holder, report)

    # -- state changes ---------------------------------------------------------------------

    def crash(self) -> None:
        """Lose resting orders and undelivered reports if the store is volatile."""
        store = self.station.spec.store
        for order in self.resting.values():
            order.turn += 1
        if store is None or store.kind == "volatile":
            self.resting.clear()
            self.outbox.clear()

    def reopen(self) -> None:
        """Trade again after a halt, a hang or a crash."""
        for number in list(self.resting):
            self._try(number)
        self.reconnect()

    def halt(self, *, cancels: bool, cause: str | None) -> None:
        """Accept orders, execute none."""
        self.is_halted = True
        if cancels:
            self.cancel_all("trading halt", cause)

    def resume(self) -> None:
        """Execute again."""
        self.is_halted = False
        self.reopen()
