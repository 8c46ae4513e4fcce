"""Goal: equal histories of rare repairs. Method: tiny firms, as in test_corners.py.

Two components are compared at 10:00:10, that is 10 s; a team then mends what differs, while
something happens to what it mends.
"""

from __future__ import annotations

import pytest

from tests.twin.corners import ACCEPT, OPS, count, told
from tests.unit.engine.firms import VOLATILE, execute, firm, step, take
from tests.unit.engine.standby import STANDBY
from tests.unit.engine.story import Wish, story

pytestmark = pytest.mark.usefixtures("little_room")


def check(left, right, **more):
    """A comparison at 10:00:10, mended by the team *ops*."""
    found = {"name": "Check", "left": left, "right": right, "at": ["10:00:10"], "grace": "1 s"}
    return found | {"team": "ops", "work": "5 s"} | more


LOST_AT_RISK = ["35ms risk up 0", "40ms risk up 1"]
"""The risk system forgets what it holds and knows."""
BY_RISK = (take(), ACCEPT, step("limits", "risk"), step("route", "gateway", "1 s"), execute())


def test_an_order_is_re_entered_twice():
    """Goal: once. Method: two comparisons, of which the second one's team is slower."""
    checks = {
        "early": check("oms", "risk", missing="re-enter"),
        "late": check("oms", "risk", missing="re-enter", work="5.005 s"),
    }
    small = firm(
        list(BY_RISK), components=OPS | {"risk": {"store": VOLATILE}}, reconciliations=checks
    )
    history = told(small, [Wish()], *LOST_AT_RISK, "20ms risk->gateway link_up 0")
    assert count(history, "repair") == 2
    assert count(history, "resend") == 1


@pytest.mark.parametrize("end", ["13s oms up 0", "15.5s oms hang 0"])
def test_an_order_is_re_entered_where_all_is_frozen(end):
    """Goal: it begins on waking up, unless its holder crashes first. Method: the left hangs."""
    small = firm(
        list(BY_RISK),
        components=OPS | {"risk": {"store": VOLATILE}},
        reconciliations={"check": check("oms", "risk", missing="re-enter", work="1 s")},
    )
    faults = [*LOST_AT_RISK, "20ms risk->gateway link_up 0", "10.5s oms hang 1"]
    history = told(small, [Wish()], *faults, end, "16s oms up 1")
    assert count(history, "repair") == 1
    assert count(history, "resend") == 1


def test_a_re_entry_that_is_overtaken_by_a_resend():
    """Goal: it begins once. Method: a split of a hung pair, then a re-entry, then all wakes up."""
    small = firm(
        list(BY_RISK),
        components=OPS | {"oms": STANDBY, "risk": {"store": VOLATILE}},
        reconciliations={"check": check("oms", "risk", missing="re-enter", work="1 s")},
    )
    faults = [*LOST_AT_RISK, "20ms risk->gateway link_up 0", "10.5s oms hang 1"]
    history = told(small, [Wish()], *faults, "10.7s oms split 1", "12s oms hang 0")
    assert count(history, "repair") == 1
    assert count(history, "resend") >= 1


def test_what_to_correct_to_is_forgotten():
    """Goal: no correction. Method: the left side crashes while the team works."""
    small = firm(
        [take(), ACCEPT, execute()],
        components=OPS | {"front": {"store": VOLATILE}},
        reconciliations={"check": check("front", "venue", differing="correct")},
    )
    faults = ["0ms oms corruption 1000000", "12s front up 0", "13s front up 1"]
    history = told(small, [Wish()], *faults)
    assert count(history, "repair") == 1
    assert count(history, "correct") == 0


def test_an_execution_is_busted_twice():
    """Goal: once. Method: two comparisons with one venue, which has executed twice."""
    checks = {
        "early": check("front", "venue", excess="bust"),
        "late": check("oms", "venue", excess="bust"),
    }
    retry = {"limit": 1, "backoff": "10 ms"}
    small = firm(
        [take(), ACCEPT, execute(timeout="15 ms", retry=retry)],
        components=OPS | {"venue": {"dedup": None}},
        links={"venue -> oms": {"latency": "50 ms"}},
        reconciliations=checks,
    )
    history = told(small, [Wish()])
    assert count(history, "repair") == 2
    assert count(history, "bust") == 2


def test_what_a_correction_leaves_of_a_record():
    """Goal: the last step stays. Method: the order system's record is corrected, then re-entered.

    Behind it the order was lost, so it is sent on from there, and not to itself.
    """
    checks = {
        "early": check("front", "oms", differing="correct", work="1 s"),
        "late": check("oms", "risk", missing="re-enter", at=["10:00:20"]),
    }
    small = firm(
        list(BY_RISK), components=OPS | {"risk": {"store": VOLATILE}}, reconciliations=checks
    )
    faults = ["0ms oms corruption 1000000", "20ms risk->gateway link_up 0", *LOST_AT_RISK]
    history = told(small, [Wish()], *faults)
    assert count(history, "repair") == 2
    assert story(history, "component", "step", only="resend") == [
        "25s oms resend 0.1 component=risk step=2"
    ]


def test_a_fill_is_booked_twice_where_all_is_frozen():
    """Goal: with the terms of the later. Method: the venue's record is corrected in between."""
    checks = {
        "slow": check("venue", "ledger", missing="book", work="8 s"),
        "fast": check("front", "venue", differing="correct", work="6 s"),
        "first": check("venue", "ledger", missing="book", work="4 s"),
    }
    small = firm(
        [take(), ACCEPT, execute(), step("book", "ledger", role="book")],
        components=OPS | {"ops": {"servers": 3}, "ledger": {"store": VOLATILE}},
        reconciliations=checks,
    )
    faults = ["0ms oms corruption 1000000", "0ms oms->ledger link_up 0", "12s ledger hang 1"]
    history = told(small, [Wish()], *faults, "40s ledger hang 0")
    assert count(history, "repair") == 3
    assert count(history, "book") == 1


def test_a_fill_is_booked_on_one_of_two_legs_when_it_is_compared():
    """Goal: it is not booked yet. Method: the ledger crashes between its two entries."""
    entries = [{"name": name, "service": "10 ms"} for name in ("debit", "credit")]
    small = firm(
        [take(), execute(), step("book", "ledger", role="book", legs=entries)],
        components=OPS,
        reconciliations={"check": check("venue", "ledger", missing="book")},
    )
    history = told(small, [Wish()], "40ms ledger up 0", "50ms ledger up 1")
    assert story(history, "subject", only="book repair") == [
        "34ms ledger book 0.1 subject=debit",
        "15s ops repair 0.1 subject=book",
        "15.01s ledger book 0.1 subject=credit",
    ]


def test_a_fill_that_is_given_up_leaves_the_order_open():
    """Goal: the order is still missing on the right. Method: what follows the booking is lost."""
    confirm = step("confirm", "bank", role="confirm", timeout="5 ms", on_failure="reject")
    small = firm(
        [take(), execute(), step("book", "ledger", role="book"), confirm],
        components=OPS,
        links={"ledger -> bank": {"latency": "1 ms", "loss": 1.0}},
        reconciliations={"check": check("ledger", "bank", missing="report")},
    )
    history = told(small, [Wish()])
    assert story(history, "reason", only="reconcile") == [
        "10s reconciliation reconcile 0.1 reason=bank does not know the order"
    ]


def test_the_fills_that_a_ledger_forgets():
    """Goal: they are not booked any more. Method: a volatile ledger crashes, and is compared."""
    small = firm(
        [take(), execute(), step("book", "ledger", role="book"), step("file", "front")],
        components=OPS | {"ledger": {"store": VOLATILE}},
        reconciliations={"check": check("venue", "ledger", missing="report")},
    )
    history = told(small, [Wish()], "1s ledger up 0", "2s ledger up 1")
    assert story(history, "reason", only="reconcile") == [
        "10s reconciliation reconcile 0.1 reason=ledger does not know the order"
    ]
