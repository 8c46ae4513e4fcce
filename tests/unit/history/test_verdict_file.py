"""Goal: verdicts survive their file, and only a file of verdicts is taken for one.

Method: Hypothesis round trips; the file seen by plain DuckDB; wrong and altered files.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.errors import HistoryError
from bcsim.history import parquet
from bcsim.history.verdict import CLASSES, FLAGS, Flag, VerdictClass, Verdicts
from bcsim.history.verdict_file import read_verdicts, write_verdicts
from bcsim.history.writer import write_history
from tests.unit.history.events import full_event, recorded, texts

rows = st.lists(
    st.tuples(texts, st.integers(0, len(CLASSES) - 1), st.integers(0, 2 ** len(FLAGS) - 1)),
    max_size=20,
    unique_by=lambda row: row[0],
)


def verdicts_of(drawn):
    return Verdicts(
        [intent for intent, _, _ in drawn],
        np.array([code for _, code, _ in drawn], dtype=np.int8),
        np.array([bits for _, _, bits in drawn], dtype=np.int32),
    )


@settings(max_examples=25)  # each opens DuckDB twice
@given(rows)
def test_round_trip(tmp_path_factory, drawn):
    """Goal: nothing is lost. Method: draw verdicts, write, read, compare all and types."""
    path = tmp_path_factory.mktemp("file") / "verdicts.parquet"
    verdicts = verdicts_of(drawn)
    write_verdicts(verdicts, path)
    again = read_verdicts(path)
    assert list(again.intents) == list(verdicts.intents)
    assert again.as_map() == verdicts.as_map()
    assert (again.classes.dtype.name, again.flags.dtype.name) == ("int8", "int32")
    first = path.read_bytes()
    write_verdicts(again, path)
    assert path.read_bytes() == first
    assert [found.name for found in path.parent.iterdir()] == ["verdicts.parquet"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "verdicts.parquet"
    lost = (VerdictClass.LOST.code, Flag.EXPOSED.bit | Flag.REFUSED.bit)
    write_verdicts(verdicts_of([("I-1", *lost), ("I-2", VerdictClass.OK.code, 0)]), path)
    return path


def test_anybody_can_read_it(path):
    """Goal: classes and flags are words, not codes. Method: plain DuckDB."""
    with duckdb.connect() as connection:
        cursor = connection.execute(f"from '{path}'")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    flags = {flag.value: False for flag in FLAGS}
    assert found == [
        {"intent_id": "I-1", "class": "lost"} | flags | {"exposed": True, "refused": True},
        {"intent_id": "I-2", "class": "ok"} | flags,
    ]


def test_a_failing_write_leaves_nothing(tmp_path, monkeypatch):
    """Goal: nothing half-written. Method: the write fails in the middle."""

    def full_disk(*arguments):
        arguments[2].write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write", full_disk)
    with pytest.raises(HistoryError, match="No space left"):
        write_verdicts(verdicts_of([("I-1", 0, 0)]), tmp_path / "verdicts.parquet")
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_refused(tmp_path):
    """Goal: no file is taken for what it is not. Method: a history, a text, nothing."""
    write_history(recorded([full_event()]), tmp_path / "history")
    (tmp_path / "text").write_text("I-1 ok")
    messages = {
        "history": "the file does not hold verdicts that this bcsim knows",
        "text": "cannot read the file",
        "none": "there is no such file",
    }
    for name, message in messages.items():
        with pytest.raises(HistoryError, match=message):
            read_verdicts(tmp_path / name)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ("* replace ('perfect' as class)", "nulls or unknown classes"),
        ("* replace (null::varchar as intent_id)", "nulls or unknown classes"),
        ("* replace (null::boolean as slipped)", "nulls or unknown classes"),
        ("* exclude (slipped)", "cannot read the file"),
    ],
)
def test_an_altered_file_is_refused(path, terms, message):
    """Goal: no verdict is guessed. Method: one alteration, the heading kept."""
    with duckdb.connect() as connection:
        metadata = parquet.metadata_option(parquet.read_metadata(connection, path))
        connection.execute(f"create table rows as select {terms} from '{path}'")
        connection.execute(f"copy rows to '{path}' (format parquet, {metadata})")
    with pytest.raises(HistoryError, match=message):
        read_verdicts(path)
