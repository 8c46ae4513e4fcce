"""Goal: a step's role, legs and controls do what is stated. Method: tiny runs, worked out by hand.

The front receives at 1 and is done at 11; the next component receives at 12 and is done at 22.
"""

from __future__ import annotations

import pytest

from bcsim.streams import Streams, address
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

SOUND = {"name": "Limits", "coverage": 1}


def control(**more):
    """A control of 10 ms at the risk component, which the holder calls."""
    return step("limits", "risk", role="control", control="limits", mode="call", **more)


def test_each_role_has_its_event_and_three_are_told():
    """Goal: acknowledge, confirm, settle tell the client, with qty and money. Method: one of each.

    Executed at 22, the fill is held by the front at 23: booked 34, confirmed 45, settled 56.
    """
    route = [
        take(),
        execute(),
        step("book", "ledger", role="book"),
        step("confirm", "mailer", role="confirm"),
        step("settle", "clearing", role="settle"),
    ]
    history = run(firm(route), [Wish(qty=300)])
    columns = ("qty", "price", "amount", "component", "step", "leg")
    kinds = "acknowledge execute book confirm settle"
    assert story(history, *columns, only=kinds) == lines("""
        11ms front acknowledge 0.1 qty=300 component=front step=0 leg=0
        12ms client acknowledge 0.1 qty=300
        22ms venue execute 0.1 qty=300 price=1000 amount=300000 component=venue step=1
        23ms front execute 0.1 qty=300 price=1000 component=front
        34ms ledger book 0.1 qty=300 price=1000 amount=300000 component=ledger step=2 leg=0
        45ms mailer confirm 0.1 qty=300 price=1000 component=mailer step=3 leg=0
        46ms client confirm 0.1 qty=300 price=1000
        56ms clearing settle 0.1 qty=300 price=1000 amount=300000 component=clearing step=4 leg=0
        57ms client settle 0.1 qty=300 price=1000
    """)


def test_after_execution_a_step_is_done_for_each_fill():
    """Goal: once per fill. Method: an execution in two parts, 5 ms apart."""
    product = {"partial_fill": 1, "fills": 2, "fill_gap": "5 ms", "lot": 1}
    route = [take(), execute(), step("book", "ledger", role="book")]
    history = run(firm(route, product=product), [Wish(qty=101)])
    assert story(history, "qty", "exec_id", only="book") == lines("""
        34ms ledger book 0.1 qty=51 exec_id=app-000000.1/venue/1
        44ms ledger book 0.1 qty=50 exec_id=app-000000.1/venue/2
    """)


# -- legs ------------------------------------------------------------------------------------


def post(*fails, at="ledger", role="book", **more):
    """A step of several legs, 10 ms, 20 ms … long, that fail with these chances."""
    legs = [
        {"name": f"leg{n}", "service": f"{10 * (n + 1)} ms", "fail": fail}
        for n, fail in enumerate(fails)
    ]
    return step("post", at, "1 h", role=role, legs=legs, **more)


PARALLEL = {"ledger": {"servers": 9}}


def test_legs_are_done_side_by_side_and_the_step_answers_when_all_are():
    """Goal: several effects, one answer. Method: 10 and 20 ms from 12 on; the next step at 33."""
    history = run(firm([take(), post(0, 0), step("next", "desk")], components=PARALLEL))
    columns = ("leg", "subject", "step")
    assert story(history, *columns, only="book send", without="client") == lines("""
        11ms front send 0.1 leg=0 step=1
        22ms ledger book 0.1 leg=0 subject=leg0 step=1
        32ms ledger book 0.1 leg=1 subject=leg1 step=1
        32ms ledger send 0.1 leg=0 step=2
    """)


def test_the_client_is_told_when_all_legs_are_done():
    """Goal: no half confirmation. Method: the last leg in the list is done first.

    The first leg takes 40 ms, the second 10: confirmed at 52, not at 22.
    """
    legs = [{"name": "slow", "service": "40 ms"}, {"name": "quick", "service": "10 ms"}]
    confirm = step("confirm", "ledger", role="confirm", legs=legs)
    history = run(firm([take(), confirm], components=PARALLEL))
    assert story(history, "subject", only="confirm") == lines("""
        22ms ledger confirm 0.1 subject=quick
        52ms ledger confirm 0.1 subject=slow
        53ms client confirm 0.1
    """)


