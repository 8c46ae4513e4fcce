"""The orders that clients will wish for: a table made before the run, one row an intent.

Arrivals of a source are a Poisson process whose intensity follows its intraday profile. The
n-th order of a source takes its gap, client, account, instrument, side, type, quantity, price
and cancel from addresses that hold n, so a surge, which is a source of its own, changes
nothing about the other orders.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.schema import NULL
from bcsim.streams import Distribution
from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.engine.prices import Prices
    from bcsim.model.demand import Demand, IntradayProfile
    from bcsim.model.firm import Firm
    from bcsim.model.product import Product
    from bcsim.streams import Stream, Streams

UNIT: Final = 1_000_000_000
"""Expected orders are counted in billionths, so that gaps are whole numbers."""

NO_CANCEL: Final = -1
"""``cancel_ns`` of an intent whose client does not cancel."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of orders: a line of the model's demand, or a surge on one."""

    name: str
    demand: Demand
    orders_per_day: float
    from_ns: int = 0
    to_ns: int = NS_PER_DAY


@dataclass(frozen=True, slots=True)
class Intents:
    """All intents of a run, sorted by time, then source, then index; every array ``(n,)``.

    ``time_ns`` and ``deadline_ns`` count from the scenario's start; ``price`` is the limit in
    minor units or null; ``instrument`` indexes the instruments of the source's product.
    """

    sources: tuple[Source, ...]
    source: NDArray[np.int64]
    index: NDArray[np.int64]
    time_ns: NDArray[np.int64]
    client: NDArray[np.int64]
    account: NDArray[np.int64]
    instrument: NDArray[np.int64]
    is_buy: NDArray[np.int64]
    is_limit: NDArray[np.int64]
    qty: NDArray[np.int64]
    price: NDArray[np.int64]
    cancel_ns: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.time_ns)


