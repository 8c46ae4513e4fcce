"""Where sessions broke and began again, and what that did to orders.

A session began again where a party logged on once more; between its last message before and that
logon, the connection was gone. An order is *cancelled by a disconnect* if its cancellation says
so (ExecRestatementReason 378: 7 on system failure, 12 on connection loss, 13 on logout; FIX 5.0
SP2, 2011-08), or if nobody asked for it, it gives no other reason, and it falls into the break or
shortly after it; unless the order itself asked for that (ExecInst 18: Q on system failure, o on
loss of the connection). An order is *left behind a restart* if it never ended and its session
began again behind its last message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.instructions import gives_way
from bcsim.history.fix.lifecycle import KINDS
from bcsim.history.fix.messages import CANCEL_REQUEST, EXECUTION_REPORT, LOGON, LOGOUT, ORDER
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.fix.lifecycle import Life
    from bcsim.history.fix.messages import Messages

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_BY_DISCONNECT: Final = (7, 12, 13)
_BY_HALT: Final = 6
_ENDED: Final = tuple(map(ord, "248C"))


@dataclass(frozen=True, slots=True)
class Break:
    """A session was gone from its last message before to the logon with which it began again.

    ``is_orderly`` if that last message was a logout, so that nothing failed.
    """

    from_ns: int
    to_ns: int
    is_orderly: bool = False


def breaks_of(traffic: Messages) -> dict[tuple[int, int, int], tuple[Break, ...]]:
    """Breaks by the end of the log and the comp id codes of both parties, the smaller first.

    Parameters
    ----------
    traffic
        What was kept of all messages, with ``end``, in order of time at each end.
    """
    end, sender, target = (traffic[name] for name in ("end", "sender", "target"))
    logons = np.flatnonzero(traffic["type"] == LOGON)
    found: dict[tuple[int, int, int], list[Break]] = {}
    begun: set[tuple[int, int, int]] = set()
    for row in logons.tolist():
        party, other = int(sender[row]), int(target[row])
        direction, session = (int(end[row]), party, other), _session(end[row], party, other)
        if direction in begun:
            mine = (end[:row] == session[0]) & np.isin(sender[:row], session[1:])
            mine &= np.isin(target[:row], session[1:]) & (traffic["type"][:row] != LOGON)
            before = np.flatnonzero(mine)
            if len(before):
                times = traffic["time_ns"]
                last = int(before[-1])
                is_orderly = bool(traffic["type"][last] == LOGOUT)
                one = Break(int(times[last]), int(times[row]), is_orderly)
                found.setdefault(session, []).append(one)
        begun.add(direction)
    return {session: tuple(breaks) for session, breaks in found.items()}


def _session(end: int, party: int, other: int) -> tuple[int, int, int]:
    return int(end), min(party, other), max(party, other)


def cancelled_by_break(
    messages: Messages,
    life: Life,
    order: Ints,
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]],
    settle_ns: int,
) -> Bools:
    """Which messages cancel an order because its session broke, ``(messages,)``.

    ``settle_ns`` is how long after the logon a cancellation still counts as the break's.
    """
    cancels = _cancels(messages, life)
    reason = messages["restatement"]
    asks = (messages["type"] == CANCEL_REQUEST) | gives_way(messages["asks"])
    asked = np.unique(order[asks & (order != NULL_CODE)])
    cancels &= ~np.isin(order, asked)
    found: Bools = cancels & np.isin(reason, _BY_DISCONNECT)
    rows = np.flatnonzero(cancels & (reason == NULL))
    for row in rows.tolist() if breaks else ():
        ends = (messages[name][row] for name in ("end", "sender", "target"))
        time_ns = int(messages["time_ns"][row])
        found[row] = any(
            one.from_ns <= time_ns <= one.to_ns + settle_ns
            for one in breaks.get(_session(*map(int, ends)), ())
        )
    return found


def cancelled_by_halt(messages: Messages, life: Life) -> Bools:
    """Which messages cancel an order because trading was halted, as they say, ``(messages,)``."""
    found: Bools = _cancels(messages, life) & (messages["restatement"] == _BY_HALT)
    return found


def _cancels(messages: Messages, life: Life) -> Bools:
    is_cancel = life.kind == KINDS.index(Kind.CANCEL)
    found: Bools = is_cancel & (messages["type"] == EXECUTION_REPORT)
    return found


def left_behind(
    messages: Messages,
    order: Ints,
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]],
) -> Ints:
    """Orders that never ended and whose session began again behind their last message."""
    none = np.empty(0, dtype=np.int64)
    if not breaks or not (order != NULL_CODE).any():
        return none
    latest_ns: dict[tuple[int, int], int] = {}
    for (_, party, other), those in breaks.items():
        last_ns = max(one.to_ns for one in those)
        latest_ns[party, other] = max(last_ns, latest_ns.get((party, other), last_ns))
    count = int(order.max(initial=-1)) + 1
    last = np.full(count, NULL, dtype=np.int64)
    ended = np.zeros(count, dtype=np.bool_)
    about = order != NULL_CODE
    np.maximum.at(last, order[about], messages["time_ns"][about])
    is_end = (messages["type"] == EXECUTION_REPORT) & np.isin(messages["ord_status"], _ENDED)
    ended[order[about & is_end]] = True
    rows = np.flatnonzero((messages["type"] == ORDER) & about & ~ended[order])
    left = [
        int(order[row])
        for row in rows.tolist()
        if latest_ns.get(_session(0, *_parties(messages, row))[1:], NULL) > last[order[row]]
    ]
    return np.unique(np.array(left, dtype=np.int64)) if left else none


def _parties(messages: Messages, row: int) -> tuple[int, int]:
    return int(messages["sender"][row]), int(messages["target"][row])
