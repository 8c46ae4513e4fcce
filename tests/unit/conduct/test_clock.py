"""Goal: every deadline of every regime runs out at the right nanosecond.

Method: a table of all limits written by hand; a notice just before, at and just after each; then
what is not known: instants with bounds, notices not seen, triggers not known, months and zones.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from bcsim.conduct.bounds import Answer, Bounds, exactly
from bcsim.conduct.clock import check_deadline, later, local_time, months_later, run_time
from bcsim.conduct.finding import Status
from bcsim.conduct.incident import Incident
from bcsim.model.regime import Deadline, Instant
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_S
from tests.unit.conduct.rules import all_of, rule_of

BANGKOK, BERLIN = ZoneInfo("Asia/Bangkok"), ZoneInfo("Europe/Berlin")
START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=BANGKOK)
BEGIN = 10 * NS_PER_S
END = 400 * NS_PER_DAY

LIMITS = [
    # regime, rule, limit, instant, length, notices that come before
    ("eu-dora", "initial-notification", 0, Instant.CLASSIFICATION, 4 * NS_PER_H, 0),
    ("eu-dora", "initial-notification", 1, Instant.AWARENESS, 24 * NS_PER_H, 0),
    ("eu-dora", "intermediate-report", 0, Instant.FIRST_NOTICE, 72 * NS_PER_H, 1),
    ("eu-dora", "final-report", 0, Instant.SECOND_NOTICE, 30 * NS_PER_DAY, 2),
    ("sg-mas-trm", "notification", 0, Instant.AWARENESS, NS_PER_H, 0),
    ("sg-mas-trm", "root-cause-report", 0, Instant.AWARENESS, 14 * NS_PER_DAY, 1),
    ("au-apra-cps230", "tolerance-notice", 0, Instant.OUTSIDE_TOLERANCE, 24 * NS_PER_H, 0),
    ("au-apra-cps230", "incident-notice", 0, Instant.AWARENESS, 72 * NS_PER_H, 0),
    ("th-pdpa", "breach-notice", 0, Instant.BREACH_AWARENESS, 72 * NS_PER_H, 0),
]


def only(regime, rule, limit=0):
    """A rule with one of its limits; its exception holds for another instant than is set."""
    whole = rule_of(regime, rule, Deadline)
    return whole.replace(limits=(whole.limits[limit].replace(unless_later=None),))


def incident(instants, notices=(), end_ns=END, **more) -> Incident:
    return Incident(START, end_ns, instants=instants, notices_ns=notices, **more)


def status(rule, found, trigger=Status.MET):
    return check_deadline(rule, found, trigger).status


def test_no_limit_is_left_out():
    """Goal: the table above holds every limit. Method: those of the files."""
    limits = [
        (regime, name, place, limit.after)
        for regime, name, rule in all_of(Deadline)
        for place, limit in enumerate(rule.limits)
    ]
    assert sorted(limits) == sorted(row[:4] for row in LIMITS)


@pytest.mark.parametrize(("regime", "rule", "limit", "after", "length_ns", "before"), LIMITS)
def test_just_before_at_and_just_after(regime, rule, limit, after, length_ns, before):
    """Goal: not one nanosecond off. Method: see the module; 23 November to 23 December: 30 d."""
    deadline, due = only(regime, rule, limit), BEGIN + length_ns
    for apart, expected in ((-1, Status.MET), (0, Status.MET), (1, Status.NOT_MET)):
        notices = (*(BEGIN + i for i in range(before)), due + apart)
        told = check_deadline(deadline, incident({after: exactly(BEGIN)}, notices), Status.MET)
        assert (told.status, told.due_ns, told.done_ns) == (
            expected, exactly(due), exactly(due + apart)
        )  # fmt: skip


@pytest.mark.parametrize(("regime", "rule", "limit", "after", "length_ns", "before"), LIMITS)
def test_a_notice_that_was_not_seen(regime, rule, limit, after, length_ns, before):
    """Goal: late only once somebody watched past the due time. Method: ends around it."""
    del before
    deadline, due = only(regime, rule, limit), BEGIN + length_ns
    for end_ns, expected in ((due - 1, Status.UNKNOWN), (due, Status.NOT_MET)):
        assert status(deadline, incident({after: exactly(BEGIN)}, (), end_ns)) is expected
    assert status(deadline, incident({after: exactly(BEGIN)}, None)) is Status.UNKNOWN
    assert status(deadline, incident({}, ())) is Status.UNKNOWN


NOTIFICATION = rule_of("eu-dora", "initial-notification", Deadline)


def dora(sent_ns, classified, aware=BEGIN):
    instants = {Instant.AWARENESS: exactly(aware), Instant.CLASSIFICATION: classified}
    return status(NOTIFICATION, incident(instants, (sent_ns,)))


def test_both_limits_of_dora_hold():
    """Goal: 4 h from classification and 24 h from awareness. Method: the earlier one decides."""
    late = exactly(BEGIN + 22 * NS_PER_H)
    assert dora(BEGIN + 24 * NS_PER_H, late) is Status.MET
    assert dora(BEGIN + 24 * NS_PER_H + 1, late) is Status.NOT_MET
    early = exactly(BEGIN + NS_PER_H)
    assert dora(BEGIN + 5 * NS_PER_H, early) is Status.MET
    assert dora(BEGIN + 5 * NS_PER_H + 1, early) is Status.NOT_MET


def test_a_later_classification_voids_the_24_hours():
    """Goal: article 5(2). Method: classified at 24 h, and a nanosecond later."""
    at_24_h, sent = BEGIN + 24 * NS_PER_H, BEGIN + 26 * NS_PER_H
    assert dora(sent, exactly(at_24_h)) is Status.NOT_MET
    assert dora(sent, exactly(at_24_h + 1)) is Status.MET
    assert dora(sent + 2 * NS_PER_H + 1, exactly(at_24_h + 1)) is Status.MET
    assert dora(sent + 2 * NS_PER_H + 2, exactly(at_24_h + 1)) is Status.NOT_MET


def test_a_classification_at_an_unknown_time():
    """Goal: an answer only where every time would give it. Method: not before awareness."""
    assert dora(BEGIN + 4 * NS_PER_H, Bounds(BEGIN)) is Status.MET
    assert dora(BEGIN + 4 * NS_PER_H + 1, Bounds(BEGIN)) is Status.UNKNOWN
    assert dora(BEGIN + 30 * NS_PER_H, Bounds(BEGIN)) is Status.UNKNOWN
    assert dora(BEGIN + 30 * NS_PER_H, Bounds(BEGIN, BEGIN + NS_PER_H)) is Status.NOT_MET


def test_the_trigger_decides_first():
    """Goal: what was not due is neither kept nor missed. Method: all statuses of the class."""
    rule, aware = only("sg-mas-trm", "notification"), {Instant.AWARENESS: exactly(BEGIN)}
    late = incident(aware, (BEGIN + 2 * NS_PER_H,))
    in_time = incident(aware, (BEGIN,))
    assert status(rule, late, Status.NOT_MET) is Status.NOT_TRIGGERED
    assert status(rule, late, Status.UNKNOWN) is Status.UNKNOWN
    assert status(rule, in_time, Status.UNKNOWN) is Status.MET


def test_a_notice_before_the_clock_began_is_another_one():
    """Goal: yesterday's notice does not count. Method: one before, none after."""
    rule, aware = only("sg-mas-trm", "notification"), {Instant.AWARENESS: exactly(BEGIN)}
    assert status(rule, incident(aware, (BEGIN - 1,))) is Status.NOT_MET
    assert status(rule, incident(aware, (BEGIN - 1, BEGIN))) is Status.MET


