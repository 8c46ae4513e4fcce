"""The names that other records of a drill use, as keys that the messages of FIX logs may have.

A list of intents, a ledger or an order database knows an order by its ClOrdID, or else by its
SecondaryClOrdID, the venue's OrderID or its SecondaryOrderID; and an execution by its ExecID or
else its SecondaryExecID. Whatever one row names is one order's, so all of it is kin.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.messages import EXEC_IDS, Messages
from bcsim.history.fix.texts import keys_of_names
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.ties import (
    ORDER_ID,
    SECOND_CL_ORD_ID,
    SECOND_EXEC_ID,
    SECOND_ORDER_ID,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.history.columns import TextColumn
    from bcsim.history.history import History

    Keys = NDArray[np.int64]
    Ints = NDArray[np.int64]

_ORDERS: Final = ("order_id", "idem_key", "intent_id", "parent_id")
SECOND_ORDERS: Final = {
    SECOND_CL_ORD_ID: "second_cl_ord_id",
    ORDER_ID: "order_id",
    SECOND_ORDER_ID: "second_order_id",
}
"""Columns of the messages with names of an order besides its ClOrdIDs, in order of fallback."""

_NO_KEYS: Final = np.empty(0, dtype=np.int64)
_ABOUT_TRADES: Final = (Kind.BUST, Kind.CORRECT)


@dataclass(frozen=True, eq=False)
class RowKeys:
    """Keys of each row of a record: its order, its execution, and the one it refers to."""

    owner: Keys
    execution: Keys
    referred: Keys


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """All names of the other records.

    Parameters
    ----------
    records
        Keys of the rows of each.
    links
        Keys of orders that one row names together.
    orders, executions
        Every key, ascending, and the names they are of.
    """

    records: tuple[RowKeys, ...]
    links: tuple[tuple[Keys, Keys], ...]
    orders: Keys
    order_names: tuple[str, ...]
    executions: Keys
    execution_names: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """Rows of all records."""
        return sum(len(one.owner) for one in self.records)


def elsewhere_of(histories: Sequence[History]) -> Elsewhere | None:
    """Collect the names that some records use; None if there are no records."""
    if not histories:
        return None
    records, links = [], []
    orders: list[tuple[Keys, Sequence[str]]] = []
    executions: list[tuple[Keys, Sequence[str]]] = []
    for history in histories:
        owner = np.full(len(history), NULL, dtype=np.int64)
        for name in _ORDERS:
            key, named = _keys(history.columns.text(name))
            orders.append(named)
            both = (owner != NULL) & (key != NULL) & (owner != key)
            links.append((owner[both], key[both]))
            owner = np.where(owner == NULL, key, owner)
        execution, named = _keys(history.columns.text("exec_id"))
        executions.append(named)
        referred, named = _keys(history.columns.text("ref"))
        is_about = history.is_kind(*_ABOUT_TRADES)
        if is_about.any():
            executions.append(named)
        records.append(RowKeys(owner, execution, np.where(is_about, referred, NULL)))
    return Elsewhere(tuple(records), tuple(links), *_distinct(orders), *_distinct(executions))


def _keys(column: TextColumn) -> tuple[Keys, tuple[Keys, Sequence[str]]]:
    """Key of each row, and of each name."""
    keys = keys_of_names(column.names)
    return np.append(keys, NULL)[column.codes], (keys, column.names)


def _distinct(named: Sequence[tuple[Keys, Sequence[str]]]) -> tuple[Keys, tuple[str, ...]]:
    keys = np.concatenate([_NO_KEYS, *(keys for keys, _ in named)])
    names = [str(name) for _, names in named for name in names]
    distinct, first = np.unique(keys, return_index=True)
    first, distinct = first[distinct != NULL], distinct[distinct != NULL]
    return distinct, tuple(names[place] for place in first.tolist())


def among(keys: Keys, names: Keys) -> NDArray[np.bool_]:
    """Which keys are among others, which ascend.

    NOTE: NumPy's own way sorts or hashes the others each time, and there may be a million.
    """
    if not len(names):
        return np.zeros(len(keys), dtype=np.bool_)
    place = np.minimum(np.searchsorted(names, keys), len(names) - 1)
    found: NDArray[np.bool_] = names[place] == keys
    return found


# -- what the names mean ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Found:
    """Names of the other records in a share of the messages.

    Parameters
    ----------
    orders, executions
        Name in the other records -> code of the order or execution.
    counts, doubtful
        As in :class:`bcsim.history.ties.Ties`.
    parent
        Order as which each message's order was entered before, under the same SecondaryClOrdID;
        -1 if it was not.
    """

    orders: dict[str, int]
    executions: dict[str, int]
    counts: Counter[str]
    doubtful: int
    parent: Ints


def found_in(
    messages: Messages, order: Ints, elsewhere: Elsewhere, ids: Keys, executions: Keys
) -> Found:
    """Look up the names of other records that no ClOrdID or ExecID is.

    Parameters
    ----------
    messages
        Messages about orders, in order of time at each end.
    order
        Their orders, codes of ClOrdIDs; -1 unknown.
    ids, executions
        Key of each ClOrdID and each ExecID by its code.
    """
    parent = np.full(len(order), NULL_CODE, dtype=np.int64)
    counts: Counter[str] = Counter()
    orders: dict[str, int] = {}
    doubtful = 0
    taken = np.sort(ids)
    for word, name in SECOND_ORDERS.items():
        key = messages[name].astype(np.int64)
        wanted = among(key, elsewhere.orders) & ~among(key, taken)
        rows = np.flatnonzero((order != NULL_CODE) & wanted)
        if not len(rows):
            continue
        for one, those in _by_key(key[rows], order[rows]):
            if len(those) > 1 and word != SECOND_CL_ORD_ID:
                doubtful += 1
                continue
            orders[_name(one, elsewhere.orders, elsewhere.order_names)] = those[0]
            counts[word] += 1
            again = np.isin(order, those[1:])
            parent[again] = those[0]
        taken = np.union1d(taken, key[rows])
    found: dict[str, int] = {}
    key, code = messages["second_exec_id"].astype(np.int64), messages["exec_id"]
    wanted = among(key, elsewhere.executions) & ~among(key, np.sort(executions))
    rows = np.flatnonzero((code != NULL_CODE) & wanted)
    for one, those in _by_key(key[rows], code[rows]):
        if len(those) > 1:
            doubtful += 1
            continue
        found[_name(one, elsewhere.executions, elsewhere.execution_names)] = those[0]
        counts[SECOND_EXEC_ID] += 1
    return Found(orders, found, counts, doubtful, parent)


def _by_key(keys: Keys, codes: Ints) -> list[tuple[int, list[int]]]:
    """Distinct codes of each key, by first appearance."""
    found: dict[int, dict[int, None]] = {}
    for key, code in zip(keys.tolist(), codes.tolist(), strict=True):
        found.setdefault(key, {})[code] = None
    return [(key, list(those)) for key, those in found.items()]


def _name(key: int, keys: Keys, names: Sequence[str]) -> str:
    return names[int(np.searchsorted(keys, key))]


def one_name_each(
    messages: Messages, order: Ints, parent: Ints | None, executions: Keys
) -> Messages:
    """Messages with the ExecID of other reports on the order in the place of their own.

    A drop copy, or a broker in the middle, numbers executions itself and states the venue's
    number in SecondaryExecID.

    Parameters
    ----------
    parent
        Order as which each message's order was received before, if that is known.
    executions
        Key of each ExecID by its code.
    """
    code, key = messages["exec_id"], messages["second_exec_id"].astype(np.int64)
    if not len(executions) or not bool((key != NULL).any()):
        return messages
    place = np.argsort(executions, kind="stable")
    at = np.minimum(np.searchsorted(executions[place], key), len(place) - 1)
    other = np.where((executions[place][at] == key) & (key != NULL), place[at], NULL_CODE)
    rows = np.flatnonzero((code != NULL_CODE) & (other != NULL_CODE) & (other != code))
    whose = order if parent is None else np.where(parent == NULL_CODE, order, parent)
    owners = set(zip(code.tolist(), whose.tolist(), strict=True))
    renamed = {
        (mine, named): second
        for mine, named, second in zip(
            code[rows].tolist(), whose[rows].tolist(), other[rows].tolist(), strict=True
        )
        if (second, named) in owners
    }
    if not renamed:
        return messages
    changed = dict(messages.columns)
    for name in EXEC_IDS:
        pairs = zip(messages[name].tolist(), whose.tolist(), strict=True)
        changed[name] = np.array([renamed.get(pair, pair[0]) for pair in pairs], dtype=np.int64)
    return Messages(changed)
