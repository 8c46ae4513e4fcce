"""The tandem in other simulation tools, each as its documentation would write it.

Every function simulates one tandem and gives the mean wait per order and station.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from benchmarks.measuring import Measurement, Watch, peak_mb
from benchmarks.workload import FAILING, RATE, SERVERS, STATIONS, Tandem

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Process = Generator[Any, Any, Any]

BATCH = 1 << 14


class Draws:
    """Exponential numbers, made by the thousand."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._ready: list[float] = []

    def one(self) -> float:
        """One number of mean 1."""
        if not self._ready:
            self._ready = self._generator.standard_exponential(BATCH).tolist()
        return self._ready.pop()


# -- SimPy ---------------------------------------------------------------------------------------


def simpy_resource(tandem: Tandem) -> float:  # noqa: C901 - a tool's own way to write it
    """SimPy's own resource; its PreemptiveResource where the outage takes servers away."""
    env, draws = simpy.Environment(), Draws(tandem.seed)
    kind = simpy.PreemptiveResource if tandem.has_outage else simpy.Resource
    stations: list[Any] = [kind(env, capacity=SERVERS) for _ in range(STATIONS)]
    waits = [0.0]

    def visit(station: Any) -> Process:  # noqa: ANN401 - two kinds of resource
        remaining, priority = draws.one(), 1
        since = env.now
        while remaining > 0:
            terms = {"priority": priority, "preempt": False} if tandem.has_outage else {}
            with station.request(**terms) as request:
                yield request
                start = env.now
                if priority:
                    waits[0] += start - since
                try:
                    yield env.timeout(remaining)
                    remaining = 0.0
                except simpy.Interrupt:
                    remaining -= env.now - start
                    priority = 0  # before those who have not begun yet

    def order() -> Process:
        for station in stations:
            yield from visit(station)

    def breaker() -> Process:
        start, end = tandem.outage
        yield env.timeout(start)
        with stations[FAILING].request(priority=-1) as request:
            yield request
            yield env.timeout(end - start)

    def arrivals() -> Process:
        for _ in range(tandem.orders):
            yield env.timeout(draws.one() / RATE)
            env.process(order())

    if tandem.has_outage:
        for _ in range(SERVERS):
            env.process(breaker())
    env.process(arrivals())
    env.run()
    return waits[0] / tandem.visits


