"""Goal: a file is read as it was written, or refused with its fault; an alteration is seen.

Method: files written by DuckDB itself, with one thing wrong each; large and small files read both
ways; copies with one cell, the profile or the root altered.
"""

from __future__ import annotations

import duckdb
import pytest

from bcsim.errors import HistoryError
from bcsim.history import parquet, reader
from bcsim.history.profile import Profile
from bcsim.history.reader import read_history, read_portions, read_profile, verify
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, TEXT_NAMES
from bcsim.history.writer import HistoryWriter, write_history
from tests.unit.history.events import full_event, order_day, recorded


@pytest.fixture
def history():
    return recorded([full_event(number) for number in range(4)], Profile(source="drill"))


@pytest.fixture
def path(tmp_path, history):
    path = tmp_path / "history.parquet"
    write_history(history, path)
    return path


def rewrite(path, select="*", metadata=None, where="true"):
    """Write a file anew by DuckDB: other terms, other metadata (None: as it was)."""
    with duckdb.connect() as connection:
        if metadata is None:
            metadata = parquet.read_metadata(connection, path)
        rows = connection.execute(f"create table rows as from '{path}' where {where}")
        options = "format parquet"
        if metadata:
            options += f", {parquet.metadata_option(metadata)}"
        rows.execute(f"copy (select {select} from rows order by seq) to '{path}' ({options})")
    return path


def metadata_of(path):
    with duckdb.connect() as connection:
        return parquet.read_metadata(connection, path)


def test_metadata_is_as_stated(path, history):
    """Goal: other tools can tell what the file is. Method: all keys and values."""
    assert metadata_of(path) == {
        "format": "bcsim-history",
        "schema_version": "1",
        "profile": history.profile.to_json(),
        "root": history.root,
        "chunk_rows": "65536",
    }


def test_types_are_as_stated(path):
    """Goal: other tools read int64 and text with nulls. Method: DuckDB's description."""
    with duckdb.connect() as connection:
        described = connection.execute(f"describe from '{path}'").fetchall()
    expected = [(c.name, "BIGINT" if c.is_integer else "VARCHAR", "YES") for c in COLUMNS]
    assert [row[:3] for row in described] == expected


def test_large_and_small_are_read_alike(tmp_path, monkeypatch):
    """Goal: how a file is read does not show. Method: 6600 rows at once, and in portions."""
    path = tmp_path / "history.parquet"
    with HistoryWriter(path, Profile(), chunk_rows=2048) as writer:
        for event in order_day(1100):
            writer.emit(**event)
    plain = read_history(path)
    monkeypatch.setattr(reader, "LEAF_ROWS", 1000)
    large = read_history(path)
    portions = list(read_portions(path))
    assert [portion.row_count for portion in portions] == [1000] * 6 + [600]
    assert list(plain.rows()) == list(large.rows())
    assert list(plain.rows()) == [row for portion in portions for row in portion.events()]
    for name in TEXT_NAMES:
        assert list(plain.columns.text(name).names) == list(large.columns.text(name).names)
        assert plain.codes(name).tolist() == large.codes(name).tolist()


def test_the_profile_alone(path, history):
    """Goal: a heading is cheap to read. Method: compare with the history's."""
    assert read_profile(path) == history.profile


@pytest.mark.parametrize("name", ["a b.parquet", "it's.parquet", "day[1].parquet", "*?.parquet"])
def test_any_name_will_do(tmp_path, history, name):
    """Goal: no name is taken for a pattern or for SQL. Method: odd names, beside a decoy."""
    write_history(recorded([full_event(9)]), tmp_path / "day1.parquet")
    write_history(history, tmp_path / name)
    assert list(read_history(tmp_path / name, verify=True).rows()) == list(history.rows())


def test_a_folder_may_look_like_a_partition(tmp_path, history):
    """Goal: paths add no columns. Method: a folder named like a Hive partition."""
    folder = tmp_path / "qty=7"
    folder.mkdir()
    write_history(history, folder / "history.parquet")
    assert list(read_history(folder / "history.parquet").rows()) == list(history.rows())


def test_a_foreign_file_is_accepted(path, history):
    """Goal: anybody's Parquet with the columns is a log.

    Method: no metadata, other order, narrower integers, one column more.
    """
    terms = [f"{name}::int as {name}" if name == "qty" else name for name in COLUMN_NAMES[::-1]]
    rewrite(path, f"{', '.join(terms)}, 5 as surplus", {})
    foreign = read_history(path)
    assert list(foreign.rows()) == list(history.rows())
    assert foreign.profile == Profile(kind="live test log")
    assert foreign.root == read_history(path).root != history.root
    with pytest.raises(HistoryError, match="states no root"):
        verify(path)
    with pytest.raises(HistoryError, match="not those of the root"):
        read_history(path, verify=True)


