"""Goal: a run is a function of its inputs. Method: processes, random days, and what came before.

The random firms, orders and timelines are those of tests/property/days.py.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcsim.engine.arrivals import Source, make_intents
from bcsim.engine.prices import make_prices
from bcsim.engine.timeline import Timeline
from bcsim.streams import Streams
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_MS, NS_PER_S
from tests.property.days import END_NS, days, timelines
from tests.repository import ROOT
from tests.unit.engine.firms import firm, take

SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
HALF = settings.default.max_examples // 2  # type: ignore[union-attr]
"""A day is run twice for one example."""

A_RUN = """
import sys
from tests.unit.engine.firms import execute, firm, scenario, step, take
from bcsim.engine.simulate import simulate
from bcsim.history.writer import MemoryRecorder

patient = {"timeout": "50 ms", "retry": {"limit": 2, "backoff": "10 ms", "jitter": 0.5}}
route = [take(**patient), step("accept", "oms", "exponential 20 ms", **patient), execute(**patient),
         step("book", "ledger", role="book", **patient)]
components = {name: {"queue": {"limit": 9}, "dedup": None} for name in ("front", "oms", "venue")}
small = firm(route, components=components, demand={"orders_per_day": 200},
             links={"default": {"latency": "exponential 2 ms", "loss": 0.05}},
             segment={"patience": "80 ms", "clients": 9, "on_timeout": {"resubmit": 0.5, "switch": 0.3}},
             product={"limit_share": 0.4, "partial_fill": 0.5, "fill_gap": "exponential 1 s"})
plot = scenario(window={"start": "10:00", "end": "10:10"}, drain={"limit": "1 min"}, disruptions=[
    {"id": "a", "kind": "crash", "targets": ["oms"], "at": "10:03", "lasts": "1 min"},
    {"id": "b", "kind": "corrupt", "target": "front", "at": "10:05", "probability": 0.2},
])
found = simulate(small, plot, MemoryRecorder, seed=int(sys.argv[1]))
print(found.recorder.history().root, len(found.recorder.history()))
"""


def root_in_a_process(seed, hash_seed):
    """Root and length of a run's history in a process with another order of hashes."""
    environment = os.environ | {
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", A_RUN, str(seed)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=environment,
        text=True,
    )
    root, length = done.stdout.split()
    assert len(root) == 64
    return root, int(length)


def test_two_processes_give_the_same_history_and_another_seed_another():
    """Goal: nothing depends on hashes or on memory. Method: two processes, then another seed."""
    first, again, other = (
        root_in_a_process(7, 1),
        root_in_a_process(7, 4242),
        root_in_a_process(8, 1),
    )
    assert first == again
    assert first != other
    assert first[1] > 300


def rows_before(history, time_ns):
    """All rows before a time, whole."""
    return [row for row in history.rows() if row["time_ns"] < time_ns]


@settings(max_examples=HALF, suppress_health_check=SLOW_DRAWS)
@given(days(), st.integers(0, END_NS // NS_PER_MS), timelines(max_size=3))
def test_what_goes_wrong_at_a_time_changes_nothing_before(day, cut_ms, more):
    """Goal: the prefix is final. Method: further changes from a time on; rows before it agree.

    Changes of a failover carry the time of their recovery point, which may lie before.
    """
    cut_ns = cut_ms * NS_PER_MS
    added = [change for change in more.changes if change.time_ns >= cut_ns]
    both = sorted((*day.faults.changes, *added), key=lambda change: change.time_ns)
    disturbed = day.history(Timeline(tuple(both), ()))
    assert rows_before(disturbed, cut_ns) == rows_before(day.history(), cut_ns)


@settings(max_examples=HALF, suppress_health_check=SLOW_DRAWS)
@given(days(), st.integers(0, 50))
def test_a_longer_drain_leaves_the_beginning_alone(day, seconds):
    """Goal: the end decides nothing before it, and no state outlives a run. Method: two drains.

    Rows before the shorter one's end agree; at the end it says what is still live.
    """
    end_ns = 60 * NS_PER_S + seconds * NS_PER_S
    short = day.history(scenario={"drain": {"limit": f"{seconds} s"}})
    assert rows_before(short, end_ns) == rows_before(day.history(), end_ns)


# -- common random numbers -------------------------------------------------------------------

BUSY = firm(
    [take()],
    product={"limit_share": 0.5, "limit_offset": 3, "quantity": [1, 9]},
    demand={"cancel": 0.3, "cancel_after": "exponential 1 min"},
    segment={"clients": 50},
)
PARTS = (
    "index",
    "time_ns",
    "client",
    "account",
    "instrument",
    "is_buy",
    "qty",
    "price",
    "cancel_ns",
)


def intents(sources, seed, window=(0, NS_PER_DAY)):
    """The table of some sources' intents, prices included in their luck."""
    streams = Streams(seed, 0)
    prices = make_prices(BUSY, streams, (), from_ns=9 * NS_PER_H, to_ns=16 * NS_PER_H)
    return make_intents(BUSY, sources, streams, prices, midnight_ns=0, window=window)


def columns(table, rows):
    """Some rows of a table, column by column."""
    return {name: getattr(table, name)[rows].tolist() for name in PARTS}


TIMES = st.integers(10 * 60, 11 * 60).map(lambda minutes: minutes * NS_PER_MIN)


@settings(max_examples=60)
@given(st.floats(1.0, 400.0), TIMES, TIMES, st.integers(0, 2**32))
def test_a_surge_leaves_the_other_sources_alone(rate, one, other, seed):
    """Goal: the surge's orders are a source of their own. Method: any rate, interval and seed."""
    usual = Source("app", BUSY.demand["app"], 100.0)
    extra = Source("app.rush", BUSY.demand["app"], rate, min(one, other), max(one, other))
    alone, both = intents([usual], seed), intents([usual, extra], seed)
    assert columns(both, both.source == 0) == columns(alone, alone.source == 0)
    times = both.time_ns[both.source == 1]
    assert ((times >= extra.from_ns) & (times < max(extra.to_ns, 1))).all()


@settings(max_examples=60)
@given(TIMES, TIMES, st.integers(0, 2**32))
def test_an_intent_is_the_same_whatever_the_window(one, other, seed):
    """Goal: a window takes rows, it makes none. Method: any window against the whole day."""
    source = Source("app", BUSY.demand["app"], 100.0)
    window = (min(one, other), max(one, other))
    whole, part = intents([source], seed), intents([source], seed, window)
    inside = (whole.time_ns >= window[0]) & (whole.time_ns < window[1])
    assert columns(part, slice(None)) == columns(whole, inside)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_busier_day_begins_with_the_same_clients(seed):
    """Goal: more orders, the same luck for each index. Method: twice the rate, first 50 rows.

    Their times differ, as gaps are counted in expected orders; who, what and how much do not.
    """
    some, many = (
        intents([Source("app", BUSY.demand["app"], rate)], seed) for rate in (100.0, 200.0)
    )
    for name in ("client", "account", "instrument", "is_buy", "qty"):
        assert getattr(some, name)[:50].tolist() == getattr(many, name)[:50].tolist(), name
