"""Goal: columns hold the very bits that the scalar functions give.

Method: equality of bytes (not closeness) over all kinds, edges and chunk boundaries; whatever is
no address is refused.
"""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.limits import SUBDRAWS_MAX, TIME_NS_MAX
from bcsim.streams import (
    Distribution,
    address,
    exp,
    exps,
    inverse_normal,
    inverse_normals,
    log,
    logs,
    sample_ns,
    samples_ns,
    uniform,
    uniforms,
)
from bcsim.streams.columns import CHUNK_DRAWS

KEY = (0xE77DD077, 0x987853BB)
WORD_MAX = 2**32 - 1
WORDS = st.integers(0, WORD_MAX)
MS = 1_000_000
DECADE = 315_576_000_000_000_000
"""Ten years: a time of this size shows the last bit of a double, milliseconds round it away."""

DISTRIBUTIONS = [
    Distribution.constant(2**53 + 2),
    Distribution.uniform(0, 2 * TIME_NS_MAX),
    Distribution.uniform(DECADE, 5 * DECADE),
    Distribution.triangular(1 * MS, 2 * MS, DECADE),
    Distribution.triangular(2 * MS, 2 * MS, 2 * MS),
    Distribution.exponential(20 * MS),
    Distribution.exponential(DECADE),
    Distribution.erlang(1, 20 * MS),
    Distribution.erlang(5, DECADE),
    Distribution.lognormal(DECADE, 0.5),
    Distribution.lognormal(20 * MS, 300.0),
    Distribution.weibull(20 * MS, 0.05),
    Distribution.weibull(DECADE, 1.5),
    Distribution.empirical([1 * MS, 2 * MS, DECADE]),
    Distribution.empirical(range(1025)),
]


def int64(*numbers):
    return np.array(numbers, dtype=np.int64)


def scalars_ns(distribution, indices, draws):
    """The scalar function, address by address."""
    d = distribution
    return [
        sample_ns(d.kind, d.a, d.b, d.c, d.quantiles, *KEY, index, draw)
        for index, draw in zip(indices.tolist(), draws.tolist(), strict=True)
    ]


def bits_of(numbers):
    """The bytes of a list of floats."""
    return np.array(numbers, dtype=np.float64).tobytes()


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=20))
def test_uniforms(key0, key1, places):
    """Goal: bit identity of uniform numbers. Method: any keys and addresses, none at all too."""
    column = uniforms(
        key0,
        key1,
        int64(*(index for index, _ in places)),
        int64(*(draw for _, draw in places)),
    )
    assert column.dtype == np.float64
    assert column.tobytes() == bits_of([uniform(key0, key1, *place) for place in places])


@pytest.mark.parametrize("n", [0, 1, CHUNK_DRAWS - 1, CHUNK_DRAWS, CHUNK_DRAWS + 1])
def test_chunks_meet_without_a_seam(n):
    """Goal: no draw is lost or doubled at a chunk's end. Method: lengths around one chunk."""
    indices = np.arange(n, dtype=np.int64)
    draw = address(step=3)
    assert uniforms(*KEY, indices, draw).tolist() == [uniform(*KEY, i, draw) for i in range(n)]
    d = Distribution.exponential(20 * MS)
    found = samples_ns(d.kind, d.a, d.b, d.c, (), *KEY, indices, draw)
    assert found.tolist() == scalars_ns(d, indices, np.full(n, draw))


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_samples(distribution):
    """Goal: bit identity of every kind. Method: 3000 addresses, dense, sparse and extreme."""
    d = distribution
    indices = np.concatenate([np.arange(1500), np.arange(1499) * 2_860_000, [WORD_MAX]])
    draws = np.arange(3000) * SUBDRAWS_MAX * 1390
    draws[-1] = WORD_MAX - SUBDRAWS_MAX + 1
    found = samples_ns(d.kind, d.a, d.b, d.c, d.quantiles, *KEY, indices, draws)
    assert found.dtype == np.int64
    assert found.tolist() == scalars_ns(d, indices, draws)


def test_one_draw_for_all():
    """Goal: a single draw means the same as a column of it. Method: both ways, an Erlang sum."""
    d = Distribution.erlang(3, 20 * MS)
    indices = np.arange(100, dtype=np.int64)
    draw = address(step=1, attempt=2)
    one = samples_ns(d.kind, d.a, d.b, d.c, (), *KEY, indices, draw)
    many = samples_ns(d.kind, d.a, d.b, d.c, (), *KEY, indices, np.full(100, draw))
    assert one.tolist() == many.tolist()


