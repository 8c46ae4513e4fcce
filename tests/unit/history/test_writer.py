"""Goal: what is recorded is what is read, whichever way it went; a file is whole or absent.

Method: Hypothesis round trips through memory and file; the same rows by different ways, compared
byte by byte; failures at every point, then a look at the folder; a process's peak memory.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.errors import HistoryError
from bcsim.history import parquet, recorder
from bcsim.history.columns import TextColumn
from bcsim.history.profile import Profile
from bcsim.history.reader import read_history, verify
from bcsim.history.root import RootHasher
from bcsim.history.schema import COLUMN_NAMES, Trace
from bcsim.history.writer import HistoryWriter, MemoryRecorder, write_history
from tests.unit.history.events import LazyIds, days, full_event, order_day, profiles, recorded

ROOT = Path(__file__).parents[3]


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def as_rows(day):
    """What reading the emitted events must give."""
    return [dict.fromkeys(COLUMN_NAMES) | event | {"seq": seq} for seq, event in enumerate(day)]


@given(days, profiles)
def test_memory_round_trip(day, profile):
    """Goal: a recorder changes nothing. Method: draw events, read them back."""
    history = recorded(day, profile)
    assert list(history.rows()) == as_rows(day)
    assert history.profile == replace(profile, trace="full")


@settings(max_examples=30)  # each opens DuckDB three times
@given(days, profiles, st.integers(1, 5))
def test_file_round_trip(tmp_path_factory, day, profile, chunk_rows):
    """Goal: a file changes nothing. Method: draw events, profile and chunk, read them back."""
    path = tmp_path_factory.mktemp("file") / "history.parquet"
    with HistoryWriter(path, profile, trace=Trace.FULL, chunk_rows=chunk_rows) as writer:
        for event in day:
            writer.emit(**event)
    history = read_history(path)
    assert list(history.rows()) == as_rows(day)
    assert history.profile == replace(profile, trace="full")
    assert writer.close() == history.root == recorded(day, profile).root
    assert verify(path)
    assert listing(path.parent) == ["history.parquet"]


@pytest.fixture
def day():
    return list(order_day(1100))  # 6600 events: more than a buffer, several small chunks


def write(path, day, **options):
    with HistoryWriter(path, Profile(), **options) as writer:
        for event in day:
            writer.emit(**event)
    return path.read_bytes()


@pytest.mark.parametrize("chunk_rows", [1000, 2048, 6600, 65536])
def test_equal_rows_give_equal_bytes(tmp_path, day, chunk_rows):
    """Goal: a file tells nothing but its rows. Method: one by one, at once, in odd portions."""
    emitted = write(tmp_path / "emitted", day, chunk_rows=chunk_rows)
    assert write(tmp_path / "again", day, chunk_rows=chunk_rows) == emitted
    columns = read_history(tmp_path / "emitted").columns
    with HistoryWriter(tmp_path / "bulk", Profile(), chunk_rows=chunk_rows) as writer:
        writer.write_columns(columns)
    assert (tmp_path / "bulk").read_bytes() == emitted
    with HistoryWriter(tmp_path / "mixed", Profile(), chunk_rows=chunk_rows) as writer:
        writer.write_columns(columns.take(slice(0, 1234)))
        for event in day[1234:3000]:
            writer.emit(**event)
        writer.write_columns(
            {n: c for n, c in columns.take(slice(3000, None)).items() if n != "seq"}
        )
    assert (tmp_path / "mixed").read_bytes() == emitted


def test_the_chunk_does_not_change_the_root(tmp_path, day):
    """Goal: the root is of the history, not of its file. Method: three chunk sizes."""
    roots = set()
    for chunk_rows in (1000, 4096, 10**6):
        write(tmp_path / "file", day, chunk_rows=chunk_rows)
        roots.add(read_history(tmp_path / "file", verify=True).root)
    assert roots == {recorded(day, trace=Trace.BUSINESS).root}


def test_trace_drops_and_seq_counts_what_is_kept(tmp_path):
    """Goal: seq has no gaps. Method: kinds of all levels through a recorder of each level."""
    kinds = ("submit", "send", "route", "receive", "execute")
    kept = {
        Trace.OUTCOMES: ["submit", "execute"],
        Trace.BUSINESS: ["submit", "route", "execute"],
        Trace.FULL: list(kinds),
    }
    for trace, expected in kept.items():
        history = recorded(
            [{"kind": k, "time_ns": 0, "vantage": "oms"} for k in kinds], trace=trace
        )
        assert [row["kind"] for row in history.rows()] == expected
        assert history.columns.integer("seq").tolist() == list(range(len(expected)))
        assert history.profile.trace == trace
    write_history(recorded([full_event()]), tmp_path / "full")
    assert read_history(tmp_path / "full").profile.trace == "full"


def test_bulk_rows_may_have_lazy_names(tmp_path):
    """Goal: an engine need not write out a million ids. Method: names made when asked for."""

    codes = np.array([10**8, 7, 10**8], dtype=np.int32)
    columns = {
        "time_ns": np.arange(3), "order_id": TextColumn(codes, LazyIds(10**9)),
        "kind": TextColumn(np.zeros(3, dtype=np.int32), ("submit",)),
        "vantage": TextColumn(np.zeros(3, dtype=np.int32), ("oms",)),
    }  # fmt: skip
    with HistoryWriter(tmp_path / "file", Profile()) as writer:
        writer.write_columns(columns)
    rows = read_history(tmp_path / "file").rows()
    assert [row["order_id"] for row in rows] == ["O-100000000", "O-7", "O-100000000"]


def test_profile_may_be_replaced(tmp_path):
    """Goal: what is known only at the end is stated. Method: replace it before closing."""
    with HistoryWriter(tmp_path / "file", Profile()) as writer:
        writer.emit("submit", 1, "oms")
        writer.set_profile(Profile(drain="heal", drain_to_ns=9))
    assert read_history(tmp_path / "file").profile == Profile(drain="heal", drain_to_ns=9)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("event_count", [0, 10, 6600])
def test_an_exception_leaves_nothing(tmp_path, day, error, event_count):
    """Goal: nothing half-written. Method: stop before, within and after chunks."""

    def events():
        yield from day[:event_count]
        raise error

    with pytest.raises(error):
        write(tmp_path / "file", events(), chunk_rows=1000)
    assert listing(tmp_path) == []


def test_a_discarded_file_leaves_nothing(tmp_path, day):
    """Goal: a pass that is made again costs no space. Method: a folder, after rows in parts."""
    writer = HistoryWriter(
        tmp_path / "history.parquet", Profile(), trace=Trace.FULL, chunk_rows=999
    )
    for event in day:
        writer.emit(**event)
    writer.discard()
    assert listing(tmp_path) == []
    with pytest.raises(TypeError, match="the recorder is closed"):
        writer.emit(**day[0])


def test_an_exception_keeps_what_was_there(tmp_path):
    """Goal: an older result survives a failed newer one. Method: overwrite, but fail."""
    path = tmp_path / "file"
    write(path, [full_event()])
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write(path, [full_event(), full_event() | {"qty": 0.5}])
    assert path.read_bytes() == before
    assert write(path, [full_event(1)]) != before
    assert listing(tmp_path) == ["file"]


@pytest.mark.parametrize("fails_at", [1, 3, 7])
def test_a_failing_write_leaves_nothing(tmp_path, day, monkeypatch, fails_at):
    """Goal: a full disk is the operator's error. Method: the first, a middle, the last chunk."""
    chunks = []

    def full_disk(_hasher, columns):
        chunks.append(columns)
        if len(chunks) == fails_at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(RootHasher, "add", full_disk)
    with pytest.raises(HistoryError, match="No space left"):
        write(tmp_path / "file", day, chunk_rows=1000)
    assert listing(tmp_path) == []


