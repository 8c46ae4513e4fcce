"""Goal: failover, fail-back and split brain start from the stated memory. Method: tiny runs.

The front sends at 11, the order system (oms) receives at 12, has the order from 22 on and sends
it to the venue at 22: received 23, executed 33, reported 34. Attempts of the standby are counted
from 2048 on, so that a line tells who has sent.
"""

from __future__ import annotations

import json

import pytest

from bcsim.model.firm import Firm
from bcsim.streams import Streams, address
from tests.unit.engine.firms import DAY_LONG, DEMAND, data, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

STANDBY = {
    "store": {"kind": "replicated"},
    "standby": {"kind": "hot", "site": "b", "switch": "1 s"},
}
ROUTE = [take(), step("accept", "oms"), execute()]
CUT = "0ms oms->venue link_up 0"
"""What the order system sends to the venue is lost until further notice."""


def small(route=ROUTE, **components):
    """The firm of this file, with what differs in its components."""
    return firm(route, components={"oms": STANDBY} | components)


def sent(history, *more):
    """What the order system has sent, and further kinds."""
    kinds = " ".join(("send", *more))
    return story(history, "attempt", only=kinds, without="client front")


# -- failover --------------------------------------------------------------------------------


def test_what_was_inserted_after_the_recovery_point_is_missing():
    """Goal: an order of which the standby knows nothing is gone. Method: R at 21, had at 22."""
    history = run(
        small(),
        faults=timeline(
            CUT,
            "50ms oms up 0",
            "60ms oms->venue link_up 1",
            "99ms oms failover 21ms",
            "99ms oms up 1",
        ),
    )
    assert sent(history, "execute") == ["22ms oms send 0.1 attempt=0"]


def test_what_was_inserted_until_the_recovery_point_is_resent():
    """Goal: exactly as at R. Method: R at 22, the nanosecond of the insertion."""
    history = run(
        small(),
        faults=timeline(
            CUT,
            "50ms oms up 0",
            "60ms oms->venue link_up 1",
            "99ms oms failover 22ms",
            "99ms oms up 1",
        ),
    )
    assert sent(history, "execute", "resend") == lines("""
        22ms oms send 0.1 attempt=0
        99ms oms resend 0.1 attempt=2048
        99ms oms send 0.1 attempt=2048
        110ms venue execute 0.1 attempt=2048
        111ms oms execute 0.1
    """)


@pytest.mark.parametrize(
    ("dedup", "again"),
    [
        (DAY_LONG, []),
        (None, ["110ms venue execute 0.1 attempt=2048", "111ms oms execute 0.1"]),
    ],
)
def test_a_release_after_the_recovery_point_is_undone(dedup, again):
    """Goal: a finished order is sent again. Method: reported at 34, R at 33; venue with dedup or not."""
    history = run(
        small(venue={"dedup": dedup}),
        faults=timeline("50ms oms up 0", "99ms oms failover 33ms", "99ms oms up 1"),
    )
    assert sent(history, "execute") == [
        *lines("""
            22ms oms send 0.1 attempt=0
            33ms venue execute 0.1 attempt=0
            34ms oms execute 0.1
            99ms oms send 0.1 attempt=2048
        """),
        *again,
    ]


def test_a_release_until_the_recovery_point_stays():
    """Goal: nothing is resent needlessly. Method: R at 34, the nanosecond of the release."""
    history = run(
        small(venue={"dedup": None}),
        faults=timeline("50ms oms up 0", "99ms oms failover 34ms", "99ms oms up 1"),
    )
    assert sent(history) == ["22ms oms send 0.1 attempt=0"]


def test_keys_after_the_recovery_point_are_missing_too():
    """Goal: dedup memory is replicated with the store. Method: the answer to the front is lost.

    Done at 22; the front asks again at 121. With R at 21 the standby does it again (132), with
    R at 22 it knows the key.
    """
    patient = step("accept", "oms", timeout="100 ms", retry={"limit": 1, "backoff": "10 ms"})
    found = []
    for recovery_point in ("21ms", "22ms"):
        history = run(
            small([take(), patient]),
            faults=timeline(
                "15ms oms->front link_up 0",
                "50ms oms up 0",
                f"60ms oms failover {recovery_point}",
                "60ms oms up 1",
            ),
        )
        found.append(story(history, only="start", without="front"))
    assert found == [["12ms oms start 0.1", "122ms oms start 0.1"], ["12ms oms start 0.1"]]


