"""A shipped firm with its scenarios, each run once for all tests of a worker.

As in broker_runs.py, for a firm whose model and folder have one name. Seed 0.
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

FOR_ITS_OWN_REASON = ((), True, False)
"""What :func:`reason` gives if a scenario meets its expectation, and its disruptions are why."""

_numbers = numbers()


def folder_of(firm: str) -> Path:
    """Where a firm ships."""
    return ROOT / "scenarios" / firm


def model_files(firm: str) -> list[Path]:
    """The files of its model."""
    return [
        folder_of(firm) / f"{firm}.model.yaml",
        *sorted((folder_of(firm) / "model").glob("*.yaml")),
    ]


def scenario_names(firm: str) -> list[str]:
    """Names of its scenarios."""
    paths = folder_of(firm).glob("*.scenario.yaml")
    return sorted(path.name.removesuffix(".scenario.yaml") for path in paths)


@cache
def model(firm: str) -> Firm:
    """The firm as it ships."""
    return load_model(folder_of(firm) / f"{firm}.model.yaml")


@cache
def scenario(firm: str, name: str) -> Scenario:
    """A scenario as it ships."""
    return load_scenario(folder_of(firm) / f"{name}.scenario.yaml", model(firm))


@cache
def _runs() -> TemporaryDirectory[str]:
    """Where runs are kept; the cache holds it until the worker ends, which removes it."""
    return TemporaryDirectory(prefix="bcsim-firm-")


def fresh_run(varied: Firm, tried: Scenario) -> Run:
    """Run a variant of a firm or of a scenario."""
    return run(varied, tried, out=Path(_runs().name) / str(next(_numbers)))


@cache
def run_of(firm: str, name: str) -> Run:
    """Run a scenario as it ships."""
    return fresh_run(model(firm), scenario(firm, name))


@cache
def undisturbed(firm: str, start: object, window: object) -> Run:
    """Run a window of a day on which nothing goes wrong."""
    quiet = scenario(firm, "normal-day")
    return fresh_run(model(firm), quiet.replace(start=start, window=window))


def reason(
    firm: str, name: str, has_property: Callable[[Run], bool]
) -> tuple[tuple[str, ...], bool, bool]:
    """What is unmet of a scenario; has it the property, and has its window, undisturbed?"""
    result = run_of(firm, name)
    other = undisturbed(firm, result.scenario.start, result.scenario.window)
    return result.unmet, has_property(result), has_property(other)
