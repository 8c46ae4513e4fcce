"""Hand-made days of the small broker, for the measures of people and data."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.conduct.day import Day, ModelledDay, ServiceRecord
from bcsim.conduct.incident import Downtime
from bcsim.history.profile import Profile
from bcsim.history.verdict import CLASSES, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_S
from tests.brokerage import broker, brokerage

if TYPE_CHECKING:
    from bcsim.history.history import History

START = datetime.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a run's wall clock has no zone
END_S = 36_000
CODES = {verdict.value: verdict.code for verdict in CLASSES}

Event = tuple[int, str, dict[str, Any]]


def row(at_s: int, kind: str, **cells: Any) -> Event:
    """One event; its vantage is ``plan`` unless it says otherwise."""
    return at_s, kind, cells


def wish(intent: str, at_s: int = 60, **cells: Any) -> Event:
    """The first row of an intent."""
    own = {"intent_id": intent, "channel": "app", "instrument": "aot", "segment": "retail"}
    return row(at_s, "intend", vantage="client", **own | cells)


def history(*events: Event, recorded: bool = True, end_s: int = END_S) -> History:
    """A history of events, in order of time."""
    recorder = MemoryRecorder(Profile(drain_to_ns=end_s * NS_PER_S, intents_recorded=recorded))
    for at_s, kind, cells in sorted(events, key=lambda event: event[0]):
        own = dict(cells)
        recorder.emit(kind, at_s * NS_PER_S, own.pop("vantage", "plan"), **own)
    return recorder.history()


def verdicts(classes: dict[str, str], flags: dict[str, int] | None = None) -> Verdicts:
    """Verdicts by intent."""
    return Verdicts(
        tuple(classes),
        np.array([CODES[name] for name in classes.values()], dtype=np.int8),
        np.array([(flags or {}).get(name, 0) for name in classes], dtype=np.int32),
    )


def service(
    name: str, *outages: tuple[int, int, bool], kept: bool | None = True, exercised: bool = True
) -> ServiceRecord:
    """What the checkers say of a service; outages in seconds, and whether they have ended."""
    downtimes = tuple(Downtime(name, a * NS_PER_S, b * NS_PER_S, end) for a, b, end in outages)
    return ServiceRecord(name, downtimes, 0, exercised, kept)


def day(
    *events: Event,
    change: Any = None,
    classes: dict[str, str] | None = None,
    flags: dict[str, int] | None = None,
    services: tuple[ServiceRecord, ...] = (),
    recorded: bool = True,
    end_s: int = END_S,
    aftermath: tuple[Event, ...] | None = None,
) -> ModelledDay:
    """A judged day of the small broker; ``change`` changes the data of its model first."""
    data = brokerage()
    if change is not None:
        change(data)
    return ModelledDay(
        firm=broker(data),
        start=START,
        history=history(*events, recorded=recorded, end_s=end_s),
        verdicts=verdicts(classes or {}, flags),
        services={record.name: record for record in services},
        aftermath=None if aftermath is None else history(*aftermath),
    )


def log_day(*events: Event, classes: dict[str, str] | None = None) -> Day:
    """A judged day of a firm that is not modelled."""
    return Day(history=history(*events, recorded=False), verdicts=verdicts(classes or {}))
