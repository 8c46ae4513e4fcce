"""Goal: YAML means what its 1.2 core schema says, every node knows its place, no input harms.

Method: tables of scalars and of broken texts with the whole problem that each gives; places of
every node of small documents; bombs with a bound on the work; arbitrary texts (Hypothesis),
compared with the ``json`` module where they are JSON.
"""

from __future__ import annotations

import json
import math
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bcsim.errors import InputError, LimitError, ModelError, Problem
from bcsim.limits import ALIASES_MAX, YAML_DEPTH_MAX
from bcsim.model import yaml_nodes
from bcsim.model.nodes import Span
from bcsim.model.yaml_nodes import compose, resolve


def problem_of(text, file="a.yaml", lang="en"):
    """The one problem that a text gives, as raised or as noted."""
    try:
        (problem,) = compose(text, file, lang).problems
    except InputError as error:
        (problem,) = error.problems
    return problem


SCALARS = {
    "~": None,
    "null": None,
    "NULL": None,
    "nUll": "nUll",
    "true": True,
    "False": False,
    "tRUE": "tRUE",
    "yes": "yes",
    "no": "no",
    "NO": "NO",
    "on": "on",
    "off": "off",
    "y": "y",
    "0": 0,
    "-19": -19,
    "+7": 7,
    "010": 10,
    "0o17": 15,
    "0x1F": 31,
    "0b1": "0b1",
    "1_000": "1_000",
    "0.5": 0.5,
    ".5": 0.5,
    "12e03": 12000.0,
    "-2E-1": -0.2,
    "1.": 1.0,
    ".inf": math.inf,
    "-.INF": -math.inf,
    "12:30:00": "12:30:00",
    "10:05": "10:05",
    "2026-11-22": "2026-11-22",
    "1.2.3": "1.2.3",
    "5 min": "5 min",
    "=": "=",
}


@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_plain_scalars(text, value):
    """Goal: the core schema of YAML 1.2, not 1.1. Method: value and type of each plain scalar."""
    node = compose(f"k: {text}", "a.yaml").node_at(("k",))
    assert node is not None
    assert (node.value, type(node.value)) == (value, type(value))


def test_not_a_number():
    """Goal: .nan is one. Method: it differs from itself."""
    assert [repr(resolve(text)) for text in (".nan", ".NaN", ".NAN")] == ["nan"] * 3


@pytest.mark.parametrize("text", ["'no'", '"5"', "'null'", "'0.5'"])
def test_quotes_make_a_text(text):
    """Goal: what is quoted is a text. Method: scalars that would be something else."""
    assert compose(f"k: {text}", "a.yaml").root.data() == {"k": text[1:-1]}


def test_keys_are_texts_as_written():
    """Goal: a key is never a number, a truth value or nothing. Method: such keys."""
    assert compose("{1: a, no: b, true: c, ~: d, 'e f': g}", "a.yaml").root.data() == {
        "1": "a", "no": "b", "true": "c", "~": "d", "e f": "g",
    }  # fmt: skip


DOCUMENT = """\
# a comment
name: โบรกเกอร์
parts:
  - id: a
    size: [1, 2.5]
  - {id: b, size: null}
text: |
  one
  two
"""


def test_every_node_knows_its_place():
    """Goal: lines and columns from 1, by characters. Method: all places of a small document."""
    document = compose(DOCUMENT, "a.yaml")
    places = {
        (): (2, 1),
        ("name",): (2, 7),
        ("parts",): (4, 3),
        ("parts", 0): (4, 5),
        ("parts", 0, "id"): (4, 9),
        ("parts", 0, "size"): (5, 11),
        ("parts", 0, "size", 1): (5, 15),
        ("parts", 1): (6, 5),
        ("parts", 1, "id"): (6, 10),
        ("parts", 1, "size"): (6, 19),
        ("text",): (7, 7),
    }
    found = {path: document.place_of(path) for path in places}
    assert {path: (span.line, span.column) for path, span in found.items()} == places
    assert found[("name",)] == Span("a.yaml", 2, 7, 2, 16)
    assert document.key_at(("parts", 1, "size")) == Span("a.yaml", 6, 13, 6, 17)
    assert document.source_line(found[("name",)]) == "name: โบรกเกอร์"


