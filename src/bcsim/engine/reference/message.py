"""What travels: orders as entered, requests, answers, reports; and what clients wish for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bcsim.limits import LEGS_MAX

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Route, Stage
    from bcsim.engine.reference.holder import Pursuit
    from bcsim.model.client import Segment
    from bcsim.model.product import Product


class Terms(NamedTuple):
    """What is to be executed. ``price`` is the limit in minor units, ``None`` at market."""

    account: str
    instrument: str
    side: str
    qty: int
    price: int | None


@dataclass(slots=True, eq=False)
class Intent:
    """One wish of one client, and what the client has been told so far."""

    number: int
    source: str
    index: int
    intent_id: str
    client_id: str
    segment_id: str
    segment: Segment
    channel: str
    product_id: str
    product: Product
    instrument_index: int
    terms: Terms
    time_ns: int
    deadline_ns: int | None
    rank: int
    was_acknowledged: bool = False
    has_ended: bool = False
    """The client was told of an end: executed in full, rejected, cancelled or expired."""
    told_qty: int = 0
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Entry:
    """An order: one entry of an intent through one channel, with its own idempotency key."""

    number: int
    intent: Intent
    generation: int
    order_id: str
    channel: str
    route: Route
    skipped: set[str] = field(default_factory=set)
    """Controls that a manual fallback leaves out from here on."""
    left_out: set[int] = field(default_factory=set)
    """Control steps that were left out so, and not made good for."""
    last_arrival_ns: int = -1
    """When the last message about it that is under way arrives."""

    @property
    def stream_entity(self) -> str:
        """Entity of this order's draws: its source; re-entries have luck of their own."""
        if self.generation == 0:
            return self.intent.source
        return f"{self.intent.source}#{self.generation}"

    def luck_of(self, leg_code: int) -> tuple[str, int]:
        """Entity and leg of a draw for one effect; effects beyond LEGS_MAX have further streams."""
        block, leg = divmod(leg_code, LEGS_MAX)
        return (f"{self.stream_entity}^{block}" if block else self.stream_entity), leg

    @property
    def parent_id(self) -> str | None:
        """First order of the same intent, for a re-entry."""
        return self.intent.entries[0].order_id if self.generation else None


class Task(NamedTuple):
    """A step to be done for an order, or for one of its fills (``part`` ≥ 1).

    ``qty``, ``price`` and ``exec_id`` are the fill's.
    """

    entry: Entry
    stage: Stage
    part: int
    terms: Terms
    qty: int
    price: int | None
    exec_id: str | None

    def fill(self) -> dict[str, Any]:
        """Columns of a fill, which stand for those of the order's terms; none for an order."""
        if not self.part:
            return {}
        return {"qty": self.qty, "price": self.price, "exec_id": self.exec_id}

    def leg_code(self, leg: int) -> int:
        """Number of an effect among all effects of this step for this order."""
        return (self.part - 1) * self.stage.leg_count + leg if self.part else leg


class Reply(StrEnum):
    """How a request was answered."""

    DONE = "done"
    REFUSED = "refused"
    """Not now; a further attempt may succeed."""
    REJECTED = "rejected"
    """Not at all: a control, an order outside sessions."""
    HELD = "held"
    """A control has stopped the order for repair; the holder waits."""
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Request:
    """One attempt at a task, under way to the component that is to do it."""

    task: Task
    attempt: int
    pursuit: Pursuit
    service_component: str
    is_fallback: bool
    poss_resend: bool


class Answer(NamedTuple):
    """What came back for a request."""

    request: Request
    reply: Reply
    reason: str | None = None
    cause: str | None = None


class Report(NamedTuple):
    """What a venue has to say about an order after it accepted it.

    ``number`` counts the venue's reports; ``kind`` is execute, expire or cancel; ``part``
    numbers the order's fills from 1.
    """

    number: int
    entry: Entry
    kind: str
    part: int
    terms: Terms
    qty: int
    price: int | None
    exec_id: str | None
    is_final: bool
    reason: str | None = None
