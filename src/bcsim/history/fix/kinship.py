"""Which messages have to be judged together: what ties one to another, whatever it is worth.

Messages are kin if they share a ClOrdID, or one names the other's in OrigClOrdID; if one without
any ClOrdID has the OrderID, the ExecID or the number (RefSeqNum) of the other; and if both name
one ExecID, as no two orders should, be it as SecondaryExecID. Rows of other records are kin of
what they name, also of orders that have the name as a second one. Kinship is by hashes of texts:
two that happen to be equal would only put orders into one share that need not be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim.history.fix.elsewhere import SECOND_ORDERS, among
from bcsim.history.fix.messages import CL_ORD_IDS, EXEC_IDS, ORDER
from bcsim.history.fix.texts import keys_of
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.elsewhere import Elsewhere, RowKeys
    from bcsim.history.spill import Spill

    Keys = NDArray[np.int64]

_COLUMNS: Final = (
    *CL_ORD_IDS, *EXEC_IDS, *SECOND_ORDERS.values(), "second_exec_id", "ref_seq", "type", "seq",
    "sender", "target", "file", "number",
)  # fmt: skip
_PAIRS: Final = 4_000_000
"""ExecIDs that are compared with each other at a time."""

_ORDER_ID, _EXEC_ID, _NUMBER, _LONE = 1, 2, 3, 4
"""Salts: what a key is of, so that an OrderID is not taken for a ClOrdID."""


def _salted(key: Keys, salt: int) -> Keys:
    mixed = (key.view(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(32))).view(np.int64)


class Kin:
    """Kinship of all messages.

    Parameters
    ----------
    spill, table
        Where the key of each message is, a piece for each block.
    links
        Keys that are kin.
    records
        Keys of the rows of other records.
    """

    def __init__(
        self,
        spill: Spill[int],
        table: int,
        links: Sequence[tuple[Keys, Keys]],
        records: Sequence[RowKeys] = (),
    ) -> None:
        self._spill = spill
        self._table = table
        self._records = records
        left, right = (np.concatenate([_NO_KEYS, *keys]) for keys in zip(*links, strict=True))
        self._keys, self._roots = components(left, right)

    def owners(self) -> Iterator[Keys]:
        """Key of each message, block by block."""
        return (piece["owner"] for piece, _ in self._spill.pieces(self._table, ("owner",)))

    def roots(self, owner: Keys) -> Keys:
        """One key for all that are kin."""
        if not len(self._keys):
            return owner
        place = np.minimum(np.searchsorted(self._keys, owner), len(self._keys) - 1)
        return np.where(self._keys[place] == owner, self._roots[place], owner)

    def executions(self, part: int, parts: int) -> tuple[Keys, Keys]:
        """ExecIDs that messages name, of one part of all hashes, and the messages' keys."""
        names, owners = [_NO_KEYS], [_NO_KEYS]
        pieces = (keys for keys, _ in self._spill.pieces(self._table))
        for keys in (*pieces, *map(_as_piece, self._records)):
            for name in _EXECUTIONS:
                key = keys[name]
                mine = (key.view(np.uint64) >> np.uint64(40)) % np.uint64(parts) == part
                mine &= key != NULL
                names.append(key[mine])
                owners.append(keys["owner"][mine])
        return np.concatenate(names), np.concatenate(owners)

    def share(self, owner: Keys, count: int) -> NDArray[np.uint16]:
        """Share of each message, one of ``count``."""
        root = _salted(self.roots(owner), 0).view(np.uint64)
        return ((root >> np.uint64(16)) % np.uint64(count)).astype(np.uint16)


_EXECUTIONS: Final = ("execution", "referred", "second")
_NO_KEYS: Final = np.empty(0, dtype=np.int64)


def kin_of(spill: Spill[int], messages: int, table: int, elsewhere: Elsewhere | None = None) -> Kin:
    """Find what ties the messages of one table of a spill; another one gets their keys.

    ``elsewhere`` are the names that other records use.
    """
    links = [(_NO_KEYS, _NO_KEYS)]
    records: Sequence[RowKeys] = ()
    if elsewhere is not None:
        records = owned(elsewhere.records)
        links += elsewhere.links
    lone: list[tuple[Keys, ...]] = []
    count = 0
    for columns, _ in spill.pieces(messages, _COLUMNS):
        own, is_lone = _owner(columns)
        execution, referred = (keys_of(columns[name]) for name in EXEC_IDS)
        count += int(np.count_nonzero(execution != NULL))
        second = columns["second_exec_id"]
        count += int(np.count_nonzero(second != NULL))
        keys = {"owner": own, "execution": execution, "referred": referred, "second": second}
        spill.add(table, keys)
        ids, before = (keys_of(columns[name]) for name in CL_ORD_IDS[:2])
        chained = (ids != NULL) & (before != NULL) & (ids != before) & (columns["type"] != ORDER)
        links.append((ids[chained], before[chained]))
        if elsewhere is not None:
            links += _named_elsewhere(columns, own, is_lone, execution, elsewhere.orders)
        if is_lone.any():
            ties = (
                _tie(columns["order_id"], _ORDER_ID),
                _tie(execution, _EXEC_ID),
                _tie(referred, _EXEC_ID),
                _numbered(columns, "target", "ref_seq"),
            )
            lone.append((own[is_lone], *(tie[is_lone] for tie in ties)))
    if lone:
        links += _of_lone(spill, messages, table, lone)
    count += sum(len(one.execution) for one in records)
    shared = _by_executions(Kin(spill, table, links, records), count)
    return Kin(spill, table, [*links, *shared], records)


