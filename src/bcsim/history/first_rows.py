"""Where the subjects of verdicts begin in their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.columns import TextColumn
    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts

_STRAY_PREFIXES: Final = {"order_id": "order ", "exec_id": "execution "}
"""Column -> what the checkers put before the id of a stray that is also an intent's id."""

_UNDEFINED: Final = -1


def first_rows(history: History, verdicts: Verdicts) -> NDArray[np.int64]:
    """Position of the first row about each verdict's subject: int64 ``(intents,)``."""
    names = [str(name) for name in verdicts.intents]
    rows = np.full(len(names), _UNDEFINED, dtype=np.int64)
    for column in ("intent_id", "order_id", "exec_id"):
        missing = np.flatnonzero(rows == _UNDEFINED)
        if len(missing):
            prefix = _STRAY_PREFIXES.get(column, "")
            wanted = [names[i].removeprefix(prefix) for i in missing.tolist()]
            rows[missing] = _first_with(history.columns.text(column), wanted)
    assert (rows != _UNDEFINED).all(), "these are the verdicts on another history"
    return rows


def _first_with(column: TextColumn, names: list[str]) -> NDArray[np.int64]:
    """Position of the first row that holds each name, -1 where none does."""
    if not len(column):
        return np.full(len(names), _UNDEFINED, dtype=np.int64)
    used, first = np.unique(column.codes, return_index=True)
    codes = column.codes_of(names)
    places = np.minimum(np.searchsorted(used, codes), len(used) - 1)
    return np.where(used[places] == codes, first[places], _UNDEFINED)
