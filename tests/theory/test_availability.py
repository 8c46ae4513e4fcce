"""Goal: simulated availability agrees with the closed formulas of reliability theory.

Method: components fail and are repaired at random for thousands of cycles; the share of time up
is compared with the formula. The bound is 4.9 standard deviations of that share, so each test
has a false-alarm rate of 1e-6 (two-sided, normal approximation): it fails a correct program for
one seed in a million. The variances are asymptotic too: of alternating renewal
processes, with means m and variances v of the times up and down,

    Var(share) ≈ (v_up m_down² + v_down m_up²) / (m_up + m_down)³ / T

(L. Takács, "On certain sojourn time problems in the theory of stochastic processes", Acta Math.
Acad. Sci. Hungar. 8, 1957), and of Markov chains from Poisson's equation, 2 π(f̃ g) / T with
−Q g = f̃ (S. Asmussen, "Applied Probability and Queues", 2nd ed., 2003, section I.7).
"""

from __future__ import annotations

import math
from itertools import pairwise
from math import comb

import numpy as np
import pytest

from bcsim.engine.continuity.layer import run_continuity
from bcsim.engine.timeline import Attribute
from bcsim.streams import Streams
from bcsim.units import NS_PER_H
from tests.unit.engine.continuity.firms import action, component, firm, scenario

SIGMAS = 4.9
UP_H, DOWN_H = 10.0, 5.0
"""Mean times up and down, hours: failures often enough to be measured, rho = 1/2."""

RHO = DOWN_H / UP_H
EXPONENTIAL = {"mttf": f"exponential {UP_H} h", "mttr": f"exponential {DOWN_H} h"}


def share_up(of_firm, name, hours, seed=2026):
    """Share of the time in which a component was up, and how often it fell."""
    timeline = run_continuity(
        of_firm,
        scenario(),
        Streams(seed, 0),
        horizon_ns=hours * NS_PER_H,
        heal_at_ns=None,
    )
    ups = [c for c in timeline.changes if (c.subject, c.attribute) == (name, Attribute.UP)]
    states = [(0, 1), *((c.time_ns, c.value) for c in ups), (hours * NS_PER_H, 1)]
    up_ns = sum((end - start) * value for (start, value), (end, _) in pairwise(states))
    return up_ns / (hours * NS_PER_H), len(ups) // 2


def renewal_variance(up_h, up_variance, down_h, down_variance):
    """Variance of the share of time up, times the length of the observation in hours."""
    spread = up_variance * down_h**2 + down_variance * up_h**2
    return spread / (up_h + down_h) ** 3


def markov(rates, is_up):
    """Availability of a Markov chain, and the variance of its estimate times the hours.

    ``rates[i][j]`` leads from state i to state j, per hour.
    """
    q = np.array(rates, dtype=float)
    np.fill_diagonal(q, 0.0)
    np.fill_diagonal(q, -q.sum(axis=1))
    size = len(q)
    stationary = np.linalg.lstsq(
        np.vstack([q.T, np.ones(size)]), np.append(np.zeros(size), 1.0), rcond=None
    )[0]
    f = np.array(is_up, dtype=float)
    centred = f - stationary @ f
    g = np.linalg.lstsq(np.vstack([-q, stationary]), np.append(centred, 0.0), rcond=None)[0]
    return float(stationary @ f), float(2 * stationary @ (centred * g))


def birth_death(size, failing, repairing):
    """Rates of a chain on the number in repair: ``failing(n)`` up, ``repairing(n)`` down."""
    rates = np.zeros((size, size))
    for n in range(size - 1):
        rates[n][n + 1] = failing(n)
        rates[n + 1][n] = repairing(n + 1)
    return rates


def agrees(measured, expected, variance, hours):
    """Whether a measured share is within the stated number of standard deviations."""
    return abs(measured - expected) < SIGMAS * math.sqrt(variance / hours)


def test_the_bound_is_narrow():
    """Goal: the tests below can fail. Method: the widest bound, against the smallest difference
    that a wrong model makes (series in suspension against independent series).
    """
    hours, count = 20_000, 3
    suspended, independent = 1 / (1 + count * RHO), (1 / (1 + RHO)) ** count
    _, variance = series_in_suspension(count)
    assert SIGMAS * math.sqrt(variance / hours) < abs(suspended - independent) / 3


@pytest.mark.parametrize(
    ("failure", "variances"),
    [
        (EXPONENTIAL, (UP_H**2, DOWN_H**2)),
        ({"mttf": f"erlang 4, {UP_H} h", "mttr": f"{DOWN_H} h"}, (UP_H**2 / 4, 0.0)),
        ({"mttf": f"{UP_H} h", "mttr": "uniform 0 h..10 h"}, (0.0, 100 / 12)),
    ],
    ids=["exponential", "erlang-constant", "constant-uniform"],
)
def test_a_single_component(failure, variances):
    """Goal: A = mttf / (mttf + mttr), whatever the distributions. Method: three pairs of them."""
    hours = 20_000
    measured, falls = share_up(firm({"oms": component(failure=failure)}), "oms", hours)
    variance = renewal_variance(UP_H, variances[0], DOWN_H, variances[1])
    assert agrees(measured, UP_H / (UP_H + DOWN_H), variance, hours)
    assert falls > 1000


def parts(count, **more):
    return {f"part-{n}": component(failure=EXPONENTIAL, **more) for n in range(count)}


def test_independent_parts_in_series():
    """Goal: A = product of the parts'. Method: a system that needs three."""
    hours, count = 10_000, 3
    needs = [{"kind": "hard", "on": [f"part-{n}" for n in range(count)]}]
    series = firm({"system": component(dependencies=needs)} | parts(count))
    measured, _ = share_up(series, "system", hours)
    rates = birth_death(count + 1, lambda n: (count - n) / UP_H, lambda n: n / DOWN_H)
    expected, variance = markov(rates, [1, 0, 0, 0])
    assert expected == pytest.approx((1 / (1 + RHO)) ** count)
    assert agrees(measured, expected, variance, hours)


