"""Rows of a table as events: what a rule of the mapping makes of the cells, and their faults."""

# ruff: noqa: S608 - SQL is made of this module's own names, of numbers and of quoted texts

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, TextColumn, coded
from bcsim.history.logs import decimals, times
from bcsim.history.logs.mapping import COUNTS, DEADLINE, DECIMALS, SIDES, VALUES
from bcsim.history.logs.table import CELLS
from bcsim.history.logs.vocabulary import KIND_WORDS, normal
from bcsim.history.parquet import literal
from bcsim.history.profile import SCALE_MAX
from bcsim.history.schema import NULL, NULL_CODE, TEXT_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from bcsim.history.logs.mapping import TableMapping, TimeForm
    from bcsim.history.logs.table import Table

_BUDDHIST_HINT: Final = "years of the Buddhist era are 543 ahead: write those of the common era"

_SMALL_ROWS: Final = 65_536
"""Rows up to which fetching every text is faster than numbering them in SQL."""


# -- faults ----------------------------------------------------------------------------------


@dataclass
class Faults:
    """What is wrong with rows of a table, until it is raised."""

    table: Table
    mapping: TableMapping
    found: list[tuple[int, Problem]] = field(default_factory=list)

    def add(self, row: int, problem: Problem) -> None:
        """Note that a row (from 1) does not hold."""
        if len(self.found) < limits.PROBLEMS_SHOWN_MAX:
            self.found.append((row, problem))

    def raise_problems(self) -> None:
        """Raise HistoryError with every problem, at its line."""
        if not self.found:
            return
        lines = self.table.lines_of([row for row, _ in self.found])
        placed = sorted(
            zip(lines, (p for _, p in self.found), strict=True), key=lambda item: item[0]
        )
        raise HistoryError([self._placed(problem, line) for line, problem in placed])

    def _placed(self, problem: Problem, line: int) -> Problem:
        """The problem in its file; a log without lines counts its events."""
        if self.table.format.is_ocel:
            return replace(problem, message=f"event {line}: {problem.message}", file=self._file)
        return replace(problem, file=self._file, line=line, column=1)

    @property
    def _file(self) -> str:
        return str(self.table.path)


# -- one rule --------------------------------------------------------------------------------


