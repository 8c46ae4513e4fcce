"""Goal: the house rules that ruff does not know hold in every file of the repository.

Method: read what git would commit, as text or as a syntax tree, and list every breach. Sizes are
a ratchet: the two allow-lists may only shrink, and an entry that is no longer needed is a breach.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.repository import ROOT, name_of, tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50

LONG_FILES: dict[str, int] = {
    # A table: every record of the arena, field by field, in one place.
    "src/bcsim/kernels/record.py": 1101,
}
"""Path -> lines, with the reason beside it."""

LONG_FUNCTIONS: dict[str, int] = {
    # Each is one literal: a whole firm as a document, or every row of one order.
    "tests/property/days.py:firms": 61,
    "tests/theory/queues.py:firm_of": 61,
    "tests/unit/engine/reference/test_scribe.py:test_the_business_rows_of_one_order": 61,
}
"""Path:name -> lines without the docstring, with the reason beside it."""

NAMES_WITHOUT_MEANING = {"utils", "util", "common", "core", "helpers", "helper", "manager", "misc"}

TEXT = {".cfg", ".css", ".csv", ".html", ".j2", ".json", ".lock", ".md", ".py", ".sh", ".toml"}
TEXT |= {".txt", ".typ", ".yaml", ".yml", ""}

BANNED_WORDS = {
    # The right word first (CONTRIBUTING.md, "Words"), then what it replaces.
    "acknowledged order": r"acked order",
    "allow-list": r"white-?list",
    "cl_ord_id": r"(?-i:clordid)|cl_order_id|client_order_id",
    "cum_qty": r"filled_(?:qty|quantity|amount)",
    "deny-list": r"black-?list",
    "disruption": r"nemesis|chaos[ _-]monkey",
    "exec_id": r"execution_id",
    "failover": r"switchover",
    "msg_seq_num": r"msg_seq_no\b|sequence_no\b",
    "mtpd": r"MTPoD|maximum tolerable downtime",
    "poss_dup": r"poss_duplicate",
    "recovery_point": r"(?:actual|achieved)[ _]rpo",
    "recovery_time": r"(?:actual|achieved)[ _]rto",
    "warm_up": r"burn[ _-]in\b",
}

TIME_NAME = re.compile(
    r"(?:^|_)(?:timeout|delay|duration|latency|elapsed|deadline|outage|backoff|horizon|grace|period"
    r"|rto|rpo|mtpd|mttr|mtbf|recovery_time|recovery_point|ns|at)$"
)

FLOAT_TIMES = ("src/bcsim/streams/", "src/bcsim/model/distribution.py")
"""Parameters of distributions are real numbers; what is drawn is rounded to whole nanoseconds."""

PACKAGES_WITH_NAMES = ("src/bcsim/__init__.py", "src/bcsim/streams/__init__.py")
"""The public face, which is lazy; and a foundation that is one interface in several files."""

PLACES = {
    # A character class in each pattern keeps it from finding itself.
    "a folder of one machine": r"(?<![\w.$}/-])/(?:wor[k]|hom[e]|User[s]|mn[t]|op[t])/\w",
    "a folder outside the repository": r"(?<![\w/])share[d]/(?:design|reference|data|hooks)\b",
    "a package registry's host": (
        r"py[p]i\.org|pythonhoste[d]\.org|npmj[s]\.(?:com|org)|deb\.debia[n]\.org|py[p]i/simple"
    ),
}


def files(*suffixes: str, under: str = "") -> list[Path]:
    found = [
        path for path in tracked() if path.suffix in suffixes and name_of(path).startswith(under)
    ]
    assert found, f"no file {suffixes} under {under!r}: the rule would hold for nothing"
    return found


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its ``def`` to its end, without its docstring."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        docstring = node.body[0]
        assert docstring.end_lineno is not None
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def breaches_of_ratchet(sizes: dict[str, int], allowed: dict[str, int], most: int) -> list[str]:
    """Sizes beyond the bound that are not allowed, and allowances that are not needed."""
    too_long = [
        f"{name}: {size} lines, at most {max(allowed.get(name, 0), most)}"
        for name, size in sizes.items()
        if size > max(allowed.get(name, 0), most)
    ]
    unneeded = [
        f"{name}: {sizes.get(name, 0)} lines now; shrink its entry or remove it"
        for name, size in allowed.items()
        if sizes.get(name, 0) < size
    ]
    return too_long + unneeded


def test_files_are_short():
    """Goal: a file is read in one sitting. Method: count lines of every Python file."""
    sizes = {name_of(path): text_of(path).count("\n") for path in files(".py")}
    assert breaches_of_ratchet(sizes, LONG_FILES, FILE_LINES_MAX) == []


def test_functions_are_short():
    """Goal: a function is seen at once. Method: count lines without docstrings."""
    sizes = {
        f"{name_of(path)}:{node.name}": body_lines(node)
        for path in files(".py")
        for node in functions(path)
    }
    assert breaches_of_ratchet(sizes, LONG_FUNCTIONS, FUNCTION_LINES_MAX) == []


def test_the_ratchet_turns_one_way():
    """Goal: the two tests above can fail. Method: sizes around a bound of 10."""
    assert breaches_of_ratchet({"a": 10, "b": 12}, {"b": 12}, 10) == []
    assert breaches_of_ratchet({"a": 11}, {}, 10) == ["a: 11 lines, at most 10"]
    assert breaches_of_ratchet({"b": 11}, {"b": 12}, 10) == [
        "b: 11 lines now; shrink its entry or remove it"
    ]


def test_names_say_what_is_inside():
    """Goal: a file is named for its noun. Method: look at each part of each path."""
    found = [
        name_of(path)
        for path in tracked()
        if NAMES_WITHOUT_MEANING & {Path(part).stem for part in path.relative_to(ROOT).parts}
    ]
    assert found == []


def test_packages_hold_only_a_docstring():
    """Goal: importing a package loads nothing. Method: the statements of each __init__.py."""
    found = [
        name_of(path)
        for path in files(".py", under="src/bcsim/")
        if path.name == "__init__.py" and name_of(path) not in PACKAGES_WITH_NAMES
        if len(tree_of(path).body) != 1 or ast.get_docstring(tree_of(path)) is None
    ]
    assert found == []


def float_times(tree: ast.Module) -> list[str]:
    """Names of times that are annotated as float, with their lines."""
    annotated: list[tuple[str, int, ast.expr | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            annotated.append(
                (ast.unparse(node.target).split(".")[-1], node.lineno, node.annotation)
            )
        elif isinstance(node, ast.arg):
            annotated.append((node.arg, node.lineno, node.annotation))
        elif isinstance(node, ast.FunctionDef):
            annotated.append((node.name, node.lineno, node.returns))
    return [
        f"{name}:{line}"
        for name, line, annotation in annotated
        if annotation is not None and TIME_NAME.search(name)
        if any(isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(annotation))
    ]


def test_no_float_holds_a_time():
    """Goal: times are integers of nanoseconds. Method: annotations of names that mean a time."""
    found = {
        name_of(path): float_times(tree_of(path))
        for path in files(".py", under="src/")
        if not name_of(path).startswith(FLOAT_TIMES)
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_a_float_time_would_be_seen():
    """Goal: the test above can fail. Method: one of each form, and a float that is no time."""
    code = "def outage(x_ns: float | None, ratio: float) -> float: ...\nself.timeout: float = 1"
    assert sorted(float_times(ast.parse(code))) == ["outage:1", "timeout:2", "x_ns:1"]


def test_tests_say_goal_and_method():
    """Goal: a test tells what it proves. Method: docstrings of test files and test functions."""
    found = []
    for path in files(".py", under="tests/"):
        if ast.get_docstring(tree_of(path)) is None:
            found.append(name_of(path))
        found += [
            f"{name_of(path)}:{node.lineno} {node.name}"
            for node in functions(path)
            if node.name.startswith("test_") and ast.get_docstring(node) is None
        ]
    assert found == []


def lines_with(pattern: str, paths: list[Path], flags: re.RegexFlag = re.NOFLAG) -> list[str]:
    """``path:line`` of every match."""
    found = []
    for path in paths:
        for match in re.finditer(pattern, text_of(path), flags):
            line = text_of(path).count("\n", 0, match.start()) + 1
            found.append(f"{name_of(path)}:{line} {match[0]!r}")
    return found


def test_nothing_is_left_for_later():
    """Goal: what is merged is finished. Method: look for the usual marks."""
    assert lines_with(r"\b(?:FIXM[E]|TOD[O]|XX[X])\b", files(".py", ".md", ".yaml", ".toml")) == []


@pytest.mark.parametrize("right", BANNED_WORDS)
def test_one_word_for_one_thing(right):
    """Goal: a term has one name. Method: look for the words that it replaces."""
    lists = {Path(__file__), ROOT / "CONTRIBUTING.md"}
    paths = [path for path in files(".py", ".md", ".yaml") if path not in lists]
    found = lines_with(rf"\b(?:{BANNED_WORDS[right]})", paths, re.IGNORECASE)
    assert found == [], f"write {right!r}"


@pytest.mark.parametrize("place", PLACES)
def test_no_place_is_named(place):
    """Goal: the repository works anywhere. Method: look for addresses in every text file."""
    assert lines_with(PLACES[place], files(*TEXT)) == []


def test_a_place_would_be_seen():
    """Goal: the test above can fail. Method: one address of each kind, put together here."""
    examples = ["/" + "home/me", "shared" + "/data/x", "https://" + "pypi" + ".org/simple"]
    matches = [re.search(PLACES[place], text) for place, text in zip(PLACES, examples, strict=True)]
    assert all(matches)


def headings(markdown: str) -> list[str]:
    """First-level headings outside of fenced blocks."""
    outside = re.sub(r"^ *(```+|~~~+).*?^ *\1 *$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^# .+$", outside, flags=re.MULTILINE)


def test_a_document_has_one_title():
    """Goal: a page is about one thing. Method: count first-level headings."""
    found = {name_of(path): headings(text_of(path)) for path in files(".md")}
    assert {name: titles for name, titles in found.items() if len(titles) != 1} == {}
