"""Goal: docs/reference/history-events.md speaks of every kind, and of nothing else.

Method: the words in code type in the page's tables and lists, against the schema.
"""

from __future__ import annotations

import re

from bcsim.history.schema import COLUMN_NAMES, Kind, Trace, Vantage
from tests.repository import ROOT

PAGE = ROOT / "docs/reference/history-events.md"


def first_cells() -> list[str]:
    """First cells of all table rows but headings and rules."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    return [row.split("|")[1].strip() for row in rows if row.split("|")[1].strip() not in HEADS]


HEADS = {"column", "kind"}


def test_every_kind_has_its_entry():
    """Goal: no kind is left out. Method: kinds in first cells and in the last two sections."""
    text = PAGE.read_text(encoding="utf-8")
    tables = set(re.findall(r"`(\w+)`", " ".join(first_cells())))
    tail = set(re.findall(r"`(\w+)`", text[text.index("## Aftermath") :]))
    assert {kind.value for kind in Kind} - tables - tail == set()


def test_nothing_in_first_cells_is_made_up():
    """Goal: a renamed kind or column is noticed. Method: every code word of the first cells."""
    known = {*Kind, *COLUMN_NAMES, "market"}
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells()))) - known == set()


def test_levels_and_vantage_points_are_named():
    """Goal: the schema's lists are explained. Method: every member occurs in code type."""
    words = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    assert {*Trace, *Vantage} - words == set()
