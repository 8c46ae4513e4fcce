"""Goal: wishes are made from addressed draws, one row an intent. Method: the draws, by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bcsim.engine.arrivals import (
    NO_CANCEL,
    UNIT,
    Source,
    arrival_times,
    expected_orders,
    make_intents,
)
from bcsim.engine.prices import make_prices
from bcsim.history.schema import NULL
from bcsim.model.demand import IntradayProfile
from bcsim.model.firm import Firm
from bcsim.streams import Distribution, Streams
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN
from tests.unit.engine.firms import firm, take

TEN, ELEVEN = 10 * NS_PER_H, 11 * NS_PER_H

SHARE = {
    "instruments": {
        "aaa": {"name": "AAA", "price": 1000, "tick": 10, "weight": 3.0},
        "bbb": {"name": "BBB", "price": 20, "tick": 5, "volatility": 2.0},
    },
    "limit_share": 0.5,
    "limit_offset": 4,
    "buy_share": 0.3,
    "quantity": [2, 5],
    "lot": 50,
}
CANCELS = {"orders_per_day": 400, "cancel": 0.25, "cancel_after": "exponential 30 s"}
SMALL = firm(
    [take()], product=SHARE, demand=CANCELS, segment={"clients": 7, "accounts_per_client": 3}
)


def profile(*points):
    """A profile of times and intensities."""
    data = {"points": [{"at": at, "intensity": intensity} for at, intensity in points]}
    return IntradayProfile.model_validate_json(json.dumps(data))


def source(orders_per_day=400.0, name="app", **span):
    """The firm's one source, or a part of the day of it."""
    return Source(name, SMALL.demand["app"], orders_per_day, **span)


def intents(streams, sources=None, window=(0, NS_PER_DAY), of=SMALL, midnight_ns=0):
    """The table of intents of some sources."""
    prices = make_prices(of, streams, (), from_ns=midnight_ns, to_ns=midnight_ns + NS_PER_DAY)
    found = [source()] if sources is None else sources
    return make_intents(of, found, streams, prices, midnight_ns=midnight_ns, window=window)


# -- intensity -------------------------------------------------------------------------------


def test_expected_orders_follow_the_profile():
    """Goal: the day's orders, in proportion to intensity. Method: 1 h at 1, 2 h at 2: 1/5, 4/5."""
    day = profile(("10:00", 1), ("11:00", 2), ("13:00", 0))
    knots, cumulated = expected_orders(day, 100.0, 0, NS_PER_DAY)
    hours = [10, 11, 11, 13, 13, 24]
    assert knots.tolist() == [0, *(hour * NS_PER_H for hour in hours)]
    assert cumulated.tolist() == [0, *(n * UNIT for n in (0, 20, 20, 100, 100, 100))]


def test_a_part_of_the_day_has_its_part_of_the_orders():
    """Goal: a surge's interval. Method: half of the first hour and a quarter of the second part."""
    day = profile(("10:00", 1), ("11:00", 2), ("13:00", 0))
    half = TEN + 30 * NS_PER_MIN
    knots, cumulated = expected_orders(day, 100.0, half, ELEVEN + 30 * NS_PER_MIN)
    assert knots.tolist() == [0, half, ELEVEN, ELEVEN, ELEVEN + 30 * NS_PER_MIN]
    assert cumulated.tolist() == [0, 0, 10 * UNIT, 10 * UNIT, 30 * UNIT]


@pytest.mark.parametrize("rate", [0.0, 100.0])
def test_without_intensity_there_are_no_orders(rate):
    """Goal: nothing from nothing. Method: no rate, or a profile of zeros."""
    day = profile(("10:00", 0 if rate else 1), ("11:00", 0))
    stream = Streams(1, 0).at("arrival", "app")
    assert arrival_times(day, source(rate), stream).tolist() == []


def test_arrivals_are_cumulated_gaps_laid_on_the_profile():
    """Goal: exponential gaps of mean one order. Method: gaps drawn here, one hour of intensity."""
    stream = Streams(5, 0).at("arrival", "app")
    day = profile(("10:00", 1), ("11:00", 0))
    found = arrival_times(day, source(50.0), stream)
    gap = Distribution.exponential(UNIT)
    reached, expected = 0, []
    for index in range(200):
        reached += stream.sample_ns(gap, index)
        if reached >= 50 * UNIT:
            break
        expected.append(TEN + int(reached / (50.0 * UNIT) * NS_PER_H))
    assert found.tolist() == expected
    assert 30 < len(expected) < 75


def test_gaps_are_exponential():
    """Goal: a Poisson process of the stated rate. Method: counts of a day, 100 replications.

    The mean of 100 counts of mean 400 has a standard deviation of 2; bounds of 4.5 of them give a
    false alarm in 150 000. Seeds are fixed.
    """
    day = SMALL.profiles["day"]
    counts = [
        len(arrival_times(day, source(), Streams(1, n).at("arrival", "app"))) for n in range(100)
    ]
    assert 391 <= np.mean(counts) <= 409
    assert 280 <= np.var(counts, ddof=1) <= 560, "a Poisson count's variance is its mean"


