"""The nine service systems and what a run says about each, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.communication import measure_communication
from bcsim.conduct.governance import measure_governance
from bcsim.conduct.sales import measure_sales

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.history.history import History
    from bcsim.model.firm import Firm

Measures = dict[str, "float | int | None"]
"""Measure → value; the unit is in the name; ``None`` where the history cannot tell."""


def measure_systems(firm: Firm, history: History, flags: Mapping[str, int]) -> dict[str, Measures]:
    """Measure the systems whose numbers a single run's history holds."""
    return {
        "1": measure_governance(firm, history),
        "4": measure_sales(history, flags),
        "5": measure_communication(history),
    }
