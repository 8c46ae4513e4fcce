"""The scribe: writes down what happens, and keeps what reconciliations ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bcsim.engine.watch import Watches

if TYPE_CHECKING:
    from bcsim.engine.reference.clock import Clock
    from bcsim.engine.reference.holder import Holder
    from bcsim.engine.reference.message import (
        Answer,
        Entry,
        Intent,
        Report,
        Request,
        Task,
        Terms,
    )
    from bcsim.engine.reference.station import Station
    from bcsim.history.recorder import Recorder


class Execution(NamedTuple):
    """An execution of a part of an order: parts are numbered from 1 through all venues."""

    exec_id: str
    venue: str
    part: int
    qty: int
    price: int
    time_ns: int


class Scribe:
    """Turns what the parts of a run tell into rows of the history."""

    def __init__(
        self, recorder: Recorder, clock: Clock, watches: Watches, *, is_full_trace: bool
    ) -> None:
        self._recorder = recorder
        self._clock = clock
        self._watches = watches
        self._is_full_trace = is_full_trace
        self.executions: dict[str, list[Execution]] = {}
        """Executions of each order, at all venues."""
        self.booked: set[tuple[str, int, int]] = set()
        """What was booked: execution, number of the step, leg."""
        self.busted: set[str] = set()

    def stop_watching(self) -> None:
        """What is written from now on tells of the run's own end, and gives no signal."""
        self._watches = Watches()

    def emit(
        self,
        kind: str,
        vantage: str,
        entry: Entry | None,
        terms: Terms | None,
        **fields: Any,  # noqa: ANN401 - columns of the history
    ) -> None:
        """Record one event; the order's own columns are filled in."""
        now = self._clock.now
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
        self._watches.see(kind, row.get("component"), now)

    def _note(self, kind: str, row: dict[str, Any]) -> None:
        """Keep what reconciliations ask about executions and bookings."""
        if kind == "execute" and row.get("amount") is not None:
            executions = self.executions.setdefault(row["order_id"], [])
            part = len(executions) + 1
            executions.append(
                Execution(
                    row["exec_id"],
                    row["component"],
                    part,
                    row["qty"],
                    row["price"],
                    self._clock.now,
                )
            )
        elif kind == "book" and row.get("exec_id") is not None:
            self.booked.add((row["exec_id"], row["step"], row["leg"]))
        elif kind == "bust":
            self.busted.add(row["exec_id"])

    def intent(self, intent: Intent) -> None:
        """Record a wish."""
        terms = intent.terms
        self._recorder.emit(
            "intend",
            self._clock.now,
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
        self._watches.see("intend", None, self._clock.now)

    def sending(self, request: Request) -> None:
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
        self.detail("send", holder, task, request.attempt)

    def detail(self, kind: str, who: Holder | Station, task: Task, attempt: int) -> None:
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

    def orphan(self, who: Holder, answer: Answer) -> None:
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

    def orphan_report(self, who: Holder, report: Report) -> None:
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

    def report(self, who: Holder, report: Report) -> None:
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
