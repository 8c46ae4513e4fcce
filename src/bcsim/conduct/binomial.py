"""Exact confidence limits of a share, without a statistics library.

Clopper, C. J. and Pearson, E. S. (1934), *The use of confidence or fiducial limits illustrated in
the case of the binomial*, Biometrika 26(4), 404-413: the limits are quantiles of the beta
distribution. Its distribution function is the continued fraction of NIST DLMF 8.17.22
(https://dlmf.nist.gov/8.17#v, looked up 2026-11-22), evaluated by Lentz's method; the quantile is
found by bisection.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BISECTIONS: Final = 60
"""Halvings of the interval 0 to 1: below the spacing of floats."""

_TERMS_MAX: Final = 10_000
_ENOUGH: Final = 1e-15
_TINY: Final = 1e-300


def share_limits(count: int, total: int, error: float) -> tuple[float, float]:
    """Limits that hold the true share with a chance of at least 1 − ``error``.

    Parameters
    ----------
    count, total
        Successes, of independent trials with one chance; 0 ≤ count ≤ total.
    error
        Chance that the true share lies outside, in equal parts below and above.

    Returns
    -------
    tuple of float
        Lower and upper limit; 0 and 1 without trials.
    """
    assert 0 <= count <= total, f"count={count}, total={total}"
    low = 0.0 if count == 0 else _beta_quantile(error / 2, count, total - count + 1)
    high = 1.0 if count == total else _beta_quantile(1 - error / 2, count + 1, total - count)
    return low, high


def median_limits(total: int, error: float) -> tuple[int, int] | None:
    """Positions in a sorted sample between which the median lies, whatever the distribution.

    Returns
    -------
    tuple of int or None
        Zero-based positions of the order statistics that enclose the median with a chance of at
        least 1 − ``error``; None where the sample is too small for any.
    """
    chances = np.exp(_log_choose(total) - total * log(2))
    tail = np.cumsum(chances)
    position = int(np.searchsorted(tail, error / 2, side="right")) - 1
    return None if position < 0 else (position, total - 1 - position)


def _log_choose(total: int) -> NDArray[np.float64]:
    """Logarithms of the binomial coefficients of ``total``: float64 ``(total + 1,)``."""
    factorials: NDArray[np.float64] = np.cumsum(np.log(np.maximum(np.arange(total + 1), 1)))
    found: NDArray[np.float64] = factorials[total] - factorials - factorials[::-1]
    return found


def _beta_quantile(chance: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if beta_distribution(middle, a, b) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_distribution(x: float, a: float, b: float) -> float:
    """Chance that a beta-distributed number with ``a``, ``b`` > 0 is at most ``x``, 0 < x < 1."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction; converges in some √max(a, b) terms."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _TERMS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
