"""A clean business day as rows, to be spoiled in one place at a time.

``clean_day()`` writes what a firm without a fault records of 240 intents: twelve kinds of
orders on three channels, seen from eight vantage points. ``Day`` finds, drops, alters and adds
rows; ``history_of`` makes a history of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from bcsim.history.profile import (
    Coverage,
    CutOff,
    Obligation,
    Profile,
    ServiceTolerance,
    Session,
)
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bcsim.history.history import History

Row: TypeAlias = dict[str, int | str | None]

MS = 1_000_000
S = 1_000 * MS

INTENTS = 240
KINDS = 12
END_NS = 300 * S
VANTAGES = ("client", "oms", "risk", "gateway", "venue", "ledger", "clearing", "plan")

PROFILE = Profile(
    intents_recorded=True,
    coverage=tuple(Coverage(vantage) for vantage in VANTAGES),
    sessions=(Session("day", 0, 250 * S),),
    cut_offs=(CutOff("XYZ", 100 * S + 900 * MS),),
    priority_classes=("vip", "retail"),
    obligations=(
        Obligation("acknowledge", within_ns=1 * S),
        Obligation("execute", "phone", within_ns=30 * S),
        Obligation("confirm", within_ns=2 * S),
        Obligation("book", "app", within_ns=2 * S),
        Obligation("book", "phone", within_ns=2 * S),
        Obligation("settle", "app", "retail", within_ns=5 * S),
    ),
    controls=("limits", "suitability@app"),
    numbered_kinds=("contradict",),  # its reports were compared, and agree
    drain="heal",
    drain_from_ns=245 * S,
    drain_to_ns=END_NS,
    within_plan=True,
    services=(
        ServiceTolerance(
            "securities",
            ("app", "phone"),
            rto_ns=30 * S,
            rpo_ns=0,
            mtpd_ns=60 * S,
            mbco=0.5,
            bucket_ns=10 * S,
            acknowledge_ns=1 * S,
        ),
        ServiceTolerance("payments", ("bank",), rto_ns=60 * S, bucket_ns=30 * S),
    ),
    source="clean day",
)


@dataclass(frozen=True, slots=True)
class Day:
    """Rows of a day with its profile; every change gives a new day."""

    rows: tuple[Row, ...]
    profile: Profile = PROFILE

    def find(self, intent: str | None = None, **cells: int | str | None) -> list[int]:
        """Indices of the rows of an intent that have some cells, in order of time."""
        wanted = cells if intent is None else {"intent_id": intent, **cells}
        found = [
            i
            for i, row in enumerate(self.rows)
            if all(row.get(name) == value for name, value in wanted.items())
        ]
        assert found, f"no row has {wanted}"
        return sorted(found, key=lambda i: self.rows[i]["time_ns"])  # type: ignore[arg-type, return-value]

    def drop(self, intent: str | None = None, **cells: int | str | None) -> Day:
        """Without the rows of an intent that have some cells."""
        dropped = set(self.find(intent, **cells))
        return self.with_rows(row for i, row in enumerate(self.rows) if i not in dropped)

    def alter(self, found: Iterable[int], **cells: int | str | None) -> Day:
        """With some cells of some rows replaced."""
        chosen = set(found)
        return self.with_rows(
            {**row, **cells} if i in chosen else row for i, row in enumerate(self.rows)
        )

    def add(self, *rows: Row) -> Day:
        """With further rows."""
        return self.with_rows((*self.rows, *rows))

    def copy(self, index: int, after_ns: int, **cells: int | str | None) -> Day:
        """With a row once more, later, and some cells replaced."""
        row = self.rows[index]
        return self.add({**row, "time_ns": int(row["time_ns"] or 0) + after_ns, **cells})

    def map(self, change: Callable[[Row], Row]) -> Day:
        """With every row changed."""
        return self.with_rows(change(row) for row in self.rows)

    def with_rows(self, rows: Iterable[Row]) -> Day:
        """With other rows and the same profile."""
        return replace(self, rows=tuple(rows))

    def with_profile(self, **changes: object) -> Day:
        """With the same rows and another profile."""
        return replace(self, profile=replace(self.profile, **changes))  # type: ignore[arg-type]

    def history(self) -> History:
        """Make the history of this day."""
        return history_of(self.rows, self.profile)


def history_of(rows: Iterable[Row], profile: Profile) -> History:
    """Record rows in order of time; rows of one moment keep their order."""
    recorder = MemoryRecorder(profile, Trace(profile.trace))
    for row in sorted(rows, key=lambda row: row["time_ns"]):  # type: ignore[arg-type, return-value]
        recorder.emit(**row)  # type: ignore[arg-type]
    return recorder.history()


# -- the clean day ---------------------------------------------------------------------------


def intent_of(number: int) -> str:
    """Id of an intent."""
    return f"I{number:03d}"


def clean_day() -> Day:
    """Write the whole day: orders one second apart, and a fault that harms nobody."""
    rows = [row for number in range(INTENTS) for row in _rows(number)]
    return Day((*rows, *_disruption()))


def expected_classes() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Class and flags of every intent of the clean day."""
    classes = {3: "rejected", 4: "expired", 5: "cancelled", 9: "cancelled", 10: "recovered"}
    return {intent_of(n): (classes.get(n % KINDS, "ok"), ()) for n in range(INTENTS)}


