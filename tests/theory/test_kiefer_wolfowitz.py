"""Goal: stations in series work to the nanosecond as the Kiefer–Wolfowitz recursion says.

Method: random tandems with random hangs, run by an order engine with the full trace; start and
end of every order at every station are compared with a recursion that knows no events
(:mod:`tests.theory.kiefer_wolfowitz`). Times are small whole numbers, so that almost everything
happens in the same instants: arrivals, ends of services, beginnings and ends of hangs. The
comparison is exact; it has no false alarms.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.engine.arrivals import NO_CANCEL, Intents
from bcsim.engine.blueprint import make_blueprint
from bcsim.engine.description import describe
from bcsim.engine.fast.flow import run_orders as run_fast
from bcsim.engine.reference.flow import run_orders as run_reference
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute, Change, Timeline
from bcsim.engine.watch import make_watches
from bcsim.history.schema import NULL, Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.model.component import Link
from bcsim.scenario.scenario import Scenario
from bcsim.streams import Streams, address
from tests.theory.kiefer_wolfowitz import Queue, Visit, WorkingTime, tandem
from tests.theory.queues import Station, firm_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Blueprint
    from bcsim.history.history import History

    Engine = Callable[..., int]

SCENARIO = Scenario.model_validate_json(
    json.dumps(
        {
            "format": "bcsim-scenario/1",
            "name": "tandem",
            "family": "normal",
            "tag": "within-plan",
            "start": "2026-03-16T00:00:00",
            "window": {"start": "00:00", "end": "00:10"},
            "expect": {"outcome": "pass"},
            "trace": "full",
        }
    )
)


@dataclass(frozen=True)
class Case:
    """Stations in series, the distributions of their services, and when orders come."""

    queues: tuple[Queue, ...]
    services: tuple[str, ...]
    wishes_ns: tuple[int, ...]
    seed: int = 1


def hangs_of(gaps: list[int]) -> tuple[tuple[int, int], ...]:
    """Hangs from the gaps between their beginnings and ends, all above 0."""
    times = np.cumsum(gaps).tolist()
    return tuple(zip(times[::2], times[1::2], strict=False))


SERVICES = st.sampled_from(
    [
        "constant 0 ns",
        "constant 4 ns",
        "uniform 0 ns..3 ns",
        "uniform 5 ns..90 ns",
        "triangular 1 ns, 2 ns, 9 ns",
        "exponential 6 ns",
        "erlang 3, 8 ns",
        "lognormal median 5 ns sigma 1.5",
        "weibull scale 6 ns shape 0.7",
    ]
)
QUEUES = st.builds(
    Queue,
    servers=st.integers(1, 4),
    hangs=st.lists(st.integers(1, 40), max_size=8).map(hangs_of),
    latency_ns=st.integers(0, 3),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw up to five stations and sixty orders."""
    queues = draw(st.lists(QUEUES, min_size=1, max_size=5))
    services = [draw(SERVICES) for _ in queues]
    gaps = draw(st.lists(st.integers(0, 6), min_size=1, max_size=60))
    wishes = tuple(np.cumsum(gaps).tolist())
    return Case(tuple(queues), tuple(services), wishes, draw(st.integers(0, 1 << 40)))


def timeline_of(case: Case) -> Timeline:
    """The hangs of all stations, in their order."""
    changes = [
        Change(time_ns, f"station-{number}", Attribute.HANG, value, "outage")
        for number, queue in enumerate(case.queues)
        for hang in queue.hangs
        for time_ns, value in zip(hang, (1, 0), strict=True)
    ]
    return Timeline(tuple(sorted(changes, key=lambda change: change.time_ns)), ())


def blueprint_of(case: Case, timeline: Timeline) -> Blueprint:
    """The tandem as a firm, with exactly these wishes."""
    stations = [
        Station(service, queue.servers)
        for service, queue in zip(case.services, case.queues, strict=True)
    ]
    ends = ["app", *(f"station-{number}" for number in range(len(stations)))]
    links = {"default": Link.model_validate({"latency": "0 ns"})}
    for source, target, queue in zip(ends, ends[1:], case.queues, strict=False):
        key = "entrance" if source == "app" else f"{source} -> {target}"
        links[key] = Link.model_validate({"latency": f"constant {queue.latency_ns} ns"})
    firm = firm_of(stations, {"client": 1e-6})
    channels = {"app": firm.channels["app"].replace(link="entrance")}
    firm = firm.replace(links=links, channels=channels)
    blueprint = make_blueprint(firm, SCENARIO, Sizing(), Streams(case.seed, 0), timeline)
    return replace(blueprint, intents=intents_at(case.wishes_ns, blueprint.intents))


