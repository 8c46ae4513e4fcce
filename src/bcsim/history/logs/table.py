"""A table of a log in DuckDB, every cell a text: from CSV, TSV, JSON Lines, Parquet or XLSX.

Cells never become Python objects here. A cell keeps the text that its file has: what it means
is for a mapping to say.
"""

# ruff: noqa: S608 - SQL is made of quoted names, of numbers and of quoted paths

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TextIO, cast

import duckdb

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet
from bcsim.history.logs import ocel
from bcsim.history.logs.recognition import UTF_16, Format, beginning_of, is_gzip
from bcsim.history.logs.spreadsheet import write_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from bcsim.history.logs.mapping import TableForm

CELLS: Final = "cells"
"""Name of the DuckDB table: ``line`` counts the rows from 1, then a text column each."""

_BLANKS: Final = " \t\r\n\u00a0\u2007\u202f\u3000\u200b\ufeff"
"""What does not count at the ends of a cell: tabulators and blanks that do not break, too."""

_DELIMITERS: Final = ",;\t|"
_LINE: Final = re.compile(r"[Ll]ine:? (\d+)")
_CELLS: Final = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_SAMPLE_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose cells are in DuckDB.

    Parameters
    ----------
    path
        The file.
    format
        What the file is.
    form
        How it is written down, with nothing left to find out.
    names
        Its columns, in order.
    row_count
        Rows without the header.
    """

    path: Path
    format: Format
    form: TableForm
    names: tuple[str, ...]
    row_count: int

    def sql(self, name: str) -> str:
        """SQL of a column: its text without blanks at the ends, null if empty."""
        return f"nullif(trim(c{self.names.index(name)}, '{_BLANKS}'), '')"

    @property
    def any_cell(self) -> str:
        """SQL that is null in a row without any text."""
        return f"coalesce({', '.join(self.sql(name) for name in self.names)})"

    def lines_of(self, rows: Sequence[int]) -> list[int]:
        """Lines of the file in which rows (from 1) begin; a quoted cell may span lines."""
        if self.format is not Format.TEXT_TABLE:
            header = 1 + self.form.skip_lines if self.format is Format.SPREADSHEET else 0
            return [row + header for row in rows]
        wanted = sorted(set(rows))
        found: dict[int, int] = {}
        with _opened(self.path, self.form) as stream:
            lines = csv.reader(stream, delimiter=self.form.delimiter, strict=False)
            before, row = self.form.skip_lines, -1
            for cells in lines:
                row += 1 if cells else 0
                if cells and wanted and row == wanted[0]:
                    found[wanted.pop(0)] = before + 1
                if not wanted:
                    break
                before = self.form.skip_lines + lines.line_num
        return [found.get(row, 0) for row in rows]


def names_of(path: Path, found: Format, form: TableForm) -> tuple[TableForm, tuple[str, ...]]:
    """Read the names of a table's columns, and how it is written down.

    Raises
    ------
    bcsim.errors.HistoryError
        If there is no header, or a name occurs twice in it.
    """
    match found:
        case Format.TEXT_TABLE:
            form, names = _text_header(path, form)
        case Format.JSON_TABLE:
            names = _json_names(path)
        case Format.PARQUET_TABLE:
            names = _parquet_names(path)
        case _ if found.is_ocel:
            with ocel.staged(path, found) as connection, table_errors(path):
                names = ocel.names_in(connection)
        case _:
            with TemporaryDirectory(prefix="bcsim-sheet-") as folder:
                copy = write_sheet(path, form, Path(folder, "sheet.csv"))
                _, names = _text_header(copy, replace(form, delimiter=",", encoding="utf-8"), path)
    return form, _distinct(names, path)


@contextmanager
def loaded(
    path: Path, found: Format, form: TableForm, names: Sequence[str]
) -> Iterator[tuple[DuckDBPyConnection, Table]]:
    """Load the columns ``names`` of a table; it is there as long as the context lasts."""
    with TemporaryDirectory(prefix="bcsim-table-") as folder, ExitStack() as stack:
        staged = ocel.staged(path, found) if found.is_ocel else parquet.connect()
        connection = stack.enter_context(staged)
        connection.execute(f"set temp_directory = {parquet.literal(folder)}")
        with table_errors(path):
            if found.is_ocel:
                source = ocel.select(connection, names, path)
            else:
                source = _source(path, found, form, names, Path(folder))
            connection.execute(
                f"create table {CELLS} as select row_number() over () as line, * from ({source})"
            )
            (count,) = connection.execute(f"select count(*) from {CELLS}").fetchall()[0]
        yield connection, Table(path, found, form, tuple(names), int(count))


@contextmanager
def table_errors(path: Path) -> Iterator[None]:
    """Turn what DuckDB says about a table into a HistoryError with its line; never its cells."""
    try:
        with parquet.keyboard_interrupts():
            yield
    except UnicodeError as error:
        message = "the table is not in UTF-8, or not in the encoding that its mapping names"
        hint = 'name it in the mapping: [table] encoding = "cp874" is the Thai of Windows'
        raise HistoryError(Problem(message, str(path), hint=hint)) from error
    except (duckdb.Error, OSError, csv.Error) as error:
        said = str(error).strip()
        first_line = said.splitlines()[0]
        place, cells = _LINE.search(first_line), _CELLS.search(said)
        line = int(place[1]) if place else 0
        hint = re.sub(r'"[^"]*"', '"…"', first_line)[:200]
        if "state machine" in first_line:
            hint = "lines end in different ways (CR LF and LF), or a quote is not closed"
        if cells:
            hint = f"the row has {cells[2]} cells, and the header has {cells[1]}"
        message = "the table cannot be read"
        raise HistoryError(Problem(message, str(path), line, 1, hint=hint)) from error


# -- reading each format ---------------------------------------------------------------------


def _source(path: Path, found: Format, form: TableForm, names: Sequence[str], folder: Path) -> str:
    """Write the SQL that gives the columns ``names`` as c0, c1 and so on."""
    match found:
        case Format.TEXT_TABLE:
            form, present = _text_header(path, form)
            place = path
            if codecs.lookup(form.encoding).name != "utf-8":
                place = _transcoded(path, form, folder)
                form = replace(form, encoding="utf-8", skip_lines=0)
            return _select_csv(place, form, present, names)
        case Format.JSON_TABLE:
            return _select_json(path, form, names)
        case Format.PARQUET_TABLE:
            cells = (_parquet_cell(_quoted(name), form) for name in names)
            columns = ", ".join(f"{cell} as c{i}" for i, cell in enumerate(cells))
            return f"select {columns} from {parquet.scan([path])} order by file_row_number"
        case _:
            copy = write_sheet(path, form, folder / "sheet.csv")
            plain = replace(form, delimiter=",", encoding="utf-8")
            _, present = _text_header(copy, plain, path)
            return _select_csv(copy, plain, present, names)


def _select_csv(path: Path, form: TableForm, present: Sequence[str], names: Sequence[str]) -> str:
    schema = ", ".join(f"'p{i}': 'VARCHAR'" for i in range(len(present)))
    columns = ", ".join(f"p{present.index(name)} as c{i}" for i, name in enumerate(names))
    options = (
        f"columns = {{{schema}}}, delim = {parquet.literal(form.delimiter)}, quote = '\"', "
        f"escape = '\"', header = true, skip = {form.skip_lines}, auto_detect = false, "
        f"max_line_size = {limits.LOG_LINE_BYTES_MAX}, strict_mode = true, "
        f"compression = '{'gzip' if is_gzip(path) else 'none'}'"
    )
    return f"select {columns} from read_csv({_name(path)}, {options})"


def _select_json(path: Path, form: TableForm, names: Sequence[str]) -> str:
    columns = ", ".join(f"{_json_cell(name, form)} as c{i}" for i, name in enumerate(names))
    return f"select {columns} from {_json_rows(path)}"


def _json_rows(path: Path) -> str:
    compression = "gzip" if is_gzip(path) else "uncompressed"
    return (
        f"(select json from read_json_objects({_name(path)}, format = 'auto', "
        f"compression = '{compression}', maximum_object_size = {limits.LOG_LINE_BYTES_MAX}))"
    )


def _json_cell(name: str, form: TableForm) -> str:
    """A key of the row, or a path of keys joined by points; a nested value stays JSON.

    Numbers get the decimal sign that the texts have: they have a point, whatever texts have.
    """
    paths = [[name]] + ([name.split(".")] if "." in name else [])
    cells = []
    for keys in paths:
        path = "$" + "".join("." + json.dumps(key, ensure_ascii=False) for key in keys)
        cell = f"json_extract_string(json, {parquet.literal(path)})"
        if form.decimal != ".":
            kind = f"json_type(json, {parquet.literal(path)})"
            signed = f"replace({cell}, '.', '{form.decimal}')"
            cell = f"(case when {kind} = 'DOUBLE' then {signed} else {cell} end)"
        cells.append(cell)
    return f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]


def _json_names(path: Path) -> tuple[str, ...]:
    """Keys of the first rows, those of nested objects joined by points, in order."""
    with parquet.session() as connection, table_errors(path):
        query = f"select json::varchar from {_json_rows(path)} limit {_SAMPLE_ROWS}"
        rows = [json.loads(text) for (text,) in connection.execute(query).fetchall()]
    names: dict[str, None] = {}
    for row in rows:
        if not isinstance(row, dict):
            message, expected = "a row is not an object", '{"column": value, …}'
            raise HistoryError(Problem(message, str(path), expected=expected))
        names |= dict.fromkeys(_keys(row))
    return tuple(names)


def _keys(row: dict[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in row.items():
        if isinstance(value, dict) and value:
            yield from _keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def _parquet_cell(column: str, form: TableForm) -> str:
    """A cell as text; numbers get the decimal sign that the texts have."""
    cell = f"{column}::varchar"
    if form.decimal == ".":
        return cell
    is_number = f"regexp_matches(typeof({column}), '^(DOUBLE|FLOAT|DECIMAL)')"
    return f"(case when {is_number} then replace({cell}, '.', '{form.decimal}') else {cell} end)"


def _parquet_names(path: Path) -> tuple[str, ...]:
    with parquet.session() as connection, table_errors(path):
        described = connection.execute(f"describe select * from {parquet.scan([path])}")
        return tuple(row[0] for row in described.fetchall() if row[0] != "file_row_number")


# -- text ------------------------------------------------------------------------------------


def _text_header(
    path: Path, form: TableForm, shown: Path | None = None
) -> tuple[TableForm, tuple[str, ...]]:
    """Delimiter and names of a table in text; ``shown`` is the file that a problem names."""
    file = str(shown or path)
    form = _with_mark(path, form)
    with table_errors(shown or path), _opened(path, form) as stream:
        line = stream.readline(limits.LOG_LINE_BYTES_MAX + 1)
        if not line.strip():
            message, hint = "there is no header", "the first line names the columns"
            raise HistoryError(Problem(message, file, form.skip_lines + 1, 1, hint=hint))
        delimiter = form.delimiter or max(_DELIMITERS, key=line.count)
        names = next(csv.reader(_header_lines(line, stream, file), delimiter=delimiter), [])
    found = tuple(name.strip() or f"column {i + 1}" for i, name in enumerate(names))
    return replace(form, delimiter=delimiter), found


def _header_lines(line: str, stream: TextIO, file: str) -> Iterator[str]:
    """The first line and those behind it: a name in quotes may span lines."""
    left = limits.LOG_LINE_BYTES_MAX
    while line:
        left -= len(line)
        if left < 0:
            expected = f"at most {limits.LOG_LINE_BYTES_MAX} characters"
            raise HistoryError(Problem("the header is too long", file, 1, 1, expected=expected))
        yield line
        line = stream.readline(left + 1)


def _with_mark(path: Path, form: TableForm) -> TableForm:
    """The form of a file whose first bytes say that it is in UTF-16."""
    is_utf_16 = codecs.lookup(form.encoding).name == "utf-8" and beginning_of(path, 2) in UTF_16
    return replace(form, encoding="utf-16") if is_utf_16 else form


@contextmanager
def _opened(path: Path, form: TableForm) -> Iterator[TextIO]:
    """Open a table in text behind the lines that are to be skipped."""
    encoding = "utf-8-sig" if codecs.lookup(form.encoding).name == "utf-8" else form.encoding
    opener = gzip.open if is_gzip(path) else open
    stream = cast("TextIO", opener(path, "rt", encoding=encoding, newline=""))
    with stream:
        for _ in range(form.skip_lines):
            stream.readline()
        yield stream


def _transcoded(path: Path, form: TableForm, folder: Path) -> Path:
    """A copy in UTF-8, without the lines that are to be skipped, a piece at a time."""
    copy = folder / "transcoded.csv"
    with _opened(path, form) as source, copy.open("w", encoding="utf-8", newline="") as target:
        shutil.copyfileobj(source, target)
    return copy


# -- names -----------------------------------------------------------------------------------


def _distinct(names: Sequence[str], path: Path) -> tuple[str, ...]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message, hint = "the header has a name more than once", "rename one of them"
        raise HistoryError(Problem(message, str(path), 1, 1, ", ".join(repeated), hint=hint))
    if not names:
        message = "the table has no columns"
        raise HistoryError(Problem(message, str(path)))
    return tuple(names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _name(path: Path) -> str:
    """Path as SQL; the signs of patterns stand for themselves."""
    return parquet.literal("".join(f"[{s}]" if s in "*?[" else s for s in str(path.absolute())))
