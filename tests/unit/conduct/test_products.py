"""Goal: system 2's measures. Method: a day by hand, each number worked out beside it."""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.conduct.day import ServedIntents, ServiceRecord
from bcsim.conduct.products import measure_products
from bcsim.units import NS_PER_S
from tests.brokerage import broker
from tests.unit.conduct.aftermaths import aftermath_of
from tests.unit.conduct.days import day_of

BROKER = broker()
NAME, PRODUCT = next(iter(BROKER.products.items()))
INSTRUMENT = next(iter(PRODUCT.instruments))


def firm(targets=("retail",), risk=1, senior_risk=8):
    """The brokerage with one product's target and risk, and what suits its senior clients."""
    product = PRODUCT.replace(target_segments=targets, risk_level=risk)
    segments = dict(BROKER.segments)
    segments["senior"] = segments["senior"].replace(risk_level=senior_risk)
    return BROKER.replace(products={**BROKER.products, NAME: product}, segments=segments)


def orders(**segments):
    """Executed orders of each segment, by number."""
    return [
        (second, kind, vantage, cells)
        for segment, count in segments.items()
        for n in range(count)
        for cells in [{"intent_id": f"{segment}{n}", "segment": segment, "instrument": INSTRUMENT}]
        for second, kind, vantage in [(1, "intend", "client"), (2, "execute", "venue")]
    ]


@pytest.mark.parametrize(
    ("of", "count"),
    [
        (firm(), 2),
        (firm(targets=("retail", "senior")), 0),
        (firm(targets=(), risk=5, senior_risk=4), 2),
        (firm(targets=(), risk=5, senior_risk=5), 0),
        (None, None),
    ],
)
def test_orders_outside_the_target(of, count):
    """Goal: who bought what is not for him. Method: two senior and three retail executions."""
    events = orders(retail=3, senior=2)
    classes = {cells["intent_id"]: "ok" for _, _, _, cells in events}
    assert measure_products(day_of(events, classes, firm=of))["outside_target_count"] == count


def test_an_order_that_did_not_execute_is_not_outside():
    """Goal: refused in time. Method: a senior client's wish without an execution."""
    events = [e for e in orders(senior=1) if e[1] == "intend"]
    day = day_of(events, {"senior0": "rejected"}, firm=firm())
    assert measure_products(day)["outside_target_count"] == 0


def test_harm_by_segment_and_levels():
    """Goal: worst and best segment, levels, channels. Method: 1 of 4 lost, none of 2."""
    events = orders(retail=4, senior=2)
    classes = {cells["intent_id"]: "ok" for _, _, _, cells in events} | {"retail1": "lost"}
    services = {
        "a": ServiceRecord("a", (), 0, is_exercised=True, level_min=0.75),
        "b": ServiceRecord("b", (), 0, is_exercised=True, level_min=0.5),
    }
    found = measure_products(day_of(events, classes, firm=BROKER, services=services))
    assert {k: found[k] for k in ("affected_ratio_max", "affected_ratio_min")} == {
        "affected_ratio_max": 0.25,
        "affected_ratio_min": 0.0,
    }
    assert found["service_level_min_ratio"] == 0.5
    assert found["second_channel_ratio"] == 1000 / 1100  # retail has the telephone, senior not
    unknown = {"c": ServiceRecord("c", (), None, is_exercised=False)}
    day = day_of(events, classes, firm=BROKER, services=services | unknown)
    assert measure_products(day)["service_level_min_ratio"] is None


HARM = (
    "harm_worst_segment_money",
    "harm_per_order_money_max",
    "harm_per_order_money_min",
    "harm_disparity_money",
    "vulnerable_harm_disparity_money",
)


def harm(owed, *, of=BROKER, kinds=("redress",), **segments):
    """The measures of harm after a day on which money is owed for some orders."""
    events = orders(**segments)
    classes = {cells["intent_id"]: "ok" for _, _, _, cells in events}
    rows = [
        (5, "redress", "firm", {"intent_id": intent, "subject": "due", "amount": amount})
        for intent, amount in owed.items()
    ]
    found = measure_products(day_of(events, classes, firm=of, aftermath=aftermath_of(rows, *kinds)))
    return tuple(found[name] for name in HARM)


@pytest.mark.parametrize(
    ("owed", "segments", "wanted"),
    [
        ({"retail0": 300, "retail1": 100, "senior0": 600}, {"retail": 4, "senior": 2}, "worse"),
        ({"retail0": 300, "retail1": 100, "house0": 9000}, {"retail": 4, "house": 1}, "alone"),
        ({}, {"retail": 4, "senior": 2}, "none"),
        ({"elsewhere": 7}, {"house": 1}, "unknown"),
    ],
)
def test_harm_in_money(owed, segments, wanted):
    """Goal: worst segment, harm per order, disparity; the house is no client. Method: by hand."""
    house = BROKER.segments["retail"].replace(house=True)
    of = BROKER.replace(segments={**BROKER.segments, "house": house})
    assert (
        harm(owed, of=of, **segments)
        == {
            "worse": (600, 300.0, 100.0, 200.0, 200.0),
            "alone": (400, 100.0, 100.0, None, None),
            "none": (0, 0.0, 0.0, 0.0, 0.0),
            "unknown": (None,) * 5,
        }[wanted]
    )


def test_harm_that_nobody_worked_out_is_unknown():
    """Goal: no aftermath of redress is not no harm. Method: one that looked for complaints."""
    assert harm({}, kinds=("complain",), retail=2) == (None,) * 5


def test_the_lowest_level_of_any_product():
    """Goal: by product, and unknown if one has too few orders. Method: 8 of 10, then 9 orders."""

    def least(count):
        events = orders(retail=count)
        classes = {cells["intent_id"]: "ok" for _, _, _, cells in events}
        served = np.arange(count) >= 2
        entered = np.zeros(count, dtype=np.int64)
        intents = ServedIntents(np.arange(count), entered, served, 60 * NS_PER_S)
        services = {"a": ServiceRecord("a", (), 0, is_exercised=True, intents=intents)}
        one = BROKER.replace(products={NAME: PRODUCT})
        day = day_of(events, classes, firm=one, services=services)
        return measure_products(day)["product_level_min_ratio"]

    assert (least(10), least(9)) == (0.8, None)


def test_what_nobody_knows_is_unknown():
    """Goal: no number without evidence. Method: an empty day without a model."""
    assert set(measure_products(day_of([], {})).values()) == {None}
