"""Goal: what became of the orders is counted right, by time, segment and control.

Method: hand-written histories and verdicts of a few orders, whose counts are known.
"""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.conduct.fates import (
    AFFECTED,
    FATES,
    ControlUse,
    affected_count,
    fate_counts,
    fates_by_segment,
    orders_per_minute,
    use_of_controls,
)
from bcsim.history.profile import Profile
from bcsim.history.schema import Trace
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_MIN, NS_PER_S


def history_of(*rows):
    recorder = MemoryRecorder(Profile(), Trace.FULL)
    for row in rows:
        recorder.emit(**({"vantage": "client", "kind": "intend"} | row))
    return recorder.history()


def wish(intent, at_s, segment="retail", **more):
    return {"time_ns": at_s * NS_PER_S, "intent_id": intent, "segment": segment} | more


CODES = {verdict.value: verdict.code for verdict in CLASSES}
BITS = {flag.value: flag.bit for flag in FLAGS}


def verdicts_of(found):
    """Verdicts from ``{intent: (class, flag, …)}``."""
    return Verdicts(
        tuple(found),
        np.array([CODES[names[0]] for names in found.values()], dtype=np.int8),
        np.array([sum(BITS[f] for f in names[1:]) for names in found.values()], dtype=np.int32),
    )


DAY = history_of(
    wish("A", 61),
    wish("B", 119, "senior"),
    wish("C", 120),
    wish("A", 200, kind="submit"),
    wish("D", 301),
    {"time_ns": 302 * NS_PER_S, "kind": "execute", "vantage": "venue", "order_id": "X"},
    {"time_ns": 303 * NS_PER_S, "kind": "execute", "vantage": "venue", "exec_id": "E9"},
)
FOUND = verdicts_of(
    {
        "A": ("ok", "slipped"),
        "B": ("rejected", "refused"),
        "C": ("rejected",),
        "D": ("lost",),
        "X": ("phantom",),
        "E9": ("phantom",),
    }
)


def test_every_class_has_a_fate():
    """Goal: nothing falls out of a chart. Method: compare the fates with the classes."""
    assert [fate for fate in FATES if fate != "refused"] == [verdict.value for verdict in CLASSES]
    assert FATES.index("refused") == FATES.index("rejected") - 1
    assert AFFECTED.isdisjoint({"ok", "rejected", "cancelled", "expired", "indeterminate"})
    assert len(AFFECTED) + 5 == len(FATES)


def test_orders_are_counted_by_the_time_of_the_wish():
    """Goal: an order stands where it began, a stray where it was first seen. Method: by hand."""
    fates = orders_per_minute(DAY, FOUND)
    assert fates.bucket_ns == NS_PER_MIN
    assert (fates.from_ns // NS_PER_MIN).tolist() == [1, 2, 3, 4, 5]
    assert {fate: counts.tolist() for fate, counts in fates.counts.items()} == {
        "phantom": [0, 0, 0, 0, 2],
        "lost": [0, 0, 0, 0, 1],
        "refused": [1, 0, 0, 0, 0],
        "rejected": [0, 1, 0, 0, 0],
        "ok": [1, 0, 0, 0, 0],
    }
    assert fates.heights.tolist() == [2, 1, 0, 0, 3]
    assert fates.totals == {"phantom": 2, "lost": 1, "refused": 1, "rejected": 1, "ok": 1}


def test_intervals_may_be_longer():
    """Goal: a day fits a chart. Method: the same orders in intervals of two minutes."""
    fates = orders_per_minute(DAY, FOUND, bucket_ns=2 * NS_PER_MIN)
    assert (fates.from_ns // NS_PER_MIN).tolist() == [0, 2, 4]
    assert fates.heights.tolist() == [2, 1, 3]


def test_a_day_without_orders():
    """Goal: nothing is counted, and nothing breaks. Method: an empty history."""
    nothing = verdicts_of({})
    fates = orders_per_minute(history_of(), nothing)
    assert (fates.from_ns.tolist(), dict(fates.counts), fates.heights.tolist()) == ([], {}, [])
    assert fates_by_segment(history_of(), nothing) == {}
    assert use_of_controls(history_of()) == ()
    assert affected_count(nothing) == 0


def test_refused_orders_are_affected_and_rejected_ones_are_not():
    """Goal: a plan that turns everybody away does not look good. Method: by hand."""
    counts = fate_counts(FOUND)
    assert sum(counts.values()) == len(FOUND)
    assert {fate: n for fate, n in counts.items() if n} == {
        "phantom": 2, "lost": 1, "refused": 1, "rejected": 1, "ok": 1,
    }  # fmt: skip
    assert affected_count(FOUND) == 4


def test_the_flag_alone_does_not_make_an_order_refused():
    """Goal: an order refused once and executed later is ok. Method: the flag on an ok order."""
    assert fate_counts(verdicts_of({"A": ("ok", "refused")}))["refused"] == 0


@pytest.mark.parametrize("flag", FLAGS)
def test_other_flags_change_no_fate(flag):
    """Goal: only ``refused`` is a fate. Method: each flag on a lost order."""
    assert fate_counts(verdicts_of({"A": ("lost", flag)}))["lost"] == 1


def test_segments_are_counted_apart():
    """Goal: the matrix of segments and fates. Method: by hand; strays have no segment."""
    assert fates_by_segment(DAY, FOUND) == {
        "retail": {"lost": 1, "rejected": 1, "ok": 1},
        "senior": {"refused": 1},
    }


def test_a_stray_may_bear_the_name_of_an_intent():
    """Goal: names of the checkers are understood. Method: an order called like an intent."""
    history = history_of(wish("A", 61), {"time_ns": 200 * NS_PER_S, "order_id": "A"})
    fates = orders_per_minute(history, verdicts_of({"A": ("ok",), "order A": ("phantom",)}))
    assert {fate: c.tolist() for fate, c in fates.counts.items()} == {
        "phantom": [0, 0, 1], "ok": [1, 0, 0],
    }  # fmt: skip


def test_verdicts_of_another_history_are_refused():
    """Goal: a mix-up is noticed. Method: a verdict on an intent that is not there."""
    with pytest.raises(AssertionError, match="another history"):
        orders_per_minute(DAY, verdicts_of({"Z": ("ok",)}))


def test_controls_are_counted_by_what_they_did():
    """Goal: passes, stops and omissions of each control. Method: by hand, in order of use."""
    rows = [("control_skip", "voice"), ("control_pass", "limits"), ("control_fail", "limits")]
    rows += [("control_pass", "limits"), ("fault_on", "limits")]
    history = history_of(
        *({"time_ns": i, "kind": kind, "subject": name} for i, (kind, name) in enumerate(rows))
    )
    found = use_of_controls(history)
    assert found == (ControlUse("voice", 0, 0, 1), ControlUse("limits", 2, 1, 0))
    assert [use.count for use in found] == [1, 3]
