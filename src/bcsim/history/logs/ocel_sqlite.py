"""OCEL 2.0 in SQLite, read by the standard library: the file is data, never a program."""

# ruff: noqa: S608 - names of tables and columns are quoted

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from bcsim.errors import HistoryError, Problem
from bcsim.history.logs.ocel_stage import load_stages, stage_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from bcsim.history.logs.ocel_stage import Write

_OWN: Final = frozenset({"ocel_id", "ocel_time", "ocel_changed_field"})


def load_sqlite(connection: DuckDBPyConnection, path: Path, folder: Path) -> None:
    """Load a SQLite log through a file for each table."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as source, stage_files(folder) as write:
            source.execute("pragma trusted_schema = off")
            source.execute("pragma query_only = on")
            source.text_factory = lambda text: text.decode("utf-8", "replace")
            _write_events(source, write)
            _write_objects(source, write)
            for name in _declared(source):
                write("declared", name)
            for row in source.execute("select ocel_event_id, ocel_object_id from event_object"):
                write("relations", *row)
    except (sqlite3.Error, OSError, csv.Error, OverflowError) as error:
        hint = "an OCEL 2.0 log has the tables event, object, event_object, event_map_type …"
        raise HistoryError(Problem("the log is not OCEL", str(path), hint=hint)) from error
    load_stages(connection, folder)


def _write_events(source: sqlite3.Connection, write: Write) -> None:
    for place, (kind, row) in enumerate(_rows(source, "event"), start=1):
        write("events", place, row["ocel_id"], kind, row.get("ocel_time"))
        for name, value in row.items():
            if name not in _OWN and value is not None:
                write("event_values", row["ocel_id"], name, value)


def _write_objects(source: sqlite3.Connection, write: Write) -> None:
    for row in source.execute("select ocel_id, ocel_type from object"):
        write("objects", *row)
    for _, row in _rows(source, "object"):
        changed = row.get("ocel_changed_field")
        for name, value in row.items():
            if name not in _OWN and value is not None and changed in (None, name):
                write("object_values", row["ocel_id"], name, row.get("ocel_time"), value)


def _declared(source: sqlite3.Connection) -> Iterator[str]:
    """Columns that the tables of all types promise, though no row may be in them."""
    for thing in ("object", "event"):
        types = source.execute(f"select ocel_type, ocel_type_map from {thing}_map_type")
        for kind, suffix in types.fetchall():
            if thing == "object":
                yield f"object:{kind}"
            table = f"{thing}_{suffix}".replace('"', '""')
            for column in source.execute(f'select * from "{table}" limit 0').description:
                if column[0] not in _OWN:
                    yield f"{kind}.{column[0]}" if thing == "object" else column[0]


def _rows(source: sqlite3.Connection, thing: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Rows of the tables of all types of events or objects, with the type of each."""
    types = source.execute(f"select ocel_type, ocel_type_map from {thing}_map_type").fetchall()
    for kind, suffix in types:
        table = f"{thing}_{suffix}".replace('"', '""')
        cursor = source.execute(f'select * from "{table}"')
        names = [column[0] for column in cursor.description]
        if "ocel_id" not in names:
            message = f"table {thing}_{suffix} has no column ocel_id"
            raise sqlite3.DatabaseError(message)
        for row in cursor:
            yield str(kind), dict(zip(names, row, strict=True))
