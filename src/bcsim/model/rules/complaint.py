"""Rules for complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.component import ComponentKind
from bcsim.model.defect import Defect
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.reference import of_other_kind
from bcsim.units import format_clock, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def complaint_references(firm: Firm) -> Iterator[Finding]:
    """Those who answer complaints are teams; factors are those of segments."""
    if firm.complaints is None:
        return
    teams = {"team": firm.complaints.team}
    if firm.complaints.overflow is not None:
        teams["overflow"] = firm.complaints.overflow.team
    for key, team in teams.items():
        path = ("complaints", key) if key == "team" else ("complaints", key, "team")
        yield from dangling(path, team, "component", firm.components)
        yield from of_other_kind(firm, path, team, {ComponentKind.TEAM}, "who answers complaints")
    for segment in firm.complaints.clients.segments:
        place = ("complaints", "clients", "segments", segment)
        yield from dangling(place, segment, "segment", firm.segments)


def complaint_times(firm: Firm) -> Iterator[Finding]:
    """The office opens before it closes, and the first response is due before the answer."""
    if firm.complaints is None:
        return
    hours = firm.complaints.hours
    if hours.open >= hours.close:
        yield Finding(
            ("complaints", "hours", "close"),
            "the office closes before it opens",
            value=format_clock(hours.close),
            expected=f"after {format_clock(hours.open)}",
        )
    first, final = firm.complaints.first_response_within, firm.complaints.final_answer_within
    if first is not None and first > final:
        yield Finding(
            ("complaints", "first_response_within"),
            "the first response is due after the answer",
            value=format_duration(first),
            expected=f"at most {format_duration(final)}",
        )


def complaint_chances(firm: Firm) -> Iterator[Finding]:
    """Clients complain of what happened to their orders."""
    if firm.complaints is not None and Defect.FAULT in firm.complaints.clients.chance:
        yield Finding(
            ("complaints", "clients", "chance", Defect.FAULT.value),
            "a fault is nobody's order",
            value=Defect.FAULT.value,
            expected="what clients feel of it, such as late, lost or refused",
            at_key=True,
        )
