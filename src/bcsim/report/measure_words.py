"""How measures of the nine systems are called, and their values in words.

NOTE: names and units are read from the definitions' files without the model that checks them, so
that the report of ``bcsim check`` loads no model; a test compares the two readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import yaml

from bcsim.report.wording import LOCALE

if TYPE_CHECKING:
    from bcsim.report.wording import Words

FOLDER: Final = LOCALE.parents[1] / "model" / "service_systems"

_MINOR_UNITS: Final = 100


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages."""

    en: str
    th: str

    def in_(self, words: Words) -> str:
        """The name in the language of some words."""
        return self.en if words.lang == "en" else self.th


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """A measure's name and its unit."""

    name: Name
    unit: str


@cache
def system_names() -> dict[int, Name]:
    """Name of each system by its number."""
    return {number: name for number, name, _ in _files()}


@cache
def measure_words() -> dict[str, MeasureWords]:
    """Name and unit of each measure of all systems."""
    return {
        measure: MeasureWords(Name(**spec["name"]), spec["unit"])
        for _, _, measures in _files()
        for measure, spec in measures.items()
    }


@cache
def _files() -> tuple[tuple[int, Name, dict[str, Any]], ...]:
    # NOTE: the base loader reads every scalar as text, which is all that is needed here.
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    found = [yaml.load(text, yaml.BaseLoader) for text in texts]  # noqa: S506
    return tuple((int(f["number"]), Name(**f["name"]), f["measures"]) for f in found)


def value_in_words(words: Words, measure: str, value: float | None) -> str:
    """A measure's value in its unit."""
    if value is None:
        return words.say("systems.not_known")
    match measure_words()[measure].unit:
        case "s":
            return words.seconds(value)
        case "ratio":
            return words.percent(value)
        case "d":
            return words.say("systems.days", count=_plain(value))
        case "money":
            return f"{value / _MINOR_UNITS:,.2f}"
        case _:
            return _plain(value)


def _plain(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")