def test_the_queue_is_not_part_of_the_store():
    """Goal: work in service and waiting is gone, even from a durable queue. Method: crash at 15."""
    durable = {"queue": {"durable": True}}
    history = run(
        firm(ROUTE, components={"oms": STANDBY | durable}),
        faults=timeline("15ms oms up 0", "60ms oms failover 15ms", "60ms oms up 1"),
    )
    assert story(history, only="start", without="front") == ["12ms oms start 0.1"]


def test_a_planned_switch_loses_nothing():
    """Goal: R = now. Method: switch at 25 while the venue works: the standby asks again, joins.

    The first primary's answer and the report, both for 34, come to the new one.
    """
    history = run(small(), faults=timeline("25ms oms failover 25ms"))
    assert sent(history, "execute", "orphan") == lines("""
        22ms oms send 0.1 attempt=0
        25ms oms send 0.1 attempt=2048
        33ms venue execute 0.1 attempt=0
        34ms oms execute 0.1
    """)


def test_a_hung_component_is_switched_and_its_standby_resends():
    """Goal: the standby begins when the component works again. Method: switch and wake at 99."""
    history = run(
        small(),
        faults=timeline(
            CUT,
            "50ms oms hang 1",
            "60ms oms->venue link_up 1",
            "99ms oms failover 50ms",
            "99ms oms hang 0",
        ),
    )
    assert sent(history, "execute") == lines("""
        22ms oms send 0.1 attempt=0
        99ms oms send 0.1 attempt=2048
        110ms venue execute 0.1 attempt=2048
        111ms oms execute 0.1
    """)


def test_what_a_hung_instance_has_not_dealt_with_is_gone():
    """Goal: arrivals of the old instance are not the new one's. Method: an order at 55."""
    history = run(
        small(),
        [Wish("43ms")],
        timeline("50ms oms hang 1", "99ms oms failover 50ms", "99ms oms hang 0"),
    )
    assert story(history, only="oms") == []


def test_reports_kept_by_the_venue_come_to_the_new_primary():
    """Goal: the holder's session, whoever is primary. Method: executed while oms is down."""
    history = run(
        small(), faults=timeline("30ms oms up 0", "60ms oms failover 29ms", "60ms oms up 1")
    )
    assert sent(history, "execute") == lines("""
        22ms oms send 0.1 attempt=0
        33ms venue execute 0.1 attempt=0
        60ms oms send 0.1 attempt=2048
        61ms oms execute 0.1
    """)


# -- fail-back -------------------------------------------------------------------------------

LOST = (
    CUT,
    "50ms oms up 0",
    "60ms oms failover 21ms",
    "60ms oms up 1",
    "80ms oms->venue link_up 1",
)
"""The first instance has the order, the standby does not."""


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        ("discard", []),
        ("quarantine", ["100ms oms reconcile 0.1"]),
        (
            "replay",
            [
                "100ms oms send 0.1 attempt=1",
                "111ms venue execute 0.1 attempt=1",
                "112ms oms execute 0.1",
            ],
        ),
    ],
)
def test_what_only_the_old_primary_knew_is_treated_as_stated(policy, more):
    """Goal: discarded, quarantined or replayed. Method: an order that the standby never had."""
    history = run(small(), faults=timeline(*LOST, f"100ms oms failback 1 {policy}"))
    assert sent(history, "execute", "reconcile") == ["22ms oms send 0.1 attempt=0", *more]


def test_quarantine_names_the_intent_and_the_reason():
    """Goal: the loss is known. Method: the whole row."""
    history = run(small(), faults=timeline(*LOST, "100ms oms failback 1 quarantine"))
    columns = ("intent_id", "component", "subject", "reason", "cause")
    assert story(history, *columns, only="reconcile") == [
        (
            "100ms oms reconcile 0.1 intent_id=app-000000 component=oms subject=quarantine "
            "reason=known to one instance only cause=fault"
        )
    ]


