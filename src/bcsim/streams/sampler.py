"""The sampler: plain functions that turn addressed uniform numbers into times and choices.

Both order-flow engines use exactly these: the reference engine as they stand, the kernel compiled.
Hence the closed set of kinds with plain numbers as parameters, and no object in sight. Every
time comes from the inverse of its distribution function at one uniform number, so that a longer
mean makes every draw longer; an Erlang time is a sum and takes one number a stage.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from bcsim.limits import SUBDRAWS_MAX, TIME_NS_MAX
from bcsim.streams.addresses import address
from bcsim.streams.elementary import (
    central_ratio,
    exp,
    exp_of_parts,
    far_tail_ratio,
    inverse_normal,
    log,
    log_of_parts,
    near_tail_ratio,
)
from bcsim.streams.threefry import threefry2x32, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = Sequence[float] | NDArray[np.float64]

CONSTANT: Final = 0
UNIFORM: Final = 1
TRIANGULAR: Final = 2
EXPONENTIAL: Final = 3
ERLANG: Final = 4
LOGNORMAL: Final = 5
WEIBULL: Final = 6
EMPIRICAL: Final = 7

INTEGER_SPAN_MAX: Final = 2**52
"""Most values of :func:`integer_at`: as many as uniform numbers. Of n values each has a
probability within 2**-52 of 1/n."""

WEIGHT_SUM_MIN: Final = 1e-300
"""Smallest sum of weights; keeps products with a uniform number at full precision."""


def whole_ns(time_ns: float) -> int:
    """Round half up to whole nanoseconds, within 0 and TIME_NS_MAX.

    Not ``int(time_ns + 0.5)``: above 2**52 ns that sum itself is rounded.
    """
    if time_ns <= 0.0:
        return 0
    if time_ns >= TIME_NS_MAX:
        return TIME_NS_MAX
    whole = int(time_ns)
    if 2.0 * (time_ns - whole) >= 1.0:
        return whole + 1
    return whole


def sample_ns(  # noqa: PLR0913, PLR0917 - plain numbers, no objects, for kernels
    kind: int,
    a: float,
    b: float,
    c: float,
    quantiles: Numbers,
    key0: int,
    key1: int,
    index: int,
    draw: int,
) -> int:
    """Draw one time, in whole nanoseconds.

    Parameters
    ----------
    kind, a, b, c, quantiles
        As in :class:`bcsim.streams.Distribution`; `quantiles` is any indexable sequence of floats.
    key0, key1, index, draw
        The address of the (first) uniform number, see :func:`bcsim.streams.uniform`. An Erlang
        time of k stages takes the sub-draws `draw` to `draw + k - 1`, a constant takes none.
    """
    if kind == CONSTANT:
        return whole_ns(a)
    if kind == ERLANG:
        stages = int(a)
        assert draw % SUBDRAWS_MAX + stages <= SUBDRAWS_MAX, "stages run into the next attempt"
        stage_sum = 0.0
        for stage in range(stages):
            stage_sum -= log(1.0 - uniform(key0, key1, index, draw + stage))
        return whole_ns(b / a * stage_sum)
    return quantile_ns(kind, a, b, c, quantiles, uniform(key0, key1, index, draw))


def quantile_ns(kind: int, a: float, b: float, c: float, quantiles: Numbers, u: float) -> int:
    """Give the time that is not exceeded with probability `u`, 0 < u < 1; not for ERLANG."""
    if kind == CONSTANT:
        time_ns = a
    elif kind == UNIFORM:
        time_ns = a + (b - a) * u
    elif kind == TRIANGULAR:
        time_ns = triangular(a, b, c, u)
    elif kind == EXPONENTIAL:
        time_ns = -a * log(1.0 - u)
    elif kind == LOGNORMAL:
        time_ns = a * exp(b * inverse_normal(u))
    elif kind == WEIBULL:
        time_ns = a * exp(log(-log(1.0 - u)) / b)
    else:
        assert kind == EMPIRICAL, "no distribution of one draw"
        time_ns = interpolated(quantiles, u)
    return whole_ns(time_ns)


def triangular(low: float, mode: float, high: float, u: float) -> float:
    """Give the triangular distribution's quantile, in the unit of its parameters."""
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def interpolated(quantiles: Numbers, u: float) -> float:
    """Read between equally spaced quantiles, the first at u = 0 and the last at u = 1.

    The cell is always within bounds: u <= 1 - 2**-53, and for a whole n < 2**53 the double
    nearest to n (1 - 2**-53) is below n.
    """
    place = u * (len(quantiles) - 1)
    cell = int(place)
    return quantiles[cell] + (quantiles[cell + 1] - quantiles[cell]) * (place - cell)


def choice_at(weights: Numbers, u: float) -> int:
    """Give the index that the uniform number `u` picks, in proportion to the weights.

    Weights are not negative and need not add up to one; an index of weight 0 is never picked.
    """
    total = 0.0
    for weight in weights:
        assert weight >= 0.0, "a weight is negative"
        total += weight
    assert WEIGHT_SUM_MIN < total < math.inf, "the weights' sum is not usable"
    # u * total < total even after rounding (see `interpolated`), and the second sum repeats the
    # first, so the loop always returns before it runs out of weights.
    target = u * total
    reached = 0.0
    index = -1
    while reached <= target:
        index += 1
        reached += weights[index]
    return index


def integer_at(low: int, high: int, u: float) -> int:
    """Give the whole number in low..high, both included, that the uniform number `u` picks."""
    span = high - low + 1
    assert 0 < span <= INTEGER_SPAN_MAX, "low..high is empty or too wide"
    return low + int(u * span)


COMPILABLE: Final = (
    threefry2x32,
    uniform,
    address,
    log_of_parts,
    log,
    exp_of_parts,
    exp,
    central_ratio,
    near_tail_ratio,
    far_tail_ratio,
    inverse_normal,
    triangular,
    interpolated,
    whole_ns,
    quantile_ns,
    sample_ns,
    choice_at,
    integer_at,
)
"""Every function that a kernel may compile as it stands, each after those it calls."""
