"""The sampler on NumPy columns: the same bits as the scalar functions, many at a time.

The arithmetic is the scalar functions' own source, run on arrays; only branches and loops are
put as masks here. Not more than CHUNK_DRAWS draws are worked on at a time, so that the
intermediate columns stay in the processor's cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from bcsim.limits import SUBDRAWS_MAX, TIME_NS_MAX
from bcsim.streams.elementary import (
    CENTRAL_MAX,
    EXP_ARGUMENT_MAX,
    EXP_ARGUMENT_MIN,
    INVERSE_LN2,
    LN2_HI,
    LN2_LO,
    NEAR_TAIL_MAX,
    SQRT_HALF,
    central_ratio,
    exp_of_parts,
    far_tail_ratio,
    log_of_parts,
    near_tail_ratio,
)
from bcsim.streams.sampler import (
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)
from bcsim.streams.threefry import WORD_MAX, uniform

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.streams.sampler import Numbers

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

CHUNK_DRAWS: Final = 8192
"""Draws worked on at a time; three columns of this many numbers fit a first-level cache."""


def uniforms(key0: int, key1: int, indices: Integers, draws: Integers | int) -> Floats:
    """Give the uniform number at each address; element by element what ``uniform`` gives.

    Parameters
    ----------
    key0, key1
        The stream.
    indices
        Shape (n,), int64, each 0 <= index < 2**32.
    draws
        Shape (n,), int64, or one draw for all; each 0 <= draw < 2**32.
    """
    counters0, counters1 = _counters(indices, draws)
    uniform_column = cast("Callable[[int, int, Integers, Integers], Floats]", uniform)
    column = np.empty(len(counters0), dtype=np.float64)
    for start in range(0, len(column), CHUNK_DRAWS):
        chunk = slice(start, start + CHUNK_DRAWS)
        column[chunk] = uniform_column(key0, key1, counters0[chunk], counters1[chunk])
    return column


def samples_ns(  # noqa: PLR0913, PLR0917 - the scalar function's parameters
    kind: int,
    a: float,
    b: float,
    c: float,
    quantiles: Numbers,
    key0: int,
    key1: int,
    indices: Integers,
    draws: Integers | int,
) -> Integers:
    """Draw one time at each address; element by element what ``sample_ns`` draws.

    Parameters as in :func:`bcsim.streams.sample_ns` and :func:`uniforms`; returns whole
    nanoseconds, shape (n,), int64.
    """
    counters0, counters1 = _counters(indices, draws)
    if kind == CONSTANT:
        return _whole_ns(np.full(len(counters0), a))
    if kind == ERLANG:
        stages = int(a)
        assert np.all(counters1 % SUBDRAWS_MAX + stages <= SUBDRAWS_MAX), "too many stages"
        stage_sum = np.zeros(len(counters0))
        for stage in range(stages):
            stage_sum -= logs(1.0 - uniforms(key0, key1, counters0, counters1 + stage))
        return _whole_ns(b / a * stage_sum)
    column = np.empty(len(counters0), dtype=np.int64)
    grid = np.asarray(quantiles, dtype=np.float64)
    for start in range(0, len(column), CHUNK_DRAWS):
        chunk = slice(start, start + CHUNK_DRAWS)
        u = uniforms(key0, key1, counters0[chunk], counters1[chunk])
        with np.errstate(over="ignore"):  # a time beyond a double is capped like any other
            column[chunk] = _whole_ns(_times_ns(kind, (a, b, c), grid, u))
    return column


def logs(x: Floats) -> Floats:
    """Give the natural logarithm of positive, finite numbers; the same bits as ``log``."""
    assert np.all((x > 0.0) & (x < np.inf)), "logs needs positive, finite numbers"
    mantissa, exponent = np.frexp(x)  # exact
    low = mantissa < SQRT_HALF
    return log_of_parts(np.where(low, mantissa * 2.0, mantissa), exponent.astype(np.float64) - low)


def exps(x: Floats) -> Floats:
    """Give e to the power x; the same bits as ``exp``."""
    within = np.clip(x, EXP_ARGUMENT_MIN, EXP_ARGUMENT_MAX)
    exponent = np.floor(within * INVERSE_LN2 + 1024.5) - 1024.0
    y = exp_of_parts(within - exponent * LN2_HI, exponent * LN2_LO)
    y = np.ldexp(y, exponent.astype(np.int64))  # exact: no result is too small for full precision
    y = np.where(x > EXP_ARGUMENT_MAX, np.inf, y)
    return np.where(x < EXP_ARGUMENT_MIN, 0.0, y)


def inverse_normals(p: Floats) -> Floats:
    """Give the standard normal quantiles of 0 < p < 1; the same bits as ``inverse_normal``."""
    q = p - 0.5
    x = central_ratio(q)
    tail = np.flatnonzero(~(np.abs(q) <= CENTRAL_MAX))
    r = np.sqrt(-logs(np.minimum(p[tail], 1.0 - p[tail])))
    size = np.where(r <= NEAR_TAIL_MAX, near_tail_ratio(r - 1.6), far_tail_ratio(r - 5.0))
    x[tail] = np.where(q[tail] < 0.0, -size, size)
    return x


def _counters(indices: Integers, draws: Integers | int) -> tuple[Integers, Integers]:
    """Check the addresses' columns and bring both to the same length."""
    assert indices.dtype == np.int64, f"indices are {indices.dtype}, not int64"
    assert indices.ndim == 1, f"indices have {indices.ndim} dimensions, not 1"
    draw_column = np.asarray(draws)
    assert draw_column.dtype == np.int64, f"draws are {draw_column.dtype}, not int64"
    counters1 = np.broadcast_to(draw_column, indices.shape)
    for counters in (indices, counters1):
        assert np.all((counters >= 0) & (counters <= WORD_MAX)), "an address is out of bounds"
    return indices, counters1


def _whole_ns(times_ns: Floats) -> Integers:
    """Round half up to whole nanoseconds, within 0 and TIME_NS_MAX."""
    within = np.clip(times_ns, 0.0, float(TIME_NS_MAX))
    whole = within.astype(np.int64)
    return whole + (2.0 * (within - whole) >= 1.0)


def _times_ns(kind: int, abc: tuple[float, float, float], grid: Floats, u: Floats) -> Floats:
    """Give the times, not yet rounded, that the uniform numbers stand for."""
    a, b, c = abc
    if kind == UNIFORM:
        return a + (b - a) * u
    if kind == TRIANGULAR:
        rising = a + np.sqrt(u * (c - a) * (b - a))
        falling = c - np.sqrt((1.0 - u) * (c - a) * (c - b))
        return np.where(u * (c - a) < b - a, rising, falling)
    if kind == EXPONENTIAL:
        return -a * logs(1.0 - u)
    if kind == LOGNORMAL:
        return a * exps(b * inverse_normals(u))
    if kind == WEIBULL:
        return a * exps(logs(-logs(1.0 - u)) / b)
    assert kind == EMPIRICAL, "no distribution of one draw"
    place = u * (len(grid) - 1)
    cell = place.astype(np.int64)
    return grid[cell] + (grid[cell + 1] - grid[cell]) * (place - cell)
