"""What ties the records of a drill to its FIX logs, where they call things by other names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

SECOND_CL_ORD_ID: Final = "SecondaryClOrdID"
ORDER_ID: Final = "OrderID"
SECOND_ORDER_ID: Final = "SecondaryOrderID"
SECOND_EXEC_ID: Final = "SecondaryExecID"
FALLBACKS: Final = (SECOND_CL_ORD_ID, ORDER_ID, SECOND_ORDER_ID, SECOND_EXEC_ID)
"""Ids by which the orders and executions of FIX logs are looked up in this order, where no
ClOrdID or ExecID is the name that another record uses."""


@dataclass(frozen=True, eq=False)
class Ties:
    """What the readers of FIX logs found of the names that other records use.

    Parameters
    ----------
    orders, executions
        Name in the other records -> name in the FIX logs, where they differ.
    counts
        How many were found by each of :data:`FALLBACKS`.
    doubtful
        How many names stand for several orders or executions, and so for none.
    shares
        For each of the other records: the share of each row; None if there is but one.
    """

    orders: Mapping[str, str] = field(default_factory=dict)
    executions: Mapping[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    doubtful: int = 0
    shares: tuple[NDArray[np.uint16], ...] | None = None

    def notes(self) -> tuple[str, ...]:
        """How many names were found by which id, in a sentence each."""
        notes = [
            f"{self.counts[word]:,} {what} of other records are joined to those of FIX by {word}"
            for word in FALLBACKS
            if self.counts[word]
            for what in ("executions" if word == SECOND_EXEC_ID else "orders",)
        ]
        if self.doubtful:
            notes.append(
                f"{self.doubtful:,} names of other records stand for several orders or "
                "executions of FIX, and are joined to none"
            )
        return tuple(notes)
