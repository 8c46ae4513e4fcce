"""Aftercare: what people did about an intent later, and whose data was exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, tri
from bcsim.checkers.base import Checked
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts


def check(facts: Facts) -> Checked:
    """Mark intents that were repaired, and those whose client's data was exposed."""
    none = np.zeros(facts.subjects.count, dtype=np.bool_)
    return Checked(
        {
            Flag.REPAIRED: tri(_named(facts, facts.record.rows(Kind.REPAIR)), none),
            Flag.EXPOSED: tri(_named(facts, facts.record.rows(Kind.EXPOSE)), none),
        }
    )


def known_losses(facts: Facts) -> Bools:
    """Subjects that a reconciliation names before the drain ends, ``(subjects,)``."""
    rows = facts.record.rows(Kind.RECONCILE)
    return _named(facts, rows[facts.record.time_ns[rows] <= facts.record.end_ns])


def _named(facts: Facts, rows: Ints) -> Bools:
    named = np.zeros(facts.subjects.count, dtype=np.bool_)
    subject = facts.subjects.of_row[rows]
    named[subject[subject != NEVER]] = True
    return named
