"""Goal: system 2's measures. Method: a day by hand, each number worked out beside it."""

from __future__ import annotations

import pytest

from bcsim.conduct.day import ServiceRecord
from bcsim.conduct.products import measure_products
from tests.brokerage import broker
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


def test_what_nobody_knows_is_unknown():
    """Goal: no number without evidence. Method: an empty day without a model."""
    assert set(measure_products(day_of([], {})).values()) == {None}
