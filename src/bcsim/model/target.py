"""Targets: what a measure of a service system should come to."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bcsim.model.fields import Duration, Entity
from bcsim.units import NS_PER_S


class Target(Entity):
    """Exactly one bound; a time may be stated as ``within``, any number as the others."""

    at_least: Annotated[float | None, Field(description="Smallest value that meets it.")] = None
    at_most: Annotated[float | None, Field(description="Largest value that meets it.")] = None
    within: Annotated[
        Duration | None, Field(description="Longest time that meets it, of measures in seconds.")
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = {"at_least", "at_most", "within"} & self.model_fields_set
        if len(given) != 1:
            context = {"given": ", ".join(sorted(given)) or "none"}
            message = "a target has exactly one of at_least, at_most and within; given: {given}"
            raise PydanticCustomError("one_bound", message, context)
        return self

    @property
    def highest(self) -> float | None:
        """Largest value that meets it, in the measure's unit."""
        return self.at_most if self.within is None else self.within / NS_PER_S

    def is_met_by(self, value: float | None) -> bool | None:
        """Whether a value meets it; None if the value is not known."""
        if value is None:
            return None
        if self.at_least is not None:
            return value >= self.at_least
        assert self.highest is not None, "a target has one bound"
        return value <= self.highest
