"""System 2: products and client segments; who is served with what, and who is harmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.conduct.fairness import compare_groups
from bcsim.conduct.fates import AFFECTED, CONTROLS, fates_by_segment
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value
    from bcsim.model.firm import Firm


def measure_products(day: Day) -> Measures:
    """Measure suitability, harm by segment, and what is left to a segment without a channel."""
    harm = _affected_shares(day)
    return {
        "outside_target_count": None if day.firm is None else _outside_target(day, day.firm),
        "unsuitable_count": _unsuitable(day),
        "affected_ratio_max": max(harm, default=None),
        "affected_ratio_min": min(harm, default=None),
        "vulnerable_disparity_ratio": _disparity(day, "vulnerability"),
        "segment_disparity_ratio": _disparity(day, "segment"),
        "second_channel_ratio": None if day.firm is None else _second_channel(day.firm),
        "service_level_min_ratio": _least(day),
    }


def _outside_target(day: Day, firm: Firm) -> int:
    """Intents that executed although the product is not for their segment."""
    history = day.history
    product_of = {
        instrument: product
        for product, spec in firm.products.items()
        for instrument in spec.instruments
    }
    segments = history.columns.text("segment")
    instruments = history.columns.text("instrument")
    executed = history.is_kind(Kind.EXECUTE) & (history.codes("intent_id") >= 0)
    ids = set(np.unique(history.codes("intent_id")[executed]).tolist())
    rows = day.first_rows
    intents = history.codes("intent_id")[rows]
    found = 0
    for segment in firm.segments:
        for instrument, product in product_of.items():
            if firm.suits(product, segment):
                continue
            mine = (segments.codes[rows] == segments.code_of(segment)) & (
                instruments.codes[rows] == instruments.code_of(instrument)
            )
            found += sum(intent in ids for intent in intents[mine].tolist())
    return found


def _unsuitable(day: Day) -> Value:
    """Intents with the flag; None where a log shows no control at all."""
    return day.flags.get(Flag.UNSUITABLE.value) if day.would_show(*CONTROLS) else None


def _affected_shares(day: Day) -> list[float]:
    """Share of affected intents of each segment that ordered."""
    return [
        sum(count for fate, count in fates.items() if fate in AFFECTED) / sum(fates.values())
        for fates in fates_by_segment(day.history, day.verdicts).values()
    ]


def _disparity(day: Day, grouping: str) -> float | None:
    """Difference of affected shares between the groups that are furthest apart."""
    found = (
        comparison.difference
        for comparison in compare_groups(day)
        if (comparison.grouping, comparison.what) == (grouping, "affected")
    )
    return next(found, None)


def _second_channel(firm: Firm) -> float:
    """Share of the clients whose segment has another channel to turn to."""
    clients = [s.clients for s in firm.segments.values() if not s.house]
    reached = [
        s.clients for s in firm.segments.values() if not s.house and s.second_channel is not None
    ]
    return sum(reached) / max(sum(clients), 1)


def _least(day: Day) -> float | None:
    """The lowest service level of any service; None where one is not known."""
    levels: Iterable[float | None] = [service.level_min for service in day.services.values()]
    known = [level for level in levels if level is not None]
    return min(known) if known and len(known) == len(day.services) else None
