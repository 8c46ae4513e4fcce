"""Small queueing systems as firms, and the waits that a run of them shows.

The clients' wishes are Poisson arrivals at one a second; links take no time. A customer's wait
at a station is the time from the end of the step before (or the wish) to the start of service.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.engine.blueprint import make_blueprint
from bcsim.engine.description import describe
from bcsim.engine.reference.flow import run_orders
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Change, Timeline
from bcsim.engine.watch import make_watches
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.model.firm import Firm
from bcsim.scenario.scenario import Scenario
from bcsim.streams import Streams
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from bcsim.history.history import History

T_CRITICAL = 5.05
"""Two-sided quantile of Student's t with 19 degrees of freedom for a false alarm in 14 000."""

BATCHES = 20


@dataclass(frozen=True)
class Station:
    """One station: servers, service distribution, and how many may wait."""

    service: str
    servers: int = 1
    limit: int | None = None


def firm_of(stations: list[Station], classes: dict[str, float]) -> Firm:
    """A firm whose journey passes the stations; ``classes`` maps priority class to orders/s."""
    names = [f"station-{n}" for n in range(len(stations))]
    document: dict[str, Any] = {
        "format": "bcsim-model/1",
        "name": "Queues",
        "priorities": list(classes),
        "components": {
            name: {
                "name": name,
                "kind": "application",
                "servers": station.servers,
                "queue": {} if station.limit is None else {"limit": station.limit},
                "store": {"kind": "durable"},
            }
            for name, station in zip(names, stations, strict=True)
        },
        "links": {"default": {"latency": "0 s"}},
        "channels": {"app": {"name": "App", "link": "default"}},
        "segments": {
            name: {"name": name, "clients": 100, "priority": name, "patience": "9 h", "attempts": 0}
            for name in classes
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
                "steps": [
                    {"id": name, "component": name, "service": s.service, "on_failure": "reject"}
                    for name, s in zip(names, stations, strict=True)
                ],
            }
        },
        "profiles": {
            "flat": {"points": [{"at": "00:00", "intensity": 1}, {"at": "23:59", "intensity": 1}]}
        },
        "demand": {
            name: {
                "channel": "app",
                "segment": name,
                "product": "thing",
                "journey": "way",
                "profile": "flat",
                "orders_per_day": rate * 86_400,
            }
            for name, rate in classes.items()
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


def observe(
    stations: list[Station],
    seconds: int,
    *,
    seed: int,
    classes: dict[str, float] | None = None,
    changes: tuple[Change, ...] = (),
) -> History:
    """Run a queueing system for some seconds and let it drain; the full history."""
    firm = firm_of(stations, classes or {"client": 1.0})
    hours, rest = divmod(seconds, 3600)
    end = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    scenario = Scenario.model_validate_json(
        json.dumps(
            {
                "format": "bcsim-scenario/1",
                "name": "queues",
                "family": "normal",
                "tag": "within-plan",
                "start": "2026-03-16T00:00:00",
                "window": {
                    "start": "00:00",
                    "end": end,
                },
                "expect": {"outcome": "pass"},
                "trace": "full",
            }
        )
    )
    streams, timeline = Streams(seed, 0), Timeline(changes, ())
    blueprint = make_blueprint(firm, scenario, Sizing(), streams, timeline)
    recorder = MemoryRecorder(describe(blueprint, is_settled=True), Trace.FULL)
    run_orders(blueprint, timeline, recorder, make_watches(firm, scenario, ()))
    return recorder.history()


def waits_s(history: History, station: int, segment: str | None = None) -> np.ndarray:
    """Waits at a station in order of service, ``(n,)`` seconds."""
    kinds, components = history.columns.text("kind"), history.columns.text("component")
    orders, segments = history.columns.text("order_id"), history.columns.text("segment")
    times = history.columns.integer("time_ns")
    arrived: dict[str, int] = {}
    waits = []
    for i in range(len(history)):
        kind, order = kinds.decode(i), orders.decode(i)
        if (kind == "submit" and station == 0) or (
            kind == "finish" and components.decode(i) == f"station-{station - 1}"
        ):
            arrived[str(order)] = int(times[i])
        elif (
            kind == "start"
            and components.decode(i) == f"station-{station}"
            and segment in (None, segments.decode(i))
        ):
            waits.append((int(times[i]) - arrived[str(order)]) / NS_PER_S)
    return np.array(waits)


def assert_mean(sample: np.ndarray, expected: float) -> None:
    """The sample's mean agrees with theory, by batch means and Student's t.

    Twenty batches, the first discarded fifth aside; a false alarm in about 14 000 tests if the
    batch means were exactly normal and independent.
    """
    settled = sample[len(sample) // 5 :]
    batch = len(settled) // BATCHES
    means = settled[: batch * BATCHES].reshape(BATCHES, batch).mean(axis=1)
    error = means.std(ddof=1) / math.sqrt(BATCHES)
    t = (means.mean() - expected) / error
    assert abs(t) < T_CRITICAL, f"mean {means.mean():.4f}, theory {expected:.4f}, t={t:.2f}"
    assert error < 0.2 * expected, f"error {error:.4f}: the test would see nothing"
