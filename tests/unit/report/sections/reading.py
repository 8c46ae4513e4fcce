"""What tests ask of a section: its paragraphs, its table, the table behind its picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bcsim.report.composition import words_of

NBSP = "\N{NO-BREAK SPACE}"


def with_measures(account, **measures):
    changed = account.run.measures.model_copy(update=measures)
    return replace(account, run=replace(account.run, measures=changed))


def section_of(section, account) -> Any:
    """A section in English."""
    return section(account, words_of(account, "en"))


def told(section, account):
    found = section_of(section, account)
    return None if found is None else tuple(p.replace(NBSP, " ") for p in found.paragraphs)


def rows_of(table):
    assert table is not None
    return [tuple(cell.text.replace(NBSP, " ") for cell in row) for row in table.rows]


def table_of(section, account):
    return rows_of(section_of(section, account).table)


def data_of(section, account):
    """The table behind a section's picture."""
    return section_of(section, account).picture.data
