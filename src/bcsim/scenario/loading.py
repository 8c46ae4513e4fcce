"""A scenario file becomes a checked scenario, held against the model that it disrupts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bcsim.model.finding import Finding
from bcsim.model.loading import Loaded, load, load_model
from bcsim.scenario.checks import CHECKS
from bcsim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcsim.model.firm import Firm
    from bcsim.units import Lang


def load_scenario(path: Path | str, model: Firm | None = None, lang: Lang = "en") -> Scenario:
    """Load a ``*.scenario.yaml`` file and check its references.

    Parameters
    ----------
    path
        The file.
    model
        The firm that it disrupts; by default the one of the file that the scenario names.
    lang
        Language of the problems.

    Raises
    ------
    ModelError
        Everything that is wrong with the scenario, or with the model that it names.
    LimitError
        A file beyond a bound of ``limits``.
    """
    return open_scenario(path, model, lang=lang).value


def open_scenario(
    path: Path | str,
    model: Firm | None = None,
    model_at: Callable[[Path, Lang], Firm] = load_model,
    lang: Lang = "en",
) -> Loaded[Scenario]:
    """Load a scenario as :func:`load_scenario` does, with its warnings and its files.

    ``model_at`` loads the model that the scenario names, where none is given.
    """

    def against_the_model(scenario: Scenario) -> Iterator[Finding]:
        place = Path(path).parent / (scenario.model or "")
        if model is None and not place.is_file():
            yield _no_model(scenario)
            return
        firm = model or model_at(place, lang)
        for check in CHECKS:
            yield from check(scenario, firm)

    return load(path, Scenario, (against_the_model,), lang)


def _no_model(scenario: Scenario) -> Finding:
    """The finding of a scenario without a model to be held against."""
    expected = "model: the path of a model's file, from this file"
    if scenario.model is None:
        return Finding((), "the scenario names no model", expected=expected)
    return Finding(("model",), "no such file", repr(scenario.model), expected)
