"""Goal: a simulation joins its layers, and settles signals by passes. Method: small days.

Sixty orders are expected between 10:00 and 11:00; the front answers in 12 ms. From 10:20 on it
is down, and each client's device gives up after 100 ms.
"""

from __future__ import annotations

import pytest

import bcsim.engine.simulate as module
from bcsim.checkers.judge import check
from bcsim.engine.simulate import simulate
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute
from bcsim.history.schema import Trace
from bcsim.history.verdict import Outcome
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_H, NS_PER_MIN
from tests.unit.engine.firms import execute, firm, scenario, take

ROUTE = [take(timeout="100 ms", on_failure="reject"), execute()]
CRASH = {"id": "fire", "kind": "crash", "targets": ["front"], "at": "10:20"}


def planned(signals=None, actions=None, route=ROUTE, **more):
    """A firm with a plan of signals and actions that take no time."""
    plan = {"name": "Plan", "signals": signals or {}, "actions": actions or {}}
    return firm(route, plan=plan, demand={"orders_per_day": 60}, **more)


def action(kind, **more):
    """An action's data."""
    return {"name": kind, "kind": kind, "duration": "0 s"} | more


def simulated(of, *disruptions, seed=3, opened=None, **more):
    """A simulation and its history; ``opened`` collects the recorders of all passes."""
    plot = scenario(disruptions=list(disruptions), **more.pop("scenario", {}))

    def open_recorder(profile):
        recorder = MemoryRecorder(profile, Trace(profile.trace))
        if opened is not None:
            opened.append(recorder)
        return recorder

    found = simulate(of, plot, open_recorder, seed=seed, **more)
    assert isinstance(found.recorder, MemoryRecorder)
    return found, found.recorder.history()


def times(history, kind, vantage):
    """When events of a kind took place at a vantage point."""
    return [row["time_ns"] for row in history.rows(kind) if row["vantage"] == vantage]


def before(history, time_ns):
    """All rows up to a time, whole."""
    return [row for row in history.rows() if row["time_ns"] <= time_ns]


MANY = {"many": {"kind": "count", "event": "reject", "above": 3}}
STOP = {"stop": action("stop-intake", target=["app"], when=[{"signal": "many"}])}


def test_a_calm_day_takes_one_pass():
    """Goal: model and scenario in, history out. Method: every order acknowledged and executed."""
    opened = []  # type: ignore[var-annotated]
    found, history = simulated(planned(MANY, STOP), opened=opened)
    intents = len(found.blueprint.intents)
    assert (found.passes, found.is_settled, len(opened)) == (1, True, 1)
    assert found.timeline.changes == ()
    assert len(times(history, "execute", "venue")) == intents > 40


def test_a_signal_takes_effect_one_nanosecond_after_it_arose():
    """Goal: t + 1 ns, and the prefix before it is final. Method: the third rejection stops intake."""
    found, history = simulated(planned(MANY, STOP), CRASH)
    third = times(history, "reject", "client")[2]
    stops = [c for c in found.timeline.changes if c.attribute is Attribute.INTAKE]
    assert [(c.time_ns, c.subject, c.value) for c in stops] == [(third + 1, "app", 0)]
    assert found.passes == 2
    _, without = simulated(planned(), CRASH)
    assert before(history, third) == before(without, third)
    wished = [t for t in times(history, "intend", "client") if t > third]
    assert times(history, "reject", "channel") == wished
    assert len(wished) > 10


def test_signals_are_settled_one_by_one_the_earliest_first():
    """Goal: each pass adds the earliest that is not yet settled. Method: stop at 3, open at 6.

    The third rejection is the devices'; the next three are the channel's. Then intake is open
    again, and devices report errors once more.
    """
    signals = MANY | {"more": {"kind": "count", "event": "reject", "component": "app", "above": 3}}
    actions = STOP | {"open": action("resume-intake", target=["app"], when=[{"signal": "more"}])}
    opened = []  # type: ignore[var-annotated]
    found, history = simulated(planned(signals, actions), CRASH, opened=opened)
    third = times(history, "reject", "channel")[2]
    changes = [(c.time_ns, c.value) for c in found.timeline.changes if c.subject == "app"]
    assert changes == [(times(history, "reject", "client")[2] + 1, 0), (third + 1, 1)]
    assert (found.passes, len(opened)) == (3, 3)
    assert [len(recorder.history()) for recorder in opened] == [0, 0, len(history)]
    assert len(times(history, "reject", "channel")) == 3


