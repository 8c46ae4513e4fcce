"""Object-centric event logs as tables: OCEL 2.0 in JSON, XML and SQLite, and 1.0 in JSON.

Sources: OCEL 2.0 specification (Berti et al., arXiv:2403.01975, 2024); OCEL 1.0 (Ghahfarokhi et
al., ocel-standard.org, 2020). The columns of the table are ``event`` (its id), ``activity`` (its
type), ``time``, the events' attributes by name, ``object:TYPE`` (id of a related object of that
type) and ``TYPE.NAME`` (an attribute of that object, as it was at the time of the event). An
event with several objects of a type that is used makes a row for each.
"""

# ruff: noqa: S608 - SQL is made of this module's own names and of quoted texts

from __future__ import annotations

import gzip
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet
from bcsim.history.logs.ocel_json import load_json_1, load_json_2
from bcsim.history.logs.ocel_sqlite import load_sqlite
from bcsim.history.logs.ocel_xml import load_xml
from bcsim.history.logs.recognition import Format, is_gzip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

EVENT: Final = "event"
ACTIVITY: Final = "activity"
TIME: Final = "time"
OBJECT: Final = "object:"

STAGES: Final[Mapping[str, str]] = {
    "events": "place bigint, id varchar, type varchar, time varchar",
    "event_values": "event varchar, name varchar, value varchar",
    "relations": "event varchar, object varchar",
    "objects": "id varchar, type varchar",
    "object_values": "object varchar, name varchar, time varchar, value varchar",
    "declared": "name varchar",
}
"""The tables that each format is brought into, and their columns."""

_LOADERS: Final[Mapping[Format, Callable[[DuckDBPyConnection, Path, Path], None]]] = {
    Format.OCEL_JSON: load_json_2,
    Format.OCEL_1_JSON: load_json_1,
    Format.OCEL_XML: load_xml,
    Format.OCEL_SQLITE: load_sqlite,
}


@contextmanager
def staged(path: Path, found: Format) -> Iterator[DuckDBPyConnection]:
    """Bring a log into the tables of :data:`STAGES`; they last as long as the context.

    Raises
    ------
    bcsim.errors.HistoryError
        If the log is too large, damaged, or names an event or object twice.
    """
    with TemporaryDirectory(prefix="bcsim-ocel-") as folder, parquet.connect() as connection:
        connection.execute(f"set temp_directory = {parquet.literal(folder)}")
        connection.execute("set timezone = 'UTC'")
        for name, columns in STAGES.items():
            connection.execute(f"create table {name} ({columns})")
        with parquet.file_errors(path, "read"):
            _LOADERS[found](connection, _unpacked(path, Path(folder)), Path(folder))
            _check(connection, path)
        yield connection