@pytest.mark.parametrize("policy", ["replay", "quarantine"])
def test_what_the_standby_has_meanwhile_is_left_alone(policy):
    """Goal: only what nobody else knows. Method: the front, unanswered, sends again to the standby.

    Its answer is lost at 22; it times out at 61 and sends at 71: the standby has it at 82.
    """
    patient = step("accept", "oms", timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        small([take(), patient, execute()]),
        faults=timeline(
            CUT,
            "20ms oms->front link_up 0",
            "30ms oms up 0",
            "40ms oms failover 21ms",
            "40ms oms up 1",
            "80ms oms->venue link_up 1",
            f"200ms oms failback 1 {policy}",
        ),
    )
    assert sent(history, "execute", "reconcile") == lines("""
        22ms oms send 0.1 attempt=0
        82ms oms send 0.1 attempt=2048
        93ms venue execute 0.1 attempt=2048
        94ms oms execute 0.1
    """)


def test_the_first_instance_goes_on_with_all_that_the_standby_knows():
    """Goal: fail-back is planned, R = now. Method: an order taken by the standby, venue cut off.

    Switched at 5 (planned), had by the standby at 22; back at 50: resent by the first.
    """
    history = run(
        small(),
        faults=timeline(
            CUT, "5ms oms failover 5ms", "40ms oms->venue link_up 1", "50ms oms failback 1 discard"
        ),
    )
    assert sent(history, "execute") == lines("""
        22ms oms send 0.1 attempt=2048
        50ms oms send 0.1 attempt=0
        61ms venue execute 0.1 attempt=0
        62ms oms execute 0.1
    """)


# -- split brain -----------------------------------------------------------------------------


def two_ways(*after, **components):
    """Two journeys: the app's orders come through the front, the firm's own through the desk."""
    rest = [step("accept", "oms"), execute(), *after]
    model = data([take(), *rest], components={"oms": STANDBY, "desk": {}} | components)
    model["journeys"]["other"] = {"name": "Other", "steps": [take("desk"), *rest]}
    model["demand"]["own"] = DEMAND | {"journey": "other"}
    return Firm.model_validate_json(json.dumps(model))


def sent_by_oms(history, *more):
    """As :func:`sent`, without what the desk sends."""
    return [line for line in sent(history, *more) if " desk " not in line]


def test_both_primaries_resend_what_they_hold():
    """Goal: both start from the same state and resend. Method: an order held at the split.

    One venue with a dedup memory joins the two requests of 101.
    """
    history = run(
        two_ways(), faults=timeline(CUT, "90ms oms->venue link_up 1", "100ms oms split 1")
    )
    assert sent_by_oms(history, "execute", "receive") == lines("""
        12ms oms receive 0.1 attempt=0
        22ms oms send 0.1 attempt=0
        100ms oms send 0.1 attempt=1
        100ms oms send 0.1 attempt=2048
        101ms venue receive 0.1 attempt=1
        101ms venue receive 0.1 attempt=2048
        111ms venue execute 0.1 attempt=1
        112ms oms execute 0.1
    """)


def test_without_dedup_both_primaries_have_it_executed():
    """Goal: that is how a split brain duplicates. Method: the venue has no memory."""
    history = run(
        two_ways(venue={"dedup": None}),
        faults=timeline(CUT, "90ms oms->venue link_up 1", "100ms oms split 1"),
    )
    assert sent_by_oms(history, "execute") == lines("""
        22ms oms send 0.1 attempt=0
        100ms oms send 0.1 attempt=1
        100ms oms send 0.1 attempt=2048
        111ms venue execute 0.1 attempt=1
        112ms oms execute 0.1
        121ms venue execute 0.1 attempt=2048
        122ms oms execute 0.1
    """)


def test_a_sender_is_bound_to_the_primary_that_it_reaches():
    """Goal: each side has its own. Method: the desk reaches the standby only, and its own steps.

    The whole way stays with the instance: acceptance, a second step, the fill.
    """
    route = (step("note", "oms", role="book"), step("pay", "ledger", role="settle"))
    history = run(
        two_ways(*route),
        [Wish("10ms"), Wish("110ms", source=1)],
        timeline("1ms oms split 1 standby:desk"),
    )
    assert sent_by_oms(history, "execute") == lines("""
        32ms oms send 0.1 attempt=0
        43ms venue execute 0.1 attempt=0
        44ms oms execute 0.1
        44ms oms send 0.1 attempt=0
        54ms oms send 0.1 attempt=0
        132ms oms send own-0.1 attempt=2048
        143ms venue execute own-0.1 attempt=2048
        144ms oms execute own-0.1
        144ms oms send own-0.1 attempt=2048
        154ms oms send own-0.1 attempt=2048
    """)


