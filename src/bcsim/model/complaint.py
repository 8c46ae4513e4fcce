"""Complaints: who complains and when, and who answers them by when."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from bcsim.model.defect import Defect
from bcsim.model.fields import (
    Clock,
    Date,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    PositiveDuration,
    Probability,
)
from bcsim.units import NS_PER_DAY, NS_PER_H

_Factor = Annotated[float, Field(ge=0)]


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


WORKING_WEEK: Final = tuple(Weekday)[:5]


class OfficeHours(Entity):
    """When people work on what is not urgent."""

    open: Clock
    close: Clock
    days: Annotated[
        tuple[Weekday, ...], Field(min_length=1, description="Days of the week that they work.")
    ] = WORKING_WEEK
    holidays: Annotated[
        tuple[Date, ...], Field(description="Days on which they do not work all the same.")
    ] = ()


class NoticeEffect(Entity):
    """By what factors a client's chance to complain changes with what the firm has told."""

    untold: Annotated[_Factor, Field(description="No notice reached the client in time.")] = 1.0
    told: Annotated[_Factor, Field(description="Notices did, and they were true.")] = 1.0
    misled: Annotated[_Factor, Field(description="One of them was untrue.")] = 1.0
    within: Annotated[
        Duration, Field(description="A notice later than this after the wish is too late.")
    ] = NS_PER_H


class Complaining(Entity):
    """How clients complain."""

    chance: Annotated[
        dict[Defect, Probability],
        Field(
            min_length=1,
            description="Chance of a complaint by what the client felt; the greatest counts.",
        ),
    ]
    full_after: Annotated[
        Duration,
        Field(
            description="Of a late or recovered order: delay at which the chance is the full one; "
            "below it in proportion. A delay counts from the deadline."
        ),
    ] = 0
    segments: Annotated[
        dict[Identifier, _Factor], Field(description="Factors on the chance by segment.")
    ] = {}
    vulnerable: Annotated[
        _Factor, Field(description="Factor on the chance of clients of vulnerable segments.")
    ] = 1.0
    notices: Annotated[NoticeEffect, Field(description="What notices to clients change.")] = (
        NoticeEffect()
    )
    delay: Annotated[
        DistributionField, Field(description="Time from the order's last event to the complaint.")
    ]
    patience: Annotated[
        PositiveDuration, Field(description="Wait for a first response before complaining again.")
    ] = 5 * NS_PER_DAY
    again: Annotated[
        Probability,
        Field(description="Chance of complaining again: no response, or less redress than due."),
    ] = 0.0


class Overflow(Entity):
    """Who answers complaints as well, when too many wait."""

    team: Annotated[Identifier, Field(description="Component of kind team.")]
    above: Annotated[int, Field(ge=0, description="Tasks that wait, beyond which it helps.")]


class Complaints(Entity):
    """Complaints and their handling."""

    clients: Complaining
    team: Annotated[Identifier, Field(description="Component of kind team that handles them.")]
    hours: Annotated[OfficeHours, Field(description="When it works on them.")]
    first_response: Annotated[
        DistributionField, Field(description="Work until the client has a first response.")
    ]
    first_response_within: Annotated[
        Duration | None, Field(description="First response due after the complaint.")
    ] = None
    final_answer: Annotated[
        DistributionField, Field(description="Further work until the client has the answer.")
    ]
    final_answer_within: Annotated[
        PositiveDuration, Field(description="Answer due after the complaint.")
    ] = 30 * NS_PER_DAY
    overflow: Annotated[Overflow | None, Field(description="Who helps when too many wait.")] = None
