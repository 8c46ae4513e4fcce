"""Console examples of documents and help texts, read and run.

In a fenced ``console`` block a line that starts with ``$`` is a command, and the lines up to the
next command are what it prints, ``...`` standing for anything. A command must end with exit code
0, or with the one that it states::

    $ bcsim check drill.log  # exit 1
    outcome: fail
    ...

A command that shows no output may print anything. A trailing backslash continues a command on
the next line. What shall not run belongs in a ``sh`` or ``text`` block.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.docs.workspace import make_workspace
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PROGRAMS = ("bcsim", "cat", "cd", "cp", "head", "ls", "sed")
"""What an example may start; anything else would not run on every reader's machine."""

SECONDS_MAX = 300
"""Longest run of one command; an example that takes minutes is no example."""

_FENCE = re.compile(r"^ *(```+|~~~+) *(\w*)")
_EXIT = re.compile(r"\s+# exit (\d+)\s*$")


@dataclass(frozen=True)
class Command:
    """One command of an example: its text, what it must end with and print, where it stands."""

    text: str
    exit_code: int
    shown: str
    line: int


def console_commands(markdown: str) -> list[Command]:
    """Commands of all ``console`` blocks of a document, in order."""
    commands: list[Command] = []
    block: list[tuple[int, str]] = []
    fence = language = ""
    for number, line in enumerate(markdown.splitlines(), start=1):
        mark = _FENCE.match(line)
        if not fence and mark:
            fence, language = mark[1], mark[2]
        elif fence and line.strip() == fence:
            if language == "console":
                commands += prompt_commands(block)
            fence, block = "", []
        elif fence:
            block.append((number, line))
    assert not fence, f"the block {fence}{language} is never closed"
    return commands


def prompt_commands(lines: Iterable[tuple[int, str]]) -> list[Command]:
    """Commands among numbered lines that hold prompts and output."""
    commands: list[Command] = []
    for number, line in lines:
        text = line.strip()
        last = commands[-1] if commands else None
        if text.startswith("$ "):
            commands.append(_command(text[2:], number))
        elif last and last.text.endswith("\\"):
            commands[-1] = _command(last.text[:-1] + text.removeprefix("> "), last.line)
        elif last:
            shown = f"{last.shown}{line.rstrip()}\n"
            commands[-1] = Command(last.text, last.exit_code, shown, last.line)
    return commands


def _command(text: str, line: int) -> Command:
    stated = _EXIT.search(text)
    program = text.split(maxsplit=1)[0]
    assert program in PROGRAMS, f"line {line}: {program!r} is not among {PROGRAMS}"
    return Command(_EXIT.sub("", text), int(stated[1]) if stated else 0, "", line)


def run_commands(commands: Iterable[Command], folder: Path) -> None:
    """Run commands in a workspace made in an empty folder, and compare what they give.

    Raises
    ------
    AssertionError
        A command ended with another code, or printed something else than shown.
    """
    workspace = folder / "workspace"
    workspace.mkdir()
    make_workspace(workspace)
    environment = _environment(folder)
    place = workspace
    for command in commands:
        # `cd` holds for the commands that follow, as it does for a reader.
        script = f'cd "$PLACE"\n{command.text}\ncode=$?\npwd > "$PLACE_FILE"\nexit $code\n'
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", script],
            env={**environment, "PLACE": str(place), "PLACE_FILE": str(folder / "place")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=SECONDS_MAX,
            check=False,
        )
        place = type(folder)((folder / "place").read_text(encoding="utf-8").rstrip("\n"))
        _compare(command, done.returncode, done.stdout)


def _environment(folder: Path) -> dict[str, str]:
    """Environment in which ``bcsim`` is the checkout's, run by this Python."""
    programs = folder / "programs"
    programs.mkdir()
    shim = programs / "bcsim"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bcsim "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    return {
        **os.environ,
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUTF8": "1",
    }


def _compare(command: Command, exit_code: int, printed: str) -> None:
    where = f"line {command.line}: $ {command.text}"
    assert exit_code == command.exit_code, (
        f"{where}\nended with {exit_code}, not with {command.exit_code}, and printed\n{printed}"
    )
    got = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    if command.shown.strip():
        assert re.fullmatch(_pattern(command.shown), got.strip("\n") + "\n"), (
            f"{where}\nshould print\n{command.shown}\nbut printed\n{got}"
        )


def _pattern(shown: str) -> str:
    """Regular expression of an output; ``...`` on a line of its own is any number of lines."""
    return "".join(
        r"(?:.*\n)*" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in shown.strip("\n").splitlines()
    )
