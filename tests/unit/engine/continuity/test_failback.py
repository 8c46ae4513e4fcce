"""Goal: fail-back is an action of its own: it waits for the repair, can fail, and can split.

Method: a system on its standby, brought back under each of these; whole timelines by hand.
"""

from __future__ import annotations

import math

from tests.unit.engine.continuity.firms import (
    action,
    changes,
    component,
    crash,
    firm,
    log,
    outcomes,
    run,
)

BACK = {"back": action("fail-back", target=["oms"], when=[{"recovered": "oms"}])}


def pair(actions=None, **standby):
    usual = {"kind": "warm", "site": "dc2", "switch": "60 s", "decision": "automatic"}
    oms = component(
        site="dc1",
        store={"kind": "replicated", "lag": "4 s"},
        monitor={"delay": "30 s"},
        standby=usual | {"failback": "2 min", "on_failback": "replay"} | standby,
    )
    return firm({"oms": oms}, actions=BACK if actions is None else actions)


def test_it_waits_for_the_repair():
    """Goal: no fail-back onto a broken machine. Method: repaired after an hour."""
    timeline = run(pair(), crash(lasts="1 h"))
    assert changes(timeline) == [
        "600 oms up=0 (oms-crash)",
        "690 oms failover=596000000000 (oms-crash)",
        "690 oms up=1 (oms-crash)",
        "4320 oms failback=1 replay (back)",
    ]
    assert outcomes(timeline) == ["4200 back: started", "4320 back: done"]
    assert log(timeline, "failback") == [
        "4320 failback component=oms ref=back reason=done cause=back"
    ]


def test_a_restore_after_the_failover_makes_it_possible():
    """Goal: restoring mends the first instance, though the standby runs. Method: data lost.

    Without the action nothing repairs it, and the fail-back waits until the end.
    """
    fix = action("restore", target=["oms"], when=[{"recovered": "oms"}], duration="30 min")
    timeline = run(pair(BACK | {"fix": fix}), crash(data_lost=True))
    assert changes(timeline)[3:] == ["2610 oms failback=1 replay (back)"]
    assert outcomes(timeline) == [
        "690 fix: started", "2490 fix: done", "2490 back: started", "2610 back: done",
    ]  # fmt: skip
    assert log(timeline, "fault_off") == [
        "2490 fault_off component=oms subject=crash ref=oms-crash"
    ]
    waiting = run(pair(), crash(data_lost=True))
    assert (changes(waiting)[3:], outcomes(waiting)) == ([], [])


def test_replication_begins_anew():
    """Goal: the next recovery point is not before the fail-back. Method: a crash 2 s after it."""
    timeline = run(pair(), crash(lasts="1 h"), crash("oms", "01:12:02", id="again"))
    assert "4412 oms failover=4320000000000 (again)" in changes(timeline)


def test_it_can_fail_and_be_tried_again():
    """Goal: the chance of the fail-back. Method: chance 0, two attempts of the action."""
    actions = {"back": BACK["back"] | {"attempts": 2}}
    timeline = run(pair(actions, failback_success=0.0), crash(lasts="1 h"))
    assert outcomes(timeline) == [
        "4200 back: started",
        "4320 back: attempt 1 failed: oms: failed",
        "4440 back: failed: oms: failed",
    ]
    assert len(log(timeline, "failback")) == 2
    assert changes(timeline)[-1] == "690 oms up=1 (oms-crash)"


def test_the_first_instance_can_break_again_on_the_way():
    """Goal: what is down does not take over. Method: its site is lost during the fail-back."""
    timeline = run(pair(), crash(lasts="1 h"), crash("dc1", "01:11"))
    assert outcomes(timeline)[-1] == "4320 back: failed: oms: failed: the first instance is down"


def test_bringing_back_what_is_back_is_no_work():
    """Goal: fail-back where it never failed over. Method: a crash that repair ends first."""
    timeline = run(pair(decision="plan"), crash(lasts="60 s"))
    assert outcomes(timeline) == ["660 back: started", "660 back: done"]
    assert log(timeline, "failback") == []


def spoilt(**more):
    return {
        "id": "left-running",
        "kind": "failback-fails",
        "at": "00:30",
        "target": "oms",
        "reach_standby": ["desk"],
        "reach_both": ["app"],
        "on_heal": "merge",
    } | more


def test_a_spoilt_fail_back_splits_and_nobody_knows():
    """Goal: both are primary until the drain heals; the log says done. Method: by hand."""
    timeline = run(pair(), crash(lasts="1 h"), spoilt(), heal_at="3 h")
    assert changes(timeline)[3:] == [
        "4320 oms split=1 standby:desk,both:app (left-running)",
        "10800 oms split=0 merge (left-running)",
    ]
    assert outcomes(timeline) == ["4200 back: started", "4320 back: done"]
    assert log(timeline, "fault_off") == [
        "4200 fault_off component=oms subject=crash ref=oms-crash",
        "10800 fault_off component=oms subject=failback-fails ref=left-running",
    ]


def test_a_split_ends_with_its_disruption():
    """Goal: `lasts` of the disruption bounds the split. Method: from 00:30 for two hours."""
    timeline = run(pair(), crash(lasts="1 h"), spoilt(lasts="2 h"))
    assert changes(timeline)[-1] == "9000 oms split=0 merge (left-running)"


def test_a_split_component_is_up_while_either_instance_is():
    """Goal: two primaries, one is enough. Method: the first one's site is lost in the split."""
    lost = crash("dc1", "02:00", lasts="10 min")
    timeline = run(pair(), crash(lasts="1 h"), spoilt(), lost, heal_at="3 h")
    assert not any(line.startswith(("7200", "7800")) for line in changes(timeline))
    alone = run(pair(), crash(lasts="1 h"), lost)
    assert "7200 oms up=0 (dc1-crash)" in changes(alone)
    reunited = run(pair(), crash(lasts="1 h"), spoilt(lasts="1 h"), lost)
    assert "7200 oms up=0 (dc1-crash)" in changes(reunited)


def test_fail_backs_work_as_often_as_stated():
    """Goal: success is a chance. Method: 300 seeds, successes within 4.9 standard deviations.

    False-alarm rate 1e-6 (normal approximation of the binomial).
    """
    runs, chance = 300, 0.7
    shaky = pair(failback_success=chance)
    done = sum(
        "reason=done"
        in log(run(shaky, crash(lasts="5 min"), seed=seed, horizon="1 h"), "failback")[0]
        for seed in range(runs)
    )
    assert abs(done - runs * chance) < 4.9 * math.sqrt(runs * chance * (1 - chance))