def test_a_refusing_database_is_the_operators_error(tmp_path, day, monkeypatch):
    """Goal: what DuckDB says is told, not hung on. Method: a query that it refuses."""
    monkeypatch.setattr(parquet, "PORTIONS", "select * from nowhere")
    with pytest.raises(HistoryError, match="nowhere does not exist"):
        write(tmp_path / "file", day, chunk_rows=1000)
    assert listing(tmp_path) == []


def test_no_folder(tmp_path):
    """Goal: a wrong path is told at once. Method: a folder that does not exist."""
    with pytest.raises(HistoryError, match="cannot write the file") as caught:
        HistoryWriter(tmp_path / "no" / "file", Profile())
    assert caught.value.problems[0].file == str(tmp_path / "no" / "file")


WRONG_FIELDS = [
    ({"qty": 1.0}, "qty=1.0 is not an integer"),
    ({"qty": "1"}, "qty='1' is not an integer"),
    ({"qty": 2**63}, "qty=9223372036854775808 is not an integer"),
    ({"actor": 5}, "actor=5 is not a text"),
    ({"actor": b"x"}, "actor=b'x' is not a text"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG_FIELDS, ids=[w[1] for w in WRONG_FIELDS])
def test_wrong_values_stop_the_file(tmp_path, fields, message):
    """Goal: no value is bent to fit. Method: one of each wrong type, between right ones."""
    good = full_event()
    with pytest.raises(TypeError) as caught:
        write(tmp_path / "file", [good, good | fields, good])
    assert message in str(caught.value)
    assert listing(tmp_path) == []


def test_an_unknown_column_or_kind_is_refused_whole():
    """Goal: a refused event leaves no trace. Method: refuse one, emit the next, read."""
    memory = MemoryRecorder(Profile())
    with pytest.raises(TypeError, match="column 'quantity' is not in the schema"):
        memory.emit("execute", 1, "oms", qty=5, quantity=5)
    with pytest.raises(TypeError, match="kind='exec' is not in the schema"):
        memory.emit("exec", 1, "oms")
    memory.emit("submit", 2, "desk")
    assert list(memory.history().rows()) == as_rows(
        [{"kind": "submit", "time_ns": 2, "vantage": "desk"}]
    )


def test_a_closed_writer_takes_nothing(tmp_path):
    """Goal: no event is lost in silence. Method: emit and write after closing."""
    writer = HistoryWriter(tmp_path / "file", Profile())
    root = writer.close()
    with pytest.raises(TypeError, match="the recorder is closed"):
        writer.emit("submit", 1, "oms")
    with pytest.raises(AssertionError, match="closed"):
        writer.write_columns(recorded([full_event()]).columns)
    assert writer.close() == root
    assert len(read_history(tmp_path / "file")) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seq": np.array([0, 0, 1])}, "out of order"),
        ({"seq": np.array([-5, 1, 2])}, "comes after"),
        ({"time_ns": np.array([0, np.iinfo(np.int64).min, 1])}, "row 1 has no time_ns"),
        ({"vantage": TextColumn(np.array([0, 0, -1]), ("oms",))}, "row 2 has no vantage"),
        ({"kind": TextColumn(np.array([0, 1, 0]), ("submit", "sumbit"))}, "row 1 is of an unknown"),
    ],
    ids=str,
)
def test_unsound_columns_stop_a_program(change, message):
    """Goal: an engine's fault is found where it writes. Method: one fault in three rows."""
    columns = dict(recorded([full_event(i) for i in range(3)]).columns) | change
    with pytest.raises(AssertionError, match=message):
        MemoryRecorder(Profile()).write_columns(columns)


