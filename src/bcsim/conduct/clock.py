"""Clocks: when something was due, and whether it was done by then.

A clock that starts at an instant of which only bounds are known gives a due time with bounds.
What was done by the earliest of them was in time; what was not done by the latest was late; in
between nobody can say. Months are calendar months of the firm's time zone: from 31 January, one
month ends on the last day of February at the same time of day.
"""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bcsim.conduct.bounds import UNBOUNDED, Answer, Bounds, exactly
from bcsim.conduct.finding import Finding, Status, TraceLine, status_of
from bcsim.model.regime import months_of
from bcsim.units import NS_PER_S, parse_duration

if TYPE_CHECKING:
    from bcsim.conduct.bounds import Number
    from bcsim.conduct.incident import Incident
    from bcsim.model.regime import Deadline, TimeLimit

VOID: Final = "void"
"""Unit of a trace line about a limit that does not hold."""

_NS_PER_US: Final = 1_000
_MONTHS_PER_YEAR: Final = 12


def check_deadline(rule: Deadline, incident: Incident, trigger: Status) -> Finding:
    """Check that a notice went out in time, if the incident is of the class that asks for it.

    Parameters
    ----------
    trigger
        Status of the classification that starts the clock.
    """
    lines = tuple(_line(limit, incident) for limit in rule.limits)
    due = _earliest([line.value for line in lines if line.unit != VOID])
    done = _done(rule, incident)
    trace = tuple(_answered(line, done) for line in lines)
    answer = _in_time(due, done)
    if trigger is Status.NOT_MET:
        return Finding(Status.NOT_TRIGGERED, trace)
    if trigger is Status.UNKNOWN and answer is Answer.NOT_MET:
        answer = Answer.UNKNOWN  # late for what may not have been due
    return Finding(status_of(answer), trace, due, done)


def later(start: datetime.datetime, from_ns: int, within: str) -> int:
    """End of a period that begins at ``from_ns``, ns on the run's clock."""
    months = months_of(within)
    if not months:
        return from_ns + parse_duration(within)
    return months_later(start, from_ns, months)


def months_later(start: datetime.datetime, from_ns: int, months: int) -> int:
    """The same time of day some calendar months later (earlier, if negative), ns."""
    wall, below_us = local_time(start, from_ns), from_ns % _NS_PER_US
    number = wall.year * _MONTHS_PER_YEAR + wall.month - 1 + months
    year, month = number // _MONTHS_PER_YEAR, number % _MONTHS_PER_YEAR + 1
    day = min(wall.day, calendar.monthrange(year, month)[1])
    return run_time(start, wall.replace(year=year, month=month, day=day)) + below_us


def local_time(start: datetime.datetime, time_ns: int) -> datetime.datetime:
    """Wall clock of a time in the zone of ``start``, to the microsecond."""
    instant = start.astimezone(datetime.UTC) + datetime.timedelta(
        microseconds=time_ns // _NS_PER_US
    )
    return instant.astimezone(start.tzinfo)


def run_time(start: datetime.datetime, wall: datetime.datetime) -> int:
    """Time of a wall clock with its zone, ns on the run's clock."""
    apart = wall.astimezone(datetime.UTC) - start.astimezone(datetime.UTC)
    return (apart.days * 86_400 + apart.seconds) * NS_PER_S + apart.microseconds * _NS_PER_US


def zoned(start: datetime.datetime, time_zone: str) -> datetime.datetime:
    """A wall clock in its time zone."""
    return start.replace(tzinfo=ZoneInfo(time_zone))


# -- bounds of times -------------------------------------------------------------------------


def _line(limit: TimeLimit, incident: Incident) -> TraceLine:
    """When a limit ends; never, as far as it may be void."""
    begin = incident.instant(limit.after)
    end = Bounds(
        *(None if ns is None else later(incident.start, int(ns), limit.within)
          for ns in (begin.low, begin.high))
    )  # fmt: skip
    if limit.unless_later is not None:
        other = incident.instant(limit.unless_later)
        is_within = other.high is not None and end.low is not None and other.high <= end.low
        is_void = other.low is not None and end.high is not None and other.low > end.high
        end = end if is_within else UNBOUNDED if is_void else Bounds(end.low, None)
        if is_void:
            return TraceLine(limit.within, limit.after.value, VOID, Answer.UNKNOWN, end)
    return TraceLine(limit.within, limit.after.value, "time", Answer.UNKNOWN, end, "<=")


def _answered(line: TraceLine, done: Bounds) -> TraceLine:
    if line.unit == VOID:
        return line
    return TraceLine(line.group, line.what, line.unit, _in_time(line.value, done), line.value, "<=")


def _earliest(ends: list[Bounds]) -> Bounds:
    """When the first of some limits ends."""
    lows = [end.low for end in ends]
    highs = [end.high for end in ends if end.high is not None]
    known = [low for low in lows if low is not None]
    low = min(known) if known and len(known) == len(lows) else None
    return Bounds(low, min(highs, default=None))


def _done(rule: Deadline, incident: Incident) -> Bounds:
    """When the notice went out: after the clock began, and after those that come before it."""
    if incident.notices_ns is None:
        return UNBOUNDED
    begun: Number = incident.instant(rule.limits[0].after).low or 0
    if rule.act.place:
        begun = 0
    sent = [time_ns for time_ns in sorted(incident.notices_ns) if time_ns >= begun]
    if rule.act.place < len(sent):
        return exactly(sent[rule.act.place])
    return Bounds(incident.end_ns + 1, None)


def _in_time(due: Bounds, done: Bounds) -> Answer:
    if done.high is not None and due.low is not None and done.high <= due.low:
        return Answer.MET
    if done.low is not None and due.high is not None and done.low > due.high:
        return Answer.NOT_MET
    return Answer.UNKNOWN