def expected_orders(
    profile: IntradayProfile, orders_per_day: float, from_ns: int, to_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cumulated expected orders over the day, restricted to an interval.

    Returns
    -------
    knots, cumulated
        Times of day in ns ``(m,)``, and expected orders up to each, in billionths ``(m,)``;
        linear between knots.
    """
    starts = [point.at for point in profile.points] + [NS_PER_DAY]
    weights = [point.intensity for point in profile.points]
    area = sum(w * (b - a) for w, a, b in zip(weights, starts, starts[1:], strict=False))
    knots, cumulated = [0], [0.0]
    for weight, start, end in zip(weights, starts, starts[1:], strict=False):
        low, high = max(start, from_ns), min(end, to_ns)
        if low >= high or not area:
            continue
        share = weight * (high - low) / area
        knots += [low, high]
        cumulated += [cumulated[-1], cumulated[-1] + orders_per_day * share * UNIT]
    return np.array(knots, dtype=np.int64), np.array(cumulated, dtype=np.float64)


def arrival_times(profile: IntradayProfile, source: Source, stream: Stream) -> NDArray[np.int64]:
    """Times of day of a source's orders, ascending ``(n,)`` ns; position is the order's index."""
    knots, cumulated = expected_orders(profile, source.orders_per_day, source.from_ns, source.to_ns)
    total = cumulated[-1]
    mean = total / UNIT
    size = math.ceil(mean + 8 * math.sqrt(mean) + 16)
    gap = Distribution.exponential(UNIT)
    reached = np.cumsum(stream.samples_ns(gap, np.arange(size, dtype=np.int64)))
    assert reached[-1] >= total, "more gaps than any eight-sigma day needs"
    reached = reached[reached < total].astype(np.float64)
    after = np.searchsorted(cumulated, reached, side="right")
    before = after - 1
    share = (reached - cumulated[before]) / (cumulated[after] - cumulated[before])
    span = knots[after] - knots[before]
    times: NDArray[np.int64] = knots[before] + (share * span.astype(np.float64)).astype(np.int64)
    return times


def make_intents(
    firm: Firm,
    sources: Sequence[Source],
    streams: Streams,
    prices: Prices,
    *,
    midnight_ns: int,
    window: tuple[int, int],
) -> Intents:
    """Make the intents of all sources inside a window of the day.

    Parameters
    ----------
    midnight_ns
        Time of the day's midnight on the run's clock (0 or negative).
    window
        Start and end of the window in ns since midnight.
    """
    parts = [
        _of_source(firm, (number, source), streams, prices, midnight_ns, window)
        for number, source in enumerate(sources)
    ]
    columns = {
        name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0, np.int64)
        for name in (field.name for field in fields(Intents) if field.name != "sources")
    }
    order = np.lexsort((columns["index"], columns["source"], columns["time_ns"]))
    return Intents(
        sources=tuple(sources), **{name: column[order] for name, column in columns.items()}
    )


def _of_source(
    firm: Firm,
    numbered: tuple[int, Source],
    streams: Streams,
    prices: Prices,
    midnight_ns: int,
    window: tuple[int, int],
) -> dict[str, NDArray[np.int64]]:
    """Columns of one source's intents inside the window."""
    number, source = numbered
    demand = source.demand
    product = firm.products[demand.product]
    segment = firm.segments[demand.segment]
    times = arrival_times(firm.profiles[demand.profile], source, streams.at("arrival", source.name))
    index = np.flatnonzero((times >= window[0]) & (times < window[1])).astype(np.int64)
    time_ns = times[index] + midnight_ns

    def draw(purpose: str) -> NDArray[np.float64]:
        return streams.at(purpose, source.name).uniforms(index)

    client = (draw("client") * segment.clients).astype(np.int64)
    account_of_client = (draw("account") * segment.accounts_per_client).astype(np.int64)
    instrument = _pick([i.weight for i in product.instruments.values()], draw("instrument"))
    is_buy = (draw("side") < product.buy_share).astype(np.int64)
    is_limit = (draw("ord_type") < product.limit_share).astype(np.int64)
    low, high = product.quantity
    qty = (low + (draw("quantity") * (high - low + 1)).astype(np.int64)) * product.lot
    price = _limits(
        product,
        prices.at(demand.product, instrument, time_ns),
        is_buy,
        is_limit,
        instrument,
        draw("price_offset"),
    )
    cancel_ns = _cancels(demand, streams, source.name, index, time_ns)
    return {
        "source": np.full(len(index), number, dtype=np.int64),
        "index": index,
        "time_ns": time_ns,
        "client": client,
        "account": client * segment.accounts_per_client + account_of_client,
        "instrument": instrument,
        "is_buy": is_buy,
        "is_limit": is_limit,
        "qty": qty,
        "price": price,
        "cancel_ns": cancel_ns,
    }


def _cancels(
    demand: Demand,
    streams: Streams,
    source: str,
    index: NDArray[np.int64],
    time_ns: NDArray[np.int64],
) -> NDArray[np.int64]:
    """When each client asks for a cancel; ``NO_CANCEL`` for those who do not."""
    wants = streams.at("cancel_decision", source).uniforms(index) < demand.cancel
    delay = np.zeros(len(index), dtype=np.int64)
    if demand.cancel_after is not None:
        delay = streams.at("cancel_delay", source).samples_ns(demand.cancel_after, index)
    return np.where(wants, time_ns + delay, NO_CANCEL)


def _pick(weights: Sequence[float], draws: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index chosen with chance in proportion to its weight, for each draw."""
    cumulated = np.cumsum(np.array(weights, dtype=np.float64))
    found: NDArray[np.int64] = np.searchsorted(cumulated, draws * cumulated[-1], side="right")
    return np.minimum(found, len(weights) - 1).astype(np.int64)


def _limits(
    product: Product,
    market: NDArray[np.int64],
    is_buy: NDArray[np.int64],
    is_limit: NDArray[np.int64],
    instrument: NDArray[np.int64],
    draws: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Limit prices: some ticks to the passive side of the market at the time of the wish."""
    ticks = np.array([i.tick for i in product.instruments.values()], dtype=np.int64)[instrument]
    offset = (draws * (product.limit_offset + 1)).astype(np.int64) * ticks
    limit = np.where(is_buy == 1, market - offset, market + offset)
    return np.where(is_limit == 1, np.maximum(limit, ticks), NULL)
