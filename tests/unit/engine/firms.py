"""Tiny firms for the order layer: a journey in a few words, everything else as plain as possible.

``firm(steps)`` gives a firm whose every part is deterministic: a message takes 1 ms, a service
what the step says, a price stays at 1000. Components are made from the steps: one server, a
durable store and a dedup memory of a day, recorded under their own name.
"""

from __future__ import annotations

import json
from typing import Any

from bcsim.model.firm import Firm
from bcsim.scenario.scenario import Scenario

DURABLE: dict[str, Any] = {"kind": "durable"}
VOLATILE: dict[str, Any] = {"kind": "volatile"}
DAY_LONG: dict[str, Any] = {"horizon": "1 d"}


def step(step_id: str, component: str, service: str = "10 ms", **more: Any) -> dict[str, Any]:
    """A step's data: an id, who does it, how long it takes, and whatever the test is about."""
    return {"id": step_id, "component": component, "service": service} | more


def take(component: str = "front", **more: Any) -> dict[str, Any]:
    """The first step of most journeys: the order is taken, and the client is told so."""
    return step("take", component, role="acknowledge", **more)


def execute(component: str = "venue", **more: Any) -> dict[str, Any]:
    """The step that executes."""
    return step("execute", component, role="execute", **more)


def firm(
    steps: list[dict[str, Any]],
    *,
    components: dict[str, dict[str, Any]] | None = None,
    **parts: dict[str, Any],
) -> Firm:
    """A firm with one journey.

    Parameters
    ----------
    components
        What differs, by component; further components may be added. ``None`` for a key takes
        it away.
    parts
        What differs from or adds to ``links``, ``segment``, ``product``, ``channel``,
        ``demand``, and whole sections of the model, such as ``controls``.
    """
    return Firm.model_validate_json(json.dumps(data(steps, components=components, **parts)))


def data(
    steps: list[dict[str, Any]],
    *,
    components: dict[str, dict[str, Any]] | None = None,
    **parts: dict[str, Any],
) -> dict[str, Any]:
    """The data of :func:`firm`, to be changed further."""
    changes = components or {}
    names = dict.fromkeys(s["component"] for s in steps)
    names |= dict.fromkeys(s["fallback"]["component"] for s in steps if s.get("fallback"))
    names |= dict.fromkeys(changes)
    model: dict[str, Any] = {
        "format": "bcsim-model/1",
        "name": "Tiny firm",
        "priorities": ["client"],
        "sites": {"b": {"name": "Second site"}},
        "components": {name: _component(name, changes.get(name, {})) for name in names},
        "links": {"default": {"latency": "1 ms"}} | parts.pop("links", {}),
        "channels": {"app": {"name": "App", "link": "default"} | parts.pop("channel", {})},
        "segments": {"retail": SEGMENT | parts.pop("segment", {})},
        "products": {"share": PRODUCT | parts.pop("product", {})},
        "journeys": {"way": {"name": "Way", "steps": steps}},
        "profiles": {"day": {"points": PROFILE_POINTS}},
        "demand": {"app": DEMAND | parts.pop("demand", {})},
        "services": {"orders": {"name": "Orders", "products": ["share"], "tolerance": TOLERANCE}},
    }
    for section, entries in parts.items():
        model[section] = model.get(section, {}) | entries if isinstance(entries, dict) else entries  # type: ignore[redundant-expr]
    return model


def _component(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    plain = {"name": name, "kind": "application", "store": DURABLE, "dedup": DAY_LONG}
    return {key: value for key, value in (plain | changes).items() if value is not None}


SEGMENT: dict[str, Any] = {
    "name": "Retail",
    "clients": 1,
    "priority": "client",
    "patience": "8 h",
}
PRODUCT: dict[str, Any] = {
    "name": "Share",
    "instruments": {"aaa": {"name": "AAA", "price": 1000, "tick": 10}},
    "sessions": [{"name": "day", "open": "09:00", "close": "16:00"}],
}
PROFILE_POINTS = [{"at": "10:00", "intensity": 1}, {"at": "11:00", "intensity": 0}]
DEMAND: dict[str, Any] = {
    "channel": "app",
    "segment": "retail",
    "product": "share",
    "journey": "way",
    "profile": "day",
    "orders_per_day": 1,
}
TOLERANCE = {"rto": "1 h", "mtpd": "2 h", "mbco": 0.5}


def scenario(**changes: Any) -> Scenario:
    """A scenario whose time 0 is 10:00, with an hour of orders and a drain until 20:00."""
    plain: dict[str, Any] = {
        "format": "bcsim-scenario/1",
        "name": "x",
        "family": "normal",
        "tag": "within-plan",
        "start": "2026-03-16T10:00:00",
        "window": {"start": "10:00", "end": "11:00"},
        "drain": {"limit": "9 h"},
        "expect": {"outcome": "pass"},
    }
    return Scenario.model_validate_json(json.dumps(plain | changes))
