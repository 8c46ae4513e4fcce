"""Conservation: quantity, money and identity are neither made nor lost.

Each law compares two sums that are worked out by different ways. A law for which the history
has no rows is not applicable; it is never counted as kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.checkers.arrays import (
    NEVER,
    first_positions,
    happened,
    last_positions,
    latest,
    paired,
    pick,
)
from bcsim.checkers.base import Checked, Law, LawStatus
from bcsim.checkers.legs import numbered_legs
from bcsim.checkers.record import VENUE
from bcsim.checkers.story import Story, in_units
from bcsim.checkers.subjects import is_market
from bcsim.history.schema import NULL, Kind

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts

INTENTS: Final = "intents"
QUANTITY: Final = "quantity"
TRADES: Final = "trades"
CASH: Final = "cash"
EXEC_IDS: Final = "exec ids"

LAWS: Final = {
    INTENTS: "every intent has exactly one class",
    QUANTITY: "executed + cancelled + expired + open = ordered, for every order",
    TRADES: "bought = sold at the venue, in every instrument",
    CASH: "debited = credited in the ledger, for every order",
    EXEC_IDS: "an exec_id names one execution",
}


def check(facts: Facts) -> Checked:
    """Hold the history against every law but that of intents, which the judge adds."""
    return Checked(laws=(_quantity(facts), _bought_is_sold(facts), _cash(facts), _exec_ids(facts)))


def intents_law(intended: int, strays: int, classed: int) -> Law:
    """Every intent and every stray has exactly one class: ``intended + strays = classed``."""
    kept = intended + strays == classed
    return Law(
        INTENTS,
        LAWS[INTENTS],
        LawStatus.HOLDS if kept else LawStatus.BROKEN,
        left=intended + strays,
        right=classed,
        breaches=abs(intended + strays - classed),
        proof="" if kept else f"{intended} intents and {strays} strays, but {classed} classes",
    )


def _law(name: str, left: int, right: int, breaches: int, proof: str, first_seq: int = -1) -> Law:
    status = LawStatus.BROKEN if breaches else LawStatus.HOLDS
    return Law(name, LAWS[name], status, left, right, breaches, proof, first_seq)


def _without_rows(name: str) -> Law:
    return Law(name, LAWS[name], LawStatus.NOT_APPLICABLE)


# -- quantity --------------------------------------------------------------------------------


def _quantity(facts: Facts) -> Law:
    """Compare, order by order, what became of the quantity with what was ordered.

    What a cancellation or expiry ended is what was not executed before it. So the sum is
    exceeded by a second execution, and by one after the end.
    """
    ordered = _ordered(facts)
    known = np.flatnonzero(ordered != NULL)
    if not len(known):
        return _without_rows(QUANTITY)
    executed = facts.fills.of_order[known]
    ordered = ordered[known]
    end = _end(facts)
    before = _executed_before(facts, end)[known]
    has_ended = happened(end)[known]
    rest = np.maximum(ordered - np.where(has_ended, before, executed), 0)
    total = executed + rest
    broken = np.flatnonzero(total != ordered)
    proof, first_seq = "", -1
    if len(broken):
        rows = np.flatnonzero(facts.subjects.order_of_row != NEVER)
        of_row = facts.subjects.order_of_row[rows]
        begins = first_positions(facts.subjects.order_count, of_row, rows)[known[broken]]
        worst = int(broken[np.argmin(begins)])
        subject = int(facts.subjects.of_order[known[worst]])
        first_seq = int(facts.record.integer("seq")[begins.min()])
        story = Story(facts, subject)
        whole, done, left = (story.size(int(n[worst])) for n in (ordered, executed, rest))
        proof = (
            f"an order of {facts.subjects.names[subject]} over {whole} was executed for {done}, "
            f"and {left} was open or had ended"
        )
    return _law(QUANTITY, int(total.sum()), int(ordered.sum()), len(broken), proof, first_seq)


def _ordered(facts: Facts) -> Ints:
    """Size of each order as last entered or changed, else as wished, ``(orders,)``."""
    record, subjects, wishes = facts.record, facts.subjects, facts.wishes
    rows = np.sort(
        np.concatenate((record.rows(Kind.SUBMIT, Kind.RESEND), record.in_firm(Kind.REPLACE)))
    )
    rows = rows[subjects.order_of_row[rows] != NEVER]
    by_amount = wishes.is_by_amount[subjects.of_row[rows]]
    size = np.where(by_amount, record.integer("amount")[rows], record.integer("qty")[rows])
    rows, size = rows[size != NULL], size[size != NULL]
    ordered = np.full(subjects.order_count, NULL, dtype=np.int64)
    ordered[subjects.order_of_row[rows]] = size
    only = (ordered == NULL) & (subjects.orders_of[subjects.of_order] == 1)
    return np.where(only, wishes.size[subjects.of_order], ordered)


def _end(facts: Facts) -> Ints:
    """Position at which each order was cancelled or expired, as the firm reports it."""
    answers = facts.answers
    kinds = (Kind.CANCEL, Kind.EXPIRE)
    in_firm = latest(*(answers.ended_last[kind] for kind in kinds))
    told = latest(*(answers.told_last[kind] for kind in kinds))
    return np.where(happened(in_firm), in_firm, told)


def _executed_before(facts: Facts, end: Ints) -> Ints:
    """Size executed of each order before its end, on the leg with the most, ``(orders,)``."""
    executions = facts.executions
    early = executions.counts & (executions.row < end[executions.order])
    leg, legs = numbered_legs(executions.leg)
    leg = np.where(leg == NEVER, 0, leg)
    sums = np.zeros((facts.subjects.order_count, len(legs)), dtype=np.int64)
    np.add.at(sums, (executions.order[early], leg[early]), executions.size[early])
    most: Ints = sums.max(axis=1)
    return most


# -- both sides ------------------------------------------------------------------------------


def _bought_is_sold(facts: Facts) -> Law:
    """Compare both sides of the venue's executions, where it reports the other side."""
    record, executions = facts.record, facts.executions
    rows = record.rows(Kind.EXECUTE)
    rows = rows[is_market(record)[rows]]
    if not len(rows):
        return _without_rows(TRADES)
    key = paired(record.exec_codes[rows] + 1, record.codes("side")[rows] + 1)
    rows = rows[np.unique(key, return_index=True)[1]]
    ours = executions.row[(executions.counts | executions.is_busted) & _at_venue(facts)]
    both = np.concatenate((ours, rows))
    sign = _sign(facts, both, "buy", "sell")
    net = np.zeros(len(record.text("instrument").names) + 1, dtype=np.int64)
    quantity = np.where(record.integer("qty")[both] == NULL, 0, record.integer("qty")[both])
    np.add.at(net, record.codes("instrument")[both], sign * quantity)
    uneven = np.flatnonzero(net)
    proof = ""
    if len(uneven):
        name = record.text("instrument").name(int(uneven[0])) or "without instrument"
        size = in_units(abs(int(net[uneven[0]])), record.profile.qty_scale)
        proof = f"in {name}, {size} more was bought than sold"
        if net[uneven[0]] < 0:
            proof = f"in {name}, {size} more was sold than bought"
    bought, sold = (int(quantity[sign == one].sum()) for one in (1, -1))
    return _law(TRADES, bought, sold, len(uneven), proof)


