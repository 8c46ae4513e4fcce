"""Goal: a file becomes a model, or every problem in it is told with its place and its cure.

Method: a small model of our own; a valid file, a file with many faults, whole-model checks;
arbitrary inputs (Hypothesis), which may give nothing but ``InputError``. Single faults are in
test_faults.py.
"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.cli.problems import excerpt
from bcsim.errors import InputError, ModelError, Problem
from bcsim.model.finding import Finding, dangling
from bcsim.model.loading import Loaded, load, load_text
from bcsim.units import DURATION_FORMS
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


def test_a_valid_text():
    """Goal: the data becomes the model. Method: one of each thing; digest of its bytes."""
    text = HEAD + (
        "parts:\n"
        "  oms: {name: {th: ระบบ}, servers: 2, lag: 5 min, colour: green, tags: [a, b],\n"
        "        service: exponential 20 ms, active: false, start: 2026-11-22T09:00}\n"
        "events: [{kind: surge, factor: 2}, {kind: crash, target: oms}]\n"
        "window: {start: 09:00, end: 10:05}\n"
        "limit: none\n"
    )
    loaded = load_text(text, "p.yaml", Plant)
    part = loaded.value.parts["oms"]
    assert isinstance(loaded, Loaded)
    assert (part.servers, part.lag, part.colour) == (2, 300_000_000_000, Colour.GREEN)
    assert (part.tags, part.active) == (("a", "b"), False)
    assert loaded.value.events == (
        Surge(kind="surge", factor=2.0), Crash(kind="crash", target="oms"),
    )  # fmt: skip
    assert loaded.value.window == Window(start=32_400_000_000_000, end=36_300_000_000_000)
    assert loaded.value.limit == "none"
    assert (loaded.warnings, loaded.files) == ((), ())
    assert loaded.sha256 == hashlib.sha256(text.encode()).hexdigest()


MANY = HEAD + (
    "parts:\n"
    "  ระบบ: {servers: 0}\n"
    "  oms:\n"
    "    servers: x\n"
    "    servers: 2\n"
    "    lag: 5\n"
    "    nmae: ก\n"
    "events:\n"
    "  - {kind: crash}\n"
    "  - !x {kind: surge, factor: 0}\n"
    "limit: []\n"
)


def test_many_faults_are_all_told_in_order():
    """Goal: a file is mended once. Method: a file with ten faults, YAML's and the model's."""
    assert (
        "\n".join(map(str, problems_of(MANY)))
        == f"""\
