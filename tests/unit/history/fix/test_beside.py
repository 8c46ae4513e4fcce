"""Goal: work done beside other work gives what it gives alone, and fails as it does alone.

Method: few rows, which take no thread, and many, which do.
"""

from __future__ import annotations

import threading

import pytest

from bcsim.history.fix.beside import ROWS_MIN, both, each

ROWS = (0, ROWS_MIN - 1, ROWS_MIN)


@pytest.mark.parametrize("row_count", ROWS)
def test_results_in_order(row_count):
    """Goal: each result is in its place. Method: a number and a text."""
    assert both(row_count, lambda: 1, lambda: "two") == (1, "two")


def test_threads_for_many_rows_only():
    """Goal: small work starts no thread. Method: ask each piece where it runs."""
    here = threading.get_ident()
    assert both(ROWS_MIN - 1, threading.get_ident, threading.get_ident) == (here, here)
    one, other = both(ROWS_MIN, threading.get_ident, threading.get_ident)
    assert one == here != other


@pytest.mark.parametrize("row_count", ROWS)
def test_each_column(row_count):
    """Goal: every column once, in its place. Method: none, one, an odd and an even number."""
    for names in ("", "a", "abc", "bdac"):
        found = each(row_count, str.upper, names)
        assert list(found.items()) == [(name, name.upper()) for name in names]


@pytest.mark.parametrize("row_count", ROWS)
@pytest.mark.parametrize("failing", [0, 1])
def test_errors(row_count, failing):
    """Goal: what either raises is raised. Method: each of two in turn."""

    def fail():
        message = "no such rows"
        raise ValueError(message)

    works = (fail, int) if failing else (int, fail)
    with pytest.raises(ValueError, match="no such rows"):
        both(row_count, *works)