class _Gate:
    """A gate before service at one station, and interrupts for what is in service."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._opening: simpy.Event | None = None
        self._serving: set[simpy.Process] = set()

    def pass_through(self) -> Process:
        """Wait until the gate is open."""
        if self._opening is not None:
            yield self._opening

    def serve(self, duration: float) -> Process:
        """Work for some time, not counting the time in which the gate is closed."""
        process, remaining = self._env.active_process, duration
        assert process is not None, "called by an order"
        while remaining > 0:
            yield from self.pass_through()
            start = self._env.now
            self._serving.add(process)
            try:
                yield self._env.timeout(remaining)
                remaining = 0.0
            except simpy.Interrupt:
                remaining -= self._env.now - start
            self._serving.discard(process)

    def breaker(self, start: float, end: float) -> Process:
        """Close the gate at one time and open it at another."""
        yield self._env.timeout(start)
        opening = self._opening = self._env.event()
        for process in list(self._serving):
            process.interrupt()
        yield self._env.timeout(end - start)
        self._opening = None
        opening.succeed()


def simpy_gate(tandem: Tandem) -> float:
    """SimPy with the outage by hand: a gate before service, interrupts for what is in service."""
    env, draws = simpy.Environment(), Draws(tandem.seed)
    stations = [simpy.Resource(env, capacity=SERVERS) for _ in range(STATIONS)]
    gate, waits = _Gate(env), [0.0]

    def order() -> Process:
        for number, station in enumerate(stations):
            since = env.now
            with station.request() as request:
                yield request
                if number == FAILING:
                    yield from gate.pass_through()
                waits[0] += env.now - since
                if number == FAILING:
                    yield from gate.serve(draws.one())
                else:
                    yield env.timeout(draws.one())

    def arrivals() -> Process:
        for _ in range(tandem.orders):
            yield env.timeout(draws.one() / RATE)
            env.process(order())

    if tandem.has_outage:
        env.process(gate.breaker(*tandem.outage))
    env.process(arrivals())
    env.run()
    return waits[0] / tandem.visits


# -- Ciw -----------------------------------------------------------------------------------------


def ciw_network(tandem: Tandem) -> float:
    """Ciw: the outage is a schedule 4 – 0 – 4 with resumed services, one line of data."""
    import ciw  # noqa: PLC0415 - only where it is installed

    servers: list[Any] = [SERVERS] * STATIONS
    if tandem.has_outage:
        servers[FAILING] = ciw.Schedule(
            numbers_of_servers=[SERVERS, 0, SERVERS],
            shift_end_dates=[*tandem.outage, 1e9],
            preemption="resume",
        )
    routing = [[float(j == i + 1) for j in range(STATIONS)] for i in range(STATIONS)]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE), *[None] * (STATIONS - 1)],
        service_distributions=[ciw.dists.Exponential(rate=1.0) for _ in range(STATIONS)],
        routing=routing,
        number_of_servers=servers,
    )
    ciw.seed(tandem.seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(tandem.orders, method="Finish")
    records = simulation.get_all_records(only=["service"])
    done = [record.waiting_time for record in records]
    return float(np.mean(done))


# -- salabim -------------------------------------------------------------------------------------


def salabim_resources(tandem: Tandem) -> float:  # noqa: C901 - likewise
    """Salabim, without yields: the outage interrupts what is in service."""
    import salabim  # noqa: PLC0415 - only where it is installed

    env = salabim.Environment(trace=False, yieldless=True)
    draws = Draws(tandem.seed)
    stations = [salabim.Resource(capacity=SERVERS, env=env) for _ in range(STATIONS)]
    waits = [0.0]

    class Order(salabim.Component):  # type: ignore[misc]
        def process(self) -> None:
            for station in stations:
                since = env.now()
                self.request(station)
                waits[0] += env.now() - since
                self.hold(draws.one())
                self.release()

    class Arrivals(salabim.Component):  # type: ignore[misc]
        def process(self) -> None:
            for _ in range(tandem.orders):
                self.hold(draws.one() / RATE)
                Order(env=env)

    class Breaker(salabim.Component):  # type: ignore[misc]
        def process(self) -> None:
            start, end = tandem.outage
            self.hold(start)
            stations[FAILING].set_capacity(0)
            suspended = list(stations[FAILING].claimers())
            for order in suspended:
                order.interrupt()
            self.hold(end - start)
            for order in suspended:
                order.resume()
            stations[FAILING].set_capacity(SERVERS)

    Arrivals(env=env)
    if tandem.has_outage:
        Breaker(env=env)
    env.run()
    return waits[0] / tandem.visits


# -- measuring -----------------------------------------------------------------------------------

PEERS: dict[str, tuple[tuple[str, ...], Callable[[Tandem], float]]] = {
    "SimPy resource": (("simpy",), simpy_resource),
    "SimPy gate": (("simpy",), simpy_gate),
    "Ciw": (("ciw",), ciw_network),
    "salabim": (("salabim", "greenlet"), salabim_resources),
}
"""Name -> what must be installed, and the model; the others are left out with a note."""


def is_installed(peer: str) -> bool:
    """Whether a peer can be measured here."""
    return all(find_spec(package) is not None for package in PEERS[peer][0])


def measure(peer: str, tandem: Tandem, runs: int) -> Measurement:
    """Run a tandem some times in another tool, with one seed after the other."""
    packages, model = PEERS[peer]
    name = f"{peer} {version(packages[0])}"
    model(Tandem(100, tandem.has_outage))
    found = Measurement(name, tandem.name, tandem.orders, tandem.visits, [], base_mb=peak_mb())
    waits = []
    for seed in range(1, runs + 1):
        run = Watch()
        with run.running():
            waits.append(model(Tandem(tandem.orders, tandem.has_outage, seed)))
        found.run_s.append(run.total_s)
    found.mean_wait = sum(waits) / len(waits)
    return found
