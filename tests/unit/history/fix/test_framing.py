"""Goal: whole messages are found in any bytes, and damaged ones are counted, not believed.

Method: messages made by :mod:`tests.fix_session` with text around them, spoiled one way each.
"""

from __future__ import annotations

import pytest

from bcsim.history.fix.framing import delimiter_of, frame
from tests.fix_session import message

ONE = message([("35", "0"), ("34", "1"), ("58", "one")])
TWO = message([("35", "D"), ("34", "2"), ("58", "two")])


def framed(block, delimiter=b"\x01"):
    """Messages found, and the four counts of damage and repair."""
    found = frame(block, delimiter)
    texts = [
        found.data[begin:end].tobytes() for begin, end in zip(found.begins, found.ends, strict=True)
    ]
    counts = (found.wrong_sums, found.wrong_lengths, found.truncated, found.broken_lines)
    return texts, counts


def test_messages_between_prose():
    """Goal: text around messages is no part of them. Method: text before, between, behind."""
    block = b"start\nINFO " + ONE + b" end\n20261102 : " + TWO + b"\nmore"
    assert framed(block) == ([ONE[:-1], TWO[:-1]], (0, 0, 0, 0))


@pytest.mark.parametrize("delimiter", [b"|", b"^A", b"<SOH>", b"\\x01", b";"])
def test_other_delimiters(delimiter):
    """Goal: readable logs keep their checksums. Method: replace SOH, as loggers do."""
    block = (ONE + TWO).replace(b"\x01", delimiter)
    assert delimiter_of(block) == delimiter
    assert framed(block, delimiter) == ([ONE[:-1], TWO[:-1]], (0, 0, 0, 0))


def test_missing_last_delimiter():
    """Goal: logs strip the last delimiter. Method: drop it before the line's end."""
    assert framed(ONE[:-1] + b"\n" + TWO[:-1]) == ([ONE[:-1], TWO[:-1]], (0, 0, 0, 0))


def test_wrong_checksum():
    """Goal: an altered message is left out. Method: change a letter of the text."""
    assert framed(ONE.replace(b"one", b"ane") + TWO) == ([TWO[:-1]], (1, 0, 0, 0))


def test_wrong_length():
    """Goal: a shortened message is left out. Method: cut a letter of the text out."""
    assert framed(ONE.replace(b"one", b"on") + TWO) == ([TWO[:-1]], (0, 1, 0, 0))


@pytest.mark.parametrize("cut", range(6, len(TWO) - 1))
def test_truncated_end(cut):
    """Goal: a message without an end is left out. Method: cut the last one anywhere."""
    texts, counts = framed(ONE + TWO[:cut])
    assert texts == [ONE[:-1]]
    assert sum(counts) == 1


def test_broken_lines():
    """Goal: a message over several lines is whole. Method: line ends in the middle."""
    block = TWO[:20] + b"\r\n" + TWO[20:31] + b"\n" + TWO[31:] + ONE
    assert framed(block) == ([TWO[:-1], ONE[:-1]], (0, 0, 0, 1))


def test_message_quoted_in_a_text():
    """Goal: a header within a field is no message. Method: a text that quotes one."""
    quoting = message([("35", "3"), ("58", "bad 8=FIX.4.4 message")])
    assert framed(quoting + ONE) == ([quoting[:-1], ONE[:-1]], (0, 0, 0, 0))


def test_tag_that_ends_like_a_header():
    """Goal: ``58=FIX`` is a text. Method: a text that begins so."""
    texted = message([("35", "3"), ("58", "FIX.4.4 is old")])
    assert framed(texted) == ([texted[:-1]], (0, 0, 0, 0))
