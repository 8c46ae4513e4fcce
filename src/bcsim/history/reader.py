"""Histories from Parquet files, of bcsim or of anybody who writes the same columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet
from bcsim.history.history import History
from bcsim.history.profile import LIVE_TEST_LOG, Profile
from bcsim.history.root import LEAF_ROWS, RootHasher, root_of
from bcsim.history.schema import COLUMN_NAMES, FORMAT, SCHEMA_VERSION
from bcsim.history.soundness import problems_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from bcsim.history.columns import HistoryColumns


def read_history(path: Path | str, *, verify: bool = False) -> History:
    """Read a history from a Parquet file.

    A file without bcsim's metadata but with the schema's columns is taken as the log of a live
    test about which nothing is known: no vantage point is covered, no intents are promised. Its
    other columns are left out.

    Parameters
    ----------
    path
        The file.
    verify
        Recompute the root and refuse the file if it differs from the one stated.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, is of a newer version, misses columns or has wrong ones,
        holds unsound rows, or (``verify``) does not have the root it states.
    """
    path = Path(path)
    with parquet.session() as connection:
        profile, stated_root = _heading(connection, path)
        row_count = parquet.row_count(connection, path)
        if row_count <= LEAF_ROWS:
            columns = parquet.load(connection, path, 0, row_count)
        else:
            columns = parquet.load_large(connection, path, row_count)
    problems = problems_of(columns, str(path))
    if problems:
        raise HistoryError(problems)
    if verify and stated_root != root_of(columns, profile):
        message = "the rows or the profile are not those of the root"
        hint = "the file was altered, or its root was not written by bcsim"
        raise HistoryError(Problem(message, str(path), value=f"root={stated_root}", hint=hint))
    return History(columns, profile, path, stated_root)


def verify(path: Path | str) -> bool:
    """Whether a file's rows and profile are those of the root it states, in bounded memory.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, or states no root.
    """
    path = Path(path)
    with parquet.session() as connection:
        profile, stated_root = _heading(connection, path)
    if not stated_root:
        message = "the file states no root"
        raise HistoryError(Problem(message, str(path), expected="a history written by bcsim"))
    hasher = RootHasher()
    for portion in read_portions(path):
        hasher.add(portion)
    return hasher.root(profile) == stated_root


def read_profile(path: Path | str) -> Profile:
    """Read only what a file says about itself; raises as :func:`read_history`."""
    with parquet.session() as connection:
        return _heading(connection, Path(path))[0]


def read_portions(path: Path | str) -> Iterator[HistoryColumns]:
    """Read a file's rows in order, compactly coded, a leaf of the root at a time."""
    path = Path(path)
    with parquet.session() as connection:
        _heading(connection, path)
        row_count = parquet.row_count(connection, path)
        for first in range(0, row_count, LEAF_ROWS):
            yield parquet.load(connection, path, first, min(LEAF_ROWS, row_count - first))


def _heading(connection: DuckDBPyConnection, path: Path) -> tuple[Profile, str]:
    """Check what kind of file it is; returns its profile and the root it states, if any."""
    metadata = parquet.read_metadata(connection, path)
    columns = parquet.check_columns(connection, path)
    if "format" not in metadata:
        return Profile(kind=LIVE_TEST_LOG), ""
    _check_format(metadata, path)
    surplus = [name for name in columns if name not in COLUMN_NAMES]
    if surplus:
        message = f"the root does not cover the columns {', '.join(surplus)}"
        raise HistoryError(Problem(message, str(path), hint="leave them out"))
    return Profile.from_json(metadata["profile"], str(path)), metadata["root"]


def _check_format(metadata: dict[str, str], path: Path) -> None:
    stated = metadata["format"]
    if stated != FORMAT:
        message = "the file is not a history"
        raise HistoryError(Problem(message, str(path), value=f"format={stated}", expected=FORMAT))
    version = metadata.get("schema_version", "")
    if version != str(SCHEMA_VERSION):
        raise HistoryError(
            Problem(
                "the file is of a version that this bcsim does not know",
                str(path),
                value=f"schema_version={version}",
                expected=str(SCHEMA_VERSION),
                hint="read it with the bcsim that wrote it, or a newer one",
            )
        )
    missing = [key for key in ("profile", "root") if key not in metadata]
    if missing:
        message = f"the metadata has no {' and no '.join(missing)}"
        raise HistoryError(Problem(message, str(path), hint="the file was altered"))