def intents_at(wishes_ns: tuple[int, ...], like: Intents) -> Intents:
    """Equal intents of one source at some times."""
    zeros = np.zeros(len(wishes_ns), dtype=np.int64)
    return Intents(
        sources=like.sources,
        source=zeros,
        index=np.arange(len(wishes_ns), dtype=np.int64),
        time_ns=np.array(wishes_ns, dtype=np.int64),
        client=zeros,
        account=zeros,
        instrument=zeros,
        is_buy=zeros,
        is_limit=zeros,
        qty=zeros + 1,
        price=zeros + NULL,
        cancel_ns=zeros + NO_CANCEL,
    )


def simulated(case: Case, run_orders: Engine) -> list[list[Visit]]:
    """Visits by station and order, as an engine's history shows them."""
    timeline = timeline_of(case)
    blueprint = blueprint_of(case, timeline)
    recorder = MemoryRecorder(describe(blueprint, is_settled=True), Trace.FULL)
    run_orders(blueprint, timeline, recorder, make_watches(blueprint.firm, SCENARIO, ()))
    history = recorder.history()
    begun, ended = times_of(history, "start"), times_of(history, "finish")
    return [
        [
            Visit(begun[f"station-{number}", order], ended[f"station-{number}", order])
            for order in range(len(case.wishes_ns))
        ]
        for number in range(len(case.queues))
    ]


def times_of(history: History, kind: str) -> dict[tuple[str, int], int]:
    """Time in ns of the one event of a kind, by component and order."""
    found: dict[tuple[str, int], int] = {}
    for row in history.rows(kind):
        place = str(row["component"]), int(str(row["intent_id"]).removeprefix("client-"))
        assert place not in found, f"order {place[1]} has two {kind} at {place[0]}"
        time_ns = row["time_ns"]
        assert isinstance(time_ns, int), "every event has a time"
        found[place] = time_ns
    return found


def expected(case: Case) -> list[list[Visit]]:
    """Visits by station and order, by the recursion."""
    blueprint = blueprint_of(case, Timeline((), ()))
    luck = blueprint.streams.at("service", "client")
    index = np.arange(len(case.wishes_ns), dtype=np.int64)
    steps = blueprint.routes["way"].stages
    services = [
        luck.samples_ns(stage.step.service, index, address(stage.number)).tolist()
        for stage in steps
    ]
    return tandem(case.queues, case.wishes_ns, services)


@given(cases())
@settings(max_examples=300)
def test_the_fast_engine_agrees_with_the_recursion(case: Case) -> None:
    """Every start and end is the recursion's, to the nanosecond, in the fast engine."""
    assert simulated(case, run_fast) == expected(case)


@given(cases())
@settings(max_examples=60)
def test_the_reference_engine_agrees_with_the_recursion(case: Case) -> None:
    """Every start and end is the recursion's, to the nanosecond, in the reference engine."""
    assert simulated(case, run_reference) == expected(case)


@pytest.mark.parametrize("run_orders", [run_fast, run_reference], ids=["fast", "reference"])
def test_a_busy_day_with_long_hangs(run_orders: Engine) -> None:
    """Three thousand orders at 80 % load through five stations, two of which hang for long.

    Method: exponential gaps and services at the scale of seconds, where no times are equal.
    """
    gaps = Streams(7, 0).at("arrival", "client")
    unit = Station("exponential 1 s")
    mean = firm_of([unit], {"client": 1.0}).journeys["way"].steps[0].service
    drawn = gaps.samples_ns(mean, np.arange(3000, dtype=np.int64)) * 5 // 16
    wishes = tuple(np.cumsum(drawn).tolist())
    part = wishes[-1] // 20
    queues = (
        Queue(4),
        Queue(4, ((2 * part, 3 * part),), 1000),
        Queue(4, ((9 * part, 11 * part), (14 * part, 14 * part + 1))),
        Queue(4, (), 7_000_000),
        Queue(4, ((10 * part, 12 * part),)),
    )
    case = Case(queues, ("exponential 1 s",) * 5, wishes, seed=3)
    assert simulated(case, run_orders) == expected(case)


def test_the_clock_of_working_time() -> None:
    """Between hangs the clock runs, in them it stands, and back it gives the last such time."""
    clock = WorkingTime(((10, 15), (20, 30)))
    assert [clock.of(t) for t in (0, 10, 12, 15, 20, 25, 30, 31)] == [0, 10, 10, 10, 15, 15, 15, 16]
    assert [clock.at(w) for w in (0, 9, 10, 14, 15, 16)] == [0, 9, 15, 19, 30, 31]


def test_the_comparison_can_fail() -> None:
    """One server more, or a hang a nanosecond longer, and the two disagree."""
    case = Case((Queue(1, ((3, 9),)),), ("constant 4 ns",), (0, 0, 5))
    assert (
        simulated(case, run_fast)
        == expected(case)
        == [[Visit(0, 10), Visit(10, 14), Visit(14, 18)]]
    )
    for queue in (Queue(2, ((3, 9),)), Queue(1, ((3, 10),))):
        assert simulated(case, run_fast) != expected(replace(case, queues=(queue,)))
