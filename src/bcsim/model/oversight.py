"""Oversight: what the three lines of defence look at, how often, and who checks whom."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.defect import Defect
from bcsim.model.fields import (
    Clock,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    PositiveDuration,
    Probability,
)


class Oversight(Entity):
    """A control that looks for what has gone wrong, after it has."""

    name: LocalText
    line: Annotated[
        int,
        Field(ge=1, le=3, description="1: operations, 2: compliance and risk, 3: internal audit."),
    ]
    finds: Annotated[tuple[Defect, ...], Field(min_length=1, description="What it looks for.")]
    coverage: Annotated[
        Probability, Field(description="Chance that it finds one such defect; a miss is for good.")
    ]
    every: Annotated[
        PositiveDuration | None, Field(description="Time between two rounds; none: continuous.")
    ] = None
    at: Annotated[Clock, Field(description="Time of day of its first round.")] = 0
    latency: Annotated[
        DistributionField, Field(description="Time from the round, or the event, to the finding.")
    ]
    made_by: Annotated[Identifier, Field(description="Team component whose work is looked at.")]
    checked_by: Annotated[
        Identifier,
        Field(description="Team component that looks; while nobody of it works, made_by does."),
    ]
    off_while: Annotated[
        tuple[Identifier, ...],
        Field(description="Components; off while one of them is down, hung, or falls back."),
    ] = ()
    restored: Annotated[
        Probability, Field(description="Chance that it is switched on again after that.")
    ] = 1.0
    restored_after: Annotated[Duration, Field(description="Time that this takes.")] = 0
