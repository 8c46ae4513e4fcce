"""Goal: a comparison finds what two stores can tell, and a team mends it. Method: tiny runs.

The front has an order from 11 on; the venue executes it at 22, reported at 23; the ledger books
it at 34. The comparison is at 10:00:10, that is 10 s, of what is older than 1 s; a repair is 5 s.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

ROUTE = [take(), execute(), step("book", "ledger", role="book")]


def compare(left, right, **more):
    """A reconciliation of two components at 10:00:10, mended by the team *ops*."""
    return {
        "check": {
            "name": "Check",
            "left": left,
            "right": right,
            "at": ["10:00:10"],
            "grace": "1 s",
            "team": "ops",
            "work": "5 s",
        }
        | more
    }


def small(route=ROUTE, components=None, **more):
    """The firm of this file; the keywords are those of the reconciliation."""
    checks = compare(more.pop("left", "front"), more.pop("right", "venue"), **more.pop("check", {}))
    return firm(route, components={"ops": {}} | (components or {}), reconciliations=checks, **more)


FOUND = "reconcile repair bust correct"


def test_two_stores_that_agree_need_nothing():
    """Goal: no mismatch, no row. Method: a day without a fault."""
    history = run(small())
    assert story(history, only=FOUND) == []


def lost_request(more=()):
    """The request of 11 ms to the venue is lost, and no timeout notices it."""
    return timeline("5ms front->venue link_up 0", "50ms front->venue link_up 1", *more)


def test_an_order_that_right_does_not_know_is_reported():
    """Goal: missing, report. Method: a lost request; nothing is mended."""
    history = run(small(check={"missing": "report"}), faults=lost_request())
    columns = ("component", "subject", "reason", "actor")
    assert story(history, *columns, only="reconciliation repair execute") == [
        (
            "10s reconciliation reconcile 0.1 component=venue subject=check "
            "reason=venue does not know the order actor=ops"
        )
    ]


def test_an_order_that_is_under_way_is_not_re_entered():
    """Goal: what left still holds, it sees done itself. Method: left waits for an answer."""
    history = run(small(check={"missing": "re-enter"}), faults=lost_request())
    assert story(history, only=FOUND) == []


def test_an_order_at_the_venue_is_not_re_entered_behind_its_execution():
    """Goal: nobody books or confirms an order that has not executed. Method: it rests till 16:00."""
    history = run(
        small(left="venue", right="ledger", check={"missing": "re-enter"}), [Wish(limit=900)]
    )
    assert story(history, only=FOUND + " book execute expire orphan") == lines("""
        6h venue expire 0.1
        6h0.001s front expire 0.1
        6h0.002s client expire 0.1
    """)


def test_an_order_that_was_dropped_between_two_is_re_entered():
    """Goal: re-enter by a team. Method: the gateway in between forgets it in a crash.

    Front 11, gateway received 12, done 22, answered 23: the front has released it. The gateway
    (volatile, no dedup) crashes at 30, with its request to the venue lost. Mended at 15 s:
    gateway received 15001, done 15011, venue executed at 15022.
    """
    route = [take(), step("route", "gateway"), execute()]
    forgetful = {"gateway": {"store": {"kind": "volatile"}, "dedup": None}}
    history = run(
        small(route, forgetful, check={"missing": "re-enter"}),
        faults=timeline(
            "5ms gateway->venue link_up 0",
            "30ms gateway up 0",
            "40ms gateway up 1",
            "50ms gateway->venue link_up 1",
        ),
    )
    assert story(history, "actor", only=FOUND + " execute resend") == lines("""
        10s reconciliation reconcile 0.1 actor=ops
        15s ops repair 0.1 actor=ops
        15s front resend 0.1
        15.022s venue execute 0.1
        15.023s gateway execute 0.1
    """)


def test_younger_orders_are_left_alone():
    """Goal: older than the grace period. Method: had by left at 9 s, and a nanosecond before.

    An order wished at 8.989 s is had at 9 s: exactly one second old at 10 s, which is not older.
    """
    cut = timeline("0ms front->venue link_up 0")
    at_bound = run(small(check={"missing": "report"}), [Wish("8.989s")], cut)
    beyond = run(small(check={"missing": "report"}), [Wish("8.988999999s")], cut)
    assert story(at_bound, only="reconcile") == []
    assert story(beyond, only="reconcile") == ["10s reconciliation reconcile 0.1"]


def test_an_order_that_has_ended_at_left_is_not_missing():
    """Goal: a rejected order need not be known elsewhere. Method: the front rejects it."""
    do = execute(timeout="30 ms", on_failure="reject")
    history = run(
        small([take(), do], check={"missing": "report"}),
        faults=timeline("5ms venue up 0", "1s venue up 1"),
    )
    assert story(history, only="reconcile reject", without="client") == ["41ms front reject 0.1"]


def test_nothing_is_compared_while_one_side_is_down():
    """Goal: a comparison needs both. Method: right is down at 10 s."""
    history = run(small(check={"missing": "report"}), faults=lost_request(["9s venue up 0"]))
    assert story(history, only="reconcile") == []


def test_a_mismatch_is_dealt_with_once():
    """Goal: one repair for one mismatch. Method: compared at 10 s and 20 s; the repair fails."""
    history = run(
        small(check={"missing": "report", "at": ["10:00:10", "10:00:20"]}), faults=lost_request()
    )
    assert story(history, only="reconcile") == ["10s reconciliation reconcile 0.1"]


def test_an_action_of_the_plan_can_compare_at_any_time():
    """Goal: RECONCILE. Method: at 3 s, not in the model's times."""
    history = run(
        small(check={"missing": "report", "at": []}), faults=lost_request(["3s check reconcile 1"])
    )
    assert story(history, only="reconcile") == ["3s reconciliation reconcile 0.1"]


