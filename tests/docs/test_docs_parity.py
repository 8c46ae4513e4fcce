"""Goal: docs/reference/ cannot drift from the program.

Method: what a page says about the program is generated from the program and compared with what
is checked in. ``UPDATE=1 python -m pytest tests/docs/test_docs_parity.py`` rewrites the pages.
"""

from __future__ import annotations

import os

import click

from bcsim.cli.app import COMMANDS, application
from tests.repository import ROOT

COLUMNS = 100

COMMANDS_HEAD = """\
# Commands

What `bcsim --help` and `bcsim COMMAND --help` print. This page is generated: change the help
text of the command, then run `UPDATE=1 python -m pytest tests/docs/test_docs_parity.py`.
"""


def compare(page: str, generated: str) -> None:
    """Compare a checked-in page with what it should say, or rewrite it."""
    path = ROOT / page
    if os.environ.get("UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(generated, encoding="utf-8")
    assert path.exists(), f"{page} is missing; UPDATE=1 writes it"
    assert path.read_text(encoding="utf-8") == generated, f"{page} is old; UPDATE=1 rewrites it"


def help_of(context: click.Context) -> str:
    lines = context.get_help().splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def test_commands_page():
    """Goal: every command of the table has its entry. Method: render all help texts."""
    settings = application.context_settings
    root = click.Context(application, info_name="bcsim", terminal_width=COLUMNS, **settings)
    page = [COMMANDS_HEAD, f"## bcsim\n\n```text\n{help_of(root)}```\n"]
    for name in COMMANDS:
        command = application.get_command(root, name)
        assert command is not None
        command._help_option = None  # kept from another test's context, which names it otherwise
        own = click.Context(command, info_name=name, parent=root)
        page.append(f"## bcsim {name}\n\n```text\n{help_of(own)}```\n")
    compare("docs/reference/commands.md", "\n".join(page))
