"""Goal: model, scenario and timeline are compiled as stated. Method: each part by hand."""

from __future__ import annotations

import pytest

from bcsim.engine.blueprint import (
    SELF_LINK_KEY,
    disruption_spans,
    make_blueprint,
    moments_of,
    product_close,
    route_of,
)
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import LogEntry, Timeline
from bcsim.streams import Streams
from bcsim.units import NS_PER_H, NS_PER_MIN, NS_PER_S
from tests.unit.engine.firms import execute, firm, scenario, step, take
from tests.unit.engine.story import CALM


def entry(minutes, kind, ref):
    """A line of the log about a disruption."""
    return LogEntry(minutes * NS_PER_MIN, "infrastructure", kind, ref=ref)


def made(of, plot=None, log=(), sizing=Sizing(), seed=1):  # noqa: B008 - frozen
    """A blueprint of a firm under a log."""
    return make_blueprint(
        of, plot or scenario(), sizing, Streams(seed, 0), Timeline((), tuple(log))
    )


# -- moments ---------------------------------------------------------------------------------


def test_time_0_is_the_scenarios_start():
    """Goal: clock times on the run's clock. Method: a start at 10:00, and one with a fraction."""
    moments = moments_of(scenario(), Sizing())
    assert (moments.midnight, moments.window) == (-10 * NS_PER_H, (0, NS_PER_H))
    assert (moments.drain_from, moments.drain_to) == (NS_PER_H, 10 * NS_PER_H)
    assert moments.of_clock(10 * NS_PER_H + 5) == 5
    early = moments_of(scenario(start="2026-03-16T09:59:30.000250"), Sizing())
    assert early.window[0] == 30 * NS_PER_S - 250_000


def test_a_runs_window_stands_for_the_scenarios():
    """Goal: Sizing.window. Method: a quarter of an hour."""
    window = (10 * NS_PER_H + 15 * NS_PER_MIN, 10 * NS_PER_H + 30 * NS_PER_MIN)
    moments = moments_of(scenario(), Sizing(window=window))
    assert moments.window == (15 * NS_PER_MIN, 30 * NS_PER_MIN)
    assert moments.drain_from == 30 * NS_PER_MIN


# -- routes and links ------------------------------------------------------------------------


def test_a_route_numbers_its_steps_and_marks_those_after_execution():
    """Goal: what comes once per fill. Method: three steps, legs on the last."""
    book = step("book", "ledger", legs=[{"name": n, "service": "1 ms"} for n in ("a", "b")])
    journey = firm([take(), execute(), book]).journeys["way"]
    route = route_of("way", journey)
    assert [(s.number, s.after_execution, s.leg_count) for s in route.stages] == [
        (0, False, 1),
        (1, False, 1),
        (2, True, 2),
    ]
    assert (route.execute, route.next_after(1), route.next_after(2)) == (1, route.stages[2], None)


def test_a_route_without_an_execution_has_no_fills():
    """Goal: execute is -1. Method: one step."""
    route = route_of("way", firm([take()]).journeys["way"])
    assert (route.execute, route.stages[0].after_execution) == (-1, False)


@pytest.mark.parametrize(
    ("source", "target", "key"),
    [
        ("front", "front", SELF_LINK_KEY),
        ("app", "front", "net"),
        ("venue", "app", "net"),
        ("front", "venue", "front -> venue"),
        ("venue", "front", "default"),
    ],
)
def test_links_are_found_by_self_channel_pair_and_default(source, target, key):
    """Goal: which profile holds. Method: each case once."""
    links = {"net": {"latency": "9 ms"}, "front -> venue": {"latency": "5 ms"}}
    found, link = made(firm([take(), execute()], links=links, channel={"link": "net"})).link(
        source, target
    )
    assert found == key
    assert link.latency.a == {"self": 0, "net": 9e6, "default": 1e6}.get(key, 5e6)


def test_a_channel_and_a_product_have_the_journey_of_their_demand():
    """Goal: where a client goes who switches channels. Method: one pair with, one without."""
    found = made(firm([take()]))
    route = found.route_of("app", "share")
    assert route is not None
    assert route.name == "way"
    assert found.route_of("phone", "share") is None


def test_components_have_positions_and_servers_at_scale():
    """Goal: order of components, capacity of this run. Method: 2 000 orders instead of 1 000."""
    small = firm(
        [take(), execute()], components={"venue": {"servers": 3}}, demand={"orders_per_day": 1000}
    )
    found = made(small, sizing=Sizing(orders=2000))
    assert [found.component_index(n) for n in ("front", "venue")] == [0, 1]
    assert [component.servers for component in found.firm.components.values()] == [2, 6]


def test_the_close_is_that_of_the_last_session():
    """Goal: product_close. Method: two sessions, the later one listed first."""
    sessions = [
        {"name": "pm", "open": "14:00", "close": "16:00"},
        {"name": "am", "open": "10:00", "close": "12:00"},
    ]
    small = firm([take()], product={"sessions": sessions})
    assert product_close(small.products["share"], -10 * NS_PER_H) == 6 * NS_PER_H


# -- spans, surges, shocks -------------------------------------------------------------------


