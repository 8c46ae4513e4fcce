"""Ordering: whoever was received first is executed first, within a priority class.

*A* was overtaken by *B* when both were received at the same vantage point, *A* strictly before
*B*, both are for the same instrument, side and priority class, both executed, and *B* executed
strictly before *A*. Limit orders take no part: their price decides when they execute. Nor does
an order that a control held up, or that the client re-entered, cancelled or changed: its delay
has a reason of its own. At the trace level ``outcomes`` controls are not recorded, so nothing
is claimed. Where executions were seen at several vantage points, what lies within the error of
their clocks is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, happened, paired, tri
from bcsim.checkers.base import Checked
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts


def check(facts: Facts) -> Checked:
    """Mark intents that a later one overtook."""
    none = np.zeros(facts.subjects.count, dtype=np.bool_)
    if not facts.record.claims(Kind.CONTROL_FAIL):
        reason = "controls are not recorded, so a held order looks like an overtaken one"
        return Checked({Flag.OVERTAKEN: tri(none, ~none)}, unjudged={Flag.OVERTAKEN: reason})
    orders, queue, received_ns, executed_ns = _queued(facts)
    margin_ns = _margin_ns(facts, orders)
    overtaken = _overtaken(queue, received_ns, executed_ns, margin_ns)
    subject = facts.subjects.of_order[orders]
    maybe = none
    if margin_ns:
        doubtful = _overtaken(queue, received_ns, executed_ns, -margin_ns) & ~overtaken
        maybe = any_of(len(none), subject, doubtful)
    return Checked({Flag.OVERTAKEN: tri(any_of(len(none), subject, overtaken), maybe)})


def overtaker(facts: Facts, subject: int) -> int:
    """Subject that overtook ``subject`` and executed first; -1 if none did."""
    orders, queue, received_ns, executed_ns = _queued(facts)
    subjects = facts.subjects.of_order[orders]
    for mine in np.flatnonzero(subjects == subject):
        later = (queue == queue[mine]) & (received_ns > received_ns[mine])
        ahead = np.flatnonzero(later & (executed_ns < executed_ns[mine]))
        if len(ahead):
            return int(subjects[ahead[np.argmin(executed_ns[ahead])]])
    return NEVER


def _queued(facts: Facts) -> tuple[Ints, Ints, Ints, Ints]:
    """Orders that take part, the queue of each, and when it was received and executed."""
    received = facts.answers.accepted_first
    executed = facts.executions.first_rows(facts.subjects.order_count, facts.executions.order)
    orders = np.flatnonzero(happened(received) & happened(executed) & _takes_part(facts))
    times = facts.record.time_ns
    return orders, _queue(facts, orders), times[received[orders]], times[executed[orders]]


def _takes_part(facts: Facts) -> Bools:
    """Orders of subjects that nothing but the queue delays, ``(orders,)``."""
    record, subjects = facts.record, facts.subjects
    kinds = (Kind.CONTROL_FAIL, Kind.CANCEL_REQUEST, Kind.REPLACE_REQUEST)
    rows = np.concatenate((record.rows(*kinds), record.told(Kind.RESEND)))
    held = np.zeros(subjects.count, dtype=np.bool_)
    held[subjects.of_row[rows[subjects.of_row[rows] != NEVER]]] = True
    apart = held | facts.wishes.is_limit | ~facts.wishes.is_known | (subjects.orders_of > 1)
    return ~apart[subjects.of_order]


def _queue(facts: Facts, orders: Ints) -> Ints:
    """Queue that each order stood in: where it was received, for what, in which class."""
    subject = facts.subjects.of_order[orders]
    queue = facts.record.codes("vantage")[facts.answers.accepted_first[orders]] + 1
    for codes in (facts.wishes.codes("instrument"), facts.wishes.codes("side")):
        queue = paired(queue, codes[subject] + 1)
    _, rank = np.unique(facts.wishes.integer("priority")[subject], return_inverse=True)
    return paired(queue, rank.astype(np.int64))


def _margin_ns(facts: Facts, orders: Ints) -> int:
    """How far execution times may be wrong against each other: 0 if one clock took them all."""
    record = facts.record
    executed = facts.executions.first_rows(facts.subjects.order_count, facts.executions.order)
    vantages = np.unique(record.codes("vantage")[executed[orders]])
    return record.clock_error_ns if len(vantages) > 1 else 0


def _overtaken(queue: Ints, received_ns: Ints, executed_ns: Ints, margin_ns: int = 0) -> Bools:
    """Whether an order of the same queue, received strictly later, executed strictly earlier.

    Earlier by more than ``margin_ns``, that is; a negative margin finds what may have been.

    Sorted by queue and receipt, that is a comparison with the least execution rank among all
    later receipts of the queue: one cumulative minimum from behind, which starts anew at each
    queue because ranks of later queues are all larger.
    """
    if not len(queue):
        return np.zeros(0, dtype=np.bool_)
    queue = np.unique(queue, return_inverse=True)[1].astype(np.int64)
    both = np.concatenate((executed_ns, executed_ns - margin_ns))
    rank, bar = np.split(np.unique(both, return_inverse=True)[1].astype(np.int64), 2)
    order = np.lexsort((received_ns, queue))
    width = int(max(rank.max(), bar.max())) + 1
    level = queue[order] * width + rank[order]  # both are ranks, so this fits
    least_behind = np.minimum.accumulate(level[::-1])[::-1]
    tied = paired(queue[order], np.unique(received_ns, return_inverse=True)[1][order])
    following = np.searchsorted(tied, tied, side="right")  # the first received strictly later
    ends = np.searchsorted(queue[order], queue[order], side="right")
    overtaken = np.zeros(len(queue), dtype=np.bool_)
    has_later = following < ends
    least = least_behind[np.minimum(following, len(queue) - 1)]
    overtaken[order] = has_later & (least < queue[order] * width + bar[order])
    return overtaken
