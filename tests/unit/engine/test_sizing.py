"""Goal: a run's size scales arrivals and servers alike. Method: ratios by hand."""

from __future__ import annotations

import pytest

from bcsim.engine.sizing import Sizing
from tests.unit.engine.firms import DEMAND, firm, take

SMALL = firm([take()], demand={"orders_per_day": 100})


def test_without_a_size_the_models_holds():
    """Goal: the default changes nothing. Method: scale and servers."""
    assert (Sizing().scale(SMALL), Sizing().servers(SMALL, 7), Sizing().load) == (1.0, 7, 1.0)


@pytest.mark.parametrize(
    ("orders", "servers", "expected"),
    [(50, 4, 2), (50, 5, 3), (10, 4, 1), (1, 1, 1), (200, 3, 6), (130, 10, 13), (30, 10, 3)],
)
def test_servers_scale_with_orders_and_are_rounded_up(orders, servers, expected):
    """Goal: capacity in proportion, never none. Method: 100 orders a day in the model.

    1.3 × 10 and 0.3 × 10 are not whole in binary; they must not be rounded up to one more.
    """
    assert Sizing(orders=orders).servers(SMALL, servers) == expected


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
    assert Sizing(load=2.0).servers(SMALL, 7) == 7
