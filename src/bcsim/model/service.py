"""What the firm promises: services and how much disruption each tolerates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import Date, Duration, Entity, Identifier, LocalText, Probability, Ratio


class Tolerance(Entity):
    """Targets of a service; `rto` ≤ `mtpd`."""

    rto: Annotated[Duration, Field(description="Recovery time objective.")]
    mtpd: Annotated[Duration, Field(description="Maximum tolerable period of disruption.")]
    rpo: Annotated[Duration, Field(description="Recovery point objective.")] = 0
    mbco: Annotated[
        Ratio, Field(description="Minimum business continuity objective, a service level.")
    ]
    approver: Annotated[str | None, Field(description="Who approved the targets.")] = None
    approved_on: Annotated[Date | None, Field(description="When they were approved.")] = None
    review_within: Annotated[Duration | None, Field(description="Review period.")] = None


class Service(Entity):
    """Something that clients get from the firm."""

    name: LocalText
    products: Annotated[
        tuple[Identifier, ...], Field(description="Products whose orders it covers.", min_length=1)
    ]
    channels: Annotated[
        tuple[Identifier, ...], Field(description="Channels that it covers; empty: all.")
    ] = ()
    tolerance: Tolerance
    level_bucket: Annotated[
        Duration, Field(description="Interval over which the service level is taken.")
    ] = 60_000_000_000


class Disparity(Entity):
    """How unequal outcomes between groups of clients may be."""

    bound: Annotated[Probability, Field(description="Largest difference of affected shares.")]
    delay: Annotated[
        Duration | None,
        Field(description="Largest difference of median times to the first answer."),
    ] = None
