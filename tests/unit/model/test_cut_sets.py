"""Goal: minimal cut sets are exact, complete and found in time.

Method: known sets of the test broker; then drawn firms, whose sets are compared with trying all
combinations of crashes, by definition.
"""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.errors import LimitError
from bcsim.model import cut_sets
from bcsim.model.graph import minimal_cut_sets
from bcsim.model.propagation import effectively_down, structure_of
from bcsim.model.route import blockage, routes
from tests.brokerage import broker, brokerage, step


def test_known_sets():
    """Goal: the broker's sets. Method: worked out by hand from its data.

    The web front end and the order system have automatic standbys in centre 2, whose power has
    two sources: grid (already a single point) and generator.
    """
    singles = ["dc1", "grid", "power-dc1", "internet", "market-line", "order-db", "gateway"]
    pairs = [("dc2", "web"), ("dc2", "oms"), ("power-dc2", "web"), ("power-dc2", "oms")]
    expected = (*((name,) for name in [*singles, "exchange"]), *pairs)
    assert minimal_cut_sets(broker(), "app-order") == expected


@pytest.mark.parametrize("order", [1, 2, 3])
def test_order_bounds_the_size(order):
    """Goal: no set is larger than asked for. Method: all orders of one journey."""
    everything = minimal_cut_sets(broker(), "phone-order", 3)
    asked = tuple(nodes for nodes in everything if len(nodes) <= order)
    assert asked
    assert minimal_cut_sets(broker(), "phone-order", order) == asked


def test_all_channels_or_one():
    """Goal: a journey stops when all its channels do. Method: the app's journey by phone too."""
    data = brokerage()
    data["demand"]["phone-retail"]["journey"] = "app-order"
    firm = broker(data)
    both = minimal_cut_sets(firm, "app-order")
    assert ("internet",) not in both
    assert ("internet",) in minimal_cut_sets(firm, "app-order", channel="app")
    assert ("internet",) not in minimal_cut_sets(firm, "app-order", channel="phone")


def test_unknown_journey_or_channel():
    """Goal: asking for nothing is an error. Method: a journey and a channel without demand."""
    with pytest.raises(KeyError):
        minimal_cut_sets(broker(), "fund-order")
    with pytest.raises(KeyError):
        minimal_cut_sets(broker(), "app-order", channel="phone")


def test_too_many_sets(monkeypatch):
    """Goal: a bound instead of an endless search. Method: lower the bound."""
    monkeypatch.setattr(cut_sets, "CUT_SETS_MAX", 3)
    with pytest.raises(LimitError) as caught:
        minimal_cut_sets(broker(), "app-order")
    [problem] = caught.value.problems
    assert problem.message == "too many cut sets of order 3"
    assert problem.hint == "ask for a lower order"


def test_speed():
    """Goal: a large firm takes seconds. Method: 400 components, each with a standby of its own.

    Sets: internet; exchange; each component with the second centre or its power (800); the
    first centre, its power or the grid with the second centre or its power (6); the grid with
    the generator.
    """
    data = brokerage()
    steps = []
    for number in range(50):
        for part in range(8):
            below = [{"kind": "hard", "on": [f"c{number}-{part - 1}"]}] if part else []
            data["components"][f"c{number}-{part}"] = {
                "name": "C",
                "kind": "application",
                "site": "dc1",
                "monitor": {"delay": "1 s"},
                "dependencies": below,
                "standby": {
                    "kind": "hot",
                    "site": "dc2",
                    "decision": "automatic",
                    "switch": "1 s",
                    "dependencies": below,
                },
            }
        steps.append(step(f"s{number}", f"c{number}-7"))
    data["journeys"]["app-order"]["steps"] = [*steps, step("trade", "exchange", role="execute")]
    firm = broker(data)
    began = time.perf_counter()
    found = minimal_cut_sets(firm, "app-order")
    assert time.perf_counter() - began < 10
    assert ("dc2", "c7-3") in found
    assert ("grid", "generator") in found
    assert len(found) == 2 + 800 + 6 + 1


# -- drawn firms -----------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d", "e", "f")


SITES = ("s", "t")
SEVERAL = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


def needs(draw, most):
    """Up to so many dependencies on drawn components."""
    kinds = st.sampled_from(["hard", "any-of", "degrading", "hosted-at"])
    drawn = draw(st.lists(st.tuples(kinds, SEVERAL), max_size=most))
    return [{"kind": kind, "on": on, "needed": 1} for kind, on in drawn]


def drawn_component(draw, name):
    """A component somewhere, with or without a standby elsewhere."""
    standby = None
    if draw(st.booleans()):
        standby = {
            "kind": "hot",
            "site": draw(st.sampled_from(SITES)),
            "decision": draw(st.sampled_from(["automatic", "plan"])),
            "switch": "1 s",
            "dependencies": needs(draw, 1),
        }
    return {
        "name": name,
        "kind": "application",
        "site": draw(st.sampled_from([*SITES, None])),
        "monitor": {"delay": "1 s"},
        "dependencies": needs(draw, 2),
        "standby": standby,
    }


def drawn_step(draw, number):
    """A step somewhere, which may be passed over or done by `f` instead."""
    return step(
        f"s{number}",
        draw(st.sampled_from(NAMES)),
        mode=draw(st.sampled_from(["hand-over", "call"])),
        on_failure=draw(st.sampled_from(["park", "continue", "fallback"])),
        fallback={"component": "f", "service": "1 s"},
    )


@st.composite
def firms(draw):
    """A firm of six components at two sites with drawn needs, standbys, links and steps."""
    data = brokerage() | {"plan": None, "call_tree": None, "controls": {}, "reconciliations": {}}
    data |= {"teams": {}, "people": {}, "authorities": {}}
    data["components"] = {name: drawn_component(draw, name) for name in NAMES}
    data["sites"] = {
        name: {"name": name, "utilities": draw(st.lists(st.sampled_from(NAMES), max_size=1))}
        for name in SITES
    }
    data["links"] = {"default": {"latency": "1 ms"}, "line": {"latency": "1 ms"}}
    for source, target in draw(st.lists(st.permutations(NAMES).map(lambda p: p[:2]), max_size=4)):
        link = {"latency": "1 ms", "over": draw(SEVERAL)}
        data["links"][f"{source} -> {target}"] = link
    data["channels"] = {"app": {"name": "App", "link": "line"}}
    data["segments"]["retail"] |= {"second_channel": None, "on_timeout": {}}
    steps = [drawn_step(draw, number) for number in range(draw(st.integers(1, 4)))]
    data["journeys"] = {"app-order": {"name": "J", "steps": steps}}
    data["demand"] = {"only": data["demand"]["app-retail"]}
    return broker(data)


def by_definition(firm):
    """Minimal stopping sets of up to three crashes: try all combinations, small ones first."""
    structure, [route] = structure_of(firm), routes(firm)
    found: list[tuple[str, ...]] = []
    for size in range(4):
        for nodes in combinations(structure.nodes, size):
            if any(set(smaller) <= set(nodes) for smaller in found):
                continue
            if blockage(firm, route, effectively_down(structure, frozenset(nodes))) is not None:
                found.append(nodes)
    return found


@settings(max_examples=80)
@given(firms())
def test_equal_to_trying_all(firm):
    """Goal: exact sets, circles and optional steps included. Method: 93 combinations each.

    Nothing is random once the examples are drawn, and they are drawn alike each time, so a
    correct program never fails.
    """
    assert list(minimal_cut_sets(firm, "app-order")) == by_definition(firm)
