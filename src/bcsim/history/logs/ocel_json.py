"""OCEL in JSON: DuckDB takes the document apart, so that its parts never are Python objects."""

# ruff: noqa: S608 - SQL is made of this module's own names and of quoted paths

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def load_json_2(connection: DuckDBPyConnection, path: Path, folder: Path) -> None:
    """Load OCEL 2.0: lists of objects and events."""
    del folder
    _run(
        connection,
        path,
        """
        create temp table e as select row_number() over () as place, item from (
            select unnest(json_extract(json, '$.events[*]')) as item from document);
        create temp table o as
            select unnest(json_extract(json, '$.objects[*]')) as item from document;
        insert into events select place, item->>'$.id', item->>'$.type', item->>'$.time' from e;
        insert into event_values select event, a->>'$.name', a->>'$.value' from (
            select item->>'$.id' as event, unnest(json_extract(item, '$.attributes[*]')) as a
            from e);
        insert into relations select event, r->>'$.objectId' from (
            select item->>'$.id' as event, unnest(json_extract(item, '$.relationships[*]')) as r
            from e);
        insert into objects select item->>'$.id', item->>'$.type' from o;
        create temp table t as
            select unnest(json_extract(json, '$.objectTypes[*]')) as item from document;
        insert into declared select 'object:' || (item->>'$.name') from t;
        insert into declared select kind || '.' || (a->>'$.name') from (
            select item->>'$.name' as kind, unnest(json_extract(item, '$.attributes[*]')) as a
            from t);
        insert into declared select a->>'$.name' from (
            select unnest(json_extract(json, '$.eventTypes[*].attributes[*]')) as a
            from document);
        drop table t;
        insert into object_values select object, a->>'$.name', a->>'$.time', a->>'$.value' from (
            select item->>'$.id' as object, unnest(json_extract(item, '$.attributes[*]')) as a
            from o);
        """,
    )


def load_json_1(connection: DuckDBPyConnection, path: Path, folder: Path) -> None:
    """Load OCEL 1.0: objects and events by their ids."""
    del folder
    by_id = "unnest(map_entries(cast(json_extract(json, '$.\"{}\"') as map(varchar, json))))"
    values = "unnest(map_entries(cast(json_extract(item, '$.\"{}\"') as map(varchar, varchar))))"
    declared = '\'$."ocel:global-log"."ocel:{}"[*]\''
    object_types = declared.format("object-types")
    attributes = declared.format("attribute-names")
    _run(
        connection,
        path,
        f"""
        create temp table e as select row_number() over () as place, entry.key as id,
            entry.value as item from (select {by_id.format("ocel:events")} as entry from document);
        create temp table o as select entry.key as id, entry.value as item from (
            select {by_id.format("ocel:objects")} as entry from document);
        insert into events select place, id, item->>'$."ocel:activity"',
            item->>'$."ocel:timestamp"' from e;
        insert into event_values select id, a.key, a.value from (
            select id, {values.format("ocel:vmap")} as a from e);
        insert into relations select id, object->>'$' from (
            select id, unnest(json_extract(item, '$."ocel:omap"[*]')) as object from e);
        insert into objects select id, item->>'$."ocel:type"' from o;
        insert into object_values select id, a.key, null, a.value from (
            select id, {values.format("ocel:ovmap")} as a from o);
        insert into declared select 'object:' || (name->>'$') from (
            select unnest(json_extract(json, {object_types})) as name from document);
        insert into declared select name->>'$' from (
            select unnest(json_extract(json, {attributes})) as name from document);
        """,
    )


def _run(connection: DuckDBPyConnection, path: Path, script: str) -> None:
    size = path.stat().st_size + 1024
    name = parquet.literal(path.absolute())
    try:
        with parquet.keyboard_interrupts():
            connection.execute(
                f"create temp table document as select json from read_json_objects({name}, "
                f"format = 'unstructured', maximum_object_size = {size})"
            )
            connection.execute(script)
            connection.execute("drop table document; drop table e; drop table o")
    except (duckdb.Error, OSError) as error:
        hint = str(error).strip().splitlines()[0].split('"')[0][:200]
        raise HistoryError(Problem("the log is not OCEL", str(path), hint=hint)) from error
