"""Files between a reader that works row by row and DuckDB: one for each table of a log."""

# ruff: noqa: S608 - SQL is made of this module's own names and of quoted paths

from __future__ import annotations

import csv
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim import limits
from bcsim.history import parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    Write: TypeAlias = Callable[..., None]

TABLES: Final = ("events", "event_values", "relations", "objects", "object_values", "declared")

_NULL: Final = "\x01null"
"""Stands for null; a text that an XML document cannot hold."""


@contextmanager
def stage_files(folder: Path) -> Iterator[Write]:
    """Open a file for each table; gives the function that writes a row to one."""
    with ExitStack() as stack:
        writers = {}
        for table in TABLES:
            path = _path(folder, table)
            stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")

        def write(table: str, *cells: object) -> None:
            writers[table].writerow([_NULL if cell is None else str(cell) for cell in cells])

        yield write


def load_stages(connection: DuckDBPyConnection, folder: Path) -> None:
    """Load the files into the tables of the same names."""
    for table in TABLES:
        path = _path(folder, table)
        if path.stat().st_size:
            described = connection.execute(f"describe {table}").fetchall()
            schema = ", ".join(f"'{row[0]}': 'VARCHAR'" for row in described)
            connection.execute(
                f"insert into {table} select * from (select nullif(columns(*), '{_NULL}') from "
                f"read_csv({parquet.literal(path.absolute())}, columns = {{{schema}}}, "
                f"header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
                f"max_line_size = {limits.LOG_LINE_BYTES_MAX}, compression = 'none'))"
            )


def _path(folder: Path, table: str) -> Path:
    return folder / f"stage-{table}.csv"
