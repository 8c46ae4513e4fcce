"""Goal: system 4's measures. Method: a day by hand, each number worked out beside it."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from bcsim.conduct.fates import ControlUse, use_of_controls
from bcsim.conduct.sales import back_entry_lags_ns, measure_sales
from bcsim.units import NS_PER_S
from tests.brokerage import broker
from tests.unit.conduct.days import day_of

START = datetime.datetime(2026, 11, 23, 17, 50)  # noqa: DTZ001 - wall clock without a zone
CONTROL = next(iter(broker().controls.values()))


def firm(**processes):
    """The brokerage with a control for each step of the process, and contact hours."""
    controls = {name: CONTROL.replace(process=step) for name, step in processes.items()}
    channels = dict(broker().channels)
    channels["phone"] = channels["phone"].replace(contact_hours=("08:00", "18:00"))
    return broker().replace(controls=controls, channels=channels)


def control(kind, name, intent, at_s=1):
    return (at_s, f"control_{kind}", "oms", {"subject": name, "intent_id": intent})


def executed(intent, at_s=2):
    return (at_s, "execute", "venue", {"intent_id": intent, "qty": 1})


EVENTS = [
    control("pass", "suit", "A"),
    control("skip", "suit", "B"),
    control("fail", "suit", "C"),
    control("pass", "limit", "A"),
    control("skip", "tape", "A"),
    control("skip", "tape", "C"),
    executed("A"),
    executed("B"),
]


def test_controls_done_and_left_out():
    """Goal: counts and shares. Method: three done, three left out; one of three of one step."""
    of = firm(suit="suitability", tape="recording", limit=None)
    found = measure_sales(day_of(EVENTS, dict.fromkeys("ABC", "ok"), firm=of, start=START))
    assert found == {
        "controls_done_count": 3,
        "controls_skipped_count": 3,
        "controls_made_good_count": 0,
        "late_finds_count": 0,
        "control_bypass_ratio": 0.5,
        "controls_skipped_by_fallback_count": None,  # nobody says why
        "controls_skipped_under_pressure_count": None,
        "controls_skipped_after_failure_count": None,
        "orders_bypassed_count": None,  # nobody judged the flag
        "suitability_bypass_ratio": 1 / 3,
        "disclosure_bypass_ratio": None,  # no such step
        "unrecorded_orders_count": 1,  # A; C did not execute
        "unconfirmed_wishes_count": None,
        "out_of_hours_contacts_count": 0,
        "back_entries_count": 0,
        "back_entry_lag_s_p95": None,
    }


def test_controls_that_were_made_good_for():
    """Goal: left out they stay. Method: each of three was left out and done later; one finds."""
    later = {"component": "risk", "ref": "back-entry"}
    events = [control("skip", "suit", intent) for intent in "ABC"]
    for intent, kind in zip("ABC", ("pass", "fail", "pass"), strict=True):
        at_s, name, vantage, cells = control(kind, "suit", intent, 60)
        events.append((at_s, name, vantage, cells | later))
    of = firm(suit="suitability")
    day = day_of([*events, control("pass", "suit", "D")], dict.fromkeys("ABCD", "ok"), firm=of)
    found = measure_sales(day)
    names = ("controls_done_count", "controls_skipped_count", "controls_made_good_count")
    assert [found[name] for name in names] == [1, 3, 3]
    assert (found["late_finds_count"], found["control_bypass_ratio"]) == (1, 0.75)
    assert found["suitability_bypass_ratio"] == 0.75
    assert use_of_controls(day.history) == (ControlUse("suit", 1, 0, 3),)


def test_flags_are_counted_where_somebody_judged_them():
    """Goal: the checker's flag. Method: two of three intents."""
    flags = {"control_bypassed": ["A", "B"]}
    day = day_of(EVENTS, dict.fromkeys("ABC", "ok"), flags)
    assert measure_sales(day)["orders_bypassed_count"] == 2


@pytest.mark.parametrize(("at_s", "count"), [(599, 0), (600, 1), (50_999, 1), (51_000, 0)])
def test_contacts_outside_permitted_hours(at_s, count):
    """Goal: 08:00 to 18:00. Method: a confirmation around 18:00 and around 08:00 next day."""
    told = {"intent_id": "A", "channel": "phone"}
    day = day_of([(at_s, "confirm", "client", told)], {"A": "ok"}, firm=firm(), start=START)
    assert measure_sales(day)["out_of_hours_contacts_count"] == count


def test_contacts_that_do_not_count():
    """Goal: only clients, only channels with hours. Method: an app, the firm's own books."""
    events = [
        (700, "confirm", "client", {"intent_id": "A", "channel": "app"}),
        (700, "confirm", "oms", {"intent_id": "A", "channel": "phone"}),
    ]
    day = day_of(events, {"A": "ok"}, firm=firm(), start=START)
    assert measure_sales(day)["out_of_hours_contacts_count"] == 0
    assert measure_sales(day_of(events, {"A": "ok"}))["out_of_hours_contacts_count"] is None


def test_time_until_paper_orders_are_entered():
    """Goal: from the work on paper to the entry. Method: two orders; one was never on paper."""

    def at(order, second, kind, **cells):
        return (second, kind, "x", {"order_id": order, "intent_id": order, "step": 1} | cells)

    entry = {"component": "oms", "actor": "desk", "subject": "back-entry"}
    events = [
        at("A", 1, "acknowledge", component="desk"),
        at("A", 2, "confirm", component="desk"),
        at("A", 31, "action", **entry),
        at("B", 4, "acknowledge", component="desk"),
        at("B", 14, "action", **entry),
        at("C", 5, "acknowledge", component="oms"),
        at("C", 6, "action", **entry),
    ]
    day = day_of(events, dict.fromkeys("ABC", "ok"))
    lags = np.sort(back_entry_lags_ns(day.history))
    assert lags.tolist() == [10 * NS_PER_S, 30 * NS_PER_S]
    found = measure_sales(day)
    assert found["back_entries_count"] == 2
    assert found["back_entry_lag_s_p95"] == pytest.approx(29.0)
