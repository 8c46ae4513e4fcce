"""A history as JSON Lines, to be read and compared by people.

The first line is a header: format, version, profile. Every further line is one event: its
columns in the schema's order, nulls left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TextIO

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history import reader
from bcsim.history.canonical_json import canonical, is_unicode, nearest, parse
from bcsim.history.history import History
from bcsim.history.profile import Profile
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, FORMAT, NULL, SCHEMA_VERSION, Kind, Trace
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bcsim.history.columns import HistoryColumns

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_COLUMN_BY_NAME: Final = {column.name: column for column in COLUMNS}
_REQUIRED: Final = frozenset(column.name for column in COLUMNS if not column.nullable)
_KINDS: Final = frozenset(Kind)
_EXCERPT_CHARACTERS: Final = 200


def to_jsonl(history: History | Path | str, stream: TextIO) -> None:
    """Write a history, or the Parquet file of one, as JSON Lines; a file in bounded memory."""
    portions: Iterable[HistoryColumns]
    if isinstance(history, History):
        profile, portions = history.profile, (history.columns,)
    else:
        profile, portions = reader.read_profile(history), reader.read_portions(history)
    header = {"format": FORMAT, "version": SCHEMA_VERSION, "profile": parse(profile.to_json())}
    stream.write(canonical(header) + "\n")
    for portion in portions:
        for event in portion.events():
            present = {name: value for name, value in event.items() if value is not None}
            stream.write(_ENCODER.encode(present) + "\n")


def from_jsonl(stream: TextIO) -> History:
    """Read a history from JSON Lines; empty lines are passed over.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming file and line: of the header's fault, or of every bad line up to
        ``limits.PROBLEMS_SHOWN_MAX``.
    """
    lines = _lines(stream)
    profile = _read_header(next(lines, _Line(str(getattr(stream, "name", "")), 1, "")))
    recorder = MemoryRecorder(profile, Trace.FULL)
    problems: list[Problem] = []
    last_seq = NULL
    for line in lines:
        event, problem = _read_event(line, last_seq)
        if problem is not None:
            problems.append(problem)
        elif not problems:
            recorder.emit(**event)
            last_seq = event["seq"]
        if len(problems) == limits.PROBLEMS_SHOWN_MAX:
            break
    if problems:
        raise HistoryError(problems)
    return History(recorder.columns(), profile)


@dataclass(frozen=True, slots=True)
class _Line:
    file: str
    number: int
    text: str

    def problem(self, message: str, **details: str) -> Problem:
        excerpt = self.text[:_EXCERPT_CHARACTERS]
        place = Problem(message, self.file, self.number, 1, source_line=excerpt)
        return replace(place, **details)  # type: ignore[arg-type]


def _lines(stream: TextIO) -> Iterator[_Line]:
    """Lines that are not empty; never holds more than one of the largest allowed."""
    file = str(getattr(stream, "name", ""))
    number = 0
    while True:
        number += 1
        try:
            text = stream.readline(limits.LOG_LINE_BYTES_MAX + 1)
        except UnicodeDecodeError as error:
            message = "the line is not UTF-8"
            raise HistoryError(Problem(message, file, number, 1, hint=str(error))) from error
        if not text:
            return
        line = _Line(file, number, text.rstrip("\r\n"))
        if len(line.text) > limits.LOG_LINE_BYTES_MAX:
            expected = f"at most {limits.LOG_LINE_BYTES_MAX} characters"
            raise HistoryError(line.problem("the line is too long", expected=expected))
        if line.text.strip():
            yield line


def _read_header(line: _Line) -> Profile:
    try:
        header = parse(line.text)
    except ValueError as error:
        problem = line.problem("the header is not JSON", hint=str(error))
        raise HistoryError(problem) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        expected = f'an object with "format":"{FORMAT}"'
        raise HistoryError(line.problem("the first line is not a header", expected=expected))
    if header.get("version") != SCHEMA_VERSION:
        raise HistoryError(
            line.problem(
                "the file is of a version that this bcsim does not know",
                value=f"version={header.get('version')}",
                expected=str(SCHEMA_VERSION),
            )
        )
    return Profile.from_json(json.dumps(header.get("profile", {})), line.file)


def _read_event(line: _Line, last_seq: int) -> tuple[dict[str, Any], Problem | None]:
    try:
        event = parse(line.text)
    except ValueError as error:
        return {}, line.problem("the line is not JSON", hint=str(error))
    if not isinstance(event, dict):
        return {}, line.problem("the line is not an event", expected="an object")
    missing = sorted(_REQUIRED - event.keys())
    if missing:
        return {}, line.problem("the event is incomplete", expected=f"a value of {missing[0]}")
    for name, value in event.items():
        problem = _value_problem(line, name, value)
        if problem is not None:
            return {}, problem
    return event, _place_problem(line, event, last_seq)


def _value_problem(line: _Line, name: str, value: object) -> Problem | None:
    column = _COLUMN_BY_NAME.get(name)
    if column is None:
        hint = nearest(name, COLUMN_NAMES)
        expected = "a column of the schema"
        return line.problem("unknown column", value=name, expected=expected, hint=hint)
    if value is None and column.nullable:
        return None
    if _is_int64(value) if column.is_integer else _is_text(value):
        return None
    expected = "an integer of 64 bits" if column.is_integer else "a text in Unicode"
    return line.problem("the value does not fit", value=f"{name}={value!r}", expected=expected)


def _place_problem(line: _Line, event: dict[str, Any], last_seq: int) -> Problem | None:
    if event["kind"] not in _KINDS:
        hint = nearest(event["kind"], _KINDS)
        shown = f"kind={event['kind']}"
        return line.problem("unknown kind", value=shown, expected="a kind of the schema", hint=hint)
    if event["seq"] <= last_seq:
        shown = f"seq={event['seq']} after seq={last_seq}"
        return line.problem("out of order", value=shown, expected="seq strictly increasing")
    return None


def _is_int64(value: object) -> bool:
    return type(value) is int and NULL < value < -NULL


def _is_text(value: object) -> bool:
    return isinstance(value, str) and (value.isascii() or is_unicode(value))
