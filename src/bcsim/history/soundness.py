"""What must hold of the rows of every history, whoever wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import Problem
from bcsim.history.canonical_json import nearest
from bcsim.history.schema import COLUMNS, NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.history.columns import HistoryColumns

_KINDS: Final = frozenset(Kind)


def problems_of(columns: HistoryColumns, file: str = "") -> list[Problem]:
    """Everything unsound about some rows: nulls, order of ``seq``, unknown kinds."""
    return [
        *_null_problems(columns, file),
        *_order_problems(columns, file),
        *_kind_problems(columns, file),
    ]


def _null_problems(columns: HistoryColumns, file: str) -> list[Problem]:
    problems: list[Problem] = []
    for column in COLUMNS:
        if column.nullable:
            continue
        if column.is_integer:
            is_null = columns.integer(column.name) == NULL
        else:
            is_null = columns.text(column.name).codes == NULL_CODE
        if is_null.any():
            message = f"row {int(np.argmax(is_null))} has no {column.name}"
            problems.append(Problem(message, file, expected=column.meaning))
    return problems


def _order_problems(columns: HistoryColumns, file: str) -> list[Problem]:
    seq = columns.integer("seq")
    falls = np.flatnonzero(seq[1:] <= seq[:-1])
    if not len(falls):
        return []
    row = int(falls[0]) + 1
    return [
        Problem(
            f"row {row} is out of order",
            file,
            value=f"seq={int(seq[row])} after seq={int(seq[row - 1])}",
            expected="seq strictly increasing",
            hint="write the rows in the order of their seq",
        )
    ]


def _kind_problems(columns: HistoryColumns, file: str) -> list[Problem]:
    kinds = columns.text("kind")
    unknown = [code for code in range(len(kinds.names)) if kinds.names[code] not in _KINDS]
    return [
        Problem(
            f"row {int(np.argmax(kinds.codes == code))} is of an unknown kind",
            file,
            value=f"kind={kinds.names[code]}",
            expected="a kind of the schema",
            hint=nearest(kinds.names[code], _KINDS),
        )
        for code in unknown
        if (kinds.codes == code).any()
    ]
