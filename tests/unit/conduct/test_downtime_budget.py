"""Goal: a yearly and a rolling budget count downtime each in its own way, and exactly.

Method: outages by hand around the edges of a year and of twelve months; the two shipped budgets
just below, at and just above; random outages against a count minute by minute.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.conduct.bounds import Bounds, exactly
from bcsim.conduct.clock import months_later, run_time
from bcsim.conduct.downtime_budget import check_downtime_budget, downtime_ns
from bcsim.conduct.finding import Status
from bcsim.conduct.incident import Downtime, Incident
from bcsim.model.regime import DowntimeBudget
from bcsim.units import NS_PER_DAY, NS_PER_H
from tests.unit.conduct.rules import all_of, rule_of

ZONE = ZoneInfo("Asia/Bangkok")
START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

BOT = rule_of("th-bot-mobile-banking", "yearly-downtime", DowntimeBudget)
MAS = rule_of("sg-mas-trm", "unscheduled-downtime", DowntimeBudget)
BUDGETS = [(BOT, 8 * NS_PER_H), (MAS, 4 * NS_PER_H)]


def span(begin: str, hours: float) -> tuple[int, int]:
    """From and to of an outage."""
    wall = datetime.datetime.fromisoformat(begin).replace(tzinfo=ZONE)
    from_ns = run_time(START, wall)
    return from_ns, from_ns + round(hours * NS_PER_H)


def incident(*spans: tuple[int, int], is_whole=True, has_ended=True) -> Incident:
    downtimes = tuple(Downtime("app", *one, has_ended) for one in spans)
    return Incident(START, NS_PER_DAY, downtimes=downtimes, is_whole=is_whole)


def test_no_budget_is_left_out():
    """Goal: the list above holds every budget. Method: those of the files."""
    assert len(all_of(DowntimeBudget)) == len(BUDGETS)


@pytest.mark.parametrize(("rule", "most"), BUDGETS)
def test_just_below_at_and_just_above(rule, most):
    """Goal: not one nanosecond off. Method: two outages of the year that add up around it."""
    first = span("2026-03-02T10:00", 1)
    for apart, status in ((-1, Status.MET), (0, Status.MET), (1, Status.NOT_MET)):
        second = (0, most - NS_PER_H + apart)
        told = check_downtime_budget(rule, incident(first, second))
        assert told.status is status
        (line,) = told.trace
        assert (line.value, line.threshold) == (exactly(most + apart), most)


def test_the_turn_of_the_year_parts_only_the_calendar():
    """Goal: the two ways differ. Method: 4 h in December and 4 h in February."""
    spans = [span("2026-12-20T10:00", 4), span("2027-02-01T10:00", 4)]
    assert downtime_ns(BOT, START, spans) == 4 * NS_PER_H
    assert downtime_ns(MAS, START, spans) == 8 * NS_PER_H


def test_an_outage_over_midnight_of_new_year():
    """Goal: each year gets its part, by the firm's clock. Method: 1 h before, 3 h after."""
    spans = [span("2026-12-31T23:00", 4)]
    assert downtime_ns(BOT, START, spans) == 3 * NS_PER_H
    assert downtime_ns(MAS, START, spans) == 4 * NS_PER_H


def test_twelve_months_later_to_the_nanosecond():
    """Goal: a rolling period forgets after twelve months. Method: outages at its edge."""
    old = span("2026-01-10T10:00", 2)
    edge = months_later(START, old[0], 12)
    assert downtime_ns(MAS, START, [old, (edge, edge + NS_PER_H)]) == 2 * NS_PER_H
    early = (edge - 1, edge - 1 + NS_PER_H)
    assert downtime_ns(MAS, START, [old, early]) == 2 * NS_PER_H + 1


def test_overlapping_outages_count_once():
    """Goal: a service is down once at a time. Method: two that overlap, one within."""
    spans = [(0, 10), (5, 20), (6, 7), (20, 25), (30, 31)]
    assert downtime_ns(BOT, START, spans) == 26
    assert downtime_ns(MAS, START, spans) == 26


def test_what_is_not_known_is_unknown():
    """Goal: a run alone never keeps a yearly budget. Method: no earlier outages, an open end."""
    short, long = (0, NS_PER_H), (0, 9 * NS_PER_H)
    for rule, _ in BUDGETS:
        asked = {
            "earlier unknown": check_downtime_budget(rule, incident(short, is_whole=False)),
            "not ended": check_downtime_budget(rule, incident(short, has_ended=False)),
            "nothing known": check_downtime_budget(rule, Incident(START, 1)),
            "nothing seen": check_downtime_budget(rule, incident(is_whole=False)),
        }
        assert {name: told.status for name, told in asked.items()} == dict.fromkeys(
            asked, Status.UNKNOWN
        )
        assert asked["earlier unknown"].trace[0].value == Bounds(NS_PER_H)
        proved = check_downtime_budget(rule, incident(long, is_whole=False))
        assert proved.status is Status.NOT_MET
        assert check_downtime_budget(rule, incident()).status is Status.MET


def test_each_service_has_its_own_budget():
    """Goal: two services do not add up. Method: 3 h each of four."""
    downtimes = (Downtime("app", 0, 3 * NS_PER_H), Downtime("web", 0, 3 * NS_PER_H))
    found = Incident(START, NS_PER_DAY, downtimes=downtimes, is_whole=True)
    told = check_downtime_budget(MAS, found)
    assert (told.status, [line.group for line in told.trace]) == (Status.MET, ["app", "web"])


DAYS = 800


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, DAYS), st.integers(1, 30)), max_size=6))
def test_the_worst_rolling_period_is_found(outages):
    """Goal: no period is worse than the one found. Method: try every day as a begin.

    Derandomized, so there are no false alarms.
    """
    spans = [(begin * NS_PER_DAY, (begin + length) * NS_PER_DAY) for begin, length in outages]
    down = {day for begin, length in outages for day in range(begin, begin + length)}
    worst = 0
    for begin in range(-1, DAYS + 40):
        end = months_later(START, begin * NS_PER_DAY, 12) // NS_PER_DAY
        worst = max(worst, sum(begin <= day < end for day in down))
    assert downtime_ns(MAS, START, spans) == worst * NS_PER_DAY
