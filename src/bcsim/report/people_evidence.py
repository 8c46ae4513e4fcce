"""What stands behind the measures of people and data, read back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Entry(BaseModel):
    """Part of a document; what a newer run says besides is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ApprovalRow(_Entry):
    """Who approved a service's tolerance, when, and until when that holds; dates in ISO 8601."""

    service: str
    approver: str | None = None
    approved_on: str | None = None
    review_by: str | None = None
    is_overdue: bool | None = None


class DecisionRow(_Entry):
    """A declaration (``action`` None), or a decision on an action of the plan."""

    time_ns: int
    action: str | None = None
    actor: str | None = None
    is_mandated: bool


class ScorecardRow(_Entry):
    """What a day made of a team's variable pay; shares from 0 to 1."""

    scorecard: str
    orders: int
    score: float | None = None
    paid: float | None = None
    failed_gates: tuple[str, ...] | None = None
    clawback: int


class NoticeRow(_Entry):
    """A notice of the plan, and whether what it stated as facts was true."""

    time_ns: int
    action: str | None = None
    channel: str | None = None
    is_true: bool | None = None


class RoleRow(_Entry):
    """Fewest trained people who filled a role, at most the minimum."""

    component: str
    role: str
    minimum: int
    fewest: int


class ExposureRow(_Entry):
    """Data of one class in the wrong hands."""

    data_class: str | None = None
    component: str | None = None
    how: str | None = None
    from_ns: int
    to_ns: int


class GrantRow(_Entry):
    """Access beyond what is normal; ``to_ns`` None: still open."""

    name: str | None = None
    component: str | None = None
    from_ns: int
    to_ns: int | None = None


class PeopleEvidence(_Entry):
    """Tables of systems 1, 3, 5 and 6; empty where nothing is known."""

    approvals: tuple[ApprovalRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    scorecards: tuple[ScorecardRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    roles: tuple[RoleRow, ...] = ()
    exposures: tuple[ExposureRow, ...] = ()
    grants: tuple[GrantRow, ...] = ()
