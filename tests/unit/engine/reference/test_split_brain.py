"""Goal: two primaries at once, each with its own memory, until one of them loses.

Method: tiny runs; the times are those of tests/unit/engine/standby.py.
"""

from __future__ import annotations

import json

import pytest

from bcsim.model.firm import Firm
from bcsim.streams import Streams, address
from tests.unit.engine.firms import DEMAND, data, execute, step, take
from tests.unit.engine.standby import CUT, STANDBY, doubled, sent
from tests.unit.engine.story import Wish, lines, run, story, timeline


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
        doubled(take(), patient),
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
        doubled(*route),
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