def test_a_sender_that_reaches_both_chooses_by_one_draw_an_attempt():
    """Goal: route_choice at (step, attempt). Method: twelve orders against the draws."""
    wishes = [Wish(f"{n}s") for n in range(1, 13)]
    history = run(two_ways(), wishes, timeline("1ms oms split 1 both:front"), seed=5)
    luck = Streams(5, 0).at("route_choice", "app/oms")
    chosen = [luck.integer(0, 1, n, address(1, 0, 0)) for n in range(12)]
    attempts = [r["attempt"] for r in history.rows("send") if r["vantage"] == "oms"]
    assert attempts == [2048 * choice for choice in chosen]
    assert set(chosen) == {0, 1}


def test_the_memories_of_two_primaries_are_separate():
    """Goal: a key known to one is unknown to the other. Method: an order sent to both sides.

    The front reaches both; the draws of attempts 0 and 1 differ for this seed: the answer
    of the first is lost, the second side does it anew.
    """
    luck = Streams(1, 0).at("route_choice", "app/oms")
    assert [luck.integer(0, 1, 0, address(1, 0, n)) for n in (0, 1)] == [0, 1]
    patient = step("accept", "oms", timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        small([take(), patient]),
        faults=timeline(
            "1ms oms split 1 both:front", "15ms oms->front link_up 0", "70ms oms->front link_up 1"
        ),
        seed=1,
    )
    assert story(history, only="start", without="front") == lines("""
        12ms oms start 0.1
        72ms oms start 0.1
    """)


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        ("discard", []),
        ("quarantine", ["300ms oms reconcile own-0.1"]),
        (
            "merge",
            [
                "300ms oms send own-0.1 attempt=0",
                "311ms venue execute own-0.1 attempt=0",
                "312ms oms execute own-0.1",
            ],
        ),
    ],
)
def test_on_healing_the_losers_entries_are_treated_as_stated(policy, more):
    """Goal: discarded, quarantined or merged. Method: an order that only the standby has."""
    history = run(
        two_ways(),
        [Wish("100ms", source=1)],
        timeline(
            CUT,
            "1ms oms split 1 standby:desk",
            "200ms oms->venue link_up 1",
            f"300ms oms split 0 {policy}",
        ),
    )
    assert sent_by_oms(history, "execute", "reconcile") == [
        "122ms oms send own-0.1 attempt=2048",
        *more,
    ]


def test_a_fill_that_only_the_loser_has_is_merged_though_the_order_is_known():
    """Goal: entries are orders and fills. Method: the venue's fills come to the standby only.

    The gateway holds the order and reaches the standby; the way to the ledger is cut until 200.
    The client's order is taken by the first instance at 11, by the gateway at 22, executed at
    33; the fill is the standby's at 45 and is sent in vain; merged at 300.
    """
    route = [
        take("oms"),
        step("route", "gateway"),
        execute(),
        step("fill", "oms"),
        step("book", "ledger", role="book"),
    ]
    history = run(
        small(route),
        faults=timeline(
            "0ms oms->ledger link_up 0",
            "1ms oms split 1 standby:gateway",
            "200ms oms->ledger link_up 1",
            "300ms oms split 0 merge",
        ),
    )
    assert story(history, "attempt", only="send book", without="client gateway") == lines("""
        11ms oms send 0.1 attempt=0
        45ms oms send 0.1 attempt=2048
        300ms oms send 0.1 attempt=0
        311ms ledger book 0.1 attempt=0
    """)


def test_a_cancel_reaches_the_primary_that_its_sender_does():
    """Goal: a cancel follows the order's links. Method: an order in the standby's queue.

    The standby works on another order from 112 on (200 ms), so the second waits when the cancel
    comes; the first instance would not know it.
    """
    route = [step("accept", "oms", "200 ms"), execute()]
    model = data([take(), *route], components={"oms": STANDBY, "desk": {}})
    model["journeys"]["other"] = {"name": "Other", "steps": [take("desk"), *route]}
    model["demand"]["own"] = DEMAND | {"journey": "other"}
    history = run(
        Firm.model_validate_json(json.dumps(model)),
        [Wish("100ms", source=1), Wish("110ms", source=1, cancel="50ms")],
        timeline("1ms oms split 1 standby:desk"),
    )
    assert story(history, only="cancel cancel_reject") == lines("""
        162ms oms cancel own-1.1
        163ms client cancel own-1.1
    """)
