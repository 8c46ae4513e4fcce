"""One history in memory: columns, profile and root."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import duckdb

from bcsim import limits
from bcsim.errors import InputError, Problem, UsageError
from bcsim.history import parquet, root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from bcsim.history.columns import Codes, HistoryColumns, Selection
    from bcsim.history.profile import Profile


@dataclass(frozen=True, eq=False)
class History:
    """An immutable record of what happened; the only thing a checker may read.

    Parameters
    ----------
    columns
        The columns of :data:`bcsim.history.schema.COLUMNS`, by name.
    profile
        What the history says about itself.
    path
        The Parquet file that holds exactly these rows, if there is one.
    stated_root
        The root that the file states; computed from the rows when empty.
    """

    columns: HistoryColumns
    profile: Profile
    path: Path | None = None
    stated_root: str = ""

    def __len__(self) -> int:
        return self.columns.row_count

    @cached_property
    def root(self) -> str:
        """SHA-256 tree root over rows and profile, hex; equal exactly for equal histories."""
        return self.stated_root or root.root_of(self.columns, self.profile)

    @property
    def share_count(self) -> int:
        """Number of shares: one; :class:`bcsim.history.divided.DividedHistory` has several."""
        return 1

    def share(self, number: int) -> History:
        """The history itself, its only share."""
        assert number == 0, f"share {number} of one"
        return self

    @property
    def span_ns(self) -> tuple[int, int] | None:
        """Times of the first and last row; None if there is none."""
        time_ns = self.integer("time_ns")
        return (int(time_ns.min()), int(time_ns.max())) if len(time_ns) else None

    def gathered(self) -> History:
        """The history itself, which is in memory."""
        return self

    def mapped(
        self, change: Callable[[HistoryColumns], HistoryColumns], profile: Profile
    ) -> History:
        """The history with every row changed, each by itself, under another profile."""
        return History(change(self.columns), profile)

    def in_order(self) -> Iterator[HistoryColumns]:
        """All rows, in one portion."""
        yield self.columns

    def integer(self, name: str) -> NDArray[np.int64]:
        """An integer column: int64 ``(rows,)``, null is ``schema.NULL``."""
        return self.columns.integer(name)

    def codes(self, name: str) -> Codes:
        """Codes of a text column, ``(rows,)``; -1 is null."""
        return self.columns.text(name).codes

    def is_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Which rows are of one of ``kinds``: bool ``(rows,)``."""
        return self.columns.text("kind").is_in(*kinds)

    def row(self, i: int) -> dict[str, int | str | None]:
        """One event with every column; null is ``None``."""
        return self.columns.event(i)

    def rows(self, kind: str | None = None) -> Iterator[dict[str, int | str | None]]:
        """Iterate over the events in order, of one kind or of all."""
        columns = self.columns if kind is None else self.columns.take(self.is_kind(kind))
        return columns.events()

    def select(self, rows: Selection) -> History:
        """Take the history of some rows (mask, indices, slice), in order, same profile."""
        return History(self.columns.take(rows), self.profile)

    def sql(self, query: str) -> list[dict[str, object]]:
        """Run SQL (DuckDB) over the table ``events``; one dict a row of the result.

        Raises
        ------
        bcsim.errors.UsageError
            If DuckDB refuses the query.
        """
        try:
            with self._events() as connection, parquet.keyboard_interrupts():
                cursor = connection.execute(query)
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        except duckdb.Error as error:
            message = "the query does not run"
            raise UsageError(Problem(message, value=query, hint=str(error))) from error

    def to_arrow(self) -> Any:  # noqa: ANN401 - pyarrow is optional and has no types here
        """Return the events as a ``pyarrow.Table``; raises InputError without pyarrow."""
        _require("pyarrow")
        with self._events() as connection:
            return connection.table("events").to_arrow_table()

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is optional and has no types here
        """Return the events as a ``pandas.DataFrame``; raises InputError without pandas."""
        _require("pandas")
        with self._events() as connection:
            return connection.table("events").df()

    def _events(self) -> DuckDBPyConnection:
        """Open DuckDB with the table ``events``; reads the file when there is one."""
        connection = parquet.connect()
        if self.path is not None:
            connection.execute(f"create view events as {parquet.select([self.path])}")
        else:
            parquet.create_events(connection, self.columns.portions(limits.CHUNK_ROWS))
        return connection


def _require(package: str) -> None:
    if find_spec(package) is None:
        message = f"this needs {package}, which is not installed"
        raise InputError(Problem(message, hint=f"install it: pip install {package}"))
