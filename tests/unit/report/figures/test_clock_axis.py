"""Goal: time runs from left to right, round times are written, long idle times are left out.

Method: laws of the axis on drawn events, and examples.
"""

from __future__ import annotations

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bcsim.report.figures.clock_axis import Break, ClockAxis, axis_with_breaks, midnight_of
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_S

START = datetime.datetime(2026, 11, 23, 9, 30, 15)  # noqa: DTZ001 - a wall clock has no zone
MIDNIGHT = midnight_of(START)

events = st.lists(st.integers(0, 3 * NS_PER_DAY), min_size=1, max_size=30)


def test_midnight():
    """Goal: clock times are round. Method: the start of a run after nine."""
    assert MIDNIGHT == -(9 * NS_PER_H + 30 * NS_PER_MIN + 15 * NS_PER_S)


@given(events)
def test_time_runs_from_left_to_right(times):
    """Goal: order is kept, and every event is shown inside. Method: coordinates of all events."""
    axis = axis_with_breaks(times, START)
    xs = [axis.x(time) for time in sorted(set(times))]
    assert all(0 < x < 1 for x in xs)
    assert all(a < b for a, b in pairwise(xs))
    assert (axis.x(axis.from_ns), axis.x(axis.to_ns)) == (0, 1)
    assert (axis.x(axis.from_ns - 1), axis.x(axis.to_ns + 1)) == (0, 1)


@given(events)
def test_no_event_is_left_out(times):
    """Goal: breaks hide idle time only, a quarter of an hour or more. Method: breaks and events."""
    for gap in axis_with_breaks(times, START).breaks:
        assert not any(gap.from_ns <= time <= gap.to_ns for time in times)
        assert gap.to_ns - gap.from_ns > 5 * NS_PER_MIN


@given(events, st.integers(3, 12))
def test_written_times_are_round_few_and_apart(times, most):
    """Goal: labels do not crowd. Method: seconds on the wall clock, number, and distances."""
    axis = axis_with_breaks(times, START)
    ticks = axis.ticks(most)
    assert all((time - MIDNIGHT) % NS_PER_S == 0 for time in ticks)
    assert all(axis.x(b) - axis.x(a) >= 0.8 / most for a, b in pairwise(ticks))
    assert len(ticks) <= 1.25 * most + 1


def test_a_day_with_two_busy_times():
    """Goal: ten busy minutes are not lost in four hours. Method: two clusters."""
    times = [0, 3 * NS_PER_MIN, 10 * NS_PER_MIN, 4 * NS_PER_H, 4 * NS_PER_H + 5 * NS_PER_MIN]
    axis = axis_with_breaks(times, START)
    (gap,) = axis.breaks
    assert 10 * NS_PER_MIN < gap.from_ns < gap.to_ns < 4 * NS_PER_H
    assert axis.x(10 * NS_PER_MIN) > 0.5
    assert axis.x(gap.to_ns) - axis.x(gap.from_ns) < 0.07


def test_a_short_day_has_no_break():
    """Goal: no break where nothing is gained. Method: events within ten minutes."""
    assert axis_with_breaks([0, NS_PER_MIN, 10 * NS_PER_MIN], START).breaks == ()


def test_ticks_stay_out_of_breaks():
    """Goal: a written time lies where it says. Method: a break over the half hour.

    The time at the end of the break would stand too near to the one at its beginning.
    """
    axis = ClockAxis(0, NS_PER_H, 0, (Break(20 * NS_PER_MIN, 50 * NS_PER_MIN),))
    assert [time // NS_PER_MIN for time in axis.ticks(10)] == [0, 5, 10, 15, 20, 55, 60]
