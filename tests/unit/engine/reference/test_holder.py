"""Goal: a holder sees a step done as stated. Method: tiny runs against times worked out by hand.

The front answers the client and holds the order from 11 ms on: submit 0, one millisecond on the
way, ten of service. What it sends then reaches the venue at 12, is done at 22, answered at 23.
"""

from __future__ import annotations

from bcsim.streams import Streams, address
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

DOWN = "5ms venue up 0"
RETRY = {"limit": 4, "backoff": "10 ms", "cap": "30 ms"}


def sends(history, holder="front"):
    """When a holder sent, and the number of each attempt."""
    return story(history, "attempt", only="send", without="client" if holder == "front" else "x")


def test_an_answer_in_time_needs_no_second_attempt():
    """Goal: one request. Method: a timeout that is long enough."""
    history = run(firm([take(), execute(timeout="20 ms", retry=RETRY)]))
    assert sends(history) == ["11ms front send 0.1 attempt=0"]


def test_waits_double_up_to_the_cap_and_the_timeout_runs_from_sending():
    """Goal: attempt n waits min(cap, backoff · 2^(n−1)). Method: a venue that is down.

    Sent 11, timeout 100, wait 10; sent 121, wait 20; sent 241, wait min(30, 40); sent 371,
    wait 30; sent 501; rejected when that has timed out at 601.
    """
    do = execute(timeout="100 ms", retry=RETRY, on_failure="reject")
    history = run(firm([take(), do]), [Wish()], timeline(DOWN))
    assert story(history, "attempt", only="send time_out reject", without="client") == lines("""
        11ms front send 0.1 attempt=0
        111ms front time_out 0.1 attempt=0
        121ms front send 0.1 attempt=1
        221ms front time_out 0.1 attempt=1
        241ms front send 0.1 attempt=2
        341ms front time_out 0.1 attempt=2
        371ms front send 0.1 attempt=3
        471ms front time_out 0.1 attempt=3
        501ms front send 0.1 attempt=4
        601ms front time_out 0.1 attempt=4
        601ms front reject 0.1
    """)


def test_each_wait_is_stretched_by_one_addressed_draw():
    """Goal: × jitter. Method: the draw of step 1 after attempt 0, worked out from the stream."""
    retry = {"limit": 1, "backoff": "10 ms", "jitter": 0.5}
    do = execute(timeout="100 ms", retry=retry, on_failure="reject")
    history = run(firm([take(), do]), [Wish()], timeline(DOWN), seed=4)
    uniform = Streams(4, 0).at("retry_jitter", "app").uniform(0, address(1, 0, 0))
    wait_ns = int(10_000_000 * (1 + 0.5 * (2 * uniform - 1)) + 0.5)
    assert 5_000_000 < wait_ns < 15_000_000
    sent = [row["time_ns"] for row in history.rows("send") if row["vantage"] == "front"]
    assert sent == [11_000_000, 111_000_000 + wait_ns]


def test_a_repeat_has_the_same_key_and_says_that_it_may_be_one():
    """Goal: same idempotency key, poss_resend set. Method: rows of the second attempt."""
    do = execute(timeout="30 ms", retry=RETRY)
    history = run(firm([take(), do]), [Wish()], timeline(DOWN, "45ms venue up 1"))
    columns = ("idem_key", "step", "attempt")
    assert story(history, *columns, only="send resend route", without="client") == lines("""
        11ms front route 0.1 idem_key=app-000000.1 step=1 attempt=0
        11ms front send 0.1 idem_key=app-000000.1 step=1 attempt=0
        51ms front resend 0.1 idem_key=app-000000.1 step=1 attempt=1
        51ms front route 0.1 idem_key=app-000000.1 step=1 attempt=1
        51ms front send 0.1 idem_key=app-000000.1 step=1 attempt=1
    """)


def test_an_answer_to_any_attempt_settles_the_step():
    """Goal: the first attempt's late answer ends the retries. Method: service beyond the timeout.

    Sent 11, served from 12 to 62; timeout at 41, sent again at 51, answered from the work under
    way: at 63 two answers come, one for each attempt. The next would have been sent at 101.
    """
    do = step("check", "venue", "50 ms", timeout="30 ms", retry=RETRY)
    history = run(firm([take(), do]))
    assert story(history, "attempt", only="send start finish orphan", without="client") == lines("""
        1ms front start 0.1 attempt=0
        11ms front finish 0.1 attempt=0
        11ms front send 0.1 attempt=0
        12ms venue start 0.1 attempt=0
        51ms front send 0.1 attempt=1
        62ms venue finish 0.1 attempt=0
    """)