def _at_venue(facts: Facts) -> Bools:
    return facts.record.at(VENUE, facts.executions.row)


def _sign(facts: Facts, rows: Ints, plus: str, minus: str, *, column: str = "side") -> Ints:
    is_plus = facts.record.has_text(column, rows, plus).astype(np.int64)
    return is_plus - facts.record.has_text(column, rows, minus).astype(np.int64)


def _cash(facts: Facts) -> Law:
    """Compare debits and credits of each order's ledger entries, named so by side or subject."""
    record, subjects = facts.record, facts.subjects
    rows = record.rows(Kind.BOOK)
    rows = rows[(subjects.order_of_row[rows] != NEVER) & (record.integer("amount")[rows] != NULL)]
    sign = _sign(facts, rows, "debit", "credit", column="subject")
    by_side = _sign(facts, rows, "debit", "credit")
    sign = np.where(by_side == 0, sign, by_side)
    rows, sign = rows[sign != 0], sign[sign != 0]
    if not len(rows):
        return _without_rows(CASH)
    amount = record.integer("amount")[rows]
    net = np.zeros(subjects.order_count, dtype=np.int64)
    np.add.at(net, subjects.order_of_row[rows], sign * amount)
    debited, credited = (int(amount[sign == one].sum()) for one in (1, -1))
    uneven = np.flatnonzero(net)
    settled = facts.fate.is_settled[subjects.of_order[uneven]]
    if len(uneven) and not settled.any():
        return Law(CASH, LAWS[CASH], LawStatus.UNKNOWN, debited, credited, len(uneven))
    proof, first_seq = "", -1
    if len(uneven):
        every = np.flatnonzero(subjects.order_of_row != NEVER)
        begins = first_positions(subjects.order_count, subjects.order_of_row[every], every)
        order = int(uneven[settled][np.argmin(begins[uneven[settled]])])
        last = last_positions(subjects.order_count, subjects.order_of_row[rows], rows)
        seq = int(pick(record.integer("seq"), last, NULL)[order])
        name = subjects.names[int(subjects.of_order[order])]
        size = in_units(abs(int(net[order])), record.profile.amount_scale)
        proof = f"{name} was debited {size} more than credited (last entry seq {seq})"
        if net[order] < 0:
            proof = f"{name} was credited {size} more than debited (last entry seq {seq})"
        first_seq = int(record.integer("seq")[begins[order]])
    return _law(CASH, debited, credited, len(uneven), proof, first_seq)


