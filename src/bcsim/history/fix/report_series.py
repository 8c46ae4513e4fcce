"""The reports on each order as a series: in the order in which their sender sent them.

A message that was asked for again stands where it was sent first. Of an order that is older than
the log, the first report is believed; behind a gap in the log nothing is compared with what stood
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from bcsim.history.fix.beside import both
from bcsim.history.fix.groups import distinct, in_order, is_any, numbered
from bcsim.history.fix.lifecycle import KINDS, is_first_report
from bcsim.history.fix.messages import CANCEL_REJECT, EXECUTION_REPORT, ORDER, YES
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.lifecycle import Life
    from bcsim.history.fix.messages import Messages
    from bcsim.history.fix.session import Gap

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Number = TypeVar("Number", np.int64, np.float64)

PENDING: Final = "6E"
"""OrdStatus, and ExecType, of a cancel or replace that is pending."""


@dataclass(frozen=True, eq=False)
class Series:
    """Reports on orders at one end after the other, each order's as they were sent.

    All arrays are ``(reports,)``; ``starts`` marks the first of each order, ``follows`` those
    that can be compared with the one before.
    """

    messages: Messages
    rows: Ints
    starts: Bools
    follows: Bools
    is_trade: Bools
    step: Ints
    knows_step: Bools
    is_pending: Bools

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        column: NDArray[np.int64] = self.messages[name][self.rows]
        return column

    def has_status(self, characters: str) -> Bools:
        """Which state one of some OrdStatus."""
        return is_one_of(self["ord_status"], characters)

    def sums(self, values: NDArray[Number]) -> NDArray[Number]:
        """Running sum of ``values`` within each order; of integers exact, as they wrap."""
        total = np.cumsum(values)
        place = np.flatnonzero(self.starts)[np.cumsum(self.starts) - 1]
        running: NDArray[Number] = total - total[place] + values[place]
        return running


def series_of(
    life: Life,
    by_sender: Life,
    messages: Messages,
    order: Ints,
    gaps: Mapping[int, Sequence[Gap]],
) -> Series:
    """Sort the reports, and tell which can be compared with the one before.

    Parameters
    ----------
    life, messages, order
        Messages about orders, in order of time at each end, what they mean, and their orders.
    by_sender
        What they mean by :func:`said_by_sender`.
    gaps
        Unexplained gaps among the answers, by end.
    """
    is_refusal = is_one_of(messages["ord_status"], "8")  # says nothing of what was executed
    rows = np.flatnonzero(is_news(by_sender, messages) & ~is_refusal & (order != NULL_CODE))
    sent_ns = _sent_ns(messages)
    place = by_sender.place
    rows = _as_sent(rows, messages["seq"], sent_ns, place)
    starts = np.ones(len(rows), dtype=np.bool_)
    starts[1:] = place[rows[1:]] != place[rows[:-1]]
    was_told_all, (step, knows_step) = both(
        len(rows),
        lambda: _was_told_all(life.place, messages, order, rows),
        lambda: _steps(messages, by_sender, rows),
    )
    follows = ~starts | was_told_all
    follows &= ~_behind_a_gap(messages, life.place, rows, gaps)
    return Series(
        messages=messages,
        rows=rows,
        starts=starts,
        follows=follows,
        is_trade=life.is_trade[rows],
        step=step,
        knows_step=knows_step,
        is_pending=_pending(by_sender, messages, sent_ns)[rows],
    )


def _as_sent(rows: Ints, seq: Ints, sent_ns: Ints, place: Ints) -> Ints:
    """Sort rows by place, time and number; mostly those of a place are in order."""
    found = rows[in_order(place[rows])]
    at, when, number = place[found], sent_ns[found], seq[found]
    falls = (when[1:] < when[:-1]) | ((when[1:] == when[:-1]) & (number[1:] < number[:-1]))
    if (falls & (at[1:] == at[:-1])).any():
        found = rows[np.lexsort((seq[rows], sent_ns[rows], place[rows]))]
    return found.astype(np.int64, copy=False)


def said_by_sender(life: Life, messages: Messages) -> Life:
    """The same with a place for each order at each end in the words of each sender.

    A gateway's log has what the venue says, and what the gateway makes of it.
    """
    sender = messages["sender"]
    pair = life.place * (int(sender.max(initial=0)) + 2) + sender + 1
    return replace(life, place=numbered(pair))


def _was_told_all(place: Ints, messages: Messages, order: Ints, rows: Ints) -> Bools:
    """Whether the sender of each of ``rows`` had the order from the beginning, and alone.

    One that an order was sent to after another may continue what the other one began.
    """
    entries = np.flatnonzero((messages["type"] == ORDER) & (order != NULL_CODE))
    parties = [messages[name].astype(np.int64) + 1 for name in ("sender", "target")]
    width = int(max(party.max(initial=0) for party in parties)) + 1
    by, to = (party[entries] for party in parties)
    given = distinct((place[entries] * width + by) * width + to)
    differs = np.ones(len(given) + 1, dtype=np.bool_)
    differs[1:-1] = np.diff(given // width) != 0
    alone = given[differs[1:] & differs[:-1]]
    told = alone // (width * width) * width + alone % width
    return np.isin(place[rows] * width + parties[0][rows], told)


def _sent_ns(messages: Messages) -> Ints:
    """When each message was sent first; by its time in the log where that is not known."""
    original = np.where(messages["poss_dup"] == YES, messages["original_ns"], NULL)
    sent = np.where(original == NULL, messages["sending_ns"], original)
    return np.where(sent == NULL, messages["time_ns"], sent)


def _behind_a_gap(
    messages: Messages, place: Ints, rows: Ints, gaps: Mapping[int, Sequence[Gap]]
) -> Bools:
    """Reports between whose order's first message and themselves the log has a gap."""
    behind = np.zeros(len(rows), dtype=np.bool_)
    if not any(gaps.values()):
        return behind
    first_ns = np.full(int(place.max(initial=-1)) + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first_ns, place, messages["time_ns"])
    time_ns, begun_ns = messages["time_ns"][rows], first_ns[place[rows]]
    for end, holes in gaps.items():
        ordered = sorted(holes, key=lambda gap: gap.from_ns)
        if not ordered:
            continue
        begins = np.array([gap.from_ns for gap in ordered], dtype=np.int64)
        ends = np.maximum.accumulate(np.array([gap.to_ns for gap in ordered], dtype=np.int64))
        last = np.searchsorted(begins, time_ns, side="right") - 1
        within = (last >= 0) & (ends[last] >= begun_ns)
        behind |= (messages["end"][rows] == end) & within
    return behind


