"""Goal: system 5's measures as they are defined, and None where a day cannot tell.

Method: hand-made days of the small broker; all numbers of a day at once, worked out by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.communication import measure_communication
from tests.unit.conduct.days import day, log_day, row, service

FAULT = row(100, "fault_on", component="oms", subject="crash", ref="c")
ALARM = row(160, "detect", component="oms", subject="crash", cause="c")
BACK = row(4000, "recover", component="oms", subject="crash", cause="c")


def call(at_s, name, outcome="reached"):
    return row(at_s, "action", actor="monitoring", subject="call", ref=name, reason=outcome)


def notice(at_s, subject="tell-clients", reason="notify-clients"):
    return row(at_s, "notify", subject=subject, reason=reason)


def cover(at_s, reason, role="dealer"):
    return row(at_s, "action", component="desk", subject="cover", ref=role, reason=reason)


def trained(data):
    data["teams"]["desk"]["skills"] = {
        "licence": {
            "name": "Licence",
            "holders": [
                {"people": 9, "expires_on": "2026-11-23"},
                {"people": 3, "expires_on": "2026-11-22"},
            ],
        },
        "forms": {"name": "Forms", "holders": [{"people": 4}], "operates": False},
    }
    data["teams"]["desk"]["roles"] = {
        "dealer": {"name": "Dealer", "skill": "licence", "minimum": 8},
        "writer": {"name": "Writer", "skill": "forms", "minimum": 4},
    }


NOTHING = {
    "calls_count": 0,
    "reach_ratio": None,
    "reach_15_min_ratio": None,
    "reach_30_min_ratio": None,
    "reach_60_min_ratio": None,
    "first_notice_s": None,
    "notices_count": 0,
    "update_interval_s_max": None,
    "untrue_notices_count": None,
    "cover_gap_count": None,
    "trained_cover_min_ratio": None,
    "expired_ratio": None,
}


def test_a_quiet_day():
    """Goal: what did not happen is not good. Method: no event at all."""
    assert measure_communication(day()) == NOTHING


def test_a_log_says_nothing_of_what_it_does_not_record():
    """Goal: missing evidence is unknown. Method: an empty log, and one with a call."""
    silent = NOTHING | {"calls_count": None, "notices_count": None}
    assert measure_communication(log_day()) == silent
    heard = silent | {"calls_count": 1, "reach_ratio": 1.0}
    assert measure_communication(log_day(FAULT, ALARM, call(170, "malee"))) == heard


def test_a_day_with_everything():
    """Goal: every measure together. Method: an outage with calls, notices and too few dealers.

    One of two people is reached within 15 minutes of the alarm at 160 s, the other after 16:40.
    Clients hear at 700 s and 1300 s, and again never, though the component is back at 4000 s.
    """
    events = (
        FAULT,
        ALARM,
        call(190, "somchai", "not reached"),
        call(220, "somchai"),
        call(1160, "malee"),
        row(1200, "declare", component="oms", cause="c", actor="malee"),
        notice(600, "tell-board", "notify-board"),
        notice(700),
        notice(1300),
        BACK,
        cover(300, "6 of 8"),
        cover(310, "2 of 8"),
        cover(330, "filled"),
        cover(400, "3 of 4", "writer"),
        cover(401, "0 of 9", "nobody's role"),
    )

    def change(data):
        trained(data)
        data["plan"]["actions"]["tell-clients"]["states"] = [{"works": "oms"}]

    assert measure_communication(day(*events, change=change)) == {
        "calls_count": 3,
        "reach_ratio": 2 / 3,
        "reach_15_min_ratio": 0.5,
        "reach_30_min_ratio": 1.0,
        "reach_60_min_ratio": 1.0,
        "first_notice_s": 600.0,
        "notices_count": 2,
        "update_interval_s_max": 2700.0,
        "untrue_notices_count": 2,
        "cover_gap_count": 2,
        "trained_cover_min_ratio": 0.25,
        "expired_ratio": 3 / 16,
    }


@pytest.mark.parametrize(
    ("events", "end_s", "expected"),
    [
        ((ALARM,), 36_000, (0.0, 0.0, 0.0)),
        ((ALARM,), 2000, (0.0, 0.0, None)),
        ((ALARM, call(1059, "malee")), 1059, (None, None, None)),
        ((ALARM, call(1060, "malee")), 36_000, (0.5, 0.5, 0.5)),
        ((ALARM, call(1061, "malee")), 36_000, (0.0, 0.5, 0.5)),
        ((ALARM, call(200, "malee"), call(210, "somchai")), 300, (1.0, 1.0, 1.0)),
        ((call(200, "malee"),), 36_000, (None, None, None)),
        ((row(160, "detect", component="web"), call(200, "malee")), 36_000, (None, None, None)),
    ],
)
def test_reach_counts_from_the_alarm(events, end_s, expected):
    """Goal: people within 15, 30, 60 minutes, ends included. Method: edges of the first limit.

    A component that nobody escalates raises no alarm; a record that ends before proves nothing.
    """
    found = measure_communication(day(*events, end_s=end_s))
    assert tuple(found[f"reach_{minutes}_min_ratio"] for minutes in (15, 30, 60)) == expected


def test_silence_lasts_until_all_is_over():
    """Goal: the last of recoveries, faults' ends and outages. Method: one notice at 700 s."""
    over = row(1000, "fault_off", component="oms", ref="c")
    assert measure_communication(day(FAULT, notice(700)))["update_interval_s_max"] == 0.0
    assert measure_communication(day(FAULT, notice(700), over))["update_interval_s_max"] == 300.0
    outage = service("orders", (200, 1500, True))
    found = measure_communication(day(FAULT, notice(700), over, services=(outage,)))
    assert found["update_interval_s_max"] == 800.0


def test_roles_that_were_never_short():
    """Goal: full cover is 1, and no gap. Method: roles, and no line about them."""
    found = measure_communication(day(change=trained))
    assert (found["cover_gap_count"], found["trained_cover_min_ratio"]) == (0, 1.0)


@pytest.mark.parametrize(
    ("states", "expected"),
    [([{"stopped": "oms"}], 0), ([{"within_level": "orders"}], None), ([], None)],
)
def test_no_untrue_notice_is_known_only_if_all_are_judged(states, expected):
    """Goal: 0 needs proof. Method: a true statement, one that cannot be judged, none."""

    def change(data):
        data["plan"]["actions"]["tell-clients"]["states"] = states

    found = measure_communication(day(FAULT, ALARM, notice(700), change=change))
    assert found["untrue_notices_count"] == expected
