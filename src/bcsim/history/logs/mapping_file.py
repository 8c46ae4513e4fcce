"""Mapping files: TOML that people write, read with every problem named, and written as advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.history.logs.mapping import (
    ALL,
    COUNTS,
    DEADLINE,
    DECIMALS,
    FIX,
    ISO,
    SIDES,
    TARGETS,
    UNIX,
    EventRule,
    Span,
    TableForm,
    TableMapping,
    TimeForm,
)
from bcsim.history.logs.times import is_zone
from bcsim.history.logs.toml import TomlTable, read_toml
from bcsim.history.profile import SCALE_MAX
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION: Final = 1

_EVENT_KEYS: Final = ("kind", "vantage", "time", DEADLINE, "columns", "constants", "values", "when")
_TOP_KEYS: Final = ("version", "files", "table", "scales", "declares", "covers", "events")
_TIME_KEYS: Final = ("column", "columns", "form", "zone")
_TABLE_KEYS: Final = ("delimiter", "encoding", "skip_lines", "sheet", "decimal", "thousands")
_ENCODINGS: Final = {"windows-874": "cp874", "x-windows-874": "cp874"}
"""Names of encodings that Python calls otherwise."""

_KINDS: Final = tuple(kind.value for kind in Kind)


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping file; raises HistoryError with every problem found."""
    top = read_toml(path)
    top.allow(*_TOP_KEYS, *_EVENT_KEYS)
    top.integer("version", VERSION, least=VERSION, most=VERSION)
    base = _EventText(top, None)
    each = [_EventText(entry, base) for entry in top.tables("events", *_EVENT_KEYS)]
    events = tuple(text.rule() for text in each or [base])
    mapping = TableMapping(
        events=events,
        form=_table_form(top.table("table", *_TABLE_KEYS)),
        scales=_scales(top.table("scales", *DECIMALS)),
        declares=top.texts("declares", choices=(*_KINDS, ALL)),
        covers=_spans(top),
        files=top.texts("files"),
        source=str(path),
    )
    top.raise_problems()
    return mapping


class _EventText:
    """One event of the file; what it leaves out it takes from the top of the file."""

    def __init__(self, table: TomlTable, base: _EventText | None) -> None:
        self.table = table
        constants = table.table("constants").named_texts(TARGETS)
        for key in ("kind", "vantage"):
            if table.has(key):
                constants[key] = table.text(key, choices=_KINDS if key == "kind" else ())
        columns = table.table("columns").named_texts(TARGETS)
        columns = {name: column for name, column in columns.items() if name != DEADLINE}
        self.columns: dict[str, str] = {**(base.columns if base else {}), **columns}
        self.constants: dict[str, str] = {**(base.constants if base else {}), **constants}
        for name in columns:  # said more closely: a column replaces a constant, and vice versa
            self.constants.pop(name, None)
        for name in constants:
            self.columns.pop(name, None)
        values = table.table("values")
        when = table.table("when").lists_of_texts()
        self.values: dict[str, Mapping[str, str]] = {
            **(base.values if base else {}),
            **_values(values),
        }
        self.when: dict[str, tuple[str, ...]] = {**(base.when if base else {}), **when}
        self.time: TimeForm | None = _time_form(table, "time") or (base.time if base else None)
        due = _time_form(table, DEADLINE) or (base.deadline if base else None)
        self.deadline: TimeForm | None = due

    def _check_constants(self) -> None:
        side = self.constants.get("side", SIDES[0])
        if side not in SIDES:
            self.table.note("not a side", "constants", value=side, choices=SIDES)
        for name in (*COUNTS, *DECIMALS):
            if name in self.constants:
                self.table.note(f"{name} cannot be a constant", expected="a column")

    def rule(self) -> EventRule:
        """Make the rule, and note what it lacks."""
        for key in ("kind", "vantage"):
            if key not in self.columns and key not in self.constants:
                message = f"nothing says the {key} of an event"
                hint = f'write {key} = "…", or [columns] {key} = "the column that tells it"'
                self.table.note(message, hint=hint)
        self._check_constants()
        if self.time is None and self.constants.get("kind") != Kind.INTEND:
            message, hint = "nothing says the time of an event", '[time] column = "…"'
            self.table.note(message, hint=f"write {hint}; only intents may go without")
        kinds = self.values.get("kind", {})
        for told, kind in kinds.items():
            if kind and kind not in _KINDS:
                self.table.note(f"{told} is mapped to no kind", value=kind, choices=_KINDS)
        return EventRule(
            columns=self.columns,
            constants=self.constants,
            time=self.time,
            deadline=self.deadline,
            values=self.values,
            when=self.when,
        )


def _values(table: TomlTable) -> dict[str, Mapping[str, str]]:
    return {
        name: table.table(name).named_texts()
        for name in table.names()
        if table.is_target(name, TARGETS)
    }


def _time_form(table: TomlTable, key: str) -> TimeForm | None:
    if not table.has(key):
        return None
    part = table.table(key, *_TIME_KEYS)
    columns = part.texts("columns")
    if part.has("column"):
        columns = (part.text("column"),)
    if not columns:
        part.note(f"{key} names no column", hint='write column = "…"')
    form, zone = part.text("form", ISO), part.text("zone")
    if form not in (ISO, FIX, *UNIX) and "%" not in form:
        expected = f"{ISO}, {FIX}, {', '.join(UNIX)} or a pattern such as %d/%m/%Y %H:%M:%S"
        part.note("not a form of times", "form", value=form, expected=expected)
    if zone and not is_zone(zone):
        expected = "an IANA name such as Asia/Bangkok, or UTC"
        part.note("there is no such time zone", "zone", value=zone, expected=expected)
    return TimeForm(columns, form, zone)


def _table_form(table: TomlTable) -> TableForm:
    encoding = table.text("encoding", "utf-8")
    form = TableForm(
        delimiter=table.text("delimiter"),
        encoding=_ENCODINGS.get(encoding.lower(), encoding),
        skip_lines=table.integer("skip_lines", 0, least=0, most=1000),
        sheet=table.text("sheet"),
        decimal=table.text("decimal", ".", choices=(".", ",")),
        thousands=table.text("thousands", choices=("", ",", ".", " ", "'")),
    )
    if len(form.delimiter) > 1:
        table.note(
            "not one sign", "delimiter", value=form.delimiter, expected='such as "," or "\\t"'
        )
    if form.thousands == form.decimal:
        table.note("one sign cannot part both thousands and decimals", value=form.decimal)
    try:
        "".encode(form.encoding)
    except LookupError:
        table.note(
            "there is no such encoding", value=form.encoding, expected="such as utf-8, cp874"
        )
    return form


def _scales(table: TomlTable) -> dict[str, int]:
    names = (name for name in DECIMALS if table.has(name))
    return {name: table.integer(name, 0, least=0, most=SCALE_MAX) for name in names}


def _spans(top: TomlTable) -> tuple[Span, ...]:
    found = []
    for part in top.tables("covers", "vantage", "from", "to"):
        span = Span(part.text("vantage"), part.text("from"), part.text("to"))
        if not span.vantage:
            part.note("a vantage is missing", hint='write vantage = "venue"')
        found.append(span)
    return tuple(found)
