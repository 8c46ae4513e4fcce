"""Verdicts on intents: the types only; judging is the business of ``bcsim.checkers``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from bcsim.history.names import Utf8Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


class Outcome(StrEnum):
    """What a judgement comes to, with the exit code of a command that ends on it."""

    exit_code: int

    def __new__(cls, value: str, exit_code: int) -> Self:
        """Make a member that carries its exit code."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.exit_code = exit_code
        return member

    PASS = "pass", 0
    LATE = "late only", 3
    UNKNOWN = "unknown", 4
    FAIL = "fail", 1

    @staticmethod
    def merge(outcomes: Iterable[Outcome]) -> Outcome:
        """Return the gravest: fail, then unknown, then late only, then pass (also of none)."""
        gravity = tuple(Outcome)
        return max(outcomes, key=gravity.index, default=Outcome.PASS)


class VerdictClass(StrEnum):
    """The class of one intent; the first whose rule matches, in this order, is its verdict."""

    rule: str

    def __new__(cls, value: str, rule: str) -> Self:
        """Make a member that carries the text of its rule."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.rule = rule
        return member

    PHANTOM = "phantom", "an execution without an intent"
    DUPLICATED = (
        "duplicated",
        "executed quantity beyond the intent; retransmissions of one execution do not count",
    )
    CORRUPTED = "corrupted", "executed terms differ from the intent"
    PARTIAL = "partial", "quantity or legs incomplete without a definite end"
    LOST = "lost", "acknowledged to the client, no terminal state anywhere"
    STRANDED = (
        "stranded",
        "intended or submitted, never acknowledged, never terminal, client not told",
    )
    UNCONFIRMED = (
        "unconfirmed",
        "executed, but the client was not told, or was last told something untrue",
    )
    LATE = "late", "as ok, past its deadline or cut-off"
    RECOVERED = (
        "recovered",
        "the client saw a timeout or error, yet it executed once and the client was told",
    )
    REJECTED = "rejected", "definitely refused, and the client was told"
    CANCELLED = "cancelled", "definitely cancelled, and the client was told"
    EXPIRED = "expired", "definitely expired, and the client was told"
    OK = "ok", "executed as intended, once, on time, confirmed"
    INDETERMINATE = (
        "indeterminate",
        "missing evidence could change the class, and no failing class is proved",
    )

    @property
    def code(self) -> int:
        """Position in the order; what :attr:`Verdicts.classes` holds."""
        return CLASSES.index(self)

    @property
    def failing(self) -> bool:
        """Whether one such intent makes the outcome fail: phantom to unconfirmed."""
        return self.code <= VerdictClass.UNCONFIRMED.code

    @property
    def outcome(self) -> Outcome:
        """What one such intent alone makes of the outcome."""
        if self.failing:
            return Outcome.FAIL
        if self is VerdictClass.INDETERMINATE:
            return Outcome.UNKNOWN
        return Outcome.LATE if self is VerdictClass.LATE else Outcome.PASS


CLASSES: Final[tuple[VerdictClass, ...]] = tuple(VerdictClass)


class Flag(StrEnum):
    """Something else that holds of an intent, whatever its class."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """Make a member that carries its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OVERTAKEN = "overtaken", "receipt order broken within its priority class"
    ACK_REGRESSED = "ack_regressed", "an acknowledgement was taken back or went missing"
    CONTROL_BYPASSED = "control_bypassed", "executed without passing a mandatory control"
    UNSUITABLE = "unsuitable", "executed although the product does not suit the client"
    SLIPPED = "slipped", "executed at a worse price than when it should have been"
    EXPOSED = "exposed", "the client's data was seen, lost or altered without right"
    REPAIRED = "repaired", "put right by a reconciliation or by hand"
    REFUSED = "refused", "rejected because of the disruption: counts as unserved"
    CONTRADICTED = "contradicted", "reports about it contradict each other or themselves"

    @property
    def bit(self) -> int:
        """Bit of the flag in :attr:`Verdicts.flags`."""
        return 1 << FLAGS.index(self)


FLAGS: Final[tuple[Flag, ...]] = tuple(Flag)


@dataclass(frozen=True, slots=True)
class Finding:
    """All occurrences of one thing a checker found, with the proof of the first.

    ``first``, ``worst`` and ``last`` are intent or order ids; ``proof`` is one sentence that
    names the events, whose ``seq`` are ``events``.
    """

    name: str
    count: int
    first: str
    worst: str
    last: str
    proof: str
    events: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Verdicts:
    """One verdict an intent.

    Parameters
    ----------
    intents
        The intents' ids, each once.
    classes
        int8 ``(intents,)``: positions in the order of :class:`VerdictClass`.
    flags
        int32 ``(intents,)``: bits of :class:`Flag`.
    """

    intents: Sequence[str]
    classes: NDArray[np.int8]
    flags: NDArray[np.int32]

    def __post_init__(self) -> None:
        assert len(self.intents) == len(self.classes) == len(self.flags), "one verdict an intent"

    def __len__(self) -> int:
        return len(self.intents)

    @cached_property
    def _row_by_intent(self) -> dict[str, int]:
        return {self.intents[row]: row for row in range(len(self.intents))}

    def place_of(self, intent: str) -> int:
        """Number of one intent; KeyError if it is not among them."""
        if isinstance(self.intents, Utf8Names):  # a table of millions would cost more
            place = self.intents.place_of(intent)
            if place < 0:
                raise KeyError(intent)
            return place
        return self._row_by_intent[intent]

    def class_of(self, intent: str) -> VerdictClass:
        """Class of one intent; KeyError if it is not among them."""
        return CLASSES[int(self.classes[self.place_of(intent)])]

    def flags_of(self, intent: str) -> tuple[Flag, ...]:
        """Flags of one intent, in their order; KeyError if it is not among them."""
        return _flags_in(int(self.flags[self.place_of(intent)]))

    def as_map(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Every intent's class and flags as plain text; for small histories."""
        return {
            str(self.intents[row]): (
                CLASSES[self.classes[row]].value,
                tuple(flag.value for flag in _flags_in(int(self.flags[row]))),
            )
            for row in range(len(self))
        }

    def counts(self) -> dict[str, int]:
        """Intents of each class, all classes, in their order."""
        counted = np.bincount(self.classes, minlength=len(CLASSES))
        return {verdict.value: int(counted[verdict.code]) for verdict in CLASSES}

    def flag_counts(self) -> dict[str, int]:
        """Intents with each flag, all flags, in their order."""
        return {flag.value: int(np.count_nonzero(self.flags & flag.bit)) for flag in FLAGS}


def _flags_in(bits: int) -> tuple[Flag, ...]:
    return tuple(flag for flag in FLAGS if bits & flag.bit)
