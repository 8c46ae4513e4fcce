"""``python -m benchmarks``: measure everything of a size, write JSON, a table and a picture."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bcsim.history.schema import Trace
from benchmarks import broker_day, judging, peers, tandem_bcsim, writing
from benchmarks.measuring import Measurement, apart, at_once
from benchmarks.picture import draw
from benchmarks.tables import judged, text_of
from benchmarks.tandem_bcsim import Setting
from benchmarks.workload import Tandem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESULTS = Path(__file__).parent / "results"

PARTS = ("tandem", "peers", "broker", "judging", "writing")
TANDEM_ORDERS = {"quick": (20_000,), "full": (20_000, 200_000, 2_000_000)}
FULL_TRACE_ORDERS_MAX = 200_000
"""A full trace of more does not fit beside everything else in memory."""

PEER_ORDERS = {"quick": 5_000, "full": 200_000}
SALABIM_ORDERS = {"quick": 1_000, "full": 20_000}
MEMORY_ORDERS = {"quick": 100_000, "full": 2_000_000}
BROKER_ORDERS = {"quick": 20_000, "full": 120_000}
JUDGED_ORDERS = {"quick": 20_000, "full": 400_000}
"""A broker's day of 400 000 orders has six million events."""

RUNS = {"quick": 2, "full": 3}
IN_MEMORY_MAX = 1_000_000
"""Orders of a broker day whose columns fit in memory; of larger days they are dropped."""


def main() -> None:
    """Measure and write."""
    options = _options()
    found: list[Measurement] = []
    facts: dict[str, Any] = {"machine": _machine(), "size": options.size}
    if "tandem" in options.parts:
        found += _told(_tandems(options.size))
        facts["memory"] = _bytes_in_flight(MEMORY_ORDERS[options.size])
        facts["two_processes"] = _two_processes(TANDEM_ORDERS[options.size][-1])
    if "peers" in options.parts:
        found += _told(_peers(options.size))
        facts["left_out"] = [name for name in peers.PEERS if not peers.is_installed(name)]
    if "broker" in options.parts:
        orders = options.broker_orders or [BROKER_ORDERS[options.size]]
        found += _told(_broker(orders))
        facts["roots_agree"] = _roots_agree(orders[0])
    if "judging" in options.parts:
        found += _told(_judging(options.judged_orders or [JUDGED_ORDERS[options.size]]))
    if "writing" in options.parts:
        found += _told(_writing(options.judged_orders or [JUDGED_ORDERS[options.size]]))
    found = [judged(one) for one in found]
    facts["measurements"] = [one.to_document() for one in found]
    options.out.mkdir(parents=True, exist_ok=True)
    text = text_of(found, facts)
    (options.out / f"{options.size}.json").write_text(json.dumps(facts, indent=1) + "\n")
    (options.out / f"{options.size}.md").write_text(text)
    draw(found, options.out / f"{options.size}.svg")
    sys.stdout.write(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--size", choices=("quick", "full"), default="quick", help="a minute, or half an hour")
    add("--parts", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    add("--broker-orders", nargs="+", type=int, metavar="N", help="orders of a broker's day")
    add("--judged-orders", nargs="+", type=int, metavar="N", help="orders judged and written")
    add("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    return options


def _tandems(size: str) -> Iterator[Measurement]:
    for orders in TANDEM_ORDERS[size]:
        for has_outage in (False, True):
            tandem = Tandem(orders, has_outage)
            yield apart(tandem_bcsim.measure, tandem, Setting(), RUNS[size])
            if orders <= FULL_TRACE_ORDERS_MAX:
                yield apart(tandem_bcsim.measure, tandem, Setting("full"), 1)


def _peers(size: str) -> Iterator[Measurement]:
    for has_outage in (False, True):
        for peer in filter(peers.is_installed, peers.PEERS):
            orders = SALABIM_ORDERS[size] if peer == "salabim" else PEER_ORDERS[size]
            yield apart(peers.measure, peer, Tandem(orders, has_outage), 1)
        for orders in {PEER_ORDERS[size], SALABIM_ORDERS[size]} - set(TANDEM_ORDERS[size]):
            yield apart(tandem_bcsim.measure, Tandem(orders, has_outage), Setting(), RUNS[size])


def _broker(days: list[int]) -> Iterator[Measurement]:
    first = broker_day.Day(days[0])
    steps = apart(broker_day.counted, first)
    per_order = steps.steps / steps.orders
    for orders in days:
        for scenario in ("dc-loss", "normal-day"):
            day = broker_day.Day(orders, scenario, keeps_rows=orders <= IN_MEMORY_MAX)
            yield apart(broker_day.measure, day, per_order, 1)
    for engine in ("fast", "reference"):
        day = broker_day.Day(first.orders, engine=engine, window=broker_day.WINDOW)
        yield apart(broker_day.measure, day, per_order, 1)


def _judging(days: list[int]) -> Iterator[Measurement]:
    for orders in days:
        for tool in (judging.IN_MEMORY, judging.FROM_FILE):
            yield apart(judging.measure, broker_day.Day(orders), tool, Trace.BUSINESS, 2)


def _writing(days: list[int]) -> Iterator[Measurement]:
    for orders in days:
        for tool in (writing.ROOT, writing.PARQUET, writing.BOTH, writing.OVERLAPPED):
            yield apart(writing.measure, broker_day.Day(orders), tool, 2)


def _roots_agree(orders: int) -> bool:
    """Whether both engines write the same history of the window."""
    window = broker_day.WINDOW
    days = [broker_day.Day(orders, engine=name, window=window) for name in ("fast", "reference")]
    return len({broker_day.root_of(day) for day in days}) == 1


def _bytes_in_flight(orders: int) -> dict[str, float]:
    """Memory that each order in flight takes: of an outage's backlog, a tenth of all orders.

    The peak with the outage less that without it, rows dropped in both.
    """
    setting = Setting(drops_rows=True)
    peaks = [
        apart(tandem_bcsim.measure, Tandem(orders, has_outage), setting, 1).peak_mb
        for has_outage in (False, True)
    ]
    backlog = orders / 10
    return {
        "orders": orders,
        "peak_mb": peaks[0],
        "peak_mb_with_outage": peaks[1],
        "bytes_per_order_in_flight": round((peaks[1] - peaks[0]) * 1e6 / backlog),
    }


def _two_processes(orders: int) -> dict[str, float]:
    """How much more two processes do in the same time than one."""
    tandem, setting = Tandem(orders), Setting()
    alone = at_once(1, tandem_bcsim.seconds_of, tandem, setting)
    both = at_once(2, tandem_bcsim.seconds_of, tandem, setting)
    ratio = sum(alone[0] / seconds for seconds in both)
    return {"alone_s": alone[0], "both_s": max(both), "ratio": round(ratio, 2)}


def _told(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Say each figure as soon as it is known."""
    found = []
    for one in measurements:
        speed = f"{one.best_s:9.3f} s {one.steps / one.best_s:12,.0f} steps/s"
        sys.stderr.write(f"{one.workload:28} {one.tool:36} {one.orders:10,} {speed}\n")
        found.append(one)
    return found


def _machine() -> dict[str, str | int | None]:
    names = ("numba", "numpy", "simpy")
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


if __name__ == "__main__":
    main()
