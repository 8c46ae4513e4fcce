"""Goal: every message's value of a tag is found, whatever the order and number of its fields.

Method: messages made by :mod:`tests.fix_session` from fields that differ in order, repeat, are
empty or have tags of any length; a plain loop over the fields says what is to be found.
"""

from __future__ import annotations

import numpy as np

from bcsim.history.fix.fields import fields_of
from bcsim.history.fix.framing import frame
from tests.fix_session import message

TAGS = (1, 11, 55, 150)
SHORT = [("35", "8"), ("34", "1"), ("11", "a")]
ORDERS = (
    SHORT,
    [("35", "8"), ("11", "bc"), ("34", "2"), ("1", "=x="), ("150", "F")],
    [("35", "8"), ("55", "first"), ("55", "second"), ("20055", "no"), ("1501", "no")],
    [("35", "8"), ("55", ""), ("55", "behind an empty one"), ("150", "0")],
    [("35", "0")],
    SHORT,
)


def expected(tag):
    """Numbers and values of the messages whose first field of a tag says something."""
    firsts = [next((v for t, v in fields if t == str(tag)), "") for fields in ORDERS]
    return [(number, value) for number, value in enumerate(firsts) if value]


def found(fields, tag):
    """The same as it was found."""
    rows, starts, lengths = fields.present(tag)
    texts = [
        fields.data[start : start + length].tobytes().decode()
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]
    return list(zip(rows.tolist(), texts, strict=True))


def test_values_of_every_form():
    """Goal: forms do not mix. Method: six messages of five forms in one block."""
    fields = fields_of(frame(b"".join(message(one) for one in ORDERS), b"\x01"), TAGS)
    assert fields.count == len(ORDERS)
    for tag in TAGS:
        assert found(fields, tag) == expected(tag)


def test_values_of_some_messages():
    """Goal: taking messages takes their values. Method: every second one, numbered anew."""
    fields = fields_of(frame(b"".join(message(one) for one in ORDERS), b"\x01"), TAGS)
    some = fields.take(np.arange(0, len(ORDERS), 2))
    for tag in TAGS:
        kept = [(number // 2, value) for number, value in expected(tag) if number % 2 == 0]
        assert found(some, tag) == kept
