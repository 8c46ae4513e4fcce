"""One mutation of the clean day for every class, flag and law, with what it must change.

A mutation does to a history what a defect of that name does, and says what the judgement then
must be: which intents change, how, and what else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bcsim.history.invariant import Invariant
from bcsim.history.profile import LIVE_TEST_LOG
from tests.mutation.day import MS, Day, S
from tests.mutation.judged import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.mutation.day import Row

AGAIN: Final = "E-again"
EXECUTION: Final = ("execute", "book", "confirm", "settle")


@dataclass(frozen=True)
class Mutation:
    """A defect and its consequences; the arguments are those of ``assert_judged``.

    Parameters
    ----------
    changes
        Verdict of each intent that is not as on the clean day.
    broken
        Laws and invariants that no longer hold.
    """

    mutate: Callable[[Day], Day]
    changes: Mapping[str, Verdict | None]
    outcome: str
    broken: tuple[str, ...] = ()
    services: Mapping[str, bool | None] = field(default_factory=dict)
    unknown: int = 0


def _stray(day: Day) -> Day:
    """An execution that nobody wished, with its other side."""
    ours: Row = {
        "kind": "execute", "time_ns": 20 * S, "vantage": "venue", "order_id": "X1",
        "exec_id": "E-X1", "instrument": "ABC", "side": "buy", "qty": 100, "price": 1_000,
    }  # fmt: skip
    return day.add(ours, {**ours, "order_id": None, "client_id": "market", "side": "sell"})


def _owed(intent: str, subject: str, reason: str) -> Callable[[Day], Day]:
    """A failure was seen while an order was open that had asked for something in one."""

    def mutate(day: Day) -> Day:
        (routed,) = day.find(intent, kind="route")
        cells = {"kind": "action", "subject": subject, "reason": reason}
        return day.copy(routed, 1 * MS, **cells)

    return mutate


def executed_again(day: Day, **cells: str) -> Day:
    """The execution of I000 happens once more, both sides of it, under another exec_id."""
    (ours,) = day.find("I000", kind="execute", vantage="venue")
    (other,) = day.find(exec_id=day.rows[ours]["exec_id"], client_id="market")
    day = day.copy(ours, 200 * MS, exec_id=AGAIN, **cells)
    return day.copy(other, 200 * MS, exec_id=AGAIN)


def _on_another_account(day: Day) -> Day:
    return day.alter(day.find("I000", kind="execute", vantage="venue"), account="A999")


def _without_second_fill(day: Day) -> Day:
    return day.drop(exec_id="E-O002-2")


def _forgotten(day: Day, intent: str, *kinds: str) -> Day:
    """Everything about the execution of an intent is gone, also the other side."""
    executions = {day.rows[i]["exec_id"] for i in day.find(intent, kind="execute")}
    return day.with_rows(
        row
        for row in day.rows
        if row.get("exec_id") not in executions
        and not (row.get("intent_id") == intent and row["kind"] in kinds)
    )


def _delayed(day: Day, intent: str, by_ns: int, *kinds: str) -> Day:
    """Events of an intent happen later, the market's side of its executions with them."""
    own = {row.get("exec_id") for row in day.rows if row.get("intent_id") == intent} - {None}

    def delay(row: Row) -> Row:
        mine = row.get("intent_id") == intent or row.get("exec_id") in own
        if mine and row["kind"] in kinds:
            return {**row, "time_ns": int(row["time_ns"] or 0) + by_ns}
        return row

    return day.map(delay)


def _late_by(day: Day, by_ns: int) -> Day:
    """I000 executes later, and its client allows 20 s."""
    day = _delayed(day, "I000", by_ns, *EXECUTION)
    return day.alter(day.find("I000", kind="intend"), deadline_ns=20 * S)


def _impatient(day: Day) -> Day:
    (submit,) = day.find("I000", kind="submit")
    return day.copy(submit, 5 * MS, kind="resend", attempt=1)


def _ended_otherwise(kind: str) -> Callable[[Day], Day]:
    """The order I005 or I004 ends in another way than it does on the clean day."""
    intent, before = ("I005", "cancel") if kind == "expire" else ("I004", "expire")
    return lambda day: day.alter(day.find(intent, kind=before), kind=kind)


def _at_first_try(day: Day) -> Day:
    """The second entry of I010 is all there is: no first one that timed out."""
    return day.drop("I010", order_id="O010")


def _denied(day: Day) -> Day:
    (told,) = day.find("I000", kind="acknowledge", vantage="client")
    return day.copy(told, 300 * MS, kind="cancel_reject", reason="unknown")


def _slipped(day: Day) -> Day:
    day = _delayed(day, "I000", 6 * S, *EXECUTION)
    return day.alter(day.find(exec_id="E-O000-1"), price=1_010)


def _named(kind: str) -> Callable[[Day], Day]:
    row: Row = {"kind": kind, "time_ns": 260 * S, "vantage": "plan", "subject": "x"}
    return lambda day: day.add({**row, "intent_id": "I000"})


def _contradicted(invariant: str) -> Callable[[Day], Day]:
    """The venue's report on I000 breaks an invariant, as the reader of its log says."""

    def mutate(day: Day) -> Day:
        (ours,) = day.find("I000", kind="execute", vantage="venue")
        return day.copy(ours, 0, kind="contradict", subject=invariant, reason="CumQty 9, not 8")

    return mutate


def _after_the_cancel(day: Day) -> Day:
    """I005 executes after its cancel, is booked and told as if nothing had been."""
    (cancel,) = day.find("I005", kind="cancel", vantage="venue")
    fill: dict[str, int | str | None] = {
        "kind": "execute",
        "exec_id": "E-late",
        "qty": 100,
        "price": 1_100,
    }
    market: dict[str, int | str | None] = {
        "client_id": "market",
        "intent_id": None,
        "order_id": None,
        "idem_key": None,
    }
    day = day.copy(cancel, 100 * MS, **fill)
    return day.copy(cancel, 100 * MS, **fill, **market, side="buy")


