"""Goal: the reference engine's queues behave as queueing theory says.

Method: one run per system with a fixed seed, compared with the closed form by batch means
(:func:`tests.theory.queues.assert_mean`): a false alarm in about 14 000 comparisons. Formulas:
Gross, Shortle, Thompson, Harris, *Fundamentals of Queueing Theory*, 4th ed., chapters 2 to 5.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from bcsim.engine.timeline import Attribute, Change
from bcsim.units import NS_PER_S
from tests.theory.queues import BATCHES, T_CRITICAL, Station, assert_mean, observe, waits_s


def erlang_c(servers: int, load: float) -> float:
    """Chance that a customer waits in M/M/c; ``load`` is λ/μ (Gross et al., 2.3)."""
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    return top / (sum(load**n / math.factorial(n) for n in range(servers)) + top)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 2.1)])
def test_m_m_c_mean_wait(servers: int, load: float) -> None:
    """Mean wait of M/M/c is C(c, a) / (cμ − λ)."""
    history = observe([Station(f"exponential {load} s", servers)], 9000, seed=11)
    expected = erlang_c(servers, load) / (servers / load - 1.0)
    assert_mean(waits_s(history, 0), expected)


def test_m_d_1_mean_wait() -> None:
    """Mean wait of M/D/1 is ρ / (2μ(1 − ρ)), half of M/M/1 (Pollaczek–Khinchine)."""
    rho = 0.7
    history = observe([Station(f"constant {rho} s")], 9000, seed=12)
    assert_mean(waits_s(history, 0), rho * rho / (2 * (1 - rho)))


def test_m_m_1_k_blocking() -> None:
    """With room for K in all, a share (1 − ρ)ρ^K / (1 − ρ^(K+1)) of M/M/1/K is refused."""
    rho, room = 0.8, 4
    history = observe([Station(f"exponential {rho} s", limit=room - 1)], 9000, seed=13)
    intents, rejected = history.columns.text("intent_id"), set()
    order: dict[str, int] = {}
    for row in history.rows("intend"):
        order[str(row["intent_id"])] = len(order)
    for row in history.rows("reject"):
        rejected.add(str(row["intent_id"]))
    assert len(intents.codes) > 0
    sample = np.array([float(intent in rejected) for intent in order])
    assert_mean(sample, (1 - rho) * rho**room / (1 - rho ** (room + 1)))


def test_priority_classes_mean_waits() -> None:
    """Non-preemptive M/M/1 with two classes: R/(1 − ρ₁) and R/((1 − ρ₁)(1 − ρ)), R = ρ/μ."""
    mean, rates = 0.7, {"first": 0.4, "second": 0.6}
    history = observe([Station(f"exponential {mean} s")], 12000, seed=14, classes=rates)
    rho_first, rho = rates["first"] * mean, mean
    remaining = rho * mean
    assert_mean(waits_s(history, 0, "first"), remaining / (1 - rho_first))
    assert_mean(waits_s(history, 0, "second"), remaining / ((1 - rho_first) * (1 - rho)))


def test_tandem_against_jackson() -> None:
    """Two stations in series each wait like M/M/1 by themselves (Jackson; Burke's theorem)."""
    history = observe([Station("exponential 0.6 s"), Station("exponential 0.5 s")], 9000, seed=15)
    assert_mean(waits_s(history, 0), 0.6 * 0.6 / 0.4)
    assert_mean(waits_s(history, 1), 0.5 * 0.5 / 0.5)


def test_outage_against_its_fluid_limit() -> None:
    """After an outage of length D the backlog λD drains in λD / (μ − λ).

    Method: the drain time and the largest wait of one run against the fluid values, within 4.5
    standard deviations of the arrivals' and services' noise, plus the 20 s of wait below which
    a customer no longer counts as late (a false alarm in about 150 000 for a normal sum).
    """
    start, outage, service = 2000, 1000, 0.5
    changes = (
        Change(start * NS_PER_S, "station-0", Attribute.HANG, 1, "outage"),
        Change((start + outage) * NS_PER_S, "station-0", Attribute.HANG, 0, "outage"),
    )
    history = observe([Station(f"exponential {service} s")], 6000, seed=16, changes=changes)
    waits = waits_s(history, 0)
    arrivals = (
        np.array([int(t) for t in history.columns.integer("time_ns")[history.is_kind("submit")]])
        / NS_PER_S
    )
    late = arrivals[waits > 20.0]
    drained = late.max() - (start + outage)
    fluid = outage * 1.0 * service / (1 - service)
    noise = 4.5 * math.sqrt(2 * (outage + fluid)) * service / (1 - service) + 40
    assert abs(drained - fluid) < noise, f"drained in {drained:.0f} s, fluid {fluid:.0f} s"
    assert abs(waits.max() - outage) < 4.5 * 2 * math.sqrt(outage) * service + 10


def test_the_comparison_can_fail() -> None:
    """A wrong formula is refuted: M/M/1 waits are not M/D/1 waits."""
    history = observe([Station("exponential 0.6 s")], 9000, seed=11)
    settled = waits_s(history, 0)[1800:]
    means = settled[: len(settled) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    t = (means.mean() - 0.45) / (means.std(ddof=1) / math.sqrt(BATCHES))
    assert abs(t) > T_CRITICAL
