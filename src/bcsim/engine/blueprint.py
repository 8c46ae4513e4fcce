"""The blueprint: everything the order layer needs, compiled from model and scenario.

Both order engines read a blueprint and the timeline and nothing else. It is frozen; a run
writes its state elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.engine.arrivals import Intents, Source, arrival_times, make_intents
from bcsim.engine.prices import Prices, Shock, make_prices
from bcsim.errors import Problem, UsageError
from bcsim.model.component import Link
from bcsim.streams import Distribution
from bcsim.units import NS_PER_DAY, NS_PER_MIN, NS_PER_S, format_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bcsim.engine.sizing import Sizing
    from bcsim.engine.timeline import Timeline
    from bcsim.model.demand import Demand
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey, Step
    from bcsim.model.product import Product
    from bcsim.scenario.scenario import Scenario
    from bcsim.streams import Streams

DEFAULT_LINK: Final = "default"
"""Key of the link profile of every pair of components that has none of its own."""

REPAIR_TIME: Final = Distribution.constant(5 * NS_PER_MIN)
"""Time in which a team mends an order that a control has stopped; controls state none."""

PAUSE_NS_MIN: Final = NS_PER_S
"""Shortest time for which an order is parked whose target seems to work."""

DOUBLINGS_MAX: Final = 20
"""Doublings of a retry's wait that count for a pause."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a journey with its number, and what the engine asks of its neighbours."""

    number: int
    step: Step
    after_execution: bool
    leg_count: int
    """Effects of the step; a step without legs has one."""

    @property
    def doers(self) -> tuple[str, ...]:
        """Components at which it may be done: its own, then its fallback's."""
        fallback = self.step.fallback
        return (self.step.component, *(() if fallback is None else (fallback.component,)))

    @property
    def pause_ns(self) -> int:
        """How long an order is parked whose target seems to work.

        As long as its retries may wait or its time-out lasts, whichever is longer.
        """
        retry = self.step.retry
        wait_ns = 0
        if retry is not None:
            wait_ns = retry.cap or retry.backoff << min(retry.limit, DOUBLINGS_MAX)
        return max(wait_ns, self.step.timeout or 0, PAUSE_NS_MIN)


@dataclass(frozen=True, slots=True)
class Route:
    """A journey as the engine walks it; ``execute`` is the execute step's number or -1."""

    name: str
    stages: tuple[Stage, ...]
    execute: int

    def next_after(self, number: int) -> Stage | None:
        """The stage after a stage, or ``None`` behind the last one."""
        return self.stages[number + 1] if number + 1 < len(self.stages) else None