# -- columns ---------------------------------------------------------------------------------


def test_every_column_is_drawn_at_the_orders_own_address():
    """Goal: one row from the index alone. Method: each column recomputed, one order at a time."""
    streams = Streams(11, 2)
    prices = make_prices(SMALL, streams, (), from_ns=0, to_ns=NS_PER_DAY)
    found = intents(streams)
    times = arrival_times(SMALL.profiles["day"], source(), streams.at("arrival", "app"))
    assert found.time_ns.tolist() == times.tolist()
    assert len(found) > 300

    def draw(purpose, n):
        return streams.at(purpose, "app").uniform(n)

    seen = []
    for n in range(len(found)):
        client = int(draw("client", n) * 7)
        instrument = int(draw("instrument", n) * 4 >= 3)
        is_buy, is_limit = draw("side", n) < 0.3, draw("ord_type", n) < 0.5
        tick = (10, 5)[instrument]
        market = prices.price("share", instrument, int(times[n]))
        offset = int(draw("price_offset", n) * 5) * tick
        limit = max(market - offset if is_buy else market + offset, tick)
        after = SMALL.demand["app"].cancel_after
        delay = streams.at("cancel_delay", "app").sample_ns(after, n)  # type: ignore[arg-type]
        cancels = draw("cancel_decision", n) < 0.25
        seen.append(
            (
                client,
                client * 3 + int(draw("account", n) * 3),
                instrument,
                int(is_buy),
                int(is_limit),
                (2 + int(draw("quantity", n) * 4)) * 50,
                limit if is_limit else NULL,
                int(times[n]) + delay if cancels else NO_CANCEL,
            )
        )
    names = ("client", "account", "instrument", "is_buy", "is_limit", "qty", "price", "cancel_ns")
    columns = [getattr(found, name).tolist() for name in names]
    assert list(zip(*columns, strict=True)) == seen
    assert found.index.tolist() == list(range(len(found)))


def test_limits_lie_on_the_passive_side_and_stay_above_zero():
    """Goal: a limit never below one tick. Method: an instrument of 20 with ticks of 5."""
    found = intents(Streams(3, 0))
    limits = found.price[found.is_limit == 1]
    assert limits.min() == 5
    assert (found.price[found.is_limit == 0] == NULL).all()


def test_several_sources_are_sorted_by_time_source_and_index():
    """Goal: one table. Method: a source twice under two names, which makes equal times unlikely."""
    found = intents(Streams(3, 0), [source(name="a"), source(name="b"), source(name="a")])
    rows = list(zip(found.time_ns, found.source, found.index, strict=True))
    assert rows == sorted(rows)
    first, third = found.source == 0, found.source == 2
    assert found.time_ns[first].tolist() == found.time_ns[third].tolist(), "one name, one luck"
    assert found.time_ns[first].tolist() != found.time_ns[found.source == 1].tolist()


def test_a_window_takes_rows_and_changes_none():
    """Goal: rows inside are the same rows. Method: a window against the mask of the whole day."""
    streams = Streams(3, 1)
    whole = intents(streams)
    window = (TEN + 10 * NS_PER_MIN, TEN + 20 * NS_PER_MIN)
    part = intents(streams, window=window)
    inside = (whole.time_ns >= window[0]) & (whole.time_ns < window[1])
    for name in ("index", "time_ns", "client", "instrument", "qty", "price", "cancel_ns"):
        assert getattr(part, name).tolist() == getattr(whole, name)[inside].tolist(), name
    assert 0 < len(part) < len(whole)


def test_times_are_on_the_runs_clock():
    """Goal: midnight lies before the start. Method: a midnight of minus ten hours."""
    streams = Streams(3, 1)
    whole, shifted = intents(streams), intents(streams, midnight_ns=-TEN)
    assert (whole.time_ns - shifted.time_ns == TEN).all()
    cancels = whole.cancel_ns >= 0
    assert (whole.cancel_ns - shifted.cancel_ns)[cancels].tolist() == [TEN] * cancels.sum()


def test_no_source_no_intent():
    """Goal: an empty table is a table. Method: no sources."""
    assert len(intents(Streams(1, 0), [])) == 0


def test_a_firm_may_have_one_client_with_one_account():
    """Goal: bounds of the draws. Method: all clients and accounts are number 0."""
    single = Firm.model_validate(
        SMALL.model_copy(
            update={
                "segments": {
                    "retail": SMALL.segments["retail"].replace(clients=1, accounts_per_client=1)
                }
            }
        )
    )
    found = intents(Streams(1, 0), of=single)
    assert (set(found.client), set(found.account)) == ({0}, {0})
