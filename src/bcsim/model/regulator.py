"""Regulators, and the regimes of theirs by which a run is to be looked at."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bcsim.model.fields import Entity, Identifier, LocalText, PositiveDuration, WallClock
from bcsim.model.regime import Fact, Unit, amount_of


class EarlierOutage(Entity):
    """An outage before the run, which counts in a yearly budget of downtime."""

    service: Annotated[Identifier, Field(description="Service that was down.")]
    began: Annotated[WallClock, Field(description="When it began.")]
    lasted: Annotated[PositiveDuration, Field(description="How long it lasted.")]


class AppliedRegime(Entity):
    """A shipped regime that applies to the firm, with what no run can show."""

    name: Annotated[Identifier, Field(description="Name of the regime.", examples=["eu-dora"])]
    services: Annotated[
        tuple[Identifier, ...], Field(description="Services that it is about; empty: all.")
    ] = ()
    notified_by: Annotated[
        tuple[Identifier, ...] | None,
        Field(
            description="Actions of the plan that tell this regulator; left out: every notice to "
            "a regulator; an empty list: none."
        ),
    ] = None
    stated: Annotated[
        dict[Fact, bool | str],
        Field(
            description="Facts that no run shows, as the firm states them: true, false, or a "
            "number with its unit.",
            examples=[{"malicious-access": False, "member-states-affected": "1 Member States"}],
        ),
    ] = {}
    earlier_outages: Annotated[
        tuple[EarlierOutage, ...] | None,
        Field(description="All outages before the run; an empty list: there were none."),
    ] = None

    @model_validator(mode="after")
    def _in_units(self) -> Self:
        for fact, value in self.stated.items():
            is_flag = fact.unit is Unit.FLAG
            context = {"key": "stated", "fact": fact.value}
            if is_flag != isinstance(value, bool):
                context["wanted"] = "true or false" if is_flag else "a text with its unit"
                raise PydanticCustomError("stated", "{fact} takes {wanted}", context)
            if isinstance(value, str):
                try:
                    amount_of(fact, value)
                except ValueError as error:
                    context["reason"] = str(error)
                    message = "wrong unit: expected {reason}"
                    raise PydanticCustomError("wrong_unit", message, context) from error
        return self


class Regulator(Entity):
    """A regulator and its rule, as the firm's report should name them."""

    name: LocalText
    rule: LocalText | None = None
    regimes: Annotated[
        tuple[AppliedRegime, ...],
        Field(description="Shipped regimes whose clocks and classes the report should show."),
    ] = ()
