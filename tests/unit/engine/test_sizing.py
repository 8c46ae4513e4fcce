"""Goal: a run's size scales arrivals and capacities alike. Method: ratios by hand."""

from __future__ import annotations

import pytest

from bcsim.engine.sizing import Sizing
from tests.unit.engine.firms import DEMAND, execute, firm, take

SMALL = firm([take()], demand={"orders_per_day": 100})


def test_without_a_size_the_models_holds():
    """Goal: the default changes nothing. Method: scale and a capacity."""
    assert (Sizing().scale(SMALL), Sizing().capacity(SMALL, 7), Sizing().load) == (1.0, 7, 1.0)


@pytest.mark.parametrize(
    ("orders", "servers", "expected"),
    [(50, 4, 2), (50, 5, 3), (10, 4, 1), (1, 1, 1), (200, 3, 6), (130, 10, 13), (30, 10, 3)],
)
def test_servers_scale_with_orders_and_are_rounded_up(orders, servers, expected):
    """Goal: capacity in proportion, never none. Method: 100 orders a day in the model.

    1.3 × 10 and 0.3 × 10 are not whole in binary; they must not be rounded up to one more.
    """
    assert Sizing(orders=orders).capacity(SMALL, servers) == expected


def test_the_scale_counts_all_sources():
    """Goal: orders a day, all sources together. Method: two sources of 100 and 300."""
    both = SMALL.replace(
        demand=SMALL.demand | {"own": SMALL.demand["app"].replace(orders_per_day=300.0)}
    )
    assert Sizing(orders=200).scale(both) == 0.5


def test_a_firm_without_orders_is_not_scaled():
    """Goal: no division by zero. Method: a model of zero orders."""
    quiet = firm([take()], demand=DEMAND | {"orders_per_day": 0})
    assert Sizing(orders=200).scale(quiet) == 1.0


def test_load_leaves_the_servers_alone():
    """Goal: more orders on the same machines. Method: twice the load."""
    assert Sizing(load=2.0).capacity(SMALL, 7) == 7


BOUNDED = firm(
    [take(bulkhead=3, breaker={"failures": 5, "window": "1 s", "open": "1 s"}), execute()],
    components={
        "front": {"servers": 2, "queue": {"limit": 7}, "rate_limit": 11},
        "venue": {"queue": {"limit": 0}},
    },
    demand={"orders_per_day": 100},
    plan={
        "name": "Plan",
        "signals": {
            "long": {"kind": "backlog", "component": "front", "above": 13},
            "third": {"kind": "count", "event": "reject", "above": 3},
        },
    },
)


def bounds(of):
    """Every bound of the firm: of the front, of its step, of the venue, of the signals."""
    front, venue = of.components["front"], of.components["venue"]
    step = next(iter(of.journeys.values())).steps[0]
    signals = {name: signal.above for name, signal in of.plan.signals.items()}
    return (
        (front.servers, front.queue.limit, front.rate_limit),
        (step.bulkhead, step.breaker.failures),
        (venue.servers, venue.queue.limit),
        signals,
    )


def test_every_capacity_is_scaled_and_counts_of_events_are_not():
    """Goal: three times the firm is three firms side by side. Method: all bounds, by hand."""
    assert bounds(Sizing(orders=300).scaled(BOUNDED)) == (
        (6, 21, 33),
        (9, 15),
        (3, 0),
        {"long": 39, "third": 3},
    )
    assert bounds(Sizing(orders=10).scaled(BOUNDED)) == (
        (1, 1, 2),
        (1, 1),
        (1, 0),
        {"long": 2, "third": 3},
    )


def test_a_firm_at_its_own_size_is_left_as_it_is():
    """Goal: no copy without need. Method: the same object."""
    assert Sizing().scaled(BOUNDED) is BOUNDED
    assert Sizing(orders=100).scaled(BOUNDED) is BOUNDED