def test_abandoned_work_still_takes_its_time():
    """Goal: the callee does what nobody waits for. Method: no dedup, one server, two orders.

    The first order is sent at 11 and at 51: 12 to 62, then 62 to 112. The second, wished at 40,
    is sent at 51 and has to wait behind the repeat until 112.
    """
    do = step("check", "venue", "50 ms", timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(firm([take(), do], components={"venue": {"dedup": None}}), [Wish(), Wish("40ms")])
    found = story(history, "attempt", only="venue", without="receive")
    assert found[:6] == lines("""
        12ms venue start 0.1 attempt=0
        62ms venue finish 0.1 attempt=0
        62ms venue start 0.1 attempt=1
        112ms venue finish 0.1 attempt=1
        112ms venue start 1.1 attempt=0
        162ms venue finish 1.1 attempt=0
    """)


def test_a_refusal_is_answered_at_once_and_tried_again():
    """Goal: a full queue does not wait for the timeout. Method: no room beside one in service.

    Both are sent at 11 by two servers. The second is refused at 12, heard at 13, sent again
    after its wait at 33: the venue is free since 22.
    """
    do = execute(timeout="1 s", retry={"limit": 1, "backoff": "20 ms"})
    components = {"front": {"servers": 2}, "venue": {"queue": {"limit": 0}}}
    history = run(firm([take(), do], components=components), [Wish(), Wish()])  # type: ignore[arg-type]
    assert story(history, only="send execute", without="client") == lines("""
        11ms front send 0.1
        11ms front send 1.1
        22ms venue execute 0.1
        23ms front execute 0.1
        33ms front send 1.1
        44ms venue execute 1.1
        45ms front execute 1.1
    """)


def test_a_refusal_after_the_timeout_changes_nothing():
    """Goal: the wait between attempts is kept. Method: a refusal that takes longer than that.

    Refused at 12, under way for 40 until 52; timeout at 41, so the next is due at 41 + 30 = 71.
    """
    do = execute(timeout="30 ms", retry={"limit": 1, "backoff": "30 ms"})
    components = {"front": {"servers": 2}, "venue": {"queue": {"limit": 0}}}
    links = {"venue -> front": {"latency": "40 ms"}}
    history = run(firm([take(), do], components=components, links=links), [Wish(), Wish()])  # type: ignore[arg-type]
    second = [line for line in sends(history) if " 1.1 " in line]
    assert second == lines("""
        11ms front send 1.1 attempt=0
        71ms front send 1.1 attempt=1
    """)


# -- on failure ------------------------------------------------------------------------------


def test_on_failure_reject_tells_the_client_and_names_the_cause():
    """Goal: reject. Method: no answer; later the venue's answer is an orphan.

    The venue hangs from 5 to 200: at 111 the order is rejected, at 200 the request is dealt
    with, executed at 210, answered and reported at 211 to nobody.
    """
    do = execute(timeout="100 ms", on_failure="reject")
    history = run(firm([take(), do]), [Wish()], timeline("5ms venue hang 1", "200ms venue hang 0"))
    kinds = "reject orphan execute"
    assert story(history, "reason", "cause", "subject", only=kinds) == lines("""
        111ms front reject 0.1 reason=no answer from venue cause=fault
        112ms client reject 0.1 reason=no answer from venue cause=fault
        210ms venue execute 0.1
        211ms front orphan 0.1 subject=answer done
        211ms front orphan 0.1 subject=report execute
    """)


def test_on_failure_continue_leaves_the_step_out():
    """Goal: continue; a control that is left out is said to be. Method: two such steps.

    The check times out at 41, the control at 71, then the order is executed: 72, 82.
    """
    route = [
        take(),
        step("check", "checker", timeout="30 ms", on_failure="continue"),
        step(
            "limits",
            "risk",
            mode="call",
            role="control",
            control="limits",
            timeout="30 ms",
            on_failure="continue",
        ),
        execute(),
    ]
    history = run(
        firm(route, controls={"limits": {"name": "Limits", "coverage": 1}}),
        [Wish()],
        timeline("5ms checker up 0", "5ms risk up 0"),
    )
    kinds = "send control_skip execute"
    assert story(history, "subject", "step", "cause", only=kinds, without="client") == lines("""
        11ms front send 0.1 step=1
        41ms front send 0.1 step=2
        71ms front control_skip 0.1 subject=limits step=2 cause=fault
        71ms front send 0.1 step=3
        82ms venue execute 0.1 step=3
        83ms front execute 0.1
    """)


def test_an_answer_after_the_step_was_left_out_is_an_orphan():
    """Goal: orphans after continue. Method: a checker that takes longer than is waited for."""
    check = step("check", "checker", "50 ms", timeout="30 ms", on_failure="continue")
    history = run(firm([take(), check, execute()]))
    assert story(history, "step", only="orphan execute") == lines("""
        52ms venue execute 0.1 step=2
        53ms front execute 0.1
        63ms front orphan 0.1 step=1
    """)


def test_on_failure_park_waits_until_the_target_is_back():
    """Goal: park. Method: down from 5 to 500; one round, then a further one at 500."""
    do = execute(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(firm([take(), do]), [Wish()], timeline(DOWN, "500ms venue up 1"))
    assert sends(history) == lines("""
        11ms front send 0.1 attempt=0
        51ms front send 0.1 attempt=1
        500ms front send 0.1 attempt=2
    """)


def test_a_parked_order_waits_for_both_ways_of_the_link():
    """Goal: back means reachable. Method: the venue is up at 100, the way back only at 200."""
    history = run(
        firm([take(), execute(timeout="30 ms")]),
        [Wish()],
        timeline(
            DOWN, "5ms venue->front link_up 0", "100ms venue up 1", "200ms venue->front link_up 1"
        ),
    )
    assert sends(history) == lines("""
        11ms front send 0.1 attempt=0
        200ms front send 0.1 attempt=1
    """)


def test_what_is_parked_goes_on_in_order():
    """Goal: by order number, not by the time of parking. Method: the second is parked first.

    The first order's request at 0 is lost, and sent again at 60.
    """
    first = take(timeout="50 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([first, execute(timeout="30 ms")]),
        [Wish(), Wish("1ms")],
        timeline("0ms app->front link_up 0", "1ms app->front link_up 1", DOWN, "500ms venue up 1"),
    )
    assert sends(history) == lines("""
        12ms front send 1.1 attempt=0
        71ms front send 0.1 attempt=0
        500ms front send 0.1 attempt=1
        500ms front send 1.1 attempt=1
    """)


def test_without_a_known_reason_an_order_is_parked_for_a_while():
    """Goal: parked, and tried again. Method: a link that loses everything but is up.

    Timeout at 41; then as long as the longest of backoff, timeout and a second: 1041; other
    components that come and go in between do not wake it.
    """
    history = run(
        firm([take(), execute(timeout="30 ms")], components={"other": {}}),
        [Wish()],
        timeline(
            "5ms front->venue link_loss 1000000",
            "300ms other up 0",
            "400ms other up 1",
            "1s front->venue link_loss 0",
        ),
    )
    assert sends(history) == lines("""
        11ms front send 0.1 attempt=0
        1.041s front send 0.1 attempt=1
    """)


def test_on_failure_fallback_asks_somebody_else_then_parks():
    """Goal: fallback. Method: both down; the fallback is tried once, with its own timeout.

    Sent to the venue at 11, timeout 41; to the dealer at 41, timeout 20 later at 61; parked
    until the dealer is back at 200: received 201, 5 ms of work, done 206.
    """
    fallback = {"component": "dealer", "service": "5 ms", "timeout": "20 ms"}
    do = execute(timeout="30 ms", on_failure="fallback", fallback=fallback)
    history = run(
        firm([take(), do]), [Wish()], timeline(DOWN, "5ms dealer up 0", "200ms dealer up 1")
    )
    assert story(history, "component", only="send execute", without="client") == lines("""
        11ms front send 0.1 component=front
        41ms front send 0.1 component=front
        200ms front send 0.1 component=front
        206ms dealer execute 0.1 component=dealer
        207ms front execute 0.1 component=front
    """)


def test_a_parked_order_goes_to_the_fallback_once_the_plan_says_so():
    """Goal: the fallback is used while the plan says so. Method: FALLBACK at 100, venue down."""
    do = execute(timeout="30 ms", fallback={"component": "dealer", "service": "5 ms"})
    history = run(firm([take(), do]), [Wish()], timeline(DOWN, "100ms venue fallback 1"))
    assert story(history, only="send execute", without="client") == lines("""
        11ms front send 0.1
        100ms front send 0.1
        106ms dealer execute 0.1
        107ms front execute 0.1
    """)


def test_a_client_that_gets_no_answer_sees_an_error():
    """Goal: the client holds the order before the first step. Method: a dead front.

    Attempts at 0 and 40; the device gives up at 70.
    """
    first = take(timeout="30 ms", retry={"limit": 1, "backoff": "10 ms"}, on_failure="reject")
    history = run(firm([first]), [Wish()], timeline("0ms front up 0"))
    assert story(history, "reason", "cause", only="client", without="intend") == lines("""
        0s client submit 0.1
        0s client send 0.1
        30ms client time_out 0.1
        40ms client resend 0.1
        40ms client send 0.1
        70ms client time_out 0.1
        70ms client reject 0.1 reason=no answer from front cause=fault
    """)


def test_without_a_timeout_an_answer_is_waited_for_for_ever():
    """Goal: no timeout, no retry. Method: the request is lost in a crash; nothing follows."""
    history = run(
        firm([take(), execute()]), [Wish()], timeline("15ms venue up 0", "20ms venue up 1")
    )
    assert sends(history) == ["11ms front send 0.1 attempt=0"]


def test_attempts_end_where_their_numbers_do():
    """Goal: a bound on attempts, 2048 for one holder. Method: a round of 1001, three times.

    Two rounds take 2002 attempts, the third stops after 46 more; the order is rejected.
    """
    retry = {"limit": 1000, "backoff": "1 ms", "cap": "1 ms"}
    do = execute(timeout="1 ms", retry=retry)
    history = run(firm([take(), do]), [Wish()], timeline("5ms front->venue link_loss 1000000"))
    sent = [row["attempt"] for row in history.rows("send") if row["vantage"] == "front"]
    assert sent == list(range(2048))
    assert [row["vantage"] for row in history.rows("reject")] == ["front", "client"]
