"""Run a tiny firm under a timeline written in words, and tell its history in lines of text.

A line of a timeline is ``time subject attribute value detail…``, such as ``5ms front up 0`` or
``5ms front->venue link_up 0``. A line of a story is ``time vantage kind order column…``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.engine.arrivals import NO_CANCEL, Intents
from bcsim.engine.blueprint import Blueprint, make_blueprint
from bcsim.engine.description import describe
from bcsim.engine.reference.flow import run_orders
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute, Change, LogEntry, Timeline
from bcsim.engine.watch import make_watches
from bcsim.history.schema import NULL, Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.streams import Streams
from bcsim.units import format_duration, parse_duration
from tests.unit.engine.firms import scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.history.history import History
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

CALM = Timeline((), ())


@dataclass(frozen=True)
class Wish:
    """One row of the table of intents; times count from 10:00."""

    at: str = "0ms"
    side: str = "buy"
    qty: int = 100
    limit: int | None = None
    cancel: str | None = None
    instrument: int = 0
    source: int = 0


def timeline(*lines: str, log: Iterable[LogEntry] = ()) -> Timeline:
    """The changes of some lines; the cause of each is ``fault``."""
    return Timeline(tuple(_change(line) for line in lines), tuple(log))


def _change(line: str) -> Change:
    time, subject, attribute, value, *detail = line.split()
    subject = subject.replace("->", " -> ").replace("_", " ")
    is_time = attribute in ("failover", "link_latency")
    return Change(
        _ns(time),
        subject,
        Attribute(attribute),
        _ns(value) if is_time else int(value),
        "fault",
        tuple(detail),
    )


def _ns(text: str) -> int:
    """A duration without the space that is usual, so that a line can be split at spaces."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return parse_duration(f"{number} {text[len(number) :]}")


def intents_of(wishes: Iterable[Wish], blueprint: Blueprint) -> Intents:
    """The table of intents that holds exactly these wishes."""
    rows = sorted(wishes, key=lambda wish: (_ns(wish.at), wish.source))
    index = [sum(other.source == r.source for other in rows[:n]) for n, r in enumerate(rows)]

    def column(values: Iterable[int]) -> Any:
        return np.array(list(values), dtype=np.int64)

    return Intents(
        sources=blueprint.intents.sources,
        source=column(r.source for r in rows),
        index=column(index),
        time_ns=column(_ns(r.at) for r in rows),
        client=column(0 for _ in rows),
        account=column(0 for _ in rows),
        instrument=column(r.instrument for r in rows),
        is_buy=column(int(r.side == "buy") for r in rows),
        is_limit=column(int(r.limit is not None) for r in rows),
        qty=column(r.qty for r in rows),
        price=column(NULL if r.limit is None else r.limit for r in rows),
        cancel_ns=column(
            NO_CANCEL if r.cancel is None else _ns(r.at) + _ns(r.cancel) for r in rows
        ),
    )


def blueprint_of(
    firm: Firm,
    wishes: Iterable[Wish],
    *,
    faults: Timeline = CALM,
    seed: int = 0,
    plot: Scenario | None = None,
    prices: dict[str, list[list[int]]] | None = None,
) -> Blueprint:
    """The blueprint of a firm with exactly these wishes, and if given these price paths."""
    made = make_blueprint(firm, plot or scenario(), Sizing(), Streams(seed, 0), faults)
    made = dataclasses.replace(made, intents=intents_of(wishes, made))
    if prices is None:
        return made
    paths = {name: np.array(path, dtype=np.int64) for name, path in prices.items()}
    return dataclasses.replace(made, prices=dataclasses.replace(made.prices, paths=paths))


def run(
    firm: Firm, wishes: Iterable[Wish] = (Wish(),), faults: Timeline = CALM, **options: Any
) -> History:
    """The history of a firm, some wishes and a timeline; ``trace`` is full unless told."""
    trace = options.pop("trace", "full")
    plot = options.pop("plot", None) or scenario(**{"trace": trace} | options.pop("scenario", {}))
    blueprint = blueprint_of(firm, wishes, faults=faults, plot=plot, **options)
    recorder = MemoryRecorder(describe(blueprint, is_settled=True), trace=Trace(plot.trace))
    run_orders(blueprint, faults, recorder, make_watches(firm, plot, ()))
    return recorder.history()


def story(history: History, *columns: str, without: str = "", only: str = "") -> list[str]:
    """The rows of a history as lines: time, vantage, kind, order, and some further columns.

    Parameters
    ----------
    columns
        Columns to add, where they are not null as ``name=value``.
    without, only
        Kinds, or vantage points, to leave out or to keep.
    """
    dropped, kept = set(without.split()), set(only.split())
    lines = []
    for row in history.rows():
        names = {str(row["kind"]), str(row["vantage"])}
        if names & dropped or (kept and not names & kept):
            continue
        cells = [_time(row["time_ns"]), row["vantage"], row["kind"]]
        order = row["order_id"] or row["intent_id"]
        cells += [short(str(order))] if order else []
        cells += [f"{name}={row[name]}" for name in columns if row[name] is not None]
        lines.append(" ".join(map(str, cells)))
    return lines


def short(order_id: str) -> str:
    """``app-000002.1`` as ``2.1``; another source's name is kept."""
    source, _, rest = order_id.rpartition("-")
    number, dot, generation = rest.partition(".")
    return f"{'' if source == 'app' else source + '-'}{int(number)}{dot}{generation}"


def _time(time_ns: Any) -> str:
    return format_duration(time_ns, exact=True).replace(" ", "")


def lines(text: str) -> list[str]:
    """A block of text as the lines that :func:`story` gives."""
    return [line.strip() for line in text.strip().splitlines()]
