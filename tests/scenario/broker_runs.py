"""The shipped broker's scenarios, each run once for all tests of a worker.

The runs are kept in files until the worker ends, so that a question in SQL reads the columns that
it names and copies nothing. Seed 0.
"""

from __future__ import annotations

from functools import cache
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bcsim.experiment.run import run
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.experiment.run import Run
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

FOLDER = ROOT / "scenarios" / "broker"

FOR_ITS_OWN_REASON = ((), True, False)
"""What :func:`reason` gives if a scenario meets its expectation, and its disruptions are why."""

_numbers = numbers()


@cache
def firm() -> Firm:
    """The broker as it ships."""
    return load_model(FOLDER / "broker.model.yaml")


@cache
def scenario(name: str) -> Scenario:
    """A scenario as it ships."""
    return load_scenario(FOLDER / f"{name}.scenario.yaml", firm())


@cache
def _folder() -> TemporaryDirectory[str]:
    """Where runs are kept; the cache holds it until the worker ends, which removes it."""
    return TemporaryDirectory(prefix="bcsim-broker-")


def fresh_run(model: Firm, tried: Scenario) -> Run:
    """Run a variant of the broker or of a scenario."""
    return run(model, tried, out=Path(_folder().name) / str(next(_numbers)))


@cache
def run_of(name: str) -> Run:
    """Run a scenario as it ships."""
    return fresh_run(firm(), scenario(name))


@cache
def undisturbed(start: object, window: object) -> Run:
    """Run a window of a day on which nothing goes wrong."""
    quiet = scenario("normal-day")
    if (quiet.start, quiet.window) == (start, window):
        return run_of("normal-day")
    return fresh_run(firm(), quiet.replace(start=start, window=window))


def reason(name: str, has_property: Callable[[Run], bool]) -> tuple[tuple[str, ...], bool, bool]:
    """What is unmet of a scenario; has it the property, and has its window, undisturbed?"""
    result = run_of(name)
    other = undisturbed(result.scenario.start, result.scenario.window)
    return result.unmet, has_property(result), has_property(other)
