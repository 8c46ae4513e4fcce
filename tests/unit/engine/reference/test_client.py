"""Goal: clients wait, act and are told as stated. Method: habits that are certain, tiny runs.

A client's request reaches the front 1 ms after it is sent; the front takes 10 ms.
"""

from __future__ import annotations

import json

import pytest

from bcsim.model.firm import Firm
from bcsim.streams import Streams, address
from tests.unit.engine.firms import DEMAND, data, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline


def habits(patience="20 ms", attempts=2, **chances):
    """A segment that loses patience after 20 ms and then always does the same."""
    return {"patience": patience, "attempts": attempts, "on_timeout": chances}


def test_an_acknowledgement_in_time_ends_the_wait():
    """Goal: patience runs from submit to acknowledgement. Method: told at 12, patience 20."""
    history = run(firm([take()], segment=habits(resubmit=1.0)))
    assert story(history, only="client") == lines("""
        0s client intend 0
        0s client submit 0.1
        0s client send 0.1
        12ms client acknowledge 0.1
    """)


def test_a_rejection_ends_the_wait_too():
    """Goal: acknowledgement or rejection. Method: intake is stopped."""
    history = run(firm([take()], segment=habits(resubmit=1.0)), faults=timeline("0ms app intake 0"))
    assert story(history, "reason", "cause", without="intend submit") == lines("""
        0s channel reject 0.1 reason=intake stopped cause=fault
        0s client reject 0.1 reason=intake stopped cause=fault
    """)


def test_an_app_resubmits_with_the_same_key_at_once():
    """Goal: resubmit; a stated number of times. Method: a front that needs 100 ms.

    Sent at 0, again at 20 and 40; each joins the work under way.
    """
    history = run(firm([take(service="100 ms")], segment=habits(resubmit=1.0)))
    assert story(history, "attempt", "idem_key", only="client", without="intend submit") == lines("""
        0s client send 0.1 attempt=0 idem_key=app-000000.1
        20ms client resend 0.1 attempt=1 idem_key=app-000000.1
        20ms client send 0.1 attempt=1 idem_key=app-000000.1
        40ms client resend 0.1 attempt=2 idem_key=app-000000.1
        40ms client send 0.1 attempt=2 idem_key=app-000000.1
        102ms client acknowledge 0.1 idem_key=app-000000.1
    """)


@pytest.mark.parametrize(("dedup", "taken"), [({"horizon": "1 d"}, 1), (None, 2)])
def test_a_resubmission_after_the_first_answer_is_a_request_too(dedup, taken):
    """Goal: it is the dedup memory that saves the firm. Method: taken at 11, acknowledged late.

    The second step acknowledges, 100 ms later; the client presses again at 50.
    """
    route = [step("take", "front"), take("oms", service="100 ms")]
    small = firm(
        route, segment=habits("50 ms", 1, resubmit=1.0), components={"front": {"dedup": dedup}}
    )
    history = run(small)
    assert story(history, only="send", without="front") == [
        "0s client send 0.1",
        "50ms client send 0.1",
    ]
    assert len(story(history, only="finish", without="oms")) == taken


def two_channels(app_service, phone_service, segment):
    """The app's journey through the front, and the telephone's through the desk; each is short."""
    model = data([take(service=app_service)], segment=segment | {"second_channel": "phone"})
    model["channels"]["phone"] = {"name": "Phone", "link": "default"}
    model["components"]["desk"] = model["components"]["front"] | {"name": "Desk"}
    model["journeys"]["short"] = {"name": "Short", "steps": [take("desk", service=phone_service)]}
    model["demand"]["own"] = DEMAND | {"channel": "phone", "journey": "short"}
    return Firm.model_validate_json(json.dumps(model))


def test_a_person_enters_anew_on_another_channel():
    """Goal: switch: a new order with a new key, of the same intent. Method: app, then phone.

    Both orders are acknowledged; patience for the second one is not exceeded.
    """
    history = run(two_channels("100 ms", "2 ms", habits(switch=1.0)))
    assert story(
        history, "channel", "parent_id", only="client desk", without="start finish receive"
    ) == lines("""
        0s client intend 0 channel=app
        0s client submit 0.1 channel=app
        0s client send 0.1 channel=app
        20ms client submit 0.2 channel=phone parent_id=app-000000.1
        20ms client send 0.2 channel=phone
        23ms desk acknowledge 0.2 channel=phone
        24ms client acknowledge 0.2 channel=phone
        102ms client acknowledge 0.1 channel=app
    """)


