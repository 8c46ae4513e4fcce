"""Goal: the generator is Threefry-2x32-20, and its uniform numbers are uniform and independent.

Method: published known answers, a twin written as a loop after the paper, bounds watched on
every intermediate value, and statistical tests on fixed addresses. Each statistical test fails
by chance with probability below 1e-6 when its addresses are changed; as they stand they are fixed.
"""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.streams import threefry, threefry2x32, uniform, uniforms

WORD_MAX = 0xFFFFFFFF
WORDS = st.integers(0, WORD_MAX)

KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0x6B200159, 0x99BA4EFE)),
    ((WORD_MAX,) * 4, (0x1CB996FC, 0xBB002BE7)),
    ((0x13198A2E, 0x03707344, 0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
]
"""(key, counter) -> output, from Random123's kat_vectors: zeros, ones, digits of pi."""

KOLMOGOROV_1E6 = 2.70
"""sqrt(n) times the largest deviation of n uniform numbers exceeds this once in 1e6."""


def threefry_by_the_paper(key0, key1, counter0, counter1):
    """The twin: Salmon et al. 2011, section 4.2, as a loop over rounds, every sum masked."""
    rotations = (13, 15, 26, 6, 17, 29, 16, 24)
    keys = (key0, key1, 0x1BD11BDA ^ key0 ^ key1)
    x0 = (counter0 + keys[0]) & WORD_MAX
    x1 = (counter1 + keys[1]) & WORD_MAX
    for number in range(20):
        turn = rotations[number % 8]
        x0 = (x0 + x1) & WORD_MAX
        x1 = ((x1 << turn) & WORD_MAX) | (x1 >> (32 - turn))
        x1 ^= x0
        if number % 4 == 3:
            injection = number // 4 + 1
            x0 = (x0 + keys[injection % 3]) & WORD_MAX
            x1 = (x1 + keys[(injection + 1) % 3] + injection) & WORD_MAX
    return x0, x1


def watched(operation):
    """An operation of int that refuses a negative result and one of 2**62 or more."""

    def method(self, other):
        result = operation(int(self), int(other))
        assert 0 <= result < 2**62
        return Watched(result)

    return method


class Watched(int):
    """An int whose results are watched."""

    __slots__ = ()

    __add__ = __radd__ = watched(int.__add__)
    __xor__ = __rxor__ = watched(int.__xor__)
    __or__ = __ror__ = watched(int.__or__)
    __and__ = __rand__ = watched(int.__and__)
    __lshift__ = watched(int.__lshift__)
    __rshift__ = watched(int.__rshift__)


@pytest.mark.parametrize(("words", "expected"), KNOWN_ANSWERS)
def test_known_answers(words, expected):
    """Goal: the published generator. Method: Random123's vectors, on ints and on int64 columns."""
    assert threefry2x32(*words) == expected
    columns: list[Any] = [np.array([word, 0], dtype=np.int64) for word in words[2:]]
    words0, words1 = cast("Any", threefry2x32(words[0], words[1], *columns))
    assert (words0.dtype, words1.dtype) == (np.int64, np.int64)
    assert (words0[0], words1[0]) == expected


@pytest.mark.parametrize(("words", "expected"), KNOWN_ANSWERS)
def test_the_twin_knows_the_answers(words, expected):
    """Goal: the twin below is right on its own. Method: the same vectors."""
    assert threefry_by_the_paper(*words) == expected


@given(WORDS, WORDS, WORDS, WORDS)
def test_equals_its_twin(key0, key1, counter0, counter1):
    """Goal: unrolling and rare masks change nothing. Method: against the loop, any words."""
    words = (key0, key1, counter0, counter1)
    assert threefry2x32(*words) == threefry_by_the_paper(*words)


@given(WORDS, WORDS, WORDS, WORDS)
def test_intermediate_values_fit_an_int64(key0, key1, counter0, counter1):
    """Goal: compiled int64 arithmetic cannot overflow. Method: ints that watch themselves."""
    words = (key0, key1, counter0, counter1)
    found = threefry2x32(*(Watched(word) for word in words))
    assert found == threefry_by_the_paper(*words)


def test_the_watch_barks():
    """Goal: the test above can fail. Method: one shift too far, one sum too large."""
    assert Watched(2**60) + 1 == 2**60 + 1
    with pytest.raises(AssertionError):
        Watched(2**60) << 2
    with pytest.raises(AssertionError):
        Watched(2**61) + Watched(2**61)


@given(WORDS, WORDS, WORDS, WORDS)
def test_uniform_takes_53_bits(key0, key1, index, draw):
    """Goal: a uniform number's exact value. Method: from the twin's words, in whole numbers."""
    word0, word1 = threefry_by_the_paper(key0, key1, index, draw)
    numerator = ((word0 >> 5) * 2**26 + (word1 >> 6)) | 1
    assert uniform(key0, key1, index, draw) == numerator / 2**53


@pytest.mark.parametrize(("word", "expected"), [(0, 2.0**-53), (WORD_MAX, 1.0 - 2.0**-53)])
def test_uniform_is_strictly_inside(monkeypatch, word, expected):
    """Goal: neither 0 nor 1 can occur. Method: the extreme words in place of the generator."""
    monkeypatch.setattr(threefry, "threefry2x32", lambda *_: (word, word))
    assert uniform(1, 2, 3, 4) == expected


@pytest.mark.parametrize("input_", range(4))
def test_every_input_bit_matters(input_):
    """Goal: no input bit is lost or weak. Method: flip each; 32 of 64 output bits should change.

    False alarm: the mean of 400 flips has sd 4 / 20 = 0.2 bits; 6 sd for 32 bits, 6e-8.
    """
    rng = np.random.Generator(np.random.PCG64(20261122 + input_))
    words = rng.integers(0, 2**32, size=(400, 4)).tolist()
    for bit in range(32):
        changed = 0
        for one in words:
            other = list(one)
            other[input_] ^= 1 << bit
            before, after = threefry2x32(*one), threefry2x32(*other)
            changed += sum((x ^ y).bit_count() for x, y in zip(before, after, strict=True))
        assert abs(changed / 400 - 32.0) < 1.2


def addresses(walk, n=100_000):
    """Uniform numbers along one direction of the address space."""
    numbers = np.arange(n, dtype=np.int64)
    if walk == "index":
        return uniforms(0x13198A2E, 0x03707344, numbers, 5)
    if walk == "draw":
        return uniforms(0x13198A2E, 0x03707344, np.full(n, 5, dtype=np.int64), numbers)
    if walk == "step":
        return uniforms(0x13198A2E, 0x03707344, numbers // 64, (numbers % 64) << 26)
    return np.array([uniform(key, 7, 5, 5) for key in range(20_000)])


WALKS = ["index", "draw", "step", "key"]


@pytest.mark.parametrize("walk", WALKS)
def test_uniform_numbers_are_uniform(walk):
    """Goal: each direction yields uniform numbers. Method: Kolmogorov-Smirnov, 1e-6 a walk."""
    u = np.sort(addresses(walk))
    n = len(u)
    above = np.max(np.arange(1, n + 1) / n - u)
    below = np.max(u - np.arange(n) / n)
    assert math.sqrt(n) * max(above, below) < KOLMOGOROV_1E6


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("lag", [1, 2, 64])
def test_neighbours_are_independent(walk, lag):
    """Goal: a number tells nothing about its neighbour. Method: pairs on a 16 x 16 grid.

    False alarm: chi-square with 255 degrees of freedom exceeds 378 with probability 1e-6.
    """
    u = addresses(walk)
    u = u[: len(u) // (2 * lag) * (2 * lag)].reshape(-1, 2, lag)
    first, second = u[:, 0].ravel(), u[:, 1].ravel()
    cells = (first * 16).astype(int) * 16 + (second * 16).astype(int)
    expected = len(cells) / 256
    chi_square = np.sum((np.bincount(cells, minlength=256) - expected) ** 2) / expected
    assert chi_square < 378


@pytest.mark.parametrize("walk", WALKS)
def test_lowest_bits_are_fair(walk):
    """Goal: the low bits are as good as the high ones. Method: count each of bits 1 to 20 of 53.

    False alarm: 6 sd for 20 bits, 20 * 2e-9 = 4e-8.
    """
    u = addresses(walk)
    numerators = (u * 2.0**53).astype(np.int64)
    for bit in range(1, 21):
        ones = int(np.sum(numerators >> bit & 1))
        assert abs(ones - len(u) / 2) < 6 * math.sqrt(len(u)) / 2
