"""Whether orders got what they asked for in a failure that the logs show, or nobody can tell.

A *failure* is seen where a session that was not logged out began again, or where a report says so
(ExecRestatementReason 378: 6 on a trading halt, 7 on a system failure, 12 on the loss of the
connection; FIX 5.0 SP2, 2011-08). A session that is lost counts as a failure of the system, too:
it interrupts the routing of orders. Halts are known by such a report only.

An order is *owed* what it asked for (ExecInst) if it had been accepted, had not ended before the
failure, and all its requests ask for the same; requests that differ leave open what was agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.instructions import (
    CONNECTION_LOSS,
    INSTRUCTIONS,
    SYSTEM_FAILURE,
    TRADING_HALT,
)
from bcsim.history.fix.lifecycle import of_leg
from bcsim.history.fix.messages import (
    EXECUTION_REPORT,
    MASS_CANCEL_REPORT,
    ORDER,
    REPLACE_REQUEST,
    YES,
)
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.fix.breaks import Break
    from bcsim.history.fix.instructions import Instruction
    from bcsim.history.fix.messages import Messages

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_REASONS: Final = {6: TRADING_HALT, 7: SYSTEM_FAILURE, 12: CONNECTION_LOSS}
"""ExecRestatementReason of a report that a failure brought about."""

_NEVER_NS: Final = int(np.iinfo(np.int64).max)
_UNACCEPTED: Final = tuple(map(ord, "8A"))
_ENDED: Final = tuple(map(ord, "248C"))


@dataclass(frozen=True, eq=False)
class Owed:
    """What orders were owed by one instruction: their codes, and by when at the latest."""

    instruction: Instruction
    order: Ints
    time_ns: Ints


def owed_by(
    messages: Messages,
    order: Ints,
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]],
    settle_ns: int,
) -> list[Owed]:
    """What each order was owed because a failure was seen, by instruction.

    Parameters
    ----------
    messages
        Messages about orders, on one clock.
    order
        Their orders.
    breaks
        By end and parties of a session: when it was gone.
    settle_ns
        How long after a session began again what was on its way may still come in.
    """
    if not messages["asks"].any():
        return []
    asked = _asked(messages, order)
    found = []
    for bit, instruction in enumerate(INSTRUCTIONS):
        wanting = (asked & (1 << bit)) != 0
        if not wanting.any():
            continue
        pairs = [_by_report(messages, order, wanting, instruction.failure)]
        if instruction.failure != TRADING_HALT:
            pairs += _by_breaks(messages, order, wanting, breaks, settle_ns)
        orders, times = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        if len(orders):
            found.append(Owed(instruction, orders, times))
    return found


def _asked(messages: Messages, order: Ints) -> Ints:
    """Bits that all requests of each order have in common, if they do not differ, ``(orders,)``."""
    count = int(order.max(initial=-1)) + 1
    request = np.isin(messages["type"], (ORDER, REPLACE_REQUEST)) & (order != NULL_CODE)
    rows = np.flatnonzero(request)
    least, most = np.full(count, 255, dtype=np.int64), np.zeros(count, dtype=np.int64)
    np.minimum.at(least, order[rows], messages["asks"][rows])
    np.maximum.at(most, order[rows], messages["asks"][rows])
    return np.where(least == most, most, 0)


def _by_report(messages: Messages, order: Ints, wanting: Bools, failure: str) -> tuple[Ints, Ints]:
    """Orders of which a report says that a failure brought it about, and its time."""
    reasons = [reason for reason, of in _REASONS.items() if of == failure]
    rows = np.flatnonzero(np.isin(messages["restatement"], reasons) & (order != NULL_CODE))
    rows = rows[wanting[order[rows]] & (messages["type"][rows] == EXECUTION_REPORT)]
    return order[rows], messages["time_ns"][rows]


def _by_breaks(
    messages: Messages,
    order: Ints,
    wanting: Bools,
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]],
    settle_ns: int,
) -> list[tuple[Ints, Ints]]:
    """Orders that were open when their session was lost, and when all had come in again.

    Reports sent again (PossDup) are of the time before, however late they come.
    """
    lost = _lost_sessions(breaks)
    if not lost:
        return []
    count = len(wanting)
    times = messages["time_ns"]
    report = (messages["type"] == EXECUTION_REPORT) & (order != NULL_CODE)
    status = messages["ord_status"]
    accepted = _first_ns(count, order, times, report & ~np.isin(status, _UNACCEPTED))
    ended = _first_ns(count, order, times, report & np.isin(status, _ENDED))
    repeated = np.zeros(count, dtype=np.int64)
    again = report & (messages["poss_dup"] == YES)
    np.maximum.at(repeated, order[again], times[again])
    party, other = _parties(messages, order, count)
    found = []
    for (one, two), spans in lost.items():
        mine = wanting & (party == one) & (other == two)
        for from_ns, to_ns in spans:
            open_then = np.flatnonzero(mine & (accepted <= from_ns) & (ended > from_ns))
            latest = np.maximum(repeated[open_then], to_ns + settle_ns)
            found.append((open_then, latest))
    return found


def _lost_sessions(
    breaks: Mapping[tuple[int, int, int], tuple[Break, ...]],
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """When each session was lost, both ends' logs together; not where it was logged out."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (_, party, other), those in breaks.items():
        spans = [(one.from_ns, one.to_ns) for one in those if not one.is_orderly]
        found.setdefault((party, other), []).extend(spans)
    merged: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for session, spans in found.items():
        for from_ns, to_ns in sorted(spans):
            last = merged.setdefault(session, [])
            if last and from_ns <= last[-1][1]:
                last[-1] = (last[-1][0], max(last[-1][1], to_ns))
            else:
                last.append((from_ns, to_ns))
    return {session: spans for session, spans in merged.items() if spans}