# -- bookings --------------------------------------------------------------------------------


def test_an_execution_that_is_not_booked_is_booked():
    """Goal: missing, book. Method: the ledger loses the request in service; no timeout notices.

    Mended at 15 s: the ledger does its own step at once, 10 ms.
    """
    history = run(
        small(left="venue", right="ledger", check={"missing": "book"}),
        faults=timeline("30ms ledger up 0", "40ms ledger up 1"),
    )
    assert story(history, "exec_id", "reason", only=FOUND + " book") == lines("""
        10s reconciliation reconcile 0.1 reason=execution app-000000.1/venue/1 is not booked
        15s ops repair 0.1
        15.01s ledger book 0.1 exec_id=app-000000.1/venue/1
    """)


ENTRIES: dict[str, Any] = {
    "legs": [{"name": name, "service": "10 ms"} for name in ("debit", "credit")]
}


def test_an_execution_that_is_booked_on_one_leg_only_is_booked():
    """Goal: booked is booked on all legs. Method: the ledger crashes between the two entries.

    Debit 34, credit would be 44. The ledger remembers the debit, and enters the credit alone.
    """
    route = [take(), execute(), step("book", "ledger", role="book", **ENTRIES)]
    history = run(
        small(route, left="venue", right="ledger", check={"missing": "book"}),
        faults=timeline("40ms ledger up 0", "50ms ledger up 1"),
    )
    assert story(history, "subject", "reason", only=FOUND + " book") == lines("""
        34ms ledger book 0.1 subject=debit
        10s reconciliation reconcile 0.1 subject=check \
reason=execution app-000000.1/venue/1 is not booked
        15s ops repair 0.1 subject=book
        15.01s ledger book 0.1 subject=credit
    """)


def test_an_execution_that_is_booked_on_both_legs_needs_nothing():
    """Goal: no mismatch, no row. Method: two entries, no fault."""
    route = [take(), execute(), step("book", "ledger", role="book", **ENTRIES)]
    history = run(small(route, left="venue", right="ledger", check={"missing": "book"}))
    assert story(history, "subject", only=FOUND + " book") == lines("""
        34ms ledger book 0.1 subject=debit
        44ms ledger book 0.1 subject=credit
    """)


