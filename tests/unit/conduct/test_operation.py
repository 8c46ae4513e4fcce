"""Goal: system 9's measures. Method: days by hand, each number worked out beside it."""

from __future__ import annotations

import pytest

from bcsim.conduct.day import ServiceRecord
from bcsim.conduct.incident import Downtime
from bcsim.conduct.operation import measure_operation, open_orders
from bcsim.units import NS_PER_S
from tests.unit.conduct.days import END_S, day_of


def wish(name, at_s, end_s=None, kind="execute"):
    begun = (at_s, "intend", "client", {"intent_id": name})
    return [begun] if end_s is None else [begun, (end_s, kind, "venue", {"intent_id": name})]


def service(*outages, point_s=0, kept=True, name="s"):
    """A service with outages in seconds."""
    down = tuple(Downtime(name, a * NS_PER_S, b * NS_PER_S, e) for a, b, e in outages)
    point_ns = None if point_s is None else point_s * NS_PER_S
    return ServiceRecord(name, down, point_ns, is_exercised=True, within_tolerance=kept)


def test_properties_count_what_was_shown():
    """Goal: the five properties; an unjudged order was not shown. Method: ten orders, by hand."""
    classes = dict.fromkeys("ABCD", "ok") | {
        "E": "duplicated",
        "F": "lost",
        "G": "late",
        "H": "indeterminate",
        "I": "rejected",
        "J": "recovered",
    }
    events = [event for name in classes for event in wish(name, 1, 2)]
    day = day_of(events, classes, {"refused": ["I"], "overtaken": ["A", "B", "C"]})
    found = measure_operation(day)
    assert {name: found[name] for name in list(found)[:9]} == {
        "orders_count": 10,
        "failing_count": 2,
        "affected_count": 5,  # duplicated, lost, late, refused, recovered
        "refused_count": 1,
        "late_count": 1,
        "indeterminate_count": 1,
        "correct_ratio": 0.8,
        "complete_ratio": 0.8,
        "on_time_ratio": 0.8,
    }
    assert found["overtaken_count"] == 3


def test_recovery_over_all_services():
    """Goal: sum, longest, worst point. Method: outages of 10, 20 and 5 s in two services."""
    services = {
        "a": service((1, 11, True), (30, 50, True), point_s=3),
        "b": service((5, 10, True), point_s=7, kept=False),
    }
    found = measure_operation(day_of(wish("A", 1, 2), {"A": "ok"}, services=services))
    assert [found[n] for n in ("downtime_s", "recovery_time_s", "recovery_point_s")] == [35, 20, 7]
    assert found["tolerances_kept_ratio"] == 0.5
    services["b"] = service(point_s=None, kept=None)
    found = measure_operation(day_of(wish("A", 1, 2), {"A": "ok"}, services=services))
    assert (found["recovery_point_s"], found["tolerances_kept_ratio"]) == (None, None)


def test_a_day_without_orders_or_services_shows_nothing():
    """Goal: unknown, not perfect. Method: nothing at all."""
    found = measure_operation(day_of([], {}))
    known = {name: value for name, value in found.items() if value is not None}
    assert known == dict.fromkeys(
        [
            "orders_count",
            "failing_count",
            "affected_count",
            "refused_count",
            "late_count",
            "indeterminate_count",
            "open_orders_max_count",
        ],
        0,
    )


@pytest.mark.parametrize(
    ("ends", "outage", "drain_s"),
    [
        ([3, 40, 45, 50], (10, 20, True), 25),  # one open before; down to one again at 45
        ([3, 40, 45, None], (10, 20, True), None),  # two were never worked off
        ([3, 12, 13, 14], (10, 20, True), 0),
        ([3, 40, 45, 50], (10, 20, False), None),
        ([3, 40, 45, 50], None, None),
    ],
)
def test_the_backlog_drains(ends, outage, drain_s):
    """Goal: from the outage's end to the level before it. Method: four orders, one open before."""
    begins = {"A": 1, "B": 9, "C": 12, "D": 12}
    if ends[3] is None:
        begins["B"] = 11
    spans = zip(begins.items(), ends, strict=True)
    events = [event for (name, at_s), end_s in spans for event in wish(name, at_s, end_s)]
    services = {} if outage is None else {"s": service(outage)}
    day = day_of(events, dict.fromkeys(begins, "ok"), services=services)
    most, drained_ns = open_orders(day)
    assert most == 3
    assert drained_ns == (None if drain_s is None else drain_s * NS_PER_S)


def test_an_order_without_an_end_is_open_to_the_last():
    """Goal: nothing closes by itself. Method: one order, and the day's end."""
    assert open_orders(day_of(wish("A", END_S - 1), {"A": "lost"})) == (1, None)
