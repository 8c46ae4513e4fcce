"""Goal: docs/reference/mapping-file.md has every key of mappings and profiles, and no other.

Method: the tables that the readers use, against the words in code type on the page.
"""

from __future__ import annotations

import re

import pytest

from bcsim.history.logs import contract_file, mapping_file
from bcsim.history.logs.contract import ALLOWANCES
from bcsim.history.logs.mapping import DEADLINE, FIX, ISO, TARGETS, UNIX
from tests.repository import ROOT

PAGE = (ROOT / "docs/reference/mapping-file.md").read_text(encoding="utf-8")
WORDS = {word for words in re.findall(r"`([^`]+)`", PAGE) for word in re.split(r"[.\[\]]+", words)}

KEYS = {
    "mapping": mapping_file._TOP_KEYS,
    "event": mapping_file._EVENT_KEYS,
    "time": mapping_file._TIME_KEYS,
    "forms": (ISO, FIX, *UNIX),
    "table": mapping_file._TABLE_KEYS,
    "targets": TARGETS,
    "profile": contract_file._KEYS,
    "allowances": tuple(ALLOWANCES),
}


@pytest.mark.parametrize("part", KEYS)
def test_every_key_is_on_the_page(part):
    """Goal: no key is left out. Method: each table of keys in turn."""
    assert set(KEYS[part]) - WORDS == set()


def test_nothing_in_first_cells_is_made_up():
    """Goal: a renamed key is noticed. Method: code words in the first cells of the tables."""
    cells = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}
    known = {key for keys in KEYS.values() for key in keys} | {DEADLINE}
    assert len(named) > 30
    assert named - known == set()


def test_what_an_allowance_covers_is_said():
    """Goal: the page says what does not count. Method: the row of each allowance."""
    for name, classes in ALLOWANCES.items():
        (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
        assert re.findall(r"`(\w+)`", row.rsplit("|", 2)[1]) == list(classes)
