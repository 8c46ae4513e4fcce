"""Goal: trouble spreads along dependencies as the design says, with grace, and around circles.

Method: small firms whose timelines are worked out by hand; random firms against the static
structure function of ``bcsim.model.propagation``, which is written independently.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.engine.continuity.agenda import Agenda
from bcsim.engine.continuity.dependency import Level, Need, Node, depend, propagate
from bcsim.engine.continuity.fault import Fault, Impact
from bcsim.model.propagation import effective_up
from bcsim.units import NS_PER_MIN
from tests.unit.engine.continuity.firms import changes, component, crash, firm, run


def hard(*on, **more):
    return {"kind": "hard", "on": list(on)} | more


def test_effective_state_follows_what_is_needed():
    """Goal: own state AND dependencies. Method: a chain of three, its end crashes and returns."""
    chain = firm(
        {
            "app": component(dependencies=[hard("oms")]),
            "oms": component(dependencies=[hard("db")]),
            "db": component("database"),
        }
    )
    assert changes(run(chain, crash("db", lasts="5 min"))) == [
        "600 app up=0 (db-crash)",
        "600 oms up=0 (db-crash)",
        "600 db up=0 (db-crash)",
        "900 app up=1 (db-crash)",
        "900 oms up=1 (db-crash)",
        "900 db up=1 (db-crash)",
    ]


def test_a_hang_spreads_as_a_hang():
    """Goal: who waits for something frozen is frozen too. Method: its database hangs."""
    pair = firm({"oms": component(dependencies=[hard("db")]), "db": component("database")})
    hang = {"id": "stuck", "kind": "hang", "at": "00:10", "targets": ["db"], "lasts": "60 s"}
    assert changes(run(pair, hang)) == [
        "600 oms hang=1 (stuck)",
        "600 db hang=1 (stuck)",
        "660 oms hang=0 (stuck)",
        "660 db hang=0 (stuck)",
    ]


def test_any_of_bears_the_loss_of_what_can_be_spared():
    """Goal: k of n. Method: two of three lines are needed; one falls, then another."""
    lines = {f"line-{n}": component("network") for n in (1, 2, 3)}
    need = {"kind": "any-of", "on": list(lines), "needed": 2}
    redundant = firm({"oms": component(dependencies=[need])} | lines)
    first = crash("line-1", "00:10", lasts="30 min")
    second = crash("line-3", "00:20", lasts="30 min")
    assert changes(run(redundant, first, second)) == [
        "600 line-1 up=0 (line-1-crash)",
        "1200 oms up=0 (line-1-crash)",
        "1200 line-3 up=0 (line-3-crash)",
        "2400 oms up=1 (line-1-crash)",
        "2400 line-1 up=1 (line-1-crash)",
        "3000 line-3 up=1 (line-3-crash)",
    ]


def test_degrading_needs_multiply_speed():
    """Goal: slower without, per missing provider. Method: two of them, one after the other."""
    needs = [{"kind": "degrading", "on": ["cache", "prices"], "speed": 300}]
    slower = firm(
        {"oms": component(dependencies=needs), "cache": component(), "prices": component()}
    )
    both = (crash("cache", lasts="20 min"), crash("prices", "00:20", lasts="20 min"))
    oms = [line for line in changes(run(slower, *both)) if " oms " in line]
    assert oms == [
        "600 oms speed=300 (cache-crash)",
        "1200 oms speed=90 (cache-crash)",
        "1800 oms speed=300 (prices-crash)",
        "2400 oms speed=1000 (prices-crash)",
    ]


def test_no_speed_at_all_is_a_hang():
    """Goal: a speed of 0 freezes instead of dividing by nothing. Method: degrading to 0."""
    needs = [{"kind": "degrading", "on": ["licence"], "speed": 0}]
    frozen = firm({"oms": component(dependencies=needs), "licence": component()})
    assert changes(run(frozen, crash("licence", lasts="60 s"))) == [
        "600 oms hang=1 (licence-crash)",
        "600 licence up=0 (licence-crash)",
        "660 oms hang=0 (licence-crash)",
        "660 licence up=1 (licence-crash)",
    ]


@pytest.mark.parametrize(
    ("lasts", "expected"),
    [
        ("9 min", []),
        ("10 min", []),
        ("11 min", ["1200 oms up=0 (db-crash)", "1260 oms up=1 (db-crash)"]),
    ],
)
def test_grace_bears_a_short_loss(lasts, expected):
    """Goal: a need is felt when its grace is over. Method: shorter, as long, longer than it."""
    buffered = firm(
        {"oms": component(dependencies=[hard("db", grace="10 min")]), "db": component("database")}
    )
    timeline = run(buffered, crash("db", lasts=lasts))
    assert [line for line in changes(timeline) if " oms " in line] == expected


def test_grace_begins_anew_after_every_return():
    """Goal: a charged battery lasts again. Method: two losses of 6 minutes, grace of 10."""
    buffered = firm(
        {"oms": component(dependencies=[hard("db", grace="10 min")]), "db": component("database")}
    )
    first, second = crash("db", lasts="6 min"), crash("db", "00:17", id="again", lasts="11 min")
    assert [line for line in changes(run(buffered, first, second)) if " oms " in line] == [
        f"{17 * 60 + 600} oms up=0 (again)",
        f"{17 * 60 + 660} oms up=1 (again)",
    ]


def test_a_site_falls_with_its_utility_after_its_grace():
    """Goal: common cause through site and battery. Method: two systems in a dark centre."""
    dark = firm(
        {
            "grid": component("utility"),
            "oms": component(site="dc1"),
            "db": component("database", site="dc1"),
            "ledger": component(site="dc2"),
        },
        sites={
            "dc1": {"name": "Centre 1", "utilities": ["grid"], "utility_grace": "15 min"},
            "dc2": {"name": "Centre 2"},
        },
    )
    assert changes(run(dark, crash("grid", lasts="1 h"))) == [
        "600 grid up=0 (grid-crash)",
        "1500 oms up=0 (grid-crash)",
        "1500 db up=0 (grid-crash)",
        "4200 grid up=1 (grid-crash)",
        "4200 oms up=1 (grid-crash)",
        "4200 db up=1 (grid-crash)",
    ]


def test_a_circle_falls_and_comes_back():
    """Goal: components that need each other do not lock up. Method: a circle of three."""
    circle = firm(
        {
            "a": component(dependencies=[hard("b")]),
            "b": component(dependencies=[hard("c")]),
            "c": component(dependencies=[hard("a")]),
        }
    )
    assert changes(run(circle, crash("b", lasts="60 s"))) == [
        "600 a up=0 (b-crash)",
        "600 b up=0 (b-crash)",
        "600 c up=0 (b-crash)",
        "660 a up=1 (b-crash)",
        "660 b up=1 (b-crash)",
        "660 c up=1 (b-crash)",
    ]


def test_grace_in_a_circle_does_not_outlive_it():
    """Goal: grace and circle together end. Method: a needs b after 5 minutes, b needs a at once."""
    circle = firm(
        {
            "a": component(dependencies=[hard("b", grace="5 min")]),
            "b": component(dependencies=[hard("a")]),
        }
    )
    assert changes(run(circle, crash("b", lasts="10 min"))) == [
        "600 b up=0 (b-crash)",
        "900 a up=0 (b-crash)",
        "1200 a up=1 (b-crash)",
        "1200 b up=1 (b-crash)",
    ]


def test_propagation_notes_where_grace_begins():
    """Goal: the caller knows when to look again. Method: one need with grace, one without."""
    down, patient, eager = (Node(name, place) for place, name in enumerate("abc"))
    with_grace = Need((down,), grace_ns=NS_PER_MIN)
    depend(patient, with_grace)
    depend(eager, Need((down,)))
    down.faults.append(Fault(down, Impact.CRASH, "fire", Agenda().event()))
    assert propagate([down, patient, eager], 0) == [(patient, with_grace)]
    assert [down.level, patient.level, eager.level] == [Level.DOWN, Level.WORKING, Level.DOWN]
    assert propagate([down, patient, eager], NS_PER_MIN) == []
    assert patient.level is Level.DOWN


NAMES = ("a", "b", "c", "d", "e", "f")


@st.composite
def webs(draw):
    """Random components, with sites, needs of every binding kind, and circles."""
    built = {}
    for name in NAMES:
        needs = []
        for _ in range(draw(st.integers(0, 2))):
            kind = draw(st.sampled_from(("hard", "any-of", "hosted-at")))
            on = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
            need = {"kind": kind, "on": on}
            if kind == "any-of":
                need["needed"] = draw(st.integers(1, len(on)))
            needs.append(need)
        site = draw(st.sampled_from((None, "dc1", "dc2")))
        built[name] = component(site=site, dependencies=needs)
    utilities = draw(st.lists(st.sampled_from(NAMES), max_size=1))
    sites = {"dc1": {"name": "1", "utilities": utilities}, "dc2": {"name": "2"}}
    return firm(built, sites=sites)


@settings(max_examples=60)
@given(webs(), st.sets(st.sampled_from((*NAMES, "dc1", "dc2")), min_size=1, max_size=3))
def test_what_falls_is_what_the_structure_function_says(web, crashed):
    """Goal: propagation in time ends where the static rule does, and all comes back.

    Method: crash random nodes of random firms, compare with ``effective_up``, then lift.
    """
    wound = {"id": "x", "kind": "crash", "at": "00:10", "targets": sorted(crashed), "lasts": "60 s"}
    timeline = run(web, wound, horizon="1 h")
    down = {change.subject for change in timeline.changes if change.value == 0}
    assert down == set(web.components) - effective_up(web, crashed)
    back = {change.subject for change in timeline.changes if change.value == 1}
    assert back == down
