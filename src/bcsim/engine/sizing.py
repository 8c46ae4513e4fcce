"""How large a run is: the scale of the firm, the load on it, the part of the day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.model.component import Component
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey, Step
    from bcsim.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Sizing:
    """What a run changes about a model's size.

    Parameters
    ----------
    orders
        Orders a day, all sources together; arrival rates *and* capacities are scaled alike.
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

    def capacity(self, firm: Firm, capacity: int) -> int:
        """A capacity of the firm at this scale, rounded up."""
        return max(1, math.ceil(capacity * self.scale(firm) - 1e-9))

    def scaled(self, firm: Firm) -> Firm:
        """The firm with capacities at this scale.

        Those are servers, places in queues and bulkheads, service starts per second, the
        failures that open a circuit breaker, and the backlogs that signal something to the plan.
        What counts events from the first one on stays: the n-th reject is the n-th.
        """
        if self.scale(firm) == 1:
            return firm
        return firm.replace(
            components={n: self._component(firm, c) for n, c in firm.components.items()},
            journeys={n: self._journey(firm, j) for n, j in firm.journeys.items()},
            plan=None if firm.plan is None else self._plan(firm, firm.plan),
        )

    def _component(self, firm: Firm, component: Component) -> Component:
        limit, rate = component.queue.limit, component.rate_limit
        queue = component.queue
        if limit is not None:
            queue = queue.replace(limit=self.capacity(firm, limit) if limit else 0)
        return component.replace(
            servers=self.capacity(firm, component.servers),
            queue=queue,
            rate_limit=None if rate is None else self.capacity(firm, rate),
        )

    def _journey(self, firm: Firm, journey: Journey) -> Journey:
        return journey.replace(steps=tuple(self._step(firm, step) for step in journey.steps))

    def _step(self, firm: Firm, step: Step) -> Step:
        places, breaker = step.bulkhead, step.breaker
        if breaker is not None:
            breaker = breaker.replace(failures=self.capacity(firm, breaker.failures))
        return step.replace(
            bulkhead=None if places is None else self.capacity(firm, places), breaker=breaker
        )

    def _plan(self, firm: Firm, plan: Plan) -> Plan:
        signals = {
            name: signal.replace(above=self.capacity(firm, signal.above))
            if signal.kind == "backlog"
            else signal
            for name, signal in plan.signals.items()
        }
        return plan.replace(signals=signals)
