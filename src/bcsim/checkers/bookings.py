"""What the ledger holds of each execution, on each of its legs, and how often.

Which legs a booking has, the record tells by example, as it does for executions: those that
executions of the same channel, segment, instrument and leg show. Where no execution of that kind
was ever booked, the record does not say that they should be; an obligation can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, paired
from bcsim.checkers.fate import match_is_open
from bcsim.checkers.legs import Kinds, legs_by_example, legs_in, legs_shown, numbered_legs
from bcsim.history.schema import NULL, Kind, Vantage

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.executions import Executions
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.legs import LegsByKind
    from bcsim.checkers.wishes import Wishes


def bookings(executions: Executions) -> Ints:
    """Positions of the entries of executions that count, ascending."""
    rows = executions.record.rows(Kind.BOOK)
    rows = rows[executions.trade_of_row[rows] != NEVER]
    counting: Ints = rows[executions.trade_counts[executions.trade_of_row[rows]]]
    return counting


def booked_twice(facts: Facts) -> Bools:
    """Subjects of which the ledger holds an execution twice, ``(subjects,)``.

    The same entry at one vantage point is the same leg, side and account. Entries that were
    taken back where they only were booked do not count.
    """
    record, executions, subjects = facts.record, facts.executions, facts.subjects
    rows = bookings(facts.executions)
    if not len(rows):
        return np.zeros(subjects.count, dtype=np.bool_)
    entry = executions.trade_of_row[rows]
    for name in ("vantage", "side", "account"):
        entry = paired(entry, record.codes(name)[rows] + 1)
    leg, _ = numbered_legs(record.integer("leg")[rows])
    _, group, times = np.unique(paired(entry, leg + 1), return_inverse=True, return_counts=True)
    twice = times[group] - _taken_back(facts, rows) > 1
    return any_of(subjects.count, subjects.of_row[rows], twice)


def _taken_back(facts: Facts, rows: Ints) -> Ints:
    """Reversals that speak of each of some entries, ``(rows,)``.

    They are of its execution, where it was booked, and of its leg or of the whole step.
    """
    record, executions = facts.record, facts.executions
    reversals = record.in_firm(Kind.BUST)
    reversals = reversals[executions.trade_of_row[reversals] != NEVER]
    if not len(reversals):
        return np.zeros(len(rows), dtype=np.int64)
    both = np.concatenate((rows, reversals))
    place = paired(executions.trade_of_row[both], record.codes("vantage")[both] + 1)
    leg, _ = numbered_legs(record.integer("leg")[both])
    of_leg = paired(place, leg + 1)
    mine, theirs = of_leg[: len(rows)], of_leg[len(rows) :]
    whole = leg[len(rows) :] == NEVER
    found = _times(theirs, mine)
    of_step = _times(place[len(rows) :][whole], place[: len(rows)])
    return np.where(leg[: len(rows)] == NEVER, found, found + of_step)


def _times(among: Ints, wanted: Ints) -> Ints:
    """How often each wanted number occurs among others."""
    known, count = np.unique(among, return_counts=True)
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, count[at], 0)


def _standing(facts: Facts, rows: Ints) -> Bools:
    """Entries of which one at least was not reversed, at their vantage point and on their leg."""
    record = facts.record
    place = paired(facts.executions.trade_of_row[rows], record.codes("vantage")[rows] + 1)
    leg, _ = numbered_legs(record.integer("leg")[rows])
    entry = paired(place, leg + 1)
    standing: Bools = _times(entry, entry) > _taken_back(facts, rows)
    return standing


def unbooked(facts: Facts) -> tuple[Bools, Bools]:
    """Subjects with an execution that lacks an entry its like has; proved, and unsure.

    It is proved when the drain is over and the ledger was watched from the execution to the
    end. Unsure is, too, what an entry of the ledger may belong to. Both are ``(subjects,)``.
    """
    record, executions, count = facts.record, facts.executions, facts.subjects.count
    rows = bookings(facts.executions)
    examples = record.whole.examples
    shown = legs_booked(facts.wishes, executions) if examples is None else examples.booked
    leg, legs = numbered_legs(record.integer("leg")[rows], legs_in(shown))
    booked = np.zeros((executions.trade_count, len(legs)), dtype=np.bool_)
    whole, stands = leg == NEVER, _standing(facts, rows)
    booked[executions.trade_of_row[rows[~whole & stands]], leg[~whole & stands]] = True
    booked[executions.trade_of_row[rows[whole & stands]]] = True
    expected = legs_by_example(_kinds(facts.wishes, executions), shown, legs)
    lacking: Bools = np.any(expected & ~booked, axis=1)
    missing = executions.counts & lacking[executions.trade]
    end_ns = np.full(len(missing), record.end_ns, dtype=np.int64)
    witnesses = {Vantage.LEDGER.value, *record.vantages_of(Kind.BOOK)}
    known = record.watch.any_covers(witnesses, executions.time_ns, end_ns)
    known &= facts.fate.is_settled[executions.subject] & record.claims(Kind.BOOK)
    doubtful = match_is_open(facts.case) & np.bool_(record.whole.count(Kind.BOOK) > 0)
    return (
        any_of(count, executions.subject, missing & known),
        any_of(count, executions.subject, missing & ~known) | (doubtful & facts.fills.is_executed),
    )


def legs_booked(wishes: Wishes, executions: Executions) -> LegsByKind:
    """Legs that the entries of executions show, by the kind of the execution."""
    rows = bookings(executions)
    leg = executions.record.integer("leg")[rows]
    return legs_shown(_kinds(wishes, executions), executions.trade_of_row[rows], leg)


def _kinds(wishes: Wishes, executions: Executions) -> Kinds:
    """Kind of each trade: that of its subject, and the leg that it executed, ``(trades,)``."""
    kinds = wishes.kinds.by_leg(executions.subject, executions.leg)
    of_trade = np.full(executions.trade_count, NEVER, dtype=np.int64)
    of_trade[executions.trade[::-1]] = kinds.of_owner[::-1]
    return Kinds(of_trade, kinds.names)


def booked_otherwise(facts: Facts) -> tuple[Ints, Ints, Ints]:
    """Entries of executions that are booked for another quantity: rows, what is booked, and due.

    The entries of an execution at one vantage point may be parts of it; a multiple is a double
    booking. Entries of money, and executions that were corrected or reversed, are not compared.
    """
    record, executions = facts.record, facts.executions
    rows = bookings(executions)
    changed = executions.trade_of_row[record.in_firm(Kind.CORRECT, Kind.BUST)]
    leg, side = record.integer("leg")[rows], record.has_text("side", rows, *MONEY)
    kept = ((leg == NULL) | (leg == 0)) & (record.integer("qty")[rows] != NULL) & ~side
    kept &= ~record.has_text("subject", rows, *MONEY)
    kept &= ~np.isin(executions.trade_of_row[rows], changed)
    rows = rows[kept]
    if not len(rows):
        return rows, rows, rows
    first = np.flatnonzero(executions.leg <= 0)
    executed = np.full(executions.trade_count, NULL, dtype=np.int64)
    executed[executions.trade[first]] = executions.integer("qty")[first]
    entry = paired(executions.trade_of_row[rows], record.codes("vantage")[rows] + 1)
    _, group = np.unique(entry, return_inverse=True)
    total = np.zeros(int(group.max()) + 1, dtype=np.int64)
    np.add.at(total, group, record.integer("qty")[rows])
    booked, due = total[group], executed[executions.trade_of_row[rows]]
    differs = (due > 0) & (booked != due) & ((booked < due) | (booked % np.maximum(due, 1) != 0))
    return rows[differs], booked[differs], due[differs]


MONEY: Final = ("debit", "credit")
"""Sides, or subjects, of entries of money."""


def terms_rows(facts: Facts) -> Ints:
    """Positions that state the terms of the client's entries: the last word on each.

    That is the entry of a leg without number or the first leg, or the last correction of its
    execution if it came later.
    """
    record, executions = facts.record, facts.executions
    rows = bookings(facts.executions)
    leg = record.integer("leg")[rows]
    rows = rows[(leg == NULL) | (leg == 0)]
    correction = executions.trades_last(record.in_firm(Kind.CORRECT))
    last: Ints = np.maximum(rows, correction[executions.trade_of_row[rows]])
    return last
