"""Goal: the logs of one drill become one history. Method: two short histories, joined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcsim.errors import HistoryError
from bcsim.history.join import join, join_profiles
from bcsim.history.profile import Coverage, Obligation, Profile
from bcsim.history.writer import MemoryRecorder


def history(vantage: str, *times: int, **profile):
    recorder = MemoryRecorder(Profile(coverage=(Coverage(vantage),), **profile))
    for time_ns in times:
        recorder.emit("notify", time_ns, vantage, intent_id=f"{vantage}-{time_ns}")
    return recorder.history()


def test_events_are_put_in_order():
    """Goal: by time, ties in the order of the histories, numbered anew. Method: four events."""
    joint = join([history("oms", 5, 9), history("client", 1, 5)])
    events = [(e["seq"], e["time_ns"], e["intent_id"]) for e in joint.rows()]
    assert events == [(0, 1, "client-1"), (1, 5, "oms-5"), (2, 5, "client-5"), (3, 9, "oms-9")]
    assert joint.profile.coverage == (Coverage("oms"), Coverage("client"))


def test_one_history_stays_as_it_is():
    """Goal: nothing to join, nothing to copy. Method: one, without and with another profile."""
    only = history("oms", 5)
    assert join([only]) is only
    other = replace(only.profile, source="x")
    assert join([only], other).profile == other


def test_profiles():
    """Goal: lists together, promises of any, the rest equal. Method: two profiles."""
    duty = Obligation("book", within_ns=1)
    left = Profile(intents_recorded=True, source="a", declared_kinds=("intend",), controls=("x",))
    right = Profile(source="b", settled=False, obligations=(duty,), declared_kinds=("book",))
    joint = join_profiles([left, right])
    assert joint == Profile(
        intents_recorded=True,
        source="a, b",
        settled=False,
        obligations=(duty,),
        declared_kinds=("intend", "book"),
        controls=("x",),
    )
    assert join_profiles([left, Profile()]).declared_kinds == ()


def test_contradiction():
    """Goal: times that count from other moments are refused. Method: two starts, two scales."""
    left, right = history("oms", 1, start="2026-01-01"), history("client", 1, qty_scale=3)
    with pytest.raises(HistoryError) as caught:
        join([left, right])
    assert [problem.value for problem in caught.value.problems] == [
        "start=2026-01-01 and None",
        "qty_scale=0 and 3",
    ]
    stated = Profile(start="2026-01-01")
    assert join([left, right], stated).profile == stated