def test_quantiles_may_be_an_array():
    """Goal: a blueprint's array serves as well as a tuple. Method: the same draws from both."""
    d = Distribution.empirical([1 * MS, 2 * MS, 9 * MS])
    indices = np.arange(100, dtype=np.int64)
    column = np.array(d.quantiles)
    first = samples_ns(d.kind, d.a, d.b, d.c, d.quantiles, *KEY, indices, 0)
    second = samples_ns(d.kind, d.a, d.b, d.c, column, *KEY, indices, 0)
    single = [sample_ns(d.kind, d.a, d.b, d.c, column, *KEY, i, 0) for i in range(100)]
    assert first.tolist() == second.tolist() == single


@given(st.lists(st.floats(min_value=5e-324, max_value=sys.float_info.max), min_size=1))
def test_logs(x):
    """Goal: bit identity of logarithms. Method: all positive doubles, subnormal ones too."""
    assert logs(np.array(x)).tobytes() == bits_of([log(value) for value in x])


def test_logs_at_the_seams():
    """Goal: both reductions cut at the same mantissa. Method: neighbours of each power and seam."""
    seams = [factor * 2.0**power for power in (-40, -1, 0, 1, 40) for factor in (1.0, 0.5**0.5)]
    x = [value for seam in seams for value in (math.nextafter(seam, 0), seam, seam * (1 + 2**-52))]
    assert logs(np.array(x)).tobytes() == bits_of([log(value) for value in x])


@given(st.lists(st.floats(allow_nan=False) | st.floats(-800.0, 800.0), min_size=1))
def test_exps(x):
    """Goal: bit identity of exponentials. Method: all numbers, infinite and overflowing too."""
    assert exps(np.array(x)).tobytes() == bits_of([exp(value) for value in x])


def test_exps_at_the_seams():
    """Goal: the same power of two on both ways. Method: around every half multiple of ln 2."""
    seams = [(number + 0.5) * math.log(2.0) for number in range(-1021, 1023)]
    x = [value for seam in seams for value in (math.nextafter(seam, -1e3), seam, seam + 1e-13)]
    assert exps(np.array(x)).tobytes() == bits_of([exp(value) for value in x])


@given(st.lists(st.integers(0, 2**52 - 1).map(lambda n: (2 * n + 1) / 2**53), min_size=1))
def test_inverse_normals(p):
    """Goal: bit identity of normal numbers. Method: any probabilities a stream can give."""
    assert inverse_normals(np.array(p)).tobytes() == bits_of([inverse_normal(q) for q in p])


def test_inverse_normals_at_the_seams():
    """Goal: the same region on both ways. Method: around 1/2 +- 0.425, exp(-25) and the ends."""
    seams = [0.075, 0.5, 0.925, math.exp(-25.0), 1.0 - math.exp(-25.0)]
    p = [value for seam in seams for value in (math.nextafter(seam, 0), seam, seam + 2**-53)]
    p += [2.0**-53, 1.0 - 2.0**-53]
    assert inverse_normals(np.array(p)).tobytes() == bits_of([inverse_normal(q) for q in p])


@pytest.mark.parametrize(
    ("indices", "draws", "reason"),
    [
        (int64(-1), 0, "out of bounds"),
        (int64(2**32), 0, "out of bounds"),
        (int64(0), -1, "out of bounds"),
        (int64(0), 2**32, "out of bounds"),
        (np.array([0], dtype=np.uint64), 0, "not int64"),
        (int64(0), np.array([0], dtype=np.int32), "not int64"),
        (np.array([0.0]), 0, "not int64"),
        (int64(0).reshape(1, 1), 0, "dimensions"),
    ],
)
def test_what_is_no_address_is_refused(indices, draws, reason):
    """Goal: no number silently from another address. Method: one of each kind."""
    with pytest.raises(AssertionError, match=reason):
        uniforms(*KEY, indices, draws)
    with pytest.raises(AssertionError, match=reason):
        samples_ns(3, 1.0, 0.0, 0.0, (), *KEY, indices, draws)


def test_stages_stay_within_their_attempt():
    """Goal: an Erlang column never reads the next attempt. Method: one place in it too late."""
    d = Distribution.erlang(4, MS)
    last = address(sub=SUBDRAWS_MAX - 4)
    assert samples_ns(d.kind, d.a, d.b, d.c, (), *KEY, int64(0, 1), int64(0, last)).min() > 0
    with pytest.raises(AssertionError, match="too many stages"):
        samples_ns(d.kind, d.a, d.b, d.c, (), *KEY, int64(0, 1), int64(0, last + 1))


@pytest.mark.parametrize("x", [0.0, -1.0, math.inf, math.nan])
def test_what_has_no_logarithm_is_refused(x):
    """Goal: no silent NaN in a column. Method: each kind of unusable number beside a good one."""
    with pytest.raises(AssertionError, match="positive, finite"):
        logs(np.array([1.0, x]))
