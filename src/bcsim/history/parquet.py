"""Parquet files, written and read through DuckDB: the only module that speaks its SQL.

A file is written under a temporary name and renamed when it is whole. Texts never become one
Python object a row when they are read: DuckDB numbers the distinct ones by first appearance.
"""

# ruff: noqa: S608 - SQL is made of the schema's names, of numbers and of quoted paths

from __future__ import annotations

import os
import struct
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.arrow import ColumnStream
from bcsim.history.columns import HistoryColumns, TextColumn, coded
from bcsim.history.names import Utf8Names
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, INTEGER_NAMES, NULL, NULL_CODE, TEXT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

INTEGER_TYPES: Final = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
)
"""DuckDB's types whose every value fits an int64."""

TEXT_TYPE: Final = "VARCHAR"


def connect(threads: int | None = None) -> DuckDBPyConnection:
    """Open DuckDB in memory; it never loads or fetches an extension.

    ``threads=1`` makes what it writes depend on nothing but the rows.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "scheduler_process_partial": True,  # or Ctrl-C is not seen before a query ends
        "async_threads": 0,  # or DuckDB 2.0 may wait for itself for ever where a write fails
    }
    if threads is not None:
        config["threads"] = threads
    return _silent(duckdb.connect(config=config))


def session(threads: int | None = None) -> DuckDBPyConnection:
    """Open a connection to the database that this process keeps, whose opening took 30 ms.

    For what sets nothing and makes nothing but temporary tables: settings are the database's, and
    after an internal error of DuckDB it is the database that refuses. Close it as any other.
    """
    try:
        return _silent(_database(os.getpid(), threads).cursor())
    except duckdb.Error:
        _database.cache_clear()
        return _silent(_database(os.getpid(), threads).cursor())


@cache
def _database(_process: int, threads: int | None) -> DuckDBPyConnection:
    """A database for each process: a fork has none of its parent's threads."""
    return connect(threads)


