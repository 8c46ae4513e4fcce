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

from bcsim.checkers.arrays import NEVER, happened, paired, tri
from bcsim.checkers.base import Checked
from bcsim.checkers.queues import Queues
from bcsim.history.schema import NULL, Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts


def check(facts: Facts) -> Checked:
    """Gather the queues: whom somebody overtook shows when all shares are compared."""
    none = np.zeros(facts.subjects.count, dtype=np.bool_)
    if not facts.record.claims(Kind.CONTROL_FAIL):
        reason = "controls are not recorded, so a held order looks like an overtaken one"
        return Checked({Flag.OVERTAKEN: tri(none, ~none)}, unjudged={Flag.OVERTAKEN: reason})
    return Checked({Flag.OVERTAKEN: tri(none, none)}, queues=queues_of(facts))


def overtaken(queues: Queues, clock_error_ns: int) -> Bools:
    """Which orders a later one overtook, by more than the clocks that saw them may differ."""
    margin_ns = clock_error_ns if len(queues.vantages) > 1 else 0
    return _overtaken(queues.queue, queues.received_ns, queues.executed_ns, margin_ns)


def overtaker(queues: Queues, subject: int) -> int:
    """Subject that overtook ``subject`` and executed first; -1 if none did."""
    received_ns, executed_ns = queues.received_ns, queues.executed_ns
    for mine in np.flatnonzero(queues.subject == subject):
        later = (queues.queue == queues.queue[mine]) & (received_ns > received_ns[mine])
        ahead = np.flatnonzero(later & (executed_ns < executed_ns[mine]))
        if len(ahead):
            return int(queues.subject[ahead[np.argmin(executed_ns[ahead])]])
    return NEVER


def joined(pieces: Sequence[Queues], subjects: Sequence[Ints]) -> Queues:
    """Queues of several shares as one; ``subjects`` are the numbers of each share's among all."""
    place_by_key: dict[tuple[str | int | None, ...], int] = {}
    queue = []
    for piece in pieces:
        places = [place_by_key.setdefault(key, len(place_by_key)) for key in piece.keys]
        queue.append(np.array(places, dtype=np.int64)[piece.queue])
    subject = np.concatenate(
        [numbers[piece.subject] for piece, numbers in zip(pieces, subjects, strict=True)]
    )
    order = np.argsort(subject, kind="stable")

    def taken(values: Iterable[Ints]) -> Ints:
        found: Ints = np.concatenate(list(values))[order]
        return found

    return Queues(
        subject=subject[order],
        queue=taken(queue),
        keys=tuple(place_by_key),
        received_ns=taken(piece.received_ns for piece in pieces),
        executed_ns=taken(piece.executed_ns for piece in pieces),
        start_ns=taken(piece.start_ns for piece in pieces),
        size=taken(piece.size for piece in pieces),
        vantages=frozenset().union(*(piece.vantages for piece in pieces)),
    )


def queues_of(facts: Facts) -> Queues:
    """Orders that take part, the queue of each, and when it was received and executed."""
    record, subjects = facts.record, facts.subjects
    received = facts.answers.accepted_first
    executed = facts.executions.first_rows(subjects.order_count, facts.executions.order)
    orders = np.flatnonzero(happened(received) & happened(executed) & _takes_part(facts))
    orders = orders[np.argsort(subjects.of_order[orders], kind="stable")]
    subject = subjects.of_order[orders]
    queue, keys = _numbered(facts, orders)
    places = np.unique(record.codes("vantage")[executed[orders]])
    size = facts.wishes.size[subject]
    return Queues(
        subject=subject,
        queue=queue,
        keys=keys,
        received_ns=record.time_ns[received[orders]],
        executed_ns=record.time_ns[executed[orders]],
        start_ns=facts.wishes.start_ns[subject],
        size=np.where(size == NULL, 0, size),
        vantages=frozenset(record.text("vantage").name(int(code)) for code in places),
    )


def _takes_part(facts: Facts) -> Bools:
    """Orders of subjects that nothing but the queue delays, ``(orders,)``."""
    record, subjects = facts.record, facts.subjects
    kinds = (Kind.CONTROL_FAIL, Kind.CANCEL_REQUEST, Kind.REPLACE_REQUEST)
    rows = np.concatenate((record.rows(*kinds), record.told(Kind.RESEND)))
    held = np.zeros(subjects.count, dtype=np.bool_)
    held[subjects.of_row[rows[subjects.of_row[rows] != NEVER]]] = True
    apart = held | facts.wishes.is_limit | ~facts.wishes.is_known | (subjects.orders_of > 1)
    return ~apart[subjects.of_order]


def _numbered(facts: Facts, orders: Ints) -> tuple[Ints, tuple[tuple[str | int | None, ...], ...]]:
    """Queue that each order stood in: where it was received, for what, in which class."""
    record, wishes = facts.record, facts.wishes
    subject = facts.subjects.of_order[orders]
    columns = {
        "vantage": record.codes("vantage")[facts.answers.accepted_first[orders]],
        "instrument": wishes.codes("instrument")[subject],
        "side": wishes.codes("side")[subject],
    }
    queue = np.zeros(len(orders), dtype=np.int64)
    for codes in columns.values():
        queue = paired(queue, codes + 1)
    priority = wishes.integer("priority")[subject]
    queue = paired(queue, np.unique(priority, return_inverse=True)[1].astype(np.int64))
    _, some, number = np.unique(queue, return_index=True, return_inverse=True)
    keys = tuple(
        (
            *(record.text(name).name(int(codes[row])) for name, codes in columns.items()),
            int(priority[row]),
        )
        for row in some.tolist()
    )
    return number.astype(np.int64), keys


def _overtaken(queue: Ints, received_ns: Ints, executed_ns: Ints, margin_ns: int = 0) -> Bools:
    """Whether an order of the same queue, received strictly later, executed strictly earlier.

    Earlier by more than ``margin_ns``, that is.

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
