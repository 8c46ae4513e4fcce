"""Stations in series without any events: the recursion of Kiefer and Wolfowitz.

Kiefer, Wolfowitz, *On the theory of queues with many servers*, Trans. AMS 78 (1955): a customer
of a first-in-first-out station with c servers starts when it has arrived and the first of the
servers is free, ``start[n] = max(arrival[n], min(free))``.

A station that hangs keeps its work and does none: its clock stands still. So its arrivals are put
on the clock of its working time, the recursion runs there as if nothing had happened, and its
results are put back. Nothing is suspended, thawed or taken out of a queue anywhere here, which
makes this a witness of another kind than the two engines. All times are whole ns.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class WorkingTime:
    """A station's clock, which stands still while it hangs.

    Parameters
    ----------
    hangs
        Start and end of each, ns, in order and apart from each other.
    """

    hangs: tuple[tuple[int, int], ...] = ()

    def of(self, time_ns: int) -> int:
        """Time worked up to a time."""
        return time_ns - sum(
            min(end, time_ns) - start for start, end in self.hangs if start < time_ns
        )

    def at(self, worked_ns: int) -> int:
        """The last time at which no more than that is worked.

        The last one: what would start or end in the instant in which a station hangs does so
        when it wakes up, for disruptions come first among the events of an instant.
        """
        time_ns = worked_ns
        for start, end in self.hangs:
            if time_ns >= start:
                time_ns += end - start
        return time_ns


@dataclass(frozen=True)
class Visit:
    """An order at a station: start and end of its service, ns."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True)
class Queue:
    """One station: its servers, its hangs, how long an order takes to get there from the last."""

    servers: int
    hangs: tuple[tuple[int, int], ...] = ()
    latency_ns: int = 0


def visits(queue: Queue, arrivals_ns: Sequence[int], services_ns: Sequence[int]) -> list[Visit]:
    """Visits of all orders at one station, by order.

    Orders that arrive in the same instant are served in the order of their numbers.
    """
    clock = WorkingTime(queue.hangs)
    free = [clock.of(0)] * queue.servers
    heapify(free)
    found: dict[int, Visit] = {}
    for order in sorted(range(len(arrivals_ns)), key=lambda order: (arrivals_ns[order], order)):
        start = max(clock.of(arrivals_ns[order]), free[0])
        end = start + services_ns[order]
        heapreplace(free, end)
        found[order] = Visit(clock.at(start), clock.at(end))
    return [found[order] for order in range(len(arrivals_ns))]


def tandem(
    queues: Sequence[Queue], wishes_ns: Sequence[int], services_ns: Sequence[Sequence[int]]
) -> list[list[Visit]]:
    """Visits at each of some stations in series, by station and order.

    Parameters
    ----------
    wishes_ns
        Times of the clients' wishes ``(orders,)``.
    services_ns
        Service times ``(stations, orders)``.
    """
    found: list[list[Visit]] = []
    left_ns = list(wishes_ns)
    for queue, services in zip(queues, services_ns, strict=True):
        arrivals = [time_ns + queue.latency_ns for time_ns in left_ns]
        found.append(visits(queue, arrivals, services))
        left_ns = [visit.end_ns for visit in found[-1]]
    return found
