"""Goal: the lowest service level of each product. Method: a day by hand, intervals of a second."""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.conduct.day import ServedIntents, ServiceRecord
from bcsim.conduct.product_levels import product_levels
from tests.brokerage import broker
from tests.unit.conduct.days import day_of

BROKER = broker()
NAME, PRODUCT = next(iter(BROKER.products.items()))
INSTRUMENT = next(iter(PRODUCT.instruments))
UNUSED = PRODUCT.replace(instruments={"unused": PRODUCT.instruments[INSTRUMENT]})
FIRM = BROKER.replace(products={NAME: PRODUCT, "other": UNUSED})


def levels(*services):
    """Levels of a day whose services have intents (interval, served, is of the product)."""
    classes: dict[str, str] = {}
    events, records = [], {}
    for name, intents in enumerate(services):
        begin = len(classes)
        for _, _, is_own in intents:
            intent = f"i{len(classes)}"
            classes[intent] = "ok"
            cells = {"intent_id": intent, "instrument": INSTRUMENT if is_own else "else"}
            events.append((1, "intend", "client", cells))
        served = ServedIntents(
            np.arange(begin, len(classes)),
            np.array([bucket for bucket, _, _ in intents], dtype=np.int64),
            np.array([served for _, served, _ in intents], dtype=np.bool_),
            1,
        )
        records[str(name)] = ServiceRecord(str(name), (), 0, is_exercised=True, intents=served)
    return product_levels(day_of(events, classes, firm=FIRM, services=records))


def some(bucket, count, served, *, is_own=True):
    """Intents of one interval, the first of them served."""
    return [(bucket, n < served, is_own) for n in range(count)]


@pytest.mark.parametrize(
    ("services", "lowest"),
    [
        ([some(0, 10, 7) + some(1, 10, 9)], 0.7),
        ([some(0, 10, 7) + some(0, 90, 0, is_own=False)], 0.7),
        ([some(0, 4, 0) + some(3, 6, 6) + some(4, 10, 10)], 0.6),
        ([some(0, 10, 10) + some(1, 4, 0)], 10 / 14),
        ([some(1, 4, 0) + some(0, 10, 10)], 10 / 14),
        ([some(0, 9, 0)], None),
        ([some(0, 9, 0), some(0, 10, 8), some(0, 10, 9)], 0.8),
        ([], {}),
    ],
)
def test_levels(services, lowest):
    """Goal: own intents only, small intervals put together, the worst service; else unknown."""
    assert levels(*services) == (lowest if lowest == {} else {NAME: lowest, "other": None})


def test_no_model():
    """Goal: a log has no products. Method: a day without a firm."""
    assert product_levels(day_of([], {})) == {}
