"""Goal: tasks wait for people as documented: by rank, by age, in office hours.

Method: an office with a handful of tasks, whose ends are worked out by hand in hours; a property
over drawn tasks: nothing is lost, and no more tasks are worked on than there are people.
"""

from __future__ import annotations

import datetime
import json

import simpy
from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.aftermath.office import Desk, Office
from bcsim.engine.aftermath.office_clock import OfficeClock
from bcsim.engine.aftermath.phase import BEGIN, Phase
from bcsim.model.complaint import OfficeHours
from bcsim.units import NS_PER_H

MONDAY = datetime.date(2026, 3, 16)
ALWAYS = {"open": "00:00", "close": "24:00", "days": "mon tue wed thu fri sat sun".split()}


def ends(tasks, desks, hours=ALWAYS, until_h=1000):
    """End in hours, and team, of each task given as (arrival in hours, rank, work in hours)."""
    env = simpy.Environment()
    clock = OfficeClock(OfficeHours.model_validate_json(json.dumps(hours)), MONDAY, 0)
    office = Office(env, clock, tuple(desks))
    office.open()
    done = {}

    def task(number, arrival, rank, work):
        yield env.timeout(round(arrival * NS_PER_H))
        team = yield from office.work(rank, round(work * NS_PER_H))
        done[number] = (env.now / NS_PER_H, team)

    for number, what in enumerate(tasks):
        env.process(task(number, *what))
    env.run(until=until_h * NS_PER_H)
    return [done.get(number) for number in range(len(tasks))]


def desk(servers, name="desk", above=-1):
    return Desk(name, (Phase(BEGIN, servers),), above)


def test_one_person_works_by_rank_then_age():
    """Goal: the queue's order; a task that has begun is not interrupted."""
    tasks = [(0, 1, 2), (0.5, 1, 1), (1, 0, 1), (1.5, 0, 1)]
    assert ends(tasks, [desk(1)]) == [(2, "desk"), (5, "desk"), (3, "desk"), (4, "desk")]


def test_work_waits_for_the_morning():
    """Goal: what comes at night, or is not done by the evening, goes on in the morning."""
    hours = {"open": "09:00", "close": "17:00"}
    tasks = [(16, 0, 2), (16.5, 0, 1), (20, 0, 1)]
    assert ends(tasks, [desk(1)], hours) == [
        (24 + 10, "desk"),
        (24 + 11, "desk"),
        (24 + 12, "desk"),
    ]


def test_the_morning_begins_with_the_first_in_rank():
    """Goal: what waited overnight is not given out before somebody is there."""
    hours = {"open": "09:00", "close": "17:00"}
    tasks = [(20, 1, 1), (21, 0, 1)]
    assert ends(tasks, [desk(1)], hours) == [(24 + 11, "desk"), (24 + 10, "desk")]


def test_people_called_away_finish_first():
    """Goal: fewer servers stop no task that has begun, and start none."""
    phases = (Phase(BEGIN, 2), Phase(1 * NS_PER_H, 0), Phase(10 * NS_PER_H, 1))
    tasks = [(0, 0, 3), (0, 0, 4), (0.5, 0, 1), (0.5, 0, 1)]
    assert ends(tasks, [Desk("desk", phases)]) == [
        (3, "desk"),
        (4, "desk"),
        (11, "desk"),
        (12, "desk"),
    ]


def test_helpers_come_beyond_their_bound():
    """Goal: a second team takes a task only while more wait than its bound."""
    tasks = [(0, 0, 10)] * 4
    assert ends(tasks, [desk(1), desk(9, "help", above=1)]) == [
        (10, "desk"),
        (10, "help"),
        (10, "help"),
        (20, "desk"),
    ]


def test_who_helps_takes_only_what_he_can_finish():
    """Goal: helpers are back at their orders in time. Method: two hands, one from 5 h, 3 from 8 h.

    Of tasks of two hours that come at 0, 2, 4 and 6 h and one of three at 6 h, the third would
    last beyond 5 h with two at work; one from 4 to 6 h leaves the one hand that there is.
    """
    phases = (Phase(BEGIN, 2), Phase(5 * NS_PER_H, 1), Phase(8 * NS_PER_H, 0))
    helper = Desk("help", phases, -1, is_lent=True)
    tasks = [(0, 0, 2), (4, 0, 2), (4.5, 0, 1), (6, 0, 3), (6.5, 0, 1)]
    assert ends(tasks, [helper]) == [(2, "help"), (6, "help"), (7, "help"), None, None]


def test_nobody_there():
    """Goal: without people nothing is done, and nothing breaks."""
    assert ends([(0, 0, 1)], [desk(0)]) == [None]


@given(
    tasks=st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 1), st.integers(1, 20)), max_size=30
    ),
    servers=st.integers(1, 4),
)
def test_every_task_is_done_by_no_more_people_than_there_are(tasks, servers):
    """Goal: conservation, whatever comes. Method: drawn tasks; work never overlaps too often."""
    done = ends(tasks, [desk(servers)], until_h=2000)
    assert None not in done
    spans = [(end[0] - work, end[0]) for (_, _, work), end in zip(tasks, done, strict=True)]
    assert all(begin >= task[0] for (begin, _), task in zip(spans, tasks, strict=True))
    begins = [begin for begin, _ in spans]
    assert all(sum(a <= b < e for a, e in spans) <= servers for b in begins)
