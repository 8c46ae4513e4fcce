"""What a run came to under the rules of regulators, as its measures say it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from bcsim.model.fields import LocalText

Status: TypeAlias = Literal["met", "not_met", "unknown", "not_triggered"]


class _Entry(BaseModel):
    """Part of a document; what a newer run says besides is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Source(_Entry):
    """The text that holds a rule."""

    title: str
    reference: str
    dated: str


class TraceEntry(_Entry):
    """One comparison: what is known of a value, and what it was compared with."""

    group: str
    label: LocalText | None = None
    what: str
    unit: str
    answer: Status
    least: Annotated[int | float | None, Field(alias="from")] = None
    most: Annotated[int | float | None, Field(alias="to")] = None
    sign: str = ""
    threshold: int | float | None = None
    stated: bool = False


class TimeBounds(_Entry):
    """Earliest and latest time, ns on the run's clock; None where not known."""

    earliest_ns: int | None = None
    latest_ns: int | None = None


class RuleResult(_Entry):
    """What came of one rule."""

    rule: str
    kind: str
    text: LocalText
    status: Status
    when: str | None = None
    trace: tuple[TraceEntry, ...] = ()
    clause: str
    source: Source
    counsel: LocalText
    due: TimeBounds | None = None
    done: TimeBounds | None = None


class RegimeResult(_Entry):
    """What came of a regime's rules."""

    regime: str
    name: LocalText
    authority: LocalText
    rules: tuple[RuleResult, ...]
