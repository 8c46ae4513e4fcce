"""Goal: two engines, one meaning. Method: random firms in random trouble, equal histories.

Each test draws cases with an emphasis of its own from the strategy of tests/twin/cases.py, which
knows the language of models and timelines and neither engine. All rows, all columns, the root,
the signal that ended the pass and the time of its end are compared.

The default run is derandomized like all of Hypothesis here. ``-m long`` draws
``BCSIM_TWIN_CASES`` further cases (250 unless told) from the seed ``BCSIM_TWIN_SEED``, in
portions whose seeds pytest prints as the tests' names.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.twin.cases import cases
from tests.twin.comparison import assert_twins
from tests.twin.firms import Emphasis

pytestmark = pytest.mark.usefixtures("little_room")

SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
FEW: dict[str, Any] = {"max_examples": 50, "suppress_health_check": SLOW_DRAWS}

EMPHASES = {
    "anything": Emphasis(),
    "ties": Emphasis(tied=100, motifs=("crash", "hang", "servers"), troubles=9),
    "memory": Emphasis(
        standbys=100, manners=80, motifs=("failover", "split", "failover", "crash"), troubles=5
    ),
    "attempts": Emphasis(
        manners=100, calls=40, limits=60, motifs=("cut", "degrade", "slow"), fallbacks=15
    ),
    "people": Emphasis(
        fickle=100, controls=90, fallbacks=70, motifs=("fallback", "intake", "slow", "servers")
    ),
    "market": Emphasis(
        manners=30, calls=5, legs=5, motifs=("halt", "session", "doze", "failover"), fallbacks=40
    ),
    "effects": Emphasis(batches=45, legs=50, motifs=("mid-batch", "mid-batch", "crash"), wishes=6),
    "repairs": Emphasis(
        checks=90, controls=80, motifs=("corrupt", "reconcile", "failover", "corrupt"), standbys=70
    ),
    "signals": Emphasis(signals=60, trace=("business", "outcomes", "full")),
    "crowds": Emphasis(natural=100, rates=50, limits=50, motifs=("slow", "servers", "priority")),
}
"""What a family of cases is about."""


@settings(**FEW)
@given(cases(EMPHASES["anything"]))
def test_any_case(case):
    """Goal: equal histories. Method: everything that can be said of a firm, evenly."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["ties"]))
def test_many_things_at_one_instant(case):
    """Goal: one total order of events. Method: all durations are multiples of 5 ms."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["memory"]))
def test_standbys_and_what_they_know(case):
    """Goal: equal memories. Method: failovers with lag, fail-backs and split brains, crashes."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["attempts"]))
def test_attempts_at_steps(case):
    """Goal: equal efforts. Method: timeouts, retries, breakers, bulkheads, calls, poor links."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["people"]))
def test_clients_and_desks(case):
    """Goal: people act alike. Method: impatient clients, paper, controls with repair teams."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["market"]))
def test_venues_and_their_reports(case):
    """Goal: equal markets. Method: halts, cut sessions, hangs, fallbacks that execute."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["effects"]))
def test_batches_and_legs(case):
    """Goal: equal effects. Method: batches shared by journeys, up to 16 legs, crashes between."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["repairs"]))
def test_alterations_and_repairs(case):
    """Goal: equal repairs. Method: corruption at several components, and reconciliations."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["signals"]))
def test_signals_that_end_a_pass(case):
    """Goal: the same first signal. Method: counts of events and backlogs, and triggers."""
    assert_twins(case.blueprint, case.faults)


@settings(**FEW)
@given(cases(EMPHASES["crowds"]))
def test_arrivals_and_surges(case):
    """Goal: equal queues. Method: the firm's own arrivals, enquiries, surges, rate limits."""
    assert_twins(case.blueprint, case.faults)


# -- many more -------------------------------------------------------------------------------

PORTION = 125
"""Cases of one seed: Hypothesis remembers every case of a test, and slows down with them."""
CASES = int(os.environ.get("BCSIM_TWIN_CASES", "250"))
FIRST_SEED = int(os.environ.get("BCSIM_TWIN_SEED", "1"))
NAMES = list(EMPHASES)


@pytest.mark.long
@pytest.mark.parametrize("seed_value", range(FIRST_SEED, FIRST_SEED + -(-CASES // PORTION)))
def test_many_more_cases(seed_value):
    """Goal: as above. Method: ``BCSIM_TWIN_CASES`` cases, each seed with the next emphasis."""
    emphasis = EMPHASES[NAMES[seed_value % len(NAMES)]]

    @seed(seed_value)
    @settings(
        max_examples=min(PORTION, CASES),
        derandomize=False,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=SLOW_DRAWS,
    )
    @given(cases(emphasis))
    def agree(case):
        assert_twins(case.blueprint, case.faults)

    agree()