# -- identity --------------------------------------------------------------------------------


def _exec_ids(facts: Facts) -> Law:
    """At one vantage point, rows with the same exec_id must report the same execution.

    It is unique within a trading day or the life of an order (FIX 4.4 volume 6, 2003-04, ExecID),
    so that after a night another order may have it.
    """
    record, executions = facts.record, facts.executions
    rows = executions.reports
    rows = rows[record.exec_codes[rows] >= 0]
    if not len(rows):
        return _without_rows(EXEC_IDS)
    leg = np.where(record.integer("leg")[rows] == NULL, 0, record.integer("leg")[rows] + 1)
    name = paired(paired(record.codes("vantage")[rows], record.exec_codes[rows]), leg)
    order = np.argsort(name, kind="stable")
    rows, name = rows[order], name[order]
    same = name[1:] == name[:-1]
    differ = np.zeros(len(same), dtype=np.bool_)
    content = [record.integer(column) for column in ("qty", "price", "amount")]
    content += [record.codes(column) for column in ("instrument", "side", "account")]
    for values in (*content, facts.subjects.order_of_row):
        differ |= values[rows[1:]] != values[rows[:-1]]
    order_of, times = facts.subjects.order_of_row[rows], record.time_ns[rows]
    is_reused = (order_of[1:] != order_of[:-1]) & (times[1:] - times[:-1] >= limits.OVERNIGHT_NS)
    same &= ~is_reused
    broken = np.flatnonzero(same & differ)
    proof, first_seq = "", -1
    if len(broken):
        earliest = broken[np.argmin(rows[broken + 1])]
        first, second = (int(rows[earliest + i]) for i in (0, 1))
        first_seq = int(record.integer("seq")[second])
        proof = (
            f"exec_id {record.text('exec_id').decode(first)} names two executions "
            f"(seq {record.integer('seq')[first]} and {record.integer('seq')[second]})"
        )
    distinct = len(rows) - int(np.count_nonzero(same))
    return _law(EXEC_IDS, distinct + len(broken), distinct, len(broken), proof, first_seq)
