"""bcsim tells a financial-service provider whether its customers' orders survive a bad day.

A discrete-event simulator runs the firm's continuity plan against a disruption and follows
every order; a checker judges each order from the recorded history alone, be it of a
simulation or of a real failover drill.

Public names load when they are first used, so that ``import bcsim`` is cheap and
``bcsim.check`` never brings a simulator along (PEP 562). To add a name, add it to the block
for type checkers and to ``_HOME``; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.release import __version__ as __version__

if TYPE_CHECKING:
    from bcsim.checkers.judge import check as check
    from bcsim.errors import BcsimError as BcsimError
    from bcsim.errors import HistoryError as HistoryError
    from bcsim.errors import InputError as InputError
    from bcsim.errors import InternalError as InternalError
    from bcsim.errors import LimitError as LimitError
    from bcsim.errors import ModelError as ModelError
    from bcsim.errors import Problem as Problem
    from bcsim.errors import UsageError as UsageError
    from bcsim.experiment.run import Run as Run
    from bcsim.experiment.run import run as run
    from bcsim.history.history import History as History
    from bcsim.history.reader import read_history as read_history
    from bcsim.model.loading import load_model as load_model
    from bcsim.scenario.loading import load_scenario as load_scenario

_HOME: Final = {
    "BcsimError": "bcsim.errors",
    "History": "bcsim.history.history",
    "HistoryError": "bcsim.errors",
    "InputError": "bcsim.errors",
    "InternalError": "bcsim.errors",
    "LimitError": "bcsim.errors",
    "ModelError": "bcsim.errors",
    "Problem": "bcsim.errors",
    "Run": "bcsim.experiment.run",
    "UsageError": "bcsim.errors",
    "check": "bcsim.checkers.judge",
    "load_model": "bcsim.model.loading",
    "load_scenario": "bcsim.scenario.loading",
    "read_history": "bcsim.history.reader",
    "run": "bcsim.experiment.run",
}
"""Public name -> the module in which it is defined, under the same name."""

__all__ = sorted(_HOME)  # noqa: PLE0605 - one table of public names, not two


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


# Hidden from type checkers: they know the names above, and shall report any other.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        import importlib

        if name not in _HOME:
            raise AttributeError(f"module 'bcsim' has no attribute {name!r}")
        value = getattr(importlib.import_module(_HOME[name]), name)
        globals()[name] = value  # the next access does not come here
        return value