def test_the_trace_holds_every_limit():
    """Goal: why. Method: the two limits of DORA with their ends and answers."""
    instants = {Instant.AWARENESS: exactly(BEGIN), Instant.CLASSIFICATION: exactly(BEGIN)}
    sent = BEGIN + 5 * NS_PER_H
    told = check_deadline(NOTIFICATION, incident(instants, (sent,)), Status.MET)
    assert [(x.group, x.what, x.value, x.answer) for x in told.trace] == [
        ("4 h", "classification", exactly(BEGIN + 4 * NS_PER_H), Answer.NOT_MET),
        ("24 h", "awareness", exactly(BEGIN + 24 * NS_PER_H), Answer.MET),
    ]
    assert told.due_ns == exactly(BEGIN + 4 * NS_PER_H)


# -- calendars -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [
        ("2026-01-31T15:00", 1, "2026-02-28T15:00"),
        ("2028-01-31T15:00", 1, "2028-02-29T15:00"),
        ("2026-12-15T00:00", 1, "2027-01-15T00:00"),
        ("2026-03-31T23:59", -1, "2026-02-28T23:59"),
        ("2027-02-10T12:00", -12, "2026-02-10T12:00"),
    ],
)
def test_months_are_calendar_months(begin, months, end):
    """Goal: a month ends on the same day, or the last one. Method: written-out dates."""
    from_ns = run_time(START, datetime.datetime.fromisoformat(begin).replace(tzinfo=BANGKOK))
    wall = local_time(START, months_later(START, from_ns + 7, months))
    assert wall.replace(tzinfo=None) == datetime.datetime.fromisoformat(end)
    assert months_later(START, from_ns + 7, months) % 1000 == 7


def test_hours_are_hours_where_clocks_are_turned():
    """Goal: 24 h are not a day in March. Method: Berlin, 28 to 29 March 2026."""
    start = datetime.datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    assert local_time(start, later(start, 0, "24 h")).isoformat() == "2026-03-29T13:00:00+02:00"
    assert local_time(start, later(start, 0, "1 month")).isoformat() == "2026-04-28T12:00:00+02:00"
    assert later(start, 0, "1 month") == 31 * NS_PER_DAY - NS_PER_H
