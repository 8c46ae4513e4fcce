"""Goal: who is not trained processes no orders, on this day and at this place; roles are watched.

Method: timelines of a desk of twelve; numbers of people by hand.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.continuity.assembly import assemble
from bcsim.engine.continuity.fault import Impact
from bcsim.streams import Streams
from tests.unit.engine.continuity.firms import (
    action,
    changes,
    component,
    crash,
    firm,
    log,
    run,
    scenario,
)

TEAM = {"component": "desk", "site": "office", "headcount": 12, "alternate_site": "dc2"}
UNREACHABLE = {"id": "flood", "kind": "site-unreachable", "at": "00:10", "site": "office"}
MOVE = {
    "move": action("relocate-staff", target=["desk"], when=[{"detected": "desk"}], duration="60 s")
}
HALF_GONE = {
    "id": "flu",
    "kind": "absence",
    "at": "00:10",
    "lasts": "1 h",
    "teams": ["desk"],
    "share": 0.5,
}


def skill(*holders, operates=True):
    return {"name": "Licence", "holders": list(holders), "operates": operates}


def people(count, until=None, site=None):
    return {"people": count, "expires_on": until, "site": site}


def desk(*, actions=None, servers=12, **team):
    watched = component("team", site="office", servers=servers, monitor={"delay": "30 s"})
    return firm({"desk": watched}, teams={"desk": TEAM | team}, actions=actions)


@pytest.mark.parametrize(
    ("skills", "servers"),
    [
        ({"a": skill(people(12))}, None),
        ({"a": skill(people(9))}, 9),
        ({"a": skill(people(6, "2026-11-22"), people(5))}, 5),
        ({"a": skill(people(6, "2026-11-23"), people(5))}, 11),
        ({"a": skill(people(12)), "b": skill(people(7))}, 7),
        ({"a": skill(people(2), operates=False)}, None),
        ({"a": skill(people(4), people(8, site="dc2"))}, 4),
        ({"a": skill(people(4), people(8, site="office"))}, None),
    ],
)
def test_those_work_who_are_trained(skills, servers):
    """Goal: who counts on a day at the own site. Method: expired, elsewhere, the rarest skill.

    The run's day is 2026-11-23, which is the last day of some.
    """
    expected = [] if servers is None else [f"0 desk servers={servers} (training:desk)"]
    timeline = run(desk(skills=skills), horizon="1 h")
    assert changes(timeline) == expected
    assert log(timeline) == []


def test_training_ends_at_midnight():
    """Goal: the last day is a whole day. Method: two days in which six people expire."""
    world = desk(skills={"a": skill(people(6, "2026-11-23"), people(6))})
    assert changes(run(world, horizon="2 d")) == ["86400 desk servers=6 (training:desk)"]


def test_missing_training_is_no_impairment_but_absence_is():
    """Goal: what is known beforehand raises no alarm. Method: nine of twelve trained, half ill."""
    timeline = run(desk(skills={"a": skill(people(9))}), HALF_GONE)
    assert changes(timeline) == [
        "0 desk servers=9 (training:desk)",
        "600 desk servers=4 (flu)",
        "4200 desk servers=9 (training:desk)",
    ]
    assert log(timeline, "detect", "recover") == [
        "630 detect component=desk actor=monitoring subject=short-staffed reason=alarm cause=flu",
        "4200 recover component=desk subject=short-staffed cause=flu",
    ]


def test_who_helps_to_recover_processes_no_orders():
    """Goal: recovery work takes trained people. Method: one of five trained stops the intake."""
    help_ = action("stop-intake", when=[{"detected": "oms"}], team="desk", duration="60 s")
    world = firm(
        {
            "desk": component("team", servers=12, site="office"),
            "oms": component(monitor={"delay": "0 s"}),
        },
        teams={"desk": TEAM | {"skills": {"a": skill(people(5))}}},
        actions={"help": help_},
    )
    assert [c for c in changes(run(world, crash())) if c.split()[1] == "desk"] == [
        "0 desk servers=5 (training:desk)",
        "600 desk servers=4 (help)",
        "660 desk servers=5 (help)",
    ]


def test_only_those_work_elsewhere_who_are_trained_for_it():
    """Goal: cover at the alternate site. Method: all twelve move, three know the work there."""
    skills = {"a": skill(people(9, site="office"), people(3))}
    timeline = run(desk(actions=MOVE, skills=skills), UNREACHABLE)
    assert changes(timeline) == ["600 desk servers=0 (flood)", "690 desk servers=3 (move)"]


def test_a_team_trained_as_a_whole_is_a_team_without_skills():
    """Goal: skills that everybody has change nothing. Method: both timelines through a flood."""
    plain = desk(actions=MOVE, remote_share=0.25)
    trained = desk(actions=MOVE, remote_share=0.25, skills={"a": skill(people(12))})
    assert run(trained, UNREACHABLE, HALF_GONE) == run(plain, UNREACHABLE, HALF_GONE)


def test_a_call_reaches_some_of_those_who_would_move():
    """Goal: call_out. Method: twelve people, three at home, two thirds of nine are reached."""
    timeline = run(desk(actions=MOVE, remote_share=0.25, call_out=0.7), UNREACHABLE)
    assert changes(timeline) == ["600 desk servers=3 (flood)", "690 desk servers=9 (move)"]


@given(
    holders=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([None, "office", "dc2"])), max_size=3
    ),
    absent_ppm=st.integers(0, 1_000_000),
    relocated=st.integers(0, 12),
    remote_share=st.sampled_from([0.0, 0.25, 0.3, 1.0]),
    is_flooded=st.booleans(),
)
def test_training_only_ever_takes_people_away(
    holders, absent_ppm, relocated, remote_share, is_flooded
):
    """Goal: the trained at work are at most those at work, and no fewer with one holder more.

    Method: random teams and states, exact fractions; the law is exact, no false alarms.
    """
    groups = [people(count, site=site) for count, site in holders]

    def trained_at_work(*more):
        skills = {"a": skill(*groups, *more)} if groups or more else {}
        world = desk(skills=skills, remote_share=remote_share, headcount=16)
        situation = assemble(world, scenario(), Streams(7, 0))
        team = situation.team("desk")
        situation.strike(team, Impact.ABSENT, "flu", absent_ppm)
        if is_flooded:
            situation.strike(team.site, Impact.UNREACHABLE, "flood")
        team.relocated = relocated
        return team.trained_at_work, team.people_at_work

    trained, at_work = trained_at_work()
    assert trained <= at_work
    if groups:
        assert trained <= trained_at_work(people(1))[0] <= at_work


def test_roles_that_too_few_fill_are_logged():
    """Goal: a shortage and its end, by place. Method: roles here, anywhere and at the other site.

    Four know the work at dc2; of the others eight hold the skill, half of all are ill from 00:20.
    The cause of an end is that of the impairment in which it falls, as for servers.
    """
    skills = {"a": skill(people(8, site="office"), people(4))}
    roles = {
        "here": {"name": "R", "skill": "a", "minimum": 12, "site": "office"},
        "there": {"name": "R", "skill": "a", "minimum": 3, "site": "dc2"},
        "all": {"name": "R", "skill": "a", "minimum": 4},
    }
    world = desk(actions=MOVE, skills=skills, roles=roles)
    timeline = run(world, UNREACHABLE | {"lasts": "1 h"}, HALF_GONE | {"at": "00:20"})
    assert [line for line in log(timeline, "action") if "subject=cover" in line] == [
        "600 action component=desk subject=cover ref=all reason=0 of 4 cause=flood",
        "690 action component=desk subject=cover ref=all reason=filled cause=move",
        "1200 action component=desk subject=cover ref=there reason=2 of 3 cause=flu",
        "1200 action component=desk subject=cover ref=all reason=2 of 4 cause=flu",
        "4200 action component=desk subject=cover ref=here reason=6 of 12 cause=flu",
        "4200 action component=desk subject=cover ref=there reason=filled cause=flu",
        "4200 action component=desk subject=cover ref=all reason=filled cause=flu",
        "4800 action component=desk subject=cover ref=here reason=filled cause=flood",
    ]


def test_a_role_is_not_filled_by_who_helps_to_recover():
    """Goal: people on recovery work are not on duty. Method: one, then two of three are busy."""
    world = desk(
        skills={"a": skill(people(3))}, roles={"r": {"name": "R", "skill": "a", "minimum": 2}}
    )
    situation = assemble(world, scenario(), Streams(7, 0))
    team = situation.team("desk")
    role = world.teams["desk"].roles["r"]
    found = []
    for busy in range(5):
        team.busy = busy
        found.append(team.on_duty(role))
    assert found == [3, 2, 1, 0, 0]
