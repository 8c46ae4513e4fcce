"""Goal: the timeline is applied change by change and its log copied. Method: tiny runs."""

from __future__ import annotations

from bcsim.engine.timeline import LogEntry
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

MS = 1_000_000


def test_the_log_is_copied_column_by_column_before_the_changes_of_its_instant():
    """Goal: who did what, in the same history. Method: two entries, one with every field."""
    full = LogEntry(
        11 * MS, "plan", "action", "front", "chair", "restart", "step-1", "done", "fire"
    )
    faults = timeline(
        "11ms app intake 0", log=[LogEntry(0, "infrastructure", "fault_on", ref="fire"), full]
    )
    history = run(firm([take()]), [Wish("11ms")], faults)
    named = ("component", "actor", "subject", "ref", "reason", "cause", "intent_id")
    rows = [r for r in history.rows() if r["vantage"] in ("plan", "infrastructure")]
    assert [(r["time_ns"], r["kind"], *(r[n] for n in named)) for r in rows] == [
        (0, "fault_on", None, None, None, "fire", None, None, None),
        (11 * MS, "action", "front", "chair", "restart", "step-1", "done", "fire", None),
    ]
    assert story(history, only="action reject intend") == lines("""
        11ms plan action
        11ms client intend 0
        11ms channel reject 0.1
        11ms client reject 0.1
    """)


def test_intake_is_stopped_channel_by_channel_and_opened_again():
    """Goal: INTAKE. Method: closed from 5 to 50; orders already taken go on."""
    history = run(
        firm([take(), execute()], channels={"web": {"name": "Web", "link": "default"}}),
        [Wish(), Wish("10ms"), Wish("60ms")],
        timeline("5ms app intake 0", "5ms web intake 0", "50ms app intake 1"),
    )
    assert story(
        history, "component", "reason", only="reject execute", without="client front"
    ) == lines("""
        10ms channel reject 1.1 component=app reason=intake stopped
        22ms venue execute 0.1 component=venue
        82ms venue execute 2.1 component=venue
    """)


def test_changes_from_before_the_run_hold_from_its_start():
    """Goal: nothing is forgotten. Method: a change long before the first order."""
    history = run(
        firm([take(on_failure="reject", timeout="5 ms")]), [Wish("1h")], timeline("0ms front up 0")
    )
    assert story(history, only="reject") == ["1h0.005s client reject 0.1"]


def test_a_component_that_is_told_twice_is_as_if_told_once():
    """Goal: changes are states. Method: crash, hang and their ends, each twice."""
    once = ("5ms front up 0", "8ms front up 1", "12ms front hang 1", "15ms front hang 0")
    twice = [line for line in once for _ in range(2)]
    wishes = [Wish(), Wish("8ms"), Wish("12ms")]
    small = firm([take(), execute()], components={"front": {"queue": {"durable": True}}})
    plain, doubled = (run(small, wishes, timeline(*faults)) for faults in (once, twice))
    assert story(plain) == story(doubled)
    assert story(plain, only="execute", without="front") != []


def test_blame_names_the_component_then_what_lasts_then_what_was_last():
    """Goal: the cause of a rejection. Method: faults with names of their own."""
    do = execute(timeout="30 ms", on_failure="reject")

    def causes(*changes):
        faults = timeline(*(line for line, _ in changes))
        named = tuple(
            type(c)(c.time_ns, c.subject, c.attribute, c.value, name, c.detail)
            for c, (_, name) in zip(faults.changes, changes, strict=True)
        )
        history = run(firm([take(), do], components={"other": {}}), faults=type(faults)(named, ()))
        return [r["cause"] for r in history.rows("reject")]

    own = ("5ms venue up 0", "own")
    assert causes(("1ms other up 0", "lasting"), own, ("6ms other hang 0", "x")) == ["own"] * 2
    cut = ("5ms front->venue link_loss 1000000", "loss")
    assert causes(("1ms other up 0", "lasting"), cut) == ["lasting"] * 2
    over = (("1ms other up 0", "past"), ("2ms other up 1", "past"))
    assert causes(*over, cut) == ["past"] * 2
    assert causes(cut) == [None] * 2


def test_a_team_back_to_strength_is_to_blame_for_nothing():
    """Goal: SERVERS at the normal number is health. Method: short of people before the fault."""
    do = execute(timeout="30 ms", on_failure="reject")
    small = firm([take(), do, step("more", "team")], components={"team": {"servers": 4}})
    faults = timeline(
        "1ms team servers 2", "2ms team servers 4", "5ms front->venue link_loss 1000000"
    )
    named = [
        type(c)(c.time_ns, c.subject, c.attribute, c.value, f"cause {n}", c.detail)
        for n, c in enumerate(faults.changes)
    ]
    history = run(small, faults=type(faults)(tuple(named), ()))
    assert [r["cause"] for r in history.rows("reject")] == ["cause 0"] * 2, "the last that was"
