"""Goal: orders rest, execute and expire as the market's rules say. Method: price paths by hand.

Prices stand on a grid of 1 s from 09:00 on; time 0 is 10:00, so grid point 3600 is time 0. A
test's path begins at 10:00 (the 3600 points before are 1000). An order sent by the front at 11
is received by the venue at 12 and accepted at 22.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import VOLATILE, execute, firm, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

ROUTE = [take(), execute()]
MARKET = "execute expire cancel reject"


def path(*prices):
    """Prices of 0 s, 1 s, 2 s …; the last one stays."""
    return {"share": [[1000] * 3600 + list(prices) + [prices[-1]] * 30000]}


def market(history, *columns):
    """What happens at the venue."""
    return story(history, *columns, only="venue", without="receive start finish")


def test_a_market_order_executes_at_the_price_of_its_time():
    """Goal: the price at execution, whatever it was before. Method: accepted at 22 ms and 1022."""
    history = run(firm(ROUTE), [Wish(), Wish("1s")], prices=path(990, 980))
    assert market(history, "price", "amount") == lines("""
        22ms venue execute 0.1 price=990 amount=99000
        1.022s venue execute 1.1 price=980 amount=98000
    """)


def test_a_limit_order_is_tested_on_arrival():
    """Goal: at once if the price allows. Method: buy at 1000 or above, sell at 1000 or below."""
    history = run(
        firm(ROUTE),
        [Wish(limit=1000), Wish("1s", "sell", limit=1000), Wish("2s", limit=1010)],
        prices=path(1000),
    )
    assert market(history, "price") == lines("""
        22ms venue execute 0.1 price=1000
        1.022s venue execute 1.1 price=1000
        2.022s venue execute 2.1 price=1000
    """)


def test_a_limit_order_is_tested_at_each_grid_point():
    """Goal: first touch. Method: a buy at 970 and a sell at 1040 on a path that visits both."""
    history = run(
        firm(ROUTE),
        [Wish(limit=970), Wish("1ms", "sell", limit=1040)],
        prices=path(1000, 980, 970, 960, 1040, 1050),
    )
    assert market(history, "price") == lines("""
        2s venue execute 0.1 price=970
        4s venue execute 1.1 price=1040
    """)


def test_a_limit_order_occupies_no_server():
    """Goal: the venue's one server is free. Method: a market order behind a resting one."""
    history = run(firm(ROUTE), [Wish(limit=900), Wish("1ms")], prices=path(1000))
    assert market(history, "reason") == lines("""
        32ms venue execute 1.1
        6h venue expire 0.1 reason=end of session
    """)


def test_orders_touched_at_one_point_execute_in_the_order_of_their_arrival():
    """Goal: arrival order, not order number. Method: the first wish is late (see test_holder).

    The first order's request is lost at 0 and sent again at 60; the second is there before.
    """
    first = take(timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([first, execute()]),
        [Wish(limit=970), Wish("1ms", limit=970)],
        timeline("0ms app->front link_up 0", "1ms app->front link_up 1"),
        prices=path(1000, 1000, 970),
    )
    assert market(history) == ["2s venue execute 1.1", "2s venue execute 0.1"]


# -- sessions --------------------------------------------------------------------------------

BREAK = {
    "sessions": [
        {"name": "am", "open": "09:00", "close": "10:00:02"},
        {"name": "pm", "open": "10:00:05", "close": "10:00:10"},
    ]
}


def test_nothing_executes_in_a_break():
    """Goal: orders wait for the next open. Method: break from 2 s to 5 s; market and limit."""
    history = run(
        firm(ROUTE, product=BREAK),
        [Wish("2s"), Wish("3s", limit=1000), Wish("4s", limit=970)],
        prices=path(1000, 1000, 1000, 960, 960, 980, 970),
    )
    assert market(history, "price") == lines("""
        5s venue execute 0.1 price=980
        5s venue execute 1.1 price=980
        6s venue execute 2.1 price=970
    """)


def test_before_the_first_open_orders_wait():
    """Goal: accepted before the session. Method: open at 10:00:05."""
    product = {"sessions": [{"name": "day", "open": "10:00:05", "close": "11:00"}]}
    history = run(firm(ROUTE, product=product), [Wish()])
    assert market(history) == ["5s venue execute 0.1"]


def test_what_is_left_at_the_last_close_expires():
    """Goal: expiry, reported and told. Method: a limit that is not touched until 10 s."""
    history = run(firm(ROUTE, product=BREAK), [Wish(limit=900, qty=300)])
    assert story(history, "qty", "reason", only="expire") == lines("""
        10s venue expire 0.1 qty=300 reason=end of session
        10.001s front expire 0.1 qty=300 reason=end of session
        10.002s client expire 0.1 qty=300 reason=end of session
    """)


