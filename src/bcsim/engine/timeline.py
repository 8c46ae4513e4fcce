"""The timeline: what the continuity layer hands to the order layer.

A timeline is two sorted records of one run. ``changes`` are the *effective* state changes that
the order layer obeys (own state and dependencies already combined). ``log`` says who did what
and when; the order layer copies it into the history and otherwise ignores it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Attribute(StrEnum):
    """What changes. The subject is a component unless the meaning says otherwise."""

    UP = "up"
    """1 works, 0 crashed: what is volatile is gone."""

    HANG = "hang"
    """1 frozen: nothing is answered, running work keeps its remaining time; 0 goes on."""

    SPEED = "speed"
    """Per mille of normal speed, for services that start from now on."""

    SERVERS = "servers"
    """Parallel capacity from now on; running work finishes."""

    INTAKE = "intake"
    """Subject: a channel. 0: new orders are rejected at once, 1: accepted."""

    FALLBACK = "fallback"
    """1: steps at this component are done by their fallback, 0: normally again."""

    LINK_UP = "link_up"
    """Subject: ``source -> target``. 0: messages in that direction are lost."""

    LINK_LATENCY = "link_latency"
    """Subject: ``source -> target``. Added latency in ns."""

    LINK_LOSS = "link_loss"
    """Subject: ``source -> target``. Added chance of loss, per million."""

    FAILOVER = "failover"
    """The standby instance takes over with the store as at time ``value`` (ns)."""

    FAILBACK = "failback"
    """The first instance takes over again; ``detail``: (discard | replay | quarantine)."""

    SPLIT = "split"
    """1: both instances are primary; ``detail``: senders ``standby:ID`` and ``both:ID``.
    0: one remains, the loser's entries are treated by ``detail``:
    (discard | merge | quarantine)."""

    CORRUPTION = "corruption"
    """Chance per million that an order that passes is altered; 0 ends it."""

    HALT = "halt"
    """1: a venue accepts but executes nothing; ``detail`` (cancel,) cancels resting orders."""

    PRIORITY = "priority"
    """Subject: ``priorities``; ``detail``: priority classes, first served first."""

    RECONCILE = "reconcile"
    """Subject: a reconciliation, which is run now."""


@dataclass(frozen=True, slots=True)
class Change:
    """One effective state change at ``time_ns``; ``cause`` names disruption, action or failure."""

    time_ns: int
    subject: str
    attribute: Attribute
    value: int
    cause: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the decision log; the fields are columns of the history.

    ``kind`` is one of fault_on, fault_off, detect, declare, action, notify, failover, failback,
    recover, expose, grant, revoke. ``vantage`` is ``infrastructure`` for what happens and
    ``plan`` for what people do.
    """

    time_ns: int
    vantage: str
    kind: str
    component: str | None = None
    actor: str | None = None
    subject: str | None = None
    ref: str | None = None
    reason: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Changes and log, each in order of time; equal times keep the order of their making."""

    changes: tuple[Change, ...]
    log: tuple[LogEntry, ...]

    def __post_init__(self) -> None:
        """Assert the order that the order layer relies on."""
        for record in (self.changes, self.log):
            times = [entry.time_ns for entry in record]
            assert times == sorted(times), "a timeline is sorted by time"

    def to_document(self) -> dict[str, Any]:
        """Return the timeline as JSON-ready data, empty fields left out."""

        def slim(entry: Change | LogEntry) -> dict[str, Any]:
            pairs = ((name, getattr(entry, name)) for name in entry.__slots__)
            return {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in pairs
                if value not in (None, ())
            }

        return {
            "changes": [slim(change) for change in self.changes],
            "log": [slim(entry) for entry in self.log],
        }
