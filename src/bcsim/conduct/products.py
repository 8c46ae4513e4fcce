"""System 2: products and client segments; who is served with what, and who is harmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.fairness import compare_groups
from bcsim.conduct.fates import CONTROLS
from bcsim.conduct.outcomes import outcomes_of, total_of
from bcsim.conduct.product_levels import product_levels
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value
    from bcsim.conduct.outcomes import Outcome
    from bcsim.model.client import Segment
    from bcsim.model.firm import Firm


def measure_products(day: Day) -> Measures:
    """Measure suitability, harm by segment, and what is left to a segment without a channel."""
    outcomes = _by_segment(day)
    affected = [outcome.affected_count / outcome.orders_count for outcome in outcomes.values()]
    return {
        "outside_target_count": None if day.firm is None else _outside_target(day, day.firm),
        "unsuitable_count": _unsuitable(day),
        "affected_ratio_max": max(affected, default=None),
        "affected_ratio_min": min(affected, default=None),
        "vulnerable_disparity_ratio": _disparity(day, "vulnerability"),
        "segment_disparity_ratio": _disparity(day, "segment"),
        **_harm(day, outcomes),
        "second_channel_ratio": None if day.firm is None else _second_channel(day.firm),
        "service_level_min_ratio": _least(service.level_min for service in day.services.values()),
        "product_level_min_ratio": _least(product_levels(day).values()),
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


def _by_segment(day: Day) -> dict[str, Outcome]:
    """Outcome of each segment that ordered, in the order of their first intents."""
    outcomes = outcomes_of(day)
    return {
        segment: total_of(outcome for (name, _), outcome in outcomes.items() if name == segment)
        for segment, _ in outcomes
    }


_HARM: Final = (
    "harm_worst_segment_money",
    "harm_per_order_money_max",
    "harm_per_order_money_min",
    "harm_disparity_money",
    "vulnerable_harm_disparity_money",
)


def _harm(day: Day, outcomes: Mapping[str, Outcome]) -> Measures:
    """Harm in money of the clients' segments; the firm's own are no clients."""
    segments = {} if day.firm is None else day.firm.segments
    clients = {
        name: outcome
        for name, outcome in outcomes.items()
        if name not in segments or not segments[name].house
    }
    harms = [outcome.harm_per_order_money for outcome in clients.values()]
    each = [harm for harm in harms if harm is not None]
    if not each or len(each) < len(harms):
        return dict.fromkeys(_HARM)
    return {
        "harm_worst_segment_money": max(outcome.harm_money or 0 for outcome in clients.values()),
        "harm_per_order_money_max": max(each),
        "harm_per_order_money_min": min(each),
        "harm_disparity_money": None if len(each) == 1 else max(each) - min(each),
        "vulnerable_harm_disparity_money": _beyond_others(
            [outcome for name, outcome in clients.items() if _is_vulnerable(segments, name)],
            [outcome for name, outcome in clients.items() if not _is_vulnerable(segments, name)],
        ),
    }


def _is_vulnerable(segments: Mapping[str, Segment], name: str) -> bool:
    return name in segments and segments[name].vulnerable


def _beyond_others(group: list[Outcome], others: list[Outcome]) -> float | None:
    """Harm per order of a group less that of the others; None where one of them is empty."""
    if not group or not others:
        return None
    mine, theirs = (total_of(outcomes).harm_per_order_money for outcomes in (group, others))
    assert mine is not None, "harm is known of all or of none"
    assert theirs is not None, "harm is known of all or of none"
    return mine - theirs


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


def _least(levels: Iterable[float | None]) -> float | None:
    """The lowest of some levels; None where there is none, or one is not known."""
    found = list(levels)
    known = [level for level in found if level is not None]
    return min(known) if known and len(known) == len(found) else None
