"""Every check of a scenario with the firm that it disrupts.

As in :mod:`bcsim.model.checks`; findings are about the scenario's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim.model.finding import Finding
from bcsim.scenario.rules import beginning, disruption, expectation, window
from bcsim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from bcsim.model.finding import Check
    from bcsim.model.firm import Firm

ScenarioCheck: TypeAlias = Callable[[Scenario, "Firm"], Iterable[Finding]]


def _alone(check: Check[Scenario]) -> ScenarioCheck:
    """A check that needs no firm."""
    return lambda scenario, _firm: check(scenario)


def _of_firm(check: Check[Firm]) -> ScenarioCheck:
    """A check of the firm that needs to know what a history is."""
    return lambda _scenario, firm: check(firm)


CHECKS: Final[tuple[ScenarioCheck, ...]] = (
    _alone(window.window),
    window.window_and_sessions,
    window.orders_in_window,
    window.drain,
    window.reviews,
    _alone(beginning.names_of_disruptions),
    _alone(beginning.beginnings),
    _alone(beginning.circles_of_disruptions),
    _alone(beginning.disruptions_outside_window),
    _of_firm(beginning.signals_of_plan),
    disruption.disruption_references,
    _alone(disruption.idle_disruptions),
    _alone(disruption.failed_failbacks),
    disruption.lost_data,
    expectation.expectation_references,
    _alone(expectation.counts),
    _alone(expectation.outcome),
    _alone(expectation.family),
)
"""A new check is one line here."""