class EventRows:
    """The rows of a table that are one kind of event, as DuckDB sees them.

    NOTE: they are sorted once, when they are picked. DuckDB keeps the order of a table's rows in
    every plain ``select`` (``preserve_insertion_order``, its default), so nothing sorts again.
    """

    def __init__(self, connection: DuckDBPyConnection, number: int, faults: Faults) -> None:
        self._connection = connection
        self._table = faults.table
        self._rule = rule = faults.mapping.events[number]
        self._faults = faults
        self._name = f"picked_{number}"
        self._numbers = {name: c for name, c in rule.columns.items() if name in DECIMALS}
        self._counts = {name: c for name, c in rule.columns.items() if name in COUNTS}
        self._texts = {name: c for name, c in rule.columns.items() if name in TEXT_NAMES}
        connection.execute(f"create temp table {self._name} as {self._query()}")
        self.lines: NDArray[np.int64] = self._fetch("line")["line"]

    def _query(self) -> str:
        terms = ["line"]
        terms += [f"{self._table.sql(c)} as {name}" for name, c in self._texts.items()]
        for name, column in self._counts.items():
            text = _translated(self._table.sql(column), self._rule.values.get(name, {}))
            terms.append(f"{text} as {name}_text")
        for name, column in self._numbers.items():
            text = self._table.sql(column)
            terms.append(f"{text} as {name}_text")
            terms.append(f"{decimals.plain(text, self._table.form)} as {name}_plain")
        for name, form in (("time", self._rule.time), (DEADLINE, self._rule.deadline)):
            if form is not None:
                text = self._joined(form)
                terms.append(f"{text} as {name}_text")
                terms.append(f"{times.matched(text, form.form)} as {name}_match")
        return f"select {', '.join(terms)} from {CELLS} {self._where()} order by line"

    def _where(self) -> str:
        conditions = [f"{self._table.any_cell} is not null"]
        for column, texts in self._rule.when.items():
            listed = ", ".join(literal(text) for text in texts)
            conditions.append(f"{self._table.sql(column)} in ({listed})")
        left_out = [text for text, kind in self._rule.values.get("kind", {}).items() if not kind]
        if left_out and "kind" in self._rule.columns:
            cell = self._table.sql(self._rule.columns["kind"])
            listed = ", ".join(literal(text) for text in left_out)
            conditions.append(f"coalesce({cell}, '') not in ({listed})")
        time = self._rule.time
        if time is not None and len(self._faults.mapping.events) > 1:  # a column for each time
            conditions += [f"{self._table.sql(column)} is not null" for column in time.columns[:1]]
        return f"where {' and '.join(conditions)}"

    def _joined(self, form: TimeForm) -> str:
        return " || ' ' || ".join(self._table.sql(column) for column in form.columns)

    def digits(self, name: str) -> int:
        """Most digits behind the point that a column of decimals needs."""
        if name not in self._numbers:
            return 0
        query = f"select max({decimals.digits(f'{name}_plain')}) from {self._name}"
        (most,) = self._connection.execute(query).fetchall()[0]
        return min(int(most or 0), SCALE_MAX)

    def columns(self, scales: Mapping[str, int]) -> HistoryColumns:
        """The rows as columns of a history; what cannot be read is noted as a fault."""
        found: dict[str, NDArray[np.int64] | TextColumn] = {
            "time_ns": self._time("time", self._rule.time)
        }
        if self._rule.deadline is not None:
            found["deadline_ns"] = self._time(DEADLINE, self._rule.deadline)
        for name in self._numbers:
            scaled = decimals.scaled(f"{name}_plain", scales[name])
            found[name] = self._integers(name, scaled, _expected_number(scales[name]))
        for name in self._counts:
            found[name] = self._integers(name, decimals.whole(f"{name}_text"), "a whole number")
        for name in self._texts:
            found[name] = self._meant(name, self._text(name))
        for name, text in self._rule.constants.items():
            found[name] = TextColumn(np.zeros(len(self.lines), dtype=np.int32), (text,))
        return HistoryColumns(found)

    # -- times -------------------------------------------------------------------------------

    def _time(self, name: str, form: TimeForm | None) -> NDArray[np.int64]:
        if form is None:
            return np.zeros(len(self.lines), dtype=np.int64)
        seconds, fraction, offset = times.parts(f"{name}_match", form.form)
        cells = self._fetch(
            f"({name}_text is null)::int as missing, {_null_safe(seconds)} as seconds, "
            f"{_null_safe(fraction)} as fraction, {_null_safe(offset)} as off"
        )
        missing = cells["missing"] == 1
        time_ns, wrong = times.to_utc_ns(
            cells["seconds"], cells["fraction"], cells["off"], form.zone
        )
        wrong[missing] = None
        hints = times.problem_words(wrong.tolist(), form.zone)
        for row in np.flatnonzero(wrong != None)[: limits.PROBLEMS_SHOWN_MAX]:  # noqa: E711 - by element
            reason = str(wrong[row])
            value = self._cell(f"{name}_text", int(row))
            is_buddhist = reason == times.UNREADABLE and times.is_buddhist(value)
            hint = _BUDDHIST_HINT if is_buddhist else hints[reason]
            self._fault(int(row), f"{name}: {reason}", value, hint=hint)
        if name == DEADLINE:
            return np.where(missing, NULL, time_ns)
        for row in np.flatnonzero(missing)[: limits.PROBLEMS_SHOWN_MAX]:
            self._fault(int(row), "the row has no time", hint="fill it in, or leave the row out")
        return time_ns

    # -- numbers -----------------------------------------------------------------------------

    def _integers(self, name: str, sql: str, expected: str) -> NDArray[np.int64]:
        cells = self._fetch(f"{_null_safe(sql)} as found, ({name}_text is not null)::int as stated")
        values = cells["found"]
        bad = np.flatnonzero((values == NULL) & (cells["stated"] == 1))
        for row in bad[: limits.PROBLEMS_SHOWN_MAX]:
            value = self._cell(f"{name}_text", int(row))
            self._fault(int(row), f"{name} cannot be read", value, expected)
        return values

    # -- texts -------------------------------------------------------------------------------

    def _text(self, name: str) -> TextColumn:
        if len(self.lines) > _SMALL_ROWS:
            return self._numbered(name)
        query = f"select {name} from {self._name}"
        return coded(name, [cell for (cell,) in self._connection.execute(query).fetchall()])

    def _numbered(self, name: str) -> TextColumn:
        """Number the distinct texts in SQL, so that a large column makes few Python objects."""
        self._connection.execute("drop type if exists dictionary")
        self._connection.execute(
            f"create type dictionary as enum (select name from (select {name} as name, "
            f"min(line) as first from {self._name} where {name} is not null group by 1) "
            f"order by first)"
        )
        query = "select unnest(enum_range(null::dictionary))::varchar as name"
        names = self._connection.execute(query).fetchnumpy()["name"].tolist()
        code = f"coalesce(enum_code({name}::dictionary)::int, {NULL_CODE})"
        codes = self._connection.execute(f"select {code} as code from {self._name}").fetchnumpy()
        return TextColumn(np.ma.getdata(codes["code"]), names)

    def _meant(self, name: str, column: TextColumn) -> TextColumn:
        """The texts as the history writes them."""
        values = self._rule.values.get(name)
        if name == "kind":
            return self._kinds(column, values)
        usual = VALUES.get(name)
        if values is not None:
            meant = [values.get(text, text) for text in column.names]
        elif usual is not None:
            meant = [usual.get(text.lower(), text) for text in column.names]
        else:
            return column
        if name == "side":
            self._check_sides(column, meant)
        return _recoded(column, meant)

    def _check_sides(self, column: TextColumn, meant: Sequence[str]) -> None:
        """Refuse a side that is none: it could not be compared with the others."""
        for code, side in enumerate(meant):
            if side not in SIDES:
                row, text = int(np.argmax(column.codes == code)), column.names[code]
                hint = f'say what it means in [values.side], such as {text!r} = "buy"'
                self._fault(row, "the side is not known", text, ", ".join(SIDES), hint=hint)

    def _kinds(self, column: TextColumn, values: Mapping[str, str] | None) -> TextColumn:
        if values is None:
            meant = [KIND_WORDS.get(normal(text), "") for text in column.names]
            unknown = [code for code, kind in enumerate(meant) if not kind]
        else:
            meant = [values.get(text, "") for text in column.names]
            unknown = [code for code, text in enumerate(column.names) if text not in values]
        for code in unknown:
            row = int(np.argmax(column.codes == code))
            hint = f'add it to [values.kind], or leave it out with {column.names[code]!r} = ""'
            self._fault(row, "the event is of no known kind", column.names[code], hint=hint)
        for row in np.flatnonzero(column.codes == NULL_CODE)[: limits.PROBLEMS_SHOWN_MAX]:
            self._fault(int(row), "the row does not say what happened")
        return _recoded(column, meant)

    # -- DuckDB ------------------------------------------------------------------------------

    def _fetch(self, terms: str) -> dict[str, NDArray[np.int64]]:
        found = self._connection.execute(f"select {terms} from {self._name}").fetchnumpy()
        return {name: np.asarray(np.ma.getdata(v), dtype=np.int64) for name, v in found.items()}

    def _cell(self, column: str, row: int) -> str:
        query = f"select {column} from {self._name} where line = {int(self.lines[row])}"
        (cell,) = self._connection.execute(query).fetchall()[0]
        return str(cell)

    def _fault(
        self, row: int, message: str, value: str = "", expected: str = "", *, hint: str = ""
    ) -> None:
        problem = Problem(message, value=value, expected=expected, hint=hint)
        self._faults.add(int(self.lines[row]), problem)


def _translated(text: str, values: Mapping[str, str]) -> str:
    """SQL of a text with some texts replaced."""
    if not values:
        return text
    cases = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"(case {text} {cases} else {text} end)"


def _null_safe(sql: str) -> str:
    return f"coalesce(({sql})::bigint, {NULL})"


def _expected_number(scale: int) -> str:
    return f"a decimal number with at most {scale} digits behind the point"


def _recoded(column: TextColumn, meant: Sequence[str]) -> TextColumn:
    """The column with every name replaced; names that became equal are one."""
    code_by_name: dict[str, int] = {}
    joint = [code_by_name.setdefault(name, len(code_by_name)) for name in meant]
    new_code = np.array([*joint, NULL_CODE], dtype=np.int32)
    return TextColumn(new_code[column.codes], tuple(code_by_name))
