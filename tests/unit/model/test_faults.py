"""Goal: every fault of a file is told with its place, its value and its cure.

Method: tables of texts with one fault each and the whole problem it gives, in English and, where
the words differ by more than a translation, in Thai.
"""

from __future__ import annotations

import re
from typing import Annotated

import pytest

from bcsim.errors import InputError, Problem
from bcsim.model import wording
from bcsim.model.faults import class_at, path_of
from bcsim.model.fields import Duration, Entity
from bcsim.model.loading import load_text
from bcsim.model.yaml_nodes import compose
from bcsim.units import CLOCK_FORMS, DURATION_FORMS
from tests.unit.model.plant import (
    HEAD,
    IDENTIFIER,
    Colour,
    Crash,
    Part,
    Plant,
    Surge,
    Window,
    problems_of,
)

PART = HEAD + "parts:\n  oms:\n    servers: 1\n    "

# What stands at line 5, column 5 of a part -> column, message, value, expected, hint.
IN_A_PART = {
    "servrs: 1": (5, "unknown key 'servrs'", "", "", "did you mean 'servers'?"),
    "zzz: 1": (5, "unknown key 'zzz'", "", "", ""),
    "active: yes": (
        13, "neither true nor false", "'yes'", "true or false", "did you mean 'true'?",
    ),
    "active: Off": (
        13, "neither true nor false", "'Off'", "true or false", "did you mean 'false'?",
    ),
    "active: maybe": (13, "neither true nor false", "'maybe'", "true or false", ""),
    "chance: 1.5": (13, "too large", "1.5", "a number of at most 1", "did you mean '0.015'?"),
    "chance: 95": (13, "too large", "95", "a number of at most 1", "did you mean '0.95'?"),
    "chance: 950": (13, "too large", "950", "a number of at most 1", ""),
    "chance: -1": (13, "too small", "-1", "a number of at least 0", ""),
    "chance: 5%": (13, "not a number", "'5%'", "a number", "did you mean '0.05'?"),
    "chance: '0.5'": (13, "not a number", "'0.5'", "a number", "did you mean '0.5'?"),
    "chance: [1]": (13, "not a number", "a list of 1", "a number", ""),
    "chance: .nan": (13, "not a finite number", ".nan", "a finite number", ""),
    "factor: 0": (13, "too small", "0", "a number greater than 0", ""),
    "factor: 10": (13, "too large", "10", "a number less than 10", ""),
    "factor:": (12, "not a number", "nothing", "a number", ""),
    "colour: geen": (
        13, "unknown value", "'geen'", "one of red, green", "did you mean 'green'?",
    ),
    "colour: blue": (13, "unknown value", "'blue'", "one of red, green", ""),
    "lag: 5": (10, "no unit", "5", DURATION_FORMS, ""),
    "lag: 00:05": (
        10, "a clock form, which could count hours or minutes", "'00:05'", DURATION_FORMS, "",
    ),
    "lag: 5 minuts": (
        10, "unknown unit 'minuts'", "'5 minuts'", DURATION_FORMS, "did you mean '5 minutes'?",
    ),
    "lag: [5 min]": (10, "not a text", "a list of 1", DURATION_FORMS, ""),
    "service: {kind: exponential, mean: 5}": (
        40, "no unit", "5", "exponential 20 ms", "",
    ),
    "service: {kind: exponential, mena: 5 s}": (
        34, "unknown key of a distribution of kind exponential", "'mena'",
        "{kind: exponential, mean: …}", "did you mean 'mean'?",
    ),
    "service: {kind: exponential}": (
        14, "missing key of a distribution of kind exponential 'mean'", "a mapping of 1",
        "{kind: exponential, mean: …}", "",
    ),
    "site: Data Centre": (
        11, "not an identifier", "'Data Centre'",
        "a lower-case letter, then letters a-z, digits and hyphens",
        "did you mean 'data-centre'?",
    ),
    "site: ศูนย์": (
        11, "not an identifier", "'ศูนย์'",
        "a lower-case letter, then letters a-z, digits and hyphens", "",
    ),
    "text: ''": (11, "the text is empty", "''", "a text", ""),
    "text: 5": (11, "not a text", "5", "a text", ""),
    "short: abcd": (12, "the text is too long", "'abcd'", "at most 3 characters", ""),
    f"short: {'y' * 70}": (
        12, "the text is too long", repr("y" * 60 + "…"), "at most 3 characters", "",
    ),
    "tags: a": (
        11, "not a list", "'a'", "a list: [a, b], or lines that begin with '- '", "",
    ),
    "tags: [a, b, c]": (11, "too many entries: 3", "a list of 3", "at most 2", ""),
    "tags: [a, B]": (
        15, "not an identifier", "'B'",
        "a lower-case letter, then letters a-z, digits and hyphens", "did you mean 'b'?",
    ),
    "name: 5": (
        11, "no text in a language", "5", "a text, or a mapping with en and th", "",
    ),
    "name: {en: a, th: ''}": (23, "the text is empty", "''", "a text", ""),
    "name: {en: a, fr: b}": (19, "unknown key 'fr'", "", "en, th", ""),
    "approved: 2569-11-22": (
        15, "2569 is a year of the Buddhist era", "'2569-11-22'", "a Gregorian year",
        "did you mean '2026-11-22'?",
    ),
    "approved: 22/11/2026": (15, "not a date", "'22/11/2026'", "a date YYYY-MM-DD", ""),
    "approved: 2026": (15, "not a date", "2026", "a date YYYY-MM-DD", ""),
    "start: 2026-11-22": (
        12, "not a date and time", "'2026-11-22'", "YYYY-MM-DDTHH:MM:SS", "",
    ),
    "start: 1": (12, "not a date and time", "1", "YYYY-MM-DDTHH:MM:SS", ""),
    "start: 2026-11-22T09:00+07:00": (
        12, "a time with a zone of its own", "'2026-11-22T09:00+07:00'",
        "YYYY-MM-DDTHH:MM:SS; the model names the zone", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "told"), IN_A_PART.items())