p.yaml:3:3: error: not an identifier (got 'ระบบ'); expected {IDENTIFIER}
p.yaml:3:19: error: too small (got 0); expected a number of at least 1
p.yaml:5:14: error: not a whole number (got 'x'); expected a whole number
p.yaml:6:5: error: duplicate key 'servers', first at line 5; expected each key once — rename or \
delete one
p.yaml:7:10: error: no unit (got 5); expected {DURATION_FORMS}
p.yaml:8:5: error: unknown key 'nmae' — did you mean 'name'?
p.yaml:10:5: error: missing key 'target'; expected an identifier: a lower-case letter, then \
letters, digits and hyphens
p.yaml:11:5: error: the tag '!x' is not allowed; expected plain values — delete it
p.yaml:11:30: error: too small (got 0); expected a number of at least 1
p.yaml:12:8: error: not a whole number (got a list of 0); expected a whole number or one of none"""
    )


def test_a_misspelt_key_is_told_once():
    """Goal: one mistake, one problem. Method: a misspelt key that is required."""
    problems = problems_of(HEAD + "parts: {oms: {servrs: 1}}")
    assert [str(problem) for problem in problems] == [
        "p.yaml:2:15: error: unknown key 'servrs' — did you mean 'servers'?"
    ]


def test_the_caret_stands_under_thai():
    """Goal: marks that take no cell do not shift the caret. Method: the printed excerpt."""
    (problem,) = problems_of(HEAD + "parts: {oms: {text: ปู่ที่นี่, servers: 0}}")
    assert (problem.line, problem.column) == (2, 41)
    assert excerpt(problem) == (
        "     2 | parts: {oms: {text: ปู่ที่นี่, servers: 0}}\n"
        "       |                                   ^"
    )


def part_sites(plant):
    for name, part in plant.parts.items():
        if part.site is not None:
            yield from dangling(("parts", name, "site"), part.site, "site", plant.sites)


def no_source(plant):
    for name, part in plant.parts.items():
        if part.source is None:
            yield Finding(
                ("parts", name), "no source", severity="warning", at_key=True,
                hint="add source: assumption",
            )  # fmt: skip


CHECKED = HEAD + "sites: [dc1]\nparts:\n  oms: {servers: 1, site: dc11}\n  b: {servers: 1}\n"


def test_whole_model_checks():
    """Goal: findings get places, and stand in order. Method: an error and two warnings."""
    assert problems_of(CHECKED, no_source, part_sites) == (
        Problem(
            "no source", file="p.yaml", line=4, column=3, hint="add source: assumption",
            source_line="  oms: {servers: 1, site: dc11}", severity="warning",
        ),
        Problem(
            "unknown site", file="p.yaml", line=4, column=27, value="'dc11'",
            expected="one of dc1", hint="did you mean 'dc1'?",
            source_line="  oms: {servers: 1, site: dc11}",
        ),
        Problem(
            "no source", file="p.yaml", line=5, column=3, hint="add source: assumption",
            source_line="  b: {servers: 1}", severity="warning",
        ),
    )  # fmt: skip


def test_warnings_stop_nothing():
    """Goal: remarks come with the model. Method: a check that only warns."""
    loaded = load_text(CHECKED, "p.yaml", Plant, (no_source,))
    assert list(loaded.value.parts) == ["oms", "b"]
    assert [problem.line for problem in loaded.warnings] == [4, 5]


def test_checks_wait_for_valid_data():
    """Goal: a check may trust its model. Method: a check that fails if it is called."""

    def check(plant):
        pytest.fail(f"called with {plant}")

    assert len(problems_of(HEAD + "parts: {oms: {servers: 0}}", check)) == 1


def test_files(tmp_path):
    """Goal: a file's name is its place, its bytes are its digest. Method: a file on disk."""
    path = tmp_path / "p.yaml"
    raw = "\ufeff".encode() + HEAD.encode()
    path.write_bytes(raw)
    loaded = load(path, Plant)
    assert (loaded.files, loaded.sha256) == ((path,), hashlib.sha256(raw).hexdigest())
    path.write_text("format: x\n", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load(str(path), Plant)
    assert caught.value.problems[0].place == f"{path}:1:9"


def test_json_files(tmp_path):
    """Goal: JSON is accepted as it is. Method: tabs, escapes, a surrogate pair."""
    path = tmp_path / "p.json"
    path.write_text(
        '{\n\t"format": "bcsim-plant/1",\n\t"note": "\\ud83d\\ude00 \\u0e01\\/"\n}',
        encoding="utf-8",
    )
    assert load(path, Plant).value.note == "\U0001f600 ก/"


def nothing_but_problems(text):
    try:
        load_text(text, "p.yaml", Plant, (part_sites, no_source))
    except InputError as error:
        assert error.problems  # noqa: PT017 - raising is one of two right outcomes
        return error.problems
    return ()


VALUES = st.recursive(
    st.sampled_from(
        ["5 min", "crash", "surge", "a", "A", "", "0", "1", "-1", "1e999", ".nan", "~", "yes",
         "10:05", "2569-01-01", "exponential 5 ms", "'\\ud800'", '"\\ud800"', "bcsim-plant/1"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from([*Plant.model_fields, *Part.model_fields, "kind", "oms", "factor"]),
            inner,
            max_size=4,
        ).map(lambda entries: "{" + ", ".join(f"{k}: {v}" for k, v in entries.items()) + "}"),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(list(Plant.model_fields)), VALUES, max_size=5))
def test_any_data_is_read_or_refused(sections):
    """Goal: no data crashes the loader. Method: the model's own keys with any values."""
    text = "".join(f"{key}: {value}\n" for key, value in sections.items())
    for problem in nothing_but_problems(text or "a: 1"):
        assert problem.line >= 1


@given(st.text())
def test_any_text_is_read_or_refused(text):
    """Goal: no text crashes the loader. Method: any text, lone surrogates included."""
    nothing_but_problems(text)
