"""The continuity plan: what is done, on what condition, by whom, and how surely."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from bcsim.model.fields import (
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    PositiveDuration,
    Probability,
)
from bcsim.model.statement import Statement


class ActionKind(StrEnum):
    """What an action of the plan does."""

    FAIL_OVER = "fail-over"
    MANUAL_FALLBACK = "manual-fallback"
    RELOCATE_STAFF = "relocate-staff"
    STOP_INTAKE = "stop-intake"
    RESUME_INTAKE = "resume-intake"
    PRIORITISE = "prioritise"
    NOTIFY_CLIENTS = "notify-clients"
    NOTIFY_REGULATOR = "notify-regulator"
    NOTIFY_BOARD = "notify-board"
    GRANT_ACCESS = "grant-access"
    REVOKE_ACCESS = "revoke-access"
    RESTORE = "restore"
    RECONCILE = "reconcile"
    FAIL_BACK = "fail-back"
    STAND_DOWN = "stand-down"


SPEAKING: Final = frozenset(
    {ActionKind.NOTIFY_CLIENTS, ActionKind.NOTIFY_REGULATOR, ActionKind.NOTIFY_BOARD}
)
"""Kinds of action that tell somebody something."""


class Condition(Entity):
    """Exactly one of the fields; a list of conditions holds when all of them do."""

    detected: Annotated[
        Identifier | None, Field(description="An impairment of this component was detected.")
    ] = None
    recovered: Annotated[Identifier | None, Field(description="This component works again.")] = None
    up: Annotated[
        Identifier | None, Field(description="This component, or its standby, works now.")
    ] = None
    declared: Annotated[
        bool | None, Field(description="A mandated person has declared a disruption.")
    ] = None
    done: Annotated[Identifier | None, Field(description="This action has succeeded.")] = None
    failed: Annotated[Identifier | None, Field(description="This action has failed.")] = None
    signal: Annotated[Identifier | None, Field(description="This signal has been given.")] = None


class Action(Entity):
    """One action of the plan."""

    name: LocalText
    kind: ActionKind
    target: Annotated[
        tuple[Identifier, ...],
        Field(description="Components, channels, teams or reconciliations that it acts on."),
    ] = ()
    when: Annotated[tuple[Condition, ...], Field(min_length=1, description="Starts when all hold.")]
    requires: Annotated[
        tuple[Condition, ...], Field(description="Must hold at its start, or the action fails.")
    ] = ()
    authority: Annotated[
        Identifier | None, Field(description="Authority whose decision it needs.")
    ] = None
    team: Annotated[Identifier | None, Field(description="Team that carries it out.")] = None
    delay: Annotated[Duration, Field(description="Wait between condition and start.")] = 0
    every: Annotated[
        PositiveDuration | None,
        Field(
            description="Done again this long after its end while its conditions hold without a "
            "break, such as an update to clients; none: once."
        ),
    ] = None
    duration: Annotated[DistributionField, Field(description="Time that it takes.")]
    success: Annotated[Probability, Field(description="Chance that it works.")] = 1.0
    attempts: Annotated[int, Field(ge=1, le=20, description="Tries before it has failed.")] = 1
    order: Annotated[
        tuple[Identifier, ...],
        Field(description="For prioritise: priority classes, first served first."),
    ] = ()
    message: Annotated[
        LocalText | None, Field(description="For notices: what the recipients are told.")
    ] = None
    states: Annotated[
        tuple[Statement, ...],
        Field(description="For notices: facts that the message states; true or not when sent."),
    ] = ()
    access_control: Annotated[
        bool,
        Field(
            description="For restore: whether access is controlled again at once; if not, whoever "
            "gets there sees the data until an action of kind revoke-access."
        ),
    ] = True
    drop_lag: Annotated[
        Literal["accept", "wait"],
        Field(
            description="For fail-over of a lagging replica: accept the loss, or wait for the "
            "old primary to drain when it still runs (a planned switch-over)."
        ),
    ] = "accept"


class Signal(Entity):
    """Something in the order flow that the plan looks out for."""

    kind: Annotated[
        Literal["backlog", "count"],
        Field(description="backlog: waiting requests exceed; count: n-th event of a kind."),
    ]
    component: Annotated[
        Identifier | None, Field(description="Component whose queue or events are watched.")
    ] = None
    event: Annotated[str | None, Field(description="Event kind, for count.")] = None
    above: Annotated[int, Field(ge=1, description="Backlog bound, or n.")]


class Plan(Entity):
    """The continuity plan."""

    name: LocalText
    actions: dict[Identifier, Action] = {}
    signals: dict[Identifier, Signal] = {}
    declaration: Annotated[
        Identifier | None, Field(description="Authority that may declare a disruption.")
    ] = None
    declare_on: Annotated[
        tuple[Identifier, ...],
        Field(description="Components whose detected impairment is escalated for declaration."),
    ] = ()
