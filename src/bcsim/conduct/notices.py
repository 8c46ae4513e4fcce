"""Notices: whether what they stated as facts was true when they were sent.

A notice of the plan may state facts (``states`` of its action). Each is compared with what the
history shows of that moment; what it does not show is unknown, and neither true nor untrue.

- *A component works*, or has stopped. It stands still from a fault of its own, or of its site,
  and surely from a detection of a standstill (crash, hang, halt) until it recovers. What fails
  with something else may do so later than that (a battery, a cache): between the fault and the
  detection, nobody knows. A slow component works.
- *A service is within its level*, or below it: by its outages as the checkers found them.
- *No order was lost*: untrue if of an order that was lost the last was heard before. Unknown if
  the class of an order entered before is indeterminate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.bounds import Answer, all_met, negated
from bcsim.conduct.event import place_of, time_of
from bcsim.history.schema import Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.model.statement import Statement

PLAN: Final = "plan"
"""Vantage point of the plan's notices."""

TO_CLIENTS: Final = "notify-clients"
TO_REGULATOR: Final = "notify-regulator"
TO_BOARD: Final = "notify-board"

_STANDSTILL: Final = frozenset({"crash", "hang", "halt"})
"""What is wrong with a component that does not work."""


@dataclass(frozen=True, slots=True)
class JudgedNotice:
    """A notice that stated facts: its position in the history, and whether it was true."""

    position: int
    is_true: Answer


def notice_rows(day: Day) -> NDArray[np.int64]:
    """Positions of the plan's notices, to whomever: int64 ``(notices,)``."""
    is_of_plan = day.history.columns.text("vantage").is_in(PLAN)
    return np.flatnonzero(day.history.is_kind(Kind.NOTIFY) & is_of_plan).astype(np.int64)


def judged_notices(day: Day) -> tuple[JudgedNotice, ...]:
    """Every notice that stated facts, in order; none without a model."""
    actions = {} if day.firm is None or day.firm.plan is None else day.firm.plan.actions
    found = []
    for position in notice_rows(day).tolist():
        row = day.history.row(position)
        action = actions.get(str(row["subject"]))
        if action is not None and action.states:
            at_ns = time_of(row)
            answers = [_holds(day, statement, at_ns) for statement in action.states]
            found.append(JudgedNotice(position, all_met(answers)))
    return tuple(found)


def untrue_notices(day: Day) -> NDArray[np.int64]:
    """Positions of the notices that stated something untrue: int64 ``(untrue notices,)``."""
    untrue = [n.position for n in judged_notices(day) if n.is_true is Answer.NOT_MET]
    return np.array(untrue, dtype=np.int64)


def _holds(day: Day, statement: Statement, at_ns: int) -> Answer:
    if statement.works is not None:
        return _works(day, statement.works, at_ns)
    if statement.stopped is not None:
        return negated(_works(day, statement.stopped, at_ns))
    if statement.within_level is not None:
        return _is_within_level(day, statement.within_level, at_ns)
    if statement.below_level is not None:
        return negated(_is_within_level(day, statement.below_level, at_ns))
    return _none_lost(day, at_ns)


# -- a component works -----------------------------------------------------------------------


def _works(day: Day, component: str, at_ns: int) -> Answer:
    """Whether a component works at a time: by what was last seen of it, else by what comes."""
    seen = [
        row
        for kind in (Kind.DETECT, Kind.RECOVER)
        for row in day.history.rows(kind)
        if row["component"] == component
    ]
    before = [row for row in seen if time_of(row) <= at_ns]
    last = max(before, key=place_of, default=None)
    if last is not None and last["kind"] == Kind.DETECT and last["subject"] in _STANDSTILL:
        return Answer.NOT_MET
    since_ns = -1 if last is None else time_of(last)
    after = [row for row in seen if time_of(row) > at_ns]
    following = min(after, key=place_of, default=None)
    if following is None:
        return negated(_stands_still(day, component, (since_ns, at_ns)))
    if following["subject"] not in _STANDSTILL:
        return Answer.MET
    return negated(_stands_still(day, component, (since_ns, at_ns), following["cause"]))


def _stands_still(
    day: Day, component: str, between: tuple[int, int], cause: str | int | None = None
) -> Answer:
    """Whether a fault stops a component that was last seen working, if at all.

    Either some fault, which nobody noticed, or the one that led to a later row.
    """
    seen_ns, at_ns = between
    faults = [
        row
        for row in day.history.rows(Kind.FAULT_ON)
        if time_of(row) <= at_ns and not _is_over(day, row, at_ns)
    ]
    if cause is None:
        faults = [r for r in faults if time_of(r) > seen_ns and r["subject"] in _STANDSTILL]
    else:
        faults = [row for row in faults if cause in {row["ref"], row["cause"]}]
    spec = None if day.firm is None else day.firm.components.get(component)
    struck = {component} if spec is None else {component, spec.site}
    if any(row["component"] in struck and time_of(row) > seen_ns for row in faults):
        return Answer.MET
    return Answer.UNKNOWN if faults and cause is not None else Answer.NOT_MET


def _is_over(day: Day, fault: Event, at_ns: int) -> bool:
    return any(
        row["ref"] == fault["ref"] and time_of(fault) <= time_of(row) <= at_ns
        for row in day.history.rows(Kind.FAULT_OFF)
    )


# -- a service, and orders -------------------------------------------------------------------


def _is_within_level(day: Day, service: str, at_ns: int) -> Answer:
    record = day.services.get(service)
    if record is None or not record.is_exercised:
        return Answer.UNKNOWN
    is_below = any(
        outage.from_ns <= at_ns and (at_ns < outage.to_ns or not outage.has_ended)
        for outage in record.downtimes
    )
    return Answer.NOT_MET if is_below else Answer.MET


def _none_lost(day: Day, at_ns: int) -> Answer:
    times, intents = day.history.integer("time_ns"), day.history.codes("intent_id")
    rows = day.first_rows
    is_lost = day.verdicts.classes == VerdictClass.LOST.code
    lost = intents[rows[is_lost]]
    own = np.flatnonzero(np.isin(intents, lost) & (intents >= 0))
    last_ns: dict[int, int] = dict(zip(intents[own].tolist(), times[own].tolist(), strict=True))
    if any(time_ns <= at_ns for time_ns in last_ns.values()):
        return Answer.NOT_MET
    is_doubtful = day.verdicts.classes == VerdictClass.INDETERMINATE.code
    is_unseen = not day.history.profile.intents_recorded
    if is_unseen or (times[rows[is_doubtful]] <= at_ns).any():
        return Answer.UNKNOWN
    return Answer.MET
