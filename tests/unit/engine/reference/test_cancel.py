"""Goal: a cancel follows the order's links and finds it, or finds it gone. Method: races by hand.

An order wished at 0 is received by the front at 1 and served until 11; sent to the venue, it is
received at 12 and accepted at 22. A cancel takes 1 ms a link and no service.
"""

from __future__ import annotations

from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

ROUTE = [take(), execute()]
CANCELS = "cancel_request cancel cancel_reject execute"


def test_an_order_that_waits_for_a_server_is_removed():
    """Goal: removes the order where it waits. Method: behind another order, cancel at 5.

    The client is told; the holder of the step hears *cancelled* and does not try again.
    """
    first = take(timeout="50 ms", retry={"limit": 9, "backoff": "10 ms"})
    history = run(firm([first, execute()]), [Wish(), Wish(cancel="5ms")])
    found = story(history, "reason", only="1.1 client " + CANCELS, without="intend submit")
    assert [line for line in found if " 1.1" in line] == lines("""
        0s client send 1.1
        5ms client cancel_request 1.1
        6ms front cancel 1.1 reason=client
        7ms client cancel 1.1 reason=client
    """)


def test_a_cancel_request_has_a_key_of_its_own():
    """Goal: its own key. Method: the row of the request."""
    history = run(firm(ROUTE), [Wish(limit=900, cancel="1s")])
    assert story(history, "idem_key", "qty", only="cancel_request") == [
        "1s client cancel_request 0.1 idem_key=app-000000.1c qty=100"
    ]


def test_an_order_that_rests_is_removed_and_reported():
    """Goal: removes the order where it rests. Method: a limit order, cancel at 1 s.

    Front at 1001, venue at 1002: cancelled, reported to the front, who tells the client.
    """
    history = run(firm(ROUTE), [Wish(limit=900, cancel="1s")])
    assert story(history, "reason", "qty", only=CANCELS) == lines("""
        1s client cancel_request 0.1 qty=100
        1.002s venue cancel 0.1 reason=client qty=100
        1.003s front cancel 0.1 reason=client qty=100
        1.004s client cancel 0.1 reason=client qty=100
    """)


def test_an_executed_order_is_too_late_to_cancel():
    """Goal: cancel_reject, too late. Method: executed at 22; the cancel comes at 27."""
    history = run(firm(ROUTE), [Wish(cancel="25ms")])
    assert story(history, "reason", only=CANCELS) == lines("""
        22ms venue execute 0.1
        23ms front execute 0.1
        25ms client cancel_request 0.1
        27ms venue cancel_reject 0.1 reason=too late
        28ms client cancel_reject 0.1 reason=too late
    """)


def test_what_is_left_of_a_partly_filled_order_is_cancelled():
    """Goal: executed + cancelled = ordered. Method: a second fill 5 s later, cancel at 1 s."""
    product = {"partial_fill": 1, "fills": 2, "fill_gap": "5 s"}
    history = run(firm(ROUTE, product=product), [Wish(cancel="1s")])
    assert story(history, "qty", only="execute cancel", without="front client") == lines("""
        22ms venue execute 0.1 qty=50
        1.002s venue cancel 0.1 qty=50
    """)


def test_a_cancel_that_overtakes_its_order_finds_it_unknown_and_the_order_executes():
    """Goal: not arrived: unknown, and a later arrival still executes. Method: the first is lost.

    The request of 0 is lost, the cancel of 5 comes through, the order comes at 61.
    """
    first = take(timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([first, execute()]),
        [Wish(cancel="5ms")],
        timeline("0ms app->front link_up 0", "1ms app->front link_up 1"),
    )
    assert story(history, "reason", only=CANCELS) == lines("""
        5ms client cancel_request 0.1
        6ms front cancel_reject 0.1 reason=unknown
        7ms client cancel_reject 0.1 reason=unknown
        82ms venue execute 0.1
        83ms front execute 0.1
    """)


def test_an_order_in_service_is_not_known_yet():
    """Goal: what is being worked on neither waits nor rests. Method: cancel at 4, service to 11."""
    history = run(firm(ROUTE), [Wish(cancel="4ms")])
    assert story(history, "reason", only="cancel_reject execute", without="client front") == lines("""
        22ms venue execute 0.1
    """)
    assert story(history, "reason", only="cancel_reject", without="client") == [
        "5ms front cancel_reject 0.1 reason=unknown"
    ]


def test_a_cancel_catches_up_with_an_order_that_waits_at_the_venue():
    """Goal: the race at the venue. Method: the venue is busy with another order until 22.

    Both orders are sent by the front at 11 and received at 12. The cancel is at the front at 13
    and at the venue at 14, where the second order waits.
    """
    history = run(firm(ROUTE, components={"front": {"servers": 2}}), [Wish(), Wish(cancel="12ms")])
    assert story(history, "reason", only="cancel cancel_reject execute") == lines("""
        14ms venue cancel 1.1 reason=client
        15ms client cancel 1.1 reason=client
        22ms venue execute 0.1
        23ms front execute 0.1
    """)


def test_a_cancel_is_lost_with_the_link_and_not_sent_again():
    """Goal: it follows the order's links. Method: the link to the venue is cut after the order."""
    history = run(
        firm(ROUTE), [Wish(limit=900, cancel="1s")], timeline("500ms front->venue link_up 0")
    )
    assert story(history, only=CANCELS) == ["1s client cancel_request 0.1"]


