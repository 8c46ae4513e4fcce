"""Goal: a history can be asked by row, by column, by SQL. Method: the same questions each way."""

from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError
from importlib.util import find_spec

import numpy as np
import pytest

from bcsim import limits
from bcsim.errors import InputError, UsageError
from bcsim.history.profile import Profile
from bcsim.history.reader import read_history
from bcsim.history.schema import COLUMN_NAMES
from bcsim.history.writer import write_history
from tests.unit.history.events import full_event, order_day, recorded


@pytest.fixture
def history():
    return recorded([*order_day(3), full_event()], Profile(source="day"))


@pytest.fixture(params=["memory", "file"])
def either(request, history, tmp_path):
    """The history in memory, and the same read from a file."""
    if request.param == "memory":
        return history
    write_history(history, tmp_path / "history.parquet")
    return read_history(tmp_path / "history.parquet")


def test_rows_by_kind(either):
    """Goal: a kind's events in order. Method: against all rows, filtered."""
    assert len(either) == 19
    everything = list(either.rows())
    assert everything == [either.row(i) for i in range(19)]
    for kind in ("execute", "submit", "complain"):
        assert list(either.rows(kind)) == [row for row in everything if row["kind"] == kind]
        assert either.is_kind(kind).tolist() == [row["kind"] == kind for row in everything]
    assert either.row(18) == dict.fromkeys(COLUMN_NAMES) | full_event() | {"seq": 18}


def test_select_keeps_profile_and_makes_its_own_root(either):
    """Goal: a part is a history. Method: mask, indices and slice give the same part."""
    mask = either.is_kind("execute", "book")
    parts = [either.select(mask), either.select(np.flatnonzero(mask))]
    wanted = [row for row in either.rows() if row["kind"] in ("execute", "book")]
    for part in parts:
        assert list(part.rows()) == wanted
        assert part.profile == either.profile
        assert part.root == parts[0].root != either.root
    assert list(either.select(slice(2, 5)).rows()) == list(either.rows())[2:5]


def test_sql_sees_the_rows(either, monkeypatch):
    """Goal: SQL asks the same rows, nulls as nulls. Method: everything, and one summary."""
    monkeypatch.setattr(limits, "CHUNK_ROWS", 5)
    assert either.sql("select * from events order by seq") == list(either.rows())
    query = "select kind, count(exec_id) as n from events group by kind having n > 0"
    assert either.sql(query) == [{"kind": "execute", "n": 4}]
    assert either.sql("select seq from events where false") == []


def test_sql_of_a_part_is_of_the_part(either):
    """Goal: a part does not show the whole file. Method: count after a selection."""
    assert either.select(slice(0, 4)).sql("select count(*) as n from events") == [{"n": 4}]


def test_wrong_sql_is_the_operators_error(either):
    """Goal: the fault is told. Method: a column that is not there."""
    with pytest.raises(UsageError, match="the query does not run") as caught:
        either.sql("select qtty from events")
    assert "qtty" in caught.value.problems[0].hint


def test_roots_of_memory_and_file_agree(history, either):
    """Goal: a file is the history. Method: the root stated against the one computed."""
    assert either.root == history.root


def test_a_history_is_frozen(history):
    """Goal: nothing can change it. Method: assign."""
    with pytest.raises(FrozenInstanceError):
        history.profile = Profile()


@pytest.mark.parametrize(("package", "method"), [("pyarrow", "to_arrow"), ("pandas", "to_pandas")])
def test_without_the_package_the_operator_is_told(history, monkeypatch, package, method):
    """Goal: an optional package is asked for by name. Method: make it impossible to find."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=f"this needs {package}") as caught:
        getattr(history, method)()
    assert package in caught.value.problems[0].hint


@pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not installed")
def test_to_pandas(either):
    """Goal: a data frame of the rows. Method: shape and one column."""
    frame = either.to_pandas()
    assert list(frame.columns) == list(COLUMN_NAMES)
    assert frame["seq"].tolist() == list(range(19))


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")
def test_to_arrow(either):
    """Goal: a table of the rows. Method: all of them as dictionaries."""
    assert either.to_arrow().to_pylist() == list(either.rows())
