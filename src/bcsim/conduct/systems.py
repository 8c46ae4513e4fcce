"""The nine service systems and what a day says about each, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.conduct.communication import measure_communication
from bcsim.conduct.complaints import measure_complaints
from bcsim.conduct.defence import measure_defence
from bcsim.conduct.governance import measure_governance
from bcsim.conduct.operation import measure_operation
from bcsim.conduct.privacy import measure_privacy
from bcsim.conduct.products import measure_products
from bcsim.conduct.remuneration import measure_remuneration
from bcsim.conduct.sales import measure_sales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures

MEASURED_BY: Final[Mapping[int, Callable[[Day], Measures]]] = {
    1: measure_governance,
    2: measure_products,
    3: measure_remuneration,
    4: measure_sales,
    5: measure_communication,
    6: measure_privacy,
    7: measure_complaints,
    8: measure_defence,
    9: measure_operation,
}
"""System → the function that measures it."""


def measure_systems(day: Day) -> dict[str, Measures]:
    """Measure the nine systems on a day."""
    return {str(number): measure(day) for number, measure in MEASURED_BY.items()}