def test_a_crashed_component_does_not_hear_a_cancel_a_hung_one_hears_it_later():
    """Goal: as any message. Method: the front is down, or hung, from 500 ms to 2 s."""
    crashed, hung = (
        run(
            firm(ROUTE),
            [Wish(limit=900, cancel="1s")],
            timeline(f"500ms front {a}", f"2s front {b}"),
        )
        for a, b in (("up 0", "up 1"), ("hang 1", "hang 0"))
    )
    assert story(crashed, only="cancel") == []
    assert story(hung, only="cancel", without="client") == lines("""
        2.001s venue cancel 0.1
        2.002s front cancel 0.1
    """)


def test_an_order_that_has_ended_is_not_cancelled():
    """Goal: a client who knows the end asks for nothing. Method: confirmed at 35; cancel at 1 s."""
    route = [take(), execute(), step("confirm", "mailer", role="confirm")]
    history = run(firm(route), [Wish(cancel="1s")])
    assert story(history, only="cancel_request confirm") == lines("""
        34ms mailer confirm 0.1
        35ms client confirm 0.1
    """)


def test_an_order_that_waits_for_a_batch_is_removed():
    """Goal: a batch's order waits. Method: cancel at 500 ms, the batch is at 1 s."""
    do = execute(batch={"at": ["10:00:01"]})
    history = run(firm([take(), do]), [Wish(cancel="500ms"), Wish()])
    assert story(history, only=CANCELS, without="client front") == lines("""
        502ms venue cancel 0.1
        1.01s venue execute 1.1
    """)


def test_an_order_that_waits_in_a_running_batch_is_removed_the_one_in_hand_is_not():
    """Goal: waiting in the run. Method: three items of 100 ms; cancels at 1050 for the first two."""
    do = execute(service="100 ms", batch={"at": ["10:00:01"]})
    history = run(
        firm([take(), do], components={"front": {"servers": 3}}),
        [Wish(cancel="1050ms"), Wish(cancel="1050ms"), Wish()],
    )
    assert story(history, "reason", only=CANCELS, without="client front") == lines("""
        1.052s venue cancel_reject 0.1 reason=unknown
        1.052s venue cancel 1.1 reason=client
        1.1s venue execute 0.1
        1.2s venue execute 2.1
    """)


def test_an_order_that_waits_for_its_repair_is_removed():
    """Goal: parked for repair is waiting. Method: stopped at 22, repair takes 5 min, cancel at 1 s.

    The front called the control, so it still holds the order.
    """
    check = step("limits", "risk", role="control", control="limits", mode="call")
    controls = {
        "limits": {
            "name": "Limits",
            "coverage": 1,
            "false_alarm": 1,
            "on_hit": "repair",
            "repair_team": "desk",
        }
    }
    history = run(
        firm([take(), check, execute()], controls=controls, components={"desk": {}}),
        [Wish(cancel="1s")],
    )
    assert story(history, only=CANCELS) == lines("""
        1s client cancel_request 0.1
        1.001s front cancel 0.1
        1.002s client cancel 0.1
    """)


def test_a_cancel_follows_the_order_to_the_fallback():
    """Goal: the order's links. Method: paper at the dealer, who is busy with another order."""
    do = step("accept", "oms", fallback={"component": "dealer", "service": "1 s"})
    history = run(
        firm([take(), do, execute()], components={"front": {"servers": 2}}),
        [Wish(), Wish(cancel="500ms")],
        timeline("0ms oms up 0", "0ms oms fallback 1"),
    )
    assert story(history, only="cancel execute", without="dealer") == lines("""
        503ms client cancel 1.1
        1.023s venue execute 0.1
    """)


def test_a_cancel_is_about_the_newest_order():
    """Goal: the order that the client has in mind. Method: entered anew at 20, cancel at 100.

    Both rest; the second is cancelled, the first stays: the client is told of one end only.
    """
    segment = {"patience": "20 ms", "attempts": 1, "on_timeout": {"switch": 1.0}}
    history = run(
        firm([step("take", "front"), execute()], segment=segment), [Wish(limit=900, cancel="100ms")]
    )
    assert story(history, only="cancel_request cancel expire", without="front") == lines("""
        100ms client cancel_request 0.2
        102ms venue cancel 0.2
        104ms client cancel 0.2
        6h venue expire 0.1
        6h0.002s client expire 0.1
    """)


def test_after_a_cancel_the_dedup_memory_knows_the_key():
    """Goal: a repeat of a cancelled request is answered so. Method: the answer is lost.

    The second order waits at the front; cancelled at 6; its request is sent again at 60; the
    client is told at 71, and the device sends no more.
    """
    first = take(timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"}, service="100 ms")
    history = run(
        firm([first, execute()]),
        [Wish(), Wish(cancel="5ms")],
        timeline("5.5ms front->app link_up 0", "70ms front->app link_up 1"),
    )
    found = story(history, only="send cancel start execute")
    assert [line for line in found if " 1.1" in line] == lines("""
        0s client send 1.1
        6ms front cancel 1.1
        60ms client send 1.1
        71ms client cancel 1.1
    """)
