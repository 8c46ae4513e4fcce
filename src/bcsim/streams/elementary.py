"""Logarithm, exponential, normal quantile and gamma that are the same bits everywhere.

The C library's and NumPy's versions differ in the last bit from platform to platform, and a
history must not. These use IEEE + - * / and square root only, and scale by powers of two, which
is exact. The functions named ``..._of_parts`` and ``..._ratio`` hold the arithmetic; they run
unchanged on a float and on an array (:mod:`bcsim.streams.columns`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Real = TypeVar("Real", float, "NDArray[np.float64]")

SQRT_HALF: Final = 0.7071067811865476
"""Logarithms are reduced to mantissas in [SQRT_HALF, 2 SQRT_HALF)."""

LN2_HI: Final = float.fromhex("0x1.62e42feep-1")
"""ln 2 cut to 32 bits, so that its product with an exponent is exact."""

LN2_LO: Final = 1.9082149292705877e-10
"""ln 2 - LN2_HI, rounded."""

INVERSE_LN2: Final = 1.4426950408889634
"""1 / ln 2, rounded."""

HALF_LN_2PI: Final = 0.9189385332046727
"""ln(2 pi) / 2, rounded."""

EXP_ARGUMENT_MAX: Final = 709.78
"""Above this, exp is infinite; the largest double is exp(709.7827)."""

EXP_ARGUMENT_MIN: Final = -708.0
"""Below this, exp is zero; exp(-708.3964) is the smallest double of full precision."""

SCALE_BITS: Final = 32
"""Bits by which far-away numbers are scaled at once."""

SCALE: Final = 2.0**SCALE_BITS
"""Factor of that scaling; exact."""

CENTRAL_MAX: Final = 0.425
"""Distance from 1/2 up to which AS 241 uses its central ratio."""

NEAR_TAIL_MAX: Final = 5.0
"""sqrt(-ln p) up to which AS 241 uses its near tail's ratio."""

STIRLING_MIN: Final = 16.0
"""From here on, five terms of Stirling's series give full precision."""


def log(x: float) -> float:
    """Give the natural logarithm of a positive, finite number, to 1 ulp."""
    assert 0.0 < x < math.inf, "log needs a positive, finite number"
    exponent = 0.0
    while x < 1.0 / SCALE:
        x *= SCALE
        exponent -= SCALE_BITS
    while x >= SCALE:
        x /= SCALE
        exponent += SCALE_BITS
    while x < SQRT_HALF:
        x *= 2.0
        exponent -= 1.0
    while x >= 2.0 * SQRT_HALF:
        x *= 0.5
        exponent += 1.0
    return log_of_parts(x, exponent)


def log_of_parts(mantissa: Real, exponent: Real) -> Real:
    """Give ln(mantissa 2**exponent) for a mantissa in [SQRT_HALF, 2 SQRT_HALF).

    With f = mantissa - 1 and s = f / (2 + f), ln(1 + f) = 2 artanh(s) = f - s (f - r), where r =
    2 s**2/3 + 2 s**4/5 + ...; the form keeps the large term f exact (K. C. Ng, fdlibm e_log.c).
    """
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = 2.0 / 19.0 + z * (2.0 / 21.0)
    r = 2.0 / 13.0 + z * (2.0 / 15.0 + z * (2.0 / 17.0 + z * r))
    r = z * (
        2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0 + z * (2.0 / 11.0 + z * r))))
    )
    return exponent * LN2_HI - ((s * (f - r) - exponent * LN2_LO) - f)


def exp(x: float) -> float:
    """Give e to the power x, to 1 ulp; zero and infinity beyond EXP_ARGUMENT_MIN and _MAX."""
    if x > EXP_ARGUMENT_MAX:
        return math.inf
    if x < EXP_ARGUMENT_MIN:
        return 0.0
    # Adding 1024 keeps the sum positive, where cutting off decimals rounds down.
    exponent = int(x * INVERSE_LN2 + 1024.5) - 1024
    y = exp_of_parts(x - exponent * LN2_HI, exponent * LN2_LO)
    while exponent > SCALE_BITS:
        y *= SCALE
        exponent -= SCALE_BITS
    while exponent < -SCALE_BITS:
        y /= SCALE
        exponent += SCALE_BITS
    if exponent < 0:
        return y / (1 << -exponent)
    return y * (1 << exponent)


