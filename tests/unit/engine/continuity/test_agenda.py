"""Goal: events of one instant come in the stated order, whoever scheduled them first.

Method: schedule in the wrong order, and from within the instant; look at what came when.
"""

from __future__ import annotations

import pytest

from bcsim.engine.continuity.agenda import INDEX_MAX, Agenda, Lane
from bcsim.engine.continuity.bell import Bell
from bcsim.limits import COMPONENTS_MAX


def test_lane_and_index_decide_not_scheduling():
    """Goal: time, lane, index. Method: timers made in the reverse of their order."""
    agenda, seen = Agenda(), []

    def appear(delay_ns, lane, index):
        yield agenda.wait(delay_ns, lane, index)
        seen.append((agenda.now_ns, lane, index))

    places = [
        (5, Lane.SIGNAL, 0),
        (7, Lane.REPAIR, 3),
        (7, Lane.FAILURE, 1),
        (7, Lane.FAILURE, 2),
        (7, Lane.PLAN, 0),
        (8, Lane.SIGNAL, 0),
    ]
    for place in reversed(places):
        agenda.start(appear(*place))
    agenda.run(until_ns=100)
    assert seen == places


def test_nothing_happens_at_the_end():
    """Goal: the end is not included. Method: events one before the end, at it, and after."""
    agenda, seen = Agenda(), []

    def appear(at_ns):
        yield agenda.wait(at_ns, Lane.SIGNAL)
        seen.append(agenda.now_ns)

    for at_ns in (99, 100, 101):
        agenda.start(appear(at_ns))
    agenda.run(until_ns=100)
    assert (seen, agenda.now_ns) == ([99], 100)


def test_an_instant_is_settled_once_and_the_plan_looks_last():
    """Goal: asking twice settles once; a settlement's consequences come in the same instant.

    Method: two faults ask for settlement, the settlement asks for the plan, the plan for
    another settlement.
    """
    agenda, seen = Agenda(), []

    def settle():
        seen.append("settle")
        if seen.count("settle") == 1:
            agenda.ask(Lane.PLAN)

    def look():
        seen.append("plan")
        agenda.ask(Lane.SETTLEMENT)

    def strike(name):
        yield agenda.wait(10, Lane.FAILURE)
        seen.append(name)
        agenda.ask(Lane.SETTLEMENT)

    agenda.on(Lane.SETTLEMENT, settle)
    agenda.on(Lane.PLAN, look)
    for name in ("first", "second"):
        agenda.start(strike(name))
    agenda.run(until_ns=11)
    assert seen == ["first", "second", "settle", "plan", "settle"]


def test_times_are_whole_numbers():
    """Goal: no float ever holds a time. Method: the type of now after a wait."""
    agenda = Agenda()
    agenda.wait(3, Lane.SIGNAL)
    agenda.run(until_ns=4)
    assert type(agenda.now_ns) is int


def test_the_past_and_too_many_things_are_bugs():
    """Goal: programmer errors are assertions. Method: a negative delay, an index out of bounds."""
    agenda = Agenda()
    with pytest.raises(AssertionError, match="past"):
        agenda.wait(-1, Lane.SIGNAL)
    with pytest.raises(AssertionError, match="out of bounds"):
        agenda.wait(1, Lane.SIGNAL, INDEX_MAX)
    agenda.on(Lane.PLAN, lambda: None)
    with pytest.raises(AssertionError, match="has its handler already"):
        agenda.on(Lane.PLAN, lambda: None)


def test_every_instance_has_an_index():
    """Goal: related bounds. Method: sites, first instances and standbys of the largest model."""
    assert 3 * COMPONENTS_MAX < INDEX_MAX


def test_a_bell_wakes_those_who_wait_and_can_ring_again():
    """Goal: nobody who waits sleeps on, a missed ring is missed. Method: ring twice."""
    agenda, seen = Agenda(), []
    bell = Bell(agenda)

    def listen(name, after_ns):
        yield agenda.wait(after_ns, Lane.SIGNAL)
        yield bell.next_ring
        seen.append((agenda.now_ns, name))

    def ring():
        for _ in range(2):
            yield agenda.wait(10, Lane.SIGNAL, 1)
            bell.ring()

    for name, after_ns in (("early", 1), ("late", 11), ("too late", 21)):
        agenda.start(listen(name, after_ns))
    agenda.start(ring())
    agenda.run(until_ns=100)
    assert seen == [(10, "early"), (20, "late")]
