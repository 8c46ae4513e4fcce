"""Small firms and scenarios to run the continuity layer with, and timelines in words.

Only components, people and plan matter here; clients, products and demand are the least that a
model must have.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bcsim.engine.continuity.layer import run_continuity
from bcsim.model.firm import Firm
from bcsim.scenario.scenario import Scenario
from bcsim.streams import Streams
from bcsim.units import NS_PER_S, parse_duration

if TYPE_CHECKING:
    from bcsim.engine.continuity.signal import SignalTime
    from bcsim.engine.timeline import Change, LogEntry, Timeline

TRADE: dict[str, Any] = {
    "format": "bcsim-model/1",
    "name": "Firm",
    "priorities": ["vulnerable", "client", "house"],
    "links": {"default": {"latency": "1 ms"}},
    "channels": {
        "app": {"name": "App", "link": "default"},
        "phone": {"name": "Telephone", "link": "default"},
    },
    "segments": {
        "retail": {"name": "Retail", "clients": 1, "priority": "client", "patience": "1 min"}
    },
    "products": {
        "equity": {
            "name": "Shares",
            "instruments": {"aot": {"name": "AOT", "price": 6000}},
            "sessions": [{"name": "day", "open": "10:00", "close": "16:30"}],
        }
    },
    "profiles": {
        "day": {"points": [{"at": "10:00", "intensity": 1.0}, {"at": "16:00", "intensity": 0.0}]}
    },
    "demand": {
        "retail": {
            "channel": "app",
            "segment": "retail",
            "product": "equity",
            "journey": "order",
            "profile": "day",
            "orders_per_day": 1.0,
        }
    },
    "services": {
        "orders": {
            "name": "Orders",
            "products": ["equity"],
            "tolerance": {"rto": "1 h", "mtpd": "2 h", "mbco": 0.5},
        }
    },
}


def component(kind: str = "application", **more: Any) -> dict[str, Any]:
    """A component's data; a team needs a Team besides."""
    return {"name": "Component", "kind": kind} | more


def firm(components: dict[str, Any], **more: Any) -> Firm:
    """A firm of these components; ``actions`` stands for a plan of nothing else."""
    first = next(iter(components))
    step = {"id": "work", "component": first, "service": "1 s"}
    journeys = {"order": {"name": "Order", "steps": [step]}}
    sites = {name: {"name": name} for name in ("dc1", "dc2", "office")}
    actions = more.pop("actions", None)
    if actions is not None:
        more = {"plan": {"name": "Plan", "actions": actions}} | more
    data = TRADE | {"sites": sites, "journeys": journeys, "components": components} | more
    return Firm.model_validate_json(json.dumps(data))


def action(kind: str, **more: Any) -> dict[str, Any]:
    """An action's data, done at once unless it says otherwise."""
    return {"name": kind, "kind": kind, "duration": "0 s"} | more


def scenario(*disruptions: dict[str, Any], start: str = "00:00:00") -> Scenario:
    """A scenario of disruptions; by default the clock shows the time since its start."""
    data = {
        "format": "bcsim-scenario/1",
        "name": "Scenario",
        "family": "technology",
        "tag": "beyond-plan",
        "start": f"2026-11-23T{start}",
        "window": {"start": "00:00", "end": "24:00"},
        "disruptions": disruptions,
        "expect": {"outcome": "fail"},
    }
    return Scenario.model_validate_json(json.dumps(data))


def crash(target: str = "oms", at: str = "00:10", **more: Any) -> dict[str, Any]:
    """A crash's data."""
    return {"id": f"{target}-crash", "kind": "crash", "at": at, "targets": [target]} | more


def run(
    of: Firm,
    *disruptions: dict[str, Any],
    seed: int = 7,
    horizon: str = "1 d",
    heal_at: str | None = None,
    signals: tuple[SignalTime, ...] = (),
) -> Timeline:
    """The timeline of a firm under disruptions, with the horizon after a day."""
    return run_continuity(
        of,
        scenario(*disruptions),
        Streams(seed, 0),
        horizon_ns=parse_duration(horizon),
        heal_at_ns=None if heal_at is None else parse_duration(heal_at),
        signals=signals,
    )


def changes(timeline: Timeline) -> list[str]:
    """Each change in words: seconds, subject, attribute=value, detail, (cause)."""
    return [_change(change) for change in timeline.changes]


def _change(change: Change) -> str:
    detail = f" {','.join(change.detail)}" if change.detail else ""
    what = f"{change.subject} {change.attribute.value}={change.value}{detail}"
    return f"{_seconds(change.time_ns)} {what} ({change.cause})"


def log(timeline: Timeline, *kinds: str) -> list[str]:
    """Entries of some kinds in words: seconds, kind, then the fields that are set."""
    return [_entry(entry) for entry in timeline.log if not kinds or entry.kind in kinds]


def _entry(entry: LogEntry) -> str:
    names = ("component", "actor", "subject", "ref", "reason", "cause")
    fields = [f"{name}={value}" for name in names if (value := getattr(entry, name)) is not None]
    return " ".join([_seconds(entry.time_ns), entry.kind, *fields])


def outcomes(timeline: Timeline) -> list[str]:
    """What became of the actions: seconds, action, outcome; calls and decisions left out."""
    return [
        f"{_seconds(entry.time_ns)} {entry.ref}: {entry.reason}"
        for entry in timeline.log
        if entry.kind == "action" and entry.subject != "call" and entry.reason != "decided"
    ]


def _seconds(time_ns: int) -> str:
    return f"{time_ns // NS_PER_S}" if time_ns % NS_PER_S == 0 else f"{time_ns} ns"
