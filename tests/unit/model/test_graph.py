"""Goal: the weaknesses of a firm are found, with their reason and their reach.

Method: the test broker, whose weak points are known by hand; whole results.
"""

from __future__ import annotations

import pytest

from bcsim.model.graph import (
    BlastRadius,
    SharedCause,
    SinglePoint,
    blast_radius,
    minimal_cut_sets,
    shared_causes,
    single_points_of_failure,
)
from bcsim.model.workaround import Workaround
from tests.brokerage import broker, brokerage

SWITCH = Workaround(fail_over=("gateway",))
PAPER = Workaround(by_hand=("oms",))
SWITCH_AND_PAPER = Workaround(fail_over=("gateway",), by_hand=("oms",))


def test_single_points_of_failure():
    """Goal: every single point, why, and what helps. Method: the telephone's journey.

    The grid takes the office with it, so nobody is left to write paper.
    """

    def point(node, step, *chain, ways=()):
        return SinglePoint(
            node=node,
            journey="phone-order",
            channels=("phone",),
            is_total=True,
            step=step,
            chain=(node, *reversed(chain)),
            workarounds=ways,
        )

    found = single_points_of_failure(broker())
    assert list(found) == ["app-order", "phone-order"]
    assert found["phone-order"] == (
        point("dc1", "accept", "oms", ways=(SWITCH_AND_PAPER,)),
        point("office", "answer", "desk"),
        point("grid", "answer", "desk", "office"),
        point("power-dc1", "accept", "oms", "dc1", ways=(SWITCH_AND_PAPER,)),
        point("market-line", "trade"),
        point("desk", "answer"),
        point("order-db", "accept", "oms", ways=(PAPER,)),
        point("gateway", "send", ways=(SWITCH,)),
        point("exchange", "trade"),
    )


def test_single_points_are_the_cut_sets_of_one():
    """Goal: two ways to the same answer. Method: propagation of each node, and fault trees."""
    firm = broker()
    for journey, points in single_points_of_failure(firm).items():
        assert {(point.node,) for point in points} == set(minimal_cut_sets(firm, journey, 1))


def test_point_of_one_channel():
    """Goal: a point that spares a channel says so. Method: both channels take one journey."""
    data = brokerage()
    for line in data["demand"].values():
        line["journey"] = "app-order"
    points = {p.node: p for p in single_points_of_failure(broker(data))["app-order"]}
    assert (points["internet"].channels, points["internet"].is_total) == (("app",), False)
    assert (points["exchange"].channels, points["exchange"].is_total) == (("app", "phone"), True)


def test_no_single_point_where_a_component_is_not_articulated():
    """Goal: the graph's shape is not the question. Method: the optional risk check.

    Every path in the graph may lead through a component that orders can do without.
    """
    nodes = {p.node for p in single_points_of_failure(broker())["app-order"]}
    assert not nodes & {"risk", "prices", "ledger", "web", "oms"}


def test_shared_causes():
    """Goal: what falls together. Method: all of the broker, those that defeat most first."""
    centre = ("web", "oms", "order-db", "risk", "prices", "gateway")
    waiting = ("web", "oms", "gateway")
    assert shared_causes(broker()) == (
        SharedCause("grid", ("power-dc1", "web", "desk", *centre[1:]), ("oms",), ("oms",)),
        SharedCause("dc1", centre, ("oms",), ("oms",)),
        SharedCause("power-dc1", centre, ("oms",), ("oms",)),
        SharedCause("order-db", ("oms",), ("oms",), ("oms",)),
        SharedCause("dc2", ("ledger",), waiting, ()),
        SharedCause("power-dc2", ("ledger",), waiting, ()),
    )


def test_alternatives_that_fall_together():
    """Goal: a group of alternatives is redundancy too. Method: both sources need the internet."""
    data = brokerage()
    for source in ("grid", "generator"):
        data["components"][source]["dependencies"] = [{"kind": "hard", "on": ["internet"]}]
    cause = next(cause for cause in shared_causes(broker(data)) if cause.node == "internet")
    assert "power-dc2" in cause.defeated


def test_blast_radius():
    """Goal: what a crash comes to. Method: the telephone desk; 100 of 1000 orders."""
    assert blast_radius(broker(), "desk") == BlastRadius(
        node="desk",
        down=("desk",),
        switched=(),
        degraded=(),
        stopped=(("phone-order", "phone"),),
        by_hand=(),
        orders_share=0.1,
        channels={"phone": 1.0},
        services={"orders": 0.1, "orders-by-telephone": 1.0},
        segments={"retail": 60 / 960, "senior": 1.0},
    )


def test_blast_radius_without_loss():
    """Goal: what only slows down or switches is told. Method: the price feed, the front end."""
    prices = blast_radius(broker(), "prices")
    assert (prices.down, prices.degraded, prices.stopped) == (("prices",), ("risk",), ())
    web = blast_radius(broker(), "web")
    assert (web.down, web.switched, web.orders_share) == ((), ("web",), 0.0)


def test_blast_radius_by_hand():
    """Goal: going on by hand is told. Method: a fallback that opens by itself."""
    data = brokerage()
    data["journeys"]["phone-order"]["steps"][1]["on_failure"] = "fallback"
    radius = blast_radius(broker(data), "order-db")
    assert radius.by_hand == (("phone-order", "phone"),)
    assert radius.stopped == (("app-order", "app"),)
    assert radius.services == {"orders": 0.9}


def test_blast_radius_of_nothing():
    """Goal: an unknown node is a programmer's error. Method: a channel."""
    with pytest.raises(KeyError):
        blast_radius(broker(), "app")