class _Order:
    """Writes the rows of one order; ``at`` milliseconds count from the wish."""

    def __init__(self, number: int, **terms: int | str | None) -> None:
        self.intent = intent_of(number)
        self.wish_ns = number * S
        self.order = f"O{number:03d}"
        self.key = f"K{number:03d}"
        self.terms: Row = {
            "client_id": f"C{number % 50}",
            "segment": ("retail", "vip")[number % 2],
            "account": f"A{number % 50}",
            "priority": (number + 1) % 2,
            **terms,
        }

    def row(self, at: float, vantage: str, kind: str, **cells: int | str | None) -> Row:
        """One row of the order."""
        row: Row = {
            "kind": kind,
            "time_ns": self.wish_ns + int(at * MS),
            "vantage": vantage,
            "intent_id": self.intent,
            "order_id": self.order,
            "idem_key": self.key,
            **self.terms,
            **cells,
        }
        return {name: value for name, value in row.items() if value is not None}

    def wished(self, deadline_ms: int | None = None) -> Row:
        """The wish; it has no order yet."""
        due_ns = None if deadline_ms is None else self.wish_ns + deadline_ms * MS
        return self.row(0, "client", "intend", order_id=None, idem_key=None, deadline_ns=due_ns)

    def accepted(self) -> Iterator[Row]:
        """From entry to acknowledgement, controls passed."""
        yield self.row(1, "client", "submit")
        yield self.row(10, "risk", "control_pass", subject="limits")
        if self.terms["channel"] == "app":
            yield self.row(12, "risk", "control_pass", subject="suitability")
        yield self.row(20, "oms", "acknowledge")
        yield self.row(30, "client", "acknowledge", subject=self.terms["channel"])
        yield self.row(40, "gateway", "route", attempt=0)

    def executed(
        self, at: float, name: str, qty: int, price: int, **cells: str | int
    ) -> Iterator[Row]:
        """One fill: executed, reported, booked, confirmed and settled."""
        fill: Row = {"exec_id": f"E-{self.order}-{name}", "qty": qty, "price": price, **cells}
        buys = self.terms["side"] == "buy"
        yield self.row(at, "venue", "execute", **fill)
        yield _other_side(self.row(at, "venue", "execute", **fill), "sell" if buys else "buy")
        yield self.row(at + 5, "oms", "execute", **fill)
        yield self.row(at + 20, "ledger", "book", **fill, leg=0)
        cash: Row = {**fill, "amount": qty * price}
        yield self.row(at + 20, "ledger", "book", **{**cash, "leg": 1, "side": "debit"})
        yield self.row(
            at + 20, "ledger", "book", **{**cash, "leg": 2, "side": "credit", "account": "HOUSE"}
        )
        yield self.row(at + 40, "client", "confirm", **fill)
        yield self.row(at + 400, "clearing", "settle", **fill)


def _other_side(row: Row, side: str) -> Row:
    """The market's side of an execution, as the venue reports it."""
    kept = ("kind", "time_ns", "vantage", "exec_id", "instrument", "qty", "price")
    return {**{name: row[name] for name in kept}, "client_id": "market", "side": side}


def _rows(number: int) -> list[Row]:
    kind = number % KINDS
    writers = {
        0: _market, 1: _market, 2: _partial_fills, 3: _refused_by_control, 4: _expired,
        5: _cancelled, 6: _payment, 7: _resent, 8: _retransmitted, 9: _cancelled_rest,
        10: _recovered, 11: _replaced,
    }  # fmt: skip
    return list(writers[kind](number))


