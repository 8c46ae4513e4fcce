"""Where orders come from: sources with a daily volume and an intraday profile."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import (
    Clock,
    DistributionField,
    Entity,
    Identifier,
    Probability,
)


class ProfilePoint(Entity):
    """From this time of day on, demand has this relative intensity."""

    at: Clock
    intensity: Annotated[
        float, Field(description="Relative; only ratios between points matter.", ge=0)
    ]


class IntradayProfile(Entity):
    """Relative intensity over the day: constant between points, zero before the first."""

    points: Annotated[tuple[ProfilePoint, ...], Field(min_length=2)]


class Demand(Entity):
    """A source of orders."""

    channel: Identifier
    segment: Identifier
    product: Identifier
    journey: Identifier
    profile: Identifier
    orders_per_day: Annotated[
        float, Field(description="Orders of a whole day at normal load.", ge=0)
    ]
    cancel: Annotated[Probability, Field(description="Share that the client cancels.")] = 0.0
    cancel_after: Annotated[
        DistributionField | None, Field(description="Time from the wish to the cancel request.")
    ] = None
