"""Goal: actions start when their conditions come to hold, and again when they do so anew.

Method: every condition on its own, then together; actions that wait for each other, and for
themselves.
"""

from __future__ import annotations

import pytest

from bcsim.engine.continuity.condition import wording
from bcsim.engine.continuity.signal import SignalTime
from bcsim.limits import INSTANT_RUNS_MAX
from bcsim.model.plan import Condition
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


def planned(actions, **more):
    """OMS is detected after 30 s and declared a minute later; a standby waits for the plan."""
    standby = {"kind": "warm", "site": "dc2", "switch": "0 s"}
    oms = component(monitor={"delay": "30 s"}, standby=standby)
    board = {"decides": ["chair"], "decision": "60 s", "escalate_after": "1 h"}
    plan = {"name": "P", "actions": actions, "declaration": "board", "declare_on": ["oms"]} | more
    return firm(
        {"oms": oms},
        people={"chair": person(answer="0 s")},
        authorities={"board": board},
        plan=plan,
    )


def when(*conditions, **more):
    return action("stop-intake", when=list(conditions)) | more


def starts(timeline, name="act"):
    return [
        int(line.split()[0]) for line in outcomes(timeline) if line.endswith(f" {name}: started")
    ]


@pytest.mark.parametrize(
    ("condition", "expected_s"),
    [
        ({"detected": "oms"}, [630]),
        ({"recovered": "oms"}, [1200]),
        ({"up": "oms"}, [0, 1200]),
        ({"declared": True}, [690]),
        ({"declared": False}, [0]),
        ({"signal": "calls"}, [900]),
    ],
)
def test_when_each_condition_comes_to_hold(condition, expected_s):
    """Goal: what conditions mean. Method: a crash from 600 to 1200 s, a signal at 900 s."""
    signals = {"signals": {"calls": {"kind": "backlog", "component": "oms", "above": 5}}}
    world = planned({"act": when(condition)}, **signals)
    timeline = run(world, crash(lasts="10 min"), signals=(SignalTime(900 * 10**9, "calls"),))
    assert starts(timeline) == expected_s


def test_all_conditions_must_hold_together():
    """Goal: a list is an AND. Method: detected and declared; detected and recovered never."""
    world = planned(
        {
            "both": when({"detected": "oms"}, {"declared": True}),
            "never": when({"detected": "oms"}, {"recovered": "oms"}),
        }
    )
    timeline = run(world, crash(lasts="10 min"))
    assert (starts(timeline, "both"), starts(timeline, "never")) == ([690], [])


def test_success_and_failure_lead_on():
    """Goal: done and failed. Method: two actions, what follows each."""
    world = planned(
        {
            "after-good": when({"done": "good"}),
            "after-bad": when({"failed": "bad"}),
            "not-after-bad": when({"done": "bad"}),
            "good": when({"detected": "oms"}, duration="10 s"),
            "bad": when({"detected": "oms"}, duration="20 s", success=0.0),
        }
    )
    timeline = run(world, crash())
    names = ("good", "bad", "after-good", "after-bad", "not-after-bad")
    assert {name: starts(timeline, name) for name in names} == {
        "good": [630],
        "bad": [630],
        "after-good": [640],
        "after-bad": [650],
        "not-after-bad": [],
    }


def test_an_action_starts_again_when_its_conditions_hold_anew():
    """Goal: the plan works for the second crash too. Method: two crashes; a follow-up follows
    each time.
    """
    world = planned({"follow-up": when({"done": "act"}), "act": when({"detected": "oms"})})
    twice = (crash(lasts="60 s"), crash("oms", "01:00", id="again", lasts="60 s"))
    timeline = run(world, *twice)
    assert starts(timeline) == starts(timeline, "follow-up") == [630, 3630]


