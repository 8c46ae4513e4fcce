"""Goal: rows of shares are numbered as rows of one table. Method: against sorting them all."""

from __future__ import annotations

from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history import sequence

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**6)), max_size=12)
SHARES = st.lists(ROWS, min_size=1, max_size=5)


@given(SHARES, st.integers(1, 6))
def test_numbers(shares, window_rows):
    """Goal: by time, then by place, in windows of any size. Method: places are made distinct."""
    every = [
        (time, place * 100 + number)
        for number, rows in enumerate(shares)
        for time, place in set(rows)
    ]
    ranks = {key: number for number, key in enumerate(sorted(every))}
    numbered = sequence.Sequence()
    expected = []
    for number, rows in enumerate(shares):
        mine = sorted((time, place * 100 + number) for time, place in set(rows))
        numbered.add(
            np.array([time for time, _ in mine], dtype=np.int64),
            np.array([place for _, place in mine], dtype=np.uint64),
        )
        expected.append([ranks[key] for key in mine])
    assert numbered.count == len(every)
    with mock.patch.object(sequence, "_WINDOW_ROWS", window_rows):
        found = numbered.numbered()
    given_numbers = [
        [int(n) for piece, _ in found.pieces(share) for n in piece["seq"]]
        for share in range(len(shares))
    ]
    assert given_numbers == expected
