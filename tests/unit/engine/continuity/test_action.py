"""Goal: an action starts on its conditions, needs what it needs, and says how it ended.

Method: one action at a time; constant times; whole decision logs by hand. Which actions are
due is test_plan.py, what they do test_remedy.py.
"""

from __future__ import annotations

import math

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
from tests.unit.engine.continuity.test_call_tree import person

DETECTED = [{"detected": "oms"}]
TEAM = {"component": "it", "site": "office", "headcount": 2}


def acting(act, *, people=None, authorities=None, teams=None, **components):
    """A firm whose plan is one action, with OMS detected at once."""
    parts = {"oms": component(monitor={"delay": "0 s"})} | components
    more = {"people": people or {}, "authorities": authorities or {}, "teams": teams or {}}
    return firm(parts, actions={"act": act}, **more)


def test_from_condition_to_done():
    """Goal: delay, then duration; who, what, why. Method: the whole log of one action."""
    act = action("manual-fallback", target=["oms"], when=DETECTED, delay="60 s", duration="2 min")
    timeline = run(acting(act), crash())
    why = "component=oms subject=manual-fallback ref=act"
    assert log(timeline, "action") == [
        f"660 action {why} reason=started cause=detected oms",
        f"780 action {why} reason=done cause=detected oms",
    ]
    assert changes(timeline) == ["600 oms up=0 (oms-crash)", "780 oms fallback=1 (act)"]


def test_preconditions_are_looked_at_when_it_starts():
    """Goal: requires, and the unmet one is named. Method: the network fails during the delay."""
    act = action(
        "manual-fallback",
        target=["oms"],
        when=DETECTED,
        delay="60 s",
        requires=[{"up": "wan"}, {"declared": False}, {"up": "lan"}],
    )
    world = acting(act, wan=component(), lan=component())
    assert outcomes(run(world, crash())) == ["660 act: started", "660 act: done"]
    assert outcomes(run(world, crash(), crash("lan", "00:10:30"))) == [
        "660 act: failed: requires up lan"
    ]


def test_a_mandated_person_decides():
    """Goal: authority, decision time, and the actor. Method: the deputy is the one reached."""
    people = {"chair": person(reach=0.0, attempts=1), "deputy": person()}
    board = {"decides": ["chair", "deputy"], "decision": "30 s", "escalate_after": "5 min"}
    act = action("stop-intake", when=DETECTED, authority="board", duration="10 s")
    timeline = run(acting(act, people=people, authorities={"board": board}), crash())
    tail = "cause=detected oms"
    assert [line for line in log(timeline, "action") if "call" not in line] == [
        f"650 action actor=deputy subject=stop-intake ref=act reason=decided {tail}",
        f"650 action actor=deputy subject=stop-intake ref=act reason=started {tail}",
        f"660 action actor=deputy subject=stop-intake ref=act reason=done {tail}",
    ]


def test_without_a_decision_nothing_is_done():
    """Goal: an unreachable mandate fails the action. Method: nobody answers."""
    people = {"chair": person(reach=0.0, attempts=1)}
    board = {"decides": ["chair"], "decision": "30 s", "escalate_after": "5 min"}
    act = action("stop-intake", when=DETECTED, authority="board")
    timeline = run(acting(act, people=people, authorities={"board": board}), crash())
    assert outcomes(timeline) == [
        "610 act: no mandated person reached",
        "610 act: failed: no mandated person reached",
    ]
    assert changes(timeline) == ["600 oms up=0 (oms-crash)"]


def test_who_acts_does_not_process_orders():
    """Goal: recovery work takes a server of the team, and gives it back. Method: two servers."""
    act = action("stop-intake", target=["app"], when=DETECTED, team="it", duration="10 min")
    world = acting(act, teams={"it": TEAM}, it=component("team", servers=2))
    timeline = run(world, crash())
    assert changes(timeline) == [
        "600 oms up=0 (oms-crash)",
        "600 it servers=1 (act)",
        "1200 app intake=0 (act)",
        "1200 it servers=2 (act)",
    ]
    assert "actor=it" in log(timeline, "action")[0]


def test_an_action_waits_for_somebody_of_its_team():
    """Goal: nobody does two things at once. Method: two people, three actions at once."""
    acts = {
        name: action("manual-fallback", target=["oms"], when=DETECTED, team="it", duration="60 s")
        for name in ("a", "b", "c")
    }
    parts = {"oms": component(monitor={"delay": "0 s"}), "it": component("team", servers=2)}
    timeline = run(firm(parts, actions=acts, teams={"it": TEAM}), crash())
    assert outcomes(timeline) == [
        "600 a: started",
        "600 b: started",
        "600 c: waiting: nobody of it is free",
        "660 a: done",
        "660 c: started",
        "660 b: done",
        "720 c: done",
    ]


def test_an_action_waits_for_a_team_that_is_away():
    """Goal: absent people do not act. Method: everybody is missing until 00:20."""
    act = action("stop-intake", target=["app"], when=DETECTED, team="it")
    world = acting(act, teams={"it": TEAM}, it=component("team", servers=2))
    gone = {"id": "flu", "kind": "absence", "at": "00:00", "lasts": "20 min", "teams": ["it"]}
    assert outcomes(run(world, gone | {"share": 1.0}, crash())) == [
        "600 act: waiting: nobody of it is free",
        "1200 act: started",
        "1200 act: done",
    ]


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        (1, ["600 act: started", "660 act: failed: it did not work"]),
        (
            3,
            [
                "600 act: started",
                "660 act: attempt 1 failed: it did not work",
                "720 act: attempt 2 failed: it did not work",
                "780 act: failed: it did not work",
            ],
        ),
    ],
)
def test_attempts_are_counted(attempts, expected):
    """Goal: as many tries as stated. Method: a chance of 0; nothing changes."""
    act = action("stop-intake", when=DETECTED, duration="60 s", success=0.0, attempts=attempts)
    timeline = run(acting(act), crash())
    assert outcomes(timeline) == expected
    assert changes(timeline) == ["600 oms up=0 (oms-crash)"]


def test_a_participant_of_a_drill_orders_an_action():
    """Goal: action:ID starts it, its conditions and decision left aside, preconditions not.

    Method: an action that waits for ever, ordered; and one whose precondition fails.
    """
    board = {"decides": ["chair"], "decision": "1 h", "escalate_after": "1 h"}
    act = action("stop-intake", target=["app"], when=DETECTED, authority="board", duration="5 s")
    world = acting(act, people={"chair": person()}, authorities={"board": board})
    signals = (SignalTime(60 * NS_PER_S, "action:act"),)
    assert changes(run(world, signals=signals)) == ["65 app intake=0 (act)"]
    strict = acting(act | {"requires": [{"declared": True}]})
    assert outcomes(run(strict, signals=signals)) == ["60 act: failed: requires declared"]


def test_actions_work_as_often_as_stated():
    """Goal: success is a chance. Method: 300 seeds, successes within 4.9 standard deviations.

    False-alarm rate 1e-6 (normal approximation of the binomial).
    """
    runs, chance = 300, 0.75
    shaky = acting(action("stop-intake", when=DETECTED, success=chance))
    done = sum(
        outcomes(run(shaky, crash(), seed=seed, horizon="1 h"))[-1].endswith("done")
        for seed in range(runs)
    )
    assert abs(done - runs * chance) < 4.9 * math.sqrt(runs * chance * (1 - chance))
