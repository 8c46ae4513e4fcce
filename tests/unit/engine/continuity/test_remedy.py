"""Goal: every kind of action changes what it should, where it should.

Method: one plan per kind under one crash; whole timelines by hand.
"""

from __future__ import annotations

import pytest

from bcsim.engine.continuity.signal import SignalTime
from bcsim.units import NS_PER_S
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

DETECTED = [{"detected": "oms"}]
STANDBY = {"kind": "warm", "site": "dc2", "switch": "60 s"}


def acting(actions, **components):
    watched = component(monitor={"delay": "0 s"}, standby=STANDBY)
    return firm({"oms": watched} | components, actions=actions)


def effects(timeline):
    """Changes other than up and down."""
    return [line for line in changes(timeline) if " up=" not in line]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (action("manual-fallback", target=["oms", "risk"]), ["oms fallback=1", "risk fallback=1"]),
        (action("stop-intake", target=["phone"]), ["phone intake=0"]),
        (action("stop-intake"), ["app intake=0", "phone intake=0"]),
        (action("resume-intake"), []),
        (
            action("prioritise", order=["client", "vulnerable", "house"]),
            ["priorities priority=1 client,vulnerable,house"],
        ),
        (action("prioritise", order=["vulnerable", "client", "house"]), []),
        (action("reconcile", target=["a", "b"]), ["a reconcile=1", "b reconcile=1"]),
        (action("stand-down"), []),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_effects_that_take_place_at_once(act, expected):
    """Goal: the action table. Method: one action on detection; what was so is not repeated."""
    timeline = run(acting({"act": act | {"when": DETECTED}}, risk=component()), crash())
    assert effects(timeline) == [f"600 {line} (act)" for line in expected]
    assert outcomes(timeline)[-1] == "600 act: done"


@pytest.mark.parametrize("kind", ["notify-clients", "notify-regulator"])
def test_notices_go_to_every_target(kind):
    """Goal: who was told what, when, by whom. Method: two channels, and nobody in particular."""
    told = {"to": action(kind, target=["app", "phone"]), "all": action(kind)}
    actions = {
        name: act | {"when": DETECTED, "duration": "90 s", "message": "Orders are delayed."}
        for name, act in told.items()
    }
    assert log(run(acting(actions), crash()), "notify") == [
        f"690 notify component=app subject=to ref=to reason={kind}",
        f"690 notify component=phone subject=to ref=to reason={kind}",
        f"690 notify subject=all ref=all reason={kind}",
    ]


def test_standing_down_ends_what_the_plan_put_in_place():
    """Goal: fallbacks, intake and priorities are normal again. Method: set all, then end all."""
    actions = {
        "paper": action("manual-fallback", target=["oms"], when=DETECTED),
        "stop": action("stop-intake", when=DETECTED),
        "first": action("prioritise", order=["house", "client", "vulnerable"], when=DETECTED),
        "end": action("stand-down", when=[{"recovered": "oms"}], duration="60 s"),
    }
    assert effects(run(acting(actions), crash(lasts="10 min")))[4:] == [
        "1260 oms fallback=0 (end)",
        "1260 app intake=1 (end)",
        "1260 phone intake=1 (end)",
        "1260 priorities priority=1 vulnerable,client,house (end)",
    ]


def test_standing_down_can_be_partial():
    """Goal: with targets only those return. Method: one of two fallbacks, no intake."""
    actions = {
        "paper": action("manual-fallback", target=["oms", "risk"], when=DETECTED),
        "stop": action("stop-intake", when=DETECTED),
        "end": action("stand-down", target=["oms"], when=[{"recovered": "oms"}]),
    }
    timeline = run(acting(actions, risk=component()), crash(lasts="10 min"))
    assert effects(timeline)[4:] == ["1200 oms fallback=0 (end)"]


def test_switching_over_several_at_once():
    """Goal: all targets at the same time; one failure fails the action, and says which.

    Method: two with standbys, one of which is down, and one without.
    """
    over = action("fail-over", target=["oms", "risk", "bare"], when=DETECTED, attempts=2)
    world = acting(
        {"over": over},
        risk=component(standby={"kind": "hot", "site": "dc1", "switch": "90 s"}),
        bare=component(),
    )
    timeline = run(world, crash("dc1", "00:01"), crash())
    why = "bare: it has no standby"
    assert outcomes(timeline) == [
        "600 over: started",
        f"690 over: attempt 1 failed: risk: failed: the standby is down; {why}",
        f"780 over: failed: risk: failed: the standby is down; {why}",
    ]
    assert [line for line in log(timeline, "failover") if "component=oms" in line] == [
        "660 failover component=oms ref=over reason=done cause=over"
    ]


def test_what_runs_on_its_standby_already():
    """Goal: nothing is switched twice; a broken standby is a failure. Method: order it again,
    while the standby works and after it has crashed.
    """
    over = {"over": action("fail-over", target=["oms"], when=DETECTED)}
    crashed_again = crash("oms", "00:30", id="again")
    orders = (SignalTime(1200 * NS_PER_S, "action:over"),)
    timeline = run(acting(over), crash(), crashed_again, signals=orders)
    assert outcomes(timeline) == [
        "600 over: started",
        "660 over: done",
        "1200 over: started",
        "1200 over: done",
        "1800 over: started",
        "1800 over: failed: oms: it runs on its standby already",
    ]
    assert len(log(timeline, "failover")) == 1


def test_two_switches_of_one_component_do_not_meet():
    """Goal: one at a time. Method: two actions on the same condition."""
    over = action("fail-over", target=["oms"], when=DETECTED)
    timeline = run(acting({"one": over, "two": over}), crash())
    assert outcomes(timeline) == [
        "600 one: started",
        "600 two: started",
        "600 two: failed: oms: another switch is under way",
        "660 one: done",
    ]


def test_a_switch_by_the_plan_is_called_off_when_it_works_again():
    """Goal: no needless loss of the lag. Method: the crash is over before the work is done."""
    over = {"over": action("fail-over", target=["oms"], when=DETECTED, duration="10 min")}
    timeline = run(acting(over), crash(lasts="60 s"))
    assert log(timeline, "failover") == [
        "1260 failover component=oms ref=over reason=cancelled: it works again cause=over"
    ]
    assert outcomes(timeline)[-1] == "1260 over: done"
    assert effects(timeline) == []
