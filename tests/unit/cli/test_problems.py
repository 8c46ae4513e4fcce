"""Goal: a problem is printed where it is: the caret stands under the column, in any script.

Method: whole printed texts, with widths that can be seen in a terminal.
"""

from __future__ import annotations

import io

import pytest

from bcsim.cli.problems import excerpt, print_problems
from bcsim.errors import Problem
from bcsim.limits import PROBLEMS_SHOWN_MAX


def printed(problems: list[Problem]) -> str:
    stream = io.StringIO()
    print_problems(problems, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("source_line", "column", "cells_before"),
    [
        pytest.param("rtoo: 4 h", 1, 0, id="first column"),
        pytest.param("  rtoo: 4 h", 3, 2, id="blanks"),
        pytest.param("ที่อยู่: x", 10, 5, id="Thai marks take no cell"),
        pytest.param("น้ำ: x", 6, 4, id="sara am takes one"),
        pytest.param("東京: x", 5, 6, id="wide characters take two"),
        pytest.param("\tx: 1", 2, 4, id="a tab is shown as four"),
        pytest.param("short", 40, 5, id="past the end of the line"),
    ],
)
def test_caret_stands_by_display_width(source_line, column, cells_before):
    """Goal: what a terminal shows above the caret is the place. Method: count cells by eye."""
    problem = Problem("wrong", file="a.yaml", line=7, column=column, source_line=source_line)
    shown = source_line.replace("\t", "    ")
    assert excerpt(problem) == f"     7 | {shown}\n       | {' ' * cells_before}^"


def test_problems_with_and_without_a_place():
    """Goal: errors and warnings are told apart and counted. Method: one of each."""
    problems = [
        Problem("duplicate key", file="a.yaml", line=3, column=1, source_line="id: x\n"),
        Problem("no second channel", severity="warning"),
    ]
    assert printed(problems) == (
        "a.yaml:3:1: error: duplicate key\n"
        "     3 | id: x\n"
        "       | ^\n"
        "warning: no second channel\n"
        "1 error, 1 warning\n"
    )


def test_too_many_problems_are_counted():
    """Goal: a screen that can be read. Method: two more problems than are shown."""
    lines = printed([Problem("wrong")] * (PROBLEMS_SHOWN_MAX + 2)).splitlines()
    assert lines[:-1] == ["error: wrong"] * PROBLEMS_SHOWN_MAX
    assert lines[-1] == f"{PROBLEMS_SHOWN_MAX + 2} errors (2 not shown)"


def test_no_colours_in_a_file():
    """Goal: logs stay readable. Method: a stream that is no terminal."""
    assert "\x1b" not in printed([Problem("wrong")])