def test_a_touch_at_the_close_comes_too_late():
    """Goal: open until before the close. Method: touched at 10 s exactly, and a second before."""
    late, in_time = (
        run(firm(ROUTE, product=BREAK), [Wish(limit=900)], prices=path(*[1000] * n, 900))
        for n in (10, 9)
    )
    assert market(late) == ["10s venue expire 0.1"]
    assert market(in_time) == ["9s venue execute 0.1"]


def test_after_the_last_close_orders_are_rejected():
    """Goal: outside session. Method: accepted a nanosecond before the close, and at the close."""
    early, late = (run(firm(ROUTE, product=BREAK), [Wish(at)]) for at in ("9.977999999s", "9.978s"))
    assert market(early) == ["9.999999999s venue execute 0.1"]
    assert story(late, "reason", only="reject execute") == lines("""
        10s venue reject 0.1 reason=outside session
        10.001s client reject 0.1 reason=outside session
    """)


# -- partial fills ---------------------------------------------------------------------------


def split(count, gap=None):
    """A product whose executions are always split."""
    return {"partial_fill": 1, "fills": count, "fill_gap": gap}


def test_an_execution_splits_into_equal_parts():
    """Goal: parts add up. Method: 100 in three parts: 34, 33, 33, at once without a gap."""
    history = run(firm(ROUTE, product=split(3)))
    assert story(history, "qty", "exec_id", only="execute") == lines("""
        22ms venue execute 0.1 qty=34 exec_id=app-000000.1/venue/1
        22ms venue execute 0.1 qty=33 exec_id=app-000000.1/venue/2
        22ms venue execute 0.1 qty=33 exec_id=app-000000.1/venue/3
        23ms front execute 0.1 qty=34 exec_id=app-000000.1/venue/1
        23.000001ms front execute 0.1 qty=33 exec_id=app-000000.1/venue/2
        23.000002ms front execute 0.1 qty=33 exec_id=app-000000.1/venue/3
    """)


def test_fills_of_a_limit_order_each_need_their_price():
    """Goal: a limit holds for each part. Method: touched at 1 s, gone at 2 s, back at 4 s."""
    history = run(
        firm(ROUTE, product=split(2, "1500 ms")),
        [Wish(limit=970)],
        prices=path(1000, 970, 980, 980, 960),
    )
    assert market(history, "qty", "price") == lines("""
        1s venue execute 0.1 qty=50 price=970
        4s venue execute 0.1 qty=50 price=960
    """)


def test_what_is_left_of_a_partly_filled_order_expires():
    """Goal: executed + expired = ordered. Method: the second part is never touched."""
    history = run(
        firm(ROUTE, product=split(2, "1500 ms") | BREAK),
        [Wish(limit=970)],
        prices=path(1000, 970, 980),
    )
    assert market(history, "qty") == lines("""
        1s venue execute 0.1 qty=50
        10s venue expire 0.1 qty=50
    """)


# -- halts and faults ------------------------------------------------------------------------


def test_a_halted_venue_accepts_and_executes_nothing():
    """Goal: HALT. Method: halted from 0 to 3 s; in the order of arrival afterwards."""
    history = run(
        firm(ROUTE),
        [Wish(), Wish("1s", limit=1000), Wish("4s")],
        timeline("0ms venue halt 1", "3s venue halt 0"),
    )
    assert market(history) == lines("""
        3s venue execute 0.1
        3s venue execute 1.1
        4.022s venue execute 2.1
    """)


def test_a_halt_can_cancel_what_rests():
    """Goal: detail cancel; reported and told. Method: an order that rests; a later one stays."""
    history = run(
        firm(ROUTE),
        [Wish(limit=900), Wish("2s")],
        timeline("1s venue halt 1 cancel", "3s venue halt 0"),
    )
    assert story(history, "reason", "cause", only="cancel execute") == lines("""
        1s venue cancel 0.1 reason=trading halt cause=fault
        1.001s front cancel 0.1 reason=trading halt
        1.002s client cancel 0.1 reason=trading halt
        3s venue execute 1.1
        3.001s front execute 1.1
    """)


def test_a_halted_venue_still_ends_its_day():
    """Goal: expiry does not need trading. Method: halted over the close."""
    history = run(firm(ROUTE, product=BREAK), [Wish()], timeline("0ms venue halt 1"))
    assert market(history) == ["10s venue expire 0.1"]


@pytest.mark.parametrize("state", ["up 0", "hang 1"])
def test_a_venue_that_does_not_work_does_nothing(state):
    """Goal: neither execution nor expiry while down or hung. Method: over touch and close.

    Touched at 3 s; down from 1 s to 5 s: executed at 5 s if the price still allows. A second
    order expires at 10 s while it is down again, which it records when it is back at 12 s.
    """
    good = {"up 0": "up 1", "hang 1": "hang 0"}[state]
    day = {"sessions": [{"name": "day", "open": "09:00", "close": "10:00:10"}]}
    history = run(
        firm(ROUTE, product=day),
        [Wish(limit=970), Wish("1ms", limit=900)],
        timeline(f"1s venue {state}", f"5s venue {good}", f"9s venue {state}", f"12s venue {good}"),
        prices=path(1000, 1000, 1000, 970),
    )
    assert market(history, "price") == lines("""
        5s venue execute 0.1 price=970
        12s venue expire 1.1 price=900
    """)


