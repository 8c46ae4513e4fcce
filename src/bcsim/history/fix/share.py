"""One share of the messages about orders, understood: rows of a history, and what to remark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import concatenate
from bcsim.history.fix.arithmetic import contradictions_of
from bcsim.history.fix.beside import both
from bcsim.history.fix.breaks import cancelled_by_break, cancelled_by_halt, left_behind
from bcsim.history.fix.chain import orders_of, shared_ids
from bcsim.history.fix.elsewhere import SECOND_ORDERS, found_in, one_name_each
from bcsim.history.fix.events import (
    CAUSES,
    PLACE_BITS,
    Seen,
    rows_of,
    scales_of,
)
from bcsim.history.fix.failures import owed_by, undecided
from bcsim.history.fix.legs import parents_of
from bcsim.history.fix.lifecycle import KINDS, life_of, without_legs
from bcsim.history.fix.log_file import time_ns
from bcsim.history.fix.marks import behind_restart, left_open, live_work, owed_in_failures
from bcsim.history.fix.messages import CL_ORD_IDS, EXEC_IDS, ORDER, Messages
from bcsim.history.fix.texts import coded, keys_of, names_of
from bcsim.history.fix.transitions import unshown
from bcsim.history.profile import DISCONNECT, HALT
from bcsim.history.schema import NULL, NULL_CODE, Kind, Vantage
from bcsim.history.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.columns import HistoryColumns
    from bcsim.history.fix.breaks import Break
    from bcsim.history.fix.elsewhere import Elsewhere
    from bcsim.history.fix.events import Scales
    from bcsim.history.fix.failures import Owed
    from bcsim.history.fix.lifecycle import Life
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
    elsewhere
        The names that other records use, if there are any.
    mass_cancels
        Time of the last mass cancellation, by the parties of its session.
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
    elsewhere: Elsewhere | None = None
    mass_cancels: Mapping[tuple[int, int], int] = field(default_factory=dict)


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
    ties
        Names that other records use for what is in this share.
    """

    scales: Scales
    entered_last_ns: int
    changes: Counter[tuple[str, str]]
    shared_ids: int
    ties: Ties


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
    messages, texts, keys = _coded(_placed(messages, setting), setting)
    store = setting.store[messages["file"]]
    seen = [_seen(messages.take(np.flatnonzero(store == 0)), setting, keys)]
    seen += [
        _stored(messages.take(np.flatnonzero(store == number)))
        for number in range(1, int(setting.store.max(initial=0)) + 1)
    ]
    ties = Ties()
    if setting.elsewhere is not None:
        seen, ties = _tied(seen, setting.elsewhere, texts, keys)
    (columns, places), (failed, remarks) = both(
        len(messages),
        lambda: _drawn_up(seen, texts, setting),
        lambda: (_failed(seen[0], setting), _remarked(seen, ties)),
    )
    columns, places = live_work(columns, places, setting.live_ns, Vantage.GATEWAY.value)
    columns, places = _marked(columns, places, failed, texts["cl_ord_id"], setting.live_ns[1])
    return columns, places, remarks


