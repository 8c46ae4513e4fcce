"""Redress: what clients are owed for harm, and how surely and soon they get it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.defect import Defect
from bcsim.model.fields import DistributionField, Duration, Entity, Probability

_Money = Annotated[int, Field(ge=0)]


class RedressRule(Entity):
    """What is owed for one kind of harm."""

    restore: Annotated[
        bool,
        Field(description="The client is put where the order, done as due, would have led."),
    ] = False
    refund: Annotated[
        bool,
        Field(
            description="What was executed beyond the order, or not as wished, is given back "
            "whole; for payments, whose price does not move."
        ),
    ] = False
    fixed: Annotated[_Money, Field(description="A fixed amount, minor units.")] = 0
    interest: Annotated[
        float, Field(ge=0, description="Yearly rate on the order's value over its delay.")
    ] = 0.0


class Redress(Entity):
    """How harm is made good."""

    rules: Annotated[
        dict[Defect, RedressRule],
        Field(min_length=1, description="Rules by kind of harm; the greatest amount counts."),
    ]
    unasked: Annotated[
        bool,
        Field(description="Whether harm that a line of defence has found is made good unasked."),
    ] = False
    wrong: Annotated[Probability, Field(description="Chance that a wrong amount is paid.")] = 0.0
    wrong_share: Annotated[
        tuple[float, float],
        Field(description="A wrong amount is this share of what is due, from .. to."),
    ] = (0.5, 1.5)
    pay_after: Annotated[
        DistributionField, Field(description="Time from the answer, or finding, to the payment.")
    ]
    within: Annotated[
        Duration | None, Field(description="Payment due after the end of the day of the harm.")
    ] = None