def test_a_durable_venue_keeps_its_book_and_its_reports():
    """Goal: nothing is lost in a crash. Method: a resting order, a report that waits."""
    history = run(
        firm(ROUTE),
        [Wish(), Wish("1s", limit=970)],
        timeline(
            "15ms venue->front link_up 0",
            "2s venue up 0",
            "3s venue->front link_up 1",
            "4s venue up 1",
        ),
        prices=path(1000, 1000, 1000, 1000, 1000, 970),
    )
    assert story(history, only="execute") == lines("""
        22ms venue execute 0.1
        4.001s front execute 0.1
        5s venue execute 1.1
        5.001s front execute 1.1
    """)


def test_a_volatile_venue_loses_its_book_and_its_reports():
    """Goal: lost where the store is volatile. Method: as above."""
    history = run(
        firm(ROUTE, components={"venue": {"store": VOLATILE}}),
        [Wish(), Wish("1s", limit=970)],
        timeline(
            "15ms venue->front link_up 0",
            "2s venue up 0",
            "3s venue->front link_up 1",
            "4s venue up 1",
        ),
        prices=path(1000, 1000, 1000, 1000, 1000, 970),
    )
    assert story(history, only=MARKET) == ["22ms venue execute 0.1"]


def test_a_fault_does_not_shorten_the_gap_between_fills():
    """Goal: the second fill comes when it is due. Method: a halt of 1 s within a gap of 5 s."""
    history = run(
        firm(ROUTE, product=split(2, "5 s")),
        faults=timeline("1s venue halt 1", "2s venue halt 0"),
    )
    assert market(history) == ["22ms venue execute 0.1", "5.022s venue execute 0.1"]


# -- disconnect ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["1s front->venue link_up 0", "1s venue->front link_up 0", "1s front up 0"]
)
@pytest.mark.parametrize(
    ("policy", "end"), [("cancel", "1s venue cancel 0.1"), ("keep", "3s venue execute 0.1")]
)
def test_a_dropped_session_keeps_or_cancels_what_rests(policy, end, fault):
    """Goal: on_disconnect. Method: the link is cut either way, or the holder crashes, at 1 s."""
    links = {"front -> venue": {"latency": "1 ms", "on_disconnect": policy}}
    history = run(
        firm(ROUTE, links=links),
        [Wish(limit=970)],
        timeline(fault),
        prices=path(1000, 1000, 1000, 970),
    )
    assert market(history) == [end]


@pytest.mark.parametrize(
    ("links", "end"),
    [
        ({"default": {"latency": "1 ms", "on_disconnect": "cancel"}}, "1s venue cancel 0.1"),
        ({"front -> venue": {"latency": "1 ms", "on_disconnect": "cancel"}}, "1s venue cancel 0.1"),
        (
            {
                name: {"latency": "1 ms", "on_disconnect": "cancel"}
                for name in ("front -> venue", "venue -> front")
            },
            "3s venue execute 0.1",
        ),
    ],
)
def test_a_link_that_many_share_drops_their_sessions(links, end):
    """Goal: a cut of a profile is a cut of its pairs. Method: the default link is cut at 1 s.

    It is both ways of the session, then the way back, then neither.
    """
    history = run(
        firm(ROUTE, links=links),
        [Wish(limit=970)],
        timeline("1s default link_up 0"),
        prices=path(1000, 1000, 1000, 970),
    )
    assert market(history) == [end]


def test_only_the_dropped_sessions_orders_are_cancelled():
    """Goal: one session's orders. Method: another component's link is cut."""
    links = {"front -> venue": {"latency": "1 ms", "on_disconnect": "cancel"}}
    history = run(
        firm(ROUTE, links=links, components={"other": {}}),
        [Wish(limit=970)],
        timeline("1s other->venue link_up 0"),
        prices=path(1000, 1000, 1000, 970),
    )
    assert market(history) == ["3s venue execute 0.1"]


def test_a_venue_that_is_down_cancels_when_it_is_back():
    """Goal: a crashed venue records nothing. Method: the session drops while it is down."""
    links = {"front -> venue": {"latency": "1 ms", "on_disconnect": "cancel"}}
    history = run(
        firm(ROUTE, links=links),
        [Wish(limit=970)],
        timeline("1s venue up 0", "2s front->venue link_up 0", "4s venue up 1"),
        prices=path(1000, 1000, 1000, 970),
    )
    assert market(history) == ["4s venue cancel 0.1"]
