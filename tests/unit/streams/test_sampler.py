"""Goal: a draw follows its distribution, in whole nanoseconds, and never changes.

Method: exact values at chosen probabilities, laws (rising, bounded), Kolmogorov-Smirnov against
textbook distribution functions, and known answers. Each statistical test fails by chance with
probability 1e-6 when its addresses are changed; as they stand they are fixed.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim import streams
from bcsim.limits import SUBDRAWS_MAX, TIME_NS_MAX
from bcsim.streams import (
    COMPILABLE,
    CONSTANT,
    ERLANG,
    Distribution,
    address,
    choice_at,
    integer_at,
    log,
    quantile_ns,
    sample_ns,
    samples_ns,
    uniform,
    uniforms,
)
from bcsim.streams.sampler import interpolated, whole_ns

KEY = (0x13198A2E, 0x03707344)
U_MIN, U_MAX = 2.0**-53, 1.0 - 2.0**-53
PROBABILITIES = st.integers(0, 2**52 - 1).map(lambda number: (2 * number + 1) / 2**53)
MS = 1_000_000

ONE_DRAW = [
    Distribution.constant(5 * MS),
    Distribution.uniform(2 * MS, 6 * MS),
    Distribution.triangular(1 * MS, 2 * MS, 5 * MS),
    Distribution.exponential(20 * MS),
    Distribution.lognormal(20 * MS, 0.5),
    Distribution.weibull(20 * MS, 1.5),
    Distribution.empirical([1 * MS, 2 * MS, 9 * MS]),
]

KOLMOGOROV_1E6 = 2.70
"""sqrt(n) times the largest deviation of n draws exceeds this once in 1e6."""


def quantile_of(distribution, u):
    d = distribution
    return quantile_ns(d.kind, d.a, d.b, d.c, d.quantiles, u)


def sample_of(distribution, index, draw=0):
    d = distribution
    return sample_ns(d.kind, d.a, d.b, d.c, d.quantiles, *KEY, index, draw)


@pytest.mark.parametrize(
    ("time_ns", "expected"),
    [
        (-1.0, 0),
        (-0.0, 0),
        (0.49999999999999994, 0),
        (0.5, 1),
        (1.5, 2),
        (2.5, 3),
        (2.0**52 + 1.0, 2**52 + 1),
        (2.0**53 + 2.0, 2**53 + 2),
        (2.0**62 - 512.0, 2**62 - 512),
        (2.0**62, TIME_NS_MAX),
        (math.inf, TIME_NS_MAX),
    ],
)
def test_rounding(time_ns, expected):
    """Goal: half up, within 0 and the latest time. Method: values where a naive sum goes wrong."""
    assert whole_ns(time_ns) == expected
    assert type(whole_ns(time_ns)) is int


def test_exact_quantiles():
    """Goal: each formula. Method: at p = 1/4, 1/2 and 3/4, by textbook, to half a nanosecond."""
    quarters = (0.25, 0.5, 0.75)
    z = [NormalDist().inv_cdf(p) for p in quarters]
    expected = [
        [5.0, 5.0, 5.0],
        [3.0, 4.0, 5.0],
        [2.0, 5 - math.sqrt(6), 5 - math.sqrt(3)],
        [-20 * math.log1p(-p) for p in quarters],
        [20 * math.exp(0.5 * x) for x in z],
        [20 * (-math.log1p(-p)) ** (1 / 1.5) for p in quarters],
        [1.5, 2.0, 5.5],
    ]
    found = [[quantile_of(d, p) for p in quarters] for d in ONE_DRAW]
    assert found == [[math.floor(ms * MS + 0.5) for ms in row] for row in expected]


@pytest.mark.parametrize("distribution", ONE_DRAW)
@given(u=PROBABILITIES, v=PROBABILITIES)
def test_quantiles_rise(distribution, u, v):
    """Goal: more luck is never less time (common random numbers). Method: any two numbers."""
    low, high = sorted((u, v))
    assert quantile_of(distribution, low) <= quantile_of(distribution, high)


@pytest.mark.parametrize("distribution", ONE_DRAW)
@given(u=PROBABILITIES)
def test_a_longer_scale_is_a_longer_time(distribution, u):
    """Goal: designs compare under the same luck. Method: double all times, keep the number."""
    d = distribution
    b, c = (d.b, d.c) if d.kind in {streams.LOGNORMAL, streams.WEIBULL} else (2 * d.b, 2 * d.c)
    doubled = Distribution(d.kind, 2 * d.a, b, c, tuple(2 * q for q in d.quantiles))
    assert abs(quantile_of(doubled, u) - 2 * quantile_of(d, u)) <= 1


def test_extreme_numbers_give_extreme_times():
    """Goal: the ends of the number range do no harm. Method: the least and the greatest u."""
    found = [(quantile_of(d, U_MIN), quantile_of(d, U_MAX)) for d in ONE_DRAW]
    log_end = 53 * math.log(2.0)
    z = -NormalDist().inv_cdf(U_MIN)
    lognormal = [round(20 * MS * math.exp(sign * 0.5 * z)) for sign in (-1, 1)]
    assert found == [
        (5 * MS, 5 * MS),
        (2 * MS, 6 * MS),
        (1 * MS, 5 * MS),
        (0, round(20 * MS * log_end)),
        tuple(lognormal),
        (0, round(20 * MS * log_end ** (1 / 1.5))),
        (1 * MS, 9 * MS),
    ]


@pytest.mark.parametrize(
    "distribution",
    [
        Distribution.uniform(3 * MS, 3 * MS),
        Distribution.triangular(3 * MS, 3 * MS, 3 * MS),
        Distribution.lognormal(3 * MS, 0.0),
        Distribution.empirical([3 * MS, 3 * MS]),
    ],
)
def test_no_spread_is_a_constant(distribution):
    """Goal: degenerate shapes do not divide by zero. Method: numbers over the whole range."""
    assert {quantile_of(distribution, u) for u in (U_MIN, 0.3, 0.5, U_MAX)} == {3 * MS}


@pytest.mark.parametrize("mode", [1.0, 5.0])
def test_triangular_with_its_mode_at_an_end(mode):
    """Goal: no division by an empty side. Method: median of a right triangle by hand."""
    found = quantile_of(Distribution.triangular(1 * MS, mode * MS, 5 * MS), 0.5)
    side = 4.0 * math.sqrt(0.5)
    assert found == round((1.0 + side if mode == 5.0 else 5.0 - side) * MS)


@given(st.integers(2, 3000) | st.integers(1, 20).map(lambda power: 2**power + 1))
def test_interpolation_stays_within_the_quantiles(count):
    """Goal: the greatest number reads the last cell. Method: any count, powers of two above all.

    A column of distinct values shows which cell was read.
    """
    grid = range(count)
    assert interpolated(grid, U_MAX) <= count - 1
    assert int(U_MAX * (count - 1)) == count - 2
    assert interpolated(grid, U_MIN) == pytest.approx(0.0, abs=1e-9)


def distribution_functions():
    """Each distribution with its textbook distribution function of milliseconds."""
    stages = 3

    def erlang(ms):
        y = ms / (20.0 / stages)
        return 1 - math.exp(-y) * sum(y**i / math.factorial(i) for i in range(stages))

    def triangle(ms):
        return (ms - 1) ** 2 / 4 if ms < 2 else 1 - (5 - ms) ** 2 / 12

    return [
        (Distribution.uniform(2 * MS, 6 * MS), lambda ms: (ms - 2) / 4),
        (Distribution.triangular(1 * MS, 2 * MS, 5 * MS), triangle),
        (Distribution.exponential(20 * MS), lambda ms: 1 - math.exp(-ms / 20)),
        (Distribution.erlang(stages, 20 * MS), erlang),
        (
            Distribution.lognormal(20 * MS, 0.5),
            lambda ms: NormalDist().cdf(math.log(ms / 20) / 0.5),
        ),
        (Distribution.weibull(20 * MS, 1.5), lambda ms: 1 - math.exp(-((ms / 20) ** 1.5))),
        (
            Distribution.empirical([1 * MS, 2 * MS, 9 * MS]),
            lambda ms: (ms - 1) / 2 if ms < 2 else 0.5 + (ms - 2) / 14,
        ),
    ]


@pytest.mark.parametrize(("distribution", "function"), distribution_functions())
def test_draws_follow_their_distribution(distribution, function):
    """Goal: samples have the distribution asked for. Method: Kolmogorov-Smirnov, 1e-6 each.

    20 000 draws, one for each index; rounding to 1 ns moves the function by less than 1e-6.
    """
    n = 20_000
    p = np.array([function(sample_of(distribution, index) / MS) for index in range(n)])
    p.sort()
    above = np.max(np.arange(1, n + 1) / n - p)
    below = np.max(p - np.arange(n) / n)
    assert math.sqrt(n) * max(above, below) < KOLMOGOROV_1E6


@pytest.mark.parametrize("seed", [0, 1])
def test_kolmogorov_sees_a_wrong_mean(seed):
    """Goal: the test above can fail. Method: the same statistic with a mean 10 % off fails."""
    n = 20_000
    d = Distribution.exponential(22 * MS)
    drawn = samples_ns(d.kind, d.a, d.b, d.c, (), seed, 1, np.arange(n, dtype=np.int64), 0)
    p = np.sort(1.0 - np.exp(-drawn / (20.0 * MS)))
    assert math.sqrt(n) * np.max(np.abs(np.arange(1, n + 1) / n - p)) > KOLMOGOROV_1E6


def test_one_draw_uses_one_number():
    """Goal: a sample is the quantile at its address. Method: against uniform and quantile."""
    for distribution in ONE_DRAW:
        for index in (0, 1, 2**32 - 1):
            u = uniform(*KEY, index, 1024)
            assert sample_of(distribution, index, 1024) == quantile_of(distribution, u)


def test_an_erlang_time_is_a_sum():
    """Goal: k stages at consecutive sub-draws. Method: add the exponentials up by hand."""
    draw = address(attempt=3, sub=5)
    stages = [-log(1.0 - uniform(*KEY, 9, draw + stage)) for stage in range(4)]
    expected = 20 * MS / 4.0 * (stages[0] + stages[1] + stages[2] + stages[3])
    assert sample_of(Distribution.erlang(4, 20 * MS), 9, draw) == whole_ns(expected)


def test_stages_stay_within_their_attempt():
    """Goal: an Erlang sum never reads the next attempt's numbers. Method: the last place."""
    last = address(attempt=3, sub=SUBDRAWS_MAX - 4)
    assert sample_of(Distribution.erlang(4, MS), 9, last) > 0
    with pytest.raises(AssertionError, match="next attempt"):
        sample_of(Distribution.erlang(4, MS), 9, last + 1)
    with pytest.raises(AssertionError, match="no distribution of one draw"):
        quantile_ns(ERLANG, 4.0, MS, 0.0, (), 0.5)


