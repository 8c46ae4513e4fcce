"""Which messages are about one order: ClOrdID chains, and OrderID where there is no ClOrdID.

A cancel or replace request has a ClOrdID of its own and names the one before in OrigClOrdID
(FIX 4.4 volume 4, 2003-04, appendix D). The order keeps the ClOrdID with which it was entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.history.fix.messages import ORDER, YES
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.messages import Messages

_LINKS_MAX: Final = 64
"""Doublings of a chain that are followed: 2**64 replacements; more is a circle."""


def orders_of(life: Messages, kind: NDArray[np.int64], id_count: int) -> NDArray[np.int64]:
    """ClOrdID code with which each message's order was entered, ``(messages,)``; -1 unknown.

    Parameters
    ----------
    life
        Messages about orders.
    kind
        Their message types.
    id_count
        Number of distinct ClOrdIDs.
    """
    own, before = life["cl_ord_id"].astype(np.int64), life["orig_cl_ord_id"].astype(np.int64)
    order = _roots(own, before, kind, id_count)
    own = np.where(own == NULL_CODE, before, own)
    own = np.where(own == NULL_CODE, life["ref_cl_ord_id"], own)
    found = np.append(order, NULL_CODE)[own]
    return _by_order_id(found, life["order_id"])


def _roots(
    own: NDArray[np.int64], before: NDArray[np.int64], kind: NDArray[np.int64], id_count: int
) -> NDArray[np.int64]:
    """First ClOrdID of the chain that each ClOrdID belongs to, ``(ids,)``."""
    parent = np.arange(id_count, dtype=np.int64)
    links = np.flatnonzero((own >= 0) & (before >= 0) & (own != before) & (kind != ORDER))
    parent[own[links[::-1]]] = before[links[::-1]]
    entered = np.unique(own[(kind == ORDER) & (own >= 0)])
    parent[entered] = entered
    for _ in range(_LINKS_MAX):
        further = parent[parent]
        if np.array_equal(further, parent):
            return parent
        parent = further
    circle = parent[parent] != parent
    parent[circle] = np.flatnonzero(circle)
    return parent


def _by_order_id(order: NDArray[np.int64], order_id: NDArray[np.int64]) -> NDArray[np.int64]:
    """Fill in the order of messages without any ClOrdID by the venue's OrderID."""
    lacking = np.flatnonzero((order == NULL_CODE) & (order_id != NULL))
    if not len(lacking):
        return order
    giving = np.flatnonzero((order != NULL_CODE) & np.isin(order_id, order_id[lacking]))
    known = dict(zip(order_id[giving][::-1].tolist(), order[giving][::-1].tolist(), strict=True))
    found = order.copy()
    found[lacking] = [known.get(key, NULL_CODE) for key in order_id[lacking].tolist()]
    return found


def shared_ids(messages: Messages, order: NDArray[np.int64]) -> int:
    """Count the ClOrdIDs that are used for what cannot be one order, or need not be.

    A ClOrdID is unique for its sender only, and for one trading day only (FIX 4.4 volume 6,
    2003-04, ClOrdID); the same order sent by two senders is one wish, and one sent again after a
    night may be, so orders are told apart by their ClOrdID alone.
    """
    rows = np.flatnonzero((messages["type"] == ORDER) & (order != NULL_CODE))
    terms = np.column_stack(
        [messages[name][rows].astype(np.int64) for name in ("symbol", "side", "qty")]
    )
    first = np.unique(order[rows], return_index=True)[1]
    begin = np.full(int(order.max(initial=0)) + 1, -1, dtype=np.int64)
    begin[order[rows[first]]] = first
    original = begin[order[rows]]
    sender = messages["sender"][rows]
    differs = (terms != terms[original]).any(axis=1) & (sender != sender[original])
    times = messages["time_ns"][rows]
    repeats = (messages["poss_dup"][rows] == YES) | (messages["poss_resend"][rows] == YES)
    differs |= (times - times[original] >= limits.OVERNIGHT_NS) & ~repeats
    return len(np.unique(order[rows][differs]))


def notes_on_shared_ids(count: int) -> list[str]:
    """Warn of ClOrdIDs that are used for what cannot be one order, or need not be."""
    if not count:
        return []
    said = (
        f"{count:,} ClOrdIDs were used by several senders on other terms, or again on another day"
    )
    advice = "judge the logs of each sender, and of each day, by themselves"
    return [f"{said}, and are judged as one order each: {advice}"]
