"""Goal: when a healing drain begins, what went wrong by itself ends; what people do goes on.

Method: every sort of disruption under way, a random failure, a plan in the middle of it.
"""

from __future__ import annotations

from tests.unit.engine.continuity.firms import action, changes, component, crash, firm, log, run


def test_disruptions_and_failures_end_and_none_begin():
    """Goal: a healed world. Method: one crash before, one after, failures every hour."""
    failing = component(failure={"mttf": "1 h", "mttr": "10 h"})
    world = firm({"oms": component(), "risk": failing})
    later = crash("oms", "04:00", id="later")
    timeline = run(world, crash("oms"), later, heal_at="2 h")
    assert changes(timeline) == [
        "600 oms up=0 (oms-crash)",
        "3600 risk up=0 (failure:risk)",
        "7200 oms up=1 (oms-crash)",
        "7200 risk up=1 (failure:risk)",
    ]
    assert log(timeline, "fault_on", "fault_off") == [
        "600 fault_on component=oms subject=crash ref=oms-crash",
        "3600 fault_on component=risk subject=crash ref=failure:risk",
        "7200 fault_off component=oms subject=crash ref=oms-crash",
        "7200 fault_off component=risk subject=crash ref=failure:risk",
    ]


def test_lost_data_is_back():
    """Goal: the drain heals what only a restore could. Method: a crash with loss of data."""
    timeline = run(firm({"oms": component()}), crash(data_lost=True, lasts="60 s"), heal_at="1 h")
    assert changes(timeline) == ["600 oms up=0 (oms-crash)", "3600 oms up=1 (oms-crash)"]


def test_what_waits_for_another_disruption_does_not_begin():
    """Goal: nothing new goes wrong. Method: it would follow an hour after the first."""
    second = {
        "id": "next",
        "kind": "hang",
        "after": "oms-crash",
        "delay": "1 h",
        "targets": ["oms"],
    }
    timeline = run(firm({"oms": component()}), crash(), second, heal_at="30 min")
    assert [line for line in log(timeline, "fault_on") if "next" in line] == []


def test_flapping_stops():
    """Goal: no crash after the drain's beginning. Method: it begins in the middle of a flap."""
    flap = {
        "id": "flap",
        "kind": "flap",
        "at": "00:10",
        "targets": ["oms"],
        "down": "60 s",
        "up": "60 s",
        "times": 100,
    }
    timeline = run(firm({"oms": component()}), flap, heal_at="750 s")
    assert changes(timeline) == [
        "600 oms up=0 (flap)",
        "660 oms up=1 (flap)",
        "720 oms up=0 (flap)",
        "750 oms up=1 (flap)",
    ]
    assert log(timeline, "fault_off") == ["750 fault_off component=oms subject=flap ref=flap"]


def test_actions_go_on():
    """Goal: the plan winds down in the drain. Method: intake is stopped before, resumed after."""
    actions = {
        "stop": action("stop-intake", target=["app"], when=[{"detected": "oms"}]),
        "resume": action(
            "resume-intake", target=["app"], when=[{"recovered": "oms"}], duration="5 min"
        ),
    }
    world = firm({"oms": component(monitor={"delay": "60 s"})}, actions=actions)
    assert changes(run(world, crash(), heal_at="1 h")) == [
        "600 oms up=0 (oms-crash)",
        "660 app intake=0 (stop)",
        "3600 oms up=1 (oms-crash)",
        "3900 app intake=1 (resume)",
    ]
