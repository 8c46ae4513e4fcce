"""One small object-centric log in every format: two orders of one client, one never settled."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EVENT_TYPES = ("Place Order", "Execute", "Settle")
"""Settle is declared and never occurs."""

OBJECTS = {
    "O1": ("order", {"qty": "100", "symbol": "ABC"}),
    "O2": ("order", {"qty": "50", "symbol": "DEF"}),
    "C1": ("client", {"name": "Somchai"}),
}
EVENTS = (
    ("e1", "Place Order", "2026-11-22T03:00:00Z", {"side": "B"}, ("O1", "C1")),
    ("e2", "Place Order", "2026-11-22T03:00:01Z", {"side": "S"}, ("O2", "C1")),
    ("e3", "Execute", "2026-11-22T03:00:02.500Z", {"exec": "X1", "side": "B"}, ("O1",)),
)

MAPPING = """\
version = 1
vantage = "oms"
[time]
column = "time"
[columns]
kind = "activity"
order_id = "object:order"
client_id = "object:client"
qty = "order.qty"
instrument = "order.symbol"
side = "side"
exec_id = "exec"
[values.kind]
"Place Order" = "submit"
Execute = "execute"
Settle = "settle"
"""


def write_json_2(path: Path) -> Path:
    """OCEL 2.0 JSON."""
    document = {
        "objectTypes": [{"name": "order", "attributes": []}, {"name": "client", "attributes": []}],
        "eventTypes": [{"name": name, "attributes": []} for name in EVENT_TYPES],
        "objects": [
            {
                "id": name,
                "type": kind,
                "attributes": [
                    {"name": key, "time": "1970-01-01T00:00:00Z", "value": value}
                    for key, value in values.items()
                ],
            }
            for name, (kind, values) in OBJECTS.items()
        ],
        "events": [
            {
                "id": name,
                "type": kind,
                "time": time,
                "attributes": [{"name": key, "value": value} for key, value in values.items()],
                "relationships": [{"objectId": o, "qualifier": "of"} for o in objects],
            }
            for name, kind, time, values, objects in EVENTS
        ],
    }
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def write_json_1(path: Path) -> Path:
    """OCEL 1.0 JSON."""
    document = {
        "ocel:global-log": {"ocel:version": "1.0"},
        "ocel:events": {
            name: {
                "ocel:activity": kind,
                "ocel:timestamp": time,
                "ocel:omap": list(objects),
                "ocel:vmap": values,
            }
            for name, kind, time, values, objects in EVENTS
        },
        "ocel:objects": {
            name: {"ocel:type": kind, "ocel:ovmap": values}
            for name, (kind, values) in OBJECTS.items()
        },
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def write_xml(path: Path, head: str = "") -> Path:
    """OCEL 2.0 XML; ``head`` stands before the root."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', head, "<log>", "<event-types>"]
    parts += [f'<event-type name="{name}"><attributes/></event-type>' for name in EVENT_TYPES]
    parts += ["</event-types>", "<objects>"]
    for name, (kind, values) in OBJECTS.items():
        stated = "".join(
            f'<attribute name="{key}" time="1970-01-01T00:00:00Z">{value}</attribute>'
            for key, value in values.items()
        )
        parts.append(
            f'<object id="{name}" type="{kind}"><attributes>{stated}</attributes></object>'
        )
    parts += ["</objects>", "<events>"]
    for name, kind, time, values, objects in EVENTS:
        stated = "".join(f'<attribute name="{k}">{v}</attribute>' for k, v in values.items())
        related = "".join(f'<relationship object-id="{o}" qualifier="of"/>' for o in objects)
        parts.append(
            f'<event id="{name}" type="{kind}" time="{time}"><attributes>{stated}</attributes>'
            f"<objects>{related}</objects></event>"
        )
    parts += ["</events>", "</log>"]
    path.write_text("\n".join(filter(None, parts)), encoding="utf-8")
    return path


def write_sqlite(path: Path) -> Path:
    """OCEL 2.0 SQLite."""
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            """
            create table event(ocel_id text, ocel_type text);
            create table object(ocel_id text, ocel_type text);
            create table event_object(ocel_event_id text, ocel_object_id text, ocel_qualifier text);
            create table event_map_type(ocel_type text, ocel_type_map text);
            create table object_map_type(ocel_type text, ocel_type_map text);
            create table event_PlaceOrder(ocel_id text, ocel_time text, side text);
            create table event_Execute(ocel_id text, ocel_time text, exec text, side text);
            create table event_Settle(ocel_id text, ocel_time text);
            create table object_Order(ocel_id text, ocel_time text, ocel_changed_field text,
                qty integer, symbol text);
            create table object_Client(ocel_id text, ocel_time text, ocel_changed_field text,
                name text);
            """
        )
        for name in EVENT_TYPES:
            base.execute("insert into event_map_type values (?, ?)", (name, name.replace(" ", "")))
        for kind in ("order", "client"):
            base.execute("insert into object_map_type values (?, ?)", (kind, kind.title()))
        for name, kind, time, values, objects in EVENTS:
            base.execute("insert into event values (?, ?)", (name, kind))
            cells = (name, time, *values.values())
            marks = ", ".join("?" * len(cells))
            table = f"event_{kind.replace(' ', '')}"
            base.execute(f"insert into {table} values ({marks})", cells)
            for related in objects:
                base.execute("insert into event_object values (?, ?, 'of')", (name, related))
        for name, (kind, values) in OBJECTS.items():
            base.execute("insert into object values (?, ?)", (name, kind))
            states = (name, "1970-01-01T00:00:00Z", None, *values.values())
            marks = ", ".join("?" * len(states))
            base.execute(f"insert into object_{kind.title()} values ({marks})", states)
        base.commit()
    return path


WRITERS = {
    "log.jsonocel": write_json_2,
    "log.json": write_json_1,
    "log.xml": write_xml,
    "log.sqlite": write_sqlite,
}
"""File name -> what writes the log in that format."""
