"""Complaints as a day and its aftermath show them, with their answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.conduct.event import time_of
from bcsim.history.aftermath import Occasion, Response
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.history.history import History


@dataclass(frozen=True, slots=True)
class ComplaintCase:
    """One complaint: when it came, was responded to first, and answered; None: not yet.

    ``intents`` are the orders that it is about, ``kinds`` what the client felt. ``repeat_count``
    says how often he complained again of the same; ``is_again`` that the whole complaint is about
    an earlier one. ``handlers`` are those who responded.
    """

    name: str
    received_ns: int
    responded_ns: int | None
    answered_ns: int | None
    intents: tuple[str, ...]
    kinds: tuple[str, ...]
    repeat_count: int
    is_again: bool
    handlers: tuple[str, ...]


def complaint_cases(day: Day) -> tuple[ComplaintCase, ...] | None:
    """Every complaint, in the order of their coming; None where nobody has recorded any.

    No complaint is known to have come where an aftermath says that it looked for them. A
    response that does not say what it is answers the complaint.
    """
    histories = _histories(day)
    complaints = [row for history in histories for row in history.rows(Kind.COMPLAIN)]
    if not complaints and not _is_recorded(day):
        return None
    responses: dict[str, list[Event]] = {}
    for history in histories:
        for row in history.rows(Kind.RESPOND):
            responses.setdefault(_name(row), []).append(row)
    by_name: dict[str, list[Event]] = {}
    for row in complaints:
        by_name.setdefault(_name(row), []).append(row)
    return tuple(_cases(by_name, responses))


def watched_to_ns(day: Day) -> int:
    """Until when somebody watched for complaints and their answers."""
    return max(history.profile.drain_to_ns or 0 for history in _histories(day)) or day.end_ns


def _histories(day: Day) -> list[History]:
    return [day.history] if day.aftermath is None else [day.history, day.aftermath]


def _is_recorded(day: Day) -> bool:
    return day.aftermath is not None and Kind.COMPLAIN in day.aftermath.profile.declared_kinds


def _cases(
    complaints: dict[str, list[Event]], responses: dict[str, list[Event]]
) -> Iterator[ComplaintCase]:
    for name, rows in complaints.items():
        answers = sorted(responses.get(name, ()), key=time_of)
        first, *more = sorted(rows, key=time_of)
        final = [row for row in answers if row["subject"] != Response.FIRST]
        yield ComplaintCase(
            name=name,
            received_ns=time_of(first),
            responded_ns=time_of(answers[0]) if answers else None,
            answered_ns=time_of(final[0]) if final else None,
            intents=tuple(dict.fromkeys(_texts(rows, "intent_id"))),
            kinds=tuple(dict.fromkeys(_texts(rows, "subject"))),
            repeat_count=sum(row["reason"] != Occasion.ALSO for row in more),
            is_again=first["reason"] == Occasion.AGAIN,
            handlers=tuple(str(row["actor"]) for row in answers if row["actor"] is not None),
        )


def _texts(rows: Iterable[Event], column: str) -> Iterator[str]:
    return (str(row[column]) for row in rows if row[column] is not None)


def _name(row: Event) -> str:
    """What a complaint or its answer is about: its own reference, the intent, or the client."""
    return str(row["ref"] or row["intent_id"] or row["client_id"] or row["seq"])
