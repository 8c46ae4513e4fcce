"""Goal: the alarm reaches people in the order of the call tree, or does not.

Method: chances of 0 and 1, constant answering times; whole call logs by hand.
"""

from __future__ import annotations

import math

from tests.unit.engine.continuity.firms import component, crash, firm, log, run


def person(**more):
    return {"name": "N", "role": "role", "reach": 1.0, "answer": "10 s"} | more


def firm_with(people, tree, **more):
    """OMS is detected at 600 s and escalated; nobody may declare."""
    plan = {"name": "Plan", "declare_on": ["oms"]} | more
    watched = component(monitor={"delay": "0 s"})
    return firm({"oms": watched}, people=people, call_tree=tree, plan=plan)


def calls(timeline):
    """Each call: seconds, caller > person, outcome."""
    return [
        f"{entry.time_ns // 10**9} {entry.actor} > {entry.ref}: {entry.reason}"
        for entry in timeline.log
        if entry.subject == "call"
    ]


def test_the_tree_is_called_line_by_line_and_side_by_side():
    """Goal: a caller calls one after the other, callers at the same time. Method: a tree of six."""
    people = {name: person() for name in "abcdef"}
    lines = [
        {"caller": "a", "calls": ["b", "c"]},
        {"caller": "b", "calls": ["d", "e"]},
        {"caller": "c", "calls": ["f"]},
    ]
    assert calls(run(firm_with(people, {"duty": "a", "lines": lines}), crash())) == [
        "610 monitoring > a: reached",
        "620 a > b: reached",
        "630 a > c: reached",
        "630 b > d: reached",
        "640 b > e: reached",
        "640 c > f: reached",
    ]


def test_a_person_who_does_not_answer_is_given_up_and_passes_nothing_on():
    """Goal: attempts, and a broken branch. Method: b never answers, so d is never called."""
    people = {"a": person(), "b": person(reach=0.0, attempts=2), "c": person(), "d": person()}
    lines = [{"caller": "a", "calls": ["b", "c"]}, {"caller": "b", "calls": ["d"]}]
    assert calls(run(firm_with(people, {"duty": "a", "lines": lines}), crash())) == [
        "610 monitoring > a: reached",
        "620 a > b: not reached",
        "630 a > b: not reached",
        "640 a > c: reached",
    ]


def test_monitoring_calls_the_next_if_duty_does_not_answer():
    """Goal: the alarm does not end with one person. Method: two in monitoring's own line."""
    people = {"a": person(reach=0.0, attempts=1), "b": person(reach=0.0, attempts=1), "c": person()}
    tree = {"duty": "a", "lines": [{"caller": "monitoring", "calls": ["b", "c"]}]}
    assert calls(run(firm_with(people, tree), crash())) == [
        "610 monitoring > a: not reached",
        "620 monitoring > b: not reached",
        "630 monitoring > c: reached",
    ]


def test_people_who_call_each_other_do_not_call_for_ever():
    """Goal: a circle in the tree ends. Method: two who call each other, answering at once."""
    people = {name: person(answer="0 s") for name in "ab"}
    lines = [{"caller": "a", "calls": ["b"]}, {"caller": "b", "calls": ["a"]}]
    assert calls(run(firm_with(people, {"duty": "a", "lines": lines}), crash())) == [
        "600 monitoring > a: reached",
        "600 a > b: reached",
    ]


def test_whoever_is_reached_stays_informed_until_the_plan_stands_down():
    """Goal: no second round of calls in one incident. Method: two crashes, with and without a
    stand-down in between.
    """
    people, tree = {"a": person()}, {"duty": "a"}
    twice = (crash(lasts="60 s"), crash("oms", "01:00", id="again"))
    assert calls(run(firm_with(people, tree), *twice)) == ["610 monitoring > a: reached"]
    down = {"name": "D", "kind": "stand-down", "when": [{"recovered": "oms"}], "duration": "60 s"}
    standing_down = firm_with(people, tree, actions={"down": down})
    assert calls(run(standing_down, *twice)) == [
        "610 monitoring > a: reached",
        "3610 monitoring > a: reached",
    ]


def test_calls_reach_as_often_as_stated():
    """Goal: reach is a chance per call. Method: 300 persons with one attempt each.

    False-alarm rate 1e-6: reached within 4.9 standard deviations of the binomial.
    """
    count, chance = 300, 0.6
    people = {"a": person()} | {f"p{n}": person(reach=chance, attempts=1) for n in range(count)}
    lines = [{"caller": "a", "calls": [f"p{n}" for n in range(count)]}]
    timeline = run(firm_with(people, {"duty": "a", "lines": lines}), crash())
    reached = sum("reason=reached" in line for line in log(timeline, "action")) - 1
    assert abs(reached - count * chance) < 4.9 * math.sqrt(count * chance * (1 - chance))
