"""The venue: resting orders, executions, and the reports that the holder is sent.

A market order executes at the price of its execution time. A limit order is tested on arrival
and at each point of the price grid, in order of arrival; it occupies no server. What is left at
the end of the product's last session expires. Reports wait here until the holder's session
receives them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bcsim.engine.blueprint import product_close
from bcsim.engine.reference import effect
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.reference.link import Direction, Passage
from bcsim.engine.reference.message import Reply, Report
from bcsim.limits import COMPONENTS_MAX
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Entry, Request, Terms
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.world import World


@dataclass(slots=True, eq=False)
class Resting:
    """An accepted order with what is still to be executed.

    ``number`` is that of its arrival; ``holder`` names who is sent its reports, and which
    instance of it.
    """

    number: int
    entry: Entry
    terms: Terms
    holder: tuple[str, int]
    attempt: int
    parts: list[int]
    instrument_index: int
    close_ns: int
    next_ns: int = 0
    """Earliest time of the next fill."""
    turn: int = 0
    unreceived: deque[Report] = field(default_factory=deque)
    """Its reports that the holder has not received yet, in the order in which they arose."""
    arrival_ns: int = -1
    """When the last of its reports under way arrives: a session delivers in order."""


@dataclass(slots=True)
class Venue:
    """What a component does with orders that it executes."""

    world: World
    station: Station
    resting: dict[int, Resting] = field(default_factory=dict)
    is_halted: bool = False
    outbox: list[tuple[Resting, Report]] = field(default_factory=list)
    _accepted_count: int = 0
    _report_count: int = 0
    _owed: list[Callable[[], None]] = field(default_factory=list)
    """What is to be done with resting orders once the venue works again."""

    # -- orders ----------------------------------------------------------------------------

    def accept(self, instance: Instance, request: Request, terms: Terms) -> effect.Result:
        """Take an order: execute it now or when its price and session allow."""
        task = request.task
        entry, stage = task.entry, task.stage
        instrument = list(entry.intent.product.instruments).index(terms.instrument)
        close = product_close(entry.intent.product, self.world.blueprint.moments.midnight)
        now = self.world.clock.now
        # A batch executes at its time, in or out of a session; but not beyond a limit.
        in_batch = stage.step.batch is not None and self._is_met(entry, terms, instrument, now)
        if not in_batch and now >= close:
            effect.reject(instance, entry, stage, "outside session", None)
            return effect.Result(Reply.REJECTED, terms, "outside session")
        instance.record(entry, terms, stage.number)
        order = Resting(
            self._accepted_count,
            entry,
            terms,
            (request.pursuit.holder.name, request.pursuit.holder.number),
            request.attempt,
            self._parts(entry, terms, request.attempt),
            instrument,
            close,
        )
        self._accepted_count += 1
        self.resting[order.number] = order
        if in_batch:
            while order.parts:
                self._execute(order)
            return effect.Result(Reply.DONE, terms)
        self.world.clock.at(close, self._place(order, Mark.EXPIRY), partial(self._expire, order))
        self._try(order)
        return effect.Result(Reply.DONE, terms)

    def _place(self, order: Resting, mark: Mark) -> int:
        """Orders have their turn in the order of their arrival at the venue."""
        return key(Turn.MARKET, order.number * COMPONENTS_MAX + self.station.index, mark=mark)

    def _parts(self, entry: Entry, terms: Terms, attempt: int) -> list[int]:
        """Quantities of the fills: one, or several about equal ones when it is split."""
        product = entry.intent.product
        luck = self.world.streams.at("fill", entry.stream_entity)
        draw = address(0, 0, attempt)
        is_split = luck.uniform(entry.intent.index, draw) < product.partial_fill
        count = min(product.fills, terms.qty) if is_split else 1
        share, rest = divmod(terms.qty, count)
        return [share + (1 if n < rest else 0) for n in range(count)]

    def _try(self, order: Resting) -> None:
        """Execute the next part if price and session allow, else wait for when they do."""
        if order.number not in self.resting or self.is_halted or not self.station.works():
            return
        now = self.world.clock.now
        due = self._next_chance(order, max(now, order.next_ns))
        if due is None:
            return
        if due > now:
            self._try_at(due, order, Mark.TOUCH)
            return
        self._execute(order)
        if order.parts:
            order.next_ns = now + self._gap_ns(order)
            self._try_at(order.next_ns, order, Mark.FILL)

    def _try_at(self, time_ns: int, order: Resting, mark: Mark) -> None:
        """Try again at a time, unless there is a reason to do so before."""
        order.turn += 1
        self.world.clock.at(
            time_ns, self._place(order, mark), partial(self._retry, order, order.turn)
        )

    def _retry(self, order: Resting, turn: int) -> None:
        if order.turn == turn:
            self._try(order)

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
            if self._is_met(order.entry, order.terms, order.instrument_index, start):
                return start
            touch = prices.first_touch(
                intent.product_id, order.instrument_index, start, limit=limit, is_buy=is_buy
            )
            if touch is not None and touch < close_ns:
                return touch
        return None

    def _is_met(self, entry: Entry, terms: Terms, instrument: int, time_ns: int) -> bool:
        """Whether the market's price at a time allows an execution."""
        if terms.price is None:
            return True
        price = self.world.blueprint.prices.price(entry.intent.product_id, instrument, time_ns)
        return price <= terms.price if terms.side == "buy" else price >= terms.price

    def _gap_ns(self, order: Resting) -> int:
        gap = order.entry.intent.product.fill_gap
        if gap is None:
            return 0
        luck = self.world.streams.at("fill", order.entry.stream_entity)
        draw = address(1, 0, order.attempt, len(order.parts))
        return luck.sample_ns(gap, order.entry.intent.index, draw)

    def _execute(self, order: Resting) -> None:
        """Execute the next part at the market's price, and report it.

        Fills are numbered through all venues, so that no two fills of an order are taken for
        one.
        """
        intent, entry = order.entry.intent, order.entry
        qty = order.parts.pop(0)
        count = len(self.world.scribe.executions.get(entry.order_id, ())) + 1
        now = self.world.clock.now
        price = self.world.blueprint.prices.price(intent.product_id, order.instrument_index, now)
        exec_id = f"{entry.order_id}/{self.station.name}/{count}"
        is_final = not order.parts
        if is_final:
            del self.resting[order.number]
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
            Report(
                self._next_report(),
                entry,
                "execute",
                count,
                order.terms,
                qty,
                price,
                exec_id,
                is_final,
            ),
        )

    # -- ends ------------------------------------------------------------------------------

    def _expire(self, order: Resting) -> None:
        self._when_open(partial(self._end, order, "expire", "end of session", None))

    def cancel(self, order_id: str, reason: str, cause: str | None) -> bool:
        """Take what rests of an order off the book; False if nothing rests."""
        found = [order for order in self.resting.values() if order.entry.order_id == order_id]
        for order in found:
            self._end(order, "cancel", reason, cause)
        return bool(found)

    def cancel_all(self, reason: str, cause: str | None, holder: str | None = None) -> None:
        """Cancel everything that rests, or what rests for one holder."""
        for order in list(self.resting.values()):
            if holder is None or order.holder[0] == holder:
                self._when_open(partial(self._end, order, "cancel", reason, cause))

    def _when_open(self, handler: Callable[[], None]) -> None:
        """Do something now, or when the venue works again."""
        if self.station.works():
            handler()
        else:
            self._owed.append(handler)

    def _end(self, order: Resting, kind: str, reason: str, cause: str | None) -> None:
        """Record that what is left of an order is over, and report it."""
        if self.resting.pop(order.number, None) is None:
            return
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
        number = self._next_report()
        self._report(
            order,
            Report(number, entry, kind, 0, order.terms, left, None, None, True, reason),  # noqa: FBT003
        )

    # -- reports ---------------------------------------------------------------------------

    def _next_report(self) -> int:
        self._report_count += 1
        return self._report_count

    def _report(self, order: Resting, report: Report) -> None:
        """Have the holder of an order told something new about it."""
        order.unreceived.append(report)
        self._send(order, report)

    def _send(self, order: Resting, report: Report) -> None:
        """Send a report, or keep it while the holder's session is down."""
        passage = Passage(
            report.entry,
            report.entry.route.execute,
            report.part % 16,
            report.part // 16,
            Direction.REPORT,
            Mark.REPORT,
        )
        holder, _ = order.holder
        arrival_ns = None
        if self.world.listens(holder):
            arrival_ns = self.world.links.carry(
                self.station.name,
                holder,
                passage,
                lambda: self._arrive(order, report),
                is_reliable=True,
                after_ns=order.arrival_ns,
            )
        if arrival_ns is None:
            self.outbox.append((order, report))
        else:
            order.arrival_ns = arrival_ns

    def _arrive(self, order: Resting, report: Report) -> None:
        """The holder receives a report, if its session is up and no earlier one is missing.

        Else the venue keeps it: until the session is up, or has delivered the missing one.
        """
        is_next = order.unreceived[0] is report
        if not (is_next and self.world.listens(order.holder[0])):
            self.outbox.append((order, report))
            return
        order.unreceived.popleft()
        self.world.take_report(order.holder, report)
        if order.unreceived and self.station.works():
            self._send_kept(lambda kept: kept is order)

    def reconnect(self) -> None:
        """Send again what could not be delivered."""
        if self.station.works():
            self._send_kept(lambda _order: True)

    def _send_kept(self, is_meant: Callable[[Resting], bool]) -> None:
        """Send the kept reports of some orders again, in the order in which they arose."""
        meant = [kept for kept in self.outbox if is_meant(kept[0])]
        if not meant:
            return
        self.outbox = [kept for kept in self.outbox if not is_meant(kept[0])]
        for order, report in sorted(meant, key=lambda kept: kept[1].number):
            self._send(order, report)

    # -- state changes ---------------------------------------------------------------------

    def crash(self) -> None:
        """Lose resting orders and undelivered reports if the store is volatile."""
        store = self.station.spec.store
        if store is None or store.kind == "volatile":
            self.resting.clear()
            for order, report in self.outbox:
                order.unreceived.remove(report)
            self.outbox.clear()

    def reopen(self) -> None:
        """Trade again after a halt, a hang or a crash: first end what is over."""
        if self.station.works():
            owed, self._owed = self._owed, []
            for handler in owed:
                handler()
        for order in list(self.resting.values()):
            self._try(order)
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
