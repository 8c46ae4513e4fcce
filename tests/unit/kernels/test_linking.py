"""Goal: kernels compile in one go where Numba is as it is known, and as usual where it is not."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numba.core.codegen import CPUCodeLibrary

from bcsim.kernels import linking

CELLS = numba.int64[::1]


def entry_with_a_part():
    """A function that calls another one, not yet compiled, and what it is called with."""
    part = numba.njit(lambda m, place: m[place] * 2)

    def entry(m):
        return part(m, 1) + 1

    parts = [(part, (CELLS, numba.int64))]
    return linking.compiled_at_once(numba.njit(entry), lambda: parts), np.array([3, 20])


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
def test_an_entry_calls_its_parts(is_known, monkeypatch):
    """Goal: the same result either way. Method: a Numba without one of the functions."""
    if not is_known:
        missing = (*linking._METHODS, (CPUCodeLibrary, "made_up"))
        monkeypatch.setattr(linking, "_METHODS", missing)
    entry, cells = entry_with_a_part()
    assert entry(cells) == 41


def test_numba_is_as_it_was_afterwards():
    """Goal: other code compiles as usual. Method: the functions before, within and after."""
    before = [getattr(owner, name) for owner, name in linking._METHODS]
    with linking._linked_at("entry"):
        within = [getattr(owner, name) for owner, name in linking._METHODS]
    assert all(one is not other for one, other in zip(before, within, strict=True))
    assert [getattr(owner, name) for owner, name in linking._METHODS] == before