def owned(records: Sequence[RowKeys]) -> tuple[RowKeys, ...]:
    """The keys of rows with one of its own for each row that names no order."""
    found = []
    for number, one in enumerate(records):
        place = ((_FILES_MAX + number) << 44) + np.arange(len(one.owner))
        owner = np.where(one.owner == NULL, _salted(place, _LONE), one.owner)
        found.append(replace(one, owner=owner))
    return tuple(found)


_FILES_MAX: Final = 1 << 18
"""More than the files of any command line, whose numbers come before those of other records."""


def _as_piece(one: RowKeys) -> dict[str, Keys]:
    none = np.broadcast_to(np.int64(NULL), len(one.owner))
    return {
        "owner": one.owner, "execution": one.execution, "referred": one.referred, "second": none,
    }  # fmt: skip


def _named_elsewhere(
    columns: Mapping[str, NDArray[Any]],
    own: Keys,
    is_lone: NDArray[np.bool_],
    execution: Keys,
    names: Keys,
) -> list[tuple[Keys, Keys]]:
    """Ties of messages to names of orders that other records use.

    An execution of nobody may have the name of an order: both would be told apart in words.
    """
    links = []
    for name in SECOND_ORDERS.values():
        here = among(columns[name], names)
        links.append((own[here], columns[name][here].astype(np.int64)))
    stray = is_lone & among(execution, names)
    return [*links, (own[stray], execution[stray])]


def _owner(columns: Mapping[str, NDArray[Any]]) -> tuple[Keys, NDArray[np.bool_]]:
    """Key of what each message says it is about; its own for one that says nothing."""
    ids, before, referred = (keys_of(columns[name]) for name in CL_ORD_IDS)
    own = np.where(ids != NULL, ids, np.where(before != NULL, before, referred))
    is_lone = own == NULL
    place = (columns["file"].astype(np.int64) << 44) + columns["number"]
    return np.where(is_lone, _salted(place, _LONE), own), is_lone


def _tie(key: Keys, salt: int) -> Keys:
    return np.where(key == NULL, NULL, _salted(key, salt))


def _numbered(columns: Mapping[str, NDArray[Any]], party: str, seq: str) -> Keys:
    """Key of the message that a party sent under a number; null without a number."""
    number = columns[seq]
    place = (columns[party].astype(np.int64) << 44) + number
    return np.where(number == NULL, NULL, _salted(place, _NUMBER))


def _of_lone(
    spill: Spill[int], messages: int, table: int, lone: Sequence[tuple[Keys, ...]]
) -> list[tuple[Keys, Keys]]:
    """Ties of messages without any ClOrdID to those that have their other names."""
    own, *ties = (np.concatenate(keys) for keys in zip(*lone, strict=True))
    links = [(own[tie != NULL], tie[tie != NULL]) for tie in ties]
    wanted = np.unique(np.concatenate([right for _, right in links]))
    if not len(wanted):
        return []
    pieces = zip(spill.pieces(messages, _COLUMNS), spill.pieces(table), strict=True)
    for (columns, _), (keys, _) in pieces:
        for tie in (
            _tie(columns["order_id"], _ORDER_ID),
            _tie(keys["execution"], _EXEC_ID),
            _tie(keys["referred"], _EXEC_ID),
            _numbered(columns, "sender", "seq"),
        ):
            here = np.isin(tie, wanted)
            links.append((keys["owner"][here], tie[here]))
    return links


def _by_executions(kin: Kin, count: int) -> list[tuple[Keys, Keys]]:
    """Ties of orders that share an ExecID, found for a part of all ExecIDs at a time."""
    parts = max(-(-count // _PAIRS), 1)
    links = []
    for part in range(parts):
        execution, owner = kin.executions(part, parts)
        order = np.argsort(execution, kind="stable")
        execution, root = execution[order], kin.roots(owner)[order]
        ties = (execution[1:] == execution[:-1]) & (root[1:] != root[:-1])
        links.append((root[1:][ties], root[:-1][ties]))
    return links


def components(left: Keys, right: Keys) -> tuple[Keys, Keys]:
    """Every key of a list of pairs, ascending, and one that stands for all it is connected to.

    Labels fall to the least among neighbours and are followed to their ends until nothing
    changes (Y. Shiloach and U. Vishkin, "An O(log n) parallel connectivity algorithm", 1982).
    """
    keys, number = np.unique(np.concatenate((left, right)), return_inverse=True)
    one, other = number[: len(left)], number[len(left) :]
    label = np.arange(len(keys))
    while True:
        least = np.minimum(label[one], label[other])
        lower = label.copy()
        np.minimum.at(lower, label[one], least)
        np.minimum.at(lower, label[other], least)
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, label):
            return keys, keys[label]
        label = lower
