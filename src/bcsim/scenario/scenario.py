"""The root of a scenario file: what goes wrong, how long we look, what should come out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bcsim.model.fields import Clock, Duration, Entity, Identifier, LocalText, WallClock
from bcsim.scenario.disruption import AnyDisruption

FORMAT = "bcsim-scenario/1"


class Family(StrEnum):
    """Scenario families of Delegated Regulation (EU) 2024/1774, article 26(2)."""

    NORMAL = "normal"
    CYBER = "cyber-attack"
    PROVIDER = "provider-failure"
    PREMISES = "premises"
    TECHNOLOGY = "technology"
    STAFF = "staff"
    NATURAL = "natural-or-pandemic"
    INSIDER = "insider"
    SOCIAL = "social-or-political"
    POWER = "power-outage"


class Window(Entity):
    """Part of the day that is simulated at full intensity."""

    start: Clock
    end: Clock


class Drain(Entity):
    """What happens after the window: arrivals stop, and pending work may end."""

    kind: Annotated[
        Literal["heal", "freeze"],
        Field(description="heal: disruptions end; freeze: impairments stay."),
    ] = "heal"
    limit: Annotated[Duration, Field(description="Longest drain.")] = 4 * 3_600_000_000_000


SystemNumber: TypeAlias = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]


class Count(Entity):
    """Bounds on a number."""

    at_least: Annotated[
        int, Field(description="Smallest number that meets the expectation.", ge=0)
    ] = 0
    at_most: Annotated[
        int | None, Field(description="Largest number that meets it; none: no bound.", ge=0)
    ] = None


class Expectation(Entity):
    """What the scenario says will come out."""

    outcome: Annotated[
        Literal["pass", "fail", "late only", "unknown"],
        Field(description="Outcome that is expected."),
    ]
    orders: Annotated[
        dict[str, Count], Field(description="Bounds on the number of orders per verdict class.")
    ] = {}
    flags: Annotated[
        dict[str, Count], Field(description="Bounds on the number of orders per flag.")
    ] = {}
    within_tolerance: Annotated[
        dict[Identifier, bool],
        Field(description="Per service, whether its tolerance is expected to hold."),
    ] = {}
    systems: Annotated[
        dict[SystemNumber, Literal["met", "not_met", "unknown"]],
        Field(description="Per service system, by number, what its targets come to."),
    ] = {}


class Scenario(Entity):
    """A disruption scenario, or a normal day."""

    format: Literal["bcsim-scenario/1"]
    name: LocalText
    description: LocalText | None = None
    model: Annotated[str | None, Field(description="Path of the model, from this file.")] = None
    family: Family
    tag: Annotated[
        Literal["within-plan", "beyond-plan"],
        Field(
            description="within-plan must pass; beyond-plan may lose orders, if the loss is known."
        ),
    ]
    start: Annotated[WallClock, Field(description="Wall clock of time 0, without time zone.")]
    window: Window
    drain: Drain = Drain()
    disruptions: tuple[AnyDisruption, ...] = ()
    expect: Expectation
    trace: Annotated[
        Literal["outcomes", "business", "full"], Field(description="How much the history records.")
    ] = "business"
