"""System 7: problems and complaints; who complained, who answered when, what was made good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.complaint_case import complaint_cases, watched_to_ns
from bcsim.conduct.fates import affected_count
from bcsim.conduct.quantile import quantile
from bcsim.conduct.redress import redress_ledger
from bcsim.history.schema import Kind
from bcsim.model.defect import Defect
from bcsim.units import NS_PER_DAY, NS_PER_S

if TYPE_CHECKING:
    from bcsim.conduct.complaint_case import ComplaintCase
    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures

ANSWER_WITHIN_NS: Final = 30 * NS_PER_DAY
"""Answer due where no model says when: Thailand's rule for securities companies, thirty days
(regime ``th-sec-complaints``, with its source; check with counsel)."""


_AFTER_THE_ORDER: Final = (Kind.COMPLAIN, Kind.RESPOND, Kind.REDRESS, Kind.DETECT)
"""Events about an order of which who did them has not handled the order itself."""


def measure_complaints(day: Day) -> Measures:
    """Measure complaints, their handling, and redress; definitions in the data file."""
    return {**_measure_handling(day), **_measure_redress(day)}


def _measure_handling(day: Day) -> Measures:
    cases = complaint_cases(day)
    if cases is None:
        return dict.fromkeys(_HANDLING)
    affected = affected_count(day.verdicts)
    waits = [
        (c.responded_ns - c.received_ns) / NS_PER_S for c in cases if c.responded_ns is not None
    ]
    peak_ns, peak, cleared_ns = _backlog(cases)
    return {
        "complaints_count": len(cases),
        "complaints_per_thousand": 1000 * len(cases) / affected if affected else None,
        "complaints_unreached_count": sum(Defect.UNREACHED in case.kinds for case in cases),
        "repeat_count": sum(case.repeat_count + case.is_again for case in cases),
        "backlog_max_count": peak,
        "backlog_clear_s": None
        if peak_ns is None or cleared_ns is None
        else (cleared_ns - peak_ns) / NS_PER_S,
        "first_response_s_p50": quantile(waits, 0.5, missing_count=len(cases) - len(waits)),
        "first_response_s_p95": quantile(waits, 0.95, missing_count=len(cases) - len(waits)),
        "first_response_in_time_ratio": _first_in_time(day, cases),
        "closed_in_time_ratio": _closed_in_time(day, cases),
        "open_count": sum(case.answered_ns is None for case in cases),
        "not_independent_count": _not_independent(day, cases),
    }


_HANDLING: Final = (
    "complaints_count",
    "complaints_per_thousand",
    "complaints_unreached_count",
    "repeat_count",
    "backlog_max_count",
    "backlog_clear_s",
    "first_response_s_p50",
    "first_response_s_p95",
    "first_response_in_time_ratio",
    "closed_in_time_ratio",
    "open_count",
    "not_independent_count",
)


def _backlog(cases: tuple[ComplaintCase, ...]) -> tuple[int | None, int, int | None]:
    """When most complaints were open, how many, and when none was any more after that."""
    steps = [(case.received_ns, 1) for case in cases]
    steps += [(case.answered_ns, -1) for case in cases if case.answered_ns is not None]
    peak_ns, peak, cleared_ns, open_count = None, 0, None, 0
    for time_ns, step in sorted(steps):  # what is answered in an instant goes before what comes
        open_count += step
        if open_count > peak:
            peak_ns, peak, cleared_ns = time_ns, open_count, None
        elif not open_count and cleared_ns is None:
            cleared_ns = time_ns
    return peak_ns, peak, cleared_ns


def _in_time(waits: list[tuple[int | None, int]], within_ns: int) -> float | None:
    """Share done within a time, of those done or overdue; pairs of time taken and time watched."""
    known = [taken for taken, seen in waits if taken is not None or seen > within_ns]
    if not known:
        return None
    return sum(taken is not None and taken <= within_ns for taken in known) / len(known)


def _first_in_time(day: Day, cases: tuple[ComplaintCase, ...]) -> float | None:
    complaints = None if day.firm is None else day.firm.complaints
    if complaints is None or complaints.first_response_within is None:
        return None
    to_ns = watched_to_ns(day)
    waits = [_wait(case.received_ns, case.responded_ns, to_ns) for case in cases]
    return _in_time(waits, complaints.first_response_within)


def _closed_in_time(day: Day, cases: tuple[ComplaintCase, ...]) -> float | None:
    complaints = None if day.firm is None else day.firm.complaints
    within_ns = ANSWER_WITHIN_NS if complaints is None else complaints.final_answer_within
    to_ns = watched_to_ns(day)
    waits = [_wait(case.received_ns, case.answered_ns, to_ns) for case in cases]
    return _in_time(waits, within_ns)


def _wait(from_ns: int, done_ns: int | None, to_ns: int) -> tuple[int | None, int]:
    return (None if done_ns is None else done_ns - from_ns), to_ns - from_ns


def _not_independent(day: Day, cases: tuple[ComplaintCase, ...]) -> int | None:
    """Complaints handled by somebody who had handled the order; None if nobody can be named."""
    judged = [case for case in cases if case.intents and case.handlers]
    if cases and not judged:
        return None
    intents = day.history.columns.text("intent_id")
    of_order = ~day.history.is_kind(*_AFTER_THE_ORDER)
    handled: dict[str, frozenset[int]] = {}
    for handler in {handler for case in judged for handler in case.handlers}:
        places = [day.history.columns.text(name) for name in ("component", "actor", "vantage")]
        mine = places[0].is_in(handler) | places[1].is_in(handler) | places[2].is_in(handler)
        handled[handler] = frozenset(np.unique(intents.codes[mine & of_order]).tolist())
    return sum(
        any(
            intents.code_of(intent) in handled[handler]
            for intent in case.intents
            for handler in case.handlers
        )
        for case in judged
    )


def _measure_redress(day: Day) -> Measures:
    ledger = redress_ledger(day)
    if ledger is None:
        return dict.fromkeys(_REDRESS)
    paid = [entry for entry in ledger if entry.payments]
    waits = [(entry.payments[0][0] - entry.due_ns) / NS_PER_S for entry in paid]
    late = [entry.is_late for entry in ledger if entry.is_late is not None]
    return {
        "redress_due_count": sum(entry.due > 0 for entry in ledger),
        "redress_due_money": sum(entry.due for entry in ledger),
        "redress_paid_money": sum(entry.paid for entry in ledger),
        "redress_unpaid_money": sum(max(0, entry.due - entry.paid) for entry in ledger),
        "redress_error_money": sum(abs(entry.paid - entry.due) for entry in paid),
        "redress_late_count": sum(late) if late or not ledger else None,
        "redress_s_p95": quantile(waits, 0.95, missing_count=len(ledger) - len(paid)),
    }


_REDRESS: Final = (
    "redress_due_count",
    "redress_due_money",
    "redress_paid_money",
    "redress_unpaid_money",
    "redress_error_money",
    "redress_late_count",
    "redress_s_p95",
)
