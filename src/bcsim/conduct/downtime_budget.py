"""Downtime budgets: how long a service was down in a calendar year, or in any twelve months.

The two differ: four hours in November and four in February are eight in a rolling period and
four in either calendar year. Outages of one service that overlap count once. Of a rolling period
the worst counts; it begins with an outage or ends with one, because moving it from there to the
next begin or end can only lose downtime, or lose as much as it gains. Only outages count, as
``bcsim.checkers.continuity`` defines them: a service that is slow, but above its minimum, is up.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bcsim.conduct.bounds import Answer, Bounds, all_met
from bcsim.conduct.clock import local_time, months_later, run_time
from bcsim.conduct.finding import Finding, Status, TraceLine, status_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from bcsim.conduct.incident import Incident
    from bcsim.model.regime import DowntimeBudget

    Span = tuple[int, int]


def check_downtime_budget(rule: DowntimeBudget, incident: Incident) -> Finding:
    """Check every service's downtime so far; ``met`` says that the budget is not used up."""
    if incident.downtimes is None:
        return Finding(Status.UNKNOWN, ())
    services = dict.fromkeys(downtime.service for downtime in incident.downtimes)
    trace = tuple(_line(rule, incident, service) for service in services)
    if not trace and not incident.is_whole:
        return Finding(Status.UNKNOWN, ())
    return Finding(status_of(all_met(line.answer for line in trace)), trace)


def downtime_ns(rule: DowntimeBudget, start: datetime.datetime, spans: Iterable[Span]) -> int:
    """Downtime of the worst period: ns. ``spans`` are from and to, in any order."""
    merged = _merged(spans)
    periods = _years(start, merged) if rule.period == "calendar-year" else ()
    if rule.period == "rolling-months":
        periods = _rolling(rule.months, start, merged)
    return max((_within(merged, period) for period in periods), default=0)


def _line(rule: DowntimeBudget, incident: Incident, service: str) -> TraceLine:
    own = [d for d in incident.downtimes or () if d.service == service]
    used_ns = downtime_ns(rule, incident.start, [(d.from_ns, d.to_ns) for d in own])
    is_known = incident.is_whole and all(d.has_ended for d in own)
    value = Bounds(used_ns, used_ns if is_known else None)
    answer: Answer = value.at_most(rule.at_most)
    return TraceLine(service, rule.period, "duration", answer, value, "<=", rule.at_most)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for from_ns, to_ns in sorted(spans):
        if merged and from_ns <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], to_ns))
        else:
            merged.append((from_ns, to_ns))
    return merged


def _years(start: datetime.datetime, spans: Iterable[Span]) -> Iterator[Span]:
    """Calendar years of the firm's time zone in which something was down."""
    years = {local_time(start, time_ns).year for span in spans for time_ns in span}
    for year in sorted(years):
        edges = [
            start.replace(year=y, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
            for y in (year, year + 1)
        ]
        yield from pairwise(run_time(start, edge) for edge in edges)


def _rolling(months: int, start: datetime.datetime, spans: Iterable[Span]) -> Iterator[Span]:
    for from_ns, to_ns in spans:
        yield from_ns, months_later(start, from_ns, months)
        yield months_later(start, to_ns, -months), to_ns


def _within(spans: Iterable[Span], period: Span) -> int:
    begin_ns, end_ns = period
    return sum(max(min(to, end_ns) - max(begin, begin_ns), 0) for begin, to in spans)