def _steps(messages: Messages, life: Life, rows: Ints) -> tuple[Ints, Bools]:
    """By how much each report should change CumQty, and whether that is known."""
    last = messages["last_qty"][rows]
    is_trade = life.is_trade[rows]
    busts = life.kind[rows] == KINDS.index(Kind.BUST)
    corrects = life.kind[rows] == KINDS.index(Kind.CORRECT)
    before = _amended_size(messages, life, rows, busts | corrects)
    step = np.where(is_trade, np.where(last > 0, last, 0), 0)
    step = np.where(busts & (before != NULL), -before, step)
    step = np.where(corrects & (before != NULL) & (last > 0), last - before, step)
    known = ~is_trade | (last > 0)
    known &= ~busts | (before != NULL)
    known &= ~corrects | ((before != NULL) & (last > 0))
    restates = messages["exec_type"][rows] == ord("D")
    return step, known & ~restates


def _amended_size(messages: Messages, life: Life, rows: Ints, amends: Bools) -> Ints:
    """Size of the execution that each bust or correction names, after earlier corrections."""
    size = np.full(len(rows), NULL, dtype=np.int64)
    if not amends.any():
        return size
    known: dict[tuple[int, int], int] = {}
    places = np.unique(life.place[rows[amends]])
    about = np.flatnonzero(np.isin(life.place[rows], places))
    last = messages["last_qty"]
    for i in about.tolist():
        row = int(rows[i])
        place = int(life.place[row])
        if life.is_trade[row]:
            known[place, int(messages["exec_id"][row])] = int(last[row])
        elif amends[i]:
            referred = known.get((place, int(messages["exec_ref_id"][row])), NULL)
            size[i] = referred if referred > 0 else NULL
            if last[row] > 0:  # a correction of a correction names either
                known[place, int(messages["exec_ref_id"][row])] = int(last[row])
                known[place, int(messages["exec_id"][row])] = int(last[row])
    return size


def _pending(life: Life, messages: Messages, sent_ns: Ints) -> Bools:
    """Which messages come while a cancel or replace of their order is reported as pending."""
    is_report = messages["type"] == EXECUTION_REPORT
    opens = (
        is_report
        & is_one_of(messages["ord_status"], PENDING)
        & is_one_of(messages["exec_type"], PENDING)
    )
    pending = np.zeros(len(opens), dtype=np.bool_)
    places = np.unique(life.place[opens])
    if not len(places):
        return pending
    closes = is_report & ~opens & ~life.is_trade & (messages["exec_type"] != ord("I"))
    closes |= messages["type"] == CANCEL_REJECT
    rows = np.flatnonzero(np.isin(life.place, places))
    rows = rows[np.lexsort((messages["seq"][rows], sent_ns[rows], life.place[rows]))]
    count = np.arange(len(rows))
    place = life.place[rows]
    begins = np.searchsorted(place, place)
    opened, closed = (
        np.maximum.accumulate(np.where(happens[rows], count, -1)) for happens in (opens, closes)
    )
    opened, closed = (np.concatenate(([-1], last[:-1])) for last in (opened, closed))
    pending[rows] = (opened >= begins) & (opened > closed)
    return pending


def is_news(life: Life, messages: Messages) -> Bools:
    """Reports that are neither repeated nor the answer to a status request."""
    is_report = messages["type"] == EXECUTION_REPORT
    is_status = (messages["exec_type"] == ord("I")) | (messages["trans_type"] == ord("3"))
    is_status |= life.kind == KINDS.index(Kind.ORPHAN)  # a refused repeat is not the order's
    news: Bools = is_report & ~is_status & is_first_report(messages, life.is_trade, life.place)
    return news


def is_one_of(status: NDArray[np.integer], characters: str) -> Bools:
    """Which codes are one of some characters."""
    return is_any(status, map(ord, characters))