def test_a_disruption_can_begin_on_an_event():
    """Goal: a trigger on the n-th event. Method: trading halts after the second execution."""
    halt = {
        "id": "halt",
        "kind": "halt",
        "target": "venue",
        "on": {"event": "execute", "component": "venue", "count": 2},
        "lasts": "5 min",
    }
    found, history = simulated(planned(), halt)
    executed = times(history, "execute", "venue")
    begin, end = [c.time_ns for c in found.timeline.changes if c.attribute is Attribute.HALT]
    assert (begin, end) == (executed[1] + 1, executed[1] + 1 + 5 * NS_PER_MIN)
    assert executed[2] == end
    assert found.passes == 2


def test_a_backlog_is_a_signal_too():
    """Goal: waiting requests exceed. Method: a venue that is slow; three may wait, not four."""
    signals = {"queue": {"kind": "backlog", "component": "venue", "above": 3}}
    actions = {"stop": action("stop-intake", target=["app"], when=[{"signal": "queue"}])}
    slow = {"id": "slow", "kind": "slow", "targets": ["venue"], "speed": 1, "at": "10:10"}
    route = [take(), execute(service="2 s")]
    found, history = simulated(planned(signals, actions, route), slow)
    (stop,) = found.timeline.changes[1:2]
    assert (stop.attribute, found.passes) == (Attribute.INTAKE, 2)
    routed = [t + 1_000_000 for t in times(history, "route", "front")]
    done = times(history, "execute", "venue")
    waiting = sum(t < stop.time_ns for t in routed) - sum(t < stop.time_ns for t in done) - 1
    assert waiting == 4, "one is in service"


def test_past_the_pass_limit_a_run_is_unsettled_and_its_verdict_unknown(monkeypatch):
    """Goal: past the pass limit the run is unknown. Method: a limit of two, three signals."""
    monkeypatch.setattr(module, "PASSES_MAX", 2)
    signals = {f"n{n}": {"kind": "count", "event": "reject", "above": n} for n in (2, 4, 6)}
    found, history = simulated(planned(signals), CRASH)
    assert (found.passes, found.is_settled, history.profile.settled) == (2, False, False)
    assert times(history, "reject", "client")[-1] > 30 * NS_PER_MIN, "the last pass runs to its end"
    judgement = check(history)
    assert "the run did not settle" in judgement.unknown_reasons
    assert judgement.outcome in (Outcome.UNKNOWN, Outcome.FAIL)


PARKS = [take(timeout="100 ms"), execute()]


@pytest.mark.parametrize(("kind", "done"), [("heal", True), ("freeze", False)])
def test_a_drain_heals_or_freezes(kind, done):
    """Goal: disruptions end with the arrivals, or stay. Method: orders parked since 10:20."""
    of = planned(route=PARKS, segment={"patience": "1 min"})
    found, history = simulated(of, CRASH, scenario={"drain": {"kind": kind, "limit": "2 h"}})
    ends = [c.time_ns for c in found.timeline.changes if c.value == 1]
    late = [t for t in times(history, "execute", "venue") if t > 20 * NS_PER_MIN]
    assert ends == ([NS_PER_H] if done else [])
    assert (len(late) > 10, all(t > NS_PER_H for t in late)) == (done, True)
    assert history.profile.drain == kind


def test_seed_and_replication_are_the_roots_of_luck():
    """Goal: the same pair, the same bytes. Method: roots of four runs."""
    roots = [
        simulated(planned(), CRASH, seed=seed, replication=replication)[1].root
        for seed, replication in ((1, 0), (1, 0), (1, 1), (2, 0))
    ]
    assert roots[0] == roots[1]
    assert len(set(roots)) == 3


def test_progress_is_reported_with_the_blueprint():
    """Goal: a caller can show how far a run is. Method: enough orders for some events."""
    seen = []
    found, _ = simulated(
        planned(), sizing=Sizing(orders=600), on_progress=lambda now, made: seen.append((now, made))
    )
    assert seen
    assert {id(made) for _, made in seen} == {id(found.blueprint)}
    assert all(0 < now <= 10 * NS_PER_H for now, _ in seen)
