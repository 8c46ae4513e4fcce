"""Correctness: executed once, for a client who wished it, on the terms that were wished.

- *phantom*: a stray that executed.
- *duplicated*: more was executed than wished, over all orders of the intent, on any leg; or the
  ledger holds an execution twice (one vantage point, leg, side and account).
- *corrupted*: account, side or instrument as executed or booked differ, or the quantity as booked
  from that executed; the price is beyond the
  worst limit that the client ever set; or a single order was executed for another quantity than
  wished: more in one execution or because it was entered or accepted so, less because it was
  entered or accepted so. A better price is no corruption. Terms that a report leaves out are not
  compared.

A busted execution does not count, and a correction replaces the terms that it names. Where two
vantage points report one execution on other terms, whether it is corrupted is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import (
    NEVER,
    NO,
    any_of,
    pick,
    tri,
)
from bcsim.checkers.base import Checked
from bcsim.checkers.bookings import MONEY, booked_otherwise, booked_twice, terms_rows
from bcsim.checkers.fate import match_is_open
from bcsim.checkers.record import CLIENT
from bcsim.checkers.story import clock
from bcsim.checkers.witnesses import disputed
from bcsim.history.profile import SIMULATION
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints, Tri
    from bcsim.checkers.facts import Facts

_FAMILIES: Final = (("buy", "sell"), MONEY)


def check(facts: Facts) -> Checked:
    """Mark strays that executed, intents executed too often, and terms that differ."""
    altered = _altered_size(facts)
    twice = _beyond(facts) & ~altered
    differing = altered | _terms_differ(facts) | _booked_terms_differ(facts)
    judged = facts.wishes.is_known
    unseen = judged & ~facts.fate.executions_are_known
    unstated = ~judged & ~np.bool_(facts.record.whole.intents_are_recorded)
    return Checked(
        anomalies={
            VerdictClass.PHANTOM: _phantom(facts),
            VerdictClass.DUPLICATED: tri(twice | booked_twice(facts), unseen),
            VerdictClass.CORRUPTED: tri(differing, unseen | unstated | disputed(facts)),
        },
        reasons=_reasons(facts),
    )


# -- strays ----------------------------------------------------------------------------------


def _phantom(facts: Facts) -> Tri:
    """Mark executions that no recorded intent accounts for.

    Proved only if an intent could not have been missed: the client was watched from the
    opening until the execution and, in a real log, the order's beginning was seen as well, so
    that it is not older than the log. A stray that has ended without executing harms nobody;
    that, too, is proved only if it is not older than the log.
    """
    record, wishes = facts.record, facts.wishes
    if not record.whole.intents_are_recorded:
        return np.full(facts.subjects.count, NO, dtype=np.int8)
    stray = ~wishes.is_intent
    executed = facts.fills.is_executed
    first = facts.executions.first_rows(facts.subjects.count, facts.executions.subject)
    seen_throughout = _beginning_was_seen(facts)
    until_ns = np.where(executed, pick(record.time_ns, first, 0), record.end_ns)
    opening_ns = np.full(facts.subjects.count, record.opening_ns, dtype=np.int64)
    seen_throughout &= record.watch.covers(CLIENT, opening_ns, until_ns)
    seen_throughout &= ~match_is_open(facts.case)
    harmless = ~executed & facts.fate.is_closed
    return tri(stray & executed & seen_throughout, stray & ~(harmless & seen_throughout))


def _beginning_was_seen(facts: Facts) -> Bools:
    if facts.record.profile.kind == SIMULATION:
        return np.ones(facts.subjects.count, dtype=np.bool_)
    rows = facts.record.rows(Kind.SUBMIT, Kind.ACKNOWLEDGE)
    subject = facts.subjects.of_row[rows]
    return any_of(facts.subjects.count, subject, subject != NEVER)


# -- size ------------------------------------------------------------------------------------


def _beyond(facts: Facts) -> Bools:
    size = facts.wishes.size
    beyond: Bools = facts.fills.is_executed & (size != NULL) & (facts.fills.most > size)
    return beyond


def _altered_size(facts: Facts) -> Bools:
    """One order was executed for another size than wished: accepted so, or in one execution.

    More than the wish in several executions is a duplicate, unless the order was entered or
    accepted for as much; less than the wish is an alteration only if it was.
    """
    fills, size = facts.fills, facts.wishes.size
    exactly, at_least = _accepted_for(facts)
    single = fills.is_executed & (fills.orders == 1) & (size != NULL)
    more = (fills.most > size) & ((fills.executions == 1) | at_least)
    less = (fills.most < size) & exactly & ~facts.fate.is_closed
    altered: Bools = single & (more | less)
    return altered


def _accepted_for(facts: Facts) -> tuple[Bools, Bools]:
    """Whether an executed order was entered or accepted for exactly, or at least, its fills."""
    record, subjects, fills = facts.record, facts.subjects, facts.fills
    accepted = record.in_firm(Kind.ACKNOWLEDGE)
    rows = np.concatenate((record.rows(Kind.SUBMIT, Kind.RESEND), accepted))
    rows = rows[subjects.of_row[rows] != NEVER]
    rows = rows[fills.order_executed[subjects.order_of_row[rows]]]
    subject = subjects.of_row[rows]
    by_amount = facts.wishes.is_by_amount[subject]
    stated = np.where(by_amount, record.integer("amount")[rows], record.integer("qty")[rows])
    exactly, at_least = stated == fills.most[subject], stated >= fills.most[subject]
    return (
        any_of(subjects.count, subject, exactly),
        any_of(subjects.count, subject, at_least),
    )


# -- terms -----------------------------------------------------------------------------------


def _terms_differ(facts: Facts) -> Bools:
    """Account, instrument or side as executed differ, or the price is beyond the limit."""
    executions, wishes = facts.executions, facts.wishes
    subject = executions.subject
    differ = _differ(wishes.codes("instrument")[subject], executions.codes("instrument"))
    first_leg = executions.leg <= 0
    differ |= first_leg & _differ(wishes.codes("account")[subject], executions.codes("account"))
    differ |= first_leg & _sides_differ(
        facts, wishes.codes("side")[subject], executions.codes("side")
    )
    differ |= _beyond_limit(facts)
    return any_of(facts.subjects.count, subject, differ & executions.counts)


def _differ(wished: Ints, done: Ints) -> Bools:
    differ: Bools = (wished != NULL_CODE) & (done != NULL_CODE) & (wished != done)
    return differ


def _sides_differ(facts: Facts, wished: Ints, done: Ints) -> Bools:
    """Sides of one family that differ: cash entries of a purchase are no contradiction."""
    column = facts.record.text("side")
    family = np.full(len(column.names) + 1, 0, dtype=np.int64)
    for number, names in enumerate(_FAMILIES, start=1):
        codes = column.codes_of(names)
        family[codes[codes >= 0]] = number
    family[-1] = 0
    alike: Bools = family[wished] == family[done]
    return _differ(wished, done) & alike


def _beyond_limit(facts: Facts) -> Bools:
    """Whether each execution was worse than the worst limit that the client ever set."""
    executions, wishes, record = facts.executions, facts.wishes, facts.record
    subject = executions.subject
    wished = wishes.integer("price")
    changed = pick(record.integer("price"), wishes.replaced, NULL)
    changed = np.where(changed == NULL, wished, changed)
    price = executions.integer("price")
    limited = wishes.is_limit[subject] & (wished[subject] != NULL) & (price != NULL)
    side = wishes.codes("side")[subject]
    bought, sold = (side == record.text("side").code_of(name) for name in _FAMILIES[0])
    too_high = price > np.maximum(wished, changed)[subject]
    too_low = price < np.minimum(wished, changed)[subject]
    beyond: Bools = limited & ((bought & too_high) | (sold & too_low))
    return beyond


def _booked_terms_differ(facts: Facts) -> Bools:
    """Terms or the quantity as booked differ; the contra entry of a payment does not."""
    record, wishes, subjects = facts.record, facts.wishes, facts.subjects
    rows = terms_rows(facts)
    subject = subjects.of_row[rows]
    wished, done = wishes.codes("side")[subject], record.codes("side")[rows]
    payment = record.has_text("side", rows, *_FAMILIES[1])
    differ = _sides_differ(facts, wished, done) & ~payment
    for name in ("account", "instrument"):
        differ |= ~(payment & (done != wished)) & _differ(
            wishes.codes(name)[subject], record.codes(name)[rows]
        )
    otherwise = subjects.of_row[booked_otherwise(facts)[0]]
    subject, differ = np.append(subject, otherwise), np.append(differ, otherwise != NEVER)
    return any_of(subjects.count, subject, differ)


# -- reasons ---------------------------------------------------------------------------------


def _reasons(facts: Facts) -> tuple[str, ...]:
    """What keeps the whole history from being known to be right."""
    record = facts.record
    if not record.whole.intents_are_recorded:
        return ("no stream of intents: what never arrived, or was never wished, cannot be known",)
    executing = {*record.executing, *record.vantages_of(Kind.BOOK)}
    gaps = [
        (gap, what)
        for vantages, what in (
            ({CLIENT}, "the client was not watched: intents in it are missing"),
            (executing, "nobody who executes was watched: executions in it are missing"),
        )
        for gap in record.watch.gaps(vantages, record.opening_ns, record.end_ns)
    ]
    return tuple(
        f"from {clock(record, begin_ns)} to {clock(record, end_ns)} {what}"
        for (begin_ns, end_ns), what in gaps
    )
