"""Who wishes what, how they reach the firm, and what they do when it does not answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import (
    Clock,
    DistributionField,
    Entity,
    Identifier,
    LocalText,
    Probability,
)


class Channel(Entity):
    """A way for clients to reach the firm."""

    name: LocalText
    link: Annotated[Identifier, Field(description="Link profile between client and firm.")]
    desk: Annotated[
        Identifier | None,
        Field(description="Team that answers enquiries of this channel's clients."),
    ] = None
    enquiry: Annotated[
        DistributionField | None, Field(description="Service time of one enquiry.")
    ] = None
    enquiries_per_day: Annotated[
        float, Field(ge=0, description="Enquiries that are not about a late answer.")
    ] = 0.0
    enquiry_profile: Annotated[
        Identifier | None, Field(description="Intraday profile of those enquiries.")
    ] = None
    contact_hours: Annotated[
        tuple[Clock, Clock] | None,
        Field(description="From when to when clients may be contacted; none: at any time."),
    ] = None
    records_voice: Annotated[bool, Field(description="Whether its conversations are recorded.")] = (
        False
    )


class OnTimeout(Entity):
    """What clients do when their patience ends, as chances; the rest give up."""

    resubmit: Annotated[
        Probability, Field(description="Send again on the same channel with the same key.")
    ] = 0.0
    switch: Annotated[
        Probability, Field(description="Enter anew, with a new key, on another channel.")
    ] = 0.0
    enquire: Annotated[Probability, Field(description="Ask the channel's desk.")] = 0.0

    @property
    def weights(self) -> tuple[float, float, float, float]:
        """Chances of sending again, switching, enquiring and giving up."""
        gives_up = max(0.0, 1.0 - (self.resubmit + self.switch + self.enquire))
        return (self.resubmit, self.switch, self.enquire, gives_up)


class Segment(Entity):
    """A group of clients that is served, and harmed, alike."""

    name: LocalText
    clients: Annotated[int, Field(ge=1, description="Number of clients.")]
    accounts_per_client: Annotated[int, Field(description="Accounts of one client.", ge=1)] = 1
    vulnerable: Annotated[bool, Field(description="Whether its clients need particular care.")] = (
        False
    )
    priority: Annotated[Identifier, Field(description="Priority class, see `priorities`.")]
    patience: Annotated[
        DistributionField, Field(description="Wait for an acknowledgement before acting.")
    ]
    on_timeout: OnTimeout = OnTimeout()
    attempts: Annotated[
        int, Field(ge=0, le=15, description="How often a client acts on lost patience.")
    ] = 2
    second_channel: Annotated[
        Identifier | None, Field(description="Channel that a client switches to.")
    ] = None
    risk_level: Annotated[
        int, Field(ge=1, le=8, description="Highest risk class of a product that suits it.")
    ] = 8
    house: Annotated[
        bool, Field(description="Whether it is the firm itself; clients come before the house.")
    ] = False
