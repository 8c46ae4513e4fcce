"""Goal: a field takes what its type says from a file, and run-time values from Python.

Method: one entity with a field of every type; tables of JSON texts (what a file becomes) with
the value or with pydantic's error; its JSON Schema against the same texts.
"""

from __future__ import annotations

import datetime
import json
import warnings

import jsonschema
import pytest
from pydantic import ValidationError

from bcsim.limits import TIME_NS_MAX
from bcsim.model.fields import (
    Clock,
    Date,
    DistributionField,
    Duration,
    Entity,
    Identifier,
    LocalText,
    NonNegativeInt,
    Positive,
    PositiveDuration,
    PositiveInt,
    Probability,
    Ratio,
    Text,
    WallClock,
)
from bcsim.streams import Distribution
from bcsim.units import NS_PER_DAY, NS_PER_MIN


class Inner(Entity):
    """An entity inside another."""

    size: PositiveInt = 1


class Everything(Entity):
    """A field of every type."""

    duration: Duration = 5 * NS_PER_MIN
    timeout: PositiveDuration | None = None
    clock: Clock = 0
    service: DistributionField = Distribution.exponential(20_000_000)
    chance: Probability = 0.0
    share: Ratio = 1.0
    factor: Positive = 1.0
    servers: PositiveInt = 1
    retries: NonNegativeInt = 0
    id: Identifier = "a"
    text: Text = "x"
    name: LocalText | None = None
    approved: Date | None = None
    start: WallClock | None = None
    inner: Inner = Inner()
    inners: tuple[Inner, ...] = ()


def from_file(**values):
    return Everything.model_validate_json(json.dumps(values))


ACCEPTED = [
    ("duration", "5 min", 300_000_000_000),
    ("duration", "0 s", 0),
    ("timeout", "1 ns", 1),
    ("clock", "10:05", 36_300_000_000_000),
    ("clock", "24:00", NS_PER_DAY),
    ("service", "5 ms", Distribution.constant(5_000_000)),
    ("service", {"kind": "exponential", "mean": "5 ms"}, Distribution.exponential(5_000_000)),
    ("chance", 0.25, 0.25),
    ("chance", 1, 1.0),
    ("share", 0, 0.0),
    ("factor", 0.1, 0.1),
    ("servers", 1, 1),
    ("retries", 0, 0),
    ("id", "a-9", "a-9"),
    ("text", " ก ", " ก "),
    ("name", "Bank", LocalText(en="Bank", th="Bank")),
    ("name", {"en": "Bank", "th": "ธนาคาร"}, LocalText(en="Bank", th="ธนาคาร")),
    ("name", {"th": "ธนาคาร"}, LocalText(en="ธนาคาร", th="ธนาคาร")),
    ("approved", "2026-11-22", datetime.date(2026, 11, 22)),
    ("start", "2026-11-22T09:00", datetime.datetime(2026, 11, 22, 9)),  # noqa: DTZ001 - no zone
    ("start", "2026-11-22 09:00:30", datetime.datetime(2026, 11, 22, 9, 0, 30)),  # noqa: DTZ001
    ("inners", [{"size": 2}], (Inner(size=2),)),
    ("source", "assumption", "assumption"),
    ("note", "seen in the audit", "seen in the audit"),
]


@pytest.mark.parametrize(("field", "text", "value"), ACCEPTED)
def test_forms_of_files(field, text, value):
    """Goal: a file's form becomes the run-time value. Method: value and type, table."""
    held = getattr(from_file(**{field: text}), field)
    assert (held, type(held)) == (value, type(value))


REFUSED = [
    ("duration", 5, "duration"),
    ("duration", 5.5, "duration"),
    ("duration", True, "duration"),
    ("duration", None, "duration"),
    ("duration", ["5 s"], "duration"),
    ("duration", "5", "duration"),
    ("timeout", "0 s", "duration"),
    ("clock", 605, "clock"),
    ("clock", "9:05", "clock"),
    ("service", 5, "distribution"),
    ("service", "exponental 5 ms", "distribution"),
    ("chance", 1.01, "less_than_equal"),
    ("chance", -0.01, "greater_than_equal"),
    ("chance", "0.5", "float_type"),
    ("chance", float("nan"), "finite_number"),
    ("factor", 0, "greater_than"),
    ("factor", float("inf"), "finite_number"),
    ("servers", 0, "greater_than_equal"),
    ("servers", 1.0, "int_type"),
    ("servers", "1", "int_type"),
    ("servers", True, "int_type"),
    ("retries", -1, "greater_than_equal"),
    ("id", "A", "string_pattern_mismatch"),
    ("id", "9a", "string_pattern_mismatch"),
    ("id", "ระบบ", "string_pattern_mismatch"),
    ("id", "a" * 65, "string_too_long"),
    ("id", "a\n", "string_pattern_mismatch"),
    ("text", "", "string_too_short"),
    ("text", " ", "string_pattern_mismatch"),
    ("name", "", "local_text"),
    ("name", 5, "local_text"),
    ("name", {}, "local_text"),
    ("name", {"en": " "}, "local_text"),
    ("name", {"en": "a", "th": ""}, "string_too_short"),
    ("name", {"en": "a", "fr": "b"}, "extra_forbidden"),
    ("approved", "2569-11-22", "buddhist_year"),
    ("approved", "22/11/2026", "date_parsing"),
    ("approved", 20261122, "date_type"),
    ("start", "2569-11-22T09:00", "buddhist_year"),
    ("start", "2026-11-22T09:00Z", "time_zone"),
    ("start", 1_700_000_000, "datetime_type"),
    ("inners", {"size": 2}, "tuple_type"),
    ("sise", 1, "extra_forbidden"),
    ("source", "", "string_too_short"),
]


