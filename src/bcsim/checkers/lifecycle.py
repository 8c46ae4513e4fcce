"""Life cycle: definite ends, what the client went through on the way, and taken-back words.

- *recovered*: executed in full, but the client was first told of a refusal, cancellation or
  expiry, or lost its patience: it entered the order more than once, or a second order.
- *rejected*, *cancelled*, *expired*: not executed in full, and every order that executed, and
  the last one, has ended; the end that the client was told last names the class. A bust of the
  only execution that was told is a cancellation.
- *ack_regressed*: an order acknowledged to the client was later unknown to the firm, in the
  words of a refusal, a refused cancel or an orphan; or the same vantage point took
  responsibility for it again, with a failover, fail-back or recovery in between.
- *refused*: rejected, and a refusal of the last order names its cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.answers import END_KINDS
from bcsim.checkers.arrays import (
    NEVER,
    any_of,
    counts_of,
    first_positions,
    happened,
    last_positions,
    latest,
    paired,
    pick,
    tri,
)
from bcsim.checkers.base import Checked, Law, LawStatus
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import Flag, VerdictClass

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints, Tri
    from bcsim.checkers.facts import Facts

FINAL_ENDS: Final = "final ends"
LAWS: Final = {
    FINAL_ENDS: "an order that was cancelled or expired at a vantage point does not execute there"
    " afterwards",
}

_FORGOTTEN: Final = ("unknown", "unknown order", "forgotten")
"""Reasons by which somebody says that it does not know an order."""

_CLASS_OF_END: Final = {
    Kind.REJECT: VerdictClass.REJECTED,
    Kind.CANCEL: VerdictClass.CANCELLED,
    Kind.EXPIRE: VerdictClass.EXPIRED,
    Kind.BUST: VerdictClass.CANCELLED,
}


def check(facts: Facts) -> Checked:
    """Mark definite ends, recovered intents, regressed acknowledgements and refusals."""
    ends = _ends(facts)
    trouble = _trouble(facts)
    filled, none = facts.fate.is_filled, np.zeros(facts.subjects.count, dtype=np.bool_)
    anomalies: dict[str, Tri] = {
        VerdictClass.RECOVERED: tri(trouble & filled, filled & ~facts.fate.client_is_known),
        **{verdict: tri(holds, none) for verdict, holds in ends.items()},
        Flag.ACK_REGRESSED: tri(_regressed(facts), none),
        Flag.REFUSED: tri(ends[VerdictClass.REJECTED] & _for_a_cause(facts), none),
    }
    return Checked(anomalies, laws=(_final_ends(facts),))


def _ends(facts: Facts) -> dict[VerdictClass, Bools]:
    """Subjects that ended otherwise than executed in full, by the class of their end.

    The end that was told to the client last decides; for a stray, which has no client that
    waits, and for an end that nobody told, the last that anybody reported.
    """
    answers, last_order = facts.answers, facts.subjects.last_order
    closed = facts.fate.is_closed
    when = {
        kind: latest(answers.told_last[kind], answers.ended_last[kind])[last_order]
        for kind in END_KINDS
    }
    told = {kind: answers.told_last[kind][last_order] for kind in END_KINDS}
    anybody_told = happened(latest(*told.values()))
    decisive = {kind: np.where(anybody_told, told[kind], when[kind]) for kind in END_KINDS}
    last = latest(*decisive.values())
    ends = {verdict: np.zeros_like(closed) for verdict in _CLASS_OF_END.values()}
    for kind, position in decisive.items():
        ends[_CLASS_OF_END[kind]] |= closed & happened(position) & (position == last)
    return ends


def _trouble(facts: Facts) -> Bools:
    """Whether the client was refused, cancelled or expired at first, or lost its patience."""
    answers, subjects = facts.answers, facts.subjects
    of_order = answers.entries > 1
    for kind in (Kind.REJECT, Kind.CANCEL, Kind.EXPIRE):
        of_order = of_order | happened(answers.told_first[kind])
    entered = counts_of(subjects.count, subjects.of_order[answers.entries > 0])
    return any_of(subjects.count, subjects.of_order, of_order) | (entered > 1)


def _for_a_cause(facts: Facts) -> Bools:
    """Whether the last refusal of the last order names the disruption that caused it."""
    record, subjects = facts.record, facts.subjects
    rows = record.rows(Kind.REJECT)
    rows = rows[subjects.order_of_row[rows] != NEVER]
    caused = rows[record.codes("cause")[rows] != NULL_CODE]
    last = last_positions(subjects.order_count, subjects.order_of_row[caused], caused)
    return happened(last[subjects.last_order])


# -- acknowledgements that were taken back ---------------------------------------------------


def _regressed(facts: Facts) -> Bools:
    """Whether an order that was acknowledged to the client was later unknown to the firm.

    Somebody says so (a refusal, a refused cancel or an answer to nobody, with a reason such as
    "unknown"), or the same vantage point takes responsibility a second time and a failover,
    failback or recovery lies between.
    """
    record, subjects = facts.record, facts.subjects
    rows = record.rows(Kind.REJECT, Kind.CANCEL_REJECT, Kind.ORPHAN)
    rows = rows[subjects.order_of_row[rows] != NEVER]
    denials = rows[record.has_text("reason", rows, *_FORGOTTEN)]
    last = last_positions(subjects.order_count, subjects.order_of_row[denials], denials)
    acknowledged = facts.answers.acknowledged_first
    denied = happened(acknowledged) & (last > acknowledged)
    again = happened(acknowledged) & _accepted_again(facts)
    return any_of(subjects.count, subjects.of_order, denied | again)


def _accepted_again(facts: Facts) -> Bools:
    """Orders accepted twice at one vantage point with a switch in between, ``(orders,)``."""
    record, subjects = facts.record, facts.subjects
    switches = record.rows(Kind.FAILOVER, Kind.FAILBACK, Kind.RECOVER)
    if not len(switches):
        return np.zeros(subjects.order_count, dtype=np.bool_)
    rows = record.in_firm(Kind.ACKNOWLEDGE)
    rows = rows[subjects.order_of_row[rows] != NEVER]
    order = subjects.order_of_row[rows]
    _, place = np.unique(paired(order, record.codes("vantage")[rows]), return_inverse=True)
    count = int(place.max(initial=-1)) + 1
    first, last = first_positions(count, place, rows), last_positions(count, place, rows)
    between = np.searchsorted(switches, last) > np.searchsorted(switches, first)
    return any_of(subjects.order_count, subjects.order_of_row[first], between)


# -- the law of final ends -------------------------------------------------------------------


def _final_ends(facts: Facts) -> Law:
    """Executions at a vantage point after the order was cancelled or expired there."""
    record, subjects, executions = facts.record, facts.subjects, facts.executions
    ends = record.rows(Kind.CANCEL, Kind.EXPIRE)
    ends = ends[subjects.order_of_row[ends] != NEVER]
    statement = LAWS[FINAL_ENDS]
    if not len(ends):
        return Law(FINAL_ENDS, statement, LawStatus.NOT_APPLICABLE)
    rows = np.sort(executions.row[executions.counts])
    both = np.concatenate((ends, rows))
    _, place = np.unique(
        paired(subjects.order_of_row[both], record.codes("vantage")[both]), return_inverse=True
    )
    ended = first_positions(int(place.max()) + 1, place[: len(ends)], ends)[place[len(ends) :]]
    after = happened(ended) & (rows > ended) & (_time(facts, rows) > _time(facts, ended))
    return Law(
        FINAL_ENDS,
        statement,
        LawStatus.BROKEN if after.any() else LawStatus.HOLDS,
        left=int(np.count_nonzero(after)),
        breaches=int(np.count_nonzero(after)),
        proof=_resurrection(facts, int(rows[after][0]), int(ended[after][0]))
        if after.any()
        else "",
        first_seq=int(facts.record.integer("seq")[rows[after][0]]) if after.any() else -1,
    )


def _time(facts: Facts, positions: Ints) -> Ints:
    return pick(facts.record.time_ns, positions, 0)


def _resurrection(facts: Facts, execution: int, end: int) -> str:
    record, seq = facts.record, facts.record.integer("seq")
    name = facts.subjects.names[int(facts.subjects.of_row[execution])]
    return (
        f"{name} executed (seq {seq[execution]}) after its {record.text('kind').decode(end)} "
        f"(seq {seq[end]}) at {record.text('vantage').decode(end)}"
    )
