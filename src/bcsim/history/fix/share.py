"""One share of the messages about orders, understood: rows of a history, and what to remark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.columns import concatenate
from bcsim.history.fix.arithmetic import contradictions_of
from bcsim.history.fix.breaks import cancelled_by_break, left_behind
from bcsim.history.fix.chain import orders_of, shared_ids
from bcsim.history.fix.events import (
    PLACE_BITS,
    Seen,
    behind_restart,
    live_work,
    rows_of,
    scales_of,
)
from bcsim.history.fix.legs import parents_of
from bcsim.history.fix.lifecycle import KINDS, life_of
from bcsim.history.fix.log_file import time_ns
from bcsim.history.fix.messages import CL_ORD_IDS, EXEC_IDS, ORDER, Messages
from bcsim.history.fix.texts import coded, names_of
from bcsim.history.fix.transitions import unshown
from bcsim.history.schema import NULL, NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.columns import HistoryColumns
    from bcsim.history.fix.breaks import Break
    from bcsim.history.fix.events import Scales
    from bcsim.history.fix.session import Gap

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Setting:
    """What was learned from all logs together and every share has to know.

    Parameters
    ----------
    end, party, store, zone_ns, begin
        By file: number of its end, comp id code of the party there, 0 for a log or the number
        of the message store, what its clock is ahead of UTC, and the messages in files before.
    ahead_ns
        By end, those of stores behind those of logs: what its clock is ahead of the common one.
    vantages
        By end: the vantage point.
    reported_at
        Vantage point at which the executions that clients are told count as reported, too.
    gaps
        By end: unexplained gaps among the answers.
    texts
        Names of which there are few, by column.
    long
        Long texts by their marks.
    live_ns
        Since when an order counts as being worked on at the end, and when that is.
    links_legs
        Whether an OrderID that reports on two orders share makes them legs of one.
    breaks
        By end and parties: when their session was gone, and began again.
    settle_ns
        How long after that a cancellation nobody asked for still counts as the break's.
    """

    end: Ints
    party: Ints
    store: Ints
    zone_ns: Ints
    begin: Ints
    ahead_ns: Ints
    vantages: tuple[str, ...]
    reported_at: str | None
    gaps: Mapping[int, Sequence[Gap]]
    texts: Mapping[str, Sequence[str]]
    long: Mapping[bytes, bytes]
    live_ns: tuple[int, int]
    links_legs: bool = False
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]] = field(default_factory=dict)
    settle_ns: int = 0


@dataclass(frozen=True, eq=False)
class Remarks:
    """What is kept of a share beside its rows.

    Parameters
    ----------
    scales
        Digits that the values need.
    entered_last_ns
        Time of the last entry of an order; null if there is none.
    changes
        Changes of status that no published matrix shows.
    shared_ids
        ClOrdIDs that several senders used.
    """

    scales: Scales
    entered_last_ns: int
    changes: Counter[tuple[str, str]]
    shared_ids: int


def understood(
    messages: Messages, setting: Setting
) -> tuple[HistoryColumns, NDArray[np.uint64], Remarks]:
    """Tell what the messages of a share mean, given all of them in the order of their files.

    Returns
    -------
    tuple
        Rows without ``seq``, by time, with quantities, prices and amounts in units of 10**-8;
        the place of each among all rows of its time; and what to remark.
    """
    messages, texts = _coded(_placed(messages, setting), setting)
    store = setting.store[messages["file"]]
    seen = [_seen(messages.take(np.flatnonzero(store == 0)), setting)]
    seen += [
        _stored(messages.take(np.flatnonzero(store == number)))
        for number in range(1, int(setting.store.max(initial=0)) + 1)
    ]
    pieces = []
    for number, one in enumerate(seen):
        columns, places = rows_of(one, texts, setting.reported_at)
        pieces.append((columns, places + np.uint64(number << PLACE_BITS)))
    columns, places = _by_time(pieces)
    entries = columns.integer("time_ns")[columns.text("kind").is_in(Kind.SUBMIT)]
    columns, places = live_work(columns, places, setting.live_ns, Vantage.GATEWAY.value)
    first = seen[0]
    left = left_behind(first.messages, first.order, setting.breaks)
    names = [str(texts["cl_ord_id"][code]) for code in left.tolist()]
    columns, places = behind_restart(columns, places, names, setting.live_ns[1])
    remarks = Remarks(
        scales_of(seen),
        int(entries.max(initial=NULL)),
        Counter(unshown(first.life, first.messages, first.order)),
        shared_ids(first.messages, first.order),
    )
    return columns, places, remarks


def _placed(messages: Messages, setting: Setting) -> Messages:
    """The messages on one clock, by end and time."""
    file = messages["file"]
    end = setting.end[file]
    columns = {
        **messages.columns,
        "end": end,
        "is_own": messages["sender"] == setting.party[file],
        "number": messages["number"] + setting.begin[file],
        "time_ns": time_ns(messages, setting.zone_ns[file] + setting.ahead_ns[end]),
    }
    by_time = np.where(setting.store[file] == 0, columns["time_ns"], 0)  # a store is in order
    order = np.lexsort((by_time, end))
    return Messages(columns).take(order)


def _coded(messages: Messages, setting: Setting) -> tuple[Messages, Mapping[str, Sequence[str]]]:
    """The messages with codes in the place of texts, and the texts by code."""
    columns, texts = dict(messages.columns), dict(setting.texts)
    for names in (CL_ORD_IDS, EXEC_IDS, ("text",)):
        codes, distinct = coded([columns[name] for name in names])
        columns.update(zip(names, codes, strict=True))
        texts[names[0]] = names_of(distinct, setting.long)
    return Messages(columns), texts


def _seen(messages: Messages, setting: Setting) -> Seen:
    """What the logs show of orders."""
    order = orders_of(messages, messages["type"], _id_count(messages))
    order = _through_rejects(messages, order)
    meaning = life_of(messages, messages["type"], messages["end"], order)
    wrong = contradictions_of(meaning, messages, order, setting.gaps)
    end = messages["end"]
    return Seen(
        messages,
        meaning,
        order,
        messages["time_ns"],
        end,
        setting.vantages,
        wrong,
        parents_of(messages, order) if setting.links_legs else None,
        cancelled_by_break(messages, meaning, order, setting.breaks, setting.settle_ns),
    )


def _stored(messages: Messages) -> Seen:
    """What a message store shows: orders handed to the engine, and reports that it holds."""
    end = np.zeros(len(messages), dtype=np.int64)
    own = np.ones(len(messages), dtype=np.bool_)
    messages = Messages({**messages.columns, "end": end, "is_own": own})
    order = orders_of(messages, messages["type"], _id_count(messages))
    meaning = life_of(messages, messages["type"], end, order)
    routed = np.where(messages["type"] == ORDER, KINDS.index(Kind.ROUTE), meaning.kind)
    meaning = replace(meaning, kind=routed)
    return Seen(messages, meaning, order, messages["time_ns"], end, (Vantage.ENGINE_STORE.value,))


def _id_count(messages: Messages) -> int:
    return max(int(messages[name].max(initial=NULL_CODE)) for name in CL_ORD_IDS) + 1


def _through_rejects(messages: Messages, order: Ints) -> Ints:
    """Find the orders of rejects that name a message by its number only (RefSeqNum)."""
    lost = np.flatnonzero((order == NULL_CODE) & (messages["ref_seq"] != NULL))
    if not len(lost):
        return order
    found = order.copy()
    known = np.flatnonzero(order != NULL_CODE)
    sent = zip(*(messages[n][known].tolist() for n in ("end", "sender", "seq")), strict=True)
    by_message = dict(zip(sent, order[known].tolist(), strict=True))
    refused = zip(*(messages[n][lost].tolist() for n in ("end", "target", "ref_seq")), strict=True)
    found[lost] = [by_message.get(key, NULL_CODE) for key in refused]
    return found


def _by_time(
    pieces: Sequence[tuple[HistoryColumns, NDArray[np.uint64]]],
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Rows of logs and stores together, by time and place."""
    pieces = [piece for piece in pieces if len(piece[1])] or [pieces[0]]
    if len(pieces) == 1:
        return pieces[0]
    columns = concatenate([piece for piece, _ in pieces])
    places = np.concatenate([place for _, place in pieces])
    order = np.lexsort((places, columns.integer("time_ns")))
    return columns.take(order), places[order]