def test_places_of_what_is_not_there():
    """Goal: a missing value stands where its holder's key does. Method: paths beyond the data."""
    document = compose(DOCUMENT, "a.yaml")
    missing = [("parts", 0, "site"), ("parts", 7, "id"), ("other",), ("name", "en", "x")]
    places = [document.place_of(path)[1:3] for path in missing]
    assert places == [(4, 5), (3, 1), (2, 1), (2, 1)]
    assert document.key_at(("parts", 0)) is None
    assert document.key_at(()) is None
    assert document.key_at(("name", "en")) is None


def test_aliases_are_followed():
    """Goal: an alias is its anchor's value, at its anchor's place. Method: one used twice."""
    document = compose("base: &b {x: 1}\none: *b\ntwo: [*b]\n", "a.yaml")
    assert document.root.data() == {"base": {"x": 1}, "one": {"x": 1}, "two": [{"x": 1}]}
    assert document.place_of(("two", 0, "x")) == document.place_of(("base", "x"))
    assert document.root.size == 8
    assert document.root.height == 4


def test_line_breaks_of_unicode():
    """Goal: lines are counted as YAML counts them. Method: all its breaks before a value."""
    document = compose("a: 1\r\nb: 2\rc: '\u2028'\u0085d: 4\n", "a.yaml")
    span = document.place_of(("d",))
    assert (span.line, document.source_line(span)) == (5, "d: 4")


def at(message, line, column, source_line, *, expected="", hint=""):
    return Problem(
        message, file="a.yaml", line=line, column=column, source_line=source_line,
        expected=expected, hint=hint,
    )  # fmt: skip


QUOTE = "put the text in quotes"
COLON = "put a text with ': ' in quotes, and check the indentation"
LAYOUT = "check indentation and quotes"
RENAME = "rename or delete one"

BROKEN = {
    "": at("the file is empty", 1, 1, "", expected="a mapping with keys and values"),
    "# nothing\n": at(
        "the file is empty", 1, 1, "# nothing", expected="a mapping with keys and values"
    ),
    "---\n": at("the file is empty", 2, 1, "", expected="a mapping with keys and values"),
    "a: 1\n---\nb: 2": at(
        "a second document begins here", 2, 1, "---",
        expected="one document in a file", hint="make it a file of its own",
    ),
    "a:\n\tb: 1": at(
        "a tab character", 2, 1, "\tb: 1", expected="spaces", hint="indent with spaces"
    ),
    "a: @x": at("'@' cannot begin a value", 1, 4, "a: @x", hint=QUOTE),
    "a: %x": at("'%' cannot begin a value", 1, 4, "a: %x", hint=QUOTE),
    "a: b: c": at("a colon where no key can stand", 1, 5, "a: b: c", hint=COLON),
    "a:\n  - b\n c": at("this does not fit what began at line 1", 3, 2, " c", hint=LAYOUT),
    "a: [1, 2": at(
        "not YAML: did not find expected ',' or ']' while parsing a flow sequence",
        1, 4, "a: [1, 2",
    ),
    "b: 1\na: 'x\n\n": at(
        "not YAML: found unexpected end of stream while scanning a quoted scalar", 2, 4, "a: 'x"
    ),
    "a: 1\na: 2": at(
        "duplicate key 'a', first at line 1", 2, 1, "a: 2",
        expected="each key once", hint=RENAME,
    ),
    "{a: 1, 'a': 2}": at(
        "duplicate key 'a', first at line 1", 1, 8, "{a: 1, 'a': 2}",
        expected="each key once", hint=RENAME,
    ),
    "a: !!str 5": at(
        "the tag '!!str' is not allowed", 1, 4, "a: !!str 5",
        expected="plain values", hint="delete it",
    ),
    "a: !python/object:os.system [x]": at(
        "the tag '!python/object:os.system' is not allowed", 1, 4,
        "a: !python/object:os.system [x]", expected="plain values", hint="delete it",
    ),
    "a: &x {b: 1}\nc:\n  <<: *x": at(
        "merge keys (<<) are not allowed", 3, 3, "  <<: *x",
        expected="keys of its own", hint="write the keys out",
    ),
    "? [1]\n: 2": at(
        "a list or mapping cannot be a key", 1, 3, "? [1]", expected="a text"
    ),
    "'': 2": at("a key is missing before the colon", 1, 1, "'': 2", expected="a key"),
    f"a: {'9' * 61}": at(
        "a number of absurd length", 1, 4, f"a: {'9' * 61}",
        expected="at most 60 characters", hint="quote it if it is a text",
    ),
    "a: *b": at(
        "no anchor &b comes before this alias", 1, 4, "a: *b", hint="write the value out"
    ),
    "a: &b [1, *b]": at(
        "the alias *b lies inside its own anchor", 1, 11, "a: &b [1, *b]",
        hint="write the value out",
    ),
    "ก: '\x00'": at(
        "character U+0000 cannot be printed", 1, 5, "ก: '\x00'",
        expected="printable text", hint="delete it",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), BROKEN.items())
