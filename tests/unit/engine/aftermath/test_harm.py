"""Goal: an order's harm is what would put its client where the order, done as due, had led.

Method: a market that stands at 1000 until 12:00, two hours into the run, and at 1200 from then
on; orders of 100 with executions written by hand, and amounts worked out by hand.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcsim.engine.aftermath.case import Case
from bcsim.engine.aftermath.execution import Execution
from bcsim.engine.aftermath.harm import Market, amount_due, excess, loss
from bcsim.engine.blueprint import make_blueprint
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import LogEntry, Timeline
from bcsim.model.redress import Redress
from bcsim.streams import Streams
from bcsim.units import NS_PER_H
from tests.unit.engine.aftermath.aftermaths import model
from tests.unit.engine.firms import scenario

SHOCK = {"id": "up", "kind": "price-shock", "at": "12:00", "change": 0.2}

CASE = Case(
    number=0,
    intent="app-000000",
    kinds=("lost",),
    source="app",
    index=0,
    from_ns=0,
    end_ns=0,
    felt_ns=0,
    deadline_ns=NS_PER_H,
    qty=100,
    price=None,
    client="c1",
    segment="retail",
    channel="app",
    account="a1",
    instrument="aaa",
    side="buy",
)


@pytest.fixture(scope="module")
def market():
    """Price 1000 before 12:00 and 1200 after."""
    day = scenario(window={"start": "10:00", "end": "13:00"}, disruptions=[SHOCK])
    log = (LogEntry(2 * NS_PER_H, "infrastructure", "fault_on", ref="up"),)
    plan = make_blueprint(model(), day, Sizing(), Streams(1, 0), Timeline((), log))
    found = Market.of(plan)
    assert [found.price("aaa", h * NS_PER_H) for h in (0, 1, 3)] == [1000, 1000, 1200]
    return found


def done(qty=100, price=1000, **terms):
    return Execution(
        **({"account": "a1", "instrument": "aaa", "side": "buy"} | terms), qty=qty, price=price
    )


@pytest.mark.parametrize(
    ("case", "executions", "harm"),
    [
        ({}, [done()], 0),
        ({}, [done(price=1010)], 100 * 10),
        ({}, [done(price=990)], 0),
        ({}, [done(60, 1010), done(40, 990)], 60 * 10 - 40 * 10),
        ({"side": "sell"}, [done(price=990, side="sell")], 100 * 10),
        ({}, [], 100 * 200),
        ({"side": "sell"}, [], 0),
        ({"deadline_ns": 3 * NS_PER_H}, [], 0),
        ({"deadline_ns": None}, [], 100 * 200),
        ({}, [done(60)], 40 * 200),
        ({}, [done(60, 990)], 40 * 200),
        ({}, [done(), done(price=1250)], 100 * 50),
        ({}, [done(), done(price=1100)], 0),
        ({"side": "sell"}, [done(side="sell"), done(side="sell")], 100 * 200),
        ({}, [done(150, 1250)], 100 * 250 + 50 * 50),
        ({}, [done(account="a2", price=1300)], 100 * 200 + 100 * 100),
        ({"price": 900}, [], 0),
        ({"price": 1000}, [], 100 * 200),
        ({"price": 1100}, [done(price=1100)], 0),
        ({"side": "sell", "price": 1150}, [], 0),
        ({"instrument": None}, [done(price=1300)], 100 * 100),
        ({"qty": None}, [], 0),
        ({"instrument": "unknown"}, [done(instrument="unknown")], 0),
    ],
)
def test_loss(market, case, executions, harm):
    """Goal: each kind of loss by itself, and together."""
    assert loss(market, replace(CASE, **case), tuple(executions)) == harm


def test_a_sell_limit_that_the_market_reached(market):
    """Goal: a limit order that could have been done at its limit misses nothing above it."""
    case = replace(CASE, side="sell", price=1300)
    assert loss(market, case, ()) == 0
    assert market.touched(replace(CASE, side="sell"), 1150)
    assert not market.touched(replace(CASE, side="sell"), 1250)


@pytest.mark.parametrize(
    ("executions", "given_back"),
    [
        ([], 0),
        ([done()], 0),
        ([done(), done(30, 1100)], 30 * 1100),
        ([done(150, 990)], 50 * 990),
        ([done(account="a2"), done(40, account="a2")], 140 * 1000),
    ],
)
def test_excess(market, executions, given_back):
    """Goal: money that moved too often or elsewhere comes back whole, whatever the market did."""
    assert excess(CASE, tuple(executions)) == given_back
    refund = redress(lost={"refund": True, "fixed": 5})
    assert amount_due(refund, market, CASE, tuple(executions)) == given_back + 5


def redress(**rules):
    return Redress.model_validate({"rules": rules, "pay_after": "1 d"}, strict=False)


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        ({"late": {"fixed": 700}}, 0),
        ({"lost": {"fixed": 700}}, 700),
        ({"lost": {"restore": True}}, 20_000),
        ({"lost": {"restore": True, "fixed": 700}}, 20_700),
        ({"lost": {"fixed": 700}, "exposed": {"fixed": 900}}, 900),
        ({"lost": {"interest": 0.365}}, 2),
    ],
)
def test_amount_due(market, rules, due):
    """Goal: rules of the case's kinds, the greatest amount; interest over the delay.

    The delay is one hour beyond the deadline: 100 x 1000 x 36.5 % / 365 / 24 = 4.17 a day is
    100 a day, 4.17 an hour; of half an hour, 2.08, is 2.
    """
    case = replace(CASE, kinds=("lost", "exposed"), end_ns=NS_PER_H + NS_PER_H // 2)
    assert amount_due(redress(**rules), market, case, ()) == due
