"""Goal: eight bytes at a time give the numbers that Python reads from the same characters.

Method: texts of 0 to 8 characters drawn by a fixed seed, mostly digits, with other bytes behind.
"""

from __future__ import annotations

import random
import re

import numpy as np

from bcsim.history.fix import words


def _texts(count=20_000):
    drawn = random.Random(20261122)
    return [
        "".join(drawn.choices("0123456789.x", [9] * 10 + [8, 1], k=drawn.randrange(9)))
        for _ in range(count)
    ]


TEXTS = _texts()
WORDS = np.frombuffer("".join(f"{t}.9x.9x.9"[:8] for t in TEXTS).encode(), dtype=np.uint64)
LENGTHS = np.array([len(text) for text in TEXTS])


def test_digits():
    """Goal: integers, -1 for others. Method: compare with ``int``."""
    due = [int(text) if re.fullmatch("[0-9]+", text) else -1 for text in TEXTS]
    assert words.digits(WORDS, LENGTHS).tolist() == due


def test_numbers():
    """Goal: one point at most, and what is behind it. Method: compare with the text's parts."""
    values, behind = words.numbers(WORDS, LENGTHS)
    for text, value, digits in zip(TEXTS, values.tolist(), behind.tolist(), strict=True):
        whole, point, fraction = text.partition(".")
        if re.fullmatch("[0-9]+", whole + fraction):
            assert (value, digits) == (int(whole + fraction), len(fraction) if point else -1), text
        else:
            assert value == -1, text


def test_lengths_alike():
    """Goal: one length for all gives the same. Method: both ways for every length."""
    for length in range(9):
        lengths = np.full(len(WORDS), length)
        one = words.alike(lengths)
        assert one.shape == ()
        assert words.digits(WORDS, one).tolist() == words.digits(WORDS, lengths).tolist()
        for left, right in zip(
            words.numbers(WORDS, one), words.numbers(WORDS, lengths), strict=True
        ):
            assert left.tolist() == right.tolist()


def test_runs():
    """Goal: runs repeat to what they were made of. Method: few different words, none at all."""
    for found in (WORDS[:0], WORDS[:1], np.repeat(WORDS[:50], 3)):
        different, counts = words.runs_of(found)
        assert np.repeat(different, counts).tolist() == found.tolist()
        assert not (different[1:] == different[:-1]).any()
