"""Goal: columns in memory say what was put in, however it is coded.

Method: compare with plain lists of texts and None; Hypothesis draws the lists.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history.columns import HistoryColumns, TextColumn, concatenate
from bcsim.history.schema import COLUMN_NAMES, NULL
from tests.unit.history.events import LazyIds

cells = st.lists(st.none() | st.sampled_from(("a", "b", "", "ข", "z")), max_size=20)


def coded(values):
    """A column coded unkindly: names in reverse, two of them unused."""
    names = ["unused", *sorted({v for v in values if v is not None}, reverse=True), "spare"]
    codes = [-1 if value is None else names.index(value) for value in values]
    return TextColumn(np.array(codes, dtype=np.int32), names)


def rows_of(*numbers, **texts):
    columns = {"time_ns": np.array(numbers, dtype=np.int64)}
    return HistoryColumns(columns | {name: coded(values) for name, values in texts.items()})


@given(cells)
def test_text_says_what_was_put_in(values):
    """Goal: any coding decodes. Method: row by row and all at once, against the list."""
    column = coded(values)
    assert [column.decode(row) for row in range(len(column))] == values
    assert column.to_objects().tolist() == values
    assert [column.name(code) for code in column.codes] == values


@given(cells)
def test_compact_numbers_by_first_appearance(values):
    """Goal: equal texts get equal codes. Method: the order of dict.fromkeys."""
    compact = coded(values).compact()
    names = list(dict.fromkeys(value for value in values if value is not None))
    assert list(compact.names) == names
    assert compact.codes.tolist() == [-1 if v is None else names.index(v) for v in values]


def test_compact_of_far_codes_and_lazy_names():
    """Goal: names are only asked for when used. Method: a trillion of them, three rows."""
    codes = np.array([10**11, 3, -1, 10**11], dtype=np.int64)
    compact = TextColumn(codes, LazyIds(10**12)).compact()
    assert compact.names == ("O-100000000000", "O-3")
    assert compact.codes.tolist() == [0, 1, -1, 0]


def test_codes_of_names():
    """Goal: a name that is absent equals no row. Method: present, absent and null."""
    column = coded(["a", None, "b", "a"])
    assert (column.codes == column.code_of("a")).tolist() == [True, False, False, True]
    assert (column.codes == column.code_of(None)).tolist() == [False, True, False, False]
    assert not (column.codes == column.code_of("no")).any()
    assert column.is_in("b", "no").tolist() == [False, False, True, False]


@given(st.lists(cells, max_size=4))
def test_concatenate_joins_codings(pieces):
    """Goal: portions coded apart make one column. Method: the joined lists."""
    joined = concatenate([rows_of(*range(len(piece)), actor=piece) for piece in pieces])
    assert joined.text("actor").to_objects().tolist() == [
        cell for piece in pieces for cell in piece
    ]
    assert joined.integer("time_ns").tolist() == [i for piece in pieces for i in range(len(piece))]
    assert len(set(joined.text("actor").names)) == len(joined.text("actor").names)


def test_columns_left_out_are_null():
    """Goal: every column of the schema is there. Method: give one, look at all."""
    rows = rows_of(1, 2)
    assert list(rows) == list(COLUMN_NAMES)
    assert rows.event(1) == dict.fromkeys(COLUMN_NAMES) | {"time_ns": 2}
    assert rows.integer("qty").tolist() == [NULL, NULL]


def test_columns_cannot_be_written():
    """Goal: a history is immutable. Method: write to an array that was given, and to a null."""
    given_array = np.array([1, 2], dtype=np.int64)
    rows = HistoryColumns({"time_ns": given_array})
    for name in ("time_ns", "qty"):
        with pytest.raises(ValueError, match="read-only"):
            rows.integer(name)[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        rows.text("kind").codes[0] = 5
    given_array[0] = 9  # the giver's own array stays writeable


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"tiem_ns": np.zeros(1, dtype=np.int64)}, "not in the schema"),
        ({"time_ns": np.zeros(1, dtype=np.int64), "qty": np.zeros(2, dtype=np.int64)}, "length"),
        ({"time_ns": np.zeros(1)}, "float64 does not fit"),
        ({"time_ns": coded(["a"])}, "holds integers"),
        ({"actor": np.zeros(1, dtype=np.int64)}, "holds text"),
    ],
)
def test_wrong_columns_are_refused(columns, message):
    """Goal: programmer errors stop at once. Method: one of each."""
    with pytest.raises(AssertionError, match=message):
        HistoryColumns(columns)


@given(cells, st.data())
def test_take_is_numpys(values, data):
    """Goal: masks, indices and slices work as in NumPy. Method: an object array as witness."""
    rows = rows_of(*range(len(values)), ref=values)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    mask = mask.astype(bool)
    witness = np.array([*values, None], dtype=object)[:-1]
    for selection in (mask, np.flatnonzero(mask), slice(1, None, 2)):
        taken = rows.take(selection)
        assert taken.text("ref").to_objects().tolist() == witness[selection].tolist()
        assert taken.integer("time_ns").tolist() == np.arange(len(values))[selection].tolist()


@given(cells)
def test_events_are_the_rows(values):
    """Goal: iterating gives what asking does. Method: row by row against the iterator."""
    rows = rows_of(*range(len(values)), subject=values)
    assert list(rows.events()) == [rows.event(row) for row in range(len(values))]
