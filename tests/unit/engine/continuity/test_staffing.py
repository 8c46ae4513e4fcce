"""Goal: people are capacity: absent, cut off, on the way, relocated, or busy with recovery.

Method: the formula of ``TeamState`` on states made by hand, and whole timelines of a desk that
loses its office.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from bcsim.engine.continuity.assembly import assemble
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.signal import SignalTime
from bcsim.streams import Streams
from tests.unit.engine.continuity.firms import (
    action,
    changes,
    component,
    crash,
    firm,
    log,
    outcomes,
    run,
    scenario,
)

TEAM = {"component": "desk", "site": "office", "headcount": 12, "alternate_site": "dc2"}
MOVE = {
    "move": action("relocate-staff", target=["desk"], when=[{"detected": "desk"}], duration="60 s")
}


def desk(*, actions=None, seats=None, servers=12, **team):
    sites = {name: {"name": name} for name in ("office", "dc2")}
    if seats is not None:
        sites["dc2"]["seats"] = seats
    watched = component("team", site="office", servers=servers, monitor={"delay": "30 s"})
    return firm({"desk": watched}, teams={"desk": TEAM | team}, sites=sites, actions=actions)


def absence(share, name="flu", at="00:10", lasts="1 h"):
    return {
        "id": name,
        "kind": "absence",
        "at": at,
        "lasts": lasts,
        "teams": ["desk"],
        "share": share,
    }


UNREACHABLE = {"id": "flood", "kind": "site-unreachable", "at": "00:10", "site": "office"}


@pytest.mark.parametrize(
    ("servers", "share", "left"),
    [(12, 0.45, 6), (10, 0.9, 1), (10, 0.1, 9), (1, 0.01, 0), (12, 1.0, 0), (24, 0.25, 18)],
)
def test_servers_fall_with_the_share_of_people(servers, share, left):
    """Goal: floor(servers x present share), exactly. Method: shares that floats get wrong."""
    assert changes(run(desk(servers=servers), absence(share))) == [
        f"600 desk servers={left} (flu)",
        f"4200 desk servers={servers} (flu)",
    ]


def test_absences_multiply():
    """Goal: two causes strike independently. Method: half and half of twelve leave three."""
    both = (absence(0.5), absence(0.5, "strike", "00:20"))
    assert changes(run(desk(), *both)) == [
        "600 desk servers=6 (flu)",
        "1200 desk servers=3 (flu)",
        "4200 desk servers=6 (strike)",
        "4800 desk servers=12 (flu)",
    ]


@pytest.mark.parametrize("wound", [UNREACHABLE, crash("office", id="flood")])
def test_without_the_site_those_work_who_can_from_home(wound):
    """Goal: remote_share. Method: the office is unreachable, or lost; the desk stays up."""
    assert changes(run(desk(remote_share=0.25), wound)) == ["600 desk servers=3 (flood)"]


def test_people_have_no_data_to_restore():
    """Goal: a site that is lost with its data loses machines, not people. Method: 60 s of it."""
    fire = crash("office", id="fire", lasts="60 s", data_lost=True)
    assert changes(run(desk(), fire)) == ["600 desk servers=0 (fire)", "660 desk servers=12 (fire)"]


def test_a_move_brings_back_as_many_as_there_are_seats():
    """Goal: relocation time, seats, home workers. Method: 12 people, 3 at home, 5 seats."""
    world = desk(actions=MOVE, seats=5, remote_share=0.25, relocation="1 h")
    timeline = run(world, UNREACHABLE)
    assert changes(timeline) == ["600 desk servers=3 (flood)", "4290 desk servers=8 (move)"]
    assert outcomes(timeline) == ["630 move: started", "4290 move: done"]
    assert log(timeline, "detect", "recover") == [
        "630 detect component=desk actor=monitoring subject=short-staffed reason=alarm cause=flood"
    ]


def test_without_a_bound_on_seats_all_find_a_place():
    """Goal: seats bound only where they are stated. Method: no seats, nobody at home."""
    assert changes(run(desk(actions=MOVE), UNREACHABLE)) == [
        "600 desk servers=0 (flood)",
        "690 desk servers=12 (move)",
    ]


def test_teams_share_the_seats():
    """Goal: first come, first seated. Method: two teams of twelve, 15 seats, the second later."""
    sites = {"office": {"name": "o"}, "dc2": {"name": "a", "seats": 15}}
    teams = {
        name: TEAM | {"component": name, "relocation": time}
        for name, time in (("desk", "1 h"), ("dealers", "2 h"))
    }
    watched = component("team", servers=12, monitor={"delay": "30 s"})
    move = action("relocate-staff", target=["desk", "dealers"], when=[{"detected": "desk"}])
    world = firm(
        {"desk": watched, "dealers": watched}, teams=teams, sites=sites, actions={"m": move}
    )
    assert changes(run(world, UNREACHABLE)) == [
        "600 desk servers=0 (flood)",
        "600 dealers servers=0 (flood)",
        "4230 desk servers=12 (m)",
        "7830 dealers servers=3 (m)",
    ]


def test_an_alternate_site_can_be_lost_too():
    """Goal: a place counts while it can be used. Method: the alternate site burns for an hour."""
    fire = crash("dc2", "01:00", lasts="1 h")
    assert changes(run(desk(actions=MOVE), UNREACHABLE, fire)) == [
        "600 desk servers=0 (flood)",
        "690 desk servers=12 (move)",
        "3600 desk servers=0 (flood)",
        "7200 desk servers=12 (flood)",
    ]


def test_nobody_moves_from_a_site_that_can_be_used():
    """Goal: a move costs working time only where it helps. Method: people are ill instead."""
    timeline = run(desk(actions=MOVE, relocation="1 h"), absence(0.5))
    assert changes(timeline) == ["600 desk servers=6 (flu)", "4200 desk servers=12 (flu)"]
    assert outcomes(timeline) == ["630 move: started", "690 move: done"]


def test_a_team_without_an_alternate_site_cannot_move():
    """Goal: the action fails and says why. Method: no alternate site."""
    assert outcomes(run(desk(actions=MOVE, alternate_site=None), UNREACHABLE))[-1] == (
        "690 move: failed: desk: desk has no alternate site"
    )


def test_people_go_home_and_the_seats_are_free_again():
    """Goal: stand-down ends a relocation. Method: two floods with a stand-down in between."""
    end = action("stand-down", when=[{"recovered": "desk"}], delay="2 h")
    world = desk(actions=MOVE | {"end": end}, relocation="10 min")
    floods = [UNREACHABLE | {"lasts": "1 h"}, UNREACHABLE | {"id": "again", "at": "05:00"}]
    assert changes(run(world, *floods)) == [
        "600 desk servers=0 (flood)",
        "1290 desk servers=12 (move)",
        "18000 desk servers=0 (again)",
        "18690 desk servers=12 (move)",
    ]


def test_recovery_work_is_not_an_impairment():
    """Goal: a team that helps is not found short-staffed. Method: busy, and nobody ill."""
    busy = {"act": action("stop-intake", when=[{"signal": "x"}, {"up": "desk"}], team="desk")}
    plan = {"name": "P", "actions": busy, "signals": {"x": {"kind": "backlog", "above": 1}}}
    world = firm(
        {"desk": component("team", servers=12, monitor={"delay": "0 s"})},
        teams={"desk": TEAM},
        plan=plan,
    )
    timeline = run(world, signals=(SignalTime(10**9, "x"),))
    assert log(timeline, "detect") == []
    assert outcomes(timeline) == ["1 act: started", "1 act: done"]


def test_the_formula_is_exact():
    """Goal: no float decides about a person. Method: a third at home of seven, two thirds ill."""
    situation = assemble(desk(headcount=7, remote_share=0.1), scenario(), Streams(7, 0))
    team = situation.team("desk")
    situation.strike(team, Impact.ABSENT, "flu", 300_000)
    situation.strike(team.site, Impact.UNREACHABLE, "flood")
    assert team.people_at_work == Fraction(7) * Fraction(7, 10) * Fraction(1, 10)
    team.relocated = 4
    assert team.people_at_work == Fraction(49, 100) + 4
    team.relocated = 7
    assert team.people_at_work == Fraction(49, 10)
