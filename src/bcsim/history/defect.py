"""Defects: what the lines of defence should have found in a judged history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.schema import Kind
from bcsim.history.verdict import CLASSES, Flag, VerdictClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts

DEFECT_CLASSES: Final = (*(v for v in CLASSES if v.failing), VerdictClass.LATE)
"""Classes of an order that somebody should find."""

DEFECT_FLAGS: Final = (
    Flag.OVERTAKEN,
    Flag.ACK_REGRESSED,
    Flag.CONTROL_BYPASSED,
    Flag.UNSUITABLE,
    Flag.SLIPPED,
    Flag.EXPOSED,
    Flag.CONTRADICTED,
)
"""Flags of an order that somebody should find; the others are known as they arise."""

FAULT: Final = "fault"
"""Kind of the defect that is a fault of a component, not of an order."""

DEFECT_KINDS: Final[tuple[str, ...]] = (
    *(verdict.value for verdict in DEFECT_CLASSES),
    *(flag.value for flag in DEFECT_FLAGS),
    FAULT,
)
"""Every kind, the gravest first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An impairment that began at ``from_ns``, in the event ``seq``.

    ``name`` is the disruption's, or the failure's; "" where the history does not say.
    """

    name: str
    component: str
    from_ns: int
    seq: int


def defective_orders(verdicts: Verdicts) -> dict[str, NDArray[np.int64]]:
    """Positions of the verdicts with each kind of defect, ascending; kinds that occur only."""
    found = {v.value: np.flatnonzero(verdicts.classes == v.code) for v in DEFECT_CLASSES}
    found |= {flag.value: np.flatnonzero(verdicts.flags & flag.bit) for flag in DEFECT_FLAGS}
    return {kind: rows.astype(np.int64) for kind, rows in found.items() if len(rows)}


def faults_of(history: History) -> tuple[Fault, ...]:
    """Every fault that began, in the order of the history."""
    return tuple(
        Fault(
            str(row["ref"] or row["cause"] or ""),
            str(row["component"] or ""),
            int(row["time_ns"] or 0),
            int(row["seq"] or 0),
        )
        for row in history.rows(Kind.FAULT_ON)
    )