def _security(number: int, **terms: int | str | None) -> _Order:
    cells: dict[str, int | str | None] = {
        "channel": ("app", "phone")[number % 2],
        "instrument": ("ABC", "XYZ")[number // KINDS % 2],
        "side": ("buy", "sell")[number // 2 % 2],
        "ord_type": "market",
        "qty": 100,
    }
    return _Order(number, **{**cells, **terms})


def _market(number: int) -> Iterator[Row]:
    order = _security(number)
    yield order.wished(5_000)
    yield from order.accepted()
    yield from order.executed(60, "1", 100, 1_000)


def _partial_fills(number: int) -> Iterator[Row]:
    order = _security(number, ord_type="limit", price=1_000, side="buy")
    yield order.wished()
    yield from order.accepted()
    yield from order.executed(60, "1", 60, 990)
    yield from order.executed(260, "2", 40, 1_000)


def _refused_by_control(number: int) -> Iterator[Row]:
    order = _security(number)
    yield order.wished(5_000)
    yield order.row(1, "client", "submit")
    yield order.row(10, "risk", "control_fail", subject="limits")
    yield order.row(20, "oms", "reject", reason="control:limits")
    yield order.row(30, "client", "reject", reason="control:limits")


def _expired(number: int) -> Iterator[Row]:
    order = _security(number, ord_type="limit", price=900, side="buy")
    yield order.wished()
    yield from order.accepted()
    yield order.row(6_000, "venue", "expire")
    yield order.row(6_020, "oms", "expire")
    yield order.row(6_040, "client", "expire")


def _cancelled(number: int) -> Iterator[Row]:
    order = _security(number, ord_type="limit", price=1_100, side="sell")
    yield order.wished()
    yield from order.accepted()
    yield order.row(800, "client", "cancel_request")
    yield order.row(840, "venue", "cancel")
    yield order.row(880, "client", "cancel")


def _payment(number: int) -> Iterator[Row]:
    order = _Order(
        number, channel="bank", instrument="THB", ord_type="payment", side="debit",
        amount=50_000, account=f"P{number}",
    )  # fmt: skip
    yield order.wished(10_000)
    yield order.row(1, "client", "submit")
    yield order.row(10, "risk", "control_pass", subject="limits")
    yield order.row(20, "oms", "acknowledge")
    yield order.row(30, "client", "acknowledge")
    payee: Row = {"side": "credit", "account": f"Q{number}"}
    for leg, terms in enumerate(({}, payee)):
        fill: Row = {"exec_id": f"E-{order.order}-{leg}", "leg": leg, **terms}
        yield order.row(60 + leg, "ledger", "execute", **fill)
        yield order.row(80 + leg, "ledger", "book", **fill)
        yield order.row(100 + leg, "client", "confirm", **fill)


def _resent(number: int) -> Iterator[Row]:
    """The gateway transmits the order twice; the venue recognises it."""
    yield from _market(number)
    order = _security(number)
    yield order.row(45, "gateway", "resend", attempt=1)


def _retransmitted(number: int) -> Iterator[Row]:
    """The venue reports the execution twice, and so does the client's confirmation."""
    yield from _market(number)
    fill: Row = {"exec_id": f"E-O{number:03d}-1", "qty": 100, "price": 1_000}
    order = _security(number)
    yield order.row(160, "venue", "execute", **fill)
    yield order.row(165, "oms", "execute", **fill)
    yield order.row(170, "client", "confirm", **fill)


def _cancelled_rest(number: int) -> Iterator[Row]:
    order = _security(number, ord_type="limit", price=1_010, side="buy")
    yield order.wished()
    yield from order.accepted()
    yield from order.executed(60, "1", 30, 1_005)
    yield order.row(700, "client", "cancel_request")
    yield order.row(740, "venue", "cancel")
    yield order.row(780, "client", "cancel")


def _recovered(number: int) -> Iterator[Row]:
    """The first entry times out before it arrives; the second, on the phone, executes."""
    order = _security(number)
    yield order.wished(5_000)
    yield order.row(1, "client", "submit")
    yield order.row(400, "client", "reject", reason="timeout")
    order.order, order.key = f"O{number:03d}b", f"K{number:03d}b"
    again = {"parent_id": f"O{number:03d}", "channel": "phone"}
    for row in (*order.accepted(), *order.executed(60, "1", 100, 1_000)):
        if row.get("client_id") == "market":
            yield {**row, "time_ns": int(row["time_ns"] or 0) + 500 * MS}
        else:
            yield {**row, **again, "time_ns": int(row["time_ns"] or 0) + 500 * MS}


def _replaced(number: int) -> Iterator[Row]:
    order = _security(number, ord_type="limit", price=1_000, side="buy")
    yield order.wished()
    yield from order.accepted()
    yield order.row(300, "client", "replace_request", qty=70, price=1_020)
    yield order.row(340, "venue", "replace", qty=70, price=1_020)
    yield order.row(380, "client", "replace", qty=70, price=1_020)
    yield from order.executed(500, "1", 70, 1_015)


def _disruption() -> Iterator[Row]:
    """A link flaps and nobody notices; what two orders asked for in a failure is done."""
    for at_s, kind, vantage in (
        (150, "fault_on", "infrastructure"),
        (152, "detect", "plan"),
        (153, "declare", "plan"),
        (155, "fault_off", "infrastructure"),
    ):
        yield {
            "kind": kind,
            "time_ns": at_s * S + 500 * MS,
            "vantage": vantage,
            "component": "link-7",
            "cause": "flap",
        }
    for number, subject in ((233, "to be cancelled"), (228, "to be reinstated")):
        yield {
            "kind": "action",
            "time_ns": 240 * S,
            "vantage": "gateway",
            "intent_id": intent_of(number),
            "order_id": f"O{number:03d}",
            "subject": subject,
        }