def test_a_booking_that_comes_in_time_is_not_repeated():
    """Goal: the repair looks again. Method: booked at 12 s, between detection and repair.

    The ledger begins at 9 s and takes 10 ms * 1000 / 3.
    """
    history = run(
        small(left="venue", right="ledger", check={"missing": "book"}),
        faults=timeline("20ms ledger hang 1", "8s ledger speed 3", "9s ledger hang 0"),
    )
    assert story(history, only="book repair") == lines("""
        12.333333333s ledger book 0.1
        15s ops repair 0.1
    """)


# -- excess ----------------------------------------------------------------------------------

TWICE = timeline("20ms venue->front link_up 0", "70ms venue->front link_up 1")


def twice(**check):
    """The venue has no dedup; its answer is lost and the order executed again."""
    do = execute(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    return small([take(), do], {"venue": {"dedup": None}}, check=check)


def test_what_was_executed_beyond_the_order_is_busted():
    """Goal: excess, bust: the newest execution; the client is told. Method: executed twice.

    Executed at 22 and, asked again at 51, at 62. Mended at 15 s.
    """
    history = run(twice(excess="bust"), faults=TWICE)
    columns = ("exec_id", "qty", "reason")
    assert story(history, *columns, only=FOUND + " execute", without="front") == lines("""
        22ms venue execute 0.1 exec_id=app-000000.1/venue/1 qty=100
        62ms venue execute 0.1 exec_id=app-000000.1/venue/2 qty=100
        10s reconciliation reconcile 0.1 reason=app-000000.1/venue/2 goes beyond the order
        15s ops repair 0.1
        15s venue bust 0.1 exec_id=app-000000.1/venue/2 qty=100
        15.001s client bust 0.1 exec_id=app-000000.1/venue/2 qty=100
    """)


def test_excess_can_be_reported_only():
    """Goal: excess, report. Method: as above."""
    history = run(twice(excess="report"), faults=TWICE)
    assert story(history, "reason", only=FOUND) == [
        "10s reconciliation reconcile 0.1 reason=app-000000.1/venue/2 goes beyond the order"
    ]


def test_young_excess_is_left_alone():
    """Goal: the grace period holds for executions. Method: the second one is 0.9 s old at 10 s."""
    do = execute(timeout="9 s", retry={"limit": 1, "backoff": "28 ms"})
    history = run(
        small([take(), do], {"venue": {"dedup": None}}, check={"excess": "report"}),
        faults=timeline("20ms venue->front link_up 0", "9.5s venue->front link_up 1"),
    )
    assert story(history, only="execute reconcile", without="front") == lines("""
        22ms venue execute 0.1
        9.05s venue execute 0.1
    """)


def test_two_comparisons_bust_an_execution_once():
    """Goal: undone once. Method: two reconciliations find the same excess."""
    do = execute(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    checks = compare("front", "venue") | {"again": compare("front", "venue")["check"]}
    double = firm(
        [take(), do], components={"ops": {}, "venue": {"dedup": None}}, reconciliations=checks
    )
    history = run(double, faults=TWICE)
    assert story(history, only="bust repair", without="client") == lines("""
        15s ops repair 0.1
        15s venue bust 0.1
        20s ops repair 0.1
    """)


# -- differing -------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["correct", "report"])
def test_differing_terms_are_corrected_to_what_left_knows(policy):
    """Goal: differing. Method: the venue alters every order; the front has finished with it.

    Seed 1 alters the quantity of order 0 (tests/unit/engine/reference/test_alteration.py).
    """
    history = run(
        small([take(), execute()], check={"differing": policy}),
        faults=timeline("0ms venue corruption 1000000"),
        seed=1,
    )
    (executed,) = (r for r in history.rows("execute") if r["vantage"] == "venue")
    wished = next(history.rows("intend"))
    seen = ("account", "instrument", "side")
    assert [executed[n] for n in (*seen, "qty")] != [wished[n] for n in (*seen, "qty")]
    assert story(history, "reason", only="reconcile") == [
        "10s reconciliation reconcile 0.1 reason=terms differ"
    ]
    corrected = list(history.rows("correct"))
    if policy == "report":
        assert corrected == []
        return
    assert [(r["vantage"], r["time_ns"]) for r in corrected] == [
        ("venue", 15 * 10**9),
        ("client", 15 * 10**9 + 10**6),
    ]
    assert [[r[n] for n in seen] for r in corrected] == [[wished[n] for n in seen]] * 2
    assert {r["exec_id"] for r in corrected} == {executed["exec_id"]}


# -- two venues ------------------------------------------------------------------------------

CUT_OFF = timeline("15ms venue->front link_up 0", "200ms venue->front link_up 1")
"""Nothing comes back from the venue, so the order goes to the dealer too."""


def two_venues(components=None, left="front", right="venue", route=(), **check):
    """The venue executes at 22 and 62 (with dedup: once), the dealer at 92: received at 93."""
    dealer = {"component": "dealer", "service": "10 ms", "timeout": "1 s"}
    retry = {"limit": 1, "backoff": "10 ms"}
    do = execute(timeout="30 ms", retry=retry, on_failure="fallback", fallback=dealer)
    return small([take(), do, *route], components, left=left, right=right, check=check)


@pytest.mark.parametrize("right", ["venue", "dealer"])
def test_what_another_venue_has_executed_is_not_this_ones_excess(right):
    """Goal: a comparison sees its own right side only. Method: each venue executed once."""
    history = run(two_venues(right=right, excess="report"), faults=CUT_OFF)
    assert story(history, "exec_id", only="execute reconcile", without="front") == lines("""
        22ms venue execute 0.1 exec_id=app-000000.1/venue/1
        92ms dealer execute 0.1 exec_id=app-000000.1/dealer/2
    """)


def test_excess_is_busted_at_the_venue_that_is_compared():
    """Goal: the newest of this venue. Method: it has executed twice, the dealer after it."""
    history = run(two_venues({"venue": {"dedup": None}}), faults=CUT_OFF)
    columns = ("exec_id", "reason")
    assert story(history, *columns, only=FOUND + " execute", without="front client") == lines("""
        22ms venue execute 0.1 exec_id=app-000000.1/venue/1
        62ms venue execute 0.1 exec_id=app-000000.1/venue/2
        92ms dealer execute 0.1 exec_id=app-000000.1/dealer/3
        10s reconciliation reconcile 0.1 reason=app-000000.1/venue/2 goes beyond the order
        15s ops repair 0.1
        15s venue bust 0.1 exec_id=app-000000.1/venue/2
    """)


def test_terms_are_corrected_at_the_venue_that_is_compared():
    """Goal: correct, right's executions. Method: the venue alters, the dealer does not."""
    history = run(
        two_venues(),
        faults=timeline(
            "0ms venue corruption 1000000",
            "15ms venue->front link_up 0",
            "200ms venue->front link_up 1",
        ),
        seed=1,
    )
    columns = ("exec_id", "reason")
    assert story(history, *columns, only=FOUND, without="client") == lines("""
        10s reconciliation reconcile 0.1 reason=terms differ
        15s ops repair 0.1
        15s venue correct 0.1 exec_id=app-000000.1/venue/1
    """)


@pytest.mark.parametrize(("left", "part"), [("venue", 1), ("dealer", 2)])
def test_executions_of_the_venue_that_is_compared_are_booked(left, part):
    """Goal: book, left's executions. Method: the ledger is cut off while both venues report."""
    history = run(
        two_venues(
            left=left,
            right="ledger",
            route=[step("book", "ledger", role="book")],
            missing="book",
        ),
        faults=timeline(
            "15ms venue->front link_up 0",
            "15ms front->ledger link_up 0",
            "200ms venue->front link_up 1",
            "300ms front->ledger link_up 1",
        ),
    )
    name = f"app-000000.1/{left}/{part}"
    assert story(history, "exec_id", "reason", only=FOUND + " book") == [
        f"10s reconciliation reconcile 0.1 reason=execution {name} is not booked",
        "15s ops repair 0.1",
        f"15.01s ledger book 0.1 exec_id={name}",
    ]
