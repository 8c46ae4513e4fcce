"""Goal: different addresses never meet, and an address means the same number for ever.

Method: bounds and arithmetic of the packing, ambiguous texts for the key, and pinned values. A
change of a pinned value changes every history: it belongs under *Results change*.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX, STEPS_MAX, SUBDRAWS_MAX
from bcsim.streams import address, stream_key, uniform

BOUNDS = {"step": STEPS_MAX, "leg": LEGS_MAX, "attempt": ATTEMPTS_MAX, "sub": SUBDRAWS_MAX}

PINNED_KEYS = [
    (0xA8F6C4D0, 0x5845ED29),
    (0xE77DD077, 0x987853BB),
    (0x79D2615A, 0x9B8D9932),
]
PINNED_U = 0.34149378114570095

PLACES = st.tuples(*(st.integers(0, bound - 1) for bound in BOUNDS.values()))


def test_layout():
    """Goal: the documented layout: 6, 4, 12 and 10 bits. Method: one of each, all, the largest."""
    assert address() == 0
    assert address(sub=1) == 1
    assert address(attempt=1) == 1 << 10
    assert address(leg=1) == 1 << 22
    assert address(step=1) == 1 << 26
    assert address(3, 2, 5, 7) == 3 << 26 | 2 << 22 | 5 << 10 | 7
    assert address(*(bound - 1 for bound in BOUNDS.values())) == 2**32 - 1


@given(PLACES)
def test_an_address_can_be_read_back(place):
    """Goal: no two places share an address. Method: unpack by division what was packed."""
    rest, sub = divmod(address(*place), SUBDRAWS_MAX)
    rest, attempt = divmod(rest, ATTEMPTS_MAX)
    step, leg = divmod(rest, LEGS_MAX)
    assert (step, leg, attempt, sub) == place


@pytest.mark.parametrize("name", BOUNDS)
def test_out_of_bounds_is_refused(name):
    """Goal: a part never runs into its neighbour. Method: one below and one above each bound."""
    address(**{name: BOUNDS[name] - 1})
    for value in (-1, BOUNDS[name]):
        with pytest.raises(AssertionError, match=name):
            address(**{name: value})


def test_keys_are_pinned():
    """Goal: results of one version are those of the next. Method: values pinned at first writing.

    The first was also computed by hand with ``sha256sum`` from the encoding in the docstring.
    """
    assert [
        stream_key(0, 0, "", ""),
        stream_key(7, 0, "service", "retail-app"),
        stream_key(2**64 - 1, 2**64 - 1, "arrival", "แอปพลิเคชัน"),
    ] == PINNED_KEYS
    assert uniform(*stream_key(7, 0, "service", "retail-app"), 41, address(step=2)) == PINNED_U


def test_every_part_matters():
    """Goal: changing any part gives another key. Method: all pairs of neighbouring addresses.

    False alarm: 54 keys of 64 bits collide with probability 8e-17.
    """
    parts = ((0, 1, 2**63), (0, 1), ("a", "b", ""), ("a", "b", ""))
    keys = [stream_key(*part) for part in itertools.product(*parts)]
    assert len(set(keys)) == len(keys) == 54


@given(st.tuples(*[st.text(max_size=6)] * 4))
def test_texts_do_not_run_together(texts):
    """Goal: the encoding is unambiguous. Method: any two pairs; equal keys mean equal pairs."""
    first, second = texts[:2], texts[2:]
    assert (stream_key(1, 2, *first) == stream_key(1, 2, *second)) == (first == second)


def test_a_moved_boundary_matters():
    """Goal: ("ab", "c") is not ("a", "bc"). Method: every way to cut one text, NULs included."""
    text = "ab\0c\0\0"
    keys = {stream_key(1, 2, text[:cut], text[cut:]) for cut in range(len(text) + 1)}
    assert len(keys) == len(text) + 1


@pytest.mark.parametrize("number", [-1, 2**64])
def test_numbers_have_64_bits(number):
    """Goal: no seed is cut silently. Method: one below and one above the range."""
    with pytest.raises(AssertionError, match="root_seed"):
        stream_key(number, 0, "a", "b")
    with pytest.raises(AssertionError, match="replication"):
        stream_key(0, number, "a", "b")


def test_keys_are_two_words():
    """Goal: both halves are 32-bit words. Method: a thousand keys; the largest come near 2**32.

    False alarm: that no half of 1000 exceeds 0.98 * 2**32 has probability 0.98**1000 = 2e-9.
    """
    keys = [stream_key(seed, 0, "a", "b") for seed in range(1000)]
    for half in zip(*keys, strict=True):
        assert all(0 <= word < 2**32 for word in half)
        assert max(half) > 0.98 * 2**32
