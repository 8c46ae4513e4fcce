"""How large a run is: the scale of the firm, the load on it, the part of the day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.model.firm import Firm


@dataclass(frozen=True, slots=True)
class Sizing:
    """What a run changes about a model's size.

    Parameters
    ----------
    orders
        Orders a day, all sources together; arrival rates *and* servers are scaled alike.
        ``None`` keeps the model's.
    load
        Factor on arrival rates alone.
    window
        Start and end in ns since midnight; ``None`` keeps the scenario's window.
    """

    orders: int | None = None
    load: float = 1.0
    window: tuple[int, int] | None = None

    def scale(self, firm: Firm) -> float:
        """Ratio of the asked daily orders to the model's; 1 if none were asked."""
        if self.orders is None:
            return 1.0
        daily = sum(demand.orders_per_day for demand in firm.demand.values())
        return self.orders / daily if daily else 1.0

    def servers(self, firm: Firm, servers: int) -> int:
        """Servers of a component at this scale, rounded up."""
        return max(1, math.ceil(servers * self.scale(firm) - 1e-9))