def test_times_are_capped():
    """Goal: no draw leaves the range of times. Method: a heavy tail whose exponential overflows."""
    huge = Distribution.lognormal(1e18, 200.0)
    assert [quantile_of(huge, u) for u in (1e-4, 0.5, 0.9999)] == [0, 10**18, TIME_NS_MAX]
    assert sample_ns(CONSTANT, 1e300, 0.0, 0.0, (), *KEY, 0, 0) == TIME_NS_MAX


PINNED_NS = [
    [5_000_000, 5_000_000, 5_000_000],
    [2_032_456, 2_597_328, 2_685_491],
    [1_180_155, 1_772_870, 1_827_944],
    [162_941, 3_234_667, 3_759_697],
    [6_012_604, 11_894_558, 12_445_449],
    [809_774, 5_936_946, 6_563_143],
    [1_016_228, 1_298_664, 1_342_745],
    [5_020_139, 8_392_365, 22_134_056],
]


def test_draws_are_pinned():
    """Goal: results of one version are those of the next. Method: values pinned at first writing.

    A change here changes every history: it belongs under *Results change*.
    """
    all_kinds = [*ONE_DRAW, Distribution.erlang(3, 20 * MS)]
    found = [[sample_of(d, index, address(2, 1, 3)) for index in range(3)] for d in all_kinds]
    assert found == PINNED_NS


