"""Onset: when that began to which people reacted, and not whatever went wrong first.

A fault that nobody notices, such as early corruption of data, starts no clock of the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.conduct.event import time_of
from bcsim.history.schema import Kind
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.conduct.event import Event
    from bcsim.history.history import History

_NAMES: Final = ("ref", "cause")
"""Columns in which a fault states its own name: the disruption's, or the random failure's."""


def onset_ns(history: History, reaction: Event) -> int | None:
    """Begin of the fault to which a declaration or a notice is the answer.

    A declaration states the cause of the detection that led to it. A notice states none: it
    answers what the last declaration before it answered. Where that leads to no fault (a
    declaration on somebody's own judgement, a notice without a declaration), it is the earliest
    of the faults that were detected before; if none was, the first exposure of data before.

    A detection refers to the fault that its ``cause`` names, in the fault's ``ref`` or
    ``cause``; one without such a cause to the faults of its component. Of a fault that came
    more than once, such as a random failure, the last begin before the detection counts.

    Returns
    -------
    int or None
        ``time_ns`` of the fault's begin; ``None`` if nothing leads to a fault or an exposure.
    """
    detections = _before(history, Kind.DETECT, reaction)
    led_to = reaction
    if reaction["kind"] != Kind.DECLARE:
        declarations = _before(history, Kind.DECLARE, reaction)
        led_to = declarations[-1] if declarations else reaction
    own = [detection for detection in detections if _led_to(detection, led_to)]
    begin_ns = _earliest(history, own)
    if begin_ns is None:
        begin_ns = _earliest(history, detections)
    if begin_ns is None:
        exposures = _before(history, Kind.EXPOSE, reaction)
        begin_ns = min((time_of(row) for row in exposures), default=None)
    return begin_ns


def reaction_s(history: History, reactions: Iterable[Event]) -> float | None:
    """Seconds from its onset to the first of some reactions; ``None`` if either is not known."""
    first = min(reactions, key=time_of, default=None)
    if first is None:
        return None
    begin_ns = onset_ns(history, first)
    return None if begin_ns is None else (time_of(first) - begin_ns) / NS_PER_S


def _led_to(detection: Event, declaration: Event) -> bool:
    """Whether a declaration states the cause of a detection, and its component if it names one."""
    if declaration["kind"] != Kind.DECLARE or declaration["cause"] is None:
        return False
    same_place = declaration["component"] in {None, detection["component"]}
    return same_place and detection["cause"] == declaration["cause"]


def _earliest(history: History, detections: Iterable[Event]) -> int | None:
    begins = (_fault_ns(history, detection) for detection in detections)
    return min((begin_ns for begin_ns in begins if begin_ns is not None), default=None)


def _fault_ns(history: History, detection: Event) -> int | None:
    """Last begin, before a detection, of the fault to which it refers."""
    faults = _before(history, Kind.FAULT_ON, detection)
    cause, component = detection["cause"], detection["component"]
    named = [f for f in faults if cause is not None and cause in {f[name] for name in _NAMES}]
    if not named and component is not None:
        named = [fault for fault in faults if fault["component"] == component]
    return time_of(named[-1]) if named else None


def _before(history: History, kind: Kind, event: Event) -> list[Event]:
    """Events of a kind up to an event, by time."""
    rows = [row for row in history.rows(kind) if time_of(row) <= time_of(event)]
    return sorted(rows, key=time_of)
