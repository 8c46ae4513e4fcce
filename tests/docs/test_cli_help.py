"""Goal: the help of every command explains every parameter, and its example works.

Method: over the table of commands; the ``Example:`` block of each help text is run.
"""

from __future__ import annotations

import inspect

import click
import pytest

from bcsim.cli.app import COMMANDS, application
from tests.docs.console import prompt_commands, run_commands


def command_of(name: str) -> click.Command:
    found = application.get_command(click.Context(application), name)
    assert found is not None
    return found


def example_lines(command: click.Command) -> list[tuple[int, str]]:
    """Numbered lines of the ``Example:`` block in help or epilog: up to the next empty line.

    Every line is a command, with or without a prompt; if one has a prompt, the lines without
    are what it prints.
    """
    text = f"{command.help or ''}\n\n{command.epilog or ''}"
    lines = [line.strip() for line in inspect.cleandoc(text).replace("\b\n", "").splitlines()]
    assert "Example:" in lines, f"the help of {command.name} has no `Example:` block"
    start = lines.index("Example:") + 1
    end = next((i for i in range(start, len(lines)) if not lines[i]), len(lines))
    block = lines[start:end]
    prompt = "" if any(line.startswith("$ ") for line in block) else "$ "
    return [(number, prompt + line) for number, line in enumerate(block, start=1)]


@pytest.mark.parametrize("name", COMMANDS)
def test_example_of_help_works(name, tmp_path):
    """Goal: a user can copy the example. Method: run it in a copy of scenarios/."""
    commands = prompt_commands(example_lines(command_of(name)))
    assert any(command.text.startswith(f"bcsim {name}") for command in commands), (
        f"the example of `bcsim {name}` does not call it"
    )
    run_commands(commands, tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name):
    """Goal: no bare option. Method: look at the parameters that Click knows."""
    options = [p for p in command_of(name).params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []
