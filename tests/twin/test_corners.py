"""Goal: equal histories where chance hardly leads. Method: tiny firms, each in one rare situation.

A corner is a line of the kernel that the drawn cases of test_engines_agree.py reach rarely or never
(``python -m tests.twin.reach`` tells). The stories of tests/unit/engine/reference, which both
engines tell too, reach most others. A test asserts that its situation came about, and that both
engines make the same of it.
"""

from __future__ import annotations

import pytest

from bcsim.engine.arrivals import arrival_times
from tests.twin.corners import ACCEPT, OPS, count, told
from tests.unit.engine.firms import VOLATILE, execute, firm, step, take
from tests.unit.engine.standby import CUT, STANDBY, doubled
from tests.unit.engine.story import Wish, blueprint_of, story

pytestmark = pytest.mark.usefixtures("little_room")

CONTROL = step("limits", "risk", role="control", control="limits")
STRICT = {
    "name": "Limits",
    "coverage": 1.0,
    "false_alarm": 1.0,
    "on_hit": "repair",
    "repair_team": "ops",
}
"""A control that stops every order; *ops* mends it in five minutes."""
TIRELESS = {"limit": 1000, "backoff": "0 s"}


# -- attempts --------------------------------------------------------------------------------------


def test_attempts_are_used_up():
    """Goal: attempt numbers end in a rejection. Method: 2048 timeouts of 1 ms on a lossy link."""
    small = firm(
        [take(), execute(timeout="1 ms", retry=TIRELESS, on_failure="park")],
        links={"front -> venue": {"latency": "1 ms", "loss": 1.0}},
    )
    history = told(small, [Wish()])
    assert count(history, "time_out") == 2048
    assert story(history, "reason", only="reject", without="client") == [
        "4.059s front reject 0.1 reason=no answer from venue"
    ]


def test_an_effort_that_is_woken_and_ended_at_one_instant():
    """Goal: the end counts. Method: a hung holder wakes to a run-down timer, then to a cancel.

    The first order's timeout opens the breaker, so the second one is never sent.
    """
    breaker = {"failures": 1, "window": "1 s", "open": "10 s"}
    retry = {"limit": 5, "backoff": "30 ms"}
    small = firm([take(), ACCEPT, execute(timeout="20 ms", retry=retry, breaker=breaker)])
    faults = [CUT, "60ms oms hang 1", "200ms oms hang 0"]
    history = told(small, [Wish(), Wish("25ms", cancel="60ms")], *faults)
    assert story(history, "component", only="cancel") == [
        "200ms oms cancel 1.1 component=oms",
        "201ms client cancel 1.1",
    ]


def test_a_refusal_that_is_read_after_its_timeout():
    """Goal: the timeout counts. Method: both come while the holder is hung, the timeout first."""
    small = firm(
        [take(), ACCEPT, execute(timeout="50 ms", on_failure="reject")],
        components={"venue": {"queue": {"durable": False, "limit": 0}, "servers": 1}},
        links={"venue -> oms": {"latency": "100 ms"}},
    )
    faults = ["0ms venue servers 0", "30ms oms hang 1", "200ms oms hang 0"]
    history = told(small, [Wish()], *faults)
    assert story(history, "reason", only="time_out reject", without="client") == [
        "200ms oms time_out 0.1",
        "200ms oms reject 0.1 reason=no answer from venue",
    ]


def test_two_resends_of_one_order_are_settled():
    """Goal: the later step counts. Method: two crashes, each during another of two calls."""
    small = firm(
        [
            take(),
            ACCEPT,
            step("check", "risk", "100 ms", mode="call"),
            step("note", "risk", "100 ms", mode="call"),
            execute(),
        ]
    )
    crashes = ["50ms oms up 0", "60ms oms up 1", "200ms oms up 0", "210ms oms up 1"]
    history = told(small, [Wish()], *crashes)
    assert count(history, "resend") == 2
    assert count(history, "orphan") == 0


@pytest.mark.parametrize("holder", ["client", "component"])
def test_a_repair_that_ends_before_the_stop_is_heard(holder):
    """Goal: the order goes on at once. Method: the answer *held* takes longer than the repair."""
    is_client = holder == "client"
    control = CONTROL | {"mode": "call"}
    small = firm(
        [control, take(), execute()] if is_client else [take(), control, execute()],
        components={"ops": {}},
        links={"far" if is_client else "risk -> front": {"latency": "310 s"}},
        channel={"link": "far" if is_client else "default"},
        controls={"limits": STRICT},
    )
    history = told(small, [Wish()])
    assert count(history, "repair") == 1
    assert count(history, "execute") == 2


def test_a_pair_that_loses_sight_of_each_other_while_hung_resends_when_it_wakes():
    """Goal: both resend, and nothing from within a hang. Method: a split at 40, awake at 60."""
    faults = [CUT, "30ms oms hang 1", "40ms oms split 1", "60ms oms hang 0"]
    history = told(doubled(take(), ACCEPT, execute(), oms=STANDBY), [Wish()], *faults)
    assert story(history, "attempt", only="resend") == [
        "60ms oms resend 0.1 attempt=2048",
        "60ms oms resend 0.1 attempt=1",
    ]


def test_an_effort_that_ends_before_it_begins_takes_no_place():
    """Goal: a bulkhead holds who tries. Method: a pair wakes up whose standby resends all twice.

    The standby has taken over while hung, and lost sight of the first while hung.
    """
    small = doubled(
        take(),
        ACCEPT,
        execute(bulkhead=1),
        front={"servers": 2},
        oms=STANDBY | {"servers": 2},
    )
    faults = [CUT, "25ms oms->venue link_up 1"]
    faults += ["30ms oms hang 1", "40ms oms failover 40ms", "50ms oms split 1", "60ms oms hang 0"]
    history = told(small, [Wish(), Wish("1ms")], *faults)
    sent = story(history, "attempt", only="send", without="client front")
    assert [line for line in sent if line.endswith("2048")] == [
        "60ms oms send 0.1 attempt=2048",
        "72ms oms send 1.1 attempt=2048",
    ]


# -- memories --------------------------------------------------------------------------------------


def test_a_key_that_is_answered_again_is_undone_by_a_failover():
    """Goal: the standby knows the former answer. Method: a short dedup memory, two answers."""
    small = doubled(
        take(),
        step("accept", "oms", timeout="30 ms", retry={"limit": 3, "backoff": "10 ms"}),
        execute(),
        oms=STANDBY | {"dedup": {"horizon": "1 ms"}},
    )
    faults = [CUT, "0ms oms->front link_up 0", "120ms oms up 0", "130ms oms failover 70ms"]
    faults += ["131ms oms up 1", "135ms oms->front link_up 1", "140ms oms failback 1 replay"]
    history = told(small, [Wish(), Wish("1ms")], *faults)
    assert count(history, "resend") > 3


def test_what_a_hung_component_has_not_read_goes_with_it():
    """Goal: nobody's timer runs down. Method: a crash while a run-down timer waits to be seen."""
    small = firm([take(), ACCEPT, execute(timeout="50 ms", retry=TIRELESS)])
    faults = [CUT, "30ms oms hang 1", "100ms oms up 0", "110ms oms up 1"]
    history = told(small, [Wish()], *faults, "120ms oms->venue link_up 1")
    assert count(history, "resend") == 2
    assert count(history, "execute") == 2


def test_what_is_remembered_at_the_very_recovery_point():
    """Goal: it stays. Method: taken at 99 ms, right after a fail-back, and R is at 99 ms."""
    small = doubled(take(), step("accept", "oms", "0 s"), execute())
    faults = [CUT, "99ms oms failover 22ms", "99ms oms failback 1 discard"]
    history = told(small, [Wish("87ms")], *faults, "120ms oms failover 99ms")
    assert story(history, "attempt", only="send", without="client front") == [
        "99ms oms send 0.1 attempt=0",
        "120ms oms send 0.1 attempt=2048",
    ]


def test_a_wait_for_a_repair_is_forgotten_with_the_memory():
    """Goal: sent again after a fail-back. Method: stopped at 33 ms, there and back meanwhile."""
    small = firm(
        [take(), ACCEPT, CONTROL, execute()],
        components=OPS | {"oms": STANDBY},
        controls={"limits": STRICT},
    )
    history = told(small, [Wish()], "100ms oms failover 100ms", "200ms oms failback 1 discard")
    assert story(history, "attempt", only="resend") == [
        "100ms oms resend 0.1 attempt=2048",
        "200ms oms resend 0.1 attempt=1",
    ]


def test_a_pair_that_is_down_loses_sight_of_each_other():
    """Goal: both resend when they are up. Method: a split between crash and recovery."""
    faults = [CUT, "30ms oms up 0", "40ms oms split 1", "50ms oms up 1"]
    faults += ["60ms oms->venue link_up 1", "90ms oms split 0 merge"]
    history = told(doubled(), [Wish()], *faults)
    assert count(history, "resend") >= 2


def test_a_merge_of_what_both_know():
    """Goal: each fill once. Method: one fill before the split and one after it."""
    checks = {"name": "Check", "left": "oms", "right": "venue", "at": ["10:00:10"]}
    small = firm(
        [take(), ACCEPT, execute(), step("fill", "oms")],
        components=OPS | {"oms": STANDBY},
        reconciliations={"check": checks | {"grace": "1 s", "team": "ops", "work": "5 s"}},
    )
    faults = ["100ms oms split 1 standby:front", "300ms oms split 0 merge"]
    history = told(small, [Wish(), Wish("150ms")], *faults)
    assert count(history, "execute") == 4


def test_both_are_primary_already():
    """Goal: a second split changes nothing. Method: split twice, with other senders."""
    faults = ["5ms oms split 1 standby:front", "7ms oms split 1", "90ms oms split 0 merge"]
    history = told(doubled(), [Wish(), Wish("20ms")], *faults)
    assert count(history, "execute") == 4


def test_what_was_left_behind_is_left_behind_again():
    """Goal: only the last failover's rest counts. Method: failover, split, failover, fail-back."""
    faults = [CUT, "25ms oms failover 10ms", "30ms oms split 1", "40ms oms failover 40ms"]
    faults += ["50ms oms->venue link_up 1", "60ms oms failback 1 quarantine"]
    history = told(doubled(), [Wish(), Wish("1ms"), Wish("30ms")], *faults)
    assert count(history, "send") > 4


# -- reports ---------------------------------------------------------------------------------------

SLOW_REPORTS = {"venue -> front": {"latency": "100 ms"}}
IN_PARTS = {"partial_fill": 1, "fills": 2, "fill_gap": "50 ms"}


@pytest.mark.parametrize("store", [VOLATILE, {"kind": "durable"}])
def test_reports_of_several_orders_are_kept(store):
    """Goal: each order's in its order. Method: five orders' first fills reach a sleeping holder.

    What arrives while the holder sleeps is kept behind what arose meanwhile, which was not sent. A
    volatile venue that crashes then loses them.
    """
    small = firm(
        [take(), execute()],
        components={"front": {"servers": 9}, "venue": {"servers": 9, "store": store}},
        links=SLOW_REPORTS,
        product=IN_PARTS,
    )
    wishes = [Wish(at) for at in ("0ms", "1ms", "2ms", "40ms", "41ms")]
    sleep = ["100ms front hang 1", "170ms front hang 0"]
    crash = ["300ms venue up 0", "310ms venue up 1"]
    history = told(small, wishes, *sleep, *crash)
    assert count(history, "execute") > 10


def test_a_volatile_venue_crashes_with_kept_reports():
    """Goal: gone, and nothing waits for them. Method: a crash while the holder sleeps."""
    small = firm(
        [take(), execute()],
        components={"front": {"servers": 9}, "venue": {"servers": 9, "store": VOLATILE}},
        links=SLOW_REPORTS,
        product=IN_PARTS,
    )
    wishes = [Wish(at) for at in ("0ms", "1ms", "35ms", "60ms")]
    faults = ["100ms front hang 1", "175ms venue up 0", "180ms venue up 1", "190ms front hang 0"]
    history = told(small, wishes, *faults)
    assert 4 < count(history, "execute") < 16


LIMIT = 900
"""A buyer's limit that the price of 1000 never reaches: the order rests."""


def test_an_order_is_ended_twice():
    """Goal: it ends once. Method: a hung venue owes it a cancel and its expiry."""
    faults = ["50ms venue hang 1", "60ms venue halt 1 cancel", "70ms venue halt 0"]
    faults += ["80ms venue halt 1 cancel", "90ms venue hang 0"]
    history = told(firm([take(), execute()]), [Wish(limit=LIMIT)], *faults)
    assert count(history, "cancel") == 3


def test_an_end_that_is_owed_to_an_order_that_is_gone():
    """Goal: nothing. Method: a volatile venue hangs, is to cancel, and crashes."""
    small = firm([take(), execute()], components={"venue": {"store": VOLATILE}})
    faults = ["50ms venue hang 1", "60ms venue halt 1 cancel", "70ms venue up 0"]
    history = told(small, [Wish(limit=LIMIT)], *faults, "80ms venue up 1")
    assert count(history, "cancel") == 0


def test_an_order_rests_at_two_venues():
    """Goal: a cancel removes it where it arrives. Method: a fallback executes after a timeout."""
    fallback = {"component": "pool", "service": "10 ms"}
    small = firm(
        [take(), execute(timeout="50 ms", on_failure="fallback", fallback=fallback)],
        links={"venue -> front": {"latency": "10 s"}},
    )
    history = told(small, [Wish(limit=LIMIT, cancel="1s")])
    assert count(history, "cancel") > 0
    assert count(history, "expire") > 0


# -- signals ---------------------------------------------------------------------------------------


def test_two_signals_at_one_instant():
    """Goal: the first one ends the pass. Method: two counts of the same event."""
    signal = {"kind": "count", "event": "acknowledge", "above": 1}
    plan = {"name": "Plan", "signals": {"one": signal, "other": signal}}
    history = told(firm([take(), execute()], plan=plan), [Wish(), Wish("50ms")])
    assert count(history, "acknowledge") > 0
    assert count(history, "execute") == 0


def test_a_queue_that_grows_ends_the_pass():
    """Goal: at the first queue beyond. Method: three orders at one component, so two wait."""
    signal = {"kind": "backlog", "component": "front", "above": 1}
    plan = {"name": "Plan", "signals": {"one": signal}}
    history = told(firm([take(), execute()], plan=plan), [Wish(), Wish("1ms"), Wish("2ms")])
    assert count(history, "submit") == 3
    assert count(history, "acknowledge") == 0


# -- ends ------------------------------------------------------------------------------------------


def test_a_cancel_that_is_under_way_when_the_drain_ends():
    """Goal: live work. Method: the link to the venue takes longer than the day, from 4 h on."""
    slow = "14400s front->venue link_latency 100000s"
    history = told(firm([take(), execute()]), [Wish(limit=LIMIT, cancel="5h")], slow)
    assert count(history, "expire") > 0
    assert story(history, "subject", only="engine_store") == [
        "10h engine_store action 0.1 subject=live work"
    ]


def test_a_split_of_a_hung_pair_that_crashes():
    """Goal: it resends what it holds when it is back, once. Method: down before it wakes up."""
    faults = [
        CUT,
        "50ms oms hang 1",
        "60ms oms split 1",
        "70ms oms up 0",
        "80ms oms->venue link_up 1",
    ]
    small = doubled(take(), ACCEPT, execute())
    history = told(small, [Wish()], *faults, "90ms oms up 1")
    assert count(history, "resend") == 2


# -- ties ------------------------------------------------------------------------------------------


def test_an_enquiry_and_the_first_wish_at_one_instant():
    """Goal: the wish comes first. Method: a wish at the time of the table's first enquiry."""
    small = firm(
        [take("desk")],
        channel={"desk": "desk", "enquiry": "5 s", "enquiries_per_day": 40.0},
        links={"default": {"latency": "0 s"}},
    )
    made = blueprint_of(small, [Wish()])
    _, source = made.enquiries[0]
    times = arrival_times(small.profiles["day"], source, made.streams.at("arrival", source.name))
    first_ns = int(times[0]) + made.moments.midnight
    history = told(small, [Wish(f"{first_ns}ns")])
    (finished,) = (row for row in history.rows() if row["kind"] == "finish")
    assert finished["time_ns"] == first_ns + 10_000_000
