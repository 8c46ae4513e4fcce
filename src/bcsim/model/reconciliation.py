"""Comparing two stores at stated times, and repairing what differs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Clock, DistributionField, Duration, Entity, Identifier, LocalText


class Reconciliation(Entity):
    """A comparison of what two components know of the same orders."""

    name: LocalText
    left: Annotated[Identifier, Field(description="Component that should know each order.")]
    right: Annotated[Identifier, Field(description="Component to compare with.")]
    at: Annotated[tuple[Clock, ...], Field(description="Times of day; actions can add more.")] = ()
    grace: Annotated[Duration, Field(description="Younger orders are left alone.")]
    team: Annotated[Identifier, Field(description="Team component that repairs.")]
    work: Annotated[DistributionField, Field(description="Time of one repair.")]
    missing: Annotated[
        Literal["re-enter", "book", "report"],
        Field(description="Repair of an order that left knows and right does not."),
    ] = "re-enter"
    excess: Annotated[
        Literal["bust", "report"], Field(description="Repair of quantity executed twice.")
    ] = "bust"
    differing: Annotated[
        Literal["correct", "report"], Field(description="Repair of differing terms.")
    ] = "correct"
