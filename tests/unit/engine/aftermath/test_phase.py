"""Goal: what a component could do, and when it could not, is read off the timeline.

Method: timelines of a few changes, compared with phases and spans written by hand.
"""

from __future__ import annotations

from bcsim.engine.aftermath.phase import BEGIN, Phase, Span, phases_of, spans_of, spans_without
from bcsim.engine.blueprint import make_blueprint
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute, Change, Timeline
from bcsim.streams import Streams
from tests.unit.engine.firms import execute, firm, scenario, take


def blueprint(**sizing):
    model = firm([take(), execute()], components={"desk": {"kind": "team", "servers": 8}})
    size = Sizing(**sizing)
    return make_blueprint(model, scenario(), size, Streams(1, 0), Timeline((), ()))


def line(*changes):
    return Timeline(tuple(Change(*change) for change in changes), ())


def test_phases_follow_the_changes_of_one_component():
    """Goal: each attribute counts, other components and attributes do not."""
    timeline = line(
        (10, "desk", Attribute.SERVERS, 3, "flu"),
        (15, "front", Attribute.UP, 0, "fire"),
        (20, "desk", Attribute.UP, 0, "fire"),
        (30, "desk", Attribute.SPEED, 500, "heat"),
        (40, "desk", Attribute.UP, 1, "fire"),
        (50, "desk", Attribute.HANG, 1, "call"),
        (60, "desk", Attribute.FALLBACK, 1, "plan"),
    )
    phases = phases_of(blueprint(), timeline, "desk")
    assert phases == (
        Phase(BEGIN, 8),
        Phase(10, 3, cause="flu"),
        Phase(20, 3, is_up=False, cause="fire"),
        Phase(40, 3, cause="fire"),
        Phase(50, 3, is_hung=True, cause="call"),
        Phase(60, 3, is_hung=True, falls_back=True, cause="plan"),
    )
    assert [phase.capacity for phase in phases] == [8, 3, 0, 3, 0, 0]


def test_people_scale_with_the_orders():
    """Goal: half the orders need half the people, rounded up; nobody stays nobody."""
    timeline = line(
        (10, "desk", Attribute.SERVERS, 3, "flu"), (20, "desk", Attribute.SERVERS, 0, "flu")
    )
    orders = blueprint().firm.demand["app"].orders_per_day / 2
    model = firm(
        [take(), execute()],
        components={"desk": {"kind": "team", "servers": 8}},
        demand={"orders_per_day": 100},
    )
    half = make_blueprint(model, scenario(), Sizing(orders=50), Streams(1, 0), Timeline((), ()))
    assert orders == 0.5
    assert [phase.servers for phase in phases_of(half, timeline, "desk")] == [4, 2, 0]


def test_spans():
    """Goal: neighbouring phases make one span, the last one may have no end."""
    phases = (
        Phase(BEGIN, 1),
        Phase(10, 1, is_up=False, cause="fire"),
        Phase(20, 0, is_up=False, cause="flood"),
        Phase(30, 1, falls_back=True, cause="plan"),
        Phase(40, 1, cause="plan"),
        Phase(50, 0, cause="flu"),
    )
    assert spans_without("x", phases, counts_fallback=False) == [
        Span(10, 30, "x", "fire"),
        Span(50, None, "x", "flu"),
    ]
    assert spans_without("x", phases, counts_fallback=True) == [
        Span(10, 40, "x", "fire"),
        Span(50, None, "x", "flu"),
    ]
    assert spans_of("x", phases, lambda phase: phase.falls_back) == [Span(30, 40, "x", "plan")]
    assert [Span(10, 20, "x", "").holds(t) for t in (9, 10, 19, 20)] == [False, True, True, False]
    assert Span(10, None, "x", "").holds(10**18)
