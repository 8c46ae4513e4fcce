"""Goal: several files read as one, every value keeps its own place, and nothing is read twice.

Method: files in a temporary folder; the joined data with places, and the whole problem for each
way in which files, encodings and inclusions can be wrong.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.errors import InputError, LimitError, ModelError, Problem
from bcsim.limits import FILE_BYTES_MAX, INCLUDES_MAX
from bcsim.model import includes
from bcsim.model.includes import decode, read_source, source_of_text
from bcsim.model.yaml_nodes import compose


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files by name, in a folder that is the current one, so that places are short."""
    monkeypatch.chdir(tmp_path)

    def call(**texts):
        for name, text in texts.items():
            path = Path(name.replace("__", "/") + ".yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return call


def told(path, lang="en"):
    """Everything that is told about a file: one line for each problem."""
    try:
        problems = read_source(Path(path), lang).document.problems
    except (ModelError, LimitError) as error:
        problems = error.problems
    return [str(problem) for problem in problems]


def test_sections_are_joined(write):
    """Goal: mappings merge, lists follow each other. Method: three files, one in a subfolder."""
    write(
        a="name: x\nparts: {p: 1}\nevents: [1]\ninclude: [b.yaml, sub/c.yaml]\n",
        b="parts: {q: 2}\nevents: [2, 3]\nnote: n\n",
        sub__c="include: [d.yaml]\nparts: {r: 3}\nname: x\n",
        sub__d="other: [ก]\n",
    )
    source = read_source(Path("a.yaml"))
    document = source.document
    assert document.root.data() == {
        "name": "x",
        "parts": {"p": 1, "q": 2, "r": 3},
        "events": [1, 2, 3],
        "note": "n",
        "other": ["ก"],
    }
    places = {path: document.place_of(path)[:3] for path in [
        ("parts",), ("parts", "q"), ("events", 2), ("other", 0), ("missing",),
    ]}  # fmt: skip
    assert places == {
        ("parts",): ("a.yaml", 2, 8),
        ("parts", "q"): ("b.yaml", 1, 12),
        ("events", 2): ("b.yaml", 2, 13),
        ("other", 0): ("sub/d.yaml", 1, 9),
        ("missing",): ("a.yaml", 1, 1),
    }
    assert document.source_line(document.place_of(("events", 2))) == "events: [2, 3]"
    assert document.problems == ()
    assert [str(path) for path in source.files] == ["a.yaml", "b.yaml", "sub/c.yaml", "sub/d.yaml"]


def test_digests(write):
    """Goal: anyone can check the digest. Method: one file; two, as ``sha256sum`` lists them."""
    write(a="x: 1\n", b="include: [a.yaml]\n")
    digests = {name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in
               ("a.yaml", "b.yaml")}  # fmt: skip
    assert read_source(Path("a.yaml")).sha256 == digests["a.yaml"]
    listing = f"{digests['b.yaml']}  b.yaml\n{digests['a.yaml']}  a.yaml\n"
    expected = hashlib.sha256(listing.encode()).hexdigest()
    assert read_source(Path("b.yaml")).sha256 == expected
    assert read_source(Path("b.yaml").absolute()).sha256 == expected


ONE_VALUE = "expected one value, or lists or mappings to join"
OWN_NAME = "expected a name of its own — rename or delete one"


def test_names_clash(write):
    """Goal: two values of one name are told with both places. Method: entry, id, scalar."""
    write(
        a="name: x\nparts: {p: 1}\nevents: [{id: e}, 5]\nsize: [1]\ninclude: [b.yaml]\n",
        b="name: y\nparts: {p: 2}\nevents:\n  - {id: e}\n  - {id: f}\nsize: {a: 1}\n",
    )
    assert told("a.yaml") == [
        f"b.yaml:1:1: error: 'name' is given already, at a.yaml:1:1; {ONE_VALUE}",
        f"b.yaml:2:9: error: 'p' exists already, at a.yaml:2:9; {OWN_NAME}",
        f"b.yaml:4:10: error: 'e' exists already, at a.yaml:3:15; {OWN_NAME}",
        f"b.yaml:6:1: error: 'size' is given already, at a.yaml:4:1; {ONE_VALUE}",
    ]
    assert read_source(Path("a.yaml")).document.root.data() == {
        "name": "x", "parts": {"p": 1}, "events": [{"id": "e"}, 5, {"id": "e"}, {"id": "f"}],
        "size": [1],
    }  # fmt: skip


INCLUDES = {
    "include: b.yaml": (
        "a.yaml:1:10: error: include is not a list of file names; expected include: [other.yaml]"
    ),
    "include: [5]": (
        "a.yaml:1:10: error: include is not a list of file names; expected include: [other.yaml]"
    ),
    "include: [none.yaml]": (
        "a.yaml:1:11: error: no such file — check the path, from the folder that you are in"
    ),
    "include: [sub]": "a.yaml:1:11: error: this is a folder; expected a file",
    'include: ["x\\0y"]': "a.yaml:1:11: error: the file cannot be read: embedded null byte",
    "include: [../b.yaml]": (
        "a.yaml:1:11: error: '../b.yaml' is outside the folder of the first file;"
        " expected a file in or below FOLDER"
    ),
    "include: [/etc/passwd]": (
        "a.yaml:1:11: error: '/etc/passwd' is outside the folder of the first file;"
        " expected a file in or below FOLDER"
    ),
    "include: [sub/link.yaml]": (
        "a.yaml:1:11: error: 'sub/link.yaml' is outside the folder of the first file;"
        " expected a file in or below FOLDER"
    ),
    "include: [a.yaml]": (
        "a.yaml:1:11: error: 'a.yaml' includes itself: a.yaml → a.yaml;"
        " expected files that do not include each other"
    ),
    "include: [c.yaml]": (
        "c.yaml:1:11: error: 'a.yaml' includes itself: a.yaml → c.yaml → a.yaml;"
        " expected files that do not include each other"
    ),
    "include: [b.yaml, ./b.yaml]": (
        "a.yaml:1:19: error: './b.yaml' is included already, at a.yaml:1:11;"
        " expected each file once"
    ),
    "include: [list.yaml]": "list.yaml:1:1: error: not a mapping; expected keys and values",
}


@pytest.mark.parametrize(("text", "line"), INCLUDES.items())
def test_wrong_includes(write, tmp_path, text, line):
    """Goal: each wrong inclusion is told where it stands. Method: the whole line, table."""
    write(a=text, b="x: 1", c="include: [a.yaml]", list="[1]", sub__d="x: 1")
    Path("sub/link.yaml").symlink_to(os.devnull)
    assert told("a.yaml") == [line.replace("FOLDER", tmp_path.name)]


ONCE = "expected each key once — rename or delete one"


def test_all_broken_files_are_told(write):
    """Goal: one reading tells what is wrong in every file. Method: three broken ones of four."""
    write(
        a="x: 1\nx: 2\ninclude: [b.yaml, c.yaml, d.yaml]", b="a: [\n", c="y: 1", d=b"z: \xff\xff\n"
    )
    assert told("a.yaml") == [
        "b.yaml:1:5: error: not YAML: did not find expected node content while parsing a flow node",
        "d.yaml:1:4: error: byte 0xff is not UTF-8; expected UTF-8 — save the file as UTF-8",
        f"a.yaml:2:1: error: duplicate key 'x', first at line 1; {ONCE}",
    ]


def test_no_bombs_by_inclusion(write, monkeypatch):
    """Goal: bounds hold over all files. Method: one file too many; too many values together."""
    names = [f"f{number}" for number in range(INCLUDES_MAX + 1)]
    write(**dict.fromkeys(names, "x: 1"))
    write(a=f"include: [{', '.join(f'{name}.yaml' for name in names[1:])}]")
    assert told("a.yaml") == []
    write(a=f"include: [{', '.join(f'{name}.yaml' for name in names)}]")
    (line,) = told("a.yaml")
    assert (
        line.partition(" error: ")[2] == f"too many included files; expected at most {INCLUDES_MAX}"
    )

    monkeypatch.setattr(includes, "YAML_NODES_MAX", 10)
    write(a="p: [1, 2, 3]\ninclude: [f0.yaml]", f0="q: [1, 2]")
    assert told("a.yaml") == []
    write(f0="q: [1, 2, 3, 4, 5]")
    (line,) = told("a.yaml")
    assert line.startswith("a.yaml:1:1: error: too many values, aliases followed; expected at most")


def test_files_that_cannot_be_read(write, monkeypatch):
    """Goal: what the system refuses is told with the file. Method: missing, folder, size, link."""
    write(big="#" * 100)
    monkeypatch.setattr(includes, "FILE_BYTES_MAX", 99)
    Path("loop.yaml").symlink_to("loop.yaml")
    assert told("none.yaml") == [
        "none.yaml: error: no such file — check the path, from the folder that you are in"
    ]
    assert told(".") == [".: error: this is a folder; expected a file"]
    assert told("big.yaml") == [
        "big.yaml: error: the file is too large; expected at most 99 bytes — split it with include:"
    ]
    assert told("loop.yaml") == [
        "loop.yaml: error: the file cannot be read: Too many levels of symbolic links"
    ]
    assert told("none.yaml", "th") == [
        "none.yaml: error: ไม่พบแฟ้ม — ตรวจเส้นทางโดยนับจากโฟลเดอร์ที่ท่านอยู่"
    ]


THAI_TEXT = "name: a\nth: ระบบซื้อขาย\n"

ENCODINGS = [
    (THAI_TEXT.encode("utf-16"), Problem(
        "the file is in UTF-16", file="a", expected="UTF-8", hint="save it as UTF-8",
    )),
    (THAI_TEXT.encode("cp874"), Problem(
        "the file looks like TIS-620 or Windows-874", file="a", line=2, column=5,
        expected="UTF-8", hint="save it as UTF-8", source_line="th: ระบบซื้อขาย",
    )),
    ("nom: café\r\n".encode("latin-1"), Problem(
        "byte 0xe9 is not UTF-8", file="a", line=1, column=9, expected="UTF-8",
        hint="save the file as UTF-8", source_line="nom: caf\ufffd",
    )),
    (b"a: 1\nb: \xe0\xb8", Problem(
        "byte 0xe0 is not UTF-8", file="a", line=2, column=4, expected="UTF-8",
        hint="save the file as UTF-8", source_line="b: \ufffd",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "problem"), ENCODINGS, ids=["utf-16", "cp874", "latin-1", "cut"])
def test_wrong_encodings(raw, problem):
    """Goal: the encoding is named, not garbled. Method: the whole problem for each."""
    with pytest.raises(ModelError) as caught:
        decode(raw, "a")
    assert caught.value.problems == (problem,)


PIECES = [b"a: ", b"\n", b"[", "ก".encode(), b"\xff", b"\xa1" * 4, b"'", b"\x00", b"\xef\xbb\xbf"]


@given(st.binary(max_size=200) | st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_any_bytes_are_read_or_refused(raw):
    """Goal: no bytes crash the reader. Method: any bytes; a problem's line is one of the file."""
    try:
        compose(decode(raw, "a"), "a")
    except InputError as error:
        lines = len(raw) + 1
        assert all(0 <= problem.line <= lines for problem in error.problems)  # noqa: PT017


def test_texts_cannot_include():
    """Goal: a text from nowhere reads no files. Method: an include; a text beyond the bound."""
    with pytest.raises(ModelError) as caught:
        source_of_text("a: 1\ninclude: [/etc/passwd]", "t")
    assert [str(problem) for problem in caught.value.problems] == [
        "t:2:1: error: a text without a file cannot include files — save it, then load the file"
    ]
    with pytest.raises(LimitError) as caught_limit:
        source_of_text("#" * (FILE_BYTES_MAX + 1), "t")
    assert str(caught_limit.value) == (
        f"t: error: the file is too large; expected at most {FILE_BYTES_MAX} bytes"
        " — split it with include:"
    )
