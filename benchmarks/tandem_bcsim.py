"""The tandem as a firm of bcsim: a journey of five steps, each with a time-out.

The day has 62 500 s of arrivals whatever the number of orders, so a unit of time is
200 000 / orders seconds. Time-outs and the clients' patience are three hours, longer than any
wait: they are kept for every order and step and never run out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

from bcsim.engine.blueprint import Blueprint, make_blueprint
from bcsim.engine.description import describe
from bcsim.engine.fast.flow import run_orders as run_fast
from bcsim.engine.reference.flow import run_orders as run_reference
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute, Change, Timeline
from bcsim.engine.watch import make_watches
from bcsim.history.columns import HistoryColumns
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.kernels.order_flow import advance
from bcsim.model.firm import Firm
from bcsim.scenario.scenario import Scenario
from bcsim.streams import Streams
from bcsim.units import NS_PER_S
from benchmarks.measuring import Measurement, Watch, peak_mb
from benchmarks.workload import FAILING, SERVERS, STATIONS, Tandem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SPAN_S = 62_500
WARM_UP_ORDERS = 2_000
LAST = f"station-{STATIONS - 1}"
NEVER = "3 h"


class Dropper(MemoryRecorder):
    """Takes columns and keeps nothing; counts the services of orders."""

    finished = 0

    def write_columns(self, columns: Mapping[str, Any]) -> None:
        """Count, and forget."""
        self._count(HistoryColumns(columns))

    def _store(self, columns: HistoryColumns) -> None:
        self._count(columns)

    def _count(self, columns: HistoryColumns) -> None:
        self.finished += int(columns.text("kind").is_in("finish").sum())


@dataclass(frozen=True)
class Setting:
    """How bcsim runs the tandem."""

    trace: str = "business"
    engine: str = "fast"
    drops_rows: bool = False


def firm_of(tandem: Tandem) -> Firm:
    """The firm whose orders flow through the stations."""
    unit_s = SPAN_S / tandem.span
    names = [f"station-{number}" for number in range(STATIONS)]
    document: dict[str, Any] = {
        "format": "bcsim-model/1",
        "name": "Tandem",
        "priorities": ["all"],
        "components": {
            name: {"name": name, "kind": "application", "servers": SERVERS} for name in names
        },
        "links": {"default": {"latency": "0 s"}},
        "channels": {"app": {"name": "App", "link": "default"}},
        "segments": {
            "all": {"name": "All", "clients": 1000, "priority": "all", "patience": NEVER}
            | {"attempts": 0}
        },
        "products": {
            "thing": {
                "name": "Thing",
                "instruments": {"one": {"name": "One", "price": 100}},
                "sessions": [{"name": "day", "open": "00:00", "close": "24:00"}],
            }
        },
        "journeys": {
            "way": {
                "name": "Way",
                "steps": [_step(name, unit_s) for name in names],
            }
        },
        "profiles": {
            "flat": {"points": [{"at": "00:00", "intensity": 1}, {"at": "23:59", "intensity": 1}]}
        },
        "demand": {
            "all": {"channel": "app", "segment": "all", "product": "thing", "journey": "way"}
            | {"profile": "flat", "orders_per_day": tandem.orders / SPAN_S * 86_400}
        },
        "services": {
            "all": {
                "name": "All",
                "products": ["thing"],
                "tolerance": {"rto": "1 h", "mtpd": "1 d", "mbco": 0.5},
            }
        },
    }
    return Firm.model_validate_json(json.dumps(document))


def _step(name: str, unit_s: float) -> dict[str, Any]:
    """One visit; at the first station the order is acknowledged, at the last confirmed."""
    return {
        "id": name,
        "component": name,
        "service": f"exponential {unit_s!r} s",
        "timeout": NEVER,
        "on_failure": "reject",
        "role": {"station-0": "acknowledge", LAST: "confirm"}.get(name),
    }


def scenario_of(trace: str) -> Scenario:
    """A day on which orders arrive for 62 500 s."""
    hours, rest = divmod(SPAN_S, 3600)
    end = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    document = {
        "format": "bcsim-scenario/1",
        "name": "tandem",
        "family": "normal",
        "tag": "within-plan",
        "start": "2026-03-16T00:00:00",
        "window": {"start": "00:00", "end": end},
        "expect": {"outcome": "pass"},
        "trace": trace,
    }
    return Scenario.model_validate_json(json.dumps(document))


def timeline_of(tandem: Tandem) -> Timeline:
    """The outage of the failing station, if there is one."""
    if not tandem.has_outage:
        return Timeline((), ())
    times = [int(SPAN_S * NS_PER_S * time / tandem.span) for time in tandem.outage]
    changes = [
        Change(time_ns, f"station-{FAILING}", Attribute.HANG, value, "outage")
        for time_ns, value in zip(times, (1, 0), strict=True)
    ]
    return Timeline(tuple(changes), ())


class Prepared:
    """A tandem that is ready to be run."""

    def __init__(self, tandem: Tandem, setting: Setting) -> None:
        self.firm, self.scenario = firm_of(tandem), scenario_of(setting.trace)
        self.timeline, self.setting = timeline_of(tandem), setting
        streams = Streams(tandem.seed, 0)
        self.blueprint: Blueprint = make_blueprint(
            self.firm, self.scenario, Sizing(), streams, self.timeline
        )
        self.kernel = Watch()

    def run(self) -> MemoryRecorder:
        """Let the orders flow; the recorder holds the history, or nothing."""
        kind = Dropper if self.setting.drops_rows else MemoryRecorder
        recorder = kind(describe(self.blueprint, is_settled=True), Trace(self.setting.trace))
        watches = make_watches(self.firm, self.scenario, ())
        engine = run_fast if self.setting.engine == "fast" else run_reference
        with kernel_timed(self.kernel):
            engine(self.blueprint, self.timeline, recorder, watches)
        return recorder


def kernel_timed(watch: Watch) -> Any:  # noqa: ANN401 - a patcher
    """Within it, time in the kernel is added to a watch."""

    def timed(*arena: Any) -> int:  # noqa: ANN401 - arrays of the kernel
        with watch.running():
            return advance(*arena)

    return mock.patch("bcsim.engine.fast.flow.advance", timed)


def measure(tandem: Tandem, setting: Setting, runs: int) -> Measurement:
    """Run a tandem some times with one seed after the other."""
    Prepared(Tandem(WARM_UP_ORDERS), setting).run()
    found = Measurement(f"bcsim {setting.engine}, {setting.trace} trace", tandem.name, 0, 0, [])
    found.base_mb = peak_mb()
    waits = []
    for prepared, started in _prepared(tandem, setting, runs):
        run = Watch()
        with run.running():
            recorder = prepared.run()
            columns = None if setting.drops_rows else recorder.columns()
        found.run_s.append(run.total_s)
        found.kernel_s.append(prepared.kernel.total_s)
        found.prepare_s = started
        found.orders = len(prepared.blueprint.intents)
        if columns is not None:
            waits.append(mean_wait(columns, tandem))
    found.steps = STATIONS * found.orders
    if setting.drops_rows:
        found.tool += ", rows dropped"
    else:
        found.mean_wait = sum(waits) / len(waits)
    return found


def _prepared(tandem: Tandem, setting: Setting, runs: int) -> Iterator[tuple[Prepared, float]]:
    for seed in range(1, runs + 1):
        making = Watch()
        with making.running():
            prepared = Prepared(Tandem(tandem.orders, tandem.has_outage, seed), setting)
        yield prepared, making.total_s


def mean_wait(columns: HistoryColumns, tandem: Tandem) -> float:
    """Mean wait per order and station in units of time, from entries and confirmations.

    All orders must have been confirmed: then the mean time from one to the other is five
    services and five waits.
    """
    kinds, time_ns = columns.text("kind"), columns.integer("time_ns")
    entered = kinds.is_in("submit")
    confirmed = kinds.is_in("confirm") & columns.text("vantage").is_in(LAST)
    count = int(entered.sum())
    assert count == int(confirmed.sum()), "an order has not come through"
    # Exact: a sum of nanoseconds of millions of orders is beyond a float's whole numbers.
    total_ns = sum(map(int, (time_ns[confirmed] - time_ns[entered]).tolist()))
    unit_ns = SPAN_S * NS_PER_S / tandem.span
    return total_ns / count / unit_ns / STATIONS - 1.0


def seconds_of(tandem: Tandem, setting: Setting) -> float:
    """Seconds of one run without start-up; for two processes at once."""
    prepared = Prepared(tandem, setting)
    run = Watch()
    with run.running():
        prepared.run().columns()
    return run.total_s
