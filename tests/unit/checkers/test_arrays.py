"""Goal: the array idioms do what their names say. Method: small cases, and naive twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bcsim.checkers.arrays import (
    NEVER,
    NO,
    UNKNOWN,
    YES,
    any_of,
    counts_of,
    earliest,
    first_positions,
    last_positions,
    latest,
    paired,
    pick,
    tri,
)

GROUPS = st.lists(st.integers(0, 4), max_size=12)


@given(GROUPS)
def test_first_and_last_positions(groups):
    """Goal: smallest and largest row of each group. Method: compare with Python's min, max."""
    rows = np.arange(10, 10 + len(groups))
    members = {g: [10 + i for i, of in enumerate(groups) if of == g] for g in range(5)}
    codes = np.array(groups, dtype=np.int64)
    first = [min(rows, default=NEVER) for rows in members.values()]
    last = [max(rows, default=NEVER) for rows in members.values()]
    assert first_positions(5, codes, rows).tolist() == first
    assert last_positions(5, codes, rows).tolist() == last
    assert counts_of(5, codes).tolist() == [len(rows) for rows in members.values()]
    odd = rows % 2 == 1
    assert any_of(5, codes, odd).tolist() == [any(r % 2 for r in m) for m in members.values()]


def test_earliest_and_latest():
    """Goal: NEVER is later than all and earlier than none. Method: one case of each."""
    left, right = np.array([3, NEVER, NEVER]), np.array([5, 7, NEVER])
    assert earliest(left, right).tolist() == [3, 7, NEVER]
    assert latest(left, right).tolist() == [5, 7, NEVER]


def test_pick():
    """Goal: the default stands for NEVER, also of no values. Method: both cases."""
    assert pick(np.array([10, 20]), np.array([1, NEVER]), -5).tolist() == [20, -5]
    assert pick(np.array([], dtype=np.int64), np.array([NEVER]), -5).tolist() == [-5]


def test_tri():
    """Goal: YES wins over UNKNOWN. Method: the four combinations."""
    yes, unknown = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert tri(yes, unknown).tolist() == [YES, YES, UNKNOWN, NO]


SMALL, HUGE = st.integers(0, 5), st.integers(0, 2**62)


@given(st.lists(st.tuples(st.one_of(SMALL, HUGE), st.one_of(SMALL, HUGE)), max_size=8))
def test_paired(pairs):
    """Goal: one number orders as the pair does, however large. Method: compare all couples."""
    high, low = (np.array([p[i] for p in pairs], dtype=np.int64) for i in (0, 1))
    numbers = paired(high, low).tolist()
    for i, a in enumerate(pairs):
        for j, b in enumerate(pairs):
            assert (numbers[i] < numbers[j]) == (a < b)
            assert (numbers[i] == numbers[j]) == (a == b)