def test_broken_texts(text, problem):
    """Goal: each fault has its place and plain words. Method: table of whole problems."""
    assert problem_of(text) == problem


def test_several_faults_are_all_told():
    """Goal: one reading tells all that can be survived. Method: four faults, data still there."""
    document = compose("a: !x 1\na: 2\n<<: {}\nb: {c: 1, c: 2}\n", "a.yaml")
    assert [(problem.line, problem.column) for problem in document.problems] == [
        (1, 4), (2, 1), (3, 1), (4, 11),
    ]  # fmt: skip
    assert document.root.data() == {"a": 1, "b": {"c": 1}}


def test_thai_words():
    """Goal: problems are told in Thai too. Method: one of them, whole."""
    problem = problem_of("ก: 1\nก: 2", lang="th")
    assert str(problem) == (
        "a.yaml:2:1: error: คีย์ 'ก' ซ้ำกับบรรทัด 1; expected แต่ละคีย์ครั้งเดียว — เปลี่ยนชื่อหรือลบคีย์หนึ่ง"
    )


def test_a_byte_order_mark_is_ignored():
    """Goal: editors that write one do no harm. Method: the first column after it is 1."""
    document = compose("\ufeffa: 1", "a.yaml")
    assert document.root.data() == {"a": 1}
    assert document.key_at(("a",)) == Span("a.yaml", 1, 1, 1, 2)


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n" for n in range(1, 12)
)


def test_a_billion_laughs():
    """Goal: expansion is counted, not done. Method: 10**10 values in 600 bytes; time it."""
    started = time.perf_counter()
    with pytest.raises(LimitError) as caught:
        compose(BOMB, "a.yaml")
    assert time.perf_counter() - started < 1
    assert str(caught.value) == (
        "a.yaml:7:5: error: too many values, aliases followed; expected at most 200000"
        " — split the model"
    )


def test_bounds(monkeypatch):
    """Goal: each bound holds on both sides. Method: exactly at the bound, and one beyond."""
    compose("[" * YAML_DEPTH_MAX + "]" * YAML_DEPTH_MAX, "a.yaml")
    beyond = "[" * (YAML_DEPTH_MAX + 1) + "]" * (YAML_DEPTH_MAX + 1)
    assert problem_of(beyond).message == "nested too deep"

    aliases = "a: &a 1\nb: [" + "*a, " * ALIASES_MAX
    compose(aliases + "]", "a.yaml")
    assert problem_of(aliases + "*a]").message == "too many aliases"

    monkeypatch.setattr(yaml_nodes, "YAML_NODES_MAX", 1000)
    nodes = "[" + "1," * 999
    assert compose(nodes + "]", "a.yaml").root.size == 1000
    assert problem_of(nodes + "1]").message == "too many values, aliases followed"


