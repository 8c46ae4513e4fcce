"""Goal: rules for channels, segments, products, demand and services.

Method: break each rule in the test broker; all new findings.
"""

from __future__ import annotations

import pytest

from tests.brokerage import found_by


def fund(data):
    """A second product that only the app sells."""
    data["products"]["fund"] = data["products"]["equity"] | {"target_segments": ["retail"]}
    data["demand"]["app-fund"] = data["demand"]["app-retail"] | {"product": "fund"}


CASES = {
    "the same priority twice": (
        lambda data: data.update(priorities=["client", "client"]),
        [("error", "priorities.1", "the same priority twice")],
    ),
    "a desk of machines": (
        lambda data: data["channels"]["app"].update(desk="prices"),
        [
            (
                "error",
                "channels.app.desk",
                "a component of kind application cannot be a desk",
            )
        ],
    ),
    "enquiries without work": (
        lambda data: data["channels"]["app"].pop("enquiry"),
        [("error", "channels.app.desk", "a desk whose enquiries take no time")],
    ),
    "enquiries that nobody answers": (
        lambda data: data["channels"]["app"].update(desk=None, enquiries_per_day=10),
        [
            ("error", "channels.app.enquiries_per_day", "enquiries that nobody answers"),
            (
                "warning",
                "segments.retail.on_timeout.enquire",
                "clients enquire, but channel app has no desk",
            ),
        ],
    ),
    "enquiries where nobody orders": (
        lambda data: data["channels"].update(
            branch=data["channels"]["phone"] | {"enquiries_per_day": 5}
        ),
        [
            (
                "error",
                "channels.branch.enquiries_per_day",
                "enquiries on a channel that has no demand",
            ),
            ("warning", "channels.branch", "never used"),
        ],
    ),
    "chances above one": (
        lambda data: data["segments"]["retail"]["on_timeout"].update(resubmit=0.8),
        [("error", "segments.retail.on_timeout", "chances add up to more than 1")],
    ),
    "chances of exactly one": (
        lambda data: data["segments"]["retail"]["on_timeout"].update(resubmit=0.7),
        [],
    ),
    "nowhere to switch to": (
        lambda data: data["segments"]["senior"].update(on_timeout={"switch": 0.5}),
        [
            (
                "error",
                "segments.senior.on_timeout.switch",
                "clients switch channels, but have no second one",
            )
        ],
    ),
    "a second channel without the product": (
        fund,
        [
            (
                "warning",
                "segments.retail.second_channel",
                "channel phone does not take orders in fund",
            )
        ],
    ),
    "a session that ends before it begins": (
        lambda data: data["products"]["equity"]["sessions"][1].update(close="13:00"),
        [
            (
                "error",
                "products.equity.sessions.1.close",
                "session afternoon closes before it opens",
            ),
            ("warning", "products.equity.cut_off", "a cut-off outside of the sessions"),
        ],
    ),
    "sessions that overlap": (
        lambda data: data["products"]["equity"]["sessions"][1].update(open="12:00"),
        [
            (
                "error",
                "products.equity.sessions.1.open",
                "session afternoon opens before session morning has closed",
            )
        ],
    ),
    "sessions that touch": (
        lambda data: data["products"]["equity"]["sessions"][1].update(open="12:30"),
        [],
    ),
    "a cut-off at night": (
        lambda data: data["products"]["equity"].update(cut_off="20:00"),
        [("warning", "products.equity.cut_off", "a cut-off outside of the sessions")],
    ),
    "quantities upside down": (
        lambda data: data["products"]["equity"].update(quantity=[10, 1]),
        [("error", "products.equity.quantity", "not a range of quantities")],
    ),
    "a quantity of nothing": (
        lambda data: data["products"]["equity"].update(quantity=[0, 5]),
        [("error", "products.equity.quantity", "not a range of quantities")],
    ),
    "a price grid without spacing": (
        lambda data: data["products"]["equity"].update(price_grid="0 s"),
        [("error", "products.equity.price_grid", "a price grid without spacing")],
    ),
    "no orders": (
        lambda data: [line.update(orders_per_day=0) for line in data["demand"].values()],
        [("error", "demand", "no source has any orders")],
    ),
    "one source without orders": (
        lambda data: data["demand"]["app-retail"].update(orders_per_day=0),
        [],
    ),
    "cancels at no time": (
        lambda data: data["demand"]["app-retail"].update(cancel=0.1),
        [("error", "demand.app-retail.cancel", "clients cancel, but nothing says when")],
    ),
    "two ways for one product": (
        lambda data: data["demand"]["phone-senior"].update(journey="app-order"),
        [
            (
                "warning",
                "demand.phone-senior.journey",
                "orders in equity on channel phone have two journeys",
            )
        ],
    ),
    "points out of order": (
        lambda data: data["profiles"]["day"]["points"][1].update(at="10:00"),
        [("error", "profiles.day.points.1.at", "points are not in order")],
    ),
    "a profile of nothing": (
        lambda data: data["profiles"]["day"]["points"][0].update(intensity=0.0),
        [("error", "profiles.day.points", "a profile without any demand")],
    ),
    "a control that nobody does": (
        lambda data: data["controls"].update(extra={"name": "Extra", "coverage": 0.1}),
        [("warning", "controls.extra", "never used")],
    ),
    "a journey that nobody takes": (
        lambda data: data["journeys"].update(spare=data["journeys"]["app-order"]),
        [("warning", "journeys.spare", "never used")],
    ),
    "a service without demand": (
        lambda data: (
            data["services"]["orders-by-telephone"].update(channels=["app"])
            or data["demand"].pop("app-retail")
        ),
        [
            ("warning", "channels.app", "never used"),
            ("warning", "journeys.app-order", "never used"),
            ("warning", "services.orders-by-telephone", "a service without demand"),
        ],
    ),
    "rto beyond mtpd": (
        lambda data: data["services"]["orders"]["tolerance"].update(rto="3 h"),
        [
            (
                "error",
                "services.orders.tolerance.rto",
                "recovery is aimed at after the longest tolerable disruption: rto > mtpd",
            )
        ],
    ),
    "rto of mtpd": (lambda data: data["services"]["orders"]["tolerance"].update(rto="2 h"), []),
    "a level over no time": (
        lambda data: data["services"]["orders"].update(level_bucket="0 s"),
        [("error", "services.orders.level_bucket", "a service level over no time")],
    ),
    "nobody approved": (
        lambda data: data["services"]["orders"]["tolerance"].update(approver=None),
        [
            (
                "warning",
                "services.orders.tolerance",
                "a tolerance whose approval is not on record",
            )
        ],
    ),
    "no such time zone": (
        lambda data: data.update(calendar={"time_zone": "Asia/Bangkog"}),
        [("error", "calendar.time_zone", "unknown time zone")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected


@pytest.mark.parametrize(
    ("fills", "legs", "share", "is_wrong"),
    [
        (4, 4, 0.5, False),
        (4, 5, 0.5, True),
        (4, 5, 0, False),
        (2, 8, 0.5, False),
        (3, 6, 0.5, True),
    ],
)
def test_fills_and_legs(fills, legs, share, is_wrong):
    """Goal: at most 16 effects of a step. Method: around the bound, split executions or not."""

    def change(data):
        data["products"]["equity"] |= {"fills": fills, "partial_fill": share}
        book = data["journeys"]["app-order"]["steps"][-1]
        book["legs"] = [{"name": f"leg-{n}", "service": "1 ms"} for n in range(legs)]

    expected = (
        "error",
        "products.equity.fills",
        "too many effects of one step in journey app-order",
    )
    assert found_by(change) == ([expected] if is_wrong else [])