@dataclass(frozen=True, slots=True)
class Moments:
    """The times of one run on its clock, ns; time 0 is the scenario's start.

    Arrivals end and the drain begins at ``drain_from``; nothing happens after ``drain_to``.
    """

    midnight: int
    window: tuple[int, int]
    drain_from: int
    drain_to: int

    def of_clock(self, clock_ns: int) -> int:
        """Time on the run's clock of a time of day."""
        return self.midnight + clock_ns


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything that the order layer needs."""

    firm: Firm
    """The model with the capacities of this run's scale."""
    scenario: Scenario
    sizing: Sizing
    streams: Streams
    moments: Moments
    routes: dict[str, Route]
    ranks: dict[str, int]
    """Rank of each priority class, 0 served first."""
    intents: Intents
    prices: Prices
    enquiries: tuple[tuple[str, Source], ...]
    """Enquiries that are not about a late answer: channel and its source."""

    def component_index(self, component: str) -> int:
        """Position of a component in the model."""
        return list(self.firm.components).index(component)

    def link(self, source: str, target: str) -> tuple[str, Link]:
        """Profile of the one-way link between two components: its key and the link.

        A channel as source or target stands for its clients' link. A component reaches
        itself at once and without loss.
        """
        if source == target:
            return SELF_LINK_KEY, SELF_LINK
        for end in (source, target):
            if end in self.firm.channels:
                key = self.firm.channels[end].link
                return key, self.firm.links[key]
        key = f"{source} -> {target}"
        if key in self.firm.links:
            return key, self.firm.links[key]
        return DEFAULT_LINK, self.firm.links[DEFAULT_LINK]

    def session_links(self, holder: str, venue: str) -> set[str]:
        """Names of the links of a session, either way: the pair's, and the profile's key."""
        ways = ((holder, venue), (venue, holder))
        return {self.link(*way)[0] for way in ways} | {f"{one} -> {other}" for one, other in ways}

    def stages(self) -> Iterator[Stage]:
        """All stages, journey by journey."""
        for route in self.routes.values():
            yield from route.stages

    @property
    def venues(self) -> tuple[str, ...]:
        """Components that execute orders."""
        executing = (stage for stage in self.stages() if stage.step.role == "execute")
        return tuple(dict.fromkeys(name for stage in executing for name in stage.doers))

    def batch_runs(self, from_ns: int) -> Iterator[tuple[str, str, int]]:
        """Component, step and time of every batch run since a time; journeys may share a step."""
        runs = dict.fromkeys(
            (stage.step.component, stage.step.id, self.moments.of_clock(clock_ns))
            for stage in self.stages()
            if stage.step.batch is not None
            for clock_ns in stage.step.batch.at
        )
        return (run for run in runs if run[-1] >= from_ns)

    def enquiry_times(self, source: Source) -> NDArray[np.int64]:
        """Enquiries of a source within the window, ``(n, 2)``: time in ns and index."""
        profile = self.firm.profiles[source.demand.profile]
        arrivals = arrival_times(profile, source, self.streams.at("arrival", source.name))
        times = arrivals + self.moments.midnight
        start_ns, end_ns = self.moments.window
        inside = np.flatnonzero((times >= start_ns) & (times < end_ns))
        return np.stack([times[inside], inside], axis=1)

    def route_of(self, channel: str, product: str) -> Route | None:
        """Journey of a product's orders on a channel, if there is demand for that pair."""
        for demand in self.firm.demand.values():
            if (demand.channel, demand.product) == (channel, product):
                return self.routes[demand.journey]
        return None


SELF_LINK_KEY = "self"
SELF_LINK = Link.model_validate({"latency": "0 s"})


def moments_of(scenario: Scenario, sizing: Sizing) -> Moments:
    """Put the scenario's times of day on the run's clock.

    Raises
    ------
    bcsim.errors.UsageError
        The window begins before the scenario does.
    """
    start = scenario.start
    seconds = start.hour * 3600 + start.minute * 60 + start.second
    midnight = -(seconds * NS_PER_S + start.microsecond * 1000)
    day = sizing.window or (scenario.window.start, scenario.window.end)
    window = (midnight + day[0], midnight + day[1])
    if window[0] < 0:
        raise UsageError(
            Problem(
                "the window begins before the scenario does",
                value=format_clock(day[0]),
                expected=f"{format_clock(-midnight)} or later, the time of day of its start",
            )
        )
    return Moments(midnight, window, window[1], window[1] + scenario.drain.limit)


def make_blueprint(
    firm: Firm, scenario: Scenario, sizing: Sizing, streams: Streams, timeline: Timeline
) -> Blueprint:
    """Compile a blueprint; surges and price shocks take their times from the timeline."""
    firm = sizing.scaled(firm)
    moments = moments_of(scenario, sizing)
    spans = disruption_spans(timeline, moments)
    scale = sizing.scale(firm) * sizing.load
    sources = [
        Source(name, demand, demand.orders_per_day * scale) for name, demand in firm.demand.items()
    ]
    enquiries = [
        (channel, Source(f"enquiry.{channel}", _enquiry_demand(firm, channel), rate * scale))
        for channel, rate in ((n, c.enquiries_per_day) for n, c in firm.channels.items())
        if rate
    ]
    _add_surges(scenario, spans, moments, sources, enquiries)
    shocks = [
        Shock(spans[d.id][0], d.products, d.change)
        for d in scenario.disruptions
        if d.kind == "price-shock" and d.id in spans
    ]
    closes = [s.close for p in firm.products.values() for s in p.sessions]
    opens = [s.open for p in firm.products.values() for s in p.sessions]
    prices = make_prices(
        firm,
        streams,
        shocks,
        from_ns=moments.midnight + min(opens),
        to_ns=moments.midnight + max(closes),
    )
    day_window = (moments.window[0] - moments.midnight, moments.window[1] - moments.midnight)
    intents = make_intents(
        firm, sources, streams, prices, midnight_ns=moments.midnight, window=day_window
    )
    return Blueprint(
        firm=firm,
        scenario=scenario,
        sizing=sizing,
        streams=streams,
        moments=moments,
        routes={name: route_of(name, journey) for name, journey in firm.journeys.items()},
        ranks={name: rank for rank, name in enumerate(firm.priorities)},
        intents=intents,
        prices=prices,
        enquiries=tuple(enquiries),
    )


