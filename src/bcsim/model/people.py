"""Teams' people, who may decide, and who reaches whom."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import (
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    Probability,
)
from bcsim.model.skill import Role, Skill


class Team(Entity):
    """The people behind a component of kind team."""

    component: Annotated[Identifier, Field(description="The team's component.")]
    site: Annotated[Identifier, Field(description="Where they work.")]
    headcount: Annotated[int, Field(ge=1, description="Trained people on a normal day.")]
    alternate_site: Annotated[
        Identifier | None, Field(description="Where they can relocate to.")
    ] = None
    relocation: Annotated[
        DistributionField | None, Field(description="Time to start work at the alternate site.")
    ] = None
    remote_share: Annotated[Probability, Field(description="Share that can work from home.")] = 0.0
    call_out: Annotated[
        Probability, Field(description="Share of the others whom a call to relocate reaches.")
    ] = 1.0
    skills: Annotated[
        dict[Identifier, Skill], Field(description="What its people are trained for.")
    ] = {}
    roles: Annotated[
        dict[Identifier, Role], Field(description="Trained people who must be on duty.")
    ] = {}


class Person(Entity):
    """Someone with a role in the plan."""

    name: LocalText
    role: Annotated[str, Field(description="Role in the plan, e.g. crisis leader.")]
    team: Annotated[Identifier | None, Field(description="Team that the person belongs to.")] = None
    reach: Annotated[Probability, Field(description="Chance that one call reaches them.")]
    answer: Annotated[DistributionField, Field(description="Time that one call takes.")]
    attempts: Annotated[int, Field(ge=1, le=20, description="Calls before giving up.")] = 3


class Call(Entity):
    """One line of the call tree."""

    caller: Annotated[Identifier, Field(description="Person, or component `monitoring`.")]
    calls: Annotated[
        tuple[Identifier, ...],
        Field(description="People whom the caller calls, in order.", min_length=1),
    ]


class CallTree(Entity):
    """Who calls whom; the first to be alarmed is the duty person."""

    duty: Annotated[Identifier, Field(description="Person whom the alarm reaches first.")]
    lines: tuple[Call, ...] = ()


class Authority(Entity):
    """Who may declare a disruption and decide on the plan's actions."""

    decides: Annotated[
        tuple[Identifier, ...],
        Field(min_length=1, description="Person, then deputies, in order."),
    ]
    decision: Annotated[DistributionField, Field(description="Time to decide once reached.")]
    escalate_after: Annotated[
        Duration, Field(description="How long one is tried before the next deputy is.")
    ]
