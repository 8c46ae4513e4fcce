"""Tables to histories: CSV, TSV, JSON Lines, Parquet, XLSX, by a mapping of their columns.

What a row cannot say plainly is an error that names file and line: a time without a zone, a
local time that occurs twice, a number that is none, an event that the mapping does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, concatenate
from bcsim.history.history import History
from bcsim.history.logs import times
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.mapping import ALL, DECIMALS
from bcsim.history.logs.reading import Reading
from bcsim.history.logs.rows import EventRows, Faults
from bcsim.history.logs.table import loaded, names_of, table_errors
from bcsim.history.profile import Coverage
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from bcsim.history.logs.mapping import TableMapping
    from bcsim.history.logs.recognition import Format
    from bcsim.history.logs.table import Table


def read_table(path: Path, found: Format, mapping: TableMapping) -> Reading:
    """Read a table.

    Parameters
    ----------
    path
        The file.
    found
        What :func:`bcsim.history.logs.recognition.recognise` makes of it.
    mapping
        What its columns hold.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming every row that cannot be read, up to ``limits.PROBLEMS_SHOWN_MAX``.
    """
    form, names = names_of(path, found, mapping.form)
    used = tuple(dict.fromkeys(name for rule in mapping.events for name in rule.used()))
    _require(used, names, path, mapping)
    with loaded(path, found, form, used or names[:1]) as (connection, table), table_errors(path):
        return read_cells(connection, table, mapping)


def read_cells(connection: DuckDBPyConnection, table: Table, mapping: TableMapping) -> Reading:
    """Read a table whose cells are in DuckDB; raises as :func:`read_table`."""
    faults = Faults(table, mapping)
    pieces = [EventRows(connection, i, faults) for i in range(len(mapping.events))]
    scales = _scales(pieces, mapping)
    columns = [piece.columns(scales) for piece in pieces]
    faults.raise_problems()
    history = _history(columns, [piece.lines for piece in pieces])
    is_timed = any(rule.time is not None for rule in mapping.events)
    profile = log_profile(
        **{f"{name}_scale": scale for name, scale in scales.items()},
        intents_recorded=mapping.has_intents,
        declared_kinds=_declared(mapping, history),
        coverage=_coverage(mapping, history),
        source=table.path.name,
    )
    return Reading(History(history, profile), _notes(table, history, scales), is_timed)


def _require(used: Sequence[str], names: Sequence[str], path: Path, mapping: TableMapping) -> None:
    missing = [name for name in used if name not in names]
    if missing:
        raise HistoryError(
            [
                Problem(
                    f"the table has no column {name}",
                    str(path),
                    1,
                    1,
                    expected=f"one of {', '.join(names)}",
                    hint=f"mend {mapping.source}" if mapping.source else "write a mapping",
                )
                for name in missing
            ]
        )


# -- the whole -------------------------------------------------------------------------------


def _scales(pieces: Sequence[EventRows], mapping: TableMapping) -> dict[str, int]:
    """Digits of each kind of decimal: as stated, or as many as occur."""
    return {
        name: mapping.scales.get(name, max(piece.digits(name) for piece in pieces))
        for name in DECIMALS
    }


def _history(
    columns: Sequence[HistoryColumns], lines: Sequence[NDArray[np.int64]]
) -> HistoryColumns:
    """Put the events in the order of their rows."""
    whole = concatenate(columns).take(np.argsort(np.concatenate(lines), kind="stable")).compact()
    numbered = {name: whole[name] for name in whole if name != "seq"}
    return HistoryColumns({**numbered, "seq": np.arange(whole.row_count)})


def _declared(mapping: TableMapping, history: HistoryColumns) -> tuple[str, ...]:
    """Kinds that the table claims to hold: those that the mapping names; empty: all of them."""
    if ALL in mapping.declares:
        return ()
    kinds = dict.fromkeys(mapping.declares)
    for rule in mapping.events:
        if "kind" in rule.constants:
            kinds[rule.constants["kind"]] = None
        else:
            kinds |= dict.fromkeys(k for k in rule.values.get("kind", {}).values() if k)
    kinds |= dict.fromkeys(str(name) for name in history.text("kind").names)
    return tuple(kind.value for kind in Kind if kind.value in kinds)


def _coverage(mapping: TableMapping, history: HistoryColumns) -> tuple[Coverage, ...]:
    zone = next((rule.time.zone for rule in mapping.events if rule.time is not None), "")
    time_ns = history.integer("time_ns")
    found = []
    for span in mapping.covers:
        ends: list[int | None] = [None, None]
        for i, text in enumerate((span.begin, span.end)):
            ends[i] = times.instant(text, zone) if text else None
            if text and ends[i] is None:
                message = "covers: not a time, or its zone is not known"
                raise HistoryError(Problem(message, mapping.source, value=text))
        if len(time_ns):
            ends[0] = int(time_ns.min()) if ends[0] is None else ends[0]
            ends[1] = int(time_ns.max()) if ends[1] is None else ends[1]
        if ends[0] is not None:
            found.append(Coverage(span.vantage, ends[0], ends[1]))
    return tuple(found)


def _notes(table: Table, history: HistoryColumns, scales: Mapping[str, int]) -> tuple[str, ...]:
    units = [f"{name} in units of 1e-{scale}" for name, scale in scales.items() if scale]
    stated = f" ({', '.join(units)})" if units else ""
    counts = f"{table.row_count:,} rows, {history.row_count:,} events"
    return (f"{table.path.name}: {table.format.value}, {counts}{stated}",)
