"""Remuneration: what a team's variable pay hangs on, and what its sales earn."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bcsim.model.fields import Entity, Identifier, LocalText, Positive, Probability, Ratio


class Counted(StrEnum):
    """What a scorecard counts of its orders."""

    DONE = "orders-done"
    ON_TIME = "orders-on-time"
    LATE = "orders-late"
    LOST = "orders-lost"
    WRONG = "orders-wrong"
    BYPASSED = "orders-bypassing-controls"
    COMPLAINTS = "complaints"


class Indicator(Entity):
    """A key performance indicator: the share of the orders of which something is counted."""

    counts: Annotated[Counted, Field(description="What counts.")]
    target: Annotated[Ratio, Field(gt=0, description="Share of the orders that is paid in full.")]
    weight: Annotated[Positive, Field(description="Weight against the other indicators.")] = 1.0


class Gate(Entity):
    """A quality gate: beyond it, variable pay is lost."""

    counts: Annotated[Counted, Field(description="What counts.")]
    at_most: Annotated[Ratio, Field(description="Largest share of the orders that passes.")]
    loses: Annotated[
        Probability, Field(description="Share of variable pay that is lost beyond it.")
    ] = 1.0


class Penalty(Entity):
    """Variable pay that is lost bit by bit."""

    counts: Annotated[Counted, Field(description="What counts.")]
    each: Annotated[
        Ratio, Field(description="Share of variable pay lost for one such order in a thousand.")
    ]
    at_most: Annotated[Probability, Field(description="Largest share that is lost so.")] = 1.0


class Scorecard(Entity):
    """How a team's variable pay is worked out: indicators × gates, less penalties."""

    name: LocalText
    team: Annotated[Identifier, Field(description="Team that is paid so.")]
    channels: Annotated[
        tuple[Identifier, ...],
        Field(description="Channels whose orders count; empty: orders that the team worked on."),
    ] = ()
    variable_share: Annotated[
        Probability, Field(description="Share of a normal day's pay that is variable.")
    ]
    indicators: Annotated[
        dict[Identifier, Indicator], Field(min_length=1, description="What is paid for.")
    ]
    gates: Annotated[
        dict[Identifier, Gate], Field(description="What must hold for it to be paid.")
    ] = {}
    penalties: Annotated[dict[Identifier, Penalty], Field(description="What is taken off it.")] = {}
    clawback: Annotated[
        tuple[Counted, ...], Field(description="For which orders pay can be claimed back.")
    ] = ()


class Commission(Entity):
    """What the firm earns with orders of a segment or of a product."""

    segment: Annotated[Identifier | None, Field(description="Segment; none: all.")] = None
    product: Annotated[Identifier | None, Field(description="Product; none: all.")] = None
    per_mille: Annotated[float, Field(ge=0, le=1000, description="Per mille of the amount.")]

    def covers(self, segment: str, product: str) -> bool:
        """Whether it is that of a segment's orders of a product."""
        return self.segment in {None, segment} and self.product in {None, product}
