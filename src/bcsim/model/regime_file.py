"""A shipped regime is read from its file, as strictly as a model."""

from __future__ import annotations

from functools import cache

from bcsim.model.loading import load
from bcsim.model.regime import Regime, regime_file


@cache
def load_regime(name: str) -> Regime:
    """Load a shipped regime by name.

    Raises
    ------
    bcsim.errors.ModelError
        The file does not hold; every problem with its file, line and key.
    """
    return load(regime_file(name), Regime).value
