"""Goal: what README.md and docs/ tell a reader to type works, and ends as they say.

Method: every document with ``console`` blocks is run from top to bottom in a fresh copy of
scenarios/; the rules are in tests/docs/console.py.
"""

from __future__ import annotations

import pytest

from tests.docs.console import console_commands, run_commands
from tests.repository import ROOT

DOCUMENTS = [
    str(path.relative_to(ROOT))
    for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")))
    if path.exists() and "```console" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_console_blocks(document, tmp_path):
    """Goal: commands end and print as shown. Method: run them in order, as a reader would."""
    commands = console_commands((ROOT / document).read_text(encoding="utf-8"))
    assert commands, f"{document} has a console block without a command"
    run_commands(commands, tmp_path)
