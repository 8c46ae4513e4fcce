"""Goal: making the next item in a thread changes neither items, order nor errors.

Method: a generator that says what it has done, read whole, in part, and until it fails.
"""

from __future__ import annotations

import itertools
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bcsim.history.fix.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_same_items_in_order():
    """Goal: nothing is lost or moved. Method: read all of none, one and many."""
    for count in (0, 1, 50):
        assert list(ahead(iter(range(1, count + 1)))) == list(range(1, count + 1))


def test_one_item_ahead():
    """Goal: memory stays that of two items. Method: count what was made when one is at hand."""
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in itertools.count(1):
            made.append(number)
            yield number

    with closing(ahead(numbers())) as reading:  # closing waits for the one that is being made
        assert next(reading) == 1
    assert made == [1, 2]


def test_error_where_the_item_would_be():
    """Goal: what came before an error is handed out. Method: fail at the third item."""

    def failing():
        yield 1
        yield 2
        message = "no third"
        raise OSError(message)

    reading = ahead(failing())
    assert [next(reading), next(reading)] == [1, 2]
    with pytest.raises(OSError, match="no third"):
        next(reading)