def _one_id_for_two(day: Day) -> Day:
    return day.alter(day.find("I012", exec_id="E-O012-1"), exec_id="E-O000-1")


MUTATIONS: Final[dict[str, Mutation]] = {
    "phantom": Mutation(_stray, {"X1": verdict("phantom")}, "fail"),
    "duplicated": Mutation(
        lambda day: executed_again(day, order_id="O000b", idem_key="K000b"),
        {"I000": verdict("duplicated")},
        "fail",
    ),
    "corrupted": Mutation(_on_another_account, {"I000": verdict("corrupted")}, "fail"),
    "partial": Mutation(_without_second_fill, {"I002": verdict("partial")}, "fail"),
    "lost": Mutation(
        lambda day: _forgotten(day, "I144"),
        {"I144": verdict("lost")},
        "fail",
        services={"securities": False},
    ),
    "stranded": Mutation(
        lambda day: _forgotten(day, "I000", "acknowledge", "control_pass", "route"),
        {"I000": verdict("stranded")},
        "fail",
    ),
    "unconfirmed": Mutation(
        lambda day: day.drop("I000", kind="confirm"), {"I000": verdict("unconfirmed")}, "fail"
    ),
    "late": Mutation(
        lambda day: _delayed(day, "I000", 6 * S, *EXECUTION), {"I000": verdict("late")}, "late only"
    ),
    "recovered": Mutation(_impatient, {"I000": verdict("recovered")}, "pass"),
    "rejected": Mutation(_ended_otherwise("reject"), {"I004": verdict("rejected")}, "pass"),
    "cancelled": Mutation(_ended_otherwise("cancel"), {"I004": verdict("cancelled")}, "pass"),
    "expired": Mutation(_ended_otherwise("expire"), {"I005": verdict("expired")}, "pass"),
    "ok": Mutation(_at_first_try, {"I010": verdict("ok")}, "pass"),
    "indeterminate": Mutation(
        _contradicted("executed total"),
        {"I000": verdict("indeterminate", "contradicted")},
        "unknown",
        ("executed total",),
        services={"securities": None},
        unknown=2,  # of the order, and of the service that acknowledged it
    ),
    "overtaken": Mutation(
        lambda day: _late_by(day, 8_500 * MS), {"I000": verdict("ok", "overtaken")}, "pass"
    ),
    "ack_regressed": Mutation(_denied, {"I000": verdict("ok", "ack_regressed")}, "pass"),
    "control_bypassed": Mutation(
        lambda day: day.alter(day.find("I000", subject="limits"), kind="control_skip"),
        {"I000": verdict("ok", "control_bypassed")},
        "pass",
    ),
    "unsuitable": Mutation(
        lambda day: day.alter(day.find("I000", subject="suitability"), kind="control_fail"),
        {"I000": verdict("ok", "control_bypassed", "unsuitable")},
        "pass",
    ),
    "slipped": Mutation(_slipped, {"I000": verdict("late", "slipped")}, "late only"),
    "exposed": Mutation(_named("expose"), {"I000": verdict("ok", "exposed")}, "pass"),
    "repaired": Mutation(_named("repair"), {"I000": verdict("ok", "repaired")}, "pass"),
    "refused": Mutation(
        lambda day: day.alter(day.find("I003", kind="reject"), cause="dc-loss"),
        {"I003": verdict("rejected", "refused")},
        "pass",
    ),
    "contradicted": Mutation(
        _contradicted("average price"),
        {"I000": verdict("ok", "contradicted")},
        "pass",
        ("average price",),
    ),
    "quantity": Mutation(executed_again, {"I000": verdict("duplicated")}, "fail", ("quantity",)),
    "trades": Mutation(
        lambda day: day.drop(exec_id="E-O000-1", client_id="market"), {}, "fail", ("trades",)
    ),
    "cash": Mutation(
        lambda day: day.alter(day.find("I000", leg=2), amount=99_000), {}, "fail", ("cash",)
    ),
    "exec ids": Mutation(_one_id_for_two, {}, "fail", ("exec ids",)),
    "cancel-on-disconnect": Mutation(
        lambda day: day.alter(day.find("I005", kind="cancel"), cause="disconnect").with_profile(
            kind=LIVE_TEST_LOG
        ),
        {},
        "fail",
        ("cancel-on-disconnect",),
    ),
    "cancel-on-failure": Mutation(
        _owed("I000", "to be cancelled", "ExecInst Q, system failure"),
        {},
        "fail",
        ("cancel-on-failure",),
    ),
    "reinstate-on-failure": Mutation(
        lambda day: _owed("I005", "to be reinstated", "ExecInst J, trading halt")(
            day.alter(day.find("I005", kind="cancel"), cause="trading halt")
        ),
        {},
        "fail",
        ("reinstate-on-failure",),
    ),
    "final ends": Mutation(
        _after_the_cancel, {"I005": verdict("partial")}, "fail", ("quantity", "final ends")
    ),
} | {
    invariant.value: Mutation(
        _contradicted(invariant.value),
        {"I000": verdict("indeterminate" if invariant.leaves_doubt else "ok", "contradicted")},
        "unknown" if invariant.leaves_doubt else "pass",
        (invariant.value,),
        services={"securities": None} if invariant.leaves_doubt else {},
        unknown=2 * invariant.leaves_doubt,
    )
    for invariant in Invariant
}
"""A mutation by the name of the class, flag, law or invariant that it brings about."""
