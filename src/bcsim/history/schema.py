"""The schema of a history: its columns, event kinds, vantage points and trace levels.

This module is data. The simulator, the log readers, the checkers and the generated
documentation all take the columns and kinds from here (design decision: the history is the
only thing a judgement may read).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

import numpy as np

SCHEMA_VERSION: Final = 1
"""Version of the columns and kinds below; a file of a newer version is refused."""

FORMAT: Final = "bcsim-history"
"""Name of the file format in the metadata of Parquet and JSON Lines files."""

NULL: Final = int(np.iinfo(np.int64).min)
"""Null of an integer column in memory; SQL NULL in Parquet, absent in JSON Lines."""

NULL_CODE: Final = -1
"""Null of a text column in memory."""

ABSENT_CODE: Final = -2
"""Code of a text that a column does not contain; equal to no row's code."""


INTEGER: Final = "integer"
TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a history: name, meaning, type (int64 or text), whether it may be null."""

    name: str
    meaning: str
    type: str = TEXT
    nullable: bool = True

    @property
    def is_integer(self) -> bool:
        """Whether it holds int64; otherwise text."""
        return self.type == INTEGER


COLUMNS: Final[tuple[Column, ...]] = (
    Column("seq", "position in the history, strictly increasing", INTEGER, nullable=False),
    Column(
        "time_ns", "nanoseconds since the start that the profile names", INTEGER, nullable=False
    ),
    Column("vantage", "who saw it: the point from which the event was recorded", nullable=False),
    Column("kind", "what happened, one of the kinds below", nullable=False),
    Column("intent_id", "one wish of a client; verdicts are per intent"),
    Column("order_id", "one entry of an intent; every re-entry is a new order"),
    Column("idem_key", "idempotency key that the attempts at one request share"),
    Column("parent_id", "order or execution that this one replaces, busts or belongs to"),
    Column("leg", "number of the effect within a step that has several", INTEGER),
    Column("exec_id", "execution that the event reports; one per economic execution"),
    Column("client_id", "client whose wish it is"),
    Column("segment", "client segment"),
    Column("channel", "channel through which the client and the firm speak"),
    Column("account", "account that is booked"),
    Column("instrument", "instrument or product"),
    Column("side", "buy, sell, or the debit and credit side of a payment"),
    Column("ord_type", "order type: market, limit, payment, subscription …"),
    Column("qty", "quantity in minor units of the profile's qty_scale", INTEGER),
    Column("price", "price in minor units of the profile's price_scale", INTEGER),
    Column("amount", "money in minor units of the profile's amount_scale", INTEGER),
    Column("deadline_ns", "latest time at which the intent may be done, as time_ns", INTEGER),
    Column("priority", "rank of the priority class, 0 is served first", INTEGER),
    Column("component", "component at which it happened"),
    Column("step", "number of the journey's step", INTEGER),
    Column("attempt", "number of the attempt at a step, 0 is the first", INTEGER),
    Column("actor", "person or team that acted"),
    Column("subject", "what was acted on: a control, an action, a grant, a data class"),
    Column("ref", "the event's reference to something outside the history"),
    Column("reason", "why, in the words of whoever reported it"),
    Column("cause", "the disruption or fault that brought it about"),
)
"""The columns in their order; there are no others."""

COLUMN_NAMES: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS)
INTEGER_NAMES: Final[tuple[str, ...]] = tuple(c.name for c in COLUMNS if c.is_integer)
TEXT_NAMES: Final[tuple[str, ...]] = tuple(c.name for c in COLUMNS if not c.is_integer)


class Trace(StrEnum):
    """How much a history records; each level holds everything of the levels before it."""

    OUTCOMES = "outcomes"
    BUSINESS = "business"
    FULL = "full"

    def keeps(self, kind: Kind) -> bool:
        """Whether a history of this level records events of ``kind``."""
        levels = tuple(Trace)
        return levels.index(kind.trace) <= levels.index(self)


class Kind(StrEnum):
    """What can happen, with the lowest trace level that records it and its meaning.

    ``outcomes`` holds whatever can change an intent's class: what the client wished and was
    told, effects, ends, repeats, and the (rare) disruptions and decisions that explain them.
    """

    trace: Trace
    meaning: str

    def __new__(cls, value: str, trace: Trace, meaning: str) -> Self:
        """Make a member that carries its trace level and meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.trace = trace
        member.meaning = meaning
        return member

    INTEND = "intend", Trace.OUTCOMES, "a client forms a wish, whether or not it ever arrives"
    SUBMIT = "submit", Trace.OUTCOMES, "an order is entered for an intent"
    RESEND = "resend", Trace.OUTCOMES, "a request goes out again with the same key"
    ACKNOWLEDGE = "acknowledge", Trace.OUTCOMES, "somebody takes responsibility for the order"
    REJECT = "reject", Trace.OUTCOMES, "the order is refused"
    CONTROL_PASS = "control_pass", Trace.BUSINESS, "a control let the order pass"
    CONTROL_FAIL = "control_fail", Trace.BUSINESS, "a control stopped the order"
    CONTROL_SKIP = "control_skip", Trace.BUSINESS, "the order went past a control undone"
    ROUTE = "route", Trace.BUSINESS, "the order is handed to the next component"
    EXECUTE = "execute", Trace.OUTCOMES, "a quantity is executed"
    BUST = "bust", Trace.OUTCOMES, "an execution is undone"
    CORRECT = "correct", Trace.OUTCOMES, "the terms of an execution are corrected"
    BOOK = "book", Trace.OUTCOMES, "an execution is entered in a ledger"
    CONFIRM = "confirm", Trace.OUTCOMES, "the client is sent, or has, the confirmation"
    CANCEL_REQUEST = "cancel_request", Trace.BUSINESS, "somebody asks to cancel the order"
    CANCEL = "cancel", Trace.OUTCOMES, "the order is cancelled"
    CANCEL_REJECT = "cancel_reject", Trace.OUTCOMES, "a cancel is refused: too late or unknown"
    REPLACE_REQUEST = "replace_request", Trace.BUSINESS, "somebody asks to change the order"
    REPLACE = "replace", Trace.OUTCOMES, "the order is changed"
    REPLACE_REJECT = "replace_reject", Trace.OUTCOMES, "a change is refused"
    EXPIRE = "expire", Trace.OUTCOMES, "the order's time is over"
    SETTLE = "settle", Trace.OUTCOMES, "cash and holdings have moved"
    NOTIFY = "notify", Trace.OUTCOMES, "the client is told something else"
    ENQUIRE = "enquire", Trace.BUSINESS, "the client asks what became of the order"
    ORPHAN = "orphan", Trace.OUTCOMES, "an answer or report that nobody waits for"
    CONTRADICT = "contradict", Trace.OUTCOMES, "a report breaks an invariant of reports"
    FAULT_ON = "fault_on", Trace.OUTCOMES, "an impairment begins"
    FAULT_OFF = "fault_off", Trace.OUTCOMES, "an impairment ends"
    FAILOVER = "failover", Trace.OUTCOMES, "a standby takes over"
    FAILBACK = "failback", Trace.OUTCOMES, "the original takes over again"
    DETECT = "detect", Trace.OUTCOMES, "somebody or something notices the disruption"
    DECLARE = "declare", Trace.OUTCOMES, "a mandated person declares the disruption"
    ACTION = "action", Trace.OUTCOMES, "an action of the plan begins, ends or fails"
    RECOVER = "recover", Trace.OUTCOMES, "a component or service is back"
    RECONCILE = "reconcile", Trace.OUTCOMES, "a comparison names a mismatched or lost intent"
    REPAIR = "repair", Trace.OUTCOMES, "a mismatch is mended by hand"
    COMPLAIN = "complain", Trace.OUTCOMES, "a client complains"
    RESPOND = "respond", Trace.OUTCOMES, "a complaint is answered"
    REDRESS = "redress", Trace.OUTCOMES, "a client is made good"
    EXPOSE = "expose", Trace.OUTCOMES, "data is seen, lost or altered without right"
    GRANT = "grant", Trace.OUTCOMES, "an access right is given"
    REVOKE = "revoke", Trace.OUTCOMES, "an access right is taken back"
    SEND = "send", Trace.FULL, "a message leaves"
    RECEIVE = "receive", Trace.FULL, "a message arrives"
    START = "start", Trace.FULL, "work on the order begins"
    FINISH = "finish", Trace.FULL, "work on the order ends"
    TIME_OUT = "time_out", Trace.FULL, "an answer did not come in time"


class Vantage(StrEnum):
    """Vantage points that the simulator writes; a real log may name others."""

    CLIENT = "client"
    CHANNEL = "channel"
    DESK = "desk"
    OMS = "oms"
    RISK = "risk"
    GATEWAY = "gateway"
    VENUE = "venue"
    LEDGER = "ledger"
    CLEARING = "clearing"
    DROP_COPY = "drop_copy"
    ENGINE_STORE = "engine_store"
    PLAN = "plan"
    INFRASTRUCTURE = "infrastructure"
