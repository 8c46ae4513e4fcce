"""Goal: links take time, lose messages and are cut, one way at a time. Method: tiny runs.

The front sends to the venue at 11 ms: submit 0, one millisecond on the way, ten of service.
"""

from __future__ import annotations

from bcsim.engine.reference.link import Direction
from bcsim.streams import Streams, address
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

ROUTE = [take(), execute()]
MOVES = "send receive execute route"


def test_a_pair_has_a_link_of_its_own_and_each_way_another():
    """Goal: profile by direction. Method: 5 ms there, the default back.

    Sent at 11, received at 16, executed at 26, reported at 27.
    """
    history = run(firm(ROUTE, links={"front -> venue": {"latency": "5 ms"}}))
    assert story(history, only="execute receive") == lines("""
        1ms front receive 0.1
        16ms venue receive 0.1
        26ms venue execute 0.1
        27ms front execute 0.1
    """)


def test_a_channel_is_reached_over_its_own_profile():
    """Goal: clients have a link profile. Method: 40 ms each way."""
    history = run(firm(ROUTE, links={"net": {"latency": "40 ms"}}, channel={"link": "net"}))
    assert story(history, only="acknowledge receive") == lines("""
        40ms front receive 0.1
        50ms front acknowledge 0.1
        51ms venue receive 0.1
        90ms client acknowledge 0.1
    """)


def test_a_component_reaches_itself_at_once_whatever_happens_to_links():
    """Goal: no link inside. Method: a second step at the front while the default is cut.

    The client's request is under way before the cut at 5.
    """
    history = run(
        firm([take(), step("more", "front")]), [Wish()], timeline("5ms default link_up 0")
    )
    assert story(history, only="receive finish") == lines("""
        1ms front receive 0.1
        11ms front finish 0.1
        11ms front receive 0.1
        21ms front finish 0.1
    """)


def test_what_is_sent_over_a_cut_link_is_lost_the_other_way_still_works():
    """Goal: cut one way. Method: cut requests; the client's acknowledgement is not touched."""
    history = run(firm(ROUTE), [Wish()], timeline("5ms front->venue link_up 0"))
    assert story(history, only="client send receive", without="intend submit") == lines("""
        0s client send 0.1
        1ms front receive 0.1
        11ms front send 0.1
        12ms client acknowledge 0.1
    """)


def test_what_was_under_way_when_the_link_was_cut_arrives():
    """Goal: a cut loses what is sent from then on. Method: cut between sending and arrival."""
    history = run(
        firm(ROUTE, links={"front -> venue": {"latency": "5 ms"}}),
        [Wish()],
        timeline("12ms front->venue link_up 0"),
    )
    assert story(history, only="execute") == lines("""
        26ms venue execute 0.1
        27ms front execute 0.1
    """)


def test_a_cut_answer_leaves_the_work_done():
    """Goal: the ways are apart. Method: cut answers: done once, asked twice, answered late.

    Sent 11, done 22, answer and report lost; timeout 100 ms later. The link is back as the
    repeat arrives, which is answered from memory, and the report is sent again.
    """
    patient = execute(timeout="100 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([take(), patient]),
        [Wish()],
        timeline("20ms venue->front link_up 0", "122ms venue->front link_up 1"),
    )
    assert story(history, "attempt", only=MOVES + " time_out", without="client") == lines("""
        1ms front receive 0.1 attempt=0
        11ms front route 0.1 attempt=0
        11ms front send 0.1 attempt=0
        12ms venue receive 0.1 attempt=0
        22ms venue execute 0.1 attempt=0
        111ms front time_out 0.1 attempt=0
        121ms front route 0.1 attempt=1
        121ms front send 0.1 attempt=1
        122ms venue receive 0.1 attempt=1
        123ms front execute 0.1
    """)


def test_a_profile_that_is_cut_cuts_all_that_use_it():
    """Goal: shared fate. Method: cut the clients' line before the acknowledgement is sent."""
    history = run(
        firm(ROUTE, links={"net": {"latency": "1 ms"}}, channel={"link": "net"}),
        [Wish(), Wish("7ms")],
        timeline("5ms net link_up 0", "50ms net link_up 1"),
    )
    assert story(history, only="receive client", without="intend submit send") == lines("""
        1ms front receive 0.1
        12ms venue receive 0.1
        51ms client acknowledge 0.1
    """)


def test_latency_is_added_while_the_timeline_says_so():
    """Goal: LINK_LATENCY, once where a pair has its own profile. Method: 30 ms until 50 ms."""
    history = run(
        firm(ROUTE, links={"front -> venue": {"latency": "1 ms"}}),
        [Wish(), Wish("60ms")],
        timeline(
            "5ms front->venue link_latency 30ms",
            "50ms front->venue link_latency 0s",
        ),
    )
    assert story(history, only="receive", without="front") == lines("""
        42ms venue receive 0.1
        72ms venue receive 1.1
    """)


def test_loss_is_one_draw_for_each_message():
    """Goal: link_loss at (step, leg, attempt, direction). Method: the draws themselves.

    Forty orders over a link that loses half; the expected are those whose draw is at least 0.5.
    """
    wishes = [Wish(f"{n}s") for n in range(40)]
    history = run(firm(ROUTE, links={"front -> venue": {"latency": "1 ms", "loss": 0.5}}), wishes)
    luck = Streams(0, 0).at("link_loss", "app")
    draw = address(1, 0, 0, Direction.REQUEST * 64)
    expected = [f"{n}.1" for n in range(40) if luck.uniform(n, draw) >= 0.5]
    arrived = [line.split()[-1] for line in story(history, only="receive", without="front")]
    assert arrived == expected
    assert 0 < len(arrived) < 40


def test_loss_is_added_by_the_timeline_and_reports_are_not_lost():
    """Goal: LINK_LOSS; a session is reliable. Method: all is lost by chance from 15 ms on.

    The venue's answer at 22 is lost; the report gets through, and with it all is known.
    """
    patient = execute(timeout="100 ms", retry={"limit": 1, "backoff": "10 ms"})
    history = run(
        firm([take(), patient]), [Wish()], timeline("15ms venue->front link_loss 1000000")
    )
    assert story(history, only="execute send", without="client") == lines("""
        11ms front send 0.1
        22ms venue execute 0.1
        23ms front execute 0.1
    """)
