"""Redress: what was owed to clients for each order, and what they were paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.conduct.complaint_case import watched_to_ns
from bcsim.conduct.event import time_of
from bcsim.history.aftermath import Money
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event


@dataclass(frozen=True, slots=True)
class RedressEntry:
    """One order's redress: money in minor units, payments as time and amount in order.

    ``due_ns`` is when the debt arose; ``is_late`` whether it was not paid in full by its
    deadline, None where there is none or it has not come yet.
    """

    intent: str
    due: int
    due_ns: int
    payments: tuple[tuple[int, int], ...]
    is_late: bool | None

    @property
    def paid(self) -> int:
        """All payments together."""
        return sum(amount for _, amount in self.payments)


def redress_ledger(day: Day) -> tuple[RedressEntry, ...] | None:
    """Every order for which something was owed or paid; None where nobody has recorded it.

    A row that does not say ``due`` is a payment. Of a log that tells of payments only, what
    was owed is not known, and there is no ledger.
    """
    histories = [day.history] if day.aftermath is None else [day.history, day.aftermath]
    rows = [row for history in histories for row in history.rows(Kind.REDRESS)]
    owed = {_intent(row): row for row in rows if row["subject"] == Money.DUE}
    is_declared = day.aftermath is not None and (
        Kind.REDRESS in day.aftermath.profile.declared_kinds
    )
    if not is_declared and not owed:
        return None
    paid: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row["subject"] != Money.DUE:
            paid.setdefault(_intent(row), []).append((time_of(row), _amount(row)))
    to_ns = watched_to_ns(day)
    return tuple(
        _entry(intent, owed, sorted(paid.get(intent, ())), to_ns)
        for intent in dict.fromkeys([*owed, *paid])
    )


def _entry(
    intent: str, owed: Mapping[str, Event], payments: list[tuple[int, int]], to_ns: int
) -> RedressEntry:
    row = owed.get(intent)
    if row is None:
        return RedressEntry(intent, 0, payments[0][0], tuple(payments), None)
    due, deadline_ns = _amount(row), row["deadline_ns"]
    is_late = None
    if isinstance(deadline_ns, int) and deadline_ns <= to_ns:
        is_late = sum(amount for time_ns, amount in payments if time_ns <= deadline_ns) < due
    return RedressEntry(intent, due, time_of(row), tuple(payments), is_late)


def _intent(row: Event) -> str:
    return str(row["intent_id"] or row["ref"] or row["seq"])


def _amount(row: Event) -> int:
    amount = row["amount"]
    assert amount is None or isinstance(amount, int), "an amount is a whole number"
    return amount or 0
