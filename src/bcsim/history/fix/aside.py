"""Messages about orders, put aside until it is known which of them have to be judged together."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim import limits
from bcsim.history.fix.beside import each
from bcsim.history.fix.kinship import kin_of, owned
from bcsim.history.fix.messages import Messages, joined, taken
from bcsim.history.spill import Spill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.elsewhere import Elsewhere
    from bcsim.history.fix.kinship import Kin

_LIFE: Final = -1
_KEYS: Final = -2
"""Tables of what comes from the logs, and of its kinship; shares have numbers from 0."""

_BATCH_BYTES: Final = 64 * 1024 * 1024
"""Messages that are dealt out to the shares at a time."""


class Aside:
    """Columns of the messages about orders of all files, in the order in which they were read.

    Parameters
    ----------
    share_rows
        Messages that are judged together, about.
    elsewhere
        The names that other records of the drill use, if there are any.
    """

    def __init__(
        self, share_rows: int = limits.SHARE_ROWS, elsewhere: Elsewhere | None = None
    ) -> None:
        self.count = 0
        self.elsewhere = elsewhere
        self._share_rows = share_rows
        self._kin: Kin | None = None
        self._used: list[int] = []
        self._spill: Spill[int] = Spill()

    def add(self, messages: Messages) -> None:
        """Take the messages of a block."""
        self.count += len(messages)
        self._spill.add(_LIFE, messages.columns)

    def shares(self) -> Iterator[Messages]:
        """All messages by share, each in the order in which they were read.

        Whatever is about one order is in one share: its messages at every end and in every
        store, and those of any order that an ExecID or a chain of ClOrdIDs ties to it.
        """
        if self.share_count == 1:
            yield from self._joined(_LIFE)
            return
        self._deal_out(self.share_count)
        for share in range(self.share_count):
            for messages in self._joined(share):
                self._used.append(share)
                yield messages

    @property
    def share_count(self) -> int:
        """Number of shares; those without any message are left out in the end."""
        rows = self.count + (0 if self.elsewhere is None else self.elsewhere.row_count)
        return max(-(-rows // self._share_rows), 1)

    def shares_elsewhere(self) -> tuple[NDArray[np.uint16], ...] | None:
        """Share of each row of each other record, once all messages have theirs."""
        if self._kin is None or self.elsewhere is None:
            return None
        place = np.zeros(self.share_count, dtype=np.uint16)
        place[self._used] = np.arange(len(self._used))  # what has no messages may be anywhere
        owners = [one.owner for one in owned(self.elsewhere.records)]
        return tuple(place[self._kin.share(one, self.share_count)] for one in owners)

    def _joined(self, key: int) -> Iterator[Messages]:
        """All pieces of a key as one table, if there are any."""
        pieces = [columns for columns, _ in self._spill.pieces(key)]
        self._spill.forget(key)
        if pieces:
            count = sum(len(next(iter(piece.values()))) for piece in pieces)
            yield Messages(each(count, lambda name: joined([p[name] for p in pieces]), pieces[0]))

    def _deal_out(self, number: int) -> None:
        """Put every message into the share of its kin."""
        kin = self._kin = kin_of(self._spill, _LIFE, _KEYS, self.elsewhere)
        batch: list[dict[str, NDArray[Any]]] = []
        size = 0
        for (columns, _), owner in zip(self._spill.pieces(_LIFE), kin.owners(), strict=True):
            batch.append({**columns, "share": kin.share(owner, number)})
            size += sum(array.nbytes for array in columns.values())
            if size > _BATCH_BYTES:
                self._deal(batch, number)
                batch, size = [], 0
        if batch:
            self._deal(batch, number)
        self._spill.forget(_LIFE)
        self._spill.forget(_KEYS)

    def _deal(self, batch: Sequence[Mapping[str, NDArray[Any]]], number: int) -> None:
        share = np.concatenate([one["share"] for one in batch])
        order = np.argsort(share, kind="stable")
        edges = np.searchsorted(share[order], np.arange(number + 1)).tolist()
        names = [name for name in batch[0] if name != "share"]
        columns = each(
            len(order), lambda name: taken(joined([one[name] for one in batch]), order), names
        )
        for one, (begin, end) in enumerate(itertools.pairwise(edges)):
            if end > begin:
                piece = {name: column[begin:end] for name, column in columns.items()}
                self._spill.add(one, piece)
