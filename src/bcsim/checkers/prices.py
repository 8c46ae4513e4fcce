"""Prices at which a market traded, in order of time; of a record in shares, those of all shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.checkers.arrays import Ints


@dataclass(frozen=True, eq=False)
class Prices:
    """Executions of one instrument: time, ``seq`` and price of each, by time."""

    time_ns: Ints
    seq: Ints
    price: Ints

    def at(self, moments_ns: Ints) -> Ints:
        """Price of the last execution up to each moment; null if there is none before."""
        place = np.searchsorted(self.time_ns, moments_ns, side="right") - 1
        return np.where(place < 0, NULL, self.price[place])


def joined(shares: Iterable[Mapping[str | None, Prices]]) -> dict[str | None, Prices]:
    """Prices of the whole market, by instrument, from those that each share shows."""
    market: dict[str | None, list[Prices]] = {}
    for share in shares:
        for name, prices in share.items():
            market.setdefault(name, []).append(prices)
    return {name: _merged(those) for name, those in market.items()}


def _merged(those: Sequence[Prices]) -> Prices:
    time_ns, seq, price = (
        np.concatenate([getattr(one, name) for one in those])
        for name in ("time_ns", "seq", "price")
    )
    order = np.lexsort((seq, time_ns))
    return Prices(time_ns[order], seq[order], price[order])
