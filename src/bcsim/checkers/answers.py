"""What the firm said about each order, and what the client was told.

"Told" means an event at vantage point ``client``. All arrays are positions of ``(orders,)``;
NEVER where nothing of the sort was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import (
    NEVER,
    counts_of,
    earliest,
    first_positions,
    happened,
    last_positions,
    latest,
)
from bcsim.history.schema import NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.record import Record
    from bcsim.checkers.subjects import Subjects

END_KINDS: Final = (Kind.REJECT, Kind.CANCEL, Kind.EXPIRE, Kind.BUST)
"""Kinds that end an order without executing it; a bust ends it by taking its execution back."""

_NOTICES: Final = {
    Kind.REJECT: "rejected",
    Kind.CANCEL: "cancelled",
    Kind.EXPIRE: "expired",
    Kind.BUST: "busted",
    Kind.CONFIRM: "executed",
}
"""Subject of a notice that tells the client the same as the event of that kind would."""

EXECUTED_KINDS: Final = (Kind.CONFIRM, Kind.SETTLE)
"""Kinds that tell the client of an execution: the confirmation, and the note of its settlement."""

UNTRUE: Final = "false"
"""``reason`` of a notice whose content was not true."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Positions of answers by order.

    Parameters
    ----------
    acknowledged_first
        First acknowledgement told to the client.
    accepted_first
        First acknowledgement by anybody in the firm: the receipt of the order.
    answered_first
        First time that the client was told anything definite: accepted, executed or ended.
    told_last, told_first
        By kind of end: last and first time that the client was told of it.
    ended_last
        By kind of end: last time that anybody in the firm reported it.
    notice_confirmed_last
        Last true notice "executed" that names no execution; confirmation or settlement likewise.
    corrected_last
        Last true notice of any other content, or correction told.
    untrue_last
        Last notice whose content was not true.
    entered_last
        Last entry by the client.
    moved_last
        Last entry, resend or acceptance anywhere: a refusal before it was not the end.
    entries
        Number of entries by the client: more than one means that it lost its patience.
    """

    acknowledged_first: Ints
    accepted_first: Ints
    answered_first: Ints
    told_last: dict[Kind, Ints]
    told_first: dict[Kind, Ints]
    ended_last: dict[Kind, Ints]
    notice_confirmed_last: Ints
    corrected_last: Ints
    untrue_last: Ints
    entered_last: Ints
    moved_last: Ints
    entries: Ints

    @property
    def end_told(self) -> Ints:
        """Last time that the client was told an end that still stood then.

        A refusal after which the client entered the order again was not its end.
        """
        refused = self.told_last[Kind.REJECT]
        refused = np.where(refused > self.entered_last, refused, NEVER)
        return latest(refused, *(self.told_last[kind] for kind in END_KINDS[1:]))

    @property
    def has_ended(self) -> Bools:
        """Whether anybody reported an end of the order after which it did not move again."""
        refused = self.ended_last[Kind.REJECT] > self.moved_last
        others = latest(*(self.ended_last[kind] for kind in END_KINDS[1:]))
        return refused | happened(others) | happened(self.end_told)


def answers_of(record: Record, subjects: Subjects) -> Answers:
    """Collect every answer in ``record``."""

    def last(rows: Ints) -> Ints:
        rows, orders = _placed(rows, subjects)
        return last_positions(subjects.order_count, orders, rows)

    def first(rows: Ints) -> Ints:
        rows, orders = _placed(rows, subjects)
        return first_positions(subjects.order_count, orders, rows)

    notices = record.told(Kind.NOTIFY)
    is_untrue = record.has_text("reason", notices, UNTRUE)
    told = {kind: _told(record, kind, notices[~is_untrue]) for kind in (*END_KINDS, Kind.CONFIRM)}
    acknowledged = first(record.told(Kind.ACKNOWLEDGE))
    told_first = {kind: first(told[kind]) for kind in told}
    entries = record.told(Kind.SUBMIT, Kind.RESEND)
    moves = np.sort(
        np.concatenate((record.rows(Kind.SUBMIT, Kind.RESEND), record.in_firm(Kind.ACKNOWLEDGE)))
    )
    return Answers(
        acknowledged_first=acknowledged,
        accepted_first=first(record.in_firm(Kind.ACKNOWLEDGE)),
        answered_first=earliest(acknowledged, *told_first.values()),
        told_last={kind: last(told[kind]) for kind in END_KINDS},
        told_first={kind: told_first[kind] for kind in END_KINDS},
        ended_last={kind: last(record.in_firm(kind)) for kind in END_KINDS},
        notice_confirmed_last=last(unnamed_tellings(record)),
        corrected_last=latest(
            last(record.told(Kind.CORRECT)), last(_others(record, notices[~is_untrue]))
        ),
        untrue_last=last(notices[is_untrue]),
        entered_last=last(entries),
        moved_last=last(moves),
        entries=counts_of(subjects.order_count, _placed(entries, subjects)[1]),
    )


def unnamed_tellings(record: Record) -> Ints:
    """Rows that truly tell the client of an execution and name none, ascending."""
    notices = record.told(Kind.NOTIFY)
    notices = notices[~record.has_text("reason", notices, UNTRUE)]
    rows = _told(record, Kind.CONFIRM, notices)
    unnamed: Ints = rows[record.codes("exec_id")[rows] == NULL_CODE]
    return unnamed


def _placed(rows: Ints, subjects: Subjects) -> tuple[Ints, Ints]:
    rows = rows[subjects.order_of_row[rows] != NEVER]
    return rows, subjects.order_of_row[rows]


def _told(record: Record, kind: Kind, notices: Ints) -> Ints:
    """Rows that tell the client of ``kind``: the event itself, or a notice that says so."""
    saying = notices[record.has_text("subject", notices, _NOTICES[kind])]
    events = record.told(*(EXECUTED_KINDS if kind is Kind.CONFIRM else (kind,)))
    return np.sort(np.concatenate((events, saying)))


def _others(record: Record, notices: Ints) -> Ints:
    return notices[~record.has_text("subject", notices, *_NOTICES.values())]