def problems(path):
    with pytest.raises(HistoryError) as caught:
        read_history(path)
    assert {problem.file for problem in caught.value.problems} == {str(path)}
    return [(p.message, p.value, p.expected) for p in caught.value.problems]


def test_missing_and_wrong_columns_are_all_named(path):
    """Goal: a file is mended once. Method: two columns missing, two of a wrong type."""
    rewrite(path, "* exclude (leg, cause) replace (qty::double as qty, 5 as actor)", {})
    assert problems(path) == [
        ("column leg is missing", "", "number of the effect within a step that has several"),
        ("column qty has the wrong type", "DOUBLE", "BIGINT"),
        ("column actor has the wrong type", "INTEGER", "VARCHAR"),
        ("column cause is missing", "", "the disruption or fault that brought it about"),
    ]


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("nullif(seq, 2) as seq", ["row 2 has no seq", "row 2 is out of order"]),
        ("null::bigint as time_ns", ["row 0 has no time_ns"]),
        ("if(seq = 3, null, vantage) as vantage", ["row 3 has no vantage"]),
        ("if(seq = 1, 'excute', kind) as kind", ["row 1 is of an unknown kind"]),
        ("1 as seq", ["row 1 is out of order"]),
    ],
)
def test_unsound_rows_are_refused(path, replacement, expected):
    """Goal: checkers may rely on what is read. Method: one breach each, in a foreign file."""
    with duckdb.connect() as connection:
        connection.execute(f"create table rows as select * replace ({replacement}) from '{path}'")
        connection.execute(f"copy rows to '{path}' (format parquet)")
    assert [message for message, _, _ in problems(path)] == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": "2"}, "the file is of a version that this bcsim does not know"),
        ({"schema_version": "x"}, "the file is of a version that this bcsim does not know"),
        ({"format": "bcsim-verdicts"}, "the file is not a history"),
        ({"profile": "{"}, "the profile is not JSON"),
        ({"profile": '{"versoin":1}'}, "profile.versoin does not hold"),
        ({"profile": None}, "the metadata has no profile"),
        ({"root": None, "profile": None}, "the metadata has no profile and no root"),
    ],
    ids=str,
)
def test_metadata_that_does_not_hold_is_refused(path, change, message):
    """Goal: nothing is guessed about a file. Method: alter or remove one key."""
    metadata = {k: v for k, v in (metadata_of(path) | change).items() if v is not None}
    assert problems(rewrite(path, metadata=metadata))[0][0] == message


def test_a_column_more_is_refused_in_our_own_file(path):
    """Goal: nothing rides along outside of the root. Method: a column more, metadata kept."""
    rewrite(path, "*, 5 as surplus")
    assert problems(path) == [("the root does not cover the columns surplus", "", "")]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"seq,kind\n0,submit\n", b"PAR1" + b"\0" * 64])
def test_what_is_not_parquet_is_refused(tmp_path, content):
    """Goal: a clear error for a wrong file. Method: empty, text, and a mere beginning."""
    path = tmp_path / "file"
    path.write_bytes(content)
    assert [message for message, _, _ in problems(path)] == ["cannot read the file"]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(path, kept):
    """Goal: a copy cut short is not a shorter history. Method: keep part of the bytes."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert [message for message, _, _ in problems(path)] == ["cannot read the file"]


def test_no_such_file(tmp_path):
    """Goal: a clear error for a wrong name. Method: a name and a folder."""
    for path in (tmp_path / "none.parquet", tmp_path):
        assert problems(path) == [("there is no such file", "", "")]
        with pytest.raises(HistoryError):
            verify(path)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_an_altered_cell_is_seen(path, column):
    """Goal: verify proves every cell. Method: alter one in the file, keep the root."""
    assert verify(path)
    other = "1000" if column.is_integer else "'cancel'"
    rewrite(path, f"* replace (if(seq = 3, {other}, {column.name}) as {column.name})")
    assert not verify(path)
    assert read_history(path).root == metadata_of(path)["root"]
    with pytest.raises(HistoryError, match="the rows or the profile are not those of the root"):
        read_history(path, verify=True)


@pytest.mark.parametrize("alteration", ["row", "profile", "root"])
def test_other_alterations_are_seen(path, alteration):
    """Goal: as above for whole rows and the heading. Method: one alteration, the rest kept."""
    metadata = metadata_of(path)
    if alteration == "row":
        rewrite(path, where="seq < 3")
    elif alteration == "profile":
        rewrite(path, metadata=metadata | {"profile": Profile(source="other").to_json()})
    else:
        rewrite(path, metadata=metadata | {"root": "0" * 64})
    assert not verify(path)


def test_writing_anew_without_alteration_is_not_seen(path):
    """Goal: the tests above do not fail by the rewriting itself. Method: alter nothing."""
    before = path.read_bytes()
    rewrite(path)
    assert path.read_bytes() != before
    assert verify(path)
