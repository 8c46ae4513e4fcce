"""Aftercare: what people did about an intent later, and whose data was exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, last_positions, tri
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
    """Subjects that a reconciliation names before the drain ends, ``(subjects,)``.

    It must come after the order last moved: an order that was held for repair, went on and was
    lost then, is not known to be lost.
    """
    record, subjects = facts.record, facts.subjects
    moves = record.rows(Kind.SUBMIT, Kind.RESEND, Kind.ACKNOWLEDGE)
    moves = moves[subjects.of_row[moves] != NEVER]
    moved = last_positions(subjects.count, subjects.of_row[moves], moves)
    rows = record.rows(Kind.RECONCILE)
    rows = rows[(record.time_ns[rows] <= record.end_ns) & (subjects.of_row[rows] != NEVER)]
    return _named(facts, rows[rows > moved[subjects.of_row[rows]]])


def _named(facts: Facts, rows: Ints) -> Bools:
    named = np.zeros(facts.subjects.count, dtype=np.bool_)
    subject = facts.subjects.of_row[rows]
    named[subject[subject != NEVER]] = True
    return named
