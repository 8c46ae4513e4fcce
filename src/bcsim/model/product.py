"""What clients can buy, when it trades, and at what price."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import (
    Clock,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    Probability,
)


class Session(Entity):
    """An interval of the day in which the venue executes."""

    name: Identifier
    open: Clock
    close: Clock


class Instrument(Entity):
    """Something with a price."""

    name: LocalText
    price: Annotated[int, Field(ge=1, description="Opening price in minor units (satang).")]
    tick: Annotated[int, Field(ge=1, description="Smallest price step in minor units.")] = 1
    volatility: Annotated[
        float, Field(ge=0, description="Standard deviation of a step of the price grid, in ticks.")
    ] = 0.0
    weight: Annotated[float, Field(gt=0, description="Share of the product's orders.")] = 1.0


class Product(Entity):
    """A kind of instrument with common rules."""

    name: LocalText
    instruments: Annotated[dict[Identifier, Instrument], Field(min_length=1)]
    sessions: Annotated[tuple[Session, ...], Field(min_length=1)]
    cut_off: Annotated[
        Clock | None, Field(description="Orders intended before it are due the same day.")
    ] = None
    price_grid: Annotated[Duration, Field(description="Spacing of the price grid.")] = 1_000_000_000
    limit_share: Annotated[Probability, Field(description="Share of limit orders.")] = 0.0
    limit_offset: Annotated[
        int, Field(ge=0, description="Limit price lies up to this many ticks off the market.")
    ] = 0
    buy_share: Probability = 0.5
    quantity: Annotated[
        tuple[int, int], Field(description="Smallest and largest quantity, in lots.")
    ] = (1, 10)
    lot: Annotated[int, Field(ge=1, description="Units in a lot.")] = 100
    partial_fill: Annotated[
        Probability, Field(description="Chance that an execution is split.")
    ] = 0.0
    fills: Annotated[int, Field(ge=1, le=4, description="Fills of a split execution.")] = 2
    fill_gap: Annotated[
        DistributionField | None, Field(description="Time between two fills of one order.")
    ] = None
    acknowledge_within: Annotated[
        Duration | None, Field(description="Acknowledgement due after the client's wish.")
    ] = None
    execute_within: Annotated[
        Duration | None,
        Field(description="Market orders: execution, client told, due after the wish."),
    ] = None
    confirm_within: Annotated[
        Duration | None, Field(description="Confirmation due after execution.")
    ] = None
    settle_within: Annotated[
        Duration | None, Field(description="Settlement due after execution.")
    ] = None
    risk_level: Annotated[
        int, Field(description="Risk class of the product, 1 is lowest.", ge=1, le=8)
    ] = 1
    target_segments: Annotated[
        tuple[Identifier, ...], Field(description="Segments that it is meant for; empty: all.")
    ] = ()
