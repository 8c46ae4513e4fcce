"""The root of a model file: one firm with its continuity plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.client import Channel, Segment
from bcsim.model.complaint import Complaints
from bcsim.model.component import Component, Link
from bcsim.model.control import Control
from bcsim.model.data_class import DataClass
from bcsim.model.demand import Demand, IntradayProfile
from bcsim.model.fields import Entity, Identifier, LocalText
from bcsim.model.journey import Journey
from bcsim.model.oversight import Oversight
from bcsim.model.people import Authority, CallTree, Person, Team
from bcsim.model.plan import Plan
from bcsim.model.product import Product
from bcsim.model.reconciliation import Reconciliation
from bcsim.model.redress import Redress
from bcsim.model.regulator import Regulator
from bcsim.model.remuneration import Commission, Scorecard
from bcsim.model.service import Disparity, Service
from bcsim.model.site import Site
from bcsim.model.target import Target

FORMAT = "bcsim-model/1"


class Calendar(Entity):
    """Where the firm's clocks are."""

    time_zone: Annotated[str, Field(description="IANA name, e.g. Asia/Bangkok.")] = "Asia/Bangkok"


class Firm(Entity):
    """A firm: what it runs on, what it promises, and what it does when things go wrong."""

    format: Literal["bcsim-model/1"]
    name: LocalText
    regulators: Annotated[
        tuple[Regulator, ...], Field(description="Regulators whose rules the firm reports under.")
    ] = ()
    calendar: Annotated[Calendar, Field(description="Where its clocks are.")] = Calendar()
    currency: Annotated[
        str, Field(description="Currency of all prices, ISO 4217.", pattern=r"^[A-Z]{3}$")
    ] = "THB"
    priorities: Annotated[
        tuple[Identifier, ...],
        Field(min_length=1, description="Priority classes of clients, best first."),
    ] = ("client",)
    sites: Annotated[dict[Identifier, Site], Field(description="Buildings.")] = {}
    components: Annotated[
        dict[Identifier, Component],
        Field(description="Systems, teams, utilities and third parties.", min_length=1),
    ]
    data_classes: Annotated[
        dict[Identifier, DataClass], Field(description="Classes of data that components hold.")
    ] = {}
    links: Annotated[
        dict[str, Link],
        Field(
            description="Links by `from -> to`, by a name that channels use, or `default`.",
        ),
    ]
    channels: Annotated[
        dict[Identifier, Channel],
        Field(description="Ways for clients to reach the firm.", min_length=1),
    ]
    segments: Annotated[
        dict[Identifier, Segment], Field(description="Groups of clients.", min_length=1)
    ]
    products: Annotated[
        dict[Identifier, Product], Field(description="What clients can buy.", min_length=1)
    ]
    controls: Annotated[
        dict[Identifier, Control], Field(description="Checks inside journeys.")
    ] = {}
    journeys: Annotated[
        dict[Identifier, Journey],
        Field(description="Ways of orders through the firm.", min_length=1),
    ]
    profiles: Annotated[
        dict[Identifier, IntradayProfile],
        Field(description="Intraday profiles of demand.", min_length=1),
    ]
    demand: Annotated[
        dict[Identifier, Demand], Field(description="Sources of orders.", min_length=1)
    ]
    services: Annotated[
        dict[Identifier, Service],
        Field(description="What the firm promises, with tolerances.", min_length=1),
    ]
    teams: Annotated[
        dict[Identifier, Team], Field(description="The people behind components of kind team.")
    ] = {}
    scorecards: Annotated[
        dict[Identifier, Scorecard], Field(description="What teams' variable pay hangs on.")
    ] = {}
    commissions: Annotated[
        tuple[Commission, ...],
        Field(description="What orders earn; the first that covers an order is its own."),
    ] = ()
    people: Annotated[
        dict[Identifier, Person], Field(description="People with a role in the plan.")
    ] = {}
    call_tree: Annotated[CallTree | None, Field(description="Who calls whom.")] = None
    authorities: Annotated[
        dict[Identifier, Authority], Field(description="Who may declare and decide.")
    ] = {}
    plan: Annotated[Plan | None, Field(description="The continuity plan.")] = None
    reconciliations: Annotated[
        dict[Identifier, Reconciliation],
        Field(description="Comparisons of two components, and repairs."),
    ] = {}
    disparity: Annotated[
        Disparity | None, Field(description="Bound on unequal outcomes between groups of clients.")
    ] = None
    complaints: Annotated[
        Complaints | None, Field(description="Who complains, and who answers.")
    ] = None
    redress: Annotated[Redress | None, Field(description="How harm to clients is made good.")] = (
        None
    )
    oversight: Annotated[
        dict[Identifier, Oversight],
        Field(description="Controls of the three lines of defence, after the event."),
    ] = {}
    targets: Annotated[
        dict[str, Target],
        Field(description="What measures of the nine service systems should come to, by measure."),
    ] = {}
    assumptions: Annotated[
        tuple[str, ...], Field(description="What the model takes for granted; printed in reports.")
    ] = ()

    def suits(self, product: str, segment: str) -> bool:
        """Whether a product is for a segment: its target, and not beyond its risk."""
        targets = self.products[product].target_segments
        is_meant = not targets or segment in targets
        return is_meant and self.products[product].risk_level <= self.segments[segment].risk_level
