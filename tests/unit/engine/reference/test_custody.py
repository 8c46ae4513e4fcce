"""Goal: who holds an order, and what becomes of answers and reports. Method: tiny runs.

The front sends at 11; the venue receives at 12, executes at 22 and reports at 23.
"""

from __future__ import annotations

from tests.unit.engine.firms import VOLATILE, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

RETRY = {"limit": 9, "backoff": "10 ms", "cap": "10 ms"}


def test_whoever_did_a_step_sees_the_next_one_done():
    """Goal: custody goes hop by hop. Method: who sends each step's request."""
    history = run(firm([take(), step("a", "one"), step("b", "two"), step("c", "one")]))
    assert story(history, "step", only="send") == lines("""
        0s client send 0.1 step=0
        11ms front send 0.1 step=1
        22ms one send 0.1 step=2
        33ms two send 0.1 step=3
    """)


def test_after_a_call_the_caller_goes_on():
    """Goal: the callee of a call holds nothing. Method: who sends each step's request."""
    call = step("ask", "one", mode="call")
    history = run(firm([take(), call, step("b", "two")]))
    assert story(history, "step", only="send", without="client") == lines("""
        11ms front send 0.1 step=1
        23ms front send 0.1 step=2
    """)


def test_a_client_whose_first_steps_are_calls_goes_on_itself():
    """Goal: the client holds the order until somebody takes it over. Method: two calls first."""
    route = [
        step("sign-in", "identity", mode="call"),
        step("quote", "quotes", mode="call"),
        take(),
        execute(),
    ]
    history = run(firm(route))
    assert story(history, "step", only="send execute") == lines("""
        0s client send 0.1 step=0
        12ms client send 0.1 step=1
        24ms client send 0.1 step=2
        35ms front send 0.1 step=3
        46ms venue execute 0.1 step=3
        47ms front execute 0.1
    """)


def test_a_client_that_nobody_relieves_takes_the_reports_itself():
    """Goal: an order may go straight to the venue. Method: execute first, then book.

    Received 1, executed 11, reported to the client at 12, who has it booked: 13 to 23.
    """
    history = run(firm([execute(), step("book", "ledger", role="book")]))
    assert story(history, "exec_id", only="execute book send") == lines("""
        0s client send 0.1
        11ms venue execute 0.1 exec_id=app-000000.1/venue/1
        12ms client execute 0.1 exec_id=app-000000.1/venue/1
        12ms client send 0.1
        23ms ledger book 0.1 exec_id=app-000000.1/venue/1
    """)


def test_a_client_hears_itself_that_its_order_has_expired():
    """Goal: the end of an order that nobody else holds. Method: a limit that is never touched."""
    product = {"sessions": [{"name": "day", "open": "09:00", "close": "10:00:01"}]}
    history = run(firm([execute()], product=product), [Wish(limit=900)])
    assert story(history, "qty", "reason", only="expire") == lines("""
        1s venue expire 0.1 qty=100 reason=end of session
        1.001s client expire 0.1 qty=100 reason=end of session
    """)


def test_a_fill_begins_its_own_way_and_the_order_waits_for_the_rest():
    """Goal: each fill is held apart. Method: a ledger that is down for the first fill only.

    Fills at 22 and 72 (50 ms apart). The first is sent at 23 and lost, the second at 73.
    """
    product = {"partial_fill": 1, "fills": 2, "fill_gap": "50 ms"}
    history = run(
        firm([take(), execute(), step("book", "ledger", role="book")], product=product),
        faults=timeline("20ms ledger up 0", "60ms ledger up 1"),
    )
    assert story(history, "exec_id", only="send book", without="client") == lines("""
        11ms front send 0.1
        23ms front send 0.1
        73ms front send 0.1
        84ms ledger book 0.1 exec_id=app-000000.1/venue/2
    """)


# -- orphans ---------------------------------------------------------------------------------


def test_an_answer_to_a_forgotten_order_is_an_orphan():
    """Goal: the holder has crashed and forgotten. Method: a volatile front, down 15 to 20."""
    history = run(
        firm([take(), step("check", "venue")], components={"front": {"store": VOLATILE}}),
        faults=timeline("15ms front up 0", "20ms front up 1"),
    )
    assert story(history, "subject", "step", "attempt", only="orphan") == [
        "23ms front orphan 0.1 subject=answer done step=1 attempt=0"
    ]


def test_a_report_to_a_forgetful_holder_is_an_orphan_with_its_terms():
    """Goal: the fill is known to the venue only. Method: as above, with an execution."""
    history = run(
        firm([take(), execute()], components={"front": {"store": VOLATILE}}),
        [Wish(qty=300)],
        timeline("15ms front up 0", "20ms front up 1"),
    )
    columns = ("qty", "price", "ref", "subject")
    assert story(history, *columns, only="orphan") == lines("""
        23ms front orphan 0.1 subject=answer done
        23ms front orphan 0.1 qty=300 price=1000 ref=app-000000.1/venue/1 subject=report execute
    """)


