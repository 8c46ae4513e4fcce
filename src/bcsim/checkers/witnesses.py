"""Whether those who report an execution agree on what it was.

The venue's word counts (see :mod:`bcsim.checkers.executions`), but where another vantage point,
such as a drop copy, states other terms, one of the two records is wrong and nobody can tell which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, paired
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts


def disputed(facts: Facts) -> Bools:
    """Subjects with an execution that two vantage points report on other terms, ``(subjects,)``.

    Quantity, price, side and instrument are compared where both state them; executions that were
    corrected or taken back are not.
    """
    record, executions, count = facts.record, facts.executions, facts.subjects.count
    rows = executions.reports[record.exec_codes[executions.reports] >= 0]
    if len(record.vantages_of(Kind.EXECUTE)) < 2 or not len(rows):  # noqa: PLR2004 - two witnesses
        return np.zeros(count, dtype=np.bool_)
    trades = executions.trade_of_row
    changed = trades[record.rows(Kind.CORRECT, Kind.BUST)]
    rows = rows[~np.isin(trades[rows], changed[changed != NEVER])]
    leg = np.where(record.integer("leg")[rows] == NULL, 0, record.integer("leg")[rows] + 1)
    _, stated = np.unique(paired(trades[rows], leg), return_inverse=True)
    differ = np.zeros(len(rows), dtype=np.bool_)
    for name in ("qty", "price"):
        differ |= _vary(stated, record.integer(name)[rows], NULL)
    for name in ("side", "instrument"):
        differ |= _vary(stated, record.codes(name)[rows].astype(np.int64), NULL_CODE)
    among = _vary(stated, record.codes("vantage")[rows].astype(np.int64), NULL_CODE)
    return any_of(count, facts.subjects.of_row[rows], differ & among)


def _vary(group: Ints, values: Ints, null: int) -> Bools:
    """Rows of a group whose values, where there are any, are not all one, ``(rows,)``."""
    count = int(group.max(initial=-1)) + 1
    known = values != null
    least = np.full(count, np.iinfo(np.int64).max, dtype=np.int64)
    most = np.full(count, np.iinfo(np.int64).min, dtype=np.int64)
    np.minimum.at(least, group[known], values[known])
    np.maximum.at(most, group[known], values[known])
    varying: Bools = (most > least)[group]
    return varying
