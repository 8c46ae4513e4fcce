"""Goal: work is done in office hours, on working days only.

Method: a week that begins on Monday 16 March 2026; hours 09:00 to 17:00; times worked out by hand
on a run whose time 0 is 10:00 on that Monday.
"""

from __future__ import annotations

import datetime
import json

import pytest

from bcsim.engine.aftermath.office_clock import OfficeClock
from bcsim.model.complaint import OfficeHours
from bcsim.units import NS_PER_DAY, NS_PER_H

MONDAY = datetime.date(2026, 3, 16)
MIDNIGHT_NS = -10 * NS_PER_H


def clock(**more):
    hours = OfficeHours.model_validate_json(json.dumps({"open": "09:00", "close": "17:00"} | more))
    return OfficeClock(hours, MONDAY, MIDNIGHT_NS)


def at(day, hour):
    """A time by its day (Monday is 0) and hour."""
    return MIDNIGHT_NS + day * NS_PER_DAY + round(hour * NS_PER_H)


@pytest.mark.parametrize(
    ("time", "opening"),
    [
        ((0, 8), (0, 9)),
        ((0, 9), (0, 9)),
        ((0, 16.99), (0, 16.99)),
        ((0, 17), (1, 9)),
        ((3, 23), (4, 9)),
        ((4, 17), (7, 9)),
        ((5, 12), (7, 9)),
    ],
)
def test_opening(time, opening):
    """Goal: nights and week-ends are skipped; the closing hour itself is out."""
    assert clock().opening(at(*time)) == at(*opening)
    assert clock().is_open(at(*time)) is (time == opening)


def test_holidays_and_other_weeks():
    """Goal: holidays are skipped, and a firm may work on Saturdays."""
    closed = clock(holidays=["2026-03-17", "2026-03-18"])
    assert closed.opening(at(0, 17)) == at(3, 9)
    assert clock(days=["mon", "sat"]).opening(at(0, 17)) == at(5, 9)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ((0, 10), 2, (0, 12)),
        ((0, 10), 7, (0, 17)),
        ((0, 10), 8, (1, 10)),
        ((0, 3), 1, (0, 10)),
        ((4, 16), 2, (7, 10)),
        ((0, 9), 24, (2, 17)),
        ((5, 1), 0, (7, 9)),
    ],
)
def test_work_rests_while_the_office_is_closed(begin, hours, end):
    """Goal: the end of work is right across nights and week-ends."""
    assert clock().after_work(at(*begin), round(hours * NS_PER_H)) == at(*end)