def names_in(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """Columns that a staged log has as a table."""
    related = "object_values join objects on id = object"
    queries = (
        "select distinct name from event_values order by 1",
        f"select distinct '{OBJECT}' || type from objects order by 1",
        f"select distinct type || '.' || name from {related} order by 1",
        "select distinct name from declared order by 1",  # of which the log may hold none
    )
    found = [row[0] for query in queries for row in connection.execute(query).fetchall()]
    return tuple(dict.fromkeys((EVENT, ACTIVITY, TIME, *found)))


def select(connection: DuckDBPyConnection, names: Sequence[str], path: Path) -> str:
    """Write the SQL that gives the columns ``names`` as c0, c1 and so on, a row an event."""
    types = [row[0] for row in connection.execute("select distinct type from objects").fetchall()]
    joins: dict[str, str] = {}
    terms = []
    for i, name in enumerate(names):
        kind = _type_in(name, types)
        if kind is not None:
            joins.setdefault(kind, f"o{len(joins)}")
        terms.append(f"{_term(name, kind, joins)} as c{i}")
    related = [
        f"left join (select distinct event, object from relations join objects on id = object "
        f"where type = {parquet.literal(kind)}) as {alias} on {alias}.event = events.id"
        for kind, alias in joins.items()
    ]
    _refuse_crosses(connection, tuple(joins), path)
    ordered = ", ".join(["place", *(f"{alias}.object" for alias in joins.values())])
    return f"select {', '.join(terms)} from events {' '.join(related)} order by {ordered}"


def _refuse_crosses(connection: DuckDBPyConnection, kinds: Sequence[str], path: Path) -> None:
    """Refuse events with several objects of two types: no log says which belongs to which."""
    listed = ", ".join(parquet.literal(kind) for kind in kinds)
    if len(kinds) < 2:  # noqa: PLR2004 - two types
        return
    query = (
        "select place, string_agg(kind, ' and ' order by kind) from ("
        "select place, objects.type as kind from events "
        "join relations on events.id = event join objects on objects.id = object "
        f"where objects.type in ({listed}) group by 1, 2 having count(distinct object) > 1) "
        "group by place having count(*) > 1 order by place"
    )
    found = connection.execute(query).fetchmany(limits.PROBLEMS_SHOWN_MAX)
    problems = [
        Problem(
            f"event {place}: several objects of more than one type, and which belong together is "
            "not said",
            str(path),
            value=types,
            hint="write an event for each, or use only one of the types in the mapping",
        )
        for place, types in found
    ]
    if problems:
        raise HistoryError(problems)


def _type_in(name: str, types: Sequence[str]) -> str | None:
    """Type of object that a column is about, the longest that fits; None: the event's own."""
    if name.startswith(OBJECT):
        return name.removeprefix(OBJECT)
    return max((t for t in types if name.startswith(f"{t}.")), key=len, default=None)


def _term(name: str, kind: str | None, joins: Mapping[str, str]) -> str:
    own = {EVENT: "events.id", ACTIVITY: "events.type", TIME: "events.time"}
    if name in own:
        return own[name]
    if kind is None:
        wanted = f"event = events.id and name = {parquet.literal(name)}"
        return f"(select first(value) from event_values where {wanted})"
    alias = joins[kind]
    if name.startswith(OBJECT):
        return f"{alias}.object"
    attribute = parquet.literal(name.removeprefix(f"{kind}."))
    then, now = (f"try_cast({name} as timestamptz)" for name in ("time", "events.time"))
    return (
        f"(select coalesce(arg_max(value, {then}) filter ({then} <= {now}), "
        f"arg_min(value, {then}), first(value)) from object_values "
        f"where object_values.object = {alias}.object and name = {attribute})"
    )


def _check(connection: DuckDBPyConnection, path: Path) -> None:
    problems = []
    for table in ("events", "objects"):
        query = f"select count(*) - count(distinct id) from {table}"
        (count,) = connection.execute(query).fetchall()[0]
        if count:
            message = f"{count} {table} have an id that another one has, or none"
            problems.append(Problem(message, str(path), hint="ids must be distinct"))
    query = (
        "select count(*), min(place) from relations join events on events.id = event "
        "left join objects on objects.id = object where objects.id is null"
    )
    lost, first = connection.execute(query).fetchall()[0]
    if lost:
        message = f"related objects that the log does not hold: {lost}, the first of event {first}"
        hint = "without it nobody knows which order the event is about: export the objects, too"
        problems.append(Problem(message, str(path), hint=hint))
    if problems:
        raise HistoryError(problems)


def _unpacked(path: Path, folder: Path) -> Path:
    """The log without gzip; a log beyond the limit is refused before it is read."""
    place = path
    if is_gzip(path):
        place = folder / "unpacked"
        with gzip.open(path, "rb") as source, place.open("wb") as target:
            shutil.copyfileobj(_Bounded(source, path), target)
    if place.stat().st_size > limits.OCEL_BYTES_MAX:
        raise _too_large(path)
    return place


class _Bounded:
    """A stream that refuses to give more than the limit."""

    def __init__(self, source: gzip.GzipFile, path: Path) -> None:
        self._source = source
        self._path = path
        self._read = 0

    def read(self, count: int = -1) -> bytes:
        """Read on."""
        piece = self._source.read(count)
        self._read += len(piece)
        if self._read > limits.OCEL_BYTES_MAX:
            raise _too_large(self._path)
        return piece


def _too_large(path: Path) -> HistoryError:
    expected = f"at most {limits.OCEL_BYTES_MAX} bytes"
    return HistoryError(Problem("the log is too large", str(path), expected=expected))
