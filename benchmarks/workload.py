"""The workload that all tools share: orders through five stations, one of which may fail.

``tandem-5``: five first-in-first-out stations in series, four servers each, exponential service
of mean 1, Poisson arrivals at 3.2 per unit of time, started empty, run until the last order has
left. ``tandem-5-outage``: the third station is down from 45 % to 55 % of the arrivals' time; the
four orders in service are suspended and go on afterwards, arrivals queue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

STATIONS = 5
SERVERS = 4
RATE = 3.2
"""Orders per unit of time; a service takes 1 on average."""

FAILING = 2
OUTAGE = (0.45, 0.55)
"""Start and end, as shares of the time in which orders arrive."""

STEADY, OUTAGE_NAME = "tandem-5", "tandem-5-outage"


@dataclass(frozen=True)
class Tandem:
    """One run of the workload; its times are in units of a mean service."""

    orders: int
    has_outage: bool = False
    seed: int = 1

    @property
    def name(self) -> str:
        """Name of the workload."""
        return OUTAGE_NAME if self.has_outage else STEADY

    @property
    def span(self) -> float:
        """Time in which orders arrive."""
        return self.orders / RATE

    @property
    def outage(self) -> tuple[float, float]:
        """Start and end of the outage."""
        return OUTAGE[0] * self.span, OUTAGE[1] * self.span

    @property
    def visits(self) -> int:
        """Order-visits: an order at a station."""
        return STATIONS * self.orders

    def expected_wait(self) -> float:
        """Mean wait per order and station.

        Without outage each station is M/M/4 by itself (Burke): C(4, 3.2) / (4 − 3.2). With it,
        the fluid limit at the failing station adds, averaged over all orders, half the backlog
        0.1 T · 3.2 times the 0.1 T + 0.4 T until it is gone, over N.
        """
        steady = erlang_c(SERVERS, RATE) / (SERVERS - RATE)
        if not self.has_outage:
            return steady
        down = self.outage[1] - self.outage[0]
        backlog = down * RATE
        return steady + backlog * (down + backlog / (SERVERS - RATE)) / 2 / self.orders / STATIONS

    def tolerance(self) -> float:
        """Relative deviation of a run's mean wait beyond which the tools did other work.

        Four standard deviations of one run (2.1 % at 200 000 orders); with the outage, 5 % more
        for what the fluid limit leaves out.
        """
        noise = 4 * 0.021 * math.sqrt(200_000 / self.orders)
        return noise + (0.05 if self.has_outage else 0.0)


def erlang_c(servers: int, load: float) -> float:
    """Chance that an order waits in M/M/c (Gross et al., *Fundamentals of Queueing Theory*)."""
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    return top / (sum(load**n / math.factorial(n) for n in range(servers)) + top)
