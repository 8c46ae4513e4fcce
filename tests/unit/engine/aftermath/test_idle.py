"""Goal: helping hands are idle hands. Method: histories by hand, whole phases; days with helpers.

A law over drawn work: never fewer are counted than are at work.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.aftermath.idle import idle_phases
from bcsim.engine.aftermath.phase import BEGIN, Phase
from bcsim.units import NS_PER_MIN, NS_PER_S
from tests.unit.engine.aftermath.aftermaths import (
    COMPLAINTS,
    aftermath,
    history,
    lines,
    model,
    wish,
)

ALL = (Phase(BEGIN, 3),)


def job(intent, begin_min, end_min, **who):
    """An order that came to the desk at one minute and was done at another."""
    cells = {"intent_id": intent} | (who or {"component": "desk"})
    return wish(intent, 60 * begin_min), (60 * end_min, "acknowledge", "oms", cells)


def free(*jobs, phases=ALL):
    """Minute -> who is free from then on."""
    events = [event for events in jobs for event in events]
    found = idle_phases(phases, history(events), "desk")
    return [(phase.from_ns / NS_PER_MIN, phase.servers) for phase in found if phase.from_ns > BEGIN]


def test_nothing_to_do():
    """Goal: everybody is free. Method: no order, and one that somebody else did."""
    assert free() == []
    assert free(job("a", 1, 2, component="oms")) == []


def test_an_order_is_work_from_its_event_before():
    """Goal: by component or by actor, in whole minutes, the most at once."""
    assert free(job("a", 1, 3.5)) == [(1, 2), (4, 3)]
    assert free(job("a", 1, 3.5, component="oms", actor="desk")) == [(1, 2), (4, 3)]
    assert free(job("a", 1, 3), job("b", 2.5, 2.75)) == [(1, 2), (2, 1), (3, 3)]
    assert free(*(job(f"i{n}", 1, 2) for n in range(5))) == [(1, 0), (2, 3)]
    assert free(job("a", 1, 2), job("b", 2, 3)) == [(1, 2), (3, 3)], "one after the other"


def test_the_teams_own_phases_stay():
    """Goal: who is absent is not free either. Method: three, then one, then none."""
    phases = (
        Phase(BEGIN, 3),
        Phase(2 * NS_PER_MIN, 1),
        Phase(4 * NS_PER_MIN, 3, is_up=False),
    )
    found = idle_phases(phases, history(job("a", 1, 3)), "desk")
    assert [(p.from_ns // NS_PER_MIN, p.servers, p.capacity) for p in found[1:]] == [
        (1, 2, 2),
        (2, 0, 0),
        (3, 1, 1),
        (4, 3, 0),
    ]


@given(
    jobs=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 200)), max_size=20),
    at_s=st.integers(0, 800),
)
def test_never_fewer_than_are_at_work(jobs, at_s):
    """Goal: the bound is one. Method: drawn jobs of seconds, counted at a drawn second."""
    events = [job(f"i{n}", a / 60, (a + b) / 60) for n, (a, b) in enumerate(jobs)]
    found = idle_phases((Phase(BEGIN, 20),), history([e for pair in events for e in pair]), "desk")
    now = [phase for phase in found if phase.from_ns <= at_s * NS_PER_S][-1]
    assert 20 - now.servers >= sum(a <= at_s < a + b for a, b in jobs)


def test_a_desk_with_orders_does_not_help():
    """Goal: order work goes before. Method: two complaints, a desk of two that has two orders."""
    rules = COMPLAINTS | {"overflow": {"team": "desk", "above": 0}}
    lost = [wish("app-000000"), wish("app-000001")]
    classes = dict.fromkeys(("app-000000", "app-000001"), "lost")

    def teams(*jobs):
        events = [*lost, *(event for one in jobs for event in one)]
        more = {event[3]["intent_id"]: "ok" for one in jobs for event in one}
        found = aftermath(model(complaints=rules), events, classes | more)
        return [line.split()[1] for line in lines(found, "respond")]

    assert teams() == ["care", "desk", "care", "desk"]
    assert teams(job("x-1", 50, 90), job("x-2", 50, 90)) == ["care", "care", "care", "desk"]
    assert teams(job("x-1", 50, 90), job("x-2", 95, 99)) == ["care", "desk", "care", "desk"]
    assert teams(job("x-1", 65, 500), job("x-2", 65, 500)) == ["care"] * 4
