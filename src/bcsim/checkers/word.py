"""Whether the client knows how its order ended: every execution told, and no untrue last word.

A client learns of an execution by its confirmation or by the note of its settlement; where both
arrive, the first is when it was told, and the last is what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.answers import END_KINDS, EXECUTED_KINDS, unnamed_tellings
from bcsim.checkers.arrays import (
    NEVER,
    any_of,
    earliest,
    happened,
    last_positions,
    latest,
    pick,
)
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.checkers.answers import Answers
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.case import Case
    from bcsim.checkers.executions import Executions
    from bcsim.checkers.fills import Fills


@dataclass(frozen=True, eq=False)
class Word:
    """What clients were told about the truth.

    Parameters
    ----------
    told
        Position at which the client was first told of each execution, ``(executions,)``.
    is_untold
        Whether an execution that counts was not told truly, ``(subjects,)``.
    is_misled
        Whether the last word on one of its orders was untrue, ``(subjects,)``.
    end_told
        Position at which the client was told of an end other than execution, ``(orders,)``.
    """

    told: Ints
    is_untold: Bools
    is_misled: Bools
    end_told: Ints


def word_of(case: Case, executions: Executions, fills: Fills, answers: Answers) -> Word:
    """Compare what the clients were told with what happened."""
    subjects = case.subjects
    told, is_true = _confirmations(case, executions, fills, answers)
    untold = executions.counts & ~is_true
    misled = _misled(case, executions, fills, answers)
    return Word(
        told=told,
        is_untold=any_of(subjects.count, executions.subject, untold),
        is_misled=any_of(subjects.count, subjects.of_order, misled),
        end_told=_first_standing(answers),
    )


def _confirmations(
    case: Case, executions: Executions, fills: Fills, answers: Answers
) -> tuple[Ints, Bools]:
    """First telling of each execution, and whether the last named telling was right."""
    record = case.record
    confirms = record.told(*EXECUTED_KINDS)
    named = executions.trades_first(confirms)[executions.trade]
    last = executions.trades_last(confirms)[executions.trade]
    agrees = _agree(executions, last) | (
        answers.corrected_last[executions.order] > latest(last, executions.correction)
    )
    unnamed = answers.notice_confirmed_last[executions.order]
    quantity = pick(record.integer("qty"), unnamed, NULL)
    complete = (quantity == NULL) | (quantity == fills.of_order[executions.order])
    holds = complete & (unnamed > executions.row)
    first = np.where(holds, _first_unnamed(case, executions, fills), NEVER)
    return earliest(named, first), (happened(named) & agrees) | holds


def _first_unnamed(case: Case, executions: Executions, fills: Fills) -> Ints:
    """First telling that names no execution but is of the whole order, after each execution."""
    record, size = case.record, len(case.record)
    rows = unnamed_tellings(record)
    rows = rows[case.subjects.order_of_row[rows] != NEVER]
    quantity = record.integer("qty")[rows]
    whole = fills.of_order[case.subjects.order_of_row[rows]]
    rows = rows[(quantity == NULL) | (quantity == whole)]
    orders = case.subjects.order_of_row[rows]
    place = orders * size + rows  # ascending within an order, and one order after the other
    by_order = np.argsort(place, kind="stable")
    following = np.searchsorted(place[by_order], executions.order * size + executions.row)
    nearest = np.append(by_order, NEVER)[following]
    same = np.append(orders, NEVER)[nearest] == executions.order
    return np.where(same, np.append(rows, NEVER)[nearest], NEVER)


def _agree(executions: Executions, confirm: Ints) -> Bools:
    """Whether each confirmation states the terms of its execution, as far as it states any."""
    record = executions.record
    agrees = np.ones(len(confirm), dtype=np.bool_)
    for name in ("qty", "price"):
        said, done = pick(record.integer(name), confirm, NULL), executions.integer(name)
        agrees &= (said == NULL) | (done == NULL) | (said == done)
    for name in ("account", "instrument", "side"):
        said, done = pick(record.codes(name), confirm, NULL_CODE), executions.codes(name)
        agrees &= (said == NULL_CODE) | (done == NULL_CODE) | (said == done)
    return agrees


def _misled(case: Case, executions: Executions, fills: Fills, answers: Answers) -> Bools:
    """Whether the last word on each order was untrue, ``(orders,)``.

    A refusal is untrue of an order that executed, a cancellation or expiry of one that
    executed in full, a confirmation of an execution that did not happen or does not stand, and
    a bust of one that stands: one that took an excess back is true, however much is left.
    """
    size = case.wishes.size[case.subjects.of_order]
    whole = fills.order_executed & ((size == NULL) | (fills.of_order >= size))
    false_confirm, true_confirm = _named_last(case, executions, EXECUTED_KINDS)
    true_bust, false_bust = _named_last(case, executions, (Kind.BUST,))
    ends = {
        Kind.REJECT: (fills.order_executed, answers.told_last[Kind.REJECT]),
        Kind.CANCEL: (whole, answers.told_last[Kind.CANCEL]),
        Kind.EXPIRE: (whole, answers.told_last[Kind.EXPIRE]),
        Kind.BUST: (whole, _unnamed_busts_last(executions, answers)),
    }
    untrue = latest(
        answers.untrue_last,
        false_confirm,
        false_bust,
        *(np.where(contradicted, told, NEVER) for contradicted, told in ends.values()),
    )
    true = latest(
        answers.corrected_last,
        true_confirm,
        true_bust,
        np.where(fills.order_executed, answers.notice_confirmed_last, NEVER),
        *(np.where(contradicted, NEVER, told) for contradicted, told in ends.values()),
    )
    return untrue > true


def _named_last(case: Case, executions: Executions, kinds: tuple[Kind, ...]) -> tuple[Ints, Ints]:
    """Last telling of some kinds about executions that do not stand, and that do, by order."""
    subjects = case.subjects
    rows = case.record.told(*kinds)
    rows = rows[executions.trade_of_row[rows] != NEVER]
    stands = executions.trade_counts[executions.trade_of_row[rows]]
    orders = subjects.order_of_row[rows]
    count = subjects.order_count
    return (
        last_positions(count, orders[~stands], rows[~stands]),
        last_positions(count, orders[stands], rows[stands]),
    )


def _unnamed_busts_last(executions: Executions, answers: Answers) -> Ints:
    """Last time that the client was told of a bust that names no execution, by order."""
    told = answers.told_last[Kind.BUST]
    naming = np.where(happened(told), executions.trade_of_row[told], NEVER) != NEVER
    return np.where(naming, NEVER, told)


def _first_standing(answers: Answers) -> Ints:
    """First time that the client was told an end which it did not answer by a new entry."""
    standing = [
        np.where(
            first > answers.entered_last, first, np.where(last > answers.entered_last, last, NEVER)
        )
        for first, last in (
            (answers.told_first[kind], answers.told_last[kind]) for kind in END_KINDS
        )
    ]
    return np.where(happened(answers.end_told), earliest(*standing, answers.end_told), NEVER)
