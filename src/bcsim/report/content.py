"""What a report says, whatever its format: a verdict, key figures, and sections.

Texts are plain and finished, in one language; formats set them, and add nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from bcsim.units import Lang

Tone: TypeAlias = Literal["", "good", "bad", "late", "unknown", "quiet"]
"""How something is to be taken; formats give it a colour *and* a sign or weight."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``note`` stands below the text, smaller."""

    text: str
    note: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and what it holds: words, numbers (set right) or long texts."""

    title: str
    kind: Literal["words", "number", "text"] = "words"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), "a cell for each column"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its name; the text that stands for it, and its numbers as a table."""

    name: str
    alt: str
    data: Table


@dataclass(frozen=True, slots=True)
class Detail:
    """A table that is shown on demand, below its title."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, in this order."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    picture: Picture | None = None
    items: tuple[str, ...] = ()
    table: Table | None = None
    details: tuple[Detail, ...] = ()
    remarks: tuple[str, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that stands out; ``ratio`` is its share of a target, where there is one."""

    name: str
    label: str
    value: str
    detail: str
    tone: Tone = ""
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report in one language."""

    lang: Lang
    title: str
    heading: str
    subtitle: str
    description: str
    kind: str
    kind_note: str
    outcome: str
    status: str
    verdict: str
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    made_by: str