def route_of(name: str, journey: Journey) -> Route:
    """Number a journey's steps and mark those that run once per fill."""
    execute = next((n for n, step in enumerate(journey.steps) if step.role == "execute"), -1)
    stages = tuple(
        Stage(number, step, 0 <= execute < number, max(1, len(step.legs)))
        for number, step in enumerate(journey.steps)
    )
    return Route(name, stages, execute)


def disruption_spans(timeline: Timeline, moments: Moments) -> dict[str, tuple[int, int]]:
    """Start and end of each disruption that the timeline's log tells of."""
    spans: dict[str, tuple[int, int]] = {}
    for entry in timeline.log:
        if entry.ref is None:
            continue
        if entry.kind == "fault_on" and entry.ref not in spans:
            spans[entry.ref] = (entry.time_ns, moments.drain_from)
        elif entry.kind == "fault_off" and entry.ref in spans:
            spans[entry.ref] = (spans[entry.ref][0], entry.time_ns)
    return spans


def _enquiry_demand(firm: Firm, channel: str) -> Demand:
    """The line of demand whose intraday profile a channel's enquiries follow."""
    profile = firm.channels[channel].enquiry_profile
    lines = [d for d in firm.demand.values() if d.channel == channel]
    return lines[0] if profile is None else lines[0].replace(profile=profile)


def _add_surges(
    scenario: Scenario,
    spans: dict[str, tuple[int, int]],
    moments: Moments,
    sources: list[Source],
    enquiries: list[tuple[str, Source]],
) -> None:
    """Add a source for the extra orders and enquiries of each surge."""
    for surge in scenario.disruptions:
        if surge.kind != "surge" or surge.id not in spans:
            continue
        start, end = (time - moments.midnight for time in spans[surge.id])
        start, end = max(0, start), min(NS_PER_DAY, end)

        def extra(source: Source, factor: float) -> Source:
            name = f"{source.name}.{surge.id}"  # noqa: B023 - called inside this turn
            rate = source.orders_per_day * (factor - 1)
            # An earlier surge is multiplied while it lasts, and no longer.
            from_ns, to_ns = max(start, source.from_ns), min(end, source.to_ns)  # noqa: B023
            return Source(name, source.demand, rate, from_ns, to_ns)

        chosen = [s for s in sources if not surge.sources or s.name in surge.sources]
        if surge.orders > 1:
            sources += [extra(source, surge.orders) for source in chosen]
        if surge.enquiries > 1:
            enquiries += [(ch, extra(source, surge.enquiries)) for ch, source in tuple(enquiries)]


def product_close(product: Product, midnight_ns: int) -> int:
    """Time of the last close of a product's day on the run's clock."""
    return midnight_ns + max(session.close for session in product.sessions)


def start_of(blueprint: Blueprint, timeline: Timeline) -> int:
    """Time at which an order engine's clock starts: 0, or the first change if that is before."""
    intents = blueprint.intents
    first = int(intents.time_ns[0]) if len(intents) else blueprint.moments.window[0]
    return min([0, first, *(change.time_ns for change in timeline.changes[:1])])