def test_one_fault_in_a_part(line, told):
    """Goal: every kind of fault is told in full. Method: the whole problem, table."""
    column, message, value, expected, hint = told
    assert problems_of(PART + line) == (
        Problem(
            message, file="p.yaml", line=5, column=column, value=value, expected=expected,
            hint=hint, source_line="    " + line,
        ),
    )  # fmt: skip


# Everything after the head -> line, column, message, value, expected, hint.
IN_A_PLANT = {
    "parts: {oms: {}}": (
        2, 9, "missing key 'servers'", "", "parallel capacity", "",
    ),
    "parts:\n  oms:\n    text: x": (
        3, 3, "missing key 'servers'", "", "parallel capacity", "",
    ),
    "parts: {}": (2, 8, "too few entries: 0", "a mapping of 0", "at least 1", ""),
    "parts: [1]": (2, 8, "not a mapping", "a list of 1", "keys and values", ""),
    "parts: {oms: 5}": (2, 14, "not a mapping", "5", "keys and values", ""),
    "parts: {Oms: {servers: 1}}": (
        2, 9, "not an identifier", "'Oms'", IDENTIFIER, "did you mean 'oms'?",
    ),
    "events: [{kind: crsh, target: a}]": (
        2, 17, "unknown 'kind'", "'crsh'", "one of crash, surge", "did you mean 'crash'?",
    ),
    "events: [{kind: 5}]": (2, 17, "unknown 'kind'", "5", "one of crash, surge", ""),
    "events: [{target: a}]": (
        2, 10, "missing key 'kind'", "", "a mapping with the key 'kind'", "",
    ),
    "events: [{kidn: crash, target: a}]": (
        2, 11, "unknown key 'kidn'", "", "", "did you mean 'kind'?",
    ),
    "events: [{kind: crash, targt: a}]": (
        2, 24, "unknown key 'targt'", "", "kind, target, source, note", "did you mean 'target'?",
    ),
    "events: [{kind: surge}]": (2, 10, "missing key 'factor'", "", "", ""),
    "events: [{kind: surge, factor: 0.5}]": (
        2, 32, "too small", "0.5", "a number of at least 1", "",
    ),
    "window: {start: 10:00, end: 9:30}": (
        2, 29, "not a time of day", "'9:30'", CLOCK_FORMS, "did you mean '09:30'?",
    ),
    "window: {start: 10:00, end: 09:30}": (
        2, 9, "the window ends before it starts", "a mapping of 2", "", "",
    ),
    "limit: 2.5": (2, 8, "not a whole number", "2.5", "a whole number or one of none", ""),
    "limit: '5'": (
        2, 8, "not a whole number", "'5'", "a whole number or one of none", "did you mean '5'?",
    ),
    "limit: nono": (
        2, 8, "not a whole number", "'nono'", "a whole number or one of none",
        "did you mean 'none'?",
    ),
    "partz: {}": (
        2, 1, "unknown key 'partz'", "",
        "format, parts, events, window, limit, sites, source, note", "did you mean 'parts'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), IN_A_PLANT.items())
def test_one_fault_in_a_plant(text, told):
    """Goal: keys, unions and whole mappings have places too. Method: the whole problem, table."""
    line, column, message, value, expected, hint = told
    source_line = (HEAD + text).splitlines()[line - 1]
    assert problems_of(HEAD + text) == (
        Problem(
            message, file="p.yaml", line=line, column=column, value=value, expected=expected,
            hint=hint, source_line=source_line,
        ),
    )  # fmt: skip


ROOTS = {
    "- a": "p.yaml:1:1: error: not a mapping (got a list of 1); expected keys and values",
    "text": "p.yaml:1:1: error: not a mapping (got 'text'); expected keys and values",
    "a: 1": "p.yaml:1:1: error: missing key 'format'",
    "format: bcsim-plant/2": (
        "p.yaml:1:9: error: this file was written for a newer bcsim (got 'bcsim-plant/2');"
        " expected bcsim-plant/1 — upgrade bcsim"
    ),
    "format: bcsim-plent/1": (
        "p.yaml:1:9: error: unknown value (got 'bcsim-plent/1'); expected one of bcsim-plant/1"
        " — did you mean 'bcsim-plant/1'?"
    ),
}


@pytest.mark.parametrize(("text", "line"), ROOTS.items())
def test_roots_and_formats(text, line):
    """Goal: a wrong file altogether is told first. Method: the first problem's one line."""
    assert str(problems_of(text)[0]) == line


THAI = {
    "servrs: 1": "ไม่รู้จักคีย์ 'servrs' — หมายถึง 'servers' หรือไม่",
    "lag: 5": (
        "ไม่มีหน่วย (got 5); expected ระยะเวลาพร้อมหน่วย เช่น 150 ms, 30 s, 5 min, 4 h, 1 d, PT5M"
        " หรือ 5 นาที"
    ),
    "lag: 5 minuts": (
        "ไม่รู้จักหน่วย 'minuts' (got '5 minuts'); expected ระยะเวลาพร้อมหน่วย เช่น 150 ms, 30 s,"
        " 5 min, 4 h, 1 d, PT5M หรือ 5 นาที — หมายถึง '5 minutes' หรือไม่"
    ),
    "chance: 95": "มากเกินไป (got 95); expected จำนวนไม่เกิน 1 — หมายถึง '0.95' หรือไม่",
    "tags: {a: 1}": ("ไม่ใช่รายการ (got คู่คีย์-ค่า 1 คู่); expected รายการ: [a, b] หรือบรรทัดที่ขึ้นต้นด้วย '- '"),
    "colour: geen": (
        "ไม่รู้จักค่านี้ (got 'geen'); expected ค่าใดค่าหนึ่งใน red, green — หมายถึง 'green' หรือไม่"
    ),
}


@pytest.mark.parametrize(("line", "told"), THAI.items())
def test_thai(line, told):
    """Goal: an operator may read Thai. Method: one line of each sort of wording."""
    (problem,) = problems_of(PART + line, lang="th")
    assert str(problem).partition("error: ")[2] == told


def test_the_table_of_words_is_whole():
    """Goal: no word is missing in either language. Method: every row's parts and their values."""
    for code, (english, thai) in wording._TABLE.items():
        assert len(english) == len(thai), code
        for first, second in zip(english, thai, strict=True):
            holes = [sorted(re.findall(r"{.*?}", part)) for part in (first, second)]
            assert holes[0] == holes[1], code


PLACES = [
    (Plant, (), Plant),
    (Plant, ("parts", "oms"), Part),
    (Plant, ("parts", "oms", "colour"), None),
    (Plant, ("parts", "oms", "unknown", 0), None),
    (Plant, ("events", 3, "surge"), Surge),
    (Plant, ("events", 3, "crash"), Crash),
    (Plant, ("window",), Window),
    (Plant, ("limit", "int"), None),
    (list[Surge | Colour], (0, "Surge"), Surge),
    (list[Colour | Surge], (0,), Surge),
    (dict[str, Annotated[Crash, "x"] | int], ("a", "Crash"), Crash),
    (int, (), None),
]


@pytest.mark.parametrize(("annotation", "loc", "held"), PLACES)
def test_the_class_at_a_place(annotation, loc, held):
    """Goal: the keys that are offered are those of the right class. Method: table of places."""
    assert class_at(annotation, loc) is held


def test_paths_pass_over_tags():
    """Goal: a union's tag is no key, unless it is one. Method: tags that are, and are not."""
    root = compose("events: [{kind: crash, crash: 1}]\na: {b: 1}", "a.yaml").root
    assert path_of(root, ("events", 0, "crash", "target")) == ("events", 0, "crash")
    assert path_of(root, ("events", 0, "surge", "kind")) == ("events", 0, "kind")
    assert path_of(root, ("a", "function-after[check()]", "B", "b")) == ("a", "b")
    assert path_of(root, ("x", "a", 0)) == ("a",)


class Choice(Entity):
    """A union whose members fail alike, and one of an entity or a number."""

    size: Duration | Crash | Surge | None = None


def test_members_of_a_union_make_one_problem():
    """Goal: one wrong value is told once. Method: a value that fits no member."""
    with pytest.raises(InputError) as caught:
        load_text("size: 5", "c.yaml", Choice)
    assert [str(problem) for problem in caught.value.problems] == [
        f"c.yaml:1:7: error: no unit (got 5); expected {DURATION_FORMS} or keys and values"
    ]
