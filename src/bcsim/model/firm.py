"""The root of a model file: one firm with its continuity plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.client import Channel, Segment
from bcsim.model.component import Component, Link
from bcsim.model.control import Control
from bcsim.model.demand import Demand, IntradayProfile
from bcsim.model.fields import Entity, Identifier, LocalText
from bcsim.model.journey import Journey
from bcsim.model.people import Authority, CallTree, Person, Team
from bcsim.model.plan import Plan
from bcsim.model.product import Product
from bcsim.model.reconciliation import Reconciliation
from bcsim.model.service import Disparity, Service
from bcsim.model.site import Site

FORMAT = "bcsim-model/1"


class Regulator(Entity):
    """A regulator and its rule, as the firm's report should name them."""

    name: LocalText
    rule: LocalText | None = None


class Calendar(Entity):
    """Where the firm's clocks are."""

    time_zone: Annotated[str, Field(description="IANA name, e.g. Asia/Bangkok.")] = "Asia/Bangkok"


class Firm(Entity):
    """A firm: what it runs on, what it promises, and what it does when things go wrong."""

    format: Literal["bcsim-model/1"]
    name: LocalText
    regulators: tuple[Regulator, ...] = ()
    calendar: Calendar = Calendar()
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "THB"
    priorities: Annotated[
        tuple[Identifier, ...],
        Field(min_length=1, description="Priority classes of clients, best first."),
    ] = ("client",)
    sites: dict[Identifier, Site] = {}
    components: Annotated[dict[Identifier, Component], Field(min_length=1)]
    links: Annotated[
        dict[str, Link],
        Field(
            description="Links by `from -> to`, by a name that channels use, or `default`.",
        ),
    ]
    channels: Annotated[dict[Identifier, Channel], Field(min_length=1)]
    segments: Annotated[dict[Identifier, Segment], Field(min_length=1)]
    products: Annotated[dict[Identifier, Product], Field(min_length=1)]
    controls: dict[Identifier, Control] = {}
    journeys: Annotated[dict[Identifier, Journey], Field(min_length=1)]
    profiles: Annotated[dict[Identifier, IntradayProfile], Field(min_length=1)]
    demand: Annotated[dict[Identifier, Demand], Field(min_length=1)]
    services: Annotated[dict[Identifier, Service], Field(min_length=1)]
    teams: dict[Identifier, Team] = {}
    people: dict[Identifier, Person] = {}
    call_tree: CallTree | None = None
    authorities: dict[Identifier, Authority] = {}
    plan: Plan | None = None
    reconciliations: dict[Identifier, Reconciliation] = {}
    disparity: Disparity | None = None
    assumptions: Annotated[
        tuple[str, ...], Field(description="What the model takes for granted; printed in reports.")
    ] = ()
