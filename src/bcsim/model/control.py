"""Checks on an order inside its journey."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Entity, Identifier, LocalText, Probability


class Bypass(Entity):
    """How people leave a control out when too much work waits for them."""

    waiting: Annotated[
        int,
        Field(ge=0, description="Requests that wait for each server; with more, it is left out."),
    ]
    chance: Annotated[Probability, Field(description="Chance that it is then left out.")]


class Control(Entity):
    """A check that finds wrong orders with some coverage."""

    name: LocalText
    finds: Annotated[
        Literal["altered", "unsuitable"],
        Field(
            description="What is wrong with an order that it looks for: its terms were altered, or "
            "its product is not for the client's segment."
        ),
    ] = "altered"
    process: Annotated[
        Literal["contact", "disclosure", "suitability", "confirmation", "recording"] | None,
        Field(description="Step of the sales process that it is; none: it is not of that process."),
    ] = None
    coverage: Annotated[Probability, Field(description="Chance that it finds a wrong order.")]
    false_alarm: Annotated[
        Probability, Field(description="Chance that it stops an order that is not wrong.")
    ] = 0.0
    bypass: Annotated[
        Bypass | None, Field(description="Pressure under which people leave it out; none: never.")
    ] = None
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
