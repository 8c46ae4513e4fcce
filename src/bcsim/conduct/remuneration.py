"""System 3: remuneration: what the day pays, and whether it pays for the wrong thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.scorecard import (
    BYPASSED,
    Tally,
    clawback_count,
    failed_gates,
    pay,
    score,
    tally,
)
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value
    from bcsim.model.firm import Firm
    from bcsim.model.remuneration import Scorecard

LINES_MIN: Final = 5
"""Fewest lines of demand for a rank correlation; of four or less, chance alone gives 1."""

LINE_ORDERS_MIN: Final = 10
"""Fewest acknowledged orders of a line for its delay to count."""


def measure_remuneration(day: Day) -> Measures:
    """Measure scorecards and commissions; every measure is defined in ``3-remuneration.yaml``."""
    firm = day.firm
    cards = [] if firm is None else list(firm.scorecards.values())
    counts = [] if firm is None else [tally(day, firm, card) for card in cards]
    both = list(zip(cards, counts, strict=True))
    gates = [failed_gates(card, count) for card, count in both]
    failed = sum(len(names) for names in gates if names is not None)
    return {
        "scorecard_mean_ratio": _mean([score(card, count) for card, count in both]),
        "pay_at_risk_ratio": None if firm is None else _at_risk(firm, both),
        "gates_failed_count": failed if gates and (failed or None not in gates) else None,
        "clawback_events_count": sum(clawback_count(*pair) for pair in both) if both else None,
        "reward_when_bypassing_ratio": _reward(both),
        "priority_commission_ratio": None if firm is None else _by_priority(firm),
        "speed_commission_ratio": None if firm is None else _by_delay(day, firm),
    }


def _mean(values: Sequence[float | None]) -> Value:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _at_risk(firm: Firm, both: Sequence[tuple[Scorecard, Tally]]) -> Value:
    """Share of all variable pay that the day does not pay."""
    paid = [pay(card, count) for card, count in both]
    weights = [firm.teams[card.team].headcount * card.variable_share for card, _ in both]
    if not sum(weights) or None in paid:
        return None
    kept = sum(w * (share or 0.0) for w, share in zip(weights, paid, strict=True))
    return 1 - kept / sum(weights)


def _reward(both: Sequence[tuple[Scorecard, Tally]]) -> Value:
    """Most that a team's variable pay gains by orders that bypassed a control."""
    gains = []
    for card, count in both:
        if count.counted[BYPASSED].any():
            with_them, without = pay(card, count), pay(card, count.without_bypasses())
            if with_them is None or without is None:
                return None
            gains.append(with_them - without)
    return max(gains, default=None)


# -- commissions -----------------------------------------------------------------------------


def _by_priority(firm: Firm) -> Value:
    """Rank correlation, over lines of demand, of the commission and an early priority class."""
    lines = [
        (earned, -firm.priorities.index(firm.segments[line.segment].priority))
        for line in firm.demand.values()
        if (earned := _earned(firm, line.segment, line.product)) is not None
    ]
    return _rank_correlation(lines)


def _by_delay(day: Day, firm: Firm) -> Value:
    """Rank correlation, over lines of demand, of the commission and a fast acknowledgement."""
    waits_ns, rows = _waits(day), day.first_rows
    text = {n: day.history.columns.text(n) for n in ("channel", "segment", "instrument")}
    lines = []
    for line in firm.demand.values():
        earned = _earned(firm, line.segment, line.product)
        mine = waits_ns >= 0
        for name, values in (
            ("channel", (line.channel,)),
            ("segment", (line.segment,)),
            ("instrument", tuple(firm.products[line.product].instruments)),
        ):
            codes = [text[name].code_of(value) for value in values]
            mine &= np.isin(text[name].codes[rows], codes)
        if earned is not None and np.count_nonzero(mine) >= LINE_ORDERS_MIN:
            lines.append((earned, -float(np.median(waits_ns[mine]))))
    return _rank_correlation(lines)


def _waits(day: Day) -> NDArray[np.int64]:
    """Time from each subject's first row to its first acknowledgement, ns; -1 without one."""
    history = day.history
    intents, times = history.codes("intent_id"), history.integer("time_ns")
    is_told = history.is_kind(Kind.ACKNOWLEDGE) & (intents != NULL_CODE)
    codes, first = np.unique(intents[is_told], return_index=True)
    told_ns = times[is_told][first]
    own = intents[day.first_rows]
    place = np.searchsorted(codes, own).clip(max=max(len(codes) - 1, 0))
    waits = np.full(len(own), -1, dtype=np.int64)
    if len(codes):
        is_there = (codes[place] == own) & (day.verdicts.classes != VerdictClass.PHANTOM.code)
        waits[is_there] = (told_ns[place] - times[day.first_rows])[is_there]
    return waits


def _earned(firm: Firm, segment: str, product: str) -> float | None:
    """Commission of a segment's orders of a product: the first that covers them."""
    covering = (c.per_mille for c in firm.commissions if c.covers(segment, product))
    return next(covering, None)


def _rank_correlation(pairs: Sequence[tuple[float, float]]) -> Value:
    """Spearman's rho with mean ranks for ties; ``None`` for too few or all alike."""
    if len(pairs) < LINES_MIN:
        return None
    left, right = (_ranks(np.array(values)) for values in zip(*pairs, strict=True))
    left, right = left - left.mean(), right - right.mean()
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / scale if scale else None


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)
