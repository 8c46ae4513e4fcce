"""Goal: names that are made when asked for are the names that would have been written out.

Method: Hypothesis draws stems and numbers; plain Python strings are the witness of every way to
take, join, encode and find them.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history.columns import HistoryColumns, TextColumn, concatenate
from bcsim.history.names import ComposedNames, Digits, Utf8Names, Words, joined, taken, utf8

STEMS = ("house-", "", "กองทุน-", "m")

pairs = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0, 7, 999, 10**6, 2**40])), unique=True
)


def composed(chosen):
    stems, numbers = ([pair[i] for pair in chosen] for i in (0, 1))
    return ComposedNames(
        Words(STEMS, np.array(stems, dtype=np.int64)),
        Digits(np.array(numbers, dtype=np.int64), 3),
    )


def written(chosen):
    return [f"{STEMS[stem]}{number:03d}" for stem, number in chosen]


@given(pairs)
def test_composed_names_are_those_written_out(chosen):
    """Goal: a name is its parts. Method: as a list, one by one, by slices, in one buffer."""
    names, expected = composed(chosen), written(chosen)
    assert list(names) == expected
    assert names[::-2] == expected[::-2]
    assert names.utf8().to_list() == utf8(expected).to_list() == expected
    assert names.utf8().buffer.tobytes() == "".join(expected).encode()


@given(pairs, st.data())
def test_taken_names_are_those_at_the_places(chosen, data):
    """Goal: a choice of names stays what it was. Method: any places, of all three kinds."""
    index = st.integers(0, len(chosen) - 1) if chosen else st.nothing()
    places = np.array(data.draw(st.lists(index)), dtype=np.int64)
    expected = [written(chosen)[place] for place in places]
    for names in (composed(chosen), composed(chosen).utf8(), written(chosen)):
        assert list(taken(names, places)) == expected


@given(st.lists(pairs, min_size=1, max_size=4))
def test_joined_names_are_each_there_once(lists):
    """Goal: portions agree on a name. Method: lists of numbers, of texts, and of both."""
    for kind in (composed, written, lambda chosen: composed(chosen).utf8()):
        names, places = joined([kind(chosen) for chosen in lists])
        assert len(set(names)) == len(names)
        for chosen, found in zip(lists, places or [np.arange(len(names))], strict=True):
            assert [names[place] for place in found] == written(chosen)


def test_lists_that_differ_in_kind_are_joined_by_their_texts():
    """Goal: equal numbers do not mean equal names. Method: two lists with other stems."""
    first = composed([(0, 7)])
    second = ComposedNames(Words(("x", "house-"), np.array([0, 1])), Digits(np.array([7, 7]), 3))
    names, places = joined([first, second])
    assert places is not None
    assert (list(names), [p.tolist() for p in places]) == (["house-007", "x007"], [[0], [1, 0]])
    assert joined([first, first]) == (first, None)


@given(st.lists(st.text(max_size=3), unique=True), st.text(max_size=3))
def test_a_name_is_found_where_it_is(texts, wanted):
    """Goal: the search knows where texts begin and end. Method: short texts, many overlaps."""
    names = utf8(texts)
    for place, name in enumerate(texts):
        assert names.place_of(name) == place
    assert names.place_of(wanted) == (texts.index(wanted) if wanted in texts else -1)


@given(st.lists(pairs, min_size=1, max_size=3))
def test_columns_of_composed_names_are_columns(lists):
    """Goal: nothing else can tell. Method: rows joined, made compact, decoded, looked up."""
    pieces, expected = [], []
    for chosen in lists:
        codes = np.array([*range(len(chosen)), -1, *range(len(chosen))][::-1], dtype=np.int32)
        pieces.append(HistoryColumns({"intent_id": TextColumn(codes, composed(chosen))}))
        expected += [None if code < 0 else written(chosen)[code] for code in codes]
    rows = concatenate(pieces)
    for column in (rows.text("intent_id"), rows.compact().text("intent_id")):
        assert column.to_objects().tolist() == expected
        for name in filter(None, expected):
            assert column.is_in(name).tolist() == [cell == name for cell in expected]
    assert list(column.names) == list(dict.fromkeys(filter(None, expected)))


def test_every_part_names_every_one():
    """Goal: a programmer's error stops at once. Method: parts of different lengths."""
    with pytest.raises(AssertionError, match="every part"):
        ComposedNames(Words(("a",), np.array([0, 0])), Digits(np.array([1])))


def test_names_beyond_ascii_are_cut_between_letters():
    """Goal: lengths count bytes, texts letters. Method: three bytes a letter."""
    names = utf8(["กข", "", "é"])
    assert isinstance(names, Utf8Names)
    assert (names.lengths.tolist(), names.to_list()) == ([6, 0, 2], ["กข", "", "é"])