def _silent(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    connection.execute("set enable_progress_bar = false")  # it goes to standard output
    return connection


def literal(text: str | Path) -> str:
    """Quote a text for SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def scan(paths: Sequence[Path]) -> str:
    """Write the SQL that reads files in their order, as ``COLUMNS`` plus ``file_row_number``."""
    names = ", ".join(literal(_without_glob(path.absolute())) for path in paths)
    return f"read_parquet([{names}], file_row_number = true, hive_partitioning = false)"


def _without_glob(path: Path) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


@contextmanager
def keyboard_interrupts() -> Iterator[None]:
    """Let Ctrl-C be a KeyboardInterrupt; DuckDB makes a mere RuntimeError of it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


@contextmanager
def file_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn what DuckDB and the system say about ``path`` into a HistoryError."""
    try:
        with keyboard_interrupts():
            yield
    except (duckdb.Error, OSError) as error:
        first_line = str(error).strip().splitlines()[0]
        raise HistoryError(
            Problem(f"cannot {doing} the file", file=str(path), hint=first_line)
        ) from error


def staging(path: Path) -> TemporaryDirectory[str]:
    """Make a folder beside ``path`` for unfinished files; a rename from there is atomic."""
    with file_errors(path, "write"):
        return TemporaryDirectory(prefix=f".{path.name}.unfinished-", dir=path.parent)


def register(connection: DuckDBPyConnection, portions: Iterable[HistoryColumns]) -> ColumnStream:
    """Make rows known to DuckDB as ``portions``, to be read once, in the schema's columns.

    Portions are asked for while a query reads them; what they raise is in the stream's ``error``.
    """
    stream = ColumnStream(INTEGER_NAMES, TEXT_NAMES, map(_batch, portions))
    connection.register("portions", stream)
    return stream


def _batch(rows: HistoryColumns) -> tuple[list[NDArray[np.int64]], list[TextColumn]]:
    rows = rows.compact()
    return list(map(rows.integer, INTEGER_NAMES)), list(map(rows.text, TEXT_NAMES))


def write(connection: DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    """Write the result of ``query`` as one Parquet file."""
    connection.execute(f"copy ({query}) to {literal(path.absolute())} (format parquet, {options})")


def write_portions(
    connection: DuckDBPyConnection, portions: Iterable[HistoryColumns], path: Path, options: str
) -> None:
    """Write rows as one Parquet file while they come; what ``portions`` raises is raised."""
    stream = register(connection, portions)
    try:
        write(connection, PORTIONS, path, options)
    except duckdb.Error:
        if stream.error is not None:
            raise stream.error from None
        raise


def metadata_option(metadata: Mapping[str, str]) -> str:
    """Write the option of :func:`write` that stores keys and values in the file."""
    pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in metadata.items())
    return f"kv_metadata {{{pairs}}}"


PORTIONS: Final = f"select {', '.join(COLUMN_NAMES)} from portions"
"""The SQL that reads what :func:`register` made known."""


def select(paths: Sequence[Path]) -> str:
    """Write the SQL that reads exactly the schema's columns from files, in order."""
    return f"select {', '.join(COLUMN_NAMES)} from {scan(paths)}"


def read_metadata(connection: DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Keys and values stored in a file; raises HistoryError if it is not a Parquet file."""
    if not path.is_file():
        raise HistoryError(Problem("there is no such file", file=str(path)))
    with file_errors(path, "read"):
        rows = connection.execute(
            "select key, value from parquet_kv_metadata(?)", [_without_glob(path.absolute())]
        ).fetchall()
    return {key.decode(): value.decode(errors="replace") for key, value in rows}


def row_count(connection: DuckDBPyConnection, path: Path) -> int:
    """Rows of a file."""
    with file_errors(path, "read"):
        (count,) = connection.execute(f"select count(*) from {scan([path])}").fetchall()[0]
    return int(count)


def check_columns(connection: DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Return a file's column names.

    Raises HistoryError naming every missing column and every column of a wrong type.
    """
    with file_errors(path, "read"):
        described = connection.execute(f"describe select * from {scan([path])}").fetchall()
    type_by_name = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
    problems: list[Problem] = []
    for column in COLUMNS:
        found = type_by_name.get(column.name)
        allowed = INTEGER_TYPES if column.is_integer else {TEXT_TYPE}
        if found is None:
            problems.append(
                Problem(f"column {column.name} is missing", str(path), expected=column.meaning)
            )
        elif found not in allowed:
            expected = "BIGINT" if column.is_integer else TEXT_TYPE
            message = f"column {column.name} has the wrong type"
            problems.append(Problem(message, str(path), value=found, expected=expected))
    if problems:
        raise HistoryError(problems)
    return tuple(type_by_name)


def create_events(connection: DuckDBPyConnection, portions: Iterable[HistoryColumns]) -> None:
    """Make a table ``events`` of rows in memory."""
    register(connection, portions)
    connection.execute("set threads = 1")  # so that rows keep their order
    connection.execute(f"create table events as {PORTIONS}")
    connection.execute("reset threads")
    connection.unregister("portions")


def amend(path: Path, placeholder: str, value: str) -> None:
    """Put what was not known when writing began in the place of a text in a file's metadata.

    The metadata stand at the end of the file, as text after its length, and nothing in them
    says where anything else of them is (Parquet's footer is Thrift in its compact protocol).
    """
    with path.open("r+b") as file:
        file.seek(-_TAIL.size, os.SEEK_END)
        length, magic = _TAIL.unpack(file.read())
        footer_at = file.seek(-_TAIL.size - length, os.SEEK_END)
        footer = file.read(length)
        assert footer.count(_text(placeholder)) == 1, f"{placeholder} is not there once"
        footer = footer.replace(_text(placeholder), _text(value))
        file.seek(footer_at)
        file.write(footer + _TAIL.pack(len(footer), magic))
        file.truncate()


_TAIL: Final = struct.Struct("<I4s")
"""What every Parquet file ends with: the length of its footer, and ``PAR1``."""


def _text(text: str) -> bytes:
    """A text in Thrift's compact protocol: its length, seven bits a byte, and its bytes."""
    encoded = text.encode()
    length, rest = [], len(encoded)
    while rest > _SEVEN_BITS:
        length.append(rest & _SEVEN_BITS | _SEVEN_BITS + 1)
        rest >>= 7
    return bytes([*length, rest]) + encoded


_SEVEN_BITS: Final = 0x7F


def load(connection: DuckDBPyConnection, path: Path, first: int, count: int) -> HistoryColumns:
    """Read ``count`` rows of a file from row ``first``; each text is a Python object for a time."""
    rows = f"{scan([path])} where file_row_number between {first} and {first + count - 1}"
    terms = ", ".join((*_integer_terms(), *TEXT_NAMES))
    columns: dict[str, NDArray[np.int64] | TextColumn] = {}
    with file_errors(path, "read"):
        found = connection.execute(f"select {terms} from {rows}").fetchnumpy()
    columns |= {name: found[name] for name in INTEGER_NAMES}
    columns |= {name: coded(name, _cells(found[name])) for name in TEXT_NAMES}
    return HistoryColumns(columns)


def load_large(connection: DuckDBPyConnection, path: Path, count: int) -> HistoryColumns:
    """Read a whole file of ``count`` rows; texts stay in DuckDB, or in one buffer a column.

    NOTE: it costs some queries a text column, 0.1 s in all, so it is for large files; of a
    million rows it takes a third of the time of :func:`load` (DuckDB 2.0).
    """
    columns: dict[str, NDArray[np.int64] | TextColumn] = {}
    with file_errors(path, "read"):
        query = f"select {', '.join(_integer_terms())} from {scan([path])}"
        columns |= connection.execute(query).fetchnumpy()
        names = {name: _distinct_texts(connection, scan([path]), name) for name in TEXT_NAMES}
        few = {name: found for name, found in names.items() if len(found) <= _FEW_NAMES}
        columns |= _numbered_by_list(connection, scan([path]), few, count)
        for name in names.keys() - few.keys():
            codes = _numbered_by_join(connection, scan([path]), name, count)
            columns[name] = TextColumn(codes, names[name])
    return HistoryColumns(columns)


_FEW_NAMES: Final = 64
"""Distinct texts that are found sooner in a list than in a hash table."""


def _distinct_texts(connection: DuckDBPyConnection, source: str, name: str) -> Sequence[str]:
    """Distinct texts by first appearance, left in DuckDB too, as table ``distinct_NAME``."""
    connection.execute(
        f"create or replace temp table distinct_{name} as "
        "select name, row_number() over (order by appeared) - 1 as code from "
        f"(select {name} as name, min(file_row_number) as appeared from {source} "
        f"where {name} is not null group by {name})"
    )
    found = connection.execute(f"select count(*) from distinct_{name}").fetchall()[0][0]
    if found <= _FEW_NAMES:
        rows = connection.execute(f"select name from distinct_{name} order by code").fetchall()
        return tuple(row[0] for row in rows)
    query = f"select strlen(name) as length from distinct_{name} order by code"
    lengths = connection.execute(query).fetchnumpy()["length"]
    query = f"select string_agg(name, '' order by code) from distinct_{name}"
    whole = connection.execute(query).fetchall()[0][0]
    return Utf8Names(np.frombuffer(whole.encode(), dtype=np.uint8), np.cumsum(lengths))


def _numbered_by_list(
    connection: DuckDBPyConnection, source: str, few: Mapping[str, Sequence[str]], count: int
) -> dict[str, TextColumn]:
    """Columns of few texts each, all in one go."""
    terms = ["file_row_number as row"]
    for column, names in few.items():
        texts = ", ".join(map(literal, names))
        terms.append(f"coalesce(list_position([{texts}]::varchar[], {column}), 0)::int as {column}")
    found = connection.execute(f"select {', '.join(terms)} from {source}").fetchnumpy()
    columns = {}
    for column, names in few.items():
        codes = np.empty(count, dtype=np.int32)
        codes[found["row"]] = found[column] - 1
        columns[column] = TextColumn(codes, names)
    return columns


def _numbered_by_join(
    connection: DuckDBPyConnection, source: str, name: str, count: int
) -> NDArray[np.int32]:
    """Numbers of a column of many texts; a join gives rows in no order, so each says its place."""
    codes = np.full(count, NULL_CODE, dtype=np.int32)
    placed = connection.execute(
        f"select file_row_number as row, code::int as code "
        f"from {source} join distinct_{name} on name = {name}"
    ).fetchnumpy()
    codes[placed["row"]] = placed["code"]
    connection.execute(f"drop table distinct_{name}")
    return codes


def _integer_terms() -> list[str]:
    return [f"coalesce({name}::bigint, {NULL}) as {name}" for name in INTEGER_NAMES]


def _cells(texts: NDArray[np.object_]) -> list[object]:
    """Fetched texts, with None for null."""
    array = np.array(np.ma.getdata(texts), dtype=object)
    array[np.ma.getmaskarray(texts)] = None
    cells: list[object] = array.tolist()
    return cells