def exp_of_parts(high: Real, low: Real) -> Real:
    """Give exp(high - low) for abs(high - low) <= ln(2) / 2 and a tiny low.

    exp(r) = 1 + 2 r / (q - r) with q = r coth(r / 2) = 2 + r**2/6 - r**4/360 + ..., whose
    coefficients are 2 B(2n) / (2n)!; the form keeps the large term exact (fdlibm e_exp.c).
    """
    r = high - low
    z = r * r
    t = -1.0 / 604800.0 + z * (1.0 / 23950080.0 + z * (-691.0 / 653837184000.0))
    t = z * (1.0 / 6.0 + z * (-1.0 / 360.0 + z * (1.0 / 15120.0 + z * t)))
    c = r - t
    return 1.0 - ((low - r * c / (2.0 - c)) - high)


def inverse_normal(p: float) -> float:
    """Give the standard normal quantile of 0 < p < 1, to 2e-15 relative.

    M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied
    Statistics 37 (3), 1988, 477-484; routine PPND16.
    """
    q = p - 0.5
    if abs(q) <= CENTRAL_MAX:
        return central_ratio(q)
    r = math.sqrt(-log(min(p, 1.0 - p)))
    x = near_tail_ratio(r - 1.6) if r <= NEAR_TAIL_MAX else far_tail_ratio(r - 5.0)
    return -x if q < 0.0 else x


def central_ratio(q: Real) -> Real:
    """Give the normal quantile of 0.5 + q for abs(q) <= 0.425 (AS 241)."""
    r = 0.180625 - q * q
    numerator = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
    numerator = (numerator * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
    numerator = (numerator * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
    numerator = (numerator * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    denominator = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
    denominator = (denominator * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
    denominator = (denominator * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
    denominator = (denominator * r + 4.2313330701600911252e1) * r + 1.0
    return numerator * q / denominator


def near_tail_ratio(r: Real) -> Real:
    """Give minus the normal quantile of p = exp(-(r + 1.6)**2), r + 1.6 <= 5 (AS 241)."""
    numerator = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
    numerator = (numerator * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0
    numerator = (numerator * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0
    numerator = (numerator * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
    denominator = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
    denominator = (denominator * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
    denominator = (denominator * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0
    denominator = (denominator * r + 2.05319162663775882187e0) * r + 1.0
    return numerator / denominator


def far_tail_ratio(r: Real) -> Real:
    """Give minus the normal quantile of p = exp(-(r + 5)**2), r > 0 (AS 241)."""
    numerator = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    numerator = (numerator * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2
    numerator = (numerator * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0
    numerator = (numerator * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
    denominator = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
    denominator = (denominator * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4
    denominator = (denominator * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
    denominator = (denominator * r + 5.99832206555887937690e-1) * r + 1.0
    return numerator / denominator


def gamma(x: float) -> float:
    """Give the gamma function of a positive number, to 5e-13 relative (Stirling's series).

    Below STIRLING_MIN by gamma(x) = gamma(x + 1) / x; infinite where a double cannot hold it.
    """
    assert 0.0 < x < math.inf, "gamma needs a positive, finite number"
    shifted = 1.0
    while x < STIRLING_MIN:
        shifted *= x
        x += 1.0
    z = 1.0 / (x * x)
    series = 1.0 / 1260.0 - z * (1.0 / 1680.0 - z * (1.0 / 1188.0))
    series = (1.0 / 12.0 - z * (1.0 / 360.0 - z * series)) / x
    return exp((x - 0.5) * log(x) - x + HALF_LN_2PI + series) / shifted
