"""Goal: every kind of disruption begins when it should, does what it says, and ends.

Method: one small firm per kind; whole timelines worked out by hand.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bcsim.engine.continuity.disruption import time_of_clock_ns
from bcsim.engine.continuity.injection import inject
from bcsim.engine.continuity.signal import SignalTime
from bcsim.scenario import disruption as kinds
from bcsim.units import NS_PER_H, NS_PER_S
from tests.unit.engine.continuity.firms import changes, component, crash, firm, log, run

ONE = firm({"oms": component(), "gateway": component()})


def wound(kind, at="00:10", lasts="60 s", **more):
    return {"id": "x", "kind": kind, "at": at, "lasts": lasts} | more


@pytest.mark.parametrize(
    ("disruption", "expected"),
    [
        (wound("crash", targets=["oms"]), ["600 oms up=0 (x)", "660 oms up=1 (x)"]),
        (wound("hang", targets=["oms"]), ["600 oms hang=1 (x)", "660 oms hang=0 (x)"]),
        (
            wound("slow", targets=["oms"], speed=250),
            ["600 oms speed=250 (x)", "660 oms speed=1000 (x)"],
        ),
        (
            wound("cut-link", source_side=["oms"], target_side=["gateway"]),
            ["600 oms -> gateway link_up=0 (x)", "660 oms -> gateway link_up=1 (x)"],
        ),
        (
            wound(
                "degrade-link",
                source_side=["oms"],
                target_side=["gateway"],
                both_ways=True,
                latency="20 ms",
                loss=0.015,
            ),
            [
                "600 oms -> gateway link_latency=20000000 (x)",
                "600 oms -> gateway link_loss=15000 (x)",
                "600 gateway -> oms link_latency=20000000 (x)",
                "600 gateway -> oms link_loss=15000 (x)",
                "660 oms -> gateway link_latency=0 (x)",
                "660 oms -> gateway link_loss=0 (x)",
                "660 gateway -> oms link_latency=0 (x)",
                "660 gateway -> oms link_loss=0 (x)",
            ],
        ),
        (
            wound("corrupt", target="oms", probability=0.02),
            ["600 oms corruption=20000 (x)", "660 oms corruption=0 (x)"],
        ),
        (wound("halt", target="gateway"), ["600 gateway halt=1 (x)", "660 gateway halt=0 (x)"]),
        (
            wound("halt", target="gateway", cancel_resting=True),
            ["600 gateway halt=1 cancel (x)", "660 gateway halt=0 (x)"],
        ),
        (wound("surge", orders=3.0), []),
        (wound("price-shock", change=-0.1), []),
        (wound("replication-lag", target="oms"), []),
        (wound("failover-fails", targets=["oms"]), []),
        (wound("failback-fails", target="oms"), []),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_each_kind_does_what_it_says(disruption, expected):
    """Goal: effects of the disruption table. Method: from 00:10 for a minute; the log too."""
    timeline = run(ONE, disruption)
    assert changes(timeline) == expected
    first = next(
        (disruption[f] for f in ("targets", "target", "source_side") if f in disruption), None
    )
    target = "" if first is None else f" component={first if isinstance(first, str) else first[0]}"
    assert log(timeline, "fault_on", "fault_off") == [
        f"600 fault_on{target} subject={disruption['kind']} ref=x",
        f"660 fault_off{target} subject={disruption['kind']} ref=x",
    ]


def test_every_kind_has_an_effect_of_its_own():
    """Goal: a new kind of disruption is not forgotten. Method: the registry of injections."""
    of_order_layer = {kinds.Surge, kinds.PriceShock}
    concrete = set(kinds.Disruption.__subclasses__())
    assert set(inject.registry) - {object} == concrete - of_order_layer


def test_a_lost_site_takes_what_stands_there():
    """Goal: crash of a site = everything hosted there. Method: two centres, a standby at each."""
    standby = {"kind": "hot", "site": "dc1", "switch": "1 s"}
    sites = firm(
        {
            "oms": component(site="dc1"),
            "risk": component(site="dc1"),
            "ledger": component(site="dc2", standby=standby),
        }
    )
    assert changes(run(sites, crash("dc1", lasts="60 s"))) == [
        "600 oms up=0 (dc1-crash)",
        "600 risk up=0 (dc1-crash)",
        "660 oms up=1 (dc1-crash)",
        "660 risk up=1 (dc1-crash)",
    ]


def test_flapping_comes_and_goes():
    """Goal: down and up as often as stated, then over. Method: three times 20 s and 10 s."""
    flap = {
        "id": "x",
        "kind": "flap",
        "at": "00:10",
        "targets": ["oms", "gateway"],
        "down": "20 s",
        "up": "10 s",
        "times": 3,
    }
    timeline = run(ONE, flap)
    assert changes(timeline) == [
        f"{start + offset} {name} up={up} (x)"
        for start in (600, 630, 660)
        for offset, up in ((0, 0), (20, 1))
        for name in ("oms", "gateway")
    ]
    assert log(timeline, "fault_on", "fault_off") == [
        "600 fault_on component=oms subject=flap ref=x",
        "690 fault_off component=oms subject=flap ref=x",
    ]


def test_flapping_ends_with_its_duration():
    """Goal: `lasts` bounds a flap. Method: it ends in the second time down."""
    flap = wound("flap", lasts="35 s", targets=["oms"], down="20 s", up="10 s", times=3)
    assert changes(run(ONE, flap)) == [
        "600 oms up=0 (x)",
        "620 oms up=1 (x)",
        "630 oms up=0 (x)",
        "635 oms up=1 (x)",
    ]


def test_a_partition_between_sites_cuts_every_pair():
    """Goal: a site stands for the components there. Method: two centres, one way only."""
    sites = firm(
        {
            "oms": component(site="dc1"),
            "risk": component(site="dc1"),
            "gateway": component(site="dc2"),
        }
    )
    cut = wound("cut-link", lasts=None, source_side=["dc1"], target_side=["dc2", "oms"])
    assert changes(run(sites, cut)) == [
        "600 oms -> gateway link_up=0 (x)",
        "600 risk -> gateway link_up=0 (x)",
        "600 risk -> oms link_up=0 (x)",
    ]


def test_disruptions_that_overlap_end_when_the_last_does():
    """Goal: lifting one fault does not heal another. Method: two crashes, two slownesses."""
    assert changes(
        run(
            ONE,
            crash("oms", lasts="10 min"),
            crash("oms", "00:15", id="second", lasts="10 min"),
            {"id": "a", "kind": "slow", "at": "00:10", "targets": ["gateway"], "speed": 500},
            wound("slow", targets=["gateway"], speed=500),
        )
    ) == [
        "600 oms up=0 (oms-crash)",
        "600 gateway speed=250 (a)",
        "660 gateway speed=500 (a)",
        "1500 oms up=1 (second)",
    ]


def test_one_ends_as_another_begins():
    """Goal: no flicker: ends come before beginnings, then the state is settled.

    Method: two crashes that meet in one instant.
    """
    first, second = crash(lasts="10 min"), crash("oms", "00:20", id="second", lasts="10 min")
    timeline = run(ONE, first, second)
    assert changes(timeline) == ["600 oms up=0 (oms-crash)", "1800 oms up=1 (second)"]
    assert [line for line in log(timeline, "fault_on", "fault_off") if line.startswith("1200")] == [
        "1200 fault_off component=oms subject=crash ref=oms-crash",
        "1200 fault_on component=oms subject=crash ref=second",
    ]


def test_after_another_and_on_a_trigger():
    """Goal: `after`, `on` and `delay`. Method: a chain of three; the trigger is a signal."""
    triggered: dict[str, Any] = {
        "id": "script",
        "kind": "hang",
        "on": {"event": "acknowledge", "count": 1000},
        "delay": "5 s",
        "targets": ["oms"],
        "lasts": "1 s",
    }
    next_one = triggered | {"id": "next", "after": "script", "delay": "10 s"}
    next_one |= {"on": None, "targets": ["gateway"]}
    signals = (SignalTime(90 * NS_PER_S + 1, "trigger:script"),)
    timeline = run(ONE, next_one, triggered, signals=signals)
    assert [change.time_ns - 90 * NS_PER_S - 1 for change in timeline.changes] == [
        5 * NS_PER_S,
        6 * NS_PER_S,
        15 * NS_PER_S,
        16 * NS_PER_S,
    ]
    assert [change.subject for change in timeline.changes] == ["oms", "oms", "gateway", "gateway"]
    assert run(ONE, next_one, triggered).log == ()


@pytest.mark.parametrize(
    ("clock_h", "start", "expected_h"),
    [(10, "08:00", 2), (8, "08:00", 0), (2, "22:00", 4), (24, "00:00", 24), (24, "09:00", 15)],
)
def test_a_clock_time_is_the_next_one(clock_h, start, expected_h):
    """Goal: times of day become times of the run, past midnight too. Method: by hand."""
    wall = datetime.datetime.fromisoformat(f"2026-11-23T{start}")
    assert time_of_clock_ns(clock_h * NS_PER_H, wall) == expected_h * NS_PER_H
