"""Goal: prices are whole, addressed, and moved by shocks. Method: paths worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bcsim.engine.prices import Prices, Shock, make_prices
from bcsim.streams import Streams, inverse_normal
from tests.unit.engine.firms import firm, take

SECOND = 1_000_000_000


def of(price=1000, tick=10, volatility=0.0, grid="1 s"):
    """A firm with one instrument."""
    instrument = {"name": "AAA", "price": price, "tick": tick, "volatility": volatility}
    return firm([take()], product={"instruments": {"aaa": instrument}, "price_grid": grid})


def path(prices):
    return prices.paths["share"][0].tolist()


def test_without_volatility_the_price_stays():
    """Goal: one value, a point a grid step, both ends in. Method: 0 to 5 s."""
    assert path(make_prices(of(), Streams(1, 0), (), from_ns=0, to_ns=5 * SECOND)) == [1000] * 6


def test_the_grid_reaches_the_end_even_if_it_does_not_divide():
    """Goal: no time without a price. Method: a grid of 2 s up to 5 s has points 0, 2, 4, 6."""
    made = make_prices(of(grid="2 s"), Streams(1, 0), (), from_ns=0, to_ns=5 * SECOND)
    assert path(made) == [1000] * 4
    assert made.time_of("share", 3) == 6 * SECOND


def test_a_walk_takes_rounded_addressed_steps():
    """Goal: market_noise at the grid point. Method: the steps, drawn here."""
    made = make_prices(of(volatility=1.5), Streams(9, 1), (), from_ns=0, to_ns=300 * SECOND)
    luck = Streams(9, 1).at("market_noise", "share/aaa")
    ticks, expected = 100, [1000]
    for point in range(1, 301):
        ticks += math.floor(inverse_normal(luck.uniform(point)) * 1.5 + 0.5)
        expected.append(max(ticks, 1) * 10)
    assert path(made) == expected
    assert len(set(expected)) > 10


def test_a_price_is_never_below_one_tick():
    """Goal: no price of zero. Method: two ticks and a wild walk."""
    made = make_prices(of(20, 10, 5.0), Streams(1, 0), (), from_ns=0, to_ns=500 * SECOND)
    assert min(path(made)) == 10


def test_a_later_end_leaves_the_beginning_alone():
    """Goal: common random numbers. Method: two lengths of one walk."""
    short, long = (
        path(make_prices(of(volatility=1.0), Streams(4, 0), (), from_ns=0, to_ns=n * SECOND))
        for n in (50, 90)
    )
    assert long[:51] == short


def test_a_shock_multiplies_from_its_time_on_and_shocks_add_up():
    """Goal: price shocks. Method: minus 10 % at 2 s, plus 50 % at 4 s: 900, then 1350."""
    shocks = [Shock(2 * SECOND, (), -0.1), Shock(4 * SECOND, ("share",), 0.5)]
    made = make_prices(of(), Streams(1, 0), shocks, from_ns=0, to_ns=5 * SECOND)
    assert path(made) == [1000, 1000, 900, 900, 1350, 1350]


def test_a_shock_to_another_product_changes_nothing():
    """Goal: named products only. Method: a shock to gold."""
    shocks = [Shock(0, ("gold",), -0.5)]
    assert path(make_prices(of(), Streams(1, 0), shocks, from_ns=0, to_ns=SECOND)) == [1000, 1000]


def test_a_shock_between_grid_points_shows_at_the_next():
    """Goal: prices change on the grid. Method: a shock at 1.5 s."""
    made = make_prices(
        of(), Streams(1, 0), [Shock(1_500_000_000, (), 0.1)], from_ns=0, to_ns=3 * SECOND
    )
    assert path(made) == [1000, 1000, 1100, 1100]


def test_shocked_prices_are_rounded_to_ticks():
    """Goal: whole ticks. Method: 1000 in ticks of 10, minus 12.6 %: 87.4 ticks are 87."""
    made = make_prices(of(), Streams(1, 0), [Shock(0, (), -0.126)], from_ns=0, to_ns=0)
    assert path(made) == [870]


MADE = Prices(
    from_ns=10 * SECOND,
    grid_ns={"share": SECOND},
    paths={"share": np.array([[100, 90, 95, 80, 110], [1, 2, 3, 4, 5]], dtype=np.int64)},
)
"""Two instruments; prices of 10 s to 14 s."""


@pytest.mark.parametrize(
    ("time_ns", "price"),
    [
        (0, 100),
        (10 * SECOND, 100),
        (11 * SECOND - 1, 100),
        (11 * SECOND, 90),
        (14 * SECOND, 110),
        (99 * SECOND, 110),
    ],
)
def test_a_price_holds_until_the_next_point(time_ns, price):
    """Goal: the price of a time; the first before, the last after. Method: around grid points."""
    assert MADE.price("share", 0, time_ns) == price
    column = MADE.at("share", np.array([0, 1]), np.array([time_ns, time_ns]))
    assert column.tolist() == [price, MADE.price("share", 1, time_ns)]


@pytest.mark.parametrize(
    ("after", "limit", "is_buy", "touch"),
    [
        (10, 95, True, 11),
        (11, 95, True, 12),
        (10, 80, True, 13),
        (13, 80, True, None),
        (10, 79, True, None),
        (10, 110, False, 14),
        (12, 95, False, 14),
        (99, 1, False, None),
    ],
)
def test_the_first_touch_comes_after_the_time_given(after, limit, is_buy, touch):
    """Goal: first grid time at which a limit could execute. Method: the path above, by hand."""
    found = MADE.first_touch("share", 0, after * SECOND, limit=limit, is_buy=is_buy)
    assert found == (None if touch is None else touch * SECOND)