def test_a_recorder_in_memory_goes_on(monkeypatch):
    """Goal: looking does not disturb. Method: histories between events, small buffers."""
    monkeypatch.setattr(recorder, "BUFFER_ROWS", 2)
    memory = MemoryRecorder(Profile(), Trace.FULL)
    for number in range(5):
        memory.emit(**full_event(number))
        assert list(memory.history().rows()) == as_rows([full_event(i) for i in range(number + 1)])


PEAK = """
import resource, sys
from bcsim.history.profile import Profile
from bcsim.history.reader import verify
from bcsim.history.writer import HistoryWriter
from tests.unit.history.events import order_day
rows = int(sys.argv[1])
with HistoryWriter(sys.argv[2], Profile()) as writer:
    for event in order_day(rows // 6):
        writer.emit(**event)
assert verify(sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.long
def test_memory_is_bounded(tmp_path):
    """Goal: a history of any length streams to disk, and is verified, in bounded memory.

    Method: peak resident memory of two processes that write 4 and 11 chunks; the larger may not
    need 40 MB more (half a million rows are 82 MB as columns alone, far more as objects).
    """
    peaks_kb = []
    for row_count in (200_000, 700_000):
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(row_count), str(tmp_path / "file")],
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        peaks_kb.append(int(done.stdout))
    assert peaks_kb[1] - peaks_kb[0] < 40_000, peaks_kb


def test_the_database_writes_in_its_own_threads_only():
    """Goal: no failing write hangs: DuckDB 2.0's asynchronous writers wait for each other for ever
    in one of some hundred. Method: ask the database, as no test can wait for that.
    """
    with parquet.connect() as connection:
        setting = connection.execute("select current_setting('async_threads')").fetchall()
    assert setting == [(0,)]
