"""Goal: DuckDB stays silent and interruptible. Method: processes of their own, as users have."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bcsim.history import arrow, parquet
from bcsim.history.arrow import ColumnStream
from bcsim.history.columns import HistoryColumns, TextColumn

SOURCE = Path(parquet.__file__).parents[2]

LONG_QUERY = "select sum(sin(range)) from range(4000000000)"

INTERRUPTED = f"""
import os, signal, sys, threading
from pathlib import Path
from bcsim.history import history, parquet, profile, writer
path = Path(sys.argv[1])
threading.Timer(float(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    if path.name == "sql":
        writer.MemoryRecorder(profile.Profile()).history().sql("{LONG_QUERY}")
    with parquet.file_errors(path, "write"):
        parquet.write(parquet.connect(1), "{LONG_QUERY}", path, "compression zstd")
except KeyboardInterrupt:
    print("interrupted")
"""

FORKED = """
import os
from bcsim.history import parquet
adding = "select count(*) from range(10000000) where range % 3 = 0"
with parquet.session() as before:
    before.execute(adding).fetchall()
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
else:
    with parquet.session() as session:
        print(session.execute(adding).fetchall(), flush=True)
    os._exit(0)
"""


def run(script, *arguments):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", ["sql", "copy"])
def test_ctrl_c_is_a_keyboard_interrupt(tmp_path, name):
    """Goal: Ctrl-C ends a command as such. Method: SIGINT into a query of many minutes."""
    assert run(INTERRUPTED, str(tmp_path / name), "0.5") == b"interrupted\n"


def test_no_progress_bar(tmp_path):
    """Goal: standard output belongs to results. Method: a query longer than DuckDB's patience.

    DuckDB would show a bar after two seconds.
    """
    assert run(INTERRUPTED, str(tmp_path / "copy"), "3.5") == b"interrupted\n"


def test_sessions_have_their_own_tables():
    """Goal: nobody sees another's rows. Method: one name in two sessions of one database."""
    with parquet.session() as one, parquet.session() as other:
        for number, session in enumerate((one, other)):
            session.execute(f"create temp table rows as select {number} as n")
        assert [s.execute("from rows").fetchall() for s in (one, other)] == [[(0,)], [(1,)]]


def test_a_session_after_the_database_has_gone():
    """Goal: one failure does not end all. Method: close what a process keeps, open a session."""
    parquet._database(os.getpid(), None).close()
    with parquet.session() as session:
        assert session.execute("select 1").fetchall() == [(1,)]


def test_a_session_in_a_fork():
    """Goal: a child does not wait for its parent's threads. Method: fork with a session open."""
    assert run(FORKED) == b"[(3333334,)]\n"


def test_errors_keep_their_cause(tmp_path):
    """Goal: a bug is not taken for a bad file. Method: errors through ``file_errors``."""
    with pytest.raises(RuntimeError, match="a bug"), parquet.file_errors(tmp_path, "read"):
        raise RuntimeError("a bug")


def portion(first, count, names):
    """Some rows whose order ids repeat among ``names``."""
    codes = np.arange(first, first + count, dtype=np.int32) % (len(names) + 1) - 1
    return HistoryColumns(
        {"seq": np.arange(first, first + count), "order_id": TextColumn(codes, names)}
    )


@pytest.mark.parametrize("rows", [(), (0,), (1, 0, 2), (2047, 2049, 5000, 1, 2048, 7)])
def test_portions_are_read_as_they_are(rows):
    """Goal: DuckDB reads the columns' memory rightly. Method: portions with texts of their own.

    Each portion lies where one before it lay, as soon as that is free.
    """
    portions, expected = [], []
    for number, count in enumerate(rows):
        names = tuple(f"{number}-{'ก' * i}" for i in range(number % 3 * 5))
        portions.append(portion(sum(rows[:number]), count, names))
        expected += list(portions[-1].events())
    for threads in (1, 4):
        with parquet.connect(threads=threads) as connection:
            parquet.register(connection, (one.take(slice(None)) for one in portions))
            gc.collect()  # nobody but DuckDB has the stream now
            found = connection.execute(f"{parquet.PORTIONS} order by seq")
            columns = [column[0] for column in found.description]
            assert [dict(zip(columns, row, strict=True)) for row in found.fetchall()] == expected
        held: list[Any] = list(arrow._held.values())
        assert not [one for one in held if not isinstance(one[0], ColumnStream)]


def test_what_a_portion_raises_is_raised(tmp_path):
    """Goal: an error keeps its kind on its way through DuckDB. Method: fail at the second."""

    def portions():
        yield portion(0, 3, ("a",))
        raise KeyboardInterrupt

    with parquet.connect(threads=1) as connection, pytest.raises(KeyboardInterrupt):
        parquet.write_portions(connection, portions(), tmp_path / "file", "compression zstd")


@pytest.mark.parametrize("length", [0, 1, 20, 127, 128, 16383, 16384, 300_000])
def test_metadata_can_be_amended(tmp_path, length):
    """Goal: what is known last can stand in a file. Method: shorter and longer than its place."""
    path, value = tmp_path / "file", "ก" * (length // 3) + "x" * (length % 3)
    with parquet.connect(threads=1) as connection:
        option = parquet.metadata_option({"first": "somewhat later", "other": "1"})
        parquet.write(connection, "select 7 as x", path, option)
        parquet.amend(path, "somewhat later", value)
        assert parquet.read_metadata(connection, path) == {"first": value, "other": "1"}
        assert connection.execute(f"select x from {parquet.scan([path])}").fetchall() == [(7,)]
        with pytest.raises(AssertionError, match="not there once"):
            parquet.amend(path, "somewhat later", value)
