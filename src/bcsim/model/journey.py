"""The way of an order through the firm: steps, and how each deals with trouble."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.limits import LEGS_MAX, RETRIES_MAX, STEPS_MAX
from bcsim.model.fields import (
    Clock,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    Probability,
)


class Retry(Entity):
    """Attempts after the first: attempt n waits min(cap, backoff · 2^(n−1)) × jitter."""

    limit: Annotated[int, Field(ge=0, le=RETRIES_MAX, description="Attempts after the first.")]
    backoff: Annotated[Duration, Field(description="Wait before the first retry.")]
    cap: Annotated[Duration | None, Field(description="Longest wait; none: no bound.")] = None
    jitter: Annotated[
        Probability, Field(description="The wait is multiplied by a draw from 1 ± jitter.")
    ] = 0.0


class Breaker(Entity):
    """A circuit breaker between a holder and a target."""

    failures: Annotated[int, Field(ge=1, description="Failures in the window that open it.")]
    window: Annotated[Duration, Field(description="Sliding window in which failures count.")]
    open: Annotated[Duration, Field(description="How long it refuses before it admits probes.")]
    probes: Annotated[int, Field(ge=1, description="Successful probes that close it.")] = 1


class Fallback(Entity):
    """Another way to do the step while the plan says so, usually people with paper."""

    component: Identifier
    service: DistributionField
    timeout: Annotated[
        Duration | None,
        Field(description="How long the holder waits for these people; none: as long as it takes."),
    ] = None
    skips: Annotated[
        tuple[Identifier, ...], Field(description="Controls that are not done this way.")
    ] = ()
    protected: Annotated[
        bool, Field(description="Whether others cannot read what is written this way.")
    ] = True
    mistype: Annotated[
        Probability, Field(description="Chance that one field is written down wrongly.")
    ] = 0.0
    back_entry: Annotated[
        DistributionField | None,
        Field(
            description="Work to key the paper order once the step's component is back; "
            "then it takes its way through the systems."
        ),
    ] = None


class Batch(Entity):
    """Work done at stated times, on what was accepted strictly before, in order."""

    at: Annotated[tuple[Clock, ...], Field(min_length=1, description="Times of day.")]
    rerun: Annotated[
        Literal["start", "checkpoint"],
        Field(description="Where a run goes on after a crash has stopped it."),
    ] = "checkpoint"


class Leg(Entity):
    """One of several effects of a step, each of which can fail alone."""

    name: Identifier
    service: DistributionField
    fail: Annotated[Probability, Field(description="Chance that the leg is refused.")] = 0.0


class Step(Entity):
    """Work at a component."""

    id: Identifier
    component: Identifier
    service: Annotated[DistributionField, Field(description="Service time at speed 1.")]
    mode: Annotated[
        Literal["hand-over", "call"],
        Field(
            description="hand-over: the component takes the order over; call: the caller keeps "
            "it and its server stays occupied until the answer."
        ),
    ] = "hand-over"
    role: Annotated[
        Literal["acknowledge", "control", "execute", "book", "confirm", "settle"] | None,
        Field(description="What the step's completion means to the client and the books."),
    ] = None
    control: Annotated[Identifier | None, Field(description="Which control, for role control.")] = (
        None
    )
    timeout: Annotated[
        Duration | None, Field(description="How long the holder waits for an answer.")
    ] = None
    retry: Retry | None = None
    breaker: Breaker | None = None
    bulkhead: Annotated[
        int | None, Field(ge=1, description="Unanswered requests that a holder may have open.")
    ] = None
    on_failure: Annotated[
        Literal["reject", "park", "continue", "fallback"],
        Field(description="What the holder does when all attempts have failed."),
    ] = "park"
    fallback: Fallback | None = None
    batch: Batch | None = None
    legs: Annotated[tuple[Leg, ...], Field(max_length=LEGS_MAX)] = ()


class Journey(Entity):
    """The steps of one kind of order, in sequence; those after execution run once per fill."""

    name: LocalText
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=STEPS_MAX)]