def test_what_ceases_to_hold_for_no_time_holds_anew():
    """Goal: the second crash counts even if the standby is there at once. Method: crash the first
    instance, fail back, crash it again; detection and switches take no time.
    """
    standby = {"kind": "warm", "site": "dc2", "switch": "0 s", "decision": "automatic"}
    oms = component(monitor={"delay": "0 s"}, standby=standby)
    back = action("fail-back", target=["oms"], when=[{"recovered": "oms"}])
    up = action("resume-intake", when=[{"up": "oms"}])
    world = firm({"oms": oms}, actions={"back": back, "up": up})
    twice = (crash(lasts="60 s"), crash("oms", "01:00", id="again", lasts="60 s"))
    timeline = run(world, *twice)
    assert starts(timeline, "back") == [660, 3660]
    assert starts(timeline, "up") == [0, 600, 3600]


def test_an_action_does_not_start_while_it_runs():
    """Goal: nobody begins twice. Method: it takes longer than from crash to crash."""
    world = planned({"act": when({"detected": "oms"}, duration="2 h")})
    twice = (crash(lasts="60 s"), crash("oms", "01:00", id="again", lasts="60 s"))
    assert starts(run(world, *twice)) == [630]


def test_actions_that_start_each_other_for_ever_stop_at_a_bound():
    """Goal: no endless loop, not even within one instant. Method: an action that follows its
    own failure and takes no time.
    """
    loop = when({"failed": "act"}, success=0.0)
    kick = (SignalTime(60 * 10**9, "action:act"),)
    timeline = run(planned({"act": loop}), signals=kick)
    assert starts(timeline) == [60] * INSTANT_RUNS_MAX
    why = f"it was begun {INSTANT_RUNS_MAX} times in one instant"
    assert outcomes(timeline)[-1] == f"60 act: failed: {why}"


def test_simultaneous_actions_keep_the_plans_order():
    """Goal: a stated order. Method: three actions on one condition."""
    world = planned({name: when({"detected": "oms"}) for name in ("c", "a", "b")})
    started = [line for line in outcomes(run(world, crash())) if "started" in line]
    assert started == ["630 c: started", "630 a: started", "630 b: started"]


def test_a_firm_without_a_plan_only_suffers():
    """Goal: no plan, no action. Method: a crash and a signal."""
    bare = firm({"oms": component(monitor={"delay": "0 s"})})
    timeline = run(bare, crash(), signals=(SignalTime(5, "calls"),))
    assert changes(timeline) == ["600 oms up=0 (oms-crash)"]
    assert outcomes(timeline) == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"detected": "oms"}, "detected oms"),
        ({"done": "fail-over"}, "done fail-over"),
        ({"declared": True}, "declared"),
        ({"declared": False}, "not declared"),
    ],
)
def test_conditions_in_words(condition, expected):
    """Goal: the decision log can be read. Method: each form."""
    assert wording(Condition.model_validate(condition)) == expected


def test_an_action_is_done_again_while_its_conditions_hold():
    """Goal: `every`, without the delay. Method: updates each 10 minutes, each taking one.

    The outage is found at 600 s and over at 2700 s; a second one brings the updates back.
    """
    news = action(
        "notify-clients",
        when=[{"detected": "oms"}],
        message="M",
        delay="2 min",
        duration="60 s",
        every="10 min",
    )
    world = firm({"oms": component(monitor={"delay": "0 s"})}, actions={"news": news})
    outages = [crash(lasts="35 min"), crash(at="02:00", id="again", lasts="5 min")]
    assert log(run(world, *outages), "notify") == [
        f"{at_s} notify subject=news ref=news reason=notify-clients"
        for at_s in (780, 1440, 2100, 7380)
    ]


def test_an_update_that_is_ordered_is_given_once():
    """Goal: a participant's order is one action. Method: an order, and conditions that fail."""
    news = action("notify-clients", when=[{"detected": "oms"}], message="M", every="10 min")
    world = firm({"oms": component()}, actions={"news": news})
    timeline = run(world, signals=(SignalTime(10**9, "action:news"),))
    assert log(timeline, "notify") == ["1 notify subject=news ref=news reason=notify-clients"]
