"""Goal: a history in shares is the same history. Method: one table, cut by rows, put together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bcsim.history import divided
from bcsim.history.columns import HistoryColumns
from bcsim.history.divided import DividedHistory, fetched, put_aside
from bcsim.history.reader import read_history
from bcsim.history.spill import Spill
from bcsim.history.writer import write_history
from tests.unit.checkers.log import Log

if TYPE_CHECKING:
    from bcsim.history.history import History


def whole() -> History:
    """A history of some orders."""
    log = Log()
    for number in range(9):
        log.wish(f"I{number}", number).fill(f"I{number}", number + 5, f"E{number}")
    return log.history()


def cut(history: History, shares: int) -> DividedHistory:
    """Every so many rows to another share, by way of a spill."""
    spill: Spill[int] = Spill()
    for share in range(shares):
        put_aside(spill, share, history.columns.take(slice(share, None, shares)))

    def part(share: int) -> HistoryColumns:
        return next(fetched(spill, share))

    parts = tuple(partial(part, share) for share in range(shares))
    return DividedHistory(history.profile, parts, len(history), history.span_ns)


@pytest.mark.parametrize("shares", [1, 2, 5])
def test_put_together(monkeypatch, tmp_path, shares):
    """Goal: rows, root and file are those of one table. Method: windows of four rows."""
    monkeypatch.setattr(divided, "_WINDOW_ROWS", 4)
    history = whole()
    parted = cut(history, shares)
    assert (len(parted), parted.share_count) == (len(history), shares)
    assert list(parted.gathered().rows()) == list(history.rows())
    assert parted.root == history.root
    assert write_history(parted, tmp_path / "h.parquet") == history.root
    assert list(read_history(tmp_path / "h.parquet").rows()) == list(history.rows())


def test_rows_are_changed_share_by_share():
    """Goal: a change of every row and the profile hold of what is read. Method: later times."""

    def later(columns: HistoryColumns) -> HistoryColumns:
        return HistoryColumns({**columns, "time_ns": columns.integer("time_ns") + 1})

    history = whole()
    changed = cut(history, 3).mapped(later, history.profile).gathered()
    assert np.array_equal(changed.integer("time_ns"), history.integer("time_ns") + 1)
