"""Fates: what became of the orders, and when they began.

A *fate* is an intent's class, but for the orders that were rejected because of the disruption:
those are ``refused``, as the flag says, for it was the firm that failed and not the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.first_rows import first_rows
from bcsim.history.schema import Kind
from bcsim.history.verdict import CLASSES, Flag, VerdictClass
from bcsim.units import NS_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts

REFUSED: Final = Flag.REFUSED.value

FATES: Final[tuple[str, ...]] = tuple(
    fate
    for verdict in CLASSES
    for fate in ((REFUSED, verdict.value) if verdict is VerdictClass.REJECTED else (verdict.value,))
)
"""Every fate, the gravest first, in the order of the classes; ``refused`` before ``rejected``."""

AFFECTED: Final[frozenset[str]] = frozenset(
    {
        *(verdict.value for verdict in CLASSES if verdict.failing),
        VerdictClass.LATE.value,
        VerdictClass.RECOVERED.value,
        REFUSED,
    }
)
"""Fates in which the client felt something: harm, delay, an error, or being turned away."""


CONTROLS: Final = (Kind.CONTROL_PASS, Kind.CONTROL_FAIL, Kind.CONTROL_SKIP)
"""What can become of a control: passed, stopped the order, left out."""

BACK_ENTRY: Final = "back-entry"
"""Subject of the action that enters a paper order, and reference of controls made good then."""


@dataclass(frozen=True, eq=False)
class OrderFates:
    """How many intents of each fate began in each interval.

    Parameters
    ----------
    bucket_ns
        Length of an interval.
    from_ns
        int64 ``(intervals,)``: begins of the intervals, contiguous and ascending.
    counts
        int64 ``(intervals,)`` for every fate that occurs, in the order of ``FATES``.
    """

    bucket_ns: int
    from_ns: NDArray[np.int64]
    counts: Mapping[str, NDArray[np.int64]]

    @property
    def heights(self) -> NDArray[np.int64]:
        """Intents of all fates in each interval: int64 ``(intervals,)``."""
        heights = np.zeros(len(self.from_ns), dtype=np.int64)
        for counts in self.counts.values():
            heights += counts
        return heights

    @property
    def totals(self) -> dict[str, int]:
        """Intents of each fate that occurs, over all intervals."""
        return {fate: int(counts.sum()) for fate, counts in self.counts.items()}


@dataclass(frozen=True, slots=True)
class ControlUse:
    """How often a control was passed, stopped an order, or was left out."""

    control: str
    passed_count: int
    stopped_count: int
    skipped_count: int

    @property
    def count(self) -> int:
        """How often it was met."""
        return self.passed_count + self.stopped_count + self.skipped_count


def orders_per_minute(
    history: History, verdicts: Verdicts, *, bucket_ns: int = NS_PER_MIN
) -> OrderFates:
    """Count intents by the interval in which they began, and by fate.

    An intent begins with the first event that names it; a stray order or execution likewise.
    """
    fates = fates_of(verdicts)
    buckets = history.integer("time_ns")[first_rows(history, verdicts)] // bucket_ns
    if not len(buckets):
        return OrderFates(bucket_ns, np.empty(0, dtype=np.int64), {})
    first = int(buckets.min())
    width = int(buckets.max()) - first + 1
    table = np.zeros((len(FATES), width), dtype=np.int64)
    np.add.at(table, (fates, buckets - first), 1)
    return OrderFates(
        bucket_ns,
        (np.arange(width, dtype=np.int64) + first) * bucket_ns,
        {fate: table[code] for code, fate in enumerate(FATES) if table[code].any()},
    )


def fates_of(verdicts: Verdicts) -> NDArray[np.int64]:
    """Fate of each intent, as a position in ``FATES``: int64 ``(intents,)``."""
    by_class = np.array([FATES.index(verdict.value) for verdict in CLASSES], dtype=np.int64)
    fates = by_class[verdicts.classes]
    turned_away = (verdicts.classes == VerdictClass.REJECTED.code) & (
        (verdicts.flags & Flag.REFUSED.bit) != 0
    )
    fates[turned_away] = FATES.index(REFUSED)
    return fates


def fate_counts(verdicts: Verdicts) -> dict[str, int]:
    """Intents of each fate, all fates, in their order."""
    counted = np.bincount(fates_of(verdicts), minlength=len(FATES))
    return {fate: int(count) for fate, count in zip(FATES, counted, strict=True)}


def affected_count(verdicts: Verdicts) -> int:
    """Intents whose client felt something, see ``AFFECTED``."""
    return sum(count for fate, count in fate_counts(verdicts).items() if fate in AFFECTED)


def fates_by_segment(history: History, verdicts: Verdicts) -> dict[str, dict[str, int]]:
    """Intents of each segment and fate; only segments and fates that occur.

    Strays, which belong to no segment, are left out. Segments come in the order of their first
    intents, fates in that of ``FATES``.
    """
    column = history.columns.text("segment")
    codes = column.codes[first_rows(history, verdicts)].astype(np.int64)
    fates = fates_of(verdicts)
    found: dict[str, dict[str, int]] = {}
    for code in dict.fromkeys(codes[codes >= 0].tolist()):
        counted = np.bincount(fates[codes == code], minlength=len(FATES))
        found[str(column.names[code])] = {
            fate: int(count) for fate, count in zip(FATES, counted, strict=True) if count
        }
    return found


def is_made_good(history: History) -> NDArray[np.bool_]:
    """Whether each event is a control that was left out on paper, and done when it was entered."""
    late: NDArray[np.bool_] = history.columns.text("ref").is_in(BACK_ENTRY)
    return late & history.is_kind(*CONTROLS)


def use_of_controls(history: History) -> tuple[ControlUse, ...]:
    """How every control that the history names was used, in the order of first use.

    One that was left out and made good for later was left out.
    """
    column = history.columns.text("subject")
    in_time = ~is_made_good(history)
    masks = [history.is_kind(kind) & in_time for kind in CONTROLS]
    at_controls = column.codes[masks[0] | masks[1] | masks[2]].tolist()
    return tuple(
        ControlUse(
            str(column.names[code]),
            *(int(np.count_nonzero(mask & (column.codes == code))) for mask in masks),
        )
        for code in dict.fromkeys(at_controls)
        if code >= 0
    )
