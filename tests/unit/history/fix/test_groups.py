"""Goal: grouping dense integers gives what NumPy gives for any.

Method: compare with NumPy's own functions on integers drawn by a fixed seed, dense and sparse,
and on the smallest arrays. Nothing is left to chance.
"""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.history.fix.groups import distinct, in_order, is_any, is_first, numbered

_RANDOM = np.random.default_rng(20261122)
KEYS = {
    "none": np.empty(0, dtype=np.int64),
    "one": np.array([7]),
    "alike": np.full(9, 3),
    "dense": _RANDOM.integers(0, 40, 300),
    "in order": np.sort(_RANDOM.integers(0, 40, 300)),
    "sparse": _RANDOM.integers(0, 2**61, 300) // 2**50 * 2**50,
}


@pytest.mark.parametrize("name", KEYS)
def test_numbered(name):
    """Goal: keys are numbered by size. Method: NumPy's inverse, also of keys below zero."""
    for keys in (KEYS[name], KEYS[name] - 20):
        expected = np.unique(keys, return_inverse=True)[1]
        assert numbered(keys).tolist() == expected.tolist()


@pytest.mark.parametrize("name", KEYS)
def test_distinct(name):
    """Goal: every key once, ascending. Method: NumPy's unique, also of keys below zero."""
    for keys in (KEYS[name], KEYS[name] - 20):
        assert distinct(keys).tolist() == np.unique(keys).tolist()


@pytest.mark.parametrize("name", [name for name in KEYS if name != "sparse"])
def test_is_first(name):
    """Goal: the first of each key is marked. Method: NumPy's index of first occurrences."""
    keys = KEYS[name]
    first = np.unique(keys, return_index=True)[1]
    assert np.flatnonzero(is_first(keys)).tolist() == sorted(first.tolist())


@pytest.mark.parametrize("name", KEYS)
def test_in_order(name):
    """Goal: equal keys stay as they stand. Method: NumPy's stable sort."""
    expected = np.argsort(KEYS[name], kind="stable")
    assert in_order(KEYS[name]).tolist() == expected.tolist()


def test_is_any():
    """Goal: one of several codes. Method: small codes, wanted ones that occur and others."""
    codes = np.array([1, 2, 3, 250], dtype=np.uint8)
    assert is_any(codes, (2, 250, 99)).tolist() == [False, True, False, True]
    assert is_any(codes, ()).tolist() == [False] * 4