@pytest.mark.parametrize("weights", [[1.0], [1, 2, 3], [0.0, 0.25, 0.0, 0.75, 0.0], [1e-290] * 7])
def test_choices_follow_their_weights(weights):
    """Goal: an index is picked in proportion to its weight, never at weight 0.

    Method: chi-square over 50 000 draws; with at most 6 degrees of freedom it exceeds 39.0 with
    probability below 1e-6.
    """
    u = uniforms(*KEY, np.arange(50_000, dtype=np.int64), 77)
    counts = np.bincount([choice_at(weights, x) for x in u.tolist()], minlength=len(weights))
    expected = 50_000 * np.array(weights) / np.sum(weights)
    assert np.all(counts[expected == 0.0] == 0)
    used = expected > 0.0
    assert np.sum((counts[used] - expected[used]) ** 2 / expected[used]) < 39.0


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20), PROBABILITIES)
def test_a_choice_is_the_inverse_of_the_sums(weights, u):
    """Goal: the least index whose sum exceeds u. Method: any weights, by the running sums."""
    sums = np.cumsum(weights)
    if sums[-1] <= 1e-300:
        with pytest.raises(AssertionError, match="sum"):
            choice_at(weights, u)
    else:
        index = choice_at(weights, u)
        assert index == int(np.flatnonzero(sums > u * sums[-1])[0])
        assert weights[index] > 0.0


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [math.inf], [math.nan], [1.0, -1.0, 1.0]])
def test_unusable_weights_are_refused(weights):
    """Goal: no endless loop, no arbitrary pick. Method: each kind of unusable weights."""
    with pytest.raises(AssertionError, match="weight"):
        choice_at(weights, 0.5)


