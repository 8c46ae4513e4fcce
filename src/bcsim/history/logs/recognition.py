"""Which format a file is in, by what is in it and not by its name; packed by gzip or not."""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet
from bcsim.history.schema import COLUMNS, FORMAT

if TYPE_CHECKING:
    from pathlib import Path

BEGINNING_BYTES: Final = 64 * 1024
"""How much of a file is looked at."""

GZIP_MAGIC: Final = b"\x1f\x8b"

_PARQUET_MAGIC: Final = b"PAR1"
_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
_ZIP_MAGIC: Final = b"PK\x03\x04"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16, which no text in UTF-8 begins with."""

WINDOWS_THAI: Final = "cp874"
"""The encoding of Thai before Unicode, Windows-874; TIS-620 is a part of it."""

_THAI: Final = re.compile("[\u0e01-\u0e4e]{2}")
_OCEL_1_KEYS: Final = (b'"ocel:global-log"', b'"ocel:events"', b'"ocel:objects"')
_OCEL_2_KEYS: Final = (b'"eventTypes"', b'"objectTypes"')


class Format(StrEnum):
    """What a file may be."""

    HISTORY_PARQUET = "history (Parquet)"
    HISTORY_JSONL = "history (JSON Lines)"
    FIX = "FIX log"
    TEXT_TABLE = "table (CSV, TSV)"
    JSON_TABLE = "table (JSON Lines)"
    PARQUET_TABLE = "table (Parquet)"
    SPREADSHEET = "table (XLSX)"
    OCEL_JSON = "OCEL 2.0 (JSON)"
    OCEL_XML = "OCEL 2.0 (XML)"
    OCEL_SQLITE = "OCEL 2.0 (SQLite)"
    OCEL_1_JSON = "OCEL 1.0 (JSON)"

    @property
    def is_table(self) -> bool:
        """Whether a mapping says what it holds in its columns."""
        return self in TABLES

    @property
    def is_ocel(self) -> bool:
        """Whether it is an object-centric event log."""
        return self in OCELS


TABLES: Final = frozenset(
    {Format.TEXT_TABLE, Format.JSON_TABLE, Format.PARQUET_TABLE, Format.SPREADSHEET}
)
OCELS: Final = frozenset(
    {Format.OCEL_JSON, Format.OCEL_XML, Format.OCEL_SQLITE, Format.OCEL_1_JSON}
)


def recognise(path: Path) -> Format:
    """Tell the format of a file.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, is empty, or is of no format that is known.
    """
    beginning = beginning_of(path)
    if not beginning.strip():
        hint = "a table without rows still has its header"
        raise HistoryError(Problem("the file is empty", str(path), hint=hint))
    if beginning.startswith(_PARQUET_MAGIC):
        return _parquet_format(path)
    if beginning.startswith(_SQLITE_MAGIC):
        return Format.OCEL_SQLITE
    if beginning.startswith(_ZIP_MAGIC):
        return _zip_format(path)
    from bcsim.history.logs.fix import is_fix  # noqa: PLC0415 - not loaded for a history

    if is_fix(beginning):
        return Format.FIX
    found = _text_format(beginning)
    if found is None:
        expected = "a history, FIX log, CSV, TSV, JSON Lines, Parquet, XLSX or OCEL"
        raise HistoryError(Problem("the format is not known", str(path), expected=expected))
    return found


def is_gzip(path: Path) -> bool:
    """Whether a file is packed by gzip."""
    with _system_errors(path), path.open("rb") as stream:
        return stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC


def is_windows_thai(path: Path) -> bool:
    """Whether a text is no UTF-8, and Thai if read as :data:`WINDOWS_THAI`."""
    beginning = beginning_of(path)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return _THAI.search(beginning.decode(WINDOWS_THAI, "replace")) is not None
    return False


def beginning_of(path: Path, count: int = BEGINNING_BYTES) -> bytes:
    """The first bytes of a file, unpacked; raises HistoryError if it cannot be read."""
    with _system_errors(path):
        with path.open("rb") as stream:
            beginning = stream.read(count)
        if not beginning.startswith(GZIP_MAGIC):
            return beginning
        with gzip.open(path, "rb") as unpacked:
            return unpacked.read(count)


class _system_errors:  # noqa: N801 - reads as a statement
    """Turns what the system says about a file into a HistoryError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
            message, hint = "the file cannot be unpacked", "it is truncated or damaged"
            raise HistoryError(Problem(message, str(self._path), hint=hint)) from error
        if isinstance(error, OSError):
            reason = (error.strerror or str(error)).lower()
            hint = "check the path, from the folder that you are in"
            raise HistoryError(Problem(reason, str(self._path), hint=hint)) from error


def _parquet_format(path: Path) -> Format:
    with parquet.session() as connection:
        metadata = parquet.read_metadata(connection, path)
        if metadata.get("format") == FORMAT:
            return Format.HISTORY_PARQUET
        with parquet.file_errors(path, "read"):
            query = f"describe select * from {parquet.scan([path])}"  # noqa: S608 - a quoted path
            names = {row[0] for row in connection.execute(query).fetchall()}
    has_all = all(column.name in names for column in COLUMNS)
    return Format.HISTORY_PARQUET if has_all else Format.PARQUET_TABLE


def _zip_format(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return Format.SPREADSHEET
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message, hint = "the archive cannot be read", "it is truncated or damaged"
        raise HistoryError(Problem(message, str(path), hint=hint)) from error
    message, expected = "the archive holds no workbook", "an XLSX file, or a file packed by gzip"
    raise HistoryError(Problem(message, str(path), expected=expected))


def _text_format(beginning: bytes) -> Format | None:
    if beginning.startswith(UTF_16):
        return Format.TEXT_TABLE
    text = beginning.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"<"):
        return Format.OCEL_XML if b"<log" in text or b"<ocel" in text.lower() else None
    if text.startswith((b"{", b"[")):
        return _json_format(text)
    return None if b"\x00" in text else Format.TEXT_TABLE


def _json_format(text: bytes) -> Format:
    """One document or one object a line; a header or the keys of OCEL tell which."""
    first = _parsed(text.split(b"\n", 1)[0])
    if isinstance(first, dict) and first.get("format") == FORMAT:
        return Format.HISTORY_JSONL
    if any(key in text for key in _OCEL_1_KEYS):
        return Format.OCEL_1_JSON
    if any(key in text for key in _OCEL_2_KEYS):
        return Format.OCEL_JSON
    is_row = isinstance(first, dict) and first.keys().isdisjoint({"events", "objects"})
    if is_row or not text.startswith(b"{"):
        return Format.JSON_TABLE
    return Format.OCEL_JSON if b'"events"' in text or b'"objects"' in text else Format.JSON_TABLE


def _parsed(line: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
