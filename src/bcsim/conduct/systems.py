"""The nine service systems and what a day says about each, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.conduct.communication import measure_communication
from bcsim.conduct.governance import measure_governance
from bcsim.conduct.integrity import measure_integrity
from bcsim.conduct.products import measure_products
from bcsim.conduct.sales import measure_sales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures

MEASURED_BY: Final[Mapping[int, Callable[[Day], Measures]]] = {
    1: measure_governance,
    2: measure_products,
    4: measure_sales,
    5: measure_communication,
    9: measure_integrity,
}
"""System → the function that measures it."""


def measure_systems(day: Day) -> dict[str, Measures]:
    """Measure the nine systems on a day."""
    return {str(number): measure(day) for number, measure in MEASURED_BY.items()}
