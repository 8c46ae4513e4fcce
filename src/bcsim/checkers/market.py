"""At which prices the market traded, as the executions of the record show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.prices import Prices
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from bcsim.checkers.executions import Executions


def market_of(executions: Executions) -> dict[str | None, Prices]:
    """Executions that count and report a price, by instrument."""
    record = executions.record
    price, instrument = executions.integer("price"), executions.codes("instrument")
    rows = np.flatnonzero(executions.counts & (price != NULL))
    found = {}
    for code in np.unique(instrument[rows]).tolist():
        those = rows[instrument[rows] == code]
        those = those[np.lexsort((executions.row[those], executions.time_ns[those]))]
        seq = record.integer("seq")[executions.row[those]]
        prices = Prices(executions.time_ns[those], seq, price[those])
        found[record.text("instrument").name(code)] = prices
    return found