def test_who_switches_again_goes_back_to_the_first_channel():
    """Goal: to the other channel, never to the one he is on. Method: nobody answers in time."""
    history = run(two_channels("1 s", "1 s", habits(attempts=3, switch=1.0)))
    assert story(history, "channel", "parent_id", only="submit") == lines("""
        0s client submit 0.1 channel=app
        20ms client submit 0.2 channel=phone parent_id=app-000000.1
        40ms client submit 0.3 channel=app parent_id=app-000000.1
        60ms client submit 0.4 channel=phone parent_id=app-000000.1
    """)


def test_whose_second_channel_is_the_first_enters_anew_on_it():
    """Goal: with one channel only, a new order there. Method: wishes that begin by telephone."""
    firm_of_two = two_channels("1 s", "1 s", habits(attempts=2, switch=1.0))
    history = run(firm_of_two, [Wish(source=1)])
    assert story(history, "channel", only="submit") == lines("""
        0s client submit own-0.1 channel=phone
        20ms client submit own-0.2 channel=phone
        40ms client submit own-0.3 channel=phone
    """)


def test_who_gives_up_does_nothing_more():
    """Goal: give up is an end. Method: no other habit; a third of a chance each would differ."""
    history = run(firm([take(service="100 ms")], segment=habits()))
    assert story(history, only="client", without="intend submit") == lines("""
        0s client send 0.1
        102ms client acknowledge 0.1
    """)


def test_what_a_client_does_is_one_draw_a_turn():
    """Goal: on_timeout at (order, turn); giving up ends it. Method: forty clients, the draws."""
    segment = habits(attempts=3, resubmit=0.4, enquire=0.2)
    wishes = [Wish(f"{n}s") for n in range(40)]
    small = firm([take(service="500 ms")], segment=segment)
    history = run(small, wishes)
    luck = Streams(0, 0).at("on_timeout", "app")
    expected = []
    for n in range(40):
        for turn in range(3):
            action = luck.choose([0.4, 0.0, 0.2, 1 - 0.4 - 0.2], n, address(attempt=turn))
            if action == 3:
                break
            expected.append((f"{n}s" if n else "0s", turn, ("resend", "", "enquire")[action]))
    seconds = 1_000_000_000
    found = [
        (f"{row['time_ns'] // seconds}s", row["time_ns"] % seconds // 20_000_000 - 1, row["kind"])  # type: ignore[operator]
        for row in history.rows()
        if row["vantage"] == "client" and row["kind"] in ("resend", "enquire")
    ]
    assert found == expected
    assert {kind for *_, kind in expected} == {"resend", "enquire"}


def test_patience_is_drawn_for_each_turn():
    """Goal: patience at (order, turn). Method: a random patience against the draws."""
    small = firm([take(service="1 h")], segment=habits("exponential 1 s", attempts=3, resubmit=1.0))
    history = run(small, seed=2)
    luck = Streams(2, 0).at("patience", "app")
    patience = small.segments["retail"].patience
    waits = [luck.sample_ns(patience, 0, address(attempt=turn)) for turn in range(3)]
    expected = [sum(waits[: turn + 1]) for turn in range(3)]
    assert [row["time_ns"] for row in history.rows("resend")] == expected


def test_being_told_takes_the_channels_link():
    """Goal: told means an event at the client. Method: the way to the client is cut until 500.

    The acknowledgement of 11 waits for the line; then the client is told.
    """
    history = run(
        firm([take(), execute()], links={"net": {"latency": "7 ms"}}, channel={"link": "net"}),
        faults=timeline("10ms net link_up 0", "500ms net link_up 1"),
    )
    assert story(history, only="acknowledge") == lines("""
        17ms front acknowledge 0.1
        507ms client acknowledge 0.1
    """)


def test_a_message_that_arrives_at_the_very_start_is_told_once():
    """Goal: time 0 is a time, not "never". Method: no latency, no service; a link heals later."""
    history = run(
        firm([take(service="0 s")], links={"default": {"latency": "0 s"}}),
        faults=timeline("1s front->venue link_up 1"),
    )
    assert story(history, only="acknowledge") == lines("""
        0s front acknowledge 0.1
        0s client acknowledge 0.1
    """)


def test_a_message_to_a_client_can_be_lost():
    """Goal: not told. Method: a line that loses everything on the way to the client."""
    history = run(firm([take()]), faults=timeline("5ms front->app link_loss 1000000"))
    assert story(history, only="acknowledge") == ["11ms front acknowledge 0.1"]
