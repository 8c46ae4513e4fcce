"""Goal: paper orders walk their journey through the systems. Method: tiny runs.

An order is with the order system (oms) at 12. On paper, a dealer has it from 17 on, and it executes
at 28. Keyed by the only dealer in 2 s, it takes 10 ms of a server at each stage of its walk.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.firms import VOLATILE, execute, firm, step, take
from tests.unit.engine.standby import STANDBY
from tests.unit.engine.story import Wish, lines, run, story, timeline

PAPER = {"component": "dealer", "service": "5 ms", "back_entry": "2 s"}
SKIPPING = PAPER | {"skips": ["limits"]}
LIMITS = step("limits", "risk", role="control", control="limits")
CAREFUL = {"limits": {"name": "Limits", "coverage": 1, "false_alarm": 0, "on_hit": "reject"}}
BY_HAND = ("0ms oms fallback 1", "1s oms fallback 0")
"""Paper from the beginning, the systems back at 1 s: keyed at 3 s."""
WALK = ("component", "subject", "reason", "ref")
FOUND = "control_pass control_fail control_skip action"


def skipping(**parts):
    """A firm whose paper leaves the limits out."""
    route = [take(), step("accept", "oms", fallback=parts.pop("fallback", SKIPPING)), LIMITS]
    return firm([*route, execute()], controls=parts.pop("controls", CAREFUL), **parts)


# -- the walk --------------------------------------------------------------------------------------


def test_paper_is_entered_once_the_component_is_back():
    """Goal: back-entry by the same people. Method: two orders on paper, back at 1 s.

    Each is keyed in 2 s by the one dealer, and done by the order system 10 ms later. An order of
    1.5 s that needs the dealer no more is not held up.
    """
    history = run(
        firm([take(), step("accept", "oms", fallback=PAPER), execute()]),
        [Wish(), Wish("1ms"), Wish("1500ms")],
        timeline("0ms oms up 0", "0ms oms fallback 1", "1s oms up 1", "1s oms fallback 0"),
    )
    columns = ("actor", "component", "subject", "step")
    assert story(history, *columns, only="action") == lines("""
        3.01s dealer action 0.1 actor=dealer component=oms subject=back-entry step=1
        5.01s dealer action 1.1 actor=dealer component=oms subject=back-entry step=1
    """)
    assert story(history, only="execute", without="dealer oms") == lines("""
        28ms venue execute 0.1
        38ms venue execute 1.1
        1.533s venue execute 2.1
    """)


def test_paper_that_was_entered_is_not_entered_again():
    """Goal: once. Method: a second fallback without an order on paper."""
    history = run(
        firm([take(), step("accept", "oms", fallback=PAPER)]),
        [Wish()],
        timeline(
            "0ms oms fallback 1", "1s oms fallback 0", "10s oms fallback 1", "11s oms fallback 0"
        ),
    )
    assert story(history, only="action") == ["3.01s dealer action 0.1"]


def test_paper_that_is_written_when_the_component_is_back_already():
    """Goal: it is keyed at once. Method: the dealer needs 2 s, the fallback ends before."""
    history = run(
        firm([take(), step("accept", "oms", fallback=PAPER | {"service": "2 s"})]),
        faults=timeline(*BY_HAND),
    )
    assert story(history, only="action") == ["4.022s dealer action 0.1"]


@pytest.mark.parametrize(
    ("trouble", "entered"),
    [
        (("0ms oms up 0", "1s oms up 1"), "3.01s"),
        (("0ms oms hang 1", "1s oms hang 0"), "3.01s"),
        (("0ms oms up 0", "1s oms fallback 0", "2s oms up 1"), "4.01s"),
        (("0ms front->oms link_up 0",), "2.077s"),
    ],
)
def test_paper_without_a_plan_is_entered_when_the_component_works(trouble, entered):
    """Goal: nobody has to end a fallback that a holder began. Method: a timeout of 50 ms.

    Written at 67 ms; keyed 2 s after the component works, which a cut link does not hinder.
    """
    accept = step("accept", "oms", timeout="50 ms", on_failure="fallback", fallback=PAPER)
    history = run(firm([take(), accept]), faults=timeline(*trouble))
    assert story(history, only="action") == [f"{entered} dealer action 0.1"]


def test_a_step_of_several_effects_leaves_one_paper():
    """Goal: entered once. Method: two legs, both done on paper."""
    legs = [{"name": name, "service": "10 ms"} for name in ("debit", "credit")]
    accept = step("accept", "oms", fallback=PAPER, legs=legs)
    history = run(firm([take(), accept]), faults=timeline(*BY_HAND))
    assert story(history, only="action") == ["3.01s dealer action 0.1"]


def test_a_control_that_was_left_out_is_made_good_for():
    """Goal: in the order of the journey, at its own component. Method: whole lines.

    The step takes until 3.01 s, the control behind it until 3.02 s; it executes once.
    """
    history = run(skipping(), faults=timeline(*BY_HAND))
    assert story(history, *WALK, only=FOUND) == lines("""
        17ms dealer control_skip 0.1 component=dealer subject=limits
        3.02s risk control_pass 0.1 component=risk subject=limits ref=back-entry
        3.02s dealer action 0.1 component=oms subject=back-entry
    """)
    assert story(history, only="execute", without="dealer") == ["28ms venue execute 0.1"]


@pytest.mark.parametrize(
    ("finds", "reason"), [("altered", ""), ("unsuitable", " reason=unsuitable")]
)
def test_what_a_late_control_finds(finds, reason):
    """Goal: found late, nothing undone. Method: a field mistyped; a product of too much risk.

    The client is not told, and no order is stopped: it executed 3 s ago.
    """
    product = {} if finds == "altered" else {"risk_level": 5}
    history = run(
        skipping(
            fallback=SKIPPING | {"mistype": 1.0 if finds == "altered" else 0.0},
            controls={"limits": CAREFUL["limits"] | {"finds": finds}},
            product=product,
            segment={"risk_level": 4},
        ),
        faults=timeline(*BY_HAND),
    )
    assert story(history, *WALK, only=FOUND) == [
        "17ms dealer control_skip 0.1 component=dealer subject=limits",
        f"3.02s risk control_fail 0.1 component=risk subject=limits{reason} ref=back-entry",
        "3.02s dealer action 0.1 component=oms subject=back-entry",
    ]
    assert len(story(history, only="reject")) == 0
    executed = [row for row in history.rows("execute") if row["vantage"] == "venue"]
    late = list(history.rows("control_fail"))
    terms = ("account", "instrument", "side", "qty")
    assert [late[0][name] for name in terms] == [executed[0][name] for name in terms]


def test_orders_on_their_walk_compete_with_new_ones():
    """Goal: one queue, one capacity. Method: a new order is a little ahead of a paper order.

    It has the order system from 2.994 to 3.004 s, the risk system from 3.005 to 3.015 s.
    """
    history = run(skipping(), [Wish(), Wish("2982ms")], timeline(*BY_HAND))
    assert story(history, "ref", only="control_pass") == lines("""
        3.015s risk control_pass 1.1
        3.025s risk control_pass 0.1 ref=back-entry
    """)


def test_an_order_that_has_been_keyed_leaves_nothing_out_any_more():
    """Goal: a control that it comes to later is passed in time. Method: parked before it until 5 s."""
    route = [take(), step("accept", "oms", fallback=SKIPPING), step("note", "books"), LIMITS]
    history = run(
        firm([*route, execute()], controls=CAREFUL),
        faults=timeline("0ms dealer->books link_latency 5s", *BY_HAND),
    )
    assert story(
        history, "ref", only="control_skip control_pass execute action", without="books risk_"
    ) == lines("""
        3.01s dealer action 0.1
        5.039s risk control_pass 0.1
        5.05s venue execute 0.1
        5.051s risk execute 0.1
    """)


def test_an_order_that_ends_with_what_is_left_out():
    """Goal: nobody holds it any more, and it is made good for. Method: a control as last step."""
    route = [take(), step("accept", "oms", fallback=SKIPPING), LIMITS]
    history = run(firm(route, controls=CAREFUL), faults=timeline(*BY_HAND))
    assert story(history, "ref", only="control_skip control_pass action") == lines("""
        17ms dealer control_skip 0.1
        3.02s risk control_pass 0.1 ref=back-entry
        3.02s dealer action 0.1
    """)


def test_a_control_is_made_good_for_once():
    """Goal: once. Method: two steps on paper leave the same control out."""
    again = step("commit", "oms", fallback=SKIPPING)
    route = [take(), step("accept", "oms", fallback=SKIPPING), again, LIMITS]
    history = run(firm([*route, execute()], controls=CAREFUL), faults=timeline(*BY_HAND))
    assert len(story(history, only="control_skip")) == 1
    assert story(history, "step", only="control_pass action") == lines("""
        3.02s risk control_pass 0.1 step=3
        3.02s dealer action 0.1 step=1
        5.01s dealer action 0.1 step=2
    """)


def test_each_paper_makes_good_for_what_it_has_left_out():
    """Goal: not for what another one has. Method: two steps on paper, each leaves a control out.

    The second paper is keyed at 5 s; what a paper without back-entry leaves out stays so.
    """
    second = step("fitness", "risk", role="control", control="fitness")
    controls = CAREFUL | {"fitness": CAREFUL["limits"]}
    for back, told in (
        ({"back_entry": "2 s"}, ["5.02s risk control_pass 0.1 subject=fitness"]),
        ({}, []),
    ):
        paper = {"component": "dealer", "service": "5 ms", "skips": ["fitness"]} | back
        commit = step("commit", "oms", fallback=paper)
        route = [take(), step("accept", "oms", fallback=SKIPPING), commit, LIMITS, second]
        history = run(firm(route, controls=controls), faults=timeline(*BY_HAND))
        assert story(history, "subject", only="control_pass") == [
            "3.02s risk control_pass 0.1 subject=limits",
            *told,
        ]


# -- trouble on the way ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (("3.005s oms up 0", "4s oms up 1"), "4.02s"),
        (("3.015s risk up 0", "4s risk up 1"), "4.01s"),
        (("2s risk up 0", "4s risk up 1"), "4.01s"),
        (("2s dealer up 0", "4s dealer up 1"), "6.02s"),
        (("3.015s risk hang 1", "4s risk hang 0"), "4.005s"),
        (("2s risk hang 1", "4s risk hang 0"), "4.01s"),
        (("0ms risk servers 0", "4s risk servers 1"), "4.01s"),
        (("0ms risk speed 100",), "3.11s"),
    ],
)
def test_trouble_on_the_walk(trouble, told):
    """Goal: neither lost nor entered twice. Method: a component of the walk is in trouble.

    What was worked on in a crash begins again, whether or not the queue is durable, and so does
    keying; a hang only delays what is left of the work.
    """
    for durable in (False, True):
        queue = {"queue": {"durable": durable}}
        small = skipping(components={name: dict(queue) for name in ("oms", "risk", "dealer")})
        history = run(small, faults=timeline(*sorted((*BY_HAND, *trouble), key=_moment)))
        assert story(history, only="control_pass action") == [
            f"{told} risk control_pass 0.1",
            f"{told} dealer action 0.1",
        ]


def _moment(line):
    """When a line of a timeline happens, ms."""
    word = line.split()[0]
    return float(word[:-2]) if word.endswith("ms") else 1000 * float(word[:-1])


def test_a_crash_forgets_what_stands_on_no_paper():
    """Goal: only paper survives. Method: an order and a paper order wait in a volatile queue."""
    small = skipping(components={"risk": {"queue": {"durable": False}, "store": VOLATILE}})
    trouble = ("2s risk servers 0", "3.1s risk up 0", "3.2s risk up 1", "3.2s risk servers 1")
    history = run(small, [Wish(), Wish("2800ms")], timeline(*BY_HAND, *trouble))
    assert story(history, "ref", only="control_pass action") == lines("""
        3.21s risk control_pass 0.1 ref=back-entry
        3.21s dealer action 0.1
    """)


@pytest.mark.parametrize(
    "switch",
    [
        ("3.005s risk up 0", "4s risk failover 3s", "4s risk up 1"),
        ("3.015s risk hang 1", "4s risk failover 3s", "4s risk hang 0"),
        ("2s risk servers 0", "2.5s risk split 1", "3.9s risk split 0", "4s risk servers 1"),
        ("2s risk split 1", "2.5s risk servers 0", "3.9s risk failover 3s", "4s risk servers 1"),
        ("2s risk failover 2s", "2.5s risk servers 0", "3.9s risk failback 1", "4s risk servers 1"),
    ],
)
def test_whoever_takes_over_goes_on_with_the_walk(switch):
    """Goal: no switch loses paper. Method: the standby, or the first again, takes over meanwhile."""
    small = skipping(components={"risk": STANDBY | {"queue": {"durable": False}}})
    history = run(small, faults=timeline(*BY_HAND, *switch))
    assert story(history, "ref", only="control_pass action") == lines("""
        4.01s risk control_pass 0.1 ref=back-entry
        4.01s dealer action 0.1
    """)


def test_paper_at_the_loser_of_a_split_goes_on_at_the_winner_at_once():
    """Goal: it waits for nobody. Method: the standby's only server works for 10 s when both part.

    That order is lost with the loser, and sent again, behind the paper order.
    """
    small = skipping(components={"risk": STANDBY | {"queue": {"durable": False}}})
    faults = ("2s risk failover 2s", "2.9s risk speed 1", "3s risk speed 1000")
    parted = ("3.5s risk split 1", "4s risk split 0")
    history = run(small, [Wish(), Wish("2900ms")], timeline(*BY_HAND, *faults, *parted))
    assert story(history, "ref", only="control_pass action") == lines("""
        4.01s risk control_pass 0.1 ref=back-entry
        4.01s dealer action 0.1
    """)
