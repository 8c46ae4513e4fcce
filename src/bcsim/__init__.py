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

if TYPE_CHECKING:
    from bcsim.errors import BcsimError as BcsimError
    from bcsim.errors import HistoryError as HistoryError
    from bcsim.errors import InputError as InputError
    from bcsim.errors import InternalError as InternalError
    from bcsim.errors import LimitError as LimitError
    from bcsim.errors import ModelError as ModelError
    from bcsim.errors import Problem as Problem
    from bcsim.errors import UsageError as UsageError

__version__ = "0.1.0"

_HOME: Final = {
    "BcsimError": "bcsim.errors",
    "HistoryError": "bcsim.errors",
    "InputError": "bcsim.errors",
    "InternalError": "bcsim.errors",
    "LimitError": "bcsim.errors",
    "ModelError": "bcsim.errors",
    "Problem": "bcsim.errors",
    "UsageError": "bcsim.errors",
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
