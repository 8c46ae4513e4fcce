"""Goal: exact limits of shares and medians. Method: published values, sums by hand, coverage."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.conduct.binomial import beta_distribution, median_limits, share_limits


def tail(count: int, total: int, share: float) -> float:
    """Chance of ``count`` or more of ``total``, summed term by term."""
    terms = (
        comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1)
    )
    return sum(terms)


@given(st.integers(1, 60), st.data())
def test_the_limits_are_where_the_tails_are_half_the_error(total, data):
    """Goal: Clopper and Pearson's definition. Method: binomial tails, summed."""
    count = data.draw(st.integers(0, total))
    low, high = share_limits(count, total, 0.05)
    if count:
        assert tail(count, total, low) == pytest.approx(0.025, abs=1e-9)
    else:
        assert low == 0
    if count < total:
        assert 1 - tail(count + 1, total, high) == pytest.approx(0.025, abs=1e-9)
    else:
        assert high == 1


def test_known_limits():
    """Goal: the textbook's values. Method: none of 10, and the rule of three for many."""
    assert share_limits(0, 10, 0.05)[1] == pytest.approx(1 - 0.025**0.1, abs=1e-12)
    assert share_limits(0, 100_000, 0.1)[1] == pytest.approx(3.0 / 100_000, rel=2e-3)
    assert share_limits(0, 0, 0.05) == (0.0, 1.0)


def test_large_samples():
    """Goal: no loss of accuracy. Method: the normal approximation at a million trials."""
    low, high = share_limits(500_000, 1_000_000, 0.05)
    assert (low, high) == pytest.approx((0.5 - 0.00098, 0.5 + 0.00098), abs=2e-6)


@pytest.mark.parametrize("x", [0.001, 0.3, 0.5, 0.9])
def test_beta_distribution_in_closed_form(x):
    """Goal: the distribution function. Method: a = 1 and b = 1, where it is elementary."""
    assert beta_distribution(x, 1, 5) == pytest.approx(1 - (1 - x) ** 5, rel=1e-12)
    assert beta_distribution(x, 5, 1) == pytest.approx(x**5, rel=1e-12)


def test_positions_that_enclose_the_median():
    """Goal: order statistics. Method: 5 of 2^-5 each side, and too few."""
    assert median_limits(5, 0.07) == (0, 4)  # outside with chance 2 / 32
    assert median_limits(5, 0.05) is None
    assert median_limits(0, 0.05) is None
    assert median_limits(101, 0.05) == (40, 60)


def test_the_median_lies_between_as_often_as_stated():
    """Goal: coverage. Method: 4 000 samples of 40; fewer than 6 % outside.

    The chance of an alarm with a true error of at most 5 % is 0.3 %.
    """
    samples = np.sort(np.random.default_rng(1).exponential(size=(4000, 40)), axis=1)
    places = median_limits(40, 0.05)
    assert places is not None
    outside = (samples[:, places[0]] > np.log(2)) | (samples[:, places[1]] < np.log(2))
    assert outside.mean() < 0.06
