"""The two legs of an order that a broker passes on: reports on both carry the venue's OrderID.

A broker that numbers orders itself states the venue's in SecondaryOrderID.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.fix.messages import EXECUTION_REPORT, ORDER
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.messages import Messages

    Ints = NDArray[np.int64]


def parents_of(messages: Messages, order: Ints) -> Ints:
    """Order that each message's order was received as, a ClOrdID code; -1 if it was not passed on.

    The first leg was sent to whoever sent the second, before that.

    Parameters
    ----------
    messages
        All messages about orders, in order of time at each end.
    order
        Their orders.
    """
    parent = np.full(int(order.max(initial=-1)) + 2, NULL_CODE, dtype=np.int64)
    by_order = _entries(messages, order)
    for group in _groups(messages, order):
        legs = sorted((by_order[one][0], one) for one in group if one in by_order)
        for (_, before), (_, after) in itertools.pairwise(legs):
            if by_order[before][2] == by_order[after][1]:
                parent[after] = before
    return parent[order]


def _entries(messages: Messages, order: Ints) -> dict[int, tuple[int, int, int]]:
    """Time, sender and target of the first entry of each order."""
    rows = np.flatnonzero((messages["type"] == ORDER) & (order != NULL_CODE))
    rows = rows[np.argsort(messages["time_ns"][rows], kind="stable")]
    columns = (order[rows], *(messages[name][rows] for name in ("time_ns", "sender", "target")))
    found: dict[int, tuple[int, int, int]] = {}
    for one, *entry in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(one, (entry[0], entry[1], entry[2]))
    return found


def _groups(messages: Messages, order: Ints) -> list[list[int]]:
    """Orders on which reports carry one OrderID, or one's as second one, if there are several."""
    is_report = (messages["type"] == EXECUTION_REPORT) & (messages["ord_status"] != ord("8"))
    named = []
    for name in ("order_id", "second_order_id"):
        rows = np.flatnonzero(is_report & (order != NULL_CODE) & (messages[name] != NULL))
        named.append(np.column_stack((messages[name][rows], order[rows])))
    pairs = np.unique(np.concatenate(named), axis=0)
    begins = np.flatnonzero(np.append(True, pairs[1:, 0] != pairs[:-1, 0]))
    groups = np.split(pairs[:, 1], begins[1:])
    return [group.tolist() for group in groups if len(group) > 1]