def first_draws(leg, attempts):
    """Whether a leg of step 1 that fails half the time does so, for some attempts."""
    luck = Streams(SEED, 0).at("leg_failure", "app")
    return [luck.uniform(0, address(1, leg, n)) < 0.5 for n in range(attempts)]


SEED = 4
"""With this seed the second leg of order 0 fails at attempt 0, and not at attempt 1."""


@pytest.mark.parametrize(
    ("dedup", "booked"),
    [
        ({"horizon": "1 d"}, ["22ms leg0", "83ms leg1"]),
        (None, ["22ms leg0", "73ms leg0", "83ms leg1"]),
    ],
)
def test_a_leg_that_fails_alone_is_repeated_alone_only_with_dedup(dedup, booked):
    """Goal: without a memory the first leg is done twice. Method: the second leg fails once.

    Received 12; leg 0 done at 22; leg 1 refused at 32, heard at 33, sent again at 33 + 29 = 62,
    received at 63: done after 10 and 20 ms.
    """
    assert first_draws(1, 2) == [True, False]
    posting = post(0, 0.5, timeout="1 s", retry={"limit": 1, "backoff": "29 ms"})
    small = firm([take(), posting], components={"ledger": {"servers": 9, "dedup": dedup}})
    history = run(small, seed=SEED)
    assert [
        f"{line.split()[0]} {line.split('=')[-1]}"
        for line in story(history, "subject", only="book")
    ] == booked


def test_a_failed_leg_is_a_refusal_that_the_breaker_and_the_retries_see():
    """Goal: a leg's failure fails the step. Method: a leg that always fails; then rejected."""
    posting = post(1, timeout="1 s", retry={"limit": 1, "backoff": "29 ms"}, on_failure="reject")
    history = run(firm([take(), posting], components=PARALLEL))
    assert story(history, "reason", only="book send reject", without="client") == lines("""
        11ms front send 0.1
        52ms front send 0.1
        64ms front reject 0.1 reason=ledger: leg leg0 refused
    """)


# -- controls --------------------------------------------------------------------------------


def test_a_control_lets_a_sound_order_pass():
    """Goal: control_pass. Method: coverage 1, nothing altered."""
    history = run(firm([take(), control(), execute()], controls={"limits": SOUND}))
    assert story(history, "subject", only="risk execute", without="receive start finish front") == [
        "22ms risk control_pass 0.1 subject=limits",
        "34ms venue execute 0.1",
    ]


def test_a_false_alarm_is_one_draw_an_order_and_control():
    """Goal: control_catch by order, not by attempt. Method: twenty orders against the draws."""
    controls = {"limits": {"name": "Limits", "coverage": 1, "false_alarm": 0.3}}
    wishes = [Wish(f"{n}s") for n in range(20)]
    history = run(firm([take(), control(), execute()], controls=controls), wishes)
    luck = Streams(0, 0).at("control_catch", "app/limits")
    stopped = [f"{n}.1" for n in range(20) if luck.uniform(n) < 0.3]
    rejected = story(history, only="reject", without="client")
    assert [line.split()[-1] for line in rejected] == stopped
    assert 0 < len(stopped) < 20


def test_an_order_that_a_control_stops_is_rejected_and_the_client_told():
    """Goal: reject. Method: a control that stops all; the holder closes the order."""
    controls = {"limits": SOUND | {"false_alarm": 1}}
    history = run(firm([take(), control(), execute()], controls=controls))
    assert story(history, "reason", without="receive start finish send intend submit") == lines("""
        11ms front acknowledge 0.1
        12ms client acknowledge 0.1
        22ms risk control_fail 0.1
        22ms risk reject 0.1 reason=control:limits
        23ms client reject 0.1 reason=control:limits
    """)


@pytest.mark.parametrize(
    ("product", "segment"),
    [
        ({"target_segments": ["wealthy"]}, {}),
        ({"risk_level": 5}, {"risk_level": 4}),
    ],
)
def test_a_suitability_check_stops_an_order_that_is_not_for_its_client(product, segment):
    """Goal: finds unsuitable. Method: another target segment; a risk beyond the segment's."""
    controls = {"limits": SOUND | {"finds": "unsuitable"}}
    made = firm([take(), control(), execute()], controls=controls, product=product, segment=segment)
    history = run(made)
    assert story(history, "subject", "reason", only="control_fail reject execute") == lines("""
        22ms risk control_fail 0.1 subject=limits reason=unsuitable
        22ms risk reject 0.1 reason=control:limits
        23ms client reject 0.1 reason=control:limits
    """)


