"""Goal: a run ends as stated, and says what it cuts off. Method: drains, live work, progress.

The drain ends at 11:00:01, which is 3601 s. A client's patience of 8 h is an event beyond that,
so the limit cuts every run off unless a test says otherwise.
"""

from __future__ import annotations

import pytest

from bcsim.engine.description import describe
from bcsim.engine.reference.flow import run_orders
from bcsim.engine.watch import make_watches
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_H
from tests.unit.engine.firms import execute, firm, scenario, step, take
from tests.unit.engine.story import CALM, Wish, blueprint_of, lines, run, story, timeline

SHORT = {"drain": {"limit": "1 s"}}


def test_the_limit_belongs_to_the_run_and_nothing_happens_after_it():
    """Goal: at its limit. Method: acknowledged at 3601 s exactly, and a nanosecond later.

    The client of the first would be told at 3601.001 s.
    """
    wishes = [Wish("3600.989s"), Wish("3600.989000001s")]
    two = {"front": {"servers": 2}}
    history = run(firm([take()], components=two), wishes, scenario=SHORT)
    assert story(history, only="acknowledge finish action") == lines("""
        1h1s front finish 0.1
        1h1s front acknowledge 0.1
        1h1s engine_store action 0.1
        1h1s engine_store action 1.1
    """)


def test_work_that_the_limit_cuts_off_is_named():
    """Goal: live work, order by order. Method: one in service, one that waits, one on its way.

    The first is served from 3600.001 for 2 s, the second waits; the third is sent at 3600.9995
    and would arrive at 3601.0005. A fourth was done long before.
    """
    wishes = [Wish("1s"), Wish("3600s"), Wish("3600.1s"), Wish("3600.9995s")]
    history = run(firm([take(service="2 s")]), wishes, scenario=SHORT)
    assert story(history, "subject", "reason", only="action") == lines("""
        1h1s engine_store action 1.1 subject=live work reason=drain ended
        1h1s engine_store action 2.1 subject=live work reason=drain ended
        1h1s engine_store action 3.1 subject=live work reason=drain ended
    """)


def live(route, faults=CALM, **more):
    """Orders with live work at the limit, of one that was wished at 3600 s."""
    history = run(firm(route, **more), [Wish("3600s")], faults, scenario=SHORT)
    return [line.split()[-1] for line in story(history, only="action")]


CHECK = step("limits", "risk", role="control", control="limits", mode="call")
MENDED = {"limits": {"name": "L", "coverage": 1, "false_alarm": 1, "on_hit": "repair"}}


@pytest.mark.parametrize(
    ("route", "faults"),
    [
        pytest.param([take(service="9 s")], (), id="in service"),
        pytest.param([take(timeout="100 ms")], ("0ms front up 0",), id="parked"),
        pytest.param([take(timeout="2 s")], ("0ms front up 0",), id="before its timeout"),
        pytest.param(
            [take(), step("b", "ledger", batch={"at": ["12:00"]})], (), id="waits for a batch"
        ),
        pytest.param([take(), execute()], ("0ms venue halt 1",), id="rests"),
        pytest.param([take()], ("0ms front servers 0",), id="waits for a server"),
        pytest.param(
            [take(), step("b", "ledger", bulkhead=1, timeout="9 s")],
            ("0ms ledger up 0",),
            id="waits for an answer",
        ),
    ],
)
def test_live_work_of_each_kind(route, faults):
    """Goal: nothing live is called lost. Method: one order in each state."""
    assert live(route, timeline(*faults)) == ["0.1"]


def test_an_order_that_waits_for_its_repair_is_live():
    """Goal: as above, for people's work. Method: a team that needs five minutes."""
    controls = {"limits": MENDED["limits"] | {"repair_team": "desk"}}
    assert live([take(), CHECK], controls=controls, components={"desk": {}}) == ["0.1"]


@pytest.mark.parametrize(
    ("route", "faults"),
    [
        pytest.param([take()], (), id="done"),
        pytest.param([take()], ("0ms app->front link_up 0",), id="request lost"),
        pytest.param(
            [take(service="500 ms")],
            ("3600.1s front up 0", "3600.2s front up 1"),
            id="work lost in a crash",
        ),
        pytest.param(
            [take(), step("b", "ledger")], ("0ms front->ledger link_up 0",), id="hand-over lost"
        ),
    ],
)
def test_what_nothing_can_come_of_is_not_live(route, faults):
    """Goal: a loss is not hidden as indeterminate. Method: no timeout, so nobody asks again."""
    assert live(route, timeline(*faults)) == []


def test_when_nothing_is_pending_the_drain_ends_and_nothing_is_live():
    """Goal: the drain ends when nothing is pending. Method: a frozen fault, patience of 1 s."""
    history = run(
        firm([take(timeout="1 s")], segment={"patience": "1 s"}),
        faults=timeline("0ms front up 0"),
        scenario={"drain": {"limit": "9 h", "kind": "freeze"}},
    )
    assert story(history) == lines("""
        0s client intend 0
        0s client submit 0.1
        0s client send 0.1
        1s client time_out 0.1
    """)


def test_the_run_says_until_when_it_is_complete_and_how_far_it_is():
    """Goal: the return value, and progress every 4096 events. Method: a thousand orders."""
    small, plot = firm([take(), execute()]), scenario()
    made = blueprint_of(small, [Wish(f"{n}s") for n in range(1000)], plot=plot)
    recorder, seen = MemoryRecorder(describe(made, is_settled=True)), []  # type: ignore[var-annotated]
    until_ns = run_orders(made, CALM, recorder, make_watches(small, plot, ()), seen.append)
    assert until_ns == 10 * NS_PER_H
    assert len(seen) >= 2
    assert seen == sorted(seen)
