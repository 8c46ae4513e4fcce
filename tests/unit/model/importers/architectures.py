"""Small CALM architectures to change one thing in, and the two that FINOS publishes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FINOS = ROOT / "scenarios" / "traderx" / "architecture"
TRADING_SYSTEM = FINOS / "calm-trading-system-1.2.json"
TRADERX = FINOS / "traderx-calm-2024-12" / "traderx.json"


def node(node_id: str, kind: str = "service", **fields: Any) -> dict[str, Any]:
    """A node."""
    texts = {"name": node_id.title(), "description": f"{node_id} of the test"}
    return {"unique-id": node_id, "node-type": kind, **texts, **fields}


def connects(source: str, target: str) -> dict[str, Any]:
    """A connection, called ``source-target``."""
    ends = {"source": {"node": source}, "destination": {"node": target}}
    return {"unique-id": f"{source}-{target}", "relationship-type": {"connects": ends}}


def transition(relationship: str, number: int, text: str, **fields: Any) -> dict[str, Any]:
    """A transition of a flow; ``reverse=True`` turns it round."""
    direction = {"direction": "destination-to-source"} if fields.pop("reverse", False) else {}
    return {
        "relationship-unique-id": relationship,
        "sequence-number": number,
        "description": text,
        **direction,
        **fields,
    }


def with_level(owner: dict[str, Any], **level: Any) -> dict[str, Any]:
    """The same with a service level; keys have ``_`` for ``-``."""
    requirement = {"requirement-url": "https://example.com/sla", "config": _dashed(level)}
    control = {"description": "service level", "requirements": [requirement]}
    return {**owner, "controls": {"sla": control}}


def _dashed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key.replace("_", "-"): _dashed(item) for key, item in value.items()}


def flow(flow_id: str, name: str, *transitions: dict[str, Any]) -> dict[str, Any]:
    """A flow."""
    return {
        "unique-id": flow_id,
        "name": name,
        "description": f"{flow_id} of the test",
        "transitions": list(transitions),
    }


def bus_system() -> dict[str, Any]:
    """Client, web page, service, bus, processor and store, in two flows that meet at the bus."""
    return {
        "$schema": "https://calm.finos.org/release/1.2/meta/calm.json",
        "unique-id": "bus-system",
        "name": "Bus system",
        "nodes": [
            node("client", "actor"),
            node("page", "webclient"),
            node("desk"),
            node("rules"),
            node("bus"),
            node("worker"),
            node("ledger", "database"),
        ],
        "relationships": [
            {
                "unique-id": "client-page",
                "relationship-type": {"interacts": {"actor": "client", "nodes": ["page"]}},
            },
            connects("page", "desk"),
            connects("desk", "rules"),
            connects("desk", "bus"),
            connects("bus", "worker"),
            connects("worker", "ledger"),
            connects("bus", "page"),
            connects("worker", "bus"),
        ],
        "flows": [
            flow(
                "submit",
                "Submit an order",
                transition("page-desk", 1, "Submit order"),
                transition("desk-rules", 2, "Check order"),
                transition("desk-bus", 3, "Publish new order"),
                transition("page-desk", 4, "Order received", reverse=True),
            ),
            flow(
                "process",
                "Process an order",
                transition("bus-worker", 1, "New order"),
                transition("worker-ledger", 2, "Insert order"),
                transition("worker-bus", 3, "Publish order event"),
                transition("bus-page", 4, "Show order"),
            ),
        ],
    }


def shop() -> dict[str, Any]:
    """Client, service and store without a bus: the answer comes after the store has the order."""
    return {
        "name": "Shop",
        "nodes": [node("client", "actor"), node("desk"), node("ledger", "database")],
        "relationships": [
            {
                "unique-id": "client-desk",
                "relationship-type": {"interacts": {"actor": "client", "nodes": ["desk"]}},
            },
            connects("desk", "ledger"),
        ],
        "flows": [
            flow(
                "order",
                "Place an order",
                transition("client-desk", 1, "Place order"),
                transition("desk-ledger", 2, "Store order"),
                transition("client-desk", 3, "Order stored", reverse=True),
            )
        ],
    }


def write(folder: Path, data: Any, name: str = "architecture.json") -> Path:
    """Write a document as JSON, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")
    return path
