"""The nine service systems as data: their names, and how each of their measures is defined.

The definitions stand in ``service_systems/*.yaml`` and nowhere else; ``bcsim.conduct`` has one
function for each system that works the numbers out.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from bcsim.model.fields import Entity, LocalText
from bcsim.model.includes import read_source

FOLDER: Final = Path(__file__).resolve().parent / "service_systems"
"""Where the definitions are, one file a system; the file's name begins with its number."""


class MeasureUnit(StrEnum):
    """Unit of a measure."""

    SECONDS = "s"
    DAYS = "d"
    COUNT = "count"
    RATIO = "ratio"
    PER_THOUSAND = "per thousand"
    MONEY = "money"


class Better(StrEnum):
    """Which way a measure is better; a number that only informs is neither."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class MeasureDefinition(Entity):
    """What a measure is; ``source`` cites where it comes from."""

    name: LocalText
    unit: MeasureUnit
    better: Better
    formula: Annotated[str, Field(description="How it is worked out, and its edge cases.")]
    unknown: Annotated[str | None, Field(description="When it is not known; left out: never.")] = (
        None
    )


class ServiceSystem(Entity):
    """One of the nine systems."""

    format: Literal["bcsim-service-system/1"]
    number: Annotated[int, Field(ge=1, le=9)]
    name: LocalText
    measures: Annotated[dict[str, MeasureDefinition], Field(min_length=1)]


@cache
def service_systems() -> dict[int, ServiceSystem]:
    """All of them, by number; the files ship with the package, so they hold."""
    systems = (
        ServiceSystem.model_validate_json(json.dumps(read_source(path).document.root.data()))
        for path in sorted(FOLDER.glob("*.yaml"))
    )
    return {system.number: system for system in systems}


@cache
def measure_definitions() -> dict[str, MeasureDefinition]:
    """Every measure of every system, by name."""
    return {
        name: definition
        for system in service_systems().values()
        for name, definition in system.measures.items()
    }
