"""System 9: the five order properties, recovery, and the orders that were open meanwhile.

An order that nobody could judge counts as one that was not shown to be right: the ratios are
those of orders *shown* to be correct, complete, on time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.bounds import Answer
from bcsim.conduct.fairness import compare_groups
from bcsim.conduct.fates import REFUSED, affected_count, fate_counts
from bcsim.history.schema import NULL
from bcsim.history.verdict import CLASSES, Flag, VerdictClass
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value

_INCORRECT: Final = frozenset(
    {VerdictClass.PHANTOM, VerdictClass.DUPLICATED, VerdictClass.CORRUPTED}
)
_INCOMPLETE: Final = frozenset(
    {VerdictClass.PARTIAL, VerdictClass.LOST, VerdictClass.STRANDED, VerdictClass.UNCONFIRMED}
)


def measure_operation(day: Day) -> Measures:
    """Measure what became of the orders, how the services recovered, and who waited."""
    counts = _class_counts(day)
    fates = fate_counts(day.verdicts)
    services = list(day.services.values())
    kept = [service.within_tolerance for service in services]
    outages = [down.to_ns - down.from_ns for service in services for down in service.downtimes]
    open_max, drain_ns = open_orders(day)
    return {
        "orders_count": len(day.verdicts.classes),
        "failing_count": sum(count for verdict, count in counts.items() if verdict.failing),
        "affected_count": affected_count(day.verdicts),
        "refused_count": fates[REFUSED],
        "late_count": counts[VerdictClass.LATE],
        "indeterminate_count": counts[VerdictClass.INDETERMINATE],
        "correct_ratio": _shown(counts, _INCORRECT),
        "complete_ratio": _shown(counts, _INCOMPLETE),
        "on_time_ratio": _shown(counts, {VerdictClass.LATE}),
        "downtime_s": sum(outages) / NS_PER_S if services else None,
        "recovery_time_s": max(outages, default=0) / NS_PER_S if services else None,
        "recovery_point_s": _recovery_point_s(day),
        "tolerances_kept_ratio": None if None in kept or not kept else kept.count(True) / len(kept),
        "open_orders_max_count": open_max,
        "open_orders_drain_s": None if drain_ns is None else drain_ns / NS_PER_S,
        "overtaken_count": day.flags.get(Flag.OVERTAKEN.value),
        "unfair_count": _unfair(day),
    }


def _class_counts(day: Day) -> Mapping[VerdictClass, int]:
    counted = np.bincount(day.verdicts.classes, minlength=len(CLASSES)).tolist()
    return dict(zip(CLASSES, counted, strict=True))


def _shown(counts: Mapping[VerdictClass, int], wrong: Collection[VerdictClass]) -> float | None:
    """Share of the orders that were shown not to be wrong in some way."""
    total = sum(counts.values())
    unshown = counts[VerdictClass.INDETERMINATE] + sum(counts[verdict] for verdict in wrong)
    return (total - unshown) / total if total else None


def _recovery_point_s(day: Day) -> float | None:
    """The worst recovery point of any service; None where one is not known."""
    points = [service.recovery_point_ns for service in day.services.values()]
    known = [point for point in points if point is not None]
    return max(known) / NS_PER_S if known and len(known) == len(points) else None


def open_orders(day: Day) -> tuple[int, int | None]:
    """Most intents that were open at once, and how long the backlog of an outage took to drain.

    An intent is open from its first event until its last end (an execution, a refusal, a
    cancel, an expiry), and for ever without one. The backlog has drained when no more are open
    than were just before the first outage began, counted from the end of the last one.

    Returns
    -------
    tuple
        The most at once; ns, or None without an outage, or where the backlog had not drained.
    """
    orders = day.orders
    begun = orders.begun_ns[orders.is_intent]
    ended = orders.ended_ns[orders.is_intent & (orders.ended_ns != NULL)]
    moments = np.concatenate([begun, ended])
    steps = np.repeat([1, -1], [len(begun), len(ended)])
    order = np.lexsort((-steps, moments))
    level = np.cumsum(steps[order])
    return int(level.max(initial=0)), _drain_ns(day, moments[order], level)


def _drain_ns(day: Day, moments: NDArray[np.int64], level: NDArray[np.int64]) -> int | None:
    outages = [down for service in day.services.values() for down in service.downtimes]
    if not outages or not all(down.has_ended for down in outages):
        return None
    begun = int(np.searchsorted(moments, min(down.from_ns for down in outages)))
    before = int(level[begun - 1]) if begun else 0
    over_ns = max(down.to_ns for down in outages)
    over = int(np.searchsorted(moments, over_ns, side="right"))
    if not over or level[over - 1] <= before:
        return 0
    drained = np.flatnonzero(level[over:] <= before)
    return int(moments[over + drained[0]]) - over_ns if len(drained) else None


def _unfair(day: Day) -> Value:
    """Comparisons beyond the bound; None where none could be made, or one is open and none is."""
    answers = [comparison.answer for comparison in compare_groups(day)]
    beyond = answers.count(Answer.NOT_MET)
    return None if not answers or (not beyond and Answer.UNKNOWN in answers) else beyond
