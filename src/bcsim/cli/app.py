"""``bcsim``: the table of commands, and the one place where errors become exit codes.

A command lives in a module of its own that exposes a Click command named ``command``; the
module is imported when its command is called, not before, so ``bcsim --help`` and shell
completion stay fast. A command's function returns its exit code; ``None`` means 0.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import click

import bcsim
from bcsim.errors import BcsimError, InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

EXIT_PASS: Final = 0
EXIT_FAIL: Final = 1
EXIT_BAD_INPUT: Final = 2
EXIT_LATE_ONLY: Final = 3
EXIT_UNKNOWN: Final = 4
EXIT_INTERNAL: Final = 5
EXIT_INTERRUPTED: Final = 130

TRACEBACK_VARIABLE: Final = "BCSIM_TRACEBACK"
"""Environment variable that makes an internal error show its traceback."""

COMPLETION_VARIABLE: Final = "_BCSIM_COMPLETE"
"""Environment variable by which a shell asks for completions; the name is Click's."""


class Entry(NamedTuple):
    """Where a command lives, and what ``bcsim --help`` says about it."""

    target: str
    help: str


COMMANDS: Final[dict[str, Entry]] = {
    "init": Entry("bcsim.cli.init:command", "Write a starter model, plan and scenarios."),
    "run": Entry("bcsim.cli.run:command", "Simulate a scenario and judge every order."),
    "report": Entry("bcsim.cli.report:command", "Write the report of a run again."),
    "check": Entry("bcsim.cli.check:command", "Judge recorded histories and logs."),
    "validate": Entry(
        "bcsim.cli.validate:command", "Show every problem of model and scenario files."
    ),
    "map": Entry("bcsim.cli.map:command", "Show where one failure is enough to stop a journey."),
    "import": Entry(
        "bcsim.cli.import_:command", "Turn an architecture into a model, and check it."
    ),
    "schema": Entry("bcsim.cli.schema:command", "Print the JSON Schema of a file format."),
    "warmup": Entry("bcsim.cli.warmup:command", "Compile the fast engine before it is needed."),
}
"""Name -> entry, in the order in which a user meets them; a new command is one line here."""

EPILOG: Final = """\
\b
Exit codes:
  0    pass: every order correct, complete and on time
  1    fail: an order wrong, lost, duplicated or incomplete, or a tolerance breached
  2    bad usage or bad input
  3    late only: everything right, something not in time
  4    unknown: the evidence cannot tell
  5    internal error: a bug in bcsim
  130  interrupted
"""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Names of the commands, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        """Import the command's module, or return None for an unknown name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), f"{entry.target} is not a Click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's signature
        """Write the table of commands without importing any of them."""
        if COMMANDS:
            with formatter.section("Commands"):
                formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.NoSuchCommand(name, possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands, without importing any of them, and the options."""
        from click.shell_completion import CompletionItem

        offered = [
            CompletionItem(name, help=entry.help)
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*offered, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(bcsim.__version__, "-V", "--version", prog_name="bcsim")
def application() -> None:
    """Simulate a continuity plan, and judge every customer order from the record."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Parameters
    ----------
    arguments
        The words after ``bcsim``; by default those of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _invoke(words)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a bug must exit 5, not 1
        return _report(error, words)
    return code


def _invoke(words: list[str]) -> int:
    """Parse and run; without Click's own ``main``, which exits 1 when a reader leaves early."""
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(application, {}, "bcsim", COMPLETION_VARIABLE, instruction)
    try:
        with application.make_context("bcsim", words) as context:
            code = application.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    return EXIT_PASS if code is None else int(code)


def _report(error: BaseException, words: Sequence[str]) -> int:
    """Tell the operator what happened, in the words that fit, and return the exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            click.echo("bcsim: interrupted", err=True)
            return EXIT_INTERRUPTED
        case click.ClickException():
            error.show()
            return EXIT_BAD_INPUT
        case InputError():
            return _bad_input(error)
        case BrokenPipeError():
            return _reader_left()
        case OSError():  # a full disk, a missing folder, a forbidden file
            return _bad_input(InputError(_of_the_system(error)))
        case _:
            return _internal_error(error, words)


def _bad_input(error: InputError) -> int:
    from bcsim.cli.problems import print_problems

    print_problems(error.problems)
    return error.exit_code


def _of_the_system(error: OSError) -> Problem:
    """What the operating system refused, as a problem of the input."""
    if os.environ.get(TRACEBACK_VARIABLE):
        import traceback

        traceback.print_exception(error)
    return Problem(error.strerror or str(error), file=str(error.filename or ""))


def _reader_left() -> int:
    """``bcsim … | head`` ends quietly, and not with a code that speaks about orders."""
    # Python flushes stdout once more when it exits; give it somewhere to write.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_INTERRUPTED


def _internal_error(error: BaseException, words: Sequence[str]) -> int:
    """Say that it is our bug, and what a report needs. A run is reproducible: so is its bug."""
    import platform
    import shlex
    import traceback

    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
        where = "the traceback above"
    else:
        where = f"the traceback: run the command again with {TRACEBACK_VARIABLE}=1 set"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    click.echo(
        f"bcsim: internal error: {type(error).__name__}: {error}\n"
        f"  at {frame.filename}:{frame.lineno} in {frame.name}\n"
        "This is a bug in bcsim, not in your files. Please report it with\n"
        f"  - the command: {shlex.join(['bcsim', *words])}\n"
        f"  - the versions: bcsim {bcsim.__version__}, Python {platform.python_version()},"
        f" {platform.platform()}\n"
        f"  - {where}",
        err=True,
    )
    return error.exit_code if isinstance(error, BcsimError) else EXIT_INTERNAL
