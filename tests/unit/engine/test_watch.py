"""Goal: signals go off at the right event, once, and the earliest wins. Method: by hand."""

from __future__ import annotations

from bcsim.engine.continuity.signal import SignalTime
from bcsim.engine.watch import make_watches
from tests.unit.engine.firms import firm, scenario, take


def watches(signals=None, disruptions=(), settled=()):
    """Watches of a plan and of a scenario's triggers."""
    small = firm([take()], plan={"name": "Plan", "signals": signals or {}})
    return make_watches(small, scenario(disruptions=list(disruptions)), tuple(settled))


REJECTS = {"kind": "count", "event": "reject", "above": 3}
QUEUE = {"kind": "backlog", "component": "front", "above": 5}
HALT = {
    "id": "halt",
    "kind": "halt",
    "target": "front",
    "on": {"event": "execute", "component": "front", "count": 2},
}


def test_a_count_goes_off_at_the_nth_event():
    """Goal: effective one nanosecond later. Method: the third rejection is at 30."""
    found = watches({"many": REJECTS})
    for now in (10, 20):
        found.see("reject", "front", now)
    assert found.crossing is None
    found.see("reject", None, 30)
    assert found.crossing == SignalTime(31, "many")


def test_other_events_do_not_count():
    """Goal: kind and component. Method: a trigger on executions at the front."""
    found = watches(disruptions=[HALT])
    for kind, component in (("execute", "front"), ("execute", "venue"), ("reject", "front")):
        found.see(kind, component, 1)
    assert found.crossing is None
    found.see("execute", "front", 2)
    assert found.crossing == SignalTime(3, "trigger:halt")


def test_a_backlog_goes_off_above_its_bound():
    """Goal: waiting requests exceed. Method: five are not too many, six are."""
    found = watches({"queue": QUEUE})
    found.see_backlog("front", 5, 1)
    found.see_backlog("other", 99, 2)
    assert found.crossing is None
    found.see_backlog("front", 6, 3)
    assert found.crossing == SignalTime(4, "queue")


def test_the_first_crossing_stands():
    """Goal: the earliest. Method: two signals, the later one with the larger name first."""
    found = watches({"queue": QUEUE, "many": REJECTS | {"above": 1}})
    found.see("reject", None, 5)
    found.see_backlog("front", 9, 6)
    assert found.crossing == SignalTime(6, "many")


def test_a_settled_signal_is_no_longer_watched():
    """Goal: given at most once. Method: settle one of two."""
    found = watches({"queue": QUEUE, "many": REJECTS}, [HALT], settled=[SignalTime(7, "many")])
    assert set(found.names()) == {"queue", "trigger:halt"}
    for now in range(9):
        found.see("reject", None, now)
    assert found.crossing is None


def test_a_firm_without_a_plan_watches_for_triggers_only():
    """Goal: no plan, no signals. Method: names of all watches."""
    made = make_watches(firm([take()]), scenario(disruptions=[HALT]), ())
    assert made.names() == ("trigger:halt",)
