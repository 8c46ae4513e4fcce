"""Goal: every way in which a command can end has its exit code and its words.

Method: a table with one made-up command that ends as the test says; ``main`` is called as the
console script calls it. What needs a real process, a closed pipe, gets one.
"""

from __future__ import annotations

import errno
import subprocess
import sys
import types

import click
import pytest

import bcsim
from bcsim.cli import app
from bcsim.errors import InternalError, ModelError, Problem


@pytest.fixture
def end_with(monkeypatch):
    """Call ``main(["made-up"])`` with a command that returns or raises what is given."""

    def call(ending):
        @click.command("made-up")
        def command():
            if isinstance(ending, BaseException):
                raise ending
            return ending

        module = types.ModuleType("bcsim_made_up")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "bcsim_made_up", module)
        monkeypatch.setitem(app.COMMANDS, "made-up", app.Entry("bcsim_made_up:command", "Made up."))
        return app.main(["made-up"])

    return call


@pytest.mark.parametrize(
    "code", [app.EXIT_PASS, app.EXIT_FAIL, app.EXIT_LATE_ONLY, app.EXIT_UNKNOWN]
)
def test_code_of_the_command_is_the_exit_code(end_with, code, capsys):
    """Goal: a command decides its code, in silence. Method: one that returns it."""
    assert end_with(code) == code
    assert capsys.readouterr() == ("", "")


def test_command_without_a_code_passes(end_with):
    """Goal: None means 0. Method: a command that returns nothing."""
    assert end_with(None) == 0


def test_problems_of_an_input_are_all_printed(end_with, capsys):
    """Goal: exit 2 and every problem with its place. Method: an error with two problems."""
    first = Problem(
        "unknown key 'rtoo'", file="a.yaml", line=12, column=5, source_line="    rtoo: 4 h",
        expected="a key of service", hint="did you mean 'rto'?",
    )  # fmt: skip
    second = Problem("no journey", file="a.yaml")
    assert end_with(ModelError([first, second])) == app.EXIT_BAD_INPUT
    assert capsys.readouterr().err == (
        "a.yaml:12:5: error: unknown key 'rtoo'; expected a key of service — did you mean 'rto'?\n"
        "    12 |     rtoo: 4 h\n"
        "       |     ^\n"
        "a.yaml: error: no journey\n"
        "2 errors\n"
    )


def test_what_the_system_refuses_is_bad_input(end_with, capsys):
    """Goal: a full disk is no bug of ours. Method: the error that the system raises."""
    refusal = OSError(errno.ENOSPC, "No space left on device", "out/history.parquet")
    assert end_with(refusal) == app.EXIT_BAD_INPUT
    assert capsys.readouterr().err == (
        "out/history.parquet: error: No space left on device\n1 error\n"
    )


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), click.Abort()])
def test_interrupted(end_with, interruption, capsys):
    """Goal: Ctrl-C gives 130 and no traceback. Method: raise what Ctrl-C raises."""
    assert end_with(interruption) == app.EXIT_INTERRUPTED
    assert capsys.readouterr().err.splitlines()[-1] == "bcsim: interrupted"


@pytest.mark.parametrize("bug", [ZeroDivisionError("division by zero"), InternalError("unsettled")])
def test_a_bug_says_what_to_report(end_with, bug, capsys):
    """Goal: exit 5, never 1, and a useful report. Method: a command with a bug."""
    assert end_with(bug) == app.EXIT_INTERNAL
    printed = capsys.readouterr().err
    assert printed.startswith(
        f"bcsim: internal error: {type(bug).__name__}: {bug}\n  at {__file__}:"
    )
    assert "  - the command: bcsim made-up\n" in printed
    assert f"  - the versions: bcsim {bcsim.__version__}, Python " in printed
    assert "run the command again with BCSIM_TRACEBACK=1 set" in printed
    assert "Traceback" not in printed


def test_a_bug_shows_its_traceback_on_demand(end_with, capsys, monkeypatch):
    """Goal: the hint above is true. Method: set the variable that it names."""
    monkeypatch.setenv("BCSIM_TRACEBACK", "1")
    assert end_with(ZeroDivisionError("division by zero")) == app.EXIT_INTERNAL
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


def test_unknown_command_names_the_nearest(end_with, capsys):
    """Goal: a slip is explained. Method: a swapped letter."""
    end_with(None)
    assert app.main(["mmade-up"]) == app.EXIT_BAD_INPUT
    assert capsys.readouterr().err == (
        "Usage: bcsim [OPTIONS] COMMAND [ARGS]...\nTry 'bcsim --help' for help.\n\n"
        "Error: No such command 'mmade-up'. Did you mean 'made-up'?\n"
    )


def test_unknown_option(capsys):
    """Goal: bad usage is exit 2. Method: an option that nobody knows."""
    assert app.main(["--vresion"]) == app.EXIT_BAD_INPUT
    assert "Did you mean '--version'?" in capsys.readouterr().err


def test_version(capsys):
    """Goal: one line that a script can read. Method: both spellings."""
    assert [app.main(["--version"]), app.main(["-V"])] == [0, 0]
    assert capsys.readouterr().out == f"bcsim, version {bcsim.__version__}\n" * 2


def test_help_imports_no_command(monkeypatch, capsys):
    """Goal: help is fast. Method: a command whose module does not exist is listed all the same."""
    entry = app.Entry("bcsim_missing:command", "Not there.")
    monkeypatch.setitem(app.COMMANDS, "missing", entry)
    assert app.main(["--help"]) == 0
    assert "\n  missing" in capsys.readouterr().out


@pytest.mark.parametrize("name", app.COMMANDS)
def test_table_names_commands(name):
    """Goal: no dead line in the table. Method: fetch each command; its own words agree."""
    command = app.application.get_command(click.Context(app.application), name)
    assert isinstance(command, click.Command)
    assert app.COMMANDS[name].help.endswith(".")


def test_completion_imports_no_command(monkeypatch, capsys):
    """Goal: pressing Tab is fast. Method: ask as bash does, with a command that is not there."""
    monkeypatch.setitem(app.COMMANDS, "missing", app.Entry("bcsim_missing:command", "Not there."))
    monkeypatch.setenv("_BCSIM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "bcsim mis")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert app.main([]) == 0
    assert capsys.readouterr().out == "plain,missing\n"


def test_reader_that_leaves_early():
    """Goal: ``bcsim … | head`` is no failure of orders. Method: a pipe whose reader is gone."""
    code = "import sys; from bcsim.cli.app import main; sys.exit(main(['--help']))"
    with subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.stdin.readline(); {code}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == app.EXIT_INTERRUPTED
