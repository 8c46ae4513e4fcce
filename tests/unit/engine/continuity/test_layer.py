"""Goal: a timeline is a function of its inputs, and a decision at t changes nothing before t.

Method: random small firms and scenarios; each run is repeated, cut, extended by one more
disruption or signal, and made in processes with other hash seeds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.engine.continuity.signal import SignalTime
from bcsim.engine.timeline import Attribute
from bcsim.model.plan import ActionKind
from bcsim.units import NS_PER_H, NS_PER_MIN
from tests.repository import ROOT
from tests.unit.engine.continuity.firms import action, component, crash, firm, run
from tests.unit.engine.continuity.test_call_tree import person

NAMES = ("oms", "risk", "db", "wan", "desk")
HORIZON = "12 h"
HORIZON_NS = 12 * NS_PER_H
times = st.sampled_from(("0 s", "30 s", "5 min", "exponential 10 min", "uniform 1 min..1 h"))


@st.composite
def needs(draw):
    on = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    kind = draw(st.sampled_from(("hard", "any-of", "degrading")))
    return {"kind": kind, "on": on, "grace": draw(st.sampled_from(("0 s", "5 min")))}


@st.composite
def systems(draw):
    """A component that may fail, depend, be watched, and have a standby."""
    more = {
        "site": draw(st.sampled_from((None, "dc1", "dc2"))),
        "dependencies": draw(st.lists(needs(), max_size=2)),
        "store": draw(st.sampled_from((None, {"kind": "replicated", "lag": "5 s"}))),
        "repair": draw(st.none() | times),
    }
    if draw(st.booleans()):
        more["failure"] = {"mttf": "exponential 2 h", "mttr": "exponential 10 min"}
    if draw(st.integers(0, 3)):
        more["monitor"] = {"delay": draw(times), "miss": 0.2, "fallback_delay": "20 min"}
    if draw(st.booleans()):
        more["standby"] = {
            "kind": draw(st.sampled_from(("hot", "warm", "cold"))),
            "site": "dc2",
            "decision": draw(st.sampled_from(("automatic", "plan"))),
            "switch": draw(times),
            "success": 0.8,
            "failback_success": 0.8,
        }
    return component(**more)


TARGETS = {
    ActionKind.RELOCATE_STAFF: "desk",
    ActionKind.STOP_INTAKE: "app",
    ActionKind.RESUME_INTAKE: "app",
    ActionKind.NOTIFY_CLIENTS: "app",
}
conditions = st.one_of(
    *(
        st.builds(lambda name, field=field: {field: name}, st.sampled_from(NAMES))
        for field in ("detected", "recovered", "up")
    ),
    st.builds(lambda declared: {"declared": declared}, st.booleans()),
    st.builds(lambda name: {"signal": name}, st.sampled_from(("calls", "rejects"))),
    *(
        st.builds(lambda n, field=field: {field: f"act-{n}"}, st.integers(0, 3))
        for field in ("done", "failed")
    ),
)


@st.composite
def actions(draw):
    kind = draw(st.sampled_from(ActionKind))
    target = TARGETS.get(kind) or draw(st.sampled_from(NAMES[:3]))
    return action(
        kind.value,
        target=[target],
        when=draw(st.lists(conditions, min_size=1, max_size=2)),
        requires=draw(st.lists(conditions, max_size=1)),
        duration=draw(times),
        success=0.8,
        attempts=draw(st.integers(1, 2)),
        authority=draw(st.sampled_from((None, "board"))),
        team=draw(st.sampled_from((None, "desk"))),
        drop_lag=draw(st.sampled_from(("accept", "wait"))),
    )


@st.composite
def firms(draw):
    """A firm of four systems and a desk, with people and a plan of four actions."""
    parts = {name: draw(systems()) for name in NAMES[:4]}
    parts["desk"] = component("team", servers=4, monitor={"delay": "60 s"})
    team = {
        "component": "desk",
        "site": "office",
        "headcount": 4,
        "alternate_site": "dc2",
        "relocation": "exponential 1 h",
        "remote_share": 0.25,
    }
    board = {"decides": ["ann", "bob"], "decision": draw(times), "escalate_after": "5 min"}
    plan = {
        "name": "Plan",
        "declaration": "board",
        "declare_on": ["oms", "desk"],
        "actions": {f"act-{n}": draw(actions()) for n in range(4)},
        "signals": {
            n: {"kind": "backlog", "component": "oms", "above": 9} for n in ("calls", "rejects")
        },
    }
    return firm(
        parts,
        teams={"desk": team},
        people={name: person(reach=0.7) for name in ("ann", "bob", "cem")},
        call_tree={"duty": "cem", "lines": [{"caller": "cem", "calls": ["bob"]}]},
        authorities={"board": board},
        plan=plan,
    )


@st.composite
def disruptions(draw, name):
    """Anything that can go wrong, at a whole minute, with or without an end."""
    target = draw(st.sampled_from(NAMES[:4]))
    kind, fields = draw(
        st.sampled_from(
            (
                ("crash", {"targets": [target], "data_lost": draw(st.booleans())}),
                ("crash", {"targets": ["dc1"], "data_lost": draw(st.booleans())}),
                ("hang", {"targets": [target]}),
                ("slow", {"targets": [target], "speed": 300}),
                ("flap", {"targets": [target], "down": "60 s", "up": "2 min", "times": 9}),
                ("cut-link", {"source_side": [target], "target_side": ["desk"]}),
                ("replication-lag", {"target": target}),
                ("failover-fails", {"targets": [target]}),
                ("failback-fails", {"target": target}),
                ("absence", {"teams": ["desk"], "share": 0.5}),
                ("site-unreachable", {"site": "office"}),
                ("corrupt", {"target": target, "probability": 0.1}),
                ("halt", {"target": target, "cancel_resting": draw(st.booleans())}),
                ("surge", {"orders": 2.0}),
            )
        )
    )
    minute = draw(st.integers(0, 11 * 60))
    at = f"{minute // 60:02d}:{minute % 60:02d}"
    lasts = draw(st.sampled_from((None, "10 min", "2 h")))
    return {"id": name, "kind": kind, "at": at, "lasts": lasts} | fields


scenarios = st.tuples(*(st.none() | disruptions(name) for name in "xyz")).map(
    lambda drawn: tuple(d for d in drawn if d is not None)
)
signals = st.lists(
    st.builds(
        SignalTime,
        st.integers(0, HORIZON_NS),
        st.sampled_from(("calls", "rejects", "action:act-0", "action:act-1", "declare:ann")),
    ),
    max_size=3,
).map(tuple)


def before(timeline, time_ns):
    """What happened before a time."""
    return (
        [change for change in timeline.changes if change.time_ns < time_ns],
        [entry for entry in timeline.log if entry.time_ns < time_ns],
    )


def begins_ns(disruption):
    hour, minute = disruption["at"].split(":")
    return (int(hour) * 60 + int(minute)) * NS_PER_MIN


@settings(max_examples=60)
@given(firms(), scenarios, disruptions("new"), st.integers(0, 3), signals, st.integers(0, 99))
def test_a_disruption_changes_nothing_before_it(world, wounds, new, place, given_signals, seed):
    """Goal: the prefix before a disruption is final. Method: insert one more, compare prefixes."""
    more = (*wounds[:place], new, *wounds[place:])
    one = run(world, *wounds, seed=seed, horizon=HORIZON, signals=given_signals)
    two = run(world, *more, seed=seed, horizon=HORIZON, signals=given_signals)
    assert before(one, begins_ns(new)) == before(two, begins_ns(new))


@settings(max_examples=60)
@given(firms(), scenarios, signals, st.integers(0, 99))
def test_a_signal_changes_nothing_before_it(world, wounds, given_signals, seed):
    """Goal: passes add signals without touching the past. Method: give them one by one."""
    settled = run(world, *wounds, seed=seed, horizon=HORIZON)
    for count, signal in enumerate(given_signals, start=1):
        timeline = run(world, *wounds, seed=seed, horizon=HORIZON, signals=given_signals[:count])
        assert before(timeline, signal.time_ns) == before(settled, signal.time_ns)
        settled = timeline


@settings(max_examples=40)
@given(firms(), scenarios, st.integers(1, 11), st.integers(0, 99))
def test_the_end_and_the_drain_change_nothing_before_them(world, wounds, hour, seed):
    """Goal: a run is a prefix of a longer one; healing at t changes nothing before t.

    Method: cut at an hour, heal at that hour, and neither.
    """
    whole = run(world, *wounds, seed=seed, horizon=HORIZON)
    cut = run(world, *wounds, seed=seed, horizon=f"{hour} h")
    healed = run(world, *wounds, seed=seed, horizon=HORIZON, heal_at=f"{hour} h")
    assert before(whole, hour * NS_PER_H) == (list(cut.changes), list(cut.log))
    assert before(whole, hour * NS_PER_H) == before(healed, hour * NS_PER_H)


@settings(max_examples=60)
@given(firms(), scenarios, signals, st.integers(0, 99))
def test_a_timeline_holds_together(world, wounds, given_signals, seed):
    """Goal: laws of every timeline. Method: sorted; each state differs from the one before;
    faults end after they begin; after a healing drain everything works that is not busy.
    """
    timeline = run(
        world, *wounds, seed=seed, horizon=HORIZON, heal_at="11 h", signals=given_signals
    )
    states: dict[tuple[str, Attribute], tuple[int, tuple[str, ...]]] = {}
    for change in timeline.changes:
        key = (change.subject, change.attribute)
        if change.attribute in {Attribute.FAILOVER, Attribute.FAILBACK, Attribute.RECONCILE}:
            continue
        assert states.get(key) != (change.value, change.detail)
        states[key] = (change.value, change.detail)
        assert change.cause
    assert all(a.time_ns <= b.time_ns for a, b in pairwise(timeline.log))
    assert all(c.value <= c.time_ns for c in timeline.changes if c.attribute is Attribute.FAILOVER)
    on = [entry.ref for entry in timeline.log if entry.kind == "fault_on"]
    off = [entry.ref for entry in timeline.log if entry.kind == "fault_off"]
    assert Counter(on) == Counter(off)
    assert all(states.get((n, Attribute.UP), (1, ()))[0] == 1 for n in NAMES)
    assert all(states.get((n, Attribute.HANG), (0, ()))[0] == 0 for n in NAMES)


def busy_firm():
    """A firm in which everything that draws luck does so."""
    systems_ = {
        name: component(
            site="dc1",
            failure={"mttf": "exponential 3 h", "mttr": "exponential 10 min"},
            monitor={
                "delay": "exponential 30 s",
                "miss": 0.3,
                "fallback_delay": "uniform 1 min..9 min",
            },
            repair="exponential 20 min",
            store={"kind": "replicated", "lag": "3 s"},
            standby={"kind": "hot", "site": "dc2", "switch": "exponential 60 s", "success": 0.8},
        )
        for name in ("oms", "risk", "ledger")
    }
    acts = {
        f"switch-{name}": action(
            "fail-over",
            target=[name],
            when=[{"detected": name}],
            authority="board",
            duration="exponential 2 min",
            success=0.9,
            attempts=3,
        )
        for name in systems_
    }
    backs = {
        f"back-{name}": action("fail-back", target=[name], when=[{"done": f"switch-{name}"}])
        for name in systems_
    }
    board = {"decides": ["ann", "bob"], "decision": "exponential 60 s", "escalate_after": "2 min"}
    return firm(
        systems_,
        people={name: person(reach=0.6, answer="exponential 20 s") for name in ("ann", "bob")},
        authorities={"board": board},
        actions=acts | backs,
    )


def digest():
    """What another process prints: the timeline of the busy firm."""
    timeline = run(busy_firm(), crash("dc1", lasts="2 h"), crash("oms", "08:00"))
    return repr((timeline.changes, timeline.log))


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_hash_seeds_and_processes_do_not_matter(hash_seed):
    """Goal: equal inputs, equal bytes, anywhere. Method: another process, another hash seed."""
    program = "from tests.unit.engine.continuity.test_layer import digest; print(digest())"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == digest()
    assert len(run(busy_firm(), crash("dc1", lasts="2 h")).changes) > 20


def test_seeds_matter():
    """Goal: the test above can fail. Method: another seed gives another timeline."""
    assert run(busy_firm(), seed=1) != run(busy_firm(), seed=2)


def test_an_undisturbed_firm_has_nothing_to_tell():
    """Goal: no faults, no rows. Method: a day without disruption."""
    timeline = run(firm({"oms": component(monitor={"delay": "0 s"})}))
    assert (timeline.changes, timeline.log) == ((), ())
