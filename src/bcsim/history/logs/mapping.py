"""A mapping: which columns of a table hold what, and what its values mean.

A mapping file is TOML; ``docs/reference/mapping-file.md`` has every key. One row of a table is
one event, or several where the table keeps one row an order with a column for each time.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bcsim.history.schema import COLUMN_NAMES, INTEGER_NAMES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

DEADLINE: Final = "deadline"
"""Key of a mapping for the column ``deadline_ns``: a time as people write it."""

DECIMALS: Final = ("qty", "price", "amount")
"""Columns of decimal numbers, kept as integers in minor units."""

_OF_THE_READER: Final = frozenset({"seq", "time_ns", "deadline_ns"})

TARGETS: Final = (*(name for name in COLUMN_NAMES if name not in _OF_THE_READER), DEADLINE)
"""What a column of a table may be mapped to."""

COUNTS: Final = tuple(
    name for name in INTEGER_NAMES if name not in _OF_THE_READER and name not in DECIMALS
)
"""Columns of whole numbers: leg, priority, step, attempt."""

ISO: Final = "iso"
FIX: Final = "fix"
UNIX: Final = {"unix s": 0, "unix ms": 3, "unix us": 6, "unix ns": 9}
"""Forms of times that count since 1970, and the digits of their unit below the second."""

ALL: Final = "all"
"""Value of ``declares``: whatever had happened would be in the table."""

VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "side": {
        "b": "buy", "buy": "buy", "1": "buy", "s": "sell", "sell": "sell", "2": "sell",
        "bought": "buy", "bot": "buy", "purchase": "buy", "ซื้อ": "buy", "debit": "debit",
        "sold": "sell", "sld": "sell", "sale": "sell", "ขาย": "sell", "credit": "credit",
    },
    "ord_type": {
        "1": "market", "market": "market", "mkt": "market",
        "2": "limit", "limit": "limit", "lmt": "limit",
    },
}  # fmt: skip
"""What values mean where a mapping does not say, whatever their capitals: FIX's codes as well."""

SIDES: Final = ("buy", "sell", "sell short", "debit", "credit")
"""Every side of a history."""


@dataclass(frozen=True, slots=True)
class TimeForm:
    """Where a time stands and how it is written.

    Parameters
    ----------
    columns
        Columns of the table; several are joined by a blank, such as a date and a time.
    form
        ``iso``, ``fix``, ``unix s`` … ``unix ns``, or a pattern of ``strptime``.
    zone
        IANA name of the time zone of times that state none; empty: they must.
    """

    columns: tuple[str, ...]
    form: str = ISO
    zone: str = ""


@dataclass(frozen=True, slots=True)
class EventRule:
    """How a row becomes an event.

    Parameters
    ----------
    columns
        Column of the history -> column of the table.
    constants
        Column of the history -> the same text for every row.
    time, deadline
        Where times stand; ``time`` is None where a table of intents has none.
    values
        Column of the history -> text in the table -> text in the history.
    when
        Column of the table -> texts; other rows are not this event.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    time: TimeForm | None = None
    deadline: TimeForm | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def may_be(self, kind: Kind) -> bool:
        """Whether a row may be an event of a kind, as far as the mapping says."""
        if "kind" in self.constants:
            return self.constants["kind"] == kind
        return kind in self.values.get("kind", {}).values()

    def used(self) -> Iterable[str]:
        """Columns of the table that the rule reads, some more than once."""
        yield from self.columns.values()
        yield from self.when
        for form in (self.time, self.deadline):
            yield from () if form is None else form.columns


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written down; empty texts and zeros mean that the reader finds out."""

    delimiter: str = ""
    encoding: str = "utf-8"
    skip_lines: int = 0
    sheet: str = ""
    decimal: str = "."
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A vantage point and the time for which the table covers it, as texts; empty: its rows."""

    vantage: str
    begin: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What the columns of a table hold.

    Parameters
    ----------
    events
        The events that a row may be.
    form
        How the table is written down.
    scales
        Decimal digits of ``qty``, ``price``, ``amount``; of those left out, as many as occur.
    declares
        Kinds that the table would hold if they happened, besides those that the mapping names;
        one that never occurs is then unknown. :data:`ALL` stands for every kind.
    covers
        What was watched from when to when.
    files
        Patterns of the names of the files that it is for; empty: every table.
    source
        The mapping file; empty if the mapping was inferred.
    """

    events: tuple[EventRule, ...]
    form: TableForm = TableForm()
    scales: Mapping[str, int] = field(default_factory=dict)
    declares: tuple[str, ...] = ()
    covers: tuple[Span, ...] = ()
    files: tuple[str, ...] = ()
    source: str = ""

    @property
    def has_intents(self) -> bool:
        """Whether a row may be an intent."""
        return any(rule.may_be(Kind.INTEND) for rule in self.events)

    def is_for(self, path: Path) -> bool:
        """Whether the mapping names a file."""
        return any(fnmatch.fnmatch(path.name, pattern) for pattern in self.files)


def mapping_for(
    path: Path, mappings: Sequence[TableMapping], *, is_intents: bool
) -> TableMapping | None:
    """Choose the mapping of a file: one that names it, else one for whatever file of its sort."""
    naming = [mapping for mapping in mappings if mapping.is_for(path)]
    general = [m for m in mappings if not m.files and m.has_intents == is_intents]
    return next(iter([*naming, *general]), None)