def series_in_suspension(count):
    """Availability and variance of a series whose parts age only while all of them work."""
    up_h = UP_H / count
    return 1 / (1 + count * RHO), renewal_variance(up_h, up_h**2, DOWN_H, DOWN_H**2)


def test_a_series_whose_parts_rest_while_it_is_down():
    """Goal: A = 1 / (1 + Σ mttr/mttf), where time to failure counts only while up (R. E. Barlow,
    F. Proschan, "Statistical Theory of Reliability and Life Testing", 1975, section 7.3).

    Method: three parts that need each other.
    """
    hours, count = 10_000, 3
    names = [f"part-{n}" for n in range(count)]
    circle = {
        name: component(
            failure=EXPONENTIAL,
            dependencies=[{"kind": "hard", "on": [other for other in names if other != name]}],
        )
        for name in names
    }
    measured, _ = share_up(firm(circle), "part-0", hours)
    expected, variance = series_in_suspension(count)
    assert agrees(measured, expected, variance, hours)


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_k_of_n(needed):
    """Goal: A = Σ C(n,i) A^i (1−A)^(n−i) over i ≥ k. Method: one, two and three of four."""
    hours, count = 8_000, 4
    need = {"kind": "any-of", "on": [f"part-{n}" for n in range(count)], "needed": needed}
    measured, _ = share_up(
        firm({"system": component(dependencies=[need])} | parts(count)), "system", hours
    )
    single = 1 / (1 + RHO)
    formula = sum(
        comb(count, up) * single**up * (1 - single) ** (count - up)
        for up in range(needed, count + 1)
    )
    rates = birth_death(count + 1, lambda n: (count - n) / UP_H, lambda n: n / DOWN_H)
    expected, variance = markov(rates, [n <= count - needed for n in range(count + 1)])
    assert expected == pytest.approx(formula)
    assert agrees(measured, expected, variance, hours)


def pair(kind):
    """A component with a standby: switches at once, fails back as soon as it can."""
    standby = {"kind": kind, "site": "dc2", "decision": "automatic", "switch": "0 s"}
    oms = component(failure=EXPONENTIAL, monitor={"delay": "0 s"}, standby=standby)
    back = action("fail-back", target=["oms"], when=[{"recovered": "oms"}])
    return firm({"oms": oms}, actions={"back": back})


@pytest.mark.parametrize(
    ("kind", "ageing", "formula"),
    [
        ("hot", 2, 1 - (RHO / (1 + RHO)) ** 2),
        ("cold", 1, (1 + RHO) / (1 + RHO + RHO**2 / 2)),
    ],
)
def test_a_standby_that_switches_at_once(kind, ageing, formula):
    """Goal: a hot pair is one of two; a cold standby does not age until it is used.

    Method: two instances with a repairer each; with n in repair, a hot pair fails at the rate
    (2 − n)/mttf, a cold one at 1/mttf while n < 2.
    """
    hours = 20_000
    measured, _ = share_up(pair(kind), "oms", hours)
    rates = birth_death(3, lambda n: min(ageing, 2 - n) / UP_H, lambda n: n / DOWN_H)
    expected, variance = markov(rates, [1, 1, 0])
    assert expected == pytest.approx(formula)
    assert agrees(measured, expected, variance, hours)


def test_a_standby_that_takes_time_to_switch():
    """Goal: detection and switch cost availability on every failure of the first instance.

    Method: only the first instance needs what fails, so each failure costs min(repair, detection
    + switch): for a repair that is exponential with mean m and a delay d that is constant,
    m (1 − exp(−d/m)) on average.
    """
    hours, delay_h = 20_000, 2.0
    standby = {"kind": "cold", "site": "dc2", "decision": "automatic", "switch": "60 min"}
    back = action("fail-back", target=["web"], when=[{"recovered": "web"}])
    web = component(
        site="dc1",
        monitor={"delay": "60 min"},
        standby=standby | {"failback": "0 s"},
        dependencies=[{"kind": "hard", "on": ["engine"]}],
    )
    engine = component(failure=EXPONENTIAL)
    measured, falls = share_up(
        firm({"web": web, "engine": engine}, actions={"back": back}), "web", hours
    )
    outage_h = DOWN_H * (1 - math.exp(-delay_h / DOWN_H))
    second_moment = 2 * (DOWN_H**2 - DOWN_H * math.exp(-delay_h / DOWN_H) * (DOWN_H + delay_h))
    up_h = UP_H + DOWN_H - outage_h
    expected = up_h / (UP_H + DOWN_H)
    # Of a cycle of working time w and repair r, min(r, d) is the outage.
    cycle_variance = UP_H**2 + DOWN_H**2
    outage_variance = second_moment - outage_h**2
    covariance = covariance_with_its_minimum(DOWN_H, delay_h)
    spread = (
        outage_variance - 2 * (1 - expected) * covariance + (1 - expected) ** 2 * cycle_variance
    )
    assert agrees(measured, expected, spread / (UP_H + DOWN_H), hours)
    assert falls > 1000


def covariance_with_its_minimum(mean, bound):
    """Cov(R, min(R, d)) of an exponential R: E[R min(R, d)] − E[R] E[min(R, d)]."""
    tail = math.exp(-bound / mean)
    below = 2 * mean**2 - tail * (bound**2 + 2 * bound * mean + 2 * mean**2)
    product = below + bound * tail * (bound + mean)
    return product - mean * mean * (1 - tail)
