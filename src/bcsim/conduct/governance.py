"""System 1: culture, board and senior management: approvals, decisions, what the board heard."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.conduct.event import events_about, time_of
from bcsim.conduct.notices import TO_BOARD, notice_rows
from bcsim.conduct.onset import reaction_s
from bcsim.history.schema import Kind
from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.conduct.measure import Measures, Value
    from bcsim.model.firm import Firm
    from bcsim.model.plan import Action

_DECIDED: Final = "decided"
_STARTED: Final = "started"
_NOBODY: Final = "no mandated person reached"
_ENDS: Final = ("done", "failed: ")


def measure_governance(day: Day) -> Measures:
    """Measure decisions and approvals; every measure is defined in ``1-governance.yaml``."""
    declarations = list(day.history.rows(Kind.DECLARE))
    board = [row for row in _notices(day) if row["reason"] == TO_BOARD]
    is_seen = day.firm is not None or bool(declarations)
    return {
        "time_to_declare_s": reaction_s(day.history, declarations),
        "declarations_count": len(declarations) if is_seen else None,
        "declared_by_deputy_count": sum(r["reason"] == "deputy" for r in declarations)
        if is_seen
        else None,
        **_decisions(day),
        **_breaches(day, board),
        "time_to_board_s": reaction_s(day.history, board),
        **_approvals(day),
    }


def _notices(day: Day) -> list[Event]:
    return [day.history.row(position) for position in notice_rows(day).tolist()]


# -- decisions and actions -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """A declaration, or that an action of the plan be carried out; who took it, if anybody did."""

    time_ns: int
    action: str | None
    actor: str | None
    is_mandated: bool


def decisions(day: Day, firm: Firm) -> list[Decision]:
    """Every decision in order: declarations, and of the actions that need one.

    An action that began without one was ordered, and nobody with the mandate was asked.
    """
    found = [
        Decision(time_of(row), None, _actor(row), _may_declare(firm, row))
        for row in day.history.rows(Kind.DECLARE)
    ]
    rows = _plan_rows(day, firm)
    for name, action in firm.plan.actions.items() if firm.plan else ():
        if action.authority is not None:
            may = firm.authorities[action.authority].decides
            is_decided = False
            for row in (row for row in rows if row["ref"] == name):
                if row["reason"] == _DECIDED:
                    is_decided = True
                    actor = _actor(row)
                    found.append(Decision(time_of(row), name, actor, actor in may))
                elif row["reason"] == _STARTED:
                    if not is_decided:
                        found.append(Decision(time_of(row), name, None, is_mandated=False))
                    is_decided = False
    return sorted(found, key=lambda decision: decision.time_ns)


def _plan_rows(day: Day, firm: Firm) -> list[Event]:
    """Events about the plan's actions, and about a declaration that nobody made."""
    actions = firm.plan.actions.values() if firm.plan else ()
    kinds = {action.kind.value for action in actions}
    return events_about(day.history, Kind.ACTION, kinds | {"declaration"})


def _actor(row: Event) -> str | None:
    actor = row["actor"]
    return None if actor is None else str(actor)


def _decisions(day: Day) -> Measures:
    """Who decided, what was not decided, and what became of the plan's actions."""
    if day.firm is None:
        return dict.fromkeys(
            (
                "decided_by_mandate_ratio",
                "decisions_missed_count",
                "actions_failed_count",
                "actions_unfinished_count",
            )
        )
    rows = _plan_rows(day, day.firm)
    actions = {} if day.firm.plan is None else day.firm.plan.actions
    runs = [row for row in rows if _is_run(row, actions)]
    mandated = [decision.is_mandated for decision in decisions(day, day.firm)]
    started = sum(row["reason"] == _STARTED for row in runs)
    ended = sum(str(row["reason"]).startswith(_ENDS) for row in runs)
    failed = sum(str(row["reason"]).startswith("failed: ") for row in runs)
    unstarted = sum(row["reason"] == f"failed: {_NOBODY}" for row in runs)
    unstarted += sum(str(row["reason"]).startswith("failed: requires ") for row in runs)
    return {
        "decided_by_mandate_ratio": sum(mandated) / len(mandated) if mandated else None,
        "decisions_missed_count": sum(row["reason"] == _NOBODY for row in rows),
        "actions_failed_count": failed,
        "actions_unfinished_count": max(0, started - (ended - unstarted)),
    }


def _is_run(row: Event, actions: dict[str, Action]) -> bool:
    """Whether a row is about a run of an action of the plan."""
    action = actions.get(str(row["ref"]))
    return action is not None and row["subject"] == action.kind.value


def _may_declare(firm: Firm, declaration: Event) -> bool:
    authority = firm.authorities.get(str(declaration["ref"]))
    return authority is not None and declaration["actor"] in authority.decides


# -- breaches and the board ------------------------------------------------------------------


def _breaches(day: Day, board: Sequence[Event]) -> Measures:
    """Services beyond their tolerance, and of how many the board heard."""
    kept = [record.within_tolerance for record in day.services.values()]
    breached = [r for r in day.services.values() if r.within_tolerance is False]
    is_known = bool(kept) and None not in kept
    reported = sum(
        any(time_of(row) >= min((d.from_ns for d in record.downtimes), default=0) for row in board)
        for record in breached
    )
    is_seen = day.firm is not None
    return {
        "tolerance_breaches_count": len(breached) if breached or is_known else None,
        "breaches_reported_count": reported if breached and is_seen else None,
        "breaches_unreported_count": len(breached) - reported
        if is_seen and (breached or is_known)
        else None,
    }


# -- approvals -------------------------------------------------------------------------------


def _approvals(day: Day) -> Measures:
    """How far the services' tolerances are approved, and their approvals up to date."""
    if day.firm is None:
        names = ("approvals_overdue_count", "approval_age_d_max")
        return {"tolerances_without_approver_count": None, **dict.fromkeys(names)}
    tolerances = [service.tolerance for service in day.firm.services.values()]
    overdue: Value = None
    oldest: Value = None
    if day.start is not None:
        today = day.start.date()
        ages = [
            (today - tolerance.approved_on, tolerance.review_within)
            for tolerance in tolerances
            if tolerance.approved_on is not None
        ]
        overdue = sum(
            period is not None and age > datetime.timedelta(days=period // NS_PER_DAY)
            for age, period in ages
        )
        oldest = max((age.days for age, _ in ages), default=None)
    return {
        "tolerances_without_approver_count": sum(t.approver is None for t in tolerances),
        "approvals_overdue_count": overdue,
        "approval_age_d_max": oldest,
    }
