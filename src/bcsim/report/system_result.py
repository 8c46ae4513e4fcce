"""What a run came to in the nine service systems, as its measures say it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

SystemStatus: TypeAlias = Literal["met", "not_met", "unknown"]


class _Entry(BaseModel):
    """Part of a document; what a newer run says besides is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class TargetBounds(_Entry):
    """What a measure should come to, in its unit; one of the two is stated."""

    at_least: float | None = None
    at_most: float | None = None


class MeasureResult(_Entry):
    """A measure on the day and on the normal day; None where it is not known."""

    measure: str
    value: int | float | None = None
    normal: int | float | None = None
    ratio: float | None = None
    target: TargetBounds | None = None
    status: SystemStatus | None = None


class FairnessResult(_Entry):
    """Groups of clients next to each other: the two furthest apart, with limits."""

    grouping: str
    what: str
    worst: str
    best: str
    difference: float
    low: float
    high: float | None = None
    ratio: float | None = None
    bound: float
    answer: SystemStatus


class SystemResult(_Entry):
    """A system's measures, and what they come to against the firm's targets."""

    system: int
    status: SystemStatus
    normal_status: SystemStatus | None = None
    measures: tuple[MeasureResult, ...]
