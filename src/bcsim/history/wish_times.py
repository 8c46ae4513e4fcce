"""Whether wishes and the orders that came of them can be on one clock.

A table of intents whose time zone was mistaken has wishes some whole or half hours off. Wishes
that come after their own order cannot be; those long before it can, and are only remarked on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.schema import Kind
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.history import History

_ZONE_STEP_NS: Final = 30 * 60 * NS_PER_S
"""Zones differ by whole half hours, but for those few that differ by a quarter."""

_NEAR_NS: Final = 60 * NS_PER_S
_LEAST: Final = 3
"""Wishes of which a remark is made; fewer may be so by chance."""

_NEVER_NS: Final = int(np.iinfo(np.int64).max)


@dataclass(slots=True)
class WishTimes:
    """Wishes whose order was entered, over all shares; how many came long after or before it."""

    entered: int = 0
    after: int = 0
    before: int = 0
    least_ns: int = _NEVER_NS

    def add(self, history: History) -> None:
        """Compare the wishes of a share with the first entries of their orders."""
        wishes = np.flatnonzero(history.is_kind(Kind.INTEND))
        times = history.integer("time_ns")
        entries = np.flatnonzero(history.is_kind(Kind.SUBMIT, Kind.ROUTE))
        first = np.full(len(wishes), _NEVER_NS, dtype=np.int64)
        for name in ("order_id", "intent_id"):
            codes = history.codes(name)
            first = np.minimum(first, _first_ns(codes, times, wishes, entries))
        known = first != _NEVER_NS
        ahead_ns = times[wishes][known] - first[known]
        self.entered += len(ahead_ns)
        self.after += int(np.count_nonzero(ahead_ns >= _ZONE_STEP_NS))
        odd = (np.abs(ahead_ns) + _ZONE_STEP_NS // 2) % _ZONE_STEP_NS - _ZONE_STEP_NS // 2
        early = (ahead_ns <= _NEAR_NS - _ZONE_STEP_NS) & (np.abs(odd) <= _NEAR_NS)
        self.before += int(np.count_nonzero(early))
        if len(ahead_ns):
            self.least_ns = min(self.least_ns, int(np.abs(ahead_ns).min()))

    def notes(self) -> tuple[str, ...]:
        """A remark if most wishes are whole or half hours before their orders.

        Raises
        ------
        bcsim.errors.HistoryError
            If most of them are long after.
        """
        apart = f"{self.least_ns / _ZONE_STEP_NS / 2:.1f} h or more"
        if 2 * self.after > self.entered:
            message = f"{self.after:,} of {self.entered:,} intents are later than their own orders"
            hint = "look at the time zone of the table of intents: [time] zone in its mapping"
            raise HistoryError(Problem(message, value=apart, hint=hint))
        if self.before < _LEAST or 10 * self.before < 9 * self.entered:
            return ()
        said = f"{self.before:,} intents are whole or half hours before their orders, by {apart}"
        return (f"{said}: is the time zone of their table right?",)


def _first_ns(
    codes: NDArray[np.integer],
    times: NDArray[np.int64],
    wishes: NDArray[np.intp],
    entries: NDArray[np.intp],
) -> NDArray[np.int64]:
    """Time of the first entry with the same code as each wish; later than any if there is none."""
    first = np.full(int(codes.max(initial=-1)) + 2, _NEVER_NS, dtype=np.int64)
    np.minimum.at(first, codes[entries], times[entries])
    first[-1] = _NEVER_NS  # of no code
    found: NDArray[np.int64] = first[codes[wishes]]
    return found
