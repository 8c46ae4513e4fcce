"""Goal: numbers, times and texts are decoded as Python's own decimal, datetime and dict do.

Method: Hypothesis draws texts; each is decoded by the block and one by one.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from bcsim.history.fix import values
from bcsim.history.fix.aside import Aside
from bcsim.history.fix.framing import PAD_BYTES
from bcsim.history.fix.log_file import FileReader, read_log
from bcsim.history.fix.messages import Dictionaries
from bcsim.history.fix.options import FixOptions
from bcsim.history.schema import NULL
from tests.fix_session import message

BIGGEST = np.iinfo(np.int64).max


def placed(texts):
    """A block that holds some texts, and their starts and lengths."""
    data = np.frombuffer(b"\x01".join(texts) + bytes(PAD_BYTES), dtype=np.uint8)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths + 1)[:-1])).astype(np.int64)
    return data, starts, lengths


@given(
    st.lists(st.integers(0, 10**20).map(str) | st.text("0123456789.-+ a", max_size=20), min_size=1)
)
@example(["18446744073709551616", "007", "", "12345678", "123456789", "1.5", "٣"])
def test_integers(texts):
    """Goal: equal to int() of ASCII digits. Method: drawn texts."""
    found = values.integers(*placed([text.encode() for text in texts])).tolist()
    expected = [
        int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else NULL
        for text in texts
    ]
    assert found == expected


@given(st.lists(st.from_regex(r"-?[0-9]{0,12}(\.[0-9]{0,10})?", fullmatch=True), min_size=1))
@example(["-0.5", ".", "-", "92233720368.54775807", "92233720368.54775808", "1.000000005", "5."])
def test_decimals(texts):
    """Goal: equal to decimal's half-up rounding to eight digits. Method: drawn decimals."""
    found = values.decimals(*placed([text.encode() for text in texts])).tolist()
    for text, value in zip(texts, found, strict=True):
        if not any(character.isdigit() for character in text) or len(text) > 20:
            assert value == NULL
            continue
        exact = Decimal(text).scaleb(8).quantize(Decimal(1), ROUND_HALF_UP)
        assert value == (int(exact) if abs(exact) <= BIGGEST else NULL), text


@given(st.lists(st.sampled_from(["1e5", "1,5", "abc", "0x1", " 1", "1 ", "--1", "1.2.3", "NaN"])))
def test_what_is_no_decimal_is_null(texts):
    """Goal: nothing is guessed. Method: texts that Python or people might accept."""
    found = values.decimals(*placed([text.encode() for text in texts] or [b"x"])).tolist()
    assert set(found) == {NULL}


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2199, 12, 31)),  # noqa: DTZ001
            st.integers(0, 9),
            st.integers(0, 999_999_999),
        ),
        min_size=1,
    )
)
def test_times(moments):
    """Goal: equal to datetime, to the nanosecond. Method: drawn moments, 0 to 9 digits."""
    texts, expected = [], []
    for moment, digits, nanoseconds in moments:
        whole = moment.replace(microsecond=0)
        fraction = f"{nanoseconds:09d}"[:digits]
        texts.append(
            whole.strftime("%Y%m%d-%H:%M:%S").zfill(17) + ("." if digits else "") + fraction
        )
        since = whole - datetime.datetime(1970, 1, 1)  # noqa: DTZ001
        seconds = since.days * 86_400 + since.seconds
        expected.append(seconds * 10**9 + int(fraction.ljust(9, "0")))
    assert values.times(*placed([text.encode() for text in texts])).tolist() == expected


@given(st.lists(st.text("0123456789-:. T", max_size=24), min_size=1))
@example(["20261332-09:00:00", "20261102-24:00:00", "20261102-09:00:61", "20261102 09:00:00"])
def test_what_is_no_time_is_null(texts):
    """Goal: nothing is guessed. Method: texts of the same letters that strptime refuses."""
    found = values.times(*placed([text.encode() for text in texts])).tolist()
    for text, value in zip(texts, found, strict=True):
        try:
            datetime.datetime.strptime(text[:17], "%Y%m%d-%H:%M:%S")  # noqa: DTZ007
        except ValueError:
            assert value == NULL, text


@given(st.lists(st.binary(min_size=1, max_size=90).filter(lambda b: 1 not in b and 0 not in b)))
def test_texts_are_coded_by_first_appearance_of_their_bytes(texts):
    """Goal: equal codes exactly for equal texts, over blocks. Method: code a list twice."""
    dictionary = values.Dictionary()
    if texts:
        once = dictionary.codes(*placed(texts)).tolist()
        again = dictionary.codes(*placed(texts[::-1])).tolist()
        assert once == again[::-1]
        number = dict(zip(texts, once, strict=True))
        assert len(set(number.values())) == len(number) == len(dictionary)
        names = dictionary.names
        assert [names[code] for code in once] == [
            text.decode("utf-8", "backslashreplace") for text in texts
        ]


def test_many_messages_in_one_block(tmp_path):
    """Goal: a block of more than 65 536 messages is decoded. Method: heartbeats, one file."""
    count = 70_000
    beat = message(
        [("35", "0"), ("34", "7"), ("49", "A"), ("56", "B"), ("52", "20261102-09:00:00")]
    )
    path = tmp_path / "beats.log"
    path.write_bytes(beat * count)
    reader = FileReader(0, is_store=False, aside=Aside())
    file = read_log(path, Dictionaries(), FixOptions(), reader)
    assert len(file.traffic) == count
    assert set(file.traffic["seq"].tolist()) == {7}
