"""Goal: queues, priorities, limits and servers. Method: a few orders, worked out by hand.

Orders are received 1 ms after their wish; a service takes 10 ms unless it says otherwise.
"""

from __future__ import annotations

import json

from bcsim.model.firm import Firm
from tests.unit.engine.firms import DEMAND, SEGMENT, data, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline


def acknowledged(history):
    """When the front has done its step."""
    return story(history, only="acknowledge", without="client")


def test_one_server_serves_first_come_first():
    """Goal: FIFO. Method: three arrivals, the second while the first is served."""
    history = run(firm([take()]), [Wish(), Wish("3ms"), Wish("2ms")])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        21ms front acknowledge 1.1
        31ms front acknowledge 2.1
    """)


def test_two_servers_work_in_parallel():
    """Goal: servers is parallel capacity. Method: three at once, two servers."""
    history = run(firm([take()], components={"front": {"servers": 2}}), [Wish()] * 3)
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        11ms front acknowledge 1.1
        21ms front acknowledge 2.1
    """)


def test_a_full_queue_refuses():
    """Goal: limit; a server that is free is not the queue. Method: one in service, one waiting.

    The third is refused at 1 and heard at 2; its device does not try again and shows an error.
    """
    small = firm([take(on_failure="reject")], components={"front": {"queue": {"limit": 1}}})
    history = run(small, [Wish()] * 3)
    assert story(history, "reason", only="acknowledge reject") == lines("""
        2ms client reject 2.1 reason=front: queue full
        11ms front acknowledge 0.1
        12ms client acknowledge 0.1
        21ms front acknowledge 1.1
        22ms client acknowledge 1.1
    """)


def test_a_rate_limit_delays():
    """Goal: starts per second. Method: 50 a second is one every 20 ms; four servers idle."""
    small = firm([take()], components={"front": {"servers": 4, "rate_limit": 50}})
    history = run(small, [Wish()] * 3 + [Wish("100ms")])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        31ms front acknowledge 1.1
        51ms front acknowledge 2.1
        111ms front acknowledge 3.1
    """)


# -- priority classes ------------------------------------------------------------------------


def two_classes():
    """House orders come after clients' orders; source 1 is the house."""
    model = data([take()])
    model["priorities"] = ["client", "house"]
    model["segments"]["house"] = SEGMENT | {"name": "House", "priority": "house"}
    model["demand"]["own"] = DEMAND | {"segment": "house"}
    return Firm.model_validate_json(json.dumps(model))


def test_a_better_class_is_served_first_and_nobody_is_interrupted():
    """Goal: FIFO within a class, classes in order. Method: house first, then clients."""
    history = run(
        two_classes(), [Wish("0ms", source=1), Wish("1ms", source=1), Wish("2ms"), Wish("3ms")]
    )
    assert acknowledged(history) == lines("""
        11ms front acknowledge own-0.1
        21ms front acknowledge 0.1
        31ms front acknowledge 1.1
        41ms front acknowledge own-1.1
    """)


def test_the_plan_can_turn_the_classes_round():
    """Goal: PRIORITY from then on. Method: house first from 15 ms to 35 ms."""
    faults = timeline("15ms priorities priority 1 house", "35ms priorities priority 1 client house")
    wishes = [Wish(), Wish(), Wish(), Wish(source=1), Wish(source=1)]
    history = run(two_classes(), wishes, faults)
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        21ms front acknowledge 1.1
        31ms front acknowledge own-0.1
        41ms front acknowledge own-1.1
        51ms front acknowledge 2.1
    """)


# -- calls -----------------------------------------------------------------------------------

CALL = step("ask", "risk", "30 ms", mode="call")


def test_a_caller_stays_occupied_until_the_answer():
    """Goal: call. Method: two orders, one server: 1 to 11, asks until 43, then the second.

    Sent 11, received 12, done 42, answered 43; the second order starts only then.
    """
    history = run(firm([take(), CALL, execute()]), [Wish(), Wish()])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        53ms front acknowledge 1.1
    """)
    assert story(history, only="execute", without="front") == lines("""
        54ms venue execute 0.1
        96ms venue execute 1.1
    """)


