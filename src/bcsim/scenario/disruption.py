"""The things that can go wrong, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Clock, Duration, Entity, Identifier, Probability


class Trigger(Entity):
    """When a disruption begins, if not at a time: after the n-th event of a kind."""

    event: Annotated[str, Field(description="Event kind of the history, e.g. acknowledge.")]
    component: Annotated[
        Identifier | None,
        Field(description="Component at which the events are counted; none: anywhere."),
    ] = None
    count: Annotated[int, Field(description="Which of the events it is, from 1.", ge=1)] = 1


class Disruption(Entity):
    """What all disruptions share: begin with exactly one of `at`, `on`, `after`."""

    id: Identifier
    at: Annotated[Clock | None, Field(description="Time of day at which it begins.")] = None
    on: Annotated[Trigger | None, Field(description="Event on which it begins.")] = None
    after: Annotated[Identifier | None, Field(description="Disruption after whose start.")] = None
    delay: Annotated[Duration, Field(description="Wait after `on` or `after`.")] = 0
    lasts: Annotated[
        Duration | None,
        Field(description="How long; none: until repaired, restored or the drain heals it."),
    ] = None


class Crash(Disruption):
    """Components, or all that a site or utility carries, stop at once."""

    kind: Literal["crash"]
    targets: Annotated[
        tuple[Identifier, ...], Field(min_length=1, description="Components or sites.")
    ]
    data_lost: Annotated[
        bool, Field(description="Whether the restore action is needed before a restart.")
    ] = False


class Hang(Disruption):
    """A component freezes: nothing is answered, running work continues afterwards."""

    kind: Literal["hang"]
    targets: Annotated[
        tuple[Identifier, ...], Field(description="Components that are affected.", min_length=1)
    ]


class Flap(Disruption):
    """A component crashes and comes back again and again."""

    kind: Literal["flap"]
    targets: Annotated[
        tuple[Identifier, ...], Field(description="Components that are affected.", min_length=1)
    ]
    down: Duration
    up: Duration
    times: Annotated[int, Field(description="How often.", ge=1, le=10_000)]


class Slow(Disruption):
    """A component works at a fraction of its speed."""

    kind: Literal["slow"]
    targets: Annotated[
        tuple[Identifier, ...], Field(description="Components that are affected.", min_length=1)
    ]
    speed: Annotated[int, Field(ge=1, le=1000, description="Per mille of speed left.")]


class CutLink(Disruption):
    """Messages from one side to the other no longer arrive."""

    kind: Literal["cut-link"]
    source_side: Annotated[
        tuple[Identifier, ...], Field(description="Where the messages come from.", min_length=1)
    ]
    target_side: Annotated[
        tuple[Identifier, ...],
        Field(description="Where they no longer arrive as they should.", min_length=1),
    ]
    both_ways: Annotated[bool, Field(description="Whether the way back is affected too.")] = False


class DegradeLink(Disruption):
    """Messages from one side to the other are delayed or sometimes lost."""

    kind: Literal["degrade-link"]
    source_side: Annotated[
        tuple[Identifier, ...], Field(description="Where the messages come from.", min_length=1)
    ]
    target_side: Annotated[
        tuple[Identifier, ...],
        Field(description="Where they no longer arrive as they should.", min_length=1),
    ]
    both_ways: Annotated[bool, Field(description="Whether the way back is affected too.")] = False
    latency: Duration = 0
    loss: Probability = 0.0


class ReplicationLag(Disruption):
    """Replication to the standby stops or lags."""

    kind: Literal["replication-lag"]
    target: Identifier
    lag: Annotated[
        Duration | None, Field(description="Lag while it lasts; none: replication is cut.")
    ] = None


class FailoverFails(Disruption):
    """The next switch-over of these components does not work."""

    kind: Literal["failover-fails"]
    targets: Annotated[
        tuple[Identifier, ...], Field(description="Components that are affected.", min_length=1)
    ]


class FailbackFails(Disruption):
    """The next fail-back leaves the standby running: both instances are primary."""

    kind: Literal["failback-fails"]
    target: Identifier
    reach_standby: Annotated[
        tuple[Identifier, ...], Field(description="Senders that reach only the standby.")
    ] = ()
    reach_both: Annotated[
        tuple[Identifier, ...], Field(description="Senders that reach both instances.")
    ] = ()
    on_heal: Annotated[
        Literal["discard", "merge", "quarantine"],
        Field(description="What becomes of the losing instance's entries."),
    ] = "quarantine"


class Absence(Disruption):
    """Part of the staff is missing."""

    kind: Literal["absence"]
    teams: Annotated[
        tuple[Identifier, ...], Field(description="Teams that lack staff.", min_length=1)
    ]
    share: Annotated[Probability, Field(description="Share of the staff that is missing.")]


class SiteUnreachable(Disruption):
    """Staff cannot reach a site; machines there run on."""

    kind: Literal["site-unreachable"]
    site: Identifier


class Surge(Disruption):
    """More orders, more enquiries."""

    kind: Literal["surge"]
    sources: Annotated[
        tuple[Identifier, ...], Field(description="Sources of demand; empty: all.")
    ] = ()
    orders: Annotated[float, Field(ge=1, description="Factor on orders.")] = 1.0
    enquiries: Annotated[float, Field(ge=1, description="Factor on enquiries.")] = 1.0


class Corrupt(Disruption):
    """A component alters orders that pass through it."""

    kind: Literal["corrupt"]
    target: Identifier
    probability: Probability
    insider: Annotated[bool, Field(description="Whether a person of the firm does it.")] = False


class Leak(Disruption):
    """Somebody sees, alters or deletes data of a component without right."""

    kind: Literal["leak"]
    target: Identifier
    data: Annotated[
        tuple[Identifier, ...],
        Field(description="Data classes; empty: all that the component holds."),
    ] = ()
    how: Annotated[
        Literal["seen", "altered", "lost"], Field(description="What becomes of the data.")
    ] = "seen"


class Halt(Disruption):
    """A venue accepts orders but executes none."""

    kind: Literal["halt"]
    target: Identifier
    cancel_resting: Annotated[bool, Field(description="Whether resting orders are cancelled.")] = (
        False
    )


class PriceShock(Disruption):
    """Prices jump by a share and stay there."""

    kind: Literal["price-shock"]
    products: Annotated[
        tuple[Identifier, ...], Field(description="Products whose prices move; empty: all.")
    ] = ()
    change: Annotated[float, Field(gt=-1, description="−0.1 is a fall by a tenth.")]


AnyDisruption = Annotated[
    Crash
    | Hang
    | Flap
    | Slow
    | CutLink
    | DegradeLink
    | ReplicationLag
    | FailoverFails
    | FailbackFails
    | Absence
    | SiteUnreachable
    | Surge
    | Corrupt
    | Leak
    | Halt
    | PriceShock,
    Field(discriminator="kind"),
]
