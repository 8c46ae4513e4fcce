"""Goal: what lies within the error of two clocks is unknown, and nothing else changes.

Method: one order with an obligation across two vantage points, and two orders that may have
overtaken each other, are judged with clocks that are exact, a little and far apart.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.profile import ClockError, Coverage, Obligation, Profile
from bcsim.history.writer import MemoryRecorder

MS = 1_000_000
COVERED = tuple(Coverage(vantage) for vantage in ("client", "oms", "exchange 1", "exchange 2"))


def judged(rows, *, error_ms=0, **profile):
    """Judgement of some rows: (ms, vantage, kind, intent, fields)."""
    errors = (ClockError("exchange 1", error_ms * MS),) if error_ms else ()
    recorder = MemoryRecorder(
        Profile(
            kind="live test log",
            intents_recorded=True,
            coverage=COVERED,
            drain="heal",
            drain_to_ns=10_000 * MS,
            clock_errors=errors,
            **profile,
        )
    )
    for at_ms, vantage, kind, intent, fields in sorted(rows, key=lambda row: row[0]):
        terms = {"instrument": "ABC", "side": "buy", "qty": 1, **fields}
        recorder.emit(kind, at_ms * MS, vantage, intent_id=intent, order_id=intent, **terms)
    return check(recorder.history())


def life(intent, at_ms, executed_ms, confirmed_ms, venue="exchange 1"):
    """Rows of one order that is accepted, executed and confirmed."""
    return [
        (at_ms, "client", "intend", intent, {}),
        (at_ms, "client", "submit", intent, {}),
        (at_ms, "oms", "acknowledge", intent, {}),
        (at_ms, "client", "acknowledge", intent, {}),
        (executed_ms, venue, "execute", intent, {"exec_id": f"e{intent}"}),
        (confirmed_ms, "client", "confirm", intent, {"exec_id": f"e{intent}"}),
    ]


@pytest.mark.parametrize(
    ("confirmed_ms", "error_ms", "verdict"),
    [
        (160, 0, "late"),
        (160, 5, "late"),
        (160, 50, "indeterminate"),
        (140, 0, "ok"),
        (140, 5, "ok"),
        (140, 50, "indeterminate"),
        (150, 5, "indeterminate"),
    ],
)
def test_lateness_within_the_error_is_unknown(confirmed_ms, error_ms, verdict):
    """Goal: 50 ms from execution to confirmation are judged only as well as clocks go. Method:
    a confirmation 10 ms before or behind its due time, or at it."""
    promise = (Obligation("confirm", within_ns=50 * MS),)
    rows = life("A", 0, 100, confirmed_ms)
    judgement = judged(rows, error_ms=error_ms, obligations=promise)
    assert judgement.verdicts.class_of("A").value == verdict


@pytest.mark.parametrize(
    ("venue", "error_ms", "flags"),
    [
        ("exchange 1", 0, ("overtaken",)),
        ("exchange 1", 50, ("overtaken",)),
        ("exchange 2", 5, ("overtaken",)),
        ("exchange 2", 50, ()),
    ],
)
def test_overtaking_within_the_error_is_unknown(venue, error_ms, flags):
    """Goal: two executions at two venues are ordered only as well as clocks go; at one venue
    there is one clock. Method: received 10 ms apart, executed 20 ms the other way round."""
    rows = life("A", 0, 120, 130) + life("B", 10, 100, 110, venue)
    judgement = judged(rows, error_ms=error_ms, allows=("no-deadline",))
    assert judgement.verdicts.as_map() == {"A": ("ok", flags), "B": ("ok", ())}
