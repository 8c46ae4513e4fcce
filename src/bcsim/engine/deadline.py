"""When wishes are due: counted from the wish, the next session, the close, the cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint, Moments
    from bcsim.model.product import Product


def deadlines(blueprint: Blueprint) -> NDArray[np.int64]:
    """Deadline of each intent ``(n,)``, ns on the run's clock; null where there is none.

    Market orders: ``execute_within`` after the wish or the next open; limit orders: the
    same after the last close; with a cut-off: after today's cut-off, if wished before it.
    """
    intents = blueprint.intents
    due = np.full(len(intents), NULL, dtype=np.int64)
    for number, source in enumerate(intents.sources):
        rows = np.flatnonzero(intents.source == number)
        product = blueprint.firm.products[source.demand.product]
        is_limit = intents.price[rows] != NULL
        due[rows] = _of_product(product, blueprint.moments, intents.time_ns[rows], is_limit)
    return due


def _of_product(
    product: Product,
    moments: Moments,
    time_ns: NDArray[np.int64],
    is_limit: NDArray[np.bool_],
) -> NDArray[np.int64]:
    nothing = np.full(len(time_ns), NULL, dtype=np.int64)
    within = product.execute_within
    if within is None:
        return nothing
    if product.cut_off is not None:
        cut_off = moments.of_clock(product.cut_off)
        return np.where(time_ns < cut_off, cut_off + within, nothing)
    begins = np.full(len(time_ns), np.iinfo(np.int64).max, dtype=np.int64)
    for session in product.sessions:
        open_ns, close_ns = moments.of_clock(session.open), moments.of_clock(session.close)
        is_before = time_ns < close_ns
        begins = np.where(is_before, np.minimum(begins, np.maximum(time_ns, open_ns)), begins)
    last_close = max(moments.of_clock(session.close) for session in product.sessions)
    market = np.where(time_ns < last_close, begins + within, nothing)
    return np.where(is_limit, last_close + within, market)
