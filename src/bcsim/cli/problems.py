"""Problems of an input, printed with the line they are in and a caret under the place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len

from bcsim.limits import PROBLEMS_SHOWN_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from bcsim.errors import Problem

_TAB_CELLS = 4
_COLOURS = {"error": "red", "warning": "yellow"}


def print_problems(problems: Sequence[Problem], stream: TextIO | None = None) -> None:
    """Print problems to ``stream`` (standard error by default), and how many there are.

    At most ``PROBLEMS_SHOWN_MAX`` are printed in full; the rest are counted. Colours appear
    on a terminal only.
    """
    stream = sys.stderr if stream is None else stream
    for problem in problems[:PROBLEMS_SHOWN_MAX]:
        colour = _COLOURS.get(problem.severity)
        click.echo(click.style(str(problem), fg=colour), file=stream)
        if problem.source_line and problem.line:
            click.echo(excerpt(problem), file=stream)
    click.echo(_count(problems), file=stream)


def excerpt(problem: Problem) -> str:
    """Return two lines: the source line with its number, and a caret under the column.

    The caret stands by *display* width: Thai vowel and tone marks take no cell of their own,
    East Asian wide characters take two, a tab is shown as four blanks.
    """
    shown = problem.source_line.rstrip("\r\n")
    before = shown[: max(problem.column - 1, 0)]
    number = f"{problem.line:>6} | "
    blanks = " " * (cell_len(number) - 2) + "| " + " " * cell_len(_blank_tabs(before))
    return f"{number}{_blank_tabs(shown)}\n{blanks}^"


def _blank_tabs(text: str) -> str:
    return text.replace("\t", " " * _TAB_CELLS)


def _count(problems: Sequence[Problem]) -> str:
    """``3 errors, 1 warning``; and how many of them were not shown."""
    numbers: dict[str, int] = {}
    for problem in problems:
        numbers[problem.severity] = numbers.get(problem.severity, 0) + 1
    counted = ", ".join(
        f"{number} {severity}{'' if number == 1 else 's'}" for severity, number in numbers.items()
    )
    hidden = len(problems) - PROBLEMS_SHOWN_MAX
    return f"{counted} ({hidden} not shown)" if hidden > 0 else counted
