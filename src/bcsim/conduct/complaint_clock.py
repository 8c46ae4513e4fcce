"""The clock of complaints: each is to be answered within a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.bounds import Answer, Bounds, all_met, exactly
from bcsim.conduct.finding import Finding, Status, TraceLine, status_of
from bcsim.limits import PROOFS_MAX

if TYPE_CHECKING:
    from bcsim.conduct.incident import Complaint, Incident
    from bcsim.model.regime import ComplaintHandling


def check_complaints(rule: ComplaintHandling, incident: Incident) -> Finding:
    """Check that every complaint was answered in time.

    One without an answer was late once somebody has watched beyond its due time; before that it
    is unknown. The trace shows the late ones first, then the open ones, at most ``PROOFS_MAX``.
    """
    if incident.complaints is None:
        return Finding(Status.UNKNOWN, ())
    if not incident.complaints:
        return Finding(Status.NOT_TRIGGERED, ())
    to_ns = incident.complaints_to_ns
    end_ns = incident.end_ns if to_ns is None else to_ns
    lines = [_line(rule, complaint, end_ns) for complaint in incident.complaints]
    gravity = [Answer.NOT_MET, Answer.UNKNOWN, Answer.MET]
    shown = sorted(lines, key=lambda line: gravity.index(line.answer))[:PROOFS_MAX]
    open_ns = [
        complaint.received_ns + rule.within
        for complaint in incident.complaints
        if complaint.answered_ns is None
    ]
    due = exactly(min(open_ns)) if open_ns else None
    return Finding(status_of(all_met(line.answer for line in lines)), tuple(shown), due)


def _line(rule: ComplaintHandling, complaint: Complaint, end_ns: int) -> TraceLine:
    seen_to_ns = end_ns if complaint.answered_ns is None else complaint.answered_ns
    waited_ns = max(seen_to_ns - complaint.received_ns, 0)
    waited = Bounds(waited_ns, None if complaint.answered_ns is None else waited_ns)
    answer = waited.at_most(rule.within)
    return TraceLine(complaint.name, "answer", "duration", answer, waited, "<=", rule.within)
