"""Goal: complaints are late after thirty days, and open ones only once the time has passed.

Method: one complaint just before, at and just after its time; several together.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from bcsim.conduct.bounds import Answer, exactly
from bcsim.conduct.complaint_clock import check_complaints
from bcsim.conduct.finding import Status
from bcsim.conduct.incident import Complaint, Incident
from bcsim.limits import PROOFS_MAX
from bcsim.model.regime import ComplaintHandling
from bcsim.units import NS_PER_DAY
from tests.unit.conduct.rules import all_of, rule_of

START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
RULE = rule_of("th-sec-complaints", "answered-in-time", ComplaintHandling)
THIRTY_DAYS = 30 * NS_PER_DAY
RECEIVED = 5


def told(*complaints, end_ns=365 * NS_PER_DAY):
    return check_complaints(RULE, Incident(START, end_ns, complaints=complaints))


def test_there_is_one_such_rule():
    """Goal: no rule of this kind without a test. Method: those of the files."""
    assert [rule for _, _, rule in all_of(ComplaintHandling)] == [RULE]


@pytest.mark.parametrize(
    ("apart", "status"), [(-1, Status.MET), (0, Status.MET), (1, Status.NOT_MET)]
)
def test_just_before_at_and_just_after(apart, status):
    """Goal: not one nanosecond off. Method: see the module."""
    answered = told(Complaint("a", RECEIVED, RECEIVED + THIRTY_DAYS + apart))
    assert answered.status is status
    assert [(x.value, x.threshold) for x in answered.trace] == [
        (exactly(THIRTY_DAYS + apart), THIRTY_DAYS)
    ]


def test_an_open_complaint():
    """Goal: not answered is late after the due time only. Method: ends around it."""
    due = RECEIVED + THIRTY_DAYS
    for end_ns, status in ((due, Status.UNKNOWN), (due + 1, Status.NOT_MET)):
        found = told(Complaint("a", RECEIVED), end_ns=end_ns)
        assert (found.status, found.due_ns) == (status, exactly(due))


def test_complaints_are_watched_longer_than_the_day():
    """Goal: the end of the watch counts, not the end of the day. Method: an open complaint."""
    open_one = (Complaint("a", RECEIVED),)
    for to_ns, status in ((None, Status.UNKNOWN), (365 * NS_PER_DAY, Status.NOT_MET)):
        incident = Incident(START, RECEIVED, complaints=open_one, complaints_to_ns=to_ns)
        assert check_complaints(RULE, incident).status is status


def test_without_complaints():
    """Goal: no record is not a record of none. Method: both."""
    assert check_complaints(RULE, Incident(START, 1)).status is Status.UNKNOWN
    assert told().status is Status.NOT_TRIGGERED


def test_the_gravest_are_shown():
    """Goal: a bounded trace that explains. Method: many in time, one open, one late."""
    quick = [Complaint(f"q{i}", RECEIVED, RECEIVED + 1) for i in range(2 * PROOFS_MAX)]
    late = Complaint("late", RECEIVED, RECEIVED + 2 * THIRTY_DAYS)
    found = told(*quick, Complaint("open", RECEIVED), late, end_ns=RECEIVED + 1)
    assert found.status is Status.NOT_MET
    assert len(found.trace) == PROOFS_MAX
    assert [(x.group, x.answer) for x in found.trace[:2]] == [
        ("late", Answer.NOT_MET), ("open", Answer.UNKNOWN)
    ]  # fmt: skip