def test_a_suitability_check_looks_at_nothing_else():
    """Goal: suitable orders pass. Method: a product for everybody, coverage 1."""
    controls = {"limits": SOUND | {"finds": "unsuitable"}}
    history = run(firm([take(), control(), execute()], controls=controls))
    assert story(history, "reason", only="control_pass control_fail") == lines("""
        22ms risk control_pass 0.1
    """)


@pytest.mark.parametrize(
    ("rule", "skipped"),
    [
        ({"waiting": 1, "chance": 1}, [0]),
        ({"waiting": 0, "chance": 1}, [0, 1]),
        ({"waiting": 2, "chance": 1}, []),
        ({"waiting": 0, "chance": 0}, []),
    ],
)
def test_people_leave_a_control_out_under_pressure(rule, skipped):
    """Goal: more than so many waiting for each server. Method: three orders at one desk.

    When the first is done two wait, when the second is done one, and then none.
    """
    controls = {"limits": SOUND | {"bypass": rule}}
    made = firm(
        [take(), control(), execute()], controls=controls, components={"front": {"servers": 3}}
    )
    history = run(made, [Wish(), Wish(), Wish()])
    found = story(history, "reason", only="control_pass control_skip")
    at = ("22ms", "32ms", "42ms")
    assert found == [
        f"{at[n]} risk control_skip {n}.1 reason=pressure"
        if n in skipped
        else f"{at[n]} risk control_pass {n}.1"
        for n in range(3)
    ]


# -- manual fallback -------------------------------------------------------------------------

PAPER = {
    "component": "dealer",
    "service": "5 ms",
    "skips": ["limits"],
    "timeout": "1 s",
}


def test_a_fallback_does_the_step_and_leaves_controls_out_from_then_on():
    """Goal: used while the plan says so; skips. Method: FALLBACK from 0 on.

    The front sends to the dealer (5 ms, done at 17), who holds the order, leaves the control out
    and sends it to the venue: received 18, executed 28.
    """
    route = [take(), step("accept", "oms", fallback=PAPER), control(), execute()]
    history = run(
        firm(route, controls={"limits": SOUND}),
        [Wish()],
        timeline("0ms oms up 0", "0ms oms fallback 1"),
    )
    columns = ("subject", "step", "cause")
    kinds = "send control_skip control_pass execute"
    assert story(history, *columns, only=kinds, without="client") == lines("""
        11ms front send 0.1 step=1
        17ms dealer control_skip 0.1 subject=limits step=2 cause=fault
        17ms dealer send 0.1 step=3
        28ms venue execute 0.1 step=3
        29ms dealer execute 0.1
    """)


def test_a_fallback_has_a_timeout_of_its_own():
    """Goal: the system's timeout does not hold for people. Method: 50 ms of work, limit 20.

    Without a timeout of its own, a fallback takes as long as it takes.
    """
    slow = PAPER | {"service": "50 ms", "timeout": None}
    retry = {"limit": 3, "backoff": "10 ms"}
    accept = step("accept", "oms", timeout="20 ms", retry=retry, fallback=slow)
    history = run(
        firm([take(), accept], controls={"limits": SOUND}),
        [Wish()],
        timeline("0ms oms fallback 1"),
    )
    assert story(history, only="send time_out finish", without="client") == lines("""
        11ms front finish 0.1
        11ms front send 0.1
        62ms dealer finish 0.1
    """)


def test_after_the_fallback_orders_take_the_usual_way_again():
    """Goal: only while the plan says so. Method: FALLBACK until 50, a wish at 100.

    Front 101 to 111, oms 112 to 122, risk 123 to 133, answered 134, venue 135 to 145.
    """
    route = [take(), step("accept", "oms", fallback=PAPER), control(), execute()]
    history = run(
        firm(route, controls={"limits": SOUND}),
        [Wish("100ms")],
        timeline("0ms oms fallback 1", "50ms oms fallback 0"),
    )
    assert story(history, only="control_pass control_skip execute") == lines("""
        133ms risk control_pass 0.1
        145ms venue execute 0.1
        146ms oms execute 0.1
    """)
