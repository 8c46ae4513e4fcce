"""A small model of its own for tests of loading: one field of each sort that can be wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field, model_validator

from bcsim.errors import InputError
from bcsim.model.fields import (
    Clock,
    Date,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    Probability,
    Text,
    WallClock,
)
from bcsim.model.loading import load_text

HEAD = "format: bcsim-plant/1\n"
IDENTIFIER = "a lower-case letter, then letters a-z, digits and hyphens"


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Crash(Entity):
    kind: Literal["crash"]
    target: Identifier


class Surge(Entity):
    kind: Literal["surge"]
    factor: Annotated[float, Field(ge=1)]


class Window(Entity):
    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _in_order(self):
        if self.start >= self.end:
            raise ValueError("the window ends before it starts")
        return self


class Part(Entity):
    name: LocalText | None = None
    servers: Annotated[int, Field(ge=1, le=100, description="Parallel capacity.")]
    chance: Probability = 0.0
    factor: Annotated[float, Field(gt=0, lt=10)] = 1.0
    active: bool = True
    colour: Colour = Colour.RED
    lag: Duration = 0
    service: DistributionField | None = None
    site: Identifier | None = None
    text: Text = "x"
    short: Annotated[str, Field(max_length=3)] = ""
    tags: Annotated[tuple[Identifier, ...], Field(max_length=2)] = ()
    approved: Date | None = None
    start: WallClock | None = None


class Plant(Entity):
    format: Literal["bcsim-plant/1"]
    parts: Annotated[dict[Identifier, Part], Field(min_length=1)] = {  # noqa: RUF012 - copied
        "a": Part(servers=1)
    }
    events: tuple[Annotated[Crash | Surge, Field(discriminator="kind")], ...] = ()
    window: Window | None = None
    limit: int | Literal["none"] | None = None
    sites: tuple[Identifier, ...] = ()


def problems_of(text, *checks, lang="en"):
    """Everything that is told about a text that does not load."""
    with pytest.raises(InputError) as caught:
        load_text(text, "p.yaml", Plant, checks, lang)
    return caught.value.problems