def test_a_disruption_lasts_from_its_first_fault_to_its_last_end():
    """Goal: spans from the log. Method: two faults of one, an open one, and others' lines."""
    log = (
        entry(1, "fault_on", "a"),
        entry(2, "fault_on", "a"),
        entry(3, "fault_off", "a"),
        entry(4, "fault_off", "a"),
        entry(5, "fault_on", "b"),
        entry(6, "detect", "c"),
        entry(7, "fault_on", None),
    )
    spans = disruption_spans(Timeline((), log), moments_of(scenario(), Sizing()))
    assert spans == {"a": (NS_PER_MIN, 4 * NS_PER_MIN), "b": (5 * NS_PER_MIN, NS_PER_H)}


def surge(name="rush", **more):
    """A surge's data."""
    return {"id": name, "kind": "surge", "at": "10:10"} | more


BUSY = firm([take()], demand={"orders_per_day": 1000})


def test_a_surge_is_a_source_of_its_own():
    """Goal: extra orders, the others untouched. Method: three times the orders for ten minutes.

    Two thousand more a day in a sixth of the day's hour: 333 are expected; within five standard
    deviations of 18.3 in all but one of a million seeds. The seed is fixed.
    """
    plot = scenario(disruptions=[surge(orders=3.0)])
    log = (entry(10, "fault_on", "rush"), entry(20, "fault_off", "rush"))
    plain, found = made(BUSY), made(BUSY, plot, log)
    assert [(s.name, s.orders_per_day) for s in found.intents.sources] == [
        ("app", 1000.0),
        ("app.rush", 2000.0),
    ]
    usual, extra = found.intents.source == 0, found.intents.source == 1
    assert found.intents.time_ns[usual].tolist() == plain.intents.time_ns.tolist()
    assert found.intents.qty[usual].tolist() == plain.intents.qty.tolist()
    times = found.intents.time_ns[extra]
    assert 242 <= len(times) <= 425
    assert times.min() >= 10 * NS_PER_MIN
    assert times.max() < 20 * NS_PER_MIN


def test_two_surges_multiply_where_they_overlap():
    """Goal: each while it lasts. Method: 10:10 to 10:30 double, 10:20 to 10:40 triple."""
    plot = scenario(disruptions=[surge("one", orders=2.0), surge("two", orders=3.0)])
    log = (
        entry(10, "fault_on", "one"),
        entry(20, "fault_on", "two"),
        entry(30, "fault_off", "one"),
        entry(40, "fault_off", "two"),
    )
    at = 10 * NS_PER_H
    sources = made(BUSY, plot, log).intents.sources
    assert [(s.name, s.orders_per_day, s.from_ns - at, s.to_ns - at) for s in sources[1:]] == [
        ("app.one", 1000.0, 10 * NS_PER_MIN, 30 * NS_PER_MIN),
        ("app.two", 2000.0, 20 * NS_PER_MIN, 40 * NS_PER_MIN),
        ("app.one.two", 2000.0, 20 * NS_PER_MIN, 30 * NS_PER_MIN),
    ]


def test_a_surge_can_be_of_named_sources_or_of_enquiries():
    """Goal: sources, enquiries. Method: another source named; twice the enquiries."""
    desk = {"desk": "desk", "enquiry": "1 min", "enquiries_per_day": 50.0}
    asked = firm([take()], channel=desk, components={"desk": {}})
    plot = scenario(disruptions=[surge(orders=2.0, enquiries=3.0, sources=["other"])])
    found = made(asked, plot, (entry(10, "fault_on", "rush"),))
    assert [s.name for s in found.intents.sources] == ["app"]
    assert [(c, s.name, s.orders_per_day) for c, s in found.enquiries] == [
        ("app", "enquiry.app", 50.0),
        ("app", "enquiry.app.rush", 100.0),
    ]


def test_a_surge_that_never_began_adds_nothing():
    """Goal: the timeline decides. Method: the surge waits for a trigger that does not come."""
    plot = scenario(disruptions=[surge(orders=2.0)])
    assert [s.name for s in made(BUSY, plot).intents.sources] == ["app"]


def test_load_multiplies_every_source():
    """Goal: Sizing.load. Method: three times the load of 1 000."""
    assert made(BUSY, sizing=Sizing(load=3.0)).intents.sources[0].orders_per_day == 3000.0


def test_a_price_shock_moves_prices_from_its_beginning_on():
    """Goal: shocks take their time from the timeline. Method: minus a half at 10:10.

    Prices stand from 09:00 on, so 10:10 is grid point 4200.
    """
    shock = {"id": "crash", "kind": "price-shock", "at": "10:10", "change": -0.5}
    plot = scenario(disruptions=[shock])
    found = made(BUSY, plot, (entry(10, "fault_on", "crash"),)).prices
    assert found.paths["share"][0, [4199, 4200, -1]].tolist() == [1000, 500, 500]
    assert (found.from_ns, found.price("share", 0, 10 * NS_PER_MIN - 1)) == (-NS_PER_H, 1000)
    calm = make_blueprint(BUSY, plot, Sizing(), Streams(1, 0), CALM).prices
    assert set(calm.paths["share"][0].tolist()) == {1000}