def _drawn_up(
    seen: Sequence[Seen], texts: Mapping[str, Sequence[str]], setting: Setting
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Rows of logs and stores together."""
    pieces = []
    for number, one in enumerate(seen):
        columns, places = rows_of(one, texts, setting.reported_at)
        pieces.append((columns, places + np.uint64(number << PLACE_BITS)))
    return _by_time(pieces)


def _remarked(seen: Sequence[Seen], ties: Ties) -> Remarks:
    first = seen[0]
    entered = [one.time_ns[one.life.kind == _SUBMIT] for one in seen]
    return Remarks(
        scales_of(seen),
        max(int(times.max(initial=NULL)) for times in entered),
        Counter(unshown(first.life, first.messages, first.order)),
        shared_ids(first.messages, first.order),
        ties,
    )


_SUBMIT: Final = KINDS.index(Kind.SUBMIT)


@dataclass(frozen=True, eq=False)
class _Failed:
    """Orders about which the logs show more in failures: left behind, undecided, or owed."""

    left: Ints
    undecided: Ints
    owed: Sequence[Owed]


def _failed(seen: Seen, setting: Setting) -> _Failed:
    messages, order = seen.messages, seen.order
    return _Failed(
        left_behind(messages, order, setting.breaks),
        undecided(messages, order, seen.life.is_trade, setting.mass_cancels),
        owed_by(messages, order, setting.breaks, setting.settle_ns),
    )


def _marked(
    columns: HistoryColumns,
    places: NDArray[np.uint64],
    failed: _Failed,
    ids: Sequence[str],
    last_ns: int,
) -> tuple[HistoryColumns, NDArray[np.uint64]]:
    """Add what the logs show of failures."""
    count = len(places)
    names = [str(ids[code]) for code in failed.left.tolist()]
    columns, places = behind_restart(columns, places, names, last_ns)
    names = [str(ids[code]) for code in failed.undecided.tolist()]
    columns, places = left_open(columns, places, names, last_ns)
    columns, places = owed_in_failures(columns, places, failed.owed, ids, last_ns)
    if len(places) == count:
        return columns, places
    rows = np.lexsort((places, columns.integer("time_ns")))
    return columns.take(rows), places[rows]


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


def _coded(
    messages: Messages, setting: Setting
) -> tuple[Messages, Mapping[str, Sequence[str]], Mapping[str, Ints]]:
    """The messages with codes in the place of texts; the texts by code, and a key for each."""
    columns, texts = dict(messages.columns), dict(setting.texts)
    keys: dict[str, Ints] = {}
    of_orders, of_others = both(
        len(messages),
        lambda: [_coded_alike(messages, CL_ORD_IDS, setting)],
        lambda: [_coded_alike(messages, names, setting) for names in (EXEC_IDS, ("text",))],
    )
    for (first, *_), codes, named, key in (*of_orders, *of_others):
        columns.update(codes)
        texts[first], keys[first] = named, key
    return Messages(columns), texts, keys


def _coded_alike(
    messages: Messages, names: Sequence[str], setting: Setting
) -> tuple[Sequence[str], dict[str, Ints], Sequence[str], Ints]:
    """Names of columns of one kind of id; their codes; the texts by code, and a key for each."""
    codes, distinct = coded([messages[name] for name in names])
    by_name = dict(zip(names, codes, strict=True))
    return names, by_name, names_of(distinct, setting.long), keys_of(distinct)


def _seen(messages: Messages, setting: Setting, keys: Mapping[str, Ints]) -> Seen:
    """What the logs show of orders."""
    order = orders_of(messages, messages["type"], _id_count(messages))
    order = _through_rejects(messages, order)
    messages = without_legs(messages)
    parent = parents_of(messages, order) if setting.links_legs else None
    messages = one_name_each(messages, order, parent, keys["exec_id"])
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
        parent,
        _causes(messages, meaning, order, setting),
    )


def _tied(
    seen: Sequence[Seen],
    elsewhere: Elsewhere,
    texts: Mapping[str, Sequence[str]],
    keys: Mapping[str, Ints],
) -> tuple[list[Seen], Ties]:
    """What other records call the orders and executions that are seen.

    An order that was entered before under the same SecondaryClOrdID is the parent of the later.
    """
    names = (*SECOND_ORDERS.values(), "second_exec_id", "exec_id")
    both = Messages({n: np.concatenate([one.messages[n] for one in seen]) for n in names})
    order = np.concatenate([_first_leg(one) for one in seen])
    found = found_in(both, order, elsewhere, keys["cl_ord_id"], keys["exec_id"])
    ends = np.cumsum([len(one.order) for one in seen])[:-1]
    tied = [
        replace(one, parent=_filled(one.parent, parent))
        for one, parent in zip(seen, np.split(found.parent, ends), strict=True)
    ]
    ids, executions = texts["cl_ord_id"], texts["exec_id"]
    return tied, Ties(
        {name: str(ids[code]) for name, code in found.orders.items()},
        {name: str(executions[code]) for name, code in found.executions.items()},
        found.counts,
        found.doubtful,
    )


def _first_leg(seen: Seen) -> Ints:
    """Order of each message, or that as which a broker received it."""
    if seen.parent is None:
        return seen.order
    return np.where(seen.parent == NULL_CODE, seen.order, seen.parent)


def _filled(parent: Ints | None, by: Ints) -> Ints | None:
    """Parents that are known, and others where they are not."""
    if parent is None:
        return by if bool((by != NULL_CODE).any()) else None
    return np.where(parent == NULL_CODE, by, parent)


def _causes(messages: Messages, meaning: Life, order: Ints, setting: Setting) -> Ints:
    """Why each message cancels an order, a place in ``CAUSES``; -1 if for no such cause."""
    broken = cancelled_by_break(messages, meaning, order, setting.breaks, setting.settle_ns)
    halted = cancelled_by_halt(messages, meaning)
    causes = [CAUSES.index(cause) for cause in (DISCONNECT, HALT)]
    found: Ints = np.select([broken, halted], causes, NULL_CODE)
    return found


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
