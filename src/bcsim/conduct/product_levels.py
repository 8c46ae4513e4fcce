"""Service levels by product: how well the clients of each product were answered at the worst.

A service's level is the share of its intents that were served in each of its intervals, as the
checkers say. Of one product an interval may have hardly an order, and one order of one says
nothing about a level: intervals are therefore put together, in order of time, until each has
``ORDERS_MIN`` intents of the product; what is left at the end joins the last. A product with fewer
intents on the whole day has no level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.conduct.day import Day, ServedIntents

ORDERS_MIN: Final = 10
"""Intents that an interval of a product needs; one of ten is the finest share that it can tell."""


def product_levels(day: Day) -> dict[str, float | None]:
    """Lowest service level of each of the firm's products; None: too few intents to tell.

    Of a product in several services the lowest counts; services with too few intents of it are
    left out. Empty without a model or services.
    """
    services = [record.intents for record in day.services.values() if record.intents is not None]
    if day.firm is None or not services:
        return {}
    found: dict[str, float | None] = {}
    for name, product in day.firm.products.items():
        own = day.orders.instrument.is_in(*product.instruments)
        levels = [_lowest(service, own[service.subject]) for service in services]
        found[name] = min((level for level in levels if level is not None), default=None)
    return found


def _lowest(service: ServedIntents, own: NDArray[np.bool_]) -> float | None:
    """Lowest level of some of a service's intents."""
    buckets, place = np.unique(service.entered_ns[own] // service.bucket_ns, return_inverse=True)
    entered = np.bincount(place, minlength=len(buckets))
    served = np.bincount(place[service.served[own]], minlength=len(buckets))
    begins = _begins(entered.tolist())
    if not begins:
        return None
    level = np.add.reduceat(served, begins) / np.add.reduceat(entered, begins)
    return float(level.min())


def _begins(entered: list[int]) -> list[int]:
    """First interval of each group of intervals that has enough intents."""
    begins, begin, count = [], 0, 0
    for number, orders in enumerate(entered):
        count += orders
        if count >= ORDERS_MIN:
            begins.append(begin)
            begin, count = number + 1, 0
    return begins
