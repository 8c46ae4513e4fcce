"""Systems, teams, utilities and third parties: whatever can do a step's work or fail."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import (
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    Probability,
)


class ComponentKind(StrEnum):
    """What sort of thing a component is."""

    APPLICATION = "application"
    DATABASE = "database"
    NETWORK = "network"
    GATEWAY = "gateway"
    FACILITY = "facility"
    UTILITY = "utility"
    TEAM = "team"
    THIRD_PARTY = "third-party"


class Queue(Entity):
    """Where requests wait for a server: first in, first out within a priority class."""

    limit: Annotated[
        int | None, Field(ge=0, description="Requests that may wait; a further one is refused.")
    ] = None
    durable: Annotated[
        bool, Field(description="Whether waiting requests survive a crash of the component.")
    ] = False


class Store(Entity):
    """Memory of the orders that a component has taken responsibility for."""

    kind: Annotated[
        Literal["volatile", "durable", "replicated"],
        Field(description="volatile: forgotten in a crash; replicated: also at the standby."),
    ] = "durable"
    lag: Annotated[
        Duration, Field(description="Replication lag; 0 means synchronous replication.")
    ] = 0


class Dedup(Entity):
    """Memory of idempotency keys; it lasts as long as the component's store does."""

    horizon: Annotated[
        Duration, Field(description="How long a key is remembered after its effect.")
    ]


class Dependency(Entity):
    """What a component needs to work."""

    kind: Annotated[
        Literal["hard", "degrading", "any-of", "hosted-at"],
        Field(
            description="hard: down without it; degrading: slower without it; any-of: down "
            "when fewer than `needed` are up; hosted-at: a site or utility that it stands on."
        ),
    ]
    on: Annotated[
        tuple[Identifier, ...],
        Field(min_length=1, description="Components, or sites for hosted-at."),
    ]
    needed: Annotated[int, Field(ge=1, description="How many of them, for any-of.")] = 1
    speed: Annotated[
        int, Field(ge=0, le=1000, description="Per mille of speed left, for degrading.")
    ] = 500
    grace: Annotated[
        Duration, Field(description="How long it works on without (battery, cache).")
    ] = 0


class Standby(Entity):
    """A second instance of the component, at another site, that can take over."""

    kind: Literal["hot", "warm", "cold"]
    site: Identifier
    decision: Annotated[
        Literal["automatic", "plan"],
        Field(description="automatic: switches on detection; plan: an action of the plan does."),
    ] = "plan"
    switch: Annotated[DistributionField, Field(description="Time to switch over.")]
    success: Annotated[Probability, Field(description="Chance that the switch works.")] = 1.0
    dependencies: Annotated[
        tuple[Dependency, ...], Field(description="What the standby instance needs.")
    ] = ()
    failback: Annotated[DistributionField | None, Field(description="Time to fail back.")] = None
    failback_success: Annotated[
        Probability, Field(description="Chance that the fail-back works.")
    ] = 1.0
    on_failback: Annotated[
        Literal["discard", "replay", "quarantine"],
        Field(description="What becomes of the old primary's entries after the recovery point."),
    ] = "quarantine"


class Failure(Entity):
    """Random failure and repair: times to failure and to repair are renewal processes."""

    mttf: Annotated[DistributionField, Field(description="Time to failure while up.")]
    mttr: Annotated[DistributionField, Field(description="Time to repair while down.")]
    effect: Annotated[
        Literal["crash", "hang"], Field(description="What a failure does to the component.")
    ] = "crash"


class Monitor(Entity):
    """How the firm finds out that a component is impaired."""

    delay: Annotated[DistributionField, Field(description="Time from impairment to alarm.")]
    miss: Annotated[
        Probability, Field(description="Chance that the alarm misses an impairment.")
    ] = 0.0
    fallback_delay: Annotated[
        DistributionField | None,
        Field(description="Time until people notice what the alarm has missed; none: never."),
    ] = None


class Component(Entity):
    """A thing that does a step's work, or that other things stand on."""

    name: LocalText
    kind: ComponentKind
    vantage: Annotated[
        str | None,
        Field(description="Vantage point that its events are recorded under; its id if absent."),
    ] = None
    site: Annotated[Identifier | None, Field(description="Where it runs.")] = None
    servers: Annotated[
        int, Field(ge=1, description="Parallel capacity; for a team: trained people on duty.")
    ] = 1
    queue: Queue = Queue()
    store: Store | None = None
    dedup: Dedup | None = None
    dependencies: tuple[Dependency, ...] = ()
    standby: Standby | None = None
    failure: Failure | None = None
    repair: Annotated[
        DistributionField | None,
        Field(description="Time to repair after a disruption that states no duration."),
    ] = None
    monitor: Monitor | None = None
    rate_limit: Annotated[
        int | None, Field(ge=1, description="Service starts per second; more are delayed.")
    ] = None
    data_class: Annotated[
        Literal["public", "internal", "confidential", "personal"],
        Field(description="Most sensitive data that it holds."),
    ] = "internal"
    holds: Annotated[
        tuple[Identifier, ...], Field(description="Data classes of which it holds records.")
    ] = ()


class Link(Entity):
    """A one-way path for messages between two components, or between clients and a channel."""

    latency: Annotated[DistributionField, Field(description="Time that a message takes.")]
    loss: Annotated[Probability, Field(description="Chance that a message is lost.")] = 0.0
    over: Annotated[
        tuple[Identifier, ...],
        Field(description="Networks and utilities that carry it; it is cut while one is down."),
    ] = ()
    protected: Annotated[bool, Field(description="Whether others cannot read what it carries.")] = (
        True
    )
    on_disconnect: Annotated[
        Literal["keep", "cancel"],
        Field(description="What the venue does with resting orders when the session drops."),
    ] = "keep"
