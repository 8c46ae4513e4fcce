"""A firm from an architecture: what the file says, what decorators add, what is assumed.

| CALM | model |
|---|---|
| actor, ``interacts`` | channel, segment and demand |
| service, webclient, ldap, other types | application or database with servers |
| database, data-asset | database with a durable store |
| network, ``deployed-in`` | network, and what is ``hosted-at`` it |
| ``composed-of`` | a remark; what is outside of every system is a third party |
| flows | one journey, see :mod:`bcsim.model.importers.calm_route` |
| service-level controls | deadlines, retries, dedup, repair, tolerances |
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bcsim.model.client import Channel, Segment
from bcsim.model.component import Component, ComponentKind, Dedup, Dependency, Link, Queue, Store
from bcsim.model.demand import Demand, IntradayProfile, ProfilePoint
from bcsim.model.firm import Calendar, Firm
from bcsim.model.importers.calm_architecture import COMPOSED_OF, CONNECTS, DEPLOYED_IN
from bcsim.model.importers.calm_controls import (
    EXACTLY_ONCE,
    RELIABILITY,
    incident_ns,
    level_of,
)
from bcsim.model.importers.calm_journey import journey_of
from bcsim.model.importers.calm_promises import product_of, service_of
from bcsim.model.importers.calm_route import step_name
from bcsim.streams import Distribution
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.model.finding import Path
    from bcsim.model.importers.assumption import Ledger
    from bcsim.model.importers.calm_architecture import Architecture, Flow, Node
    from bcsim.model.importers.calm_controls import ServiceLevel
    from bcsim.model.importers.calm_decorator import Decorations
    from bcsim.model.importers.calm_route import Route
