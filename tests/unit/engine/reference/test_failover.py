"""Goal: a standby takes over from the state at the recovery point. Method: tiny runs.

The times are those of tests/unit/engine/standby.py.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import DAY_LONG, firm, step, take
from tests.unit.engine.standby import CUT, ROUTE, STANDBY, doubled, sent
from tests.unit.engine.story import Wish, lines, run, story, timeline


def test_what_was_inserted_after_the_recovery_point_is_missing():
    """Goal: an order of which the standby knows nothing is gone. Method: R at 21, had at 22."""
    history = run(
        doubled(),
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
        doubled(),
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
        doubled(venue={"dedup": dedup}),
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
        doubled(venue={"dedup": None}),
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
            doubled(take(), patient),
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
        firm(list(ROUTE), components={"oms": STANDBY | durable}),
        faults=timeline("15ms oms up 0", "60ms oms failover 15ms", "60ms oms up 1"),
    )
    assert story(history, only="start", without="front") == ["12ms oms start 0.1"]


def test_a_planned_switch_loses_nothing():
    """Goal: R = now. Method: switch at 25 while the venue works: the standby asks again, joins.

    The first primary's answer and the report, both for 34, come to the new one.
    """
    history = run(doubled(), faults=timeline("25ms oms failover 25ms"))
    assert sent(history, "execute", "orphan") == lines("""
        22ms oms send 0.1 attempt=0
        25ms oms send 0.1 attempt=2048
        33ms venue execute 0.1 attempt=0
        34ms oms execute 0.1
    """)


def test_a_hung_component_is_switched_and_its_standby_resends():
    """Goal: the standby begins when the component works again. Method: switch and wake at 99."""
    history = run(
        doubled(),
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
        doubled(),
        [Wish("43ms")],
        timeline("50ms oms hang 1", "99ms oms failover 50ms", "99ms oms hang 0"),
    )
    assert story(history, only="oms") == []


def test_reports_kept_by_the_venue_come_to_the_new_primary():
    """Goal: the holder's session, whoever is primary. Method: executed while oms is down."""
    history = run(
        doubled(), faults=timeline("30ms oms up 0", "60ms oms failover 29ms", "60ms oms up 1")
    )
    assert sent(history, "execute") == lines("""
        22ms oms send 0.1 attempt=0
        33ms venue execute 0.1 attempt=0
        60ms oms send 0.1 attempt=2048
        61ms oms execute 0.1
    """)
