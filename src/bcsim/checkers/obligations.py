"""What the firm owes after an execution, and when it was done: booking and settlement.

An obligation of the profile holds for a channel and a segment; where several hold, the
shortest counts. Nothing that falls due after the end of the drain is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, first_positions, pick
from bcsim.checkers.once import once
from bcsim.history.schema import NULL, NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts
    from bcsim.history.profile import Obligation

EFFECTS = (Kind.BOOK, Kind.SETTLE)
"""Kinds that an obligation can demand of every execution."""


def applies(facts: Facts, obligation: Obligation) -> Bools:
    """Which subjects an obligation is about, ``(subjects,)``."""
    about = facts.wishes.is_known.copy()
    for name, wanted in (("channel", obligation.channel), ("segment", obligation.segment)):
        if wanted is not None:
            about &= facts.wishes.codes(name) == facts.record.text(name).code_of(wanted)
    return about


@once
def owed_ns(facts: Facts, name: str) -> Ints:
    """Time within which obligation ``name`` is due, ``(subjects,)``; null where none holds."""
    longest = np.iinfo(np.int64).max
    within = np.full(facts.subjects.count, longest, dtype=np.int64)
    for obligation in facts.record.profile.obligations:
        if obligation.name == name:
            about = applies(facts, obligation)
            within[about] = np.minimum(within[about], obligation.within_ns)
    return np.where(within == longest, NULL, within)


@dataclass(frozen=True, eq=False)
class Effect:
    """An effect that executions should have, ``(executions,)``.

    Parameters
    ----------
    due_ns
        When it is due; null where it is not owed or the execution does not count.
    done_ns
        When it was first seen; null if never.
    is_missing
        Owed, due before the end, and not done.
    is_known
        Whether somebody who would have seen it was watched until it was due.
    """

    due_ns: Ints
    done_ns: Ints
    is_missing: Bools
    is_known: Bools

    def of_subjects(self, facts: Facts, holds: Bools) -> Bools:
        """Whether ``holds`` for any execution of each subject, ``(subjects,)``."""
        return any_of(facts.subjects.count, facts.executions.subject, holds)


@once
def effect(facts: Facts, kind: Kind) -> Effect:
    """When each execution was booked (``book``) or settled (``settle``), and when it had to be."""
    record, executions = facts.record, facts.executions
    within = owed_ns(facts, kind.value)[executions.subject]
    is_owed = executions.counts & (within != NULL)
    due_ns = np.where(is_owed, executions.time_ns + np.where(is_owed, within, 0), NULL)
    done_ns = _done_ns(facts, kind)
    is_missing = is_owed & (done_ns == NULL) & (due_ns <= record.end_ns)
    witnesses = {Vantage.LEDGER.value, Vantage.CLEARING.value, *record.vantages_of(kind)}
    is_known = record.watch.any_covers(witnesses, executions.time_ns, due_ns)
    return Effect(due_ns, done_ns, is_missing, is_known & record.shows(kind))


def _done_ns(facts: Facts, kind: Kind) -> Ints:
    """First event of ``kind`` that names the execution, or else its order."""
    record, executions = facts.record, facts.executions
    rows = record.rows(kind)
    named = executions.trades_first(rows)[executions.trade]
    unnamed = rows[record.codes("exec_id")[rows] == NULL_CODE]
    orders = facts.subjects.order_of_row[unnamed]
    placed = orders != NEVER
    first = first_positions(facts.subjects.order_count, orders[placed], unnamed[placed])
    by_order = first[executions.order]
    return pick(record.time_ns, np.where(named == NEVER, by_order, named), NULL)
