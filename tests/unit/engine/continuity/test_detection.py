"""Goal: monitors find what is wrong, late, or never; people notice what monitors miss.

Method: constant delays, chances of 0 and 1; a chance in between against the binomial
distribution.
"""

from __future__ import annotations

import math

import pytest

from tests.unit.engine.continuity.firms import component, crash, firm, log, run

MONITOR = {"delay": "30 s"}


def watched(**monitor):
    return firm({"oms": component(monitor=MONITOR | monitor)})


def test_an_alarm_follows_the_impairment():
    """Goal: a detect row with symptom and cause. Method: a crash of ten minutes."""
    assert log(run(watched(), crash(lasts="10 min")), "detect", "recover") == [
        "630 detect component=oms actor=monitoring subject=crash reason=alarm cause=oms-crash",
        "1200 recover component=oms subject=crash cause=oms-crash",
    ]


def test_what_is_over_before_the_alarm_is_not_found():
    """Goal: short flaps go unseen. Method: 30 s down with an alarm after 30 s, and 31 s down."""
    assert log(run(watched(), crash(lasts="30 s")), "detect") == []
    assert len(log(run(watched(), crash(lasts="31 s")), "detect")) == 1


def test_nothing_is_found_without_a_monitor():
    """Goal: no monitor, no knowledge. Method: a crash for the rest of the day."""
    assert log(run(firm({"oms": component()}), crash()), "detect") == []


@pytest.mark.parametrize(
    ("disruption", "symptom"),
    [
        ({"kind": "hang", "targets": ["oms"]}, "hang"),
        ({"kind": "slow", "targets": ["oms"], "speed": 999}, "slow"),
        ({"kind": "halt", "target": "oms"}, "halt"),
    ],
)
def test_symptoms_that_a_monitor_sees(disruption, symptom):
    """Goal: not only crashes are found. Method: one disruption of each kind."""
    found = log(run(watched(), {"id": "x", "at": "00:10"} | disruption), "detect")
    assert found == [
        f"630 detect component=oms actor=monitoring subject={symptom} reason=alarm cause=x"
    ]


@pytest.mark.parametrize(
    "disruption",
    [
        {"kind": "corrupt", "target": "oms", "probability": 1.0},
        {"kind": "cut-link", "source_side": ["oms"], "target_side": ["risk"]},
        {"kind": "replication-lag", "target": "oms"},
    ],
)
def test_what_no_monitor_sees(disruption):
    """Goal: up and fast, so no alarm. Method: a corruption, a cut link, a cut replication."""
    assert log(run(watched(), {"id": "x", "at": "00:10"} | disruption), "detect", "recover") == []


def test_the_worst_symptom_shows():
    """Goal: one impairment at a time; a worse one is found anew. Method: slow, then crashed."""
    slow = {"id": "slow", "kind": "slow", "at": "00:05", "targets": ["oms"], "speed": 500}
    assert log(run(watched(), slow, crash(lasts="5 min")), "detect", "recover") == [
        "330 detect component=oms actor=monitoring subject=slow reason=alarm cause=slow",
        "630 detect component=oms actor=monitoring subject=crash reason=alarm cause=oms-crash",
        "930 detect component=oms actor=monitoring subject=slow reason=alarm cause=slow",
    ]


def test_people_notice_what_the_alarm_misses():
    """Goal: the fallback counts from the impairment's start. Method: all alarms miss."""
    assert log(run(watched(miss=1.0, fallback_delay="10 min"), crash()), "detect") == [
        "1200 detect component=oms subject=crash reason=noticed by people cause=oms-crash"
    ]
    assert log(run(watched(miss=1.0), crash()), "detect") == []


def test_alarms_are_missed_while_monitoring_is_down():
    """Goal: monitoring that is lost with the site raises no alarm. Method: it crashes too."""
    monitor = MONITOR | {"fallback_delay": "10 min"}
    blind = firm(
        {"oms": component(site="dc1", monitor=monitor), "monitoring": component(site="dc1")}
    )
    assert log(run(blind, crash("dc1")), "detect") == [
        "1200 detect component=oms subject=crash reason=noticed by people cause=dc1-crash"
    ]
    assert [line.split()[0] for line in log(run(blind, crash("oms")), "detect")] == ["630"]


def test_misses_are_as_frequent_as_stated():
    """Goal: miss is a chance. Method: 400 crashes, misses within 4.9 standard deviations.

    False-alarm rate 1e-6 (normal approximation of the binomial).
    """
    crashes, chance = 400, 0.3
    flap = {"id": "x", "kind": "flap", "at": "00:00", "targets": ["oms"], "times": crashes}
    timeline = run(watched(miss=chance), flap | {"down": "60 s", "up": "60 s"})
    missed = crashes - len(log(timeline, "detect"))
    assert abs(missed - crashes * chance) < 4.9 * math.sqrt(crashes * chance * (1 - chance))
