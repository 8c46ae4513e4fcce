"""System 5: communication and training: who is reached, who is trained, what is told and when."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bcsim.conduct.bounds import Answer
from bcsim.conduct.event import events_about, time_of
from bcsim.conduct.notices import TO_BOARD, TO_CLIENTS, judged_notices, notice_rows
from bcsim.conduct.onset import reaction_s
from bcsim.history.schema import Kind
from bcsim.units import NS_PER_MIN, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.conduct.measure import Measures, Value
    from bcsim.model.firm import Firm

_REACHED: Final = "reached"
_FILLED: Final = "filled"


def measure_communication(day: Day) -> Measures:
    """Measure calls, notices and training; every measure is defined in ``5-communication.yaml``."""
    calls = events_about(day.history, Kind.ACTION, ("call",))
    reached = sum(row["reason"] == _REACHED for row in calls)
    notices = [day.history.row(position) for position in notice_rows(day).tolist()]
    outside = [row for row in notices if row["reason"] != TO_BOARD]
    to_clients = [row for row in notices if row["reason"] == TO_CLIENTS]
    judged = [notice.is_true for notice in judged_notices(day)]
    untrue = judged.count(Answer.NOT_MET)
    is_seen = day.firm is not None
    return {
        "calls_count": len(calls) if calls or is_seen else None,
        "reach_ratio": reached / len(calls) if calls else None,
        **{f"reach_{min_}_min_ratio": _reach(day, calls, min_) for min_ in (15, 30, 60)},
        "first_notice_s": reaction_s(day.history, outside),
        "notices_count": len(outside) if outside or is_seen else None,
        "update_interval_s_max": _longest_silence(day, to_clients),
        "untrue_notices_count": untrue if untrue or _is_clear(judged) else None,
        **_training(day),
    }


def _is_clear(judged: list[Answer]) -> bool:
    """Whether there were notices that stated facts, and all could be judged."""
    return bool(judged) and Answer.UNKNOWN not in judged


# -- the call tree ---------------------------------------------------------------------------


def _reach(day: Day, calls: Sequence[Event], minutes: int) -> Value:
    """Share of the call tree's people reached in some minutes since the first alarm."""
    alarm_ns = None if day.firm is None else _alarm_ns(day, day.firm)
    if day.firm is None or day.firm.call_tree is None or alarm_ns is None:
        return None
    tree = day.firm.call_tree
    people = {tree.duty, *(name for line in tree.lines for name in line.calls)}
    until_ns = alarm_ns + minutes * NS_PER_MIN
    reached = {
        row["ref"]
        for row in calls
        if row["reason"] == _REACHED and alarm_ns <= time_of(row) <= until_ns
    }
    share = len(reached & people) / len(people)
    return share if share == 1 or day.end_ns >= until_ns else None


def _alarm_ns(day: Day, firm: Firm) -> int | None:
    """First detection that sets the call tree going."""
    escalated = () if firm.plan is None else firm.plan.declare_on
    alarms = (r for r in day.history.rows(Kind.DETECT) if r["component"] in escalated)
    return min((time_of(row) for row in alarms), default=None)


# -- notices ---------------------------------------------------------------------------------


def _longest_silence(day: Day, notices: Sequence[Event]) -> Value:
    """Longest time without news for clients, from the first notice until all was over, s."""
    told = sorted(time_of(row) for row in notices)
    if not told:
        return None
    ends = [time_of(r) for kind in (Kind.RECOVER, Kind.FAULT_OFF) for r in day.history.rows(kind)]
    ends += [outage.to_ns for record in day.services.values() for outage in record.downtimes]
    moments = [*told, max([*ends, told[-1]])]
    gaps = (later - earlier for earlier, later in pairwise(moments))
    return max(gaps) / NS_PER_S


# -- training --------------------------------------------------------------------------------


def fewest_on_duty(day: Day) -> dict[tuple[str, str], tuple[int, int]]:
    """For each component and role, fewest trained people on duty, at most the minimum, and that.

    Empty without a model, or if it has no roles.
    """
    minimum = {
        (team.component, name): role.minimum
        for team in (() if day.firm is None else day.firm.teams.values())
        for name, role in team.roles.items()
    }
    fewest = dict(minimum)
    for row in events_about(day.history, Kind.ACTION, ("cover",)):
        place = (str(row["component"]), str(row["ref"]))
        if row["reason"] != _FILLED and place in fewest:
            count = int(str(row["reason"]).partition(" ")[0])
            fewest[place] = min(fewest[place], count)
    return {place: (count, minimum[place]) for place, count in fewest.items()}


def _training(day: Day) -> Measures:
    """Roles that too few trained people filled, and training that has expired."""
    filled = [Fraction(*counts) for counts in fewest_on_duty(day).values()]
    return {
        "cover_gap_count": sum(share < 1 for share in filled) if filled else None,
        "trained_cover_min_ratio": float(min(filled)) if filled else None,
        "expired_ratio": _expired(day),
    }


def _expired(day: Day) -> Value:
    """Share of the trainings whose last day is over when the day begins."""
    if day.firm is None or day.start is None:
        return None
    groups = [
        group
        for team in day.firm.teams.values()
        for skill in team.skills.values()
        for group in skill.holders
    ]
    people = sum(group.people for group in groups)
    today = day.start.date()
    valid = sum(group.people for group in groups if group.counts(today, None))
    return (people - valid) / people if people else None