@pytest.mark.parametrize(("field", "text", "kind"), REFUSED)
def test_refused_forms(field, text, kind):
    """Goal: nothing is converted silently. Method: the one error of each wrong form."""
    with pytest.raises(ValidationError) as caught:
        from_file(**{field: text})
    assert [details["type"] for details in caught.value.errors()] == [kind]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", 7),
        ("duration", TIME_NS_MAX),
        ("clock", NS_PER_DAY),
        ("service", Distribution.constant(5)),
        ("name", LocalText(en="a", th="ก")),
    ],
)
def test_python_gives_run_time_values(field, value):
    """Goal: code need not write texts. Method: construct, and replace, with run-time values."""
    assert getattr(Everything(**{field: value}), field) == value
    assert getattr(Everything().replace(**{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", -1),
        ("duration", TIME_NS_MAX + 1),
        ("duration", True),
        ("duration", 5.0),
        ("clock", NS_PER_DAY + 1),
    ],
)
def test_python_values_are_checked_too(field, value):
    """Goal: run-time values have their range. Method: values beyond it."""
    with pytest.raises(ValidationError):
        Everything(**{field: value})


def test_replace():
    """Goal: a variant is checked, and the original stays. Method: change, misname, misfit."""
    before = Everything(servers=2, note="x")
    after = before.replace(servers=3, duration="1 h")
    assert after == Everything(servers=3, note="x", duration=3_600_000_000_000)
    assert before == Everything(servers=2, note="x")
    with pytest.raises(ValidationError, match="Extra inputs"):
        before.replace(server=3)
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        before.replace(servers=0)


def test_entities_are_frozen():
    """Goal: a run never writes to its input. Method: assign, and use as a dictionary's key."""
    entity = Inner()
    with pytest.raises(ValidationError, match="frozen"):
        entity.size = 2  # type: ignore[misc]
    assert {entity: 1}[Inner()] == 1


def test_local_text():
    """Goal: one text in two languages. Method: both forms, read by language and as a text."""
    text = LocalText(en="Bank", th="ธนาคาร")
    assert (text.in_("en"), text.in_("th"), str(text)) == ("Bank", "ธนาคาร", "Bank")


@pytest.mark.parametrize(("field", "text", "value"), ACCEPTED)
def test_what_is_written_reads_back(field, text, value):
    """Goal: a model can be saved as a file. Method: dump each value as JSON, and read it."""
    del text
    entity = Everything(**{field: value})
    with warnings.catch_warnings(action="error"):
        dumped = entity.model_dump_json(exclude_none=True)
    assert Everything.model_validate_json(dumped) == entity


SCHEMA = Everything.model_json_schema()
EDITOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_valid():
    """Goal: editors can use the schema. Method: check it against its own meta-schema."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("field", "text", "value"), ACCEPTED)
def test_the_schema_accepts_what_the_reader_accepts(field, text, value):
    """Goal: an editor marks no right file as wrong. Method: the table of accepted forms."""
    del value
    EDITOR.validate({field: text})


EDITORS_MISS = [
    # What no JSON Schema can tell, or where one stays simple; the reader refuses it.
    ("timeout", "0 s"),
    ("service", "exponental 5 ms"),
    ("servers", 1.0),
    ("chance", float("nan")),
    ("factor", float("inf")),
    ("approved", "2569-11-22"),
    ("approved", "22/11/2026"),
    ("start", "2569-11-22T09:00"),
    ("id", "a\n"),
]


@pytest.mark.parametrize(("field", "text", "kind"), REFUSED)
def test_the_schema_refuses_what_the_reader_refuses(field, text, kind):
    """Goal: an editor finds most faults. Method: refused forms, but for a list of exceptions."""
    del kind
    # repr, for nan differs from itself
    expected = repr((field, text)) in map(repr, EDITORS_MISS)
    assert EDITOR.is_valid({field: text}) == expected


def test_the_schema_shows_defaults_as_files_write_them():
    """Goal: no nanoseconds in an editor. Method: the defaults of the schema."""
    properties = SCHEMA["properties"]
    defaults = {name: entry["default"] for name, entry in properties.items() if "default" in entry}
    assert defaults == {
        "duration": "5 min",
        "clock": "00:00",
        "service": "exponential 20 ms",
        "chance": 0.0,
        "share": 1.0,
        "factor": 1.0,
        "servers": 1,
        "retries": 0,
        "id": "a",
        "text": "x",
        "inner": {"size": 1},
        "inners": [],
    }


def test_every_type_says_what_it_is():
    """Goal: completion shows help. Method: each field of the schema has a description."""
    silent = [
        name
        for name, entry in SCHEMA["properties"].items()
        if "description" not in json.dumps(entry) and "$ref" not in json.dumps(entry)
    ]
    assert silent == []