def test_later_answers_of_a_settled_step_are_no_orphans():
    """Goal: an answer to any attempt settles. Method: three attempts, three answers.

    100 ms on the way back: sent 11, 51, 91 (timeouts 30, waits 10); answers at 122, 152, 192.
    """
    links = {"venue -> front": {"latency": "100 ms"}}
    do = step("check", "venue", timeout="30 ms", retry=RETRY)
    history = run(firm([take(), do], links=links))
    assert story(history, only="send orphan", without="client") == lines("""
        11ms front send 0.1
        51ms front send 0.1
        91ms front send 0.1
    """)


# -- reports ---------------------------------------------------------------------------------


def test_reports_are_kept_while_the_link_is_cut_and_sent_on_reconnect():
    """Goal: kept until the session receives it. Method: the way back is cut from 15 to 500."""
    history = run(
        firm([take(), execute()]),
        faults=timeline("15ms venue->front link_up 0", "500ms venue->front link_up 1"),
    )
    assert story(history, only="execute") == lines("""
        22ms venue execute 0.1
        501ms front execute 0.1
    """)


def test_reports_are_kept_while_the_holder_is_down_or_hung():
    """Goal: resent on reconnect. Method: down, and hung, from 15 to 500."""
    for state in ("up", "hang"):
        bad, good = (0, 1) if state == "up" else (1, 0)
        history = run(
            firm([take(), execute()]),
            faults=timeline(f"15ms front {state} {bad}", f"500ms front {state} {good}"),
        )
        assert story(history, only="execute", without="client") == lines("""
            22ms venue execute 0.1
            501ms front execute 0.1
        """)


def test_a_report_that_a_dying_holder_has_not_read_is_sent_again():
    """Goal: kept until it is received. Method: the holder hangs, then crashes, then recovers."""
    history = run(
        firm([take(), execute()]),
        faults=timeline("15ms front hang 1", "100ms front up 0", "500ms front up 1"),
    )
    assert story(history, only="execute orphan", without="client") == lines("""
        22ms venue execute 0.1
        501ms front execute 0.1
    """)


def test_a_report_under_way_to_a_holder_that_crashes_is_kept():
    """Goal: no fill is lost on the way. Method: the crash is at 22.5, between sending and arrival."""
    history = run(
        firm([take(), execute()]), faults=timeline("22.5ms front up 0", "500ms front up 1")
    )
    assert story(history, only="execute") == lines("""
        22ms venue execute 0.1
        501ms front execute 0.1
    """)


def test_reports_of_an_order_do_not_overtake_each_other():
    """Goal: a session delivers in order. Method: random latency, two fills and an end.

    Forty orders with two fills each: the front hears every fill, in order, and none is an orphan.
    """
    links = {"venue -> front": {"latency": "exponential 1 s"}}
    product = {"partial_fill": 1, "fills": 3, "fill_gap": "1 ms"}
    wishes = [Wish(f"{n}s") for n in range(40)]
    history = run(firm([take(), execute()], links=links, product=product), wishes)
    heard = [
        (row["order_id"], row["exec_id"])
        for row in history.rows("execute")
        if row["vantage"] == "front"
    ]
    for n in range(40):
        name = f"app-{n:06d}.1"
        parts = [exec_id for order, exec_id in heard if order == name]
        assert parts == [f"{name}/venue/{part}" for part in (1, 2, 3)]
    assert story(history, only="orphan") == []


def test_fills_at_two_venues_are_two_fills():
    """Goal: no fill is taken for another. Method: no answer from one venue, then the other's.

    The answers and reports of the venue are cut off until 200; the fallback executes too.
    """
    fallback = {"component": "dealer", "service": "10 ms", "timeout": "1 s"}
    do = execute(timeout="30 ms", on_failure="fallback", fallback=fallback)
    history = run(
        firm([take(), do, step("book", "ledger", role="book")]),
        faults=timeline("15ms venue->front link_up 0", "45ms venue->front link_up 1"),
    )
    assert story(history, "exec_id", only="execute book orphan", without="client") == lines("""
        22ms venue execute 0.1 exec_id=app-000000.1/venue/1
        46ms front execute 0.1 exec_id=app-000000.1/venue/1
        52ms dealer execute 0.1 exec_id=app-000000.1/dealer/2
        53ms front orphan 0.1
        57ms ledger book 0.1 exec_id=app-000000.1/venue/1
    """)


def test_a_second_effect_at_the_holder_takes_the_place_of_the_first():
    """Goal: one effort for one order. Method: the front without dedup is asked twice.

    The answer of 11 is lost; the client sends again at 40 (received 41, done 51). The venue
    is down until 500: two efforts would send twice at 500, and one of them for ever.
    """
    first = take(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    do = execute(timeout="100 ms")
    history = run(
        firm([first, do], components={"front": {"dedup": None}}),
        faults=timeline(
            "5ms front->app link_up 0",
            "5ms venue up 0",
            "45ms front->app link_up 1",
            "500ms venue up 1",
        ),
    )
    assert story(history, "attempt", only="send orphan", without="client") == lines("""
        11ms front send 0.1 attempt=0
        51ms front send 0.1 attempt=1
        500ms front send 0.1 attempt=2
    """)
