"""Days made by hand: events in seconds, verdicts by intent, and what the checkers would say.

``day_of`` makes any day; ``day`` one of the small broker, whose model a test may change first.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.conduct.day import Day, ModelledDay, ServiceRecord
from bcsim.conduct.incident import Downtime
from bcsim.history.profile import Profile
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_S
from tests.brokerage import broker, brokerage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.history.history import History

END_S = 1000
BROKER_START = datetime.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a wall clock has no zone
BROKER_END_S = 36_000

Event = tuple[float, str, str, dict[str, Any]]

_CODES = {verdict.value: verdict.code for verdict in CLASSES}
_BITS = {flag.value: flag.bit for flag in FLAGS}


def history(events: Iterable[Event], *, end_s: int = END_S, recorded: bool = True) -> History:
    """A history of (second, kind, vantage, cells), in order of time."""
    recorder = MemoryRecorder(Profile(drain_to_ns=end_s * NS_PER_S, intents_recorded=recorded))
    for at_s, kind, vantage, cells in sorted(events, key=lambda event: event[0]):
        recorder.emit(kind, round(at_s * NS_PER_S), vantage, **cells)
    return recorder.history()


def verdicts(
    classes: Mapping[str, str], flags: Mapping[str, Iterable[str]] | None = None
) -> Verdicts:
    """Each intent's class, and each flag's intents."""
    marked = flags or {}
    bits = [sum(_BITS[f] for f, of in marked.items() if intent in of) for intent in classes]
    return Verdicts(
        tuple(classes),
        np.array([_CODES[name] for name in classes.values()], dtype=np.int8),
        np.array(bits, dtype=np.int32),
    )


def day_of(
    events: Iterable[Event],
    classes: Mapping[str, str],
    flags: Mapping[str, Iterable[str]] | None = None,
    **more: Any,
) -> Day:
    """A day of some events, each intent's class and each flag's intents."""
    counts = {name: len(list(of)) for name, of in (flags or {}).items()}
    return Day(history=history(events), verdicts=verdicts(classes, flags), flags=counts, **more)


# -- days of the small broker ----------------------------------------------------------------


def row(at_s: float, kind: str, vantage: str = "plan", **cells: Any) -> Event:
    """One event; its vantage is ``plan`` unless it says otherwise."""
    return at_s, kind, vantage, cells


def wish(intent: str, at_s: float = 60, **cells: Any) -> Event:
    """The first row of an intent."""
    own = {"intent_id": intent, "channel": "app", "instrument": "aot", "segment": "retail"}
    return row(at_s, "intend", "client", **own | cells)


def service(
    name: str, *outages: tuple[int, int, bool], kept: bool | None = True, exercised: bool = True
) -> ServiceRecord:
    """What the checkers say of a service; outages in seconds, and whether they have ended."""
    downtimes = tuple(Downtime(name, a * NS_PER_S, b * NS_PER_S, end) for a, b, end in outages)
    return ServiceRecord(name, downtimes, 0, exercised, kept)


def day(
    *events: Event,
    change: Any = None,
    classes: Mapping[str, str] | None = None,
    flags: Mapping[str, Iterable[str]] | None = None,
    services: tuple[ServiceRecord, ...] = (),
    recorded: bool = True,
    end_s: int = BROKER_END_S,
    aftermath: tuple[Event, ...] | None = None,
) -> ModelledDay:
    """A judged day of the small broker; ``change`` changes the data of its model first."""
    data = brokerage()
    if change is not None:
        change(data)
    return ModelledDay(
        firm=broker(data),
        start=BROKER_START,
        history=history(events, recorded=recorded, end_s=end_s),
        verdicts=verdicts(classes or {}, flags),
        services={record.name: record for record in services},
        aftermath=None if aftermath is None else history(aftermath, end_s=BROKER_END_S),
    )


def log_day(*events: Event, classes: Mapping[str, str] | None = None) -> Day:
    """A judged day of a firm that is not modelled."""
    log = history(events, recorded=False, end_s=BROKER_END_S)
    return Day(history=log, verdicts=verdicts(classes or {}))
