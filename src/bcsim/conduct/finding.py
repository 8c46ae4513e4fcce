"""What came of one rule: its status, and the trace of what was compared with what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bcsim.conduct.bounds import UNBOUNDED, Answer, Bounds

if TYPE_CHECKING:
    from bcsim.conduct.bounds import Number


class Status(StrEnum):
    """What came of a rule.

    Of a classification, ``met`` says that its criteria are; of a limit or a clock, that it was
    kept. None of them says that a firm complies.
    """

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_TRIGGERED = "not_triggered"


def status_of(answer: Answer) -> Status:
    """The answer as a status."""
    return Status(answer.value)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One comparison.

    Parameters
    ----------
    group
        Criterion, service or complaint that it belongs to.
    what
        Name of the fact or instant.
    unit
        ``flag``, ``count``, ``ratio``, ``duration`` (ns) or ``time`` (ns on the run's clock).
    value
        What is known of it; of a flag nothing, its ``answer`` says it.
    sign, threshold
        ``>``, ``>=`` or ``<=`` and what it was compared with; of a time, the latest.
    is_stated
        Whether the firm states the fact, and the run does not show it.
    """

    group: str
    what: str
    unit: str
    answer: Answer
    value: Bounds = UNBOUNDED
    sign: str = ""
    threshold: Number | None = None
    is_stated: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a rule, and why.

    ``due_ns`` has the earliest and latest time at which something was due, ``done_ns`` when it
    was done; both only of rules with a clock.
    """

    status: Status
    trace: tuple[TraceLine, ...]
    due_ns: Bounds | None = None
    done_ns: Bounds | None = None
