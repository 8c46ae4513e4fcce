"""What stands behind the measures of products, complaints and lines of defence, read back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bcsim.report.people_evidence import PeopleEvidence


class _Entry(BaseModel):
    """Part of a document; what a newer run says besides is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OutcomeRow(_Entry):
    """Orders of one segment and product (``""``: unknown), and harm in minor units."""

    segment: str
    product: str
    orders: int
    affected: int
    harm: int | None = None


class AgeingRow(_Entry):
    """Complaints older than ``from_d`` days and at most ``to_d``; None: without end."""

    from_d: int
    to_d: int | None = None
    answered: int
    open: int


class RedressRow(_Entry):
    """One order's redress in minor units."""

    intent: str
    due: int
    paid: int
    payments: int
    is_late: bool | None = None


class SystemEvidence(_Entry):
    """Tables of systems 2, 7 and 8, and of people and data; empty where nothing is known.

    ``product_levels``: product -> lowest service level; None where there are too few orders.
    """

    outcomes: tuple[OutcomeRow, ...] = ()
    product_levels: dict[str, float | None] = {}
    ageing: tuple[AgeingRow, ...] = ()
    redress: tuple[RedressRow, ...] = ()
    detection: dict[str, dict[str, int]] = {}
    people: PeopleEvidence = PeopleEvidence()