def test_a_caller_stays_occupied_through_a_second_call():
    """Goal: each call occupies. Method: two calls in a row: 11 to 43, then to 75."""
    history = run(firm([take(), CALL, CALL | {"id": "again"}, execute()]), [Wish(), Wish()])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        85ms front acknowledge 1.1
    """)


def test_a_hand_over_occupies_nobody():
    """Goal: the difference to a call. Method: the same with hand-over."""
    history = run(firm([take(), CALL | {"mode": "hand-over"}, execute()]), [Wish(), Wish()])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        21ms front acknowledge 1.1
    """)


def test_a_caller_stays_occupied_for_a_round_and_not_while_parked():
    """Goal: until answer or timeout. Method: risk is down; two attempts, then parked.

    Sent 11, timeout 31, sent 41, timeout 61: parked, and the server is free for the second.
    """
    ask = CALL | {"timeout": "20 ms", "retry": {"limit": 1, "backoff": "10 ms"}}
    history = run(firm([take(), ask, execute()]), [Wish(), Wish()], timeline("5ms risk up 0"))
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        71ms front acknowledge 1.1
    """)


def test_a_rejected_call_frees_the_caller():
    """Goal: an answer of any kind frees. Method: a control stops the first order at 42.

    The control has 30 ms of service; heard at 43; the second order starts at 43.
    """
    limits = CALL | {"role": "control", "control": "limits"}
    controls = {"limits": {"name": "Limits", "coverage": 1, "false_alarm": 1}}
    history = run(firm([take(), limits, execute()], controls=controls), [Wish(), Wish()])
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        53ms front acknowledge 1.1
    """)


# -- speed and number ------------------------------------------------------------------------


def test_slow_is_for_services_that_start_from_then_on():
    """Goal: a running service keeps its duration. Method: a tenth of the speed from 5 to 30.

    The first takes 10 from 1; the second, at a tenth, 100 from 11; the third 10 from 111.
    """
    history = run(
        firm([take()]), [Wish()] * 3, timeline("5ms front speed 100", "30ms front speed 1000")
    )
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        111ms front acknowledge 1.1
        121ms front acknowledge 2.1
    """)


def test_short_of_servers_finishes_what_runs_and_starts_nothing():
    """Goal: none starts until below the limit. Method: three servers become one at 5 ms.

    Three run until 11; then one at a time until the other two are back at 25.
    """
    small = firm([take()], components={"front": {"servers": 3}})
    faults = timeline("5ms front servers 1", "25ms front servers 3")
    history = run(small, [Wish()] * 6, faults)
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        11ms front acknowledge 1.1
        11ms front acknowledge 2.1
        21ms front acknowledge 3.1
        31ms front acknowledge 4.1
        35ms front acknowledge 5.1
    """)


def test_without_servers_nothing_starts():
    """Goal: an absent team. Method: none from 5 to 50."""
    faults = timeline("5ms front servers 0", "50ms front servers 1")
    history = run(firm([take()]), [Wish(), Wish()], faults)
    assert acknowledged(history) == ["11ms front acknowledge 0.1", "60ms front acknowledge 1.1"]


def test_callers_are_counted_when_servers_are_taken_away():
    """Goal: a caller occupies a server beyond the limit too. Method: two of two call, one goes.

    Both call from 11 on; one server is left from 12. Risk has one server: it answers the first
    at 43 and the second at 73. The third order starts when both calls are over.
    """
    small = firm([take(), CALL, execute()], components={"front": {"servers": 2}})
    history = run(small, [Wish(), Wish(), Wish("2ms")], timeline("12ms front servers 1"))
    assert acknowledged(history) == lines("""
        11ms front acknowledge 0.1
        11ms front acknowledge 1.1
        83ms front acknowledge 2.1
    """)
