"""Invariants of reports: what the numbers in the reports on one order can never say."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Invariant(StrEnum):
    """What reports must keep; ``subject`` of an event ``contradict`` names the one broken.

    A breach that ``leaves_doubt`` makes it uncertain how much was executed, and so which class
    an order has; the others contradict something that was seen otherwise as well.
    """

    meaning: str
    leaves_doubt: bool

    def __new__(cls, value: str, meaning: str, leaves_doubt: bool) -> Self:  # noqa: FBT001 - data
        """Make a member that carries its meaning and weight."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.leaves_doubt = leaves_doubt
        return member

    RUNNING_TOTAL = (
        "running total",
        "CumQty grows by the LastQty of each trade, and else changes only as a bust or correction",
        False,
    )
    EXECUTED_TOTAL = (
        "executed total",
        "the last CumQty of an order is what its executions add up to",
        True,
    )
    WITHIN_ORDER = "within order", "CumQty is not beyond OrderQty", False
    REST = "rest", "CumQty + LeavesQty = OrderQty while an order is active", False
    NOTHING_LEFT = "nothing left", "LeavesQty is 0 when an order has ended", False
    STATUS = (
        "status precedence",
        "OrdStatus is the highest in precedence of all states that hold",
        False,
    )
    AVERAGE = "average price", "AvgPx is the average price of the executions", False
    ONE_REPORT = "one report", "reports of one ExecID state the same terms", True
