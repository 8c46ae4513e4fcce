"""Goal: a mandated person decides in time, a deputy in their place, or nobody does.

Method: chances of 0 and 1, constant times; the declaration and what was logged instead.
"""

from __future__ import annotations

from bcsim.engine.continuity.signal import SignalTime
from tests.unit.engine.continuity.firms import component, crash, firm, log, run
from tests.unit.engine.continuity.test_call_tree import calls, person


def firm_with(people, decides, *, tree=None, escalate_after="5 min", **more):
    authority = {"decides": decides, "decision": "2 min", "escalate_after": escalate_after}
    plan = {"name": "Plan", "declaration": "board", "declare_on": ["oms"]}
    watched = component(monitor={"delay": "0 s"})
    return firm(
        {"oms": watched},
        people=people,
        call_tree=tree,
        authorities={"board": authority},
        plan=plan | more,
    )


def not_calls(timeline):
    return [line for line in log(timeline, "declare", "action") if "subject=call" not in line]


def test_the_first_with_the_mandate_declares():
    """Goal: alarm, call, decision. Method: duty officer calls the chair; the cause is named."""
    people = {"duty": person(), "chair": person(), "deputy": person()}
    tree = {"duty": "duty", "lines": [{"caller": "duty", "calls": ["chair"]}]}
    timeline = run(firm_with(people, ["chair", "deputy"], tree=tree), crash())
    assert calls(timeline) == ["610 monitoring > duty: reached", "620 duty > chair: reached"]
    assert not_calls(timeline) == [
        "740 declare component=oms actor=chair ref=board cause=oms-crash"
    ]


def test_the_duty_officer_may_decide_alone():
    """Goal: whoever has the alarm and the mandate needs no call. Method: duty is mandated."""
    timeline = run(firm_with({"duty": person()}, ["duty"], tree={"duty": "duty"}), crash())
    assert calls(timeline) == ["610 monitoring > duty: reached"]
    assert not_calls(timeline) == ["730 declare component=oms actor=duty ref=board cause=oms-crash"]


def test_a_deputy_is_tried_when_the_first_is_given_up():
    """Goal: no waiting for somebody whose phone is off. Method: two calls, not five minutes."""
    people = {"chair": person(reach=0.0, attempts=2), "deputy": person()}
    timeline = run(firm_with(people, ["chair", "deputy"]), crash())
    assert calls(timeline) == [
        "610 monitoring > chair: not reached",
        "620 monitoring > chair: not reached",
        "630 monitoring > deputy: reached",
    ]
    assert not_calls(timeline) == [
        "750 declare component=oms actor=deputy ref=board reason=deputy cause=oms-crash"
    ]


def test_a_deputy_is_tried_when_the_first_takes_too_long():
    """Goal: escalate_after. Method: the chair's call takes an hour."""
    people = {"chair": person(answer="1 h"), "deputy": person()}
    timeline = run(firm_with(people, ["chair", "deputy"]), crash())
    assert not_calls(timeline) == [
        "1030 declare component=oms actor=deputy ref=board reason=deputy cause=oms-crash"
    ]


def test_the_first_decides_if_reached_while_the_deputy_is_being_called():
    """Goal: the mandate's order counts among those tried. Method: the chair answers in the
    deputy's time.
    """
    people = {"chair": person(answer="6 min"), "deputy": person(answer="10 min")}
    timeline = run(firm_with(people, ["chair", "deputy"]), crash())
    assert not_calls(timeline) == [
        "1080 declare component=oms actor=chair ref=board cause=oms-crash"
    ]


def test_the_last_deputy_leaves_the_first_their_time():
    """Goal: the search ends with the last limit, not with the last call. Method: the deputy is
    given up at once while the chair's call goes on.
    """
    people = {"chair": person(answer="6 min"), "deputy": person(reach=0.0, attempts=1)}
    timeline = run(firm_with(people, ["chair", "deputy"]), crash())
    assert not_calls(timeline) == [
        "1080 declare component=oms actor=chair ref=board cause=oms-crash"
    ]


def test_nobody_with_the_mandate_is_reached():
    """Goal: an unreachable chain declares nothing, and says so. Method: nobody answers."""
    people = {"chair": person(reach=0.0, attempts=1), "deputy": person(reach=0.0, attempts=1)}
    assert not_calls(run(firm_with(people, ["chair", "deputy"]), crash())) == [
        "620 action subject=declaration ref=board reason=no mandated person reached"
    ]


def test_nobody_takes_the_alarm():
    """Goal: without the duty officer nobody learns of it. Method: duty does not answer."""
    people = {"duty": person(reach=0.0, attempts=1), "chair": person()}
    timeline = run(firm_with(people, ["chair"], tree={"duty": "duty"}), crash())
    assert calls(timeline) == ["610 monitoring > duty: not reached"]
    assert not_calls(timeline) == [
        "610 action subject=declaration ref=board reason=no mandated person reached"
    ]


def test_the_next_impairment_is_escalated_again():
    """Goal: a failed escalation is not the last. Method: it fails for the first of two crashes."""
    people = {"chair": person(reach=0.0, attempts=1)}
    twice = (crash(lasts="60 s"), crash("oms", "01:00", id="again"))
    assert len(not_calls(run(firm_with(people, ["chair"]), *twice))) == 2


def test_nothing_is_declared_when_it_works_again():
    """Goal: who decides looks first. Method: the crash is over before the decision."""
    people = {"chair": person()}
    assert not_calls(run(firm_with(people, ["chair"]), crash(lasts="60 s"))) == [
        "730 action actor=chair subject=declaration ref=board reason=not needed: it works again"
    ]


def test_one_declaration_is_enough():
    """Goal: no second one while the first holds. Method: two crashes, one after the other."""
    people = {"chair": person()}
    twice = (crash(lasts="10 min"), crash("oms", "01:00", id="again"))
    assert len(log(run(firm_with(people, ["chair"]), *twice), "declare")) == 1


def test_a_participant_of_a_drill_declares():
    """Goal: declare:PERSON at its instant, by anybody, deputies named so. Method: two signals."""
    people = {"chair": person(), "deputy": person()}
    drilled = firm_with(people, ["chair", "deputy"])
    signals = (SignalTime(5, "declare:deputy"), SignalTime(6, "declare:chair"))
    assert log(run(drilled, signals=signals)) == [
        "5 ns declare actor=deputy ref=board reason=deputy"
    ]
