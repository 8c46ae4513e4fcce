"""Completeness: every intent ends in one terminal state, and its client knows it.

- *partial*: some of the quantity or some of the legs was executed, and nothing ended the rest;
  or an execution lacks an entry in the ledger that others of its kind have; or a booking or
  settlement that an obligation demands was due before the end and never came. A definite end
  does not heal legs that were executed unevenly.
- *lost*: nothing was executed, and an order that was acknowledged to the client never ended.
- *stranded*: nothing was executed, no acknowledged order is open, and the last order, or the
  wish itself, never ended. Orders that the client gave up by entering a new one do not count.
- *unconfirmed*: it ended, by execution or otherwise, and the client was not told of every
  execution with its true terms, or not of the end; or the last word about one of the orders was
  untrue: a refusal of what had executed, a cancellation or expiry of what had executed in full,
  a confirmation of an execution that never happened or was busted, a bust of one that stands,
  or a notice marked false.

A refusal counts as an end only if the order did not move on afterwards: a request that a full
queue turned away is sent again. A client that has not been told of any end by the end of the
drain is harmed whatever happened out of sight, so the client's silence alone proves a failing
class, and the class is named by what was seen.

Only a record whose drain is over, with no work left on the intent, and whose client was watched
to the end can prove that something never came; where that is missing, or where reports leave
open how much was executed, the mark is unknown.
Strays are not judged here: nobody is known to wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.answers import END_KINDS
from bcsim.checkers.arrays import any_of, happened, tri
from bcsim.checkers.base import Checked
from bcsim.checkers.bookings import unbooked
from bcsim.checkers.obligations import EFFECTS, effect
from bcsim.checkers.reports import in_doubt
from bcsim.history.schema import NULL, Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Tri
    from bcsim.checkers.facts import Facts


def check(facts: Facts) -> Checked:
    """Mark intents that are partial, lost, stranded or unconfirmed."""
    fate, judged = facts.fate, facts.wishes.is_known
    idle = judged & ~facts.fills.is_executed
    lost = idle & fate.is_acknowledged_open
    stranded = idle & ~fate.is_acknowledged_open & ~fate.is_closed
    silence = _silence_is_proof(facts)
    told = facts.record.shows(Kind.ACKNOWLEDGE)
    return Checked(
        anomalies={
            VerdictClass.PARTIAL: _partial(facts, silence),
            VerdictClass.LOST: tri(lost & silence, lost),
            VerdictClass.STRANDED: tri(stranded & silence & told, stranded),
            VerdictClass.UNCONFIRMED: _unconfirmed(facts),
        },
        reasons=_reasons(facts),
    )


def _silence_is_proof(facts: Facts) -> Bools:
    """Whether an end that was not seen did not come, ``(subjects,)``."""
    record = facts.record
    complete = record.shows(Kind.EXECUTE) and all(record.claims(kind) for kind in END_KINDS)
    return facts.fate.client_is_known & facts.fate.is_settled & complete & ~in_doubt(facts)


def _partial(facts: Facts, silence: Bools) -> Tri:
    """Executed in part and left there, on one leg only, or not booked or settled when due."""
    fills, fate, size = facts.fills, facts.fate, facts.wishes.size
    begun = facts.wishes.is_known & fills.is_executed & ~fate.is_filled & (size != NULL)
    open_rest = begun & ~fate.is_closed
    uneven = begun & (fills.least < np.minimum(fills.most, size))
    missing, unsure = _missing_effects(facts)
    proved = (open_rest & silence) | (uneven & silence & fate.executions_are_known) | missing
    return tri(proved, open_rest | uneven | unsure | in_doubt(facts))


def _missing_effects(facts: Facts) -> tuple[Bools, Bools]:
    """Intents that lack an entry that their like have, or anything due; proved, and unsure."""
    proved, unsure = unbooked(facts)
    for kind in EFFECTS:
        owed = effect(facts, kind)
        known = owed.is_known & facts.fate.is_settled[facts.executions.subject]
        proved |= owed.of_subjects(facts, owed.is_missing & known)
        unsure |= owed.of_subjects(facts, owed.is_missing & ~known)
    return proved, unsure


def _unconfirmed(facts: Facts) -> Tri:
    """Ended, by execution or otherwise, but the client was not told, or not the truth."""
    fate, word = facts.fate, facts.word
    ended = facts.wishes.is_known & (fate.is_filled | fate.is_closed)
    silent = word.is_untold | (~fate.is_filled & ~fate.end_is_told)
    suspect = ended & (silent | word.is_misled)
    proved = suspect & fate.client_is_known & fate.is_settled
    proved &= ~in_doubt(facts) | _never_told(facts) | (~fate.is_filled & ~fate.end_is_told)
    if not facts.record.shows(Kind.CONFIRM):
        proved = proved & ~facts.fills.is_executed
    return tri(proved, suspect)


def _never_told(facts: Facts) -> Bools:
    """Whether the client was told nothing at all of an execution, be it true or not."""
    executions = facts.executions
    silent = executions.counts & ~happened(facts.word.told)
    return any_of(facts.subjects.count, executions.subject, silent)


def _reasons(facts: Facts) -> tuple[str, ...]:
    record = facts.record
    reasons = ["" if record.profile.settled else "the run did not settle"]
    needed = {
        Kind.ACKNOWLEDGE: facts.fate.is_acknowledged_open | ~facts.fate.is_filled,
        Kind.EXECUTE: ~facts.fate.is_closed | facts.fills.is_executed,
        Kind.CONFIRM: facts.fills.is_executed,
    }
    for kind, matters in needed.items():
        lacks = record.claims(kind) and not record.shows(kind) and bool(matters.any())
        reasons.append(f"{kind.value} is declared, yet the record holds not one" if lacks else "")
    return tuple(reasons)