def test_depth_counts_through_aliases():
    """Goal: aliases cannot hide nesting. Method: two halves that are too deep together."""
    half = YAML_DEPTH_MAX // 2
    base = "a: &a " + "[" * half + "]" * half + "\nb: "
    compose(base + "[" * (half - 1) + "*a" + "]" * (half - 1), "a.yaml")
    problem = problem_of(base + "[" * half + "*a" + "]" * half)
    assert problem.message == "nested too deep"


def test_endless_nesting_stops_early():
    """Goal: a deep text cannot exhaust the stack or the clock. Method: a million brackets."""
    started = time.perf_counter()
    assert problem_of("[" * 1_000_000).message == "nested too deep"
    assert time.perf_counter() - started < 2


def test_json_surrogate_pairs():
    """Goal: JSON files may escape as JSON does. Method: a pair, an escaped backslash, a half."""
    text = '{"a": "\\ud83d\\ude00", "b": "\\\\ud83d\\\\ude00"}'
    assert compose(text, "a.json").root.data() == json.loads(text)
    assert "escape" in problem_of('{"a": "\\ud83d"}', "a.json").message


def test_the_slow_parser_agrees(monkeypatch):
    """Goal: nothing depends on libyaml being there. Method: one document with both parsers."""
    fast = compose(DOCUMENT, "a.yaml")
    monkeypatch.setattr(yaml_nodes, "_PARSER", yaml.Loader)
    slow = compose(DOCUMENT, "a.yaml")
    assert slow.root.data() == fast.root.data()
    path = ("parts", 1, "size")
    assert slow.place_of(path) == fast.place_of(path)
    assert problem_of("a:\n\tb: 1") == BROKEN["a:\n\tb: 1"]
    assert str(problem_of('a: "\\ud83d"')) == (
        "a.yaml:1:4: error: half of a UTF-16 pair is not a character; expected a whole character"
    )
    assert problem_of('a: "\\UFFFFFFFF"').message.startswith("not YAML: ")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text("abc<~", min_size=1), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcxyz", min_size=1), JSON_VALUES, min_size=1))
def test_json_is_read_as_json(data):
    """Goal: a JSON file means what it says. Method: the ``json`` module as a witness."""
    document = compose(json.dumps(data, indent=2), "a.json")
    assert document.root.data() == json.loads(json.dumps(data))
    assert document.problems == ()


def read_or_refused(text):
    try:
        document = compose(text, "a.yaml")
    except InputError as error:
        assert all(problem.line >= 1 for problem in error.problems)  # noqa: PT017 - either is right
    else:
        json.dumps(document.root.data())


@given(st.text())
def test_any_text_is_read_or_refused(text):
    """Goal: no text crashes the reader. Method: any text; only ``InputError`` may come."""
    read_or_refused(text)


FRAGMENTS = st.sampled_from(
    ["a", "b", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "<<", "'", '"',
     "|", ">", "#", "?", "%", "\t", "---\n", "...\n", "\\u", "1", "~", "ก้", "\ufeff", "\r"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_yaml_is_read_or_refused(text):
    """Goal: as above, deeper inside. Method: texts of YAML's own characters."""
    read_or_refused(text)


def test_errors_are_of_the_operator():
    """Goal: syntax is a ModelError, a bound a LimitError. Method: one of each."""
    with pytest.raises(ModelError):
        compose("[", "a.yaml")
    with pytest.raises(LimitError):
        compose("[" * 65, "a.yaml")
