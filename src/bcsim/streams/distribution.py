"""The closed set of distributions of times, as plain data.

===========  ==================  ==================  ===========  =========================
kind         a                   b                   c            quantiles
===========  ==================  ==================  ===========  =========================
CONSTANT     value, ns
UNIFORM      lowest, ns          highest, ns
TRIANGULAR   lowest, ns          mode, ns            highest, ns
EXPONENTIAL  mean, ns
ERLANG       number of stages    mean of all, ns
LOGNORMAL    median, ns          sigma of the log
WEIBULL      scale, ns           shape
EMPIRICAL                                                         equally spaced in probability
===========  ==================  ==================  ===========  =========================

Parameters are floats because they describe shapes; every *time* drawn is a whole number of
nanoseconds. A float is exact up to 2**53 ns, 104 days, and in steps of 2**n ns beyond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bcsim.limits import SUBDRAWS_MAX
from bcsim.streams.elementary import exp, gamma
from bcsim.streams.sampler import (
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    quantile_ns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of times; made by the constructors below, drawn from by a stream.

    The parameters' meaning depends on the kind, see the table at the top of this module.
    """

    kind: int
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    quantiles: tuple[float, ...] = ()

    @staticmethod
    def constant(ns: float) -> Distribution:
        """Always `ns`."""
        assert 0.0 <= ns < math.inf, f"ns={ns}"
        return Distribution(CONSTANT, float(ns))

    @staticmethod
    def uniform(low_ns: float, high_ns: float) -> Distribution:
        """Anything between `low_ns` and `high_ns`, equally likely."""
        assert 0.0 <= low_ns <= high_ns < math.inf, f"low_ns={low_ns} high_ns={high_ns}"
        return Distribution(UNIFORM, float(low_ns), float(high_ns))

    @staticmethod
    def triangular(low_ns: float, mode_ns: float, high_ns: float) -> Distribution:
        """Between `low_ns` and `high_ns`, most likely `mode_ns`: an expert's three guesses."""
        assert 0.0 <= low_ns <= mode_ns <= high_ns < math.inf, f"{low_ns=} {mode_ns=} {high_ns=}"
        return Distribution(TRIANGULAR, float(low_ns), float(mode_ns), float(high_ns))

    @staticmethod
    def exponential(mean_ns: float) -> Distribution:
        """Time to the next event of a Poisson process: no memory, standard deviation = mean."""
        assert 0.0 <= mean_ns < math.inf, f"mean_ns={mean_ns}"
        return Distribution(EXPONENTIAL, float(mean_ns))

    @staticmethod
    def erlang(k: int, mean_ns: float) -> Distribution:
        """Sum of `k` exponential stages; `mean_ns` is the mean of the whole sum."""
        assert 1 <= k <= SUBDRAWS_MAX, f"k={k}"
        assert 0.0 <= mean_ns < math.inf, f"mean_ns={mean_ns}"
        return Distribution(ERLANG, float(k), float(mean_ns))

    @staticmethod
    def lognormal(median_ns: float, sigma: float) -> Distribution:
        """Exponential of a normal number: `median_ns`, and `sigma` of the natural logarithm."""
        assert 0.0 < median_ns < math.inf, f"median_ns={median_ns}"
        assert 0.0 <= sigma < math.inf, f"sigma={sigma}"
        return Distribution(LOGNORMAL, float(median_ns), float(sigma))

    @staticmethod
    def weibull(scale_ns: float, shape: float) -> Distribution:
        """Lifetime with failure rate falling (`shape` < 1) or growing (> 1) with age."""
        assert 0.0 < scale_ns < math.inf, f"scale_ns={scale_ns}"
        assert 0.0 < shape < math.inf, f"shape={shape}"
        return Distribution(WEIBULL, float(scale_ns), float(shape))

    @staticmethod
    def empirical(quantiles_ns: Sequence[float]) -> Distribution:
        """What was measured: equally spaced quantiles from minimum to maximum, at least two."""
        quantiles = tuple(float(quantile) for quantile in quantiles_ns)
        assert len(quantiles) > 1, "an empirical distribution needs its minimum and its maximum"
        assert all(low <= high for low, high in pairwise(quantiles)), "quantiles fall"
        assert 0.0 <= quantiles[0] <= quantiles[-1] < math.inf, "quantiles are no times"
        return Distribution(EMPIRICAL, quantiles=quantiles)

    @property
    def mean_ns(self) -> float:
        """Mean in nanoseconds before rounding and capping; infinite beyond a double's range."""
        if self.kind == UNIFORM:
            mean_ns = (self.a + self.b) / 2.0
        elif self.kind == TRIANGULAR:
            mean_ns = (self.a + self.b + self.c) / 3.0
        elif self.kind == ERLANG:
            mean_ns = self.b
        elif self.kind == LOGNORMAL:
            mean_ns = self.a * exp(self.b * self.b / 2.0)
        elif self.kind == WEIBULL:
            mean_ns = self.a * gamma(1.0 + 1.0 / self.b)
        elif self.kind == EMPIRICAL:
            mean_ns = mean_between(self.quantiles)
        else:
            assert self.kind in {CONSTANT, EXPONENTIAL}, f"kind={self.kind}"
            mean_ns = self.a
        return mean_ns

    def quantile(self, p: float) -> int:
        """Give the time not exceeded with probability `p`, 0 < p < 1, in whole nanoseconds.

        It is what a stream draws where its uniform number is `p`. An Erlang sum of two or more
        stages has no such form: asking for it is a programmer's error.
        """
        assert 0.0 < p < 1.0, f"p={p}"
        if self.kind == ERLANG:
            assert self.a == 1.0, "the quantile of an Erlang sum has no closed form"
            return quantile_ns(EXPONENTIAL, self.b, 0.0, 0.0, (), p)
        return quantile_ns(self.kind, self.a, self.b, self.c, self.quantiles, p)


def mean_between(quantiles: Sequence[float]) -> float:
    """Give the mean of the distribution that runs straight between equally spaced quantiles."""
    # Not sum(): from Python 3.12 on it compensates its rounding errors, so its bits differ.
    cells = 0.0
    for low, high in pairwise(quantiles):
        cells += (low + high) / 2.0
    return cells / (len(quantiles) - 1)
