"""Goal: a distribution is plain data that says what it means.

Method: fields by constructor, means against draws and by hand, quantiles against the sampler, and
every parameter that is no shape is refused.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from bcsim.limits import SUBDRAWS_MAX
from bcsim.streams import (
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    Distribution,
    Stream,
)

MS = 1_000_000


@pytest.mark.parametrize(
    ("made", "fields"),
    [
        (Distribution.constant(5), (CONSTANT, 5.0, 0.0, 0.0, ())),
        (Distribution.uniform(1, 3), (UNIFORM, 1.0, 3.0, 0.0, ())),
        (Distribution.triangular(1, 2, 5), (TRIANGULAR, 1.0, 2.0, 5.0, ())),
        (Distribution.exponential(20), (EXPONENTIAL, 20.0, 0.0, 0.0, ())),
        (Distribution.erlang(3, 20), (ERLANG, 3.0, 20.0, 0.0, ())),
        (Distribution.lognormal(20, 0.5), (LOGNORMAL, 20.0, 0.5, 0.0, ())),
        (Distribution.weibull(20, 1.5), (WEIBULL, 20.0, 1.5, 0.0, ())),
        (Distribution.empirical([1, 2, 9]), (EMPIRICAL, 0.0, 0.0, 0.0, (1.0, 2.0, 9.0))),
    ],
)
def test_constructors(made, fields):
    """Goal: the table in the module's docstring. Method: all fields, all floats, hashable."""
    assert dataclasses.astuple(made) == fields
    assert [type(value) for value in (made.a, made.b, made.c)] == [float] * 3
    assert hash(made) == hash(Distribution(*fields))


def test_kinds_are_distinct():
    """Goal: a kind names one distribution. Method: the eight constants are 0 to 7."""
    kinds = [CONSTANT, UNIFORM, TRIANGULAR, EXPONENTIAL, ERLANG, LOGNORMAL, WEIBULL, EMPIRICAL]
    assert kinds == list(range(8))


def test_a_distribution_does_not_change():
    """Goal: a model's distribution is frozen. Method: assign."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Distribution.constant(5).a = 6.0  # type: ignore[misc]


SHAPES = [
    (Distribution.uniform(2 * MS, 6 * MS), 4.0, 4 / math.sqrt(12)),
    (Distribution.triangular(1 * MS, 2 * MS, 5 * MS), 8 / 3, math.sqrt(13 / 18)),
    (Distribution.exponential(20 * MS), 20.0, 20.0),
    (Distribution.erlang(4, 20 * MS), 20.0, 10.0),
    (
        Distribution.lognormal(20 * MS, 0.5),
        20 * math.exp(0.125),
        20 * math.exp(0.125) * math.sqrt(math.expm1(0.25)),
    ),
    (Distribution.weibull(20 * MS, 2.0), 10 * math.sqrt(math.pi), 20 * math.sqrt(1 - math.pi / 4)),
    (
        Distribution.empirical([1 * MS, 2 * MS, 9 * MS]),
        3.5,
        math.sqrt((7 / 3 + 103 / 3) / 2 - 12.25),
    ),
]
"""Distribution, mean and standard deviation in milliseconds."""


@pytest.mark.parametrize(("distribution", "mean_ms", "sd_ms"), SHAPES)
def test_means_and_spreads(distribution, mean_ms, sd_ms):
    """Goal: mean_ns is the mean of the draws. Method: formula; 100 000 draws within 5 sd.

    False alarm: 6e-7 for the mean; the standard deviation is held to 3 %, more than 6 of its own.
    """
    assert distribution.mean_ns == pytest.approx(mean_ms * MS, rel=1e-13)
    numbers = np.arange(100_000, dtype=np.int64)
    drawn = Stream(20261122, 0, "service", "x").samples_ns(distribution, numbers) / MS
    assert abs(drawn.mean() - mean_ms) < 5 * sd_ms / math.sqrt(100_000)
    assert drawn.std() == pytest.approx(sd_ms, rel=0.03)


def test_mean_of_a_constant():
    """Goal: mean_ns without spread. Method: exactly the value."""
    assert Distribution.constant(5 * MS).mean_ns == 5.0 * MS


def test_mean_beyond_a_double():
    """Goal: a hopeless shape says so. Method: a Weibull shape whose mean has 10**375 ns."""
    assert Distribution.weibull(1.0, 0.005).mean_ns == math.inf


def test_quantiles():
    """Goal: quantile(p) in whole nanoseconds. Method: medians by hand; one stage is exponential."""
    medians = [
        Distribution.constant(5 * MS),
        Distribution.uniform(2 * MS, 6 * MS),
        Distribution.exponential(20 * MS),
        Distribution.erlang(1, 20 * MS),
        Distribution.lognormal(20 * MS, 0.5),
        Distribution.empirical([1 * MS, 2 * MS, 9 * MS]),
    ]
    found = [distribution.quantile(0.5) for distribution in medians]
    ln2_ns = round(20 * MS * math.log(2.0))
    assert found == [5 * MS, 4 * MS, ln2_ns, ln2_ns, 20 * MS, 2 * MS]


def test_no_quantile_of_a_sum():
    """Goal: no wrong quantile of an Erlang sum. Method: ask for it."""
    with pytest.raises(AssertionError, match="no closed form"):
        Distribution.erlang(2, MS).quantile(0.5)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, math.nan])
def test_quantile_needs_a_probability(p):
    """Goal: p = 0 and 1 have no finite answer for most kinds. Method: the ends and beyond."""
    with pytest.raises(AssertionError, match="p="):
        Distribution.uniform(0, MS).quantile(p)


@pytest.mark.parametrize(
    ("make", "parameters"),
    [
        (Distribution.constant, (-1,)),
        (Distribution.constant, (math.inf,)),
        (Distribution.uniform, (3, 2)),
        (Distribution.uniform, (-1, 2)),
        (Distribution.triangular, (1, 6, 5)),
        (Distribution.triangular, (2, 1, 5)),
        (Distribution.exponential, (math.nan,)),
        (Distribution.exponential, (-1,)),
        (Distribution.erlang, (0, 1)),
        (Distribution.erlang, (SUBDRAWS_MAX + 1, 1)),
        (Distribution.erlang, (2, -1)),
        (Distribution.lognormal, (0, 1)),
        (Distribution.lognormal, (1, -1)),
        (Distribution.weibull, (0, 1)),
        (Distribution.weibull, (1, 0)),
        (Distribution.empirical, ([1],)),
        (Distribution.empirical, ([2, 1],)),
        (Distribution.empirical, ([-1, 1],)),
        (Distribution.empirical, ([1, math.inf],)),
        (Distribution.empirical, ([1, math.nan, 2],)),
    ],
)
def test_what_is_no_shape_is_refused(make, parameters):
    """Goal: a programmer's slip is caught where it happens. Method: each condition broken once."""
    with pytest.raises(AssertionError):
        make(*parameters)