@pytest.mark.parametrize(("low", "high"), [(1, 6), (-3, 3), (7, 7), (0, 2**52 - 1)])
def test_integers_cover_their_range(low, high):
    """Goal: both ends occur, nothing outside. Method: the extreme numbers and the middle."""
    assert [integer_at(low, high, u) for u in (U_MIN, U_MAX)] == [low, high]
    assert integer_at(low, high, 0.5) == low + (high - low + 1) // 2


def test_integers_are_fair():
    """Goal: each face equally often. Method: chi-square of 60 000 dice; 5 df exceed 37 at 6e-7."""
    u = uniforms(*KEY, np.arange(60_000, dtype=np.int64), 78)
    counts = np.bincount([integer_at(1, 6, x) for x in u.tolist()], minlength=7)[1:]
    assert np.sum((counts - 10_000) ** 2) / 10_000 < 37.0


@pytest.mark.parametrize(("low", "high"), [(1, 0), (0, 2**52)])
def test_unusable_ranges_are_refused(low, high):
    """Goal: no number outside an empty or too wide range. Method: one of each."""
    with pytest.raises(AssertionError, match="empty or too wide"):
        integer_at(low, high, 0.5)


def test_compilable_functions_come_after_those_they_call():
    """Goal: a kernel can compile the list from front to back. Method: the names each one uses."""
    names = [function.__name__ for function in COMPILABLE]
    own = {name for name in names if callable(getattr(streams, name, None))} | set(names)
    for place, function in enumerate(COMPILABLE):
        called = own & set(function.__code__.co_names)
        assert called <= set(names[:place]), function.__name__
