"""Checks on an order inside its journey."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Entity, Identifier, LocalText, Probability


class Control(Entity):
    """A check that finds wrong orders with some coverage."""

    name: LocalText
    coverage: Annotated[
        Probability, Field(description="Chance that it finds an order whose terms were altered.")
    ]
    false_alarm: Annotated[
        Probability, Field(description="Chance that it stops an order that is as intended.")
    ] = 0.0
    on_hit: Annotated[
        Literal["reject", "repair"], Field(description="What happens to an order that it finds.")
    ] = "reject"
    repair_team: Annotated[
        Identifier | None, Field(description="Team that repairs, for on_hit repair.")
    ] = None
    mandatory: Annotated[
        bool, Field(description="Whether an execution without it is a finding.")
    ] = True
    line: Annotated[int, Field(ge=1, le=3, description="Line of defence.")] = 1
