"""Whether those who report an execution agree on what it was.

The venue's word counts (see :mod:`bcsim.checkers.executions`), but where another vantage point,
such as a drop copy, states other terms, one of the two records is wrong and nobody can tell which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, paired
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.variation import varies

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools
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
    distinct, stated = np.unique(paired(trades[rows], leg), return_inverse=True)
    differ = np.zeros(len(distinct), dtype=np.bool_)
    for name in ("qty", "price"):
        differ |= varies(stated, record.integer(name)[rows], NULL, len(distinct))
    for name in ("side", "instrument"):
        differ |= varies(stated, record.codes(name)[rows], NULL_CODE, len(distinct))
    differ &= varies(stated, record.codes("vantage")[rows], NULL_CODE, len(distinct))
    return any_of(count, facts.subjects.of_row[rows], differ[stated])
