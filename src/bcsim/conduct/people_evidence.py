"""Evidence of systems 1, 3, 5 and 6: who approved and decided, who was paid, told and let in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from bcsim.conduct.bounds import Answer
from bcsim.conduct.communication import fewest_on_duty
from bcsim.conduct.event import time_of
from bcsim.conduct.governance import decisions
from bcsim.conduct.notices import judged_notices, notice_rows
from bcsim.conduct.privacy import exposures_of, grants_of
from bcsim.conduct.scorecard import clawback_count, failed_gates, pay, score, tally
from bcsim.limits import PROOFS_MAX
from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from bcsim.conduct.day import Day
    from bcsim.model.firm import Firm

    Document = dict[str, object]


def people_evidence(day: Day) -> Document:
    """What stands behind the measures; empty tables where nothing is known.

    Returns
    -------
    dict
        ``approvals`` of the services' tolerances; ``decisions`` with their actors (None: nobody);
        ``scorecards`` with score and share of variable pay; ``notices`` of the plan and whether
        what they stated was true (None: nothing stated, or not known); ``roles`` with the fewest
        on duty, at most the minimum; ``exposures``, at most ``PROOFS_MAX``, and ``grants``
        (``to_ns`` None: still open). Times are in ns on the run's clock.
    """
    firm = day.firm
    return {
        "approvals": [] if firm is None else _approvals(day, firm),
        "decisions": [] if firm is None else _decisions(day, firm),
        "scorecards": [] if firm is None else _scorecards(day, firm),
        "notices": _notices(day),
        "roles": [
            {"component": component, "role": role, "minimum": minimum, "fewest": fewest}
            for (component, role), (fewest, minimum) in fewest_on_duty(day).items()
        ],
        "exposures": [
            {
                "data_class": exposure.data_class,
                "component": exposure.component,
                "how": exposure.how,
                "from_ns": exposure.from_ns,
                "to_ns": exposure.to_ns,
            }
            for exposure in exposures_of(day)[:PROOFS_MAX]
        ],
        "grants": [
            {
                "name": grant.name,
                "component": grant.component,
                "from_ns": grant.from_ns,
                "to_ns": grant.to_ns,
            }
            for grant in grants_of(day)
        ],
    }


def _approvals(day: Day, firm: Firm) -> list[Document]:
    today = None if day.start is None else day.start.date()
    found: list[Document] = []
    for name, service in firm.services.items():
        tolerance = service.tolerance
        review_by = None
        if tolerance.approved_on is not None and tolerance.review_within is not None:
            period = datetime.timedelta(days=tolerance.review_within // NS_PER_DAY)
            review_by = tolerance.approved_on + period
        is_overdue = None if today is None or review_by is None else today > review_by
        found.append(
            {
                "service": name,
                "approver": tolerance.approver,
                "approved_on": _iso(tolerance.approved_on),
                "review_by": _iso(review_by),
                "is_overdue": is_overdue,
            }
        )
    return found


def _iso(date: datetime.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _decisions(day: Day, firm: Firm) -> list[Document]:
    return [
        {
            "time_ns": decision.time_ns,
            "action": decision.action,
            "actor": decision.actor,
            "is_mandated": decision.is_mandated,
        }
        for decision in decisions(day, firm)
    ]


def _scorecards(day: Day, firm: Firm) -> list[Document]:
    found: list[Document] = []
    for name, card in firm.scorecards.items():
        counts = tally(day, firm, card)
        found.append(
            {
                "scorecard": name,
                "orders": counts.orders_count,
                "score": score(card, counts),
                "paid": pay(card, counts),
                "failed_gates": failed_gates(card, counts),
                "clawback": clawback_count(card, counts),
            }
        )
    return found


def _notices(day: Day) -> list[Document]:
    truths = {Answer.MET: True, Answer.NOT_MET: False}
    judged = {notice.position: truths.get(notice.is_true) for notice in judged_notices(day)}
    return [
        {
            "time_ns": time_of(row),
            "action": row["subject"],
            "kind": row["reason"],
            "channel": row["component"],
            "is_true": judged.get(position),
        }
        for position, row in ((p, day.history.row(p)) for p in notice_rows(day).tolist())
    ]