def _first_ns(count: int, order: Ints, times: Ints, chosen: Bools) -> Ints:
    """Time of the first of the chosen messages of each order; later than any if there is none."""
    first = np.full(count, _NEVER_NS, dtype=np.int64)
    np.minimum.at(first, order[chosen], times[chosen])
    return first


def _parties(messages: Messages, order: Ints, count: int) -> tuple[Ints, Ints]:
    """Codes of both parties of the session in which each order was entered, smaller first."""
    rows = np.flatnonzero((messages["type"] == ORDER) & (order != NULL_CODE))[::-1]
    party, other = np.full((2, count), NULL_CODE, dtype=np.int64)
    sender, target = messages["sender"][rows], messages["target"][rows]
    party[order[rows]], other[order[rows]] = np.minimum(sender, target), np.maximum(sender, target)
    return party, other


# -- what nobody can tell --------------------------------------------------------------------


def undecided(
    messages: Messages, order: Ints, is_trade: Bools, mass_cancels: Mapping[tuple[int, int], int]
) -> Ints:
    """Orders of which the reports leave open whether they ended, or how much was executed.

    That is an order of which nothing is heard since orders of its session were cancelled all
    together (OrderMassCancelReport, which may name them or not), and a multileg order of which
    only single legs were reported.

    Parameters
    ----------
    is_trade
        Which messages report an execution.
    mass_cancels
        Time of the last report of that kind that refuses nothing, by the parties of its session.
    """
    count = int(order.max(initial=-1)) + 1
    legs = of_leg(messages) & (messages["exec_type"] == ord("F")) & (order != NULL_CODE)
    found = np.setdiff1d(order[legs], order[is_trade])
    if not mass_cancels:
        return found
    times = messages["time_ns"]
    report = (messages["type"] == EXECUTION_REPORT) & (order != NULL_CODE)
    ended = _first_ns(count, order, times, report & np.isin(messages["ord_status"], _ENDED))
    last = np.full(count, NULL, dtype=np.int64)
    np.maximum.at(last, order[order != NULL_CODE], times[order != NULL_CODE])
    party, other = _parties(messages, order, count)
    for (one, two), time_ns in mass_cancels.items():
        mine = (party == one) & (other == two) & (ended == _NEVER_NS) & (last <= time_ns)
        found = np.union1d(found, np.flatnonzero(mine))
    return found


def mass_cancels_of(traffic: Messages) -> dict[tuple[int, int], int]:
    """Time of the last mass cancellation of each session that was not refused."""
    response = traffic["mass_response"]
    is_done = (traffic["type"] == MASS_CANCEL_REPORT) & (response != 0) & (response != ord("0"))
    found: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(is_done).tolist():
        sender, target = int(traffic["sender"][row]), int(traffic["target"][row])
        session = (min(sender, target), max(sender, target))
        found[session] = max(int(traffic["time_ns"][row]), found.get(session, NULL))
    return found
