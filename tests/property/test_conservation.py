"""Goal: every run ends, and what goes in comes out. Method: random firms under random timelines.

The firms, orders and timelines are those of tests/property/days.py; a failing example shrinks to
the smallest day that breaks the law.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings

from bcsim.checkers.base import LawStatus
from bcsim.checkers.judge import check
from bcsim.history.verdict import Outcome
from tests.property.days import Luck, days, healed

SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def executed(history, vantage="venue"):
    """Quantity executed of each intent and not undone, and the executions' names."""
    undone = {row["exec_id"] for row in history.rows("bust") if row["vantage"] == vantage}
    rows = [
        row
        for row in history.rows("execute")
        if row["amount"] is not None and row["exec_id"] not in undone
    ]
    total: Counter = Counter()
    for row in rows:
        total[row["intent_id"]] += row["qty"]
    return total, [row["exec_id"] for row in rows]


@settings(suppress_health_check=SLOW_DRAWS)
@given(days())
def test_every_run_ends_and_keeps_the_laws_or_says_which_it_breaks(day):
    """Goal: no exception, and a judgement. Method: run; the judge's laws; broken ones are named.

    No day breaks the law of intents or repeats an ExecID. A broken law makes the outcome a fail.
    """
    history = day.history(trace="business")
    judgement = check(history)
    crashed = [reason for reason in judgement.unknown_reasons if "crashed" in reason]
    assert crashed == []
    broken = {law.name: law for law in judgement.laws if law.status is LawStatus.BROKEN}
    assert not {name for name in broken if "intent" in name or "exec" in name.lower()}
    for law in broken.values():
        assert law.breaches > 0
        assert law.proof
        assert judgement.outcome is Outcome.FAIL
    _, names = executed(history)
    assert len(names) == len(set(names))
    times = history.integer("time_ns")
    assert (times[1:] >= times[:-1]).all()


@settings(suppress_health_check=SLOW_DRAWS)
@given(days(Luck.SOUND))
def test_sound_firms_never_execute_beyond_the_wish(day):
    """Goal: dedup and durable stores suffice. Method: no fallback, failover, split, corruption.

    Crashes, hangs, slowness, cut and lossy links, halts, absences and resubmissions may lose
    time and orders; nothing may be executed twice, nor on other terms.
    """
    history = day.history(trace="business")
    total, _ = executed(history)
    wished = {row["intent_id"]: row["qty"] for row in history.rows("intend")}
    assert {name: qty for name, qty in total.items() if qty > wished[name]} == {}
    judgement = check(history)
    counts = judgement.orders
    assert (counts.duplicated, counts.corrupted, counts.phantom) == (0, 0, 0)


LONG_DRAIN = {"drain": {"limit": "1 h"}}
"""Six repairs of 5 minutes by one person, the first one at a third, and then the last batch."""


@settings(suppress_health_check=SLOW_DRAWS)
@given(days(Luck.PATIENT))
def test_patient_firms_lose_nothing_once_all_is_healed(day):
    """Goal: who tries until it is done gets it done. Method: heal at 2 s, then a long drain.

    Every wish ends as executed and confirmed, rejected, cancelled or expired, and its client
    knows; being late is allowed.
    """
    judgement = check(day.history(healed(day), trace="business", scenario=LONG_DRAIN))
    counts = judgement.orders
    fine = ("ok", "late", "recovered", "rejected", "cancelled", "expired")
    assert sum(getattr(counts, name) for name in fine) == counts.intended == len(day.wishes)
