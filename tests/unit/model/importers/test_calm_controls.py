"""Goal: each contradiction of service levels is found where it is, and nowhere else.

Method: a sound service level, with one value changed at a time.
"""

from __future__ import annotations

import copy

import pytest

from bcsim.model.importers.calm import read_architecture
from bcsim.model.importers.calm_controls import (
    ALERT,
    REVIEW,
    contradictions,
    incident_ns,
    service_levels,
)
from bcsim.model.importers.calm_flows import continuations
from bcsim.units import NS_PER_DAY, NS_PER_MIN, NS_PER_MS
from tests.unit.model.importers.architectures import bus_system, with_level, write


def unit(value, name):
    return {"value": value, "unit": name}


SOUND = {
    "latency": {
        "expected_latency": unit(100, "milliseconds"),
        "alert_threshold": unit(150, "milliseconds"),
    },
    "throughput": {"expected_message_rate": {"rate": 1000, "per": "second"}},
    "availability": {"uptime_guarantee": 99.9},
    "data_integrity": {"message_reliability": "exactlyOnce", "loss_tolerance": 0},
    "error_handling": {
        "retry_logic": {"max_retries": 3, "retry_interval": unit(20, "milliseconds")}
    },
    "incident_response": {
        "incident_resolution_time": unit(30, "minutes"),
        "escalation_protocols": {"incident_start_time_post_alert": unit(5, "minutes")},
    },
    "review_adjustments": {"sla_review": unit(1, "months")},
}


def changed(section, **values):
    level = copy.deepcopy(SOUND)
    level[section] |= values
    return level


def found(tmp_path, submit, process):
    """Name and pointers of every contradiction of two flows with these levels."""
    data = bus_system()
    levels = (submit, process)
    data["flows"] = [
        with_level(flow, **level) for flow, level in zip(data["flows"], levels, strict=True)
    ]
    architecture = read_architecture(write(tmp_path, data))
    pairs = continuations(architecture)
    return [
        (f.name, [p.pointer.removeprefix("/flows/") for p in f.places])
        for f in contradictions(architecture, service_levels(architecture), pairs)
    ]


CONFIG = "0/controls/sla/requirements/0/config"
DOWNSTREAM = "1/controls/sla/requirements/0/config"


def test_a_sound_level_contradicts_nothing(tmp_path):
    """Goal: no contradiction is invented. Method: both flows with the sound level."""
    assert found(tmp_path, SOUND, SOUND) == []


@pytest.mark.parametrize(
    ("section", "values", "name", "pointers"),
    [
        (
            "error_handling",
            {"retry_logic": {"max_retries": 3, "retry_interval": unit(10, "seconds")}},
            "retry-after-alert",
            ["/error-handling/retry-logic/retry-interval", "/latency/alert-threshold"],
        ),
        (
            "throughput",
            {"expected_message_rate": unit(1000, "seconds")},
            "rate-typed-as-time",
            ["/throughput/expected-message-rate"],
        ),
        (
            "latency",
            {"expected_latency": unit(1, "seconds")},
            "expected-latency-above-alert",
            ["/latency/expected-latency", "/latency/alert-threshold"],
        ),
        (
            "availability",
            {"uptime_guarantee": 99.999},
            "one-incident-uses-up-uptime",
            ["/availability/uptime-guarantee", "/incident-response/incident-resolution-time"],
        ),
    ],
)
def test_one_flow_contradicts_itself(tmp_path, section, values, name, pointers):
    """Goal: each is found with its two places. Method: one value of the first flow's level."""
    places = [CONFIG + pointer for pointer in pointers]
    assert found(tmp_path, changed(section, **values), SOUND) == [(name, places)]


@pytest.mark.parametrize("kept", ["atLeastOnce", "atMostOnce"])
def test_delivery_is_as_good_as_its_weakest_flow(tmp_path, kept):
    """Goal: exactly-once end to end. Method: a weaker flow behind, and the same in front."""
    weak = changed("data_integrity", message_reliability=kept, loss_tolerance=1)
    weak["error_handling"]["retry_logic"]["max_retries"] = 0
    places = [f"{at}/data-integrity/message-reliability" for at in (CONFIG, DOWNSTREAM)]
    broken = [("exactly-once-not-kept-downstream", places)]
    assert found(tmp_path / "a", SOUND, weak) == broken
    assert found(tmp_path / "b", weak, SOUND) == []


def test_at_most_once_can_neither_retry_nor_lose_nothing(tmp_path):
    """Goal: both contradictions of at-most-once. Method: the sound level, delivered so."""
    level = changed("data_integrity", message_reliability="atMostOnce")
    names = [name for name, _ in found(tmp_path, level, level)]
    assert names == ["retried-at-most-once", "no-loss-at-most-once"] * 2


def test_constants_are_held_against_the_requirement(tmp_path):
    """Goal: both files are named. Method: a requirement with constants, one of them kept."""
    schema = {
        "$id": "https://example.com/sla",
        "properties": {"control-id": {"const": "sla-001"}, "name": {"const": "SLA"}},
    }
    write(tmp_path, schema, "sla.json")
    level = {**SOUND, "control_id": "mine", "name": "SLA"}
    assert found(tmp_path, level, SOUND) == [
        ("constants-differ", [f"{CONFIG}/control-id", "/properties/control-id/const"])
    ]


def test_no_service_levels_is_said_once(tmp_path):
    """Goal: an empty list of promises is a finding. Method: controls about something else."""
    data = with_level(bus_system(), encryption="AES")
    architecture = read_architecture(write(tmp_path, data))
    (finding,) = contradictions(architecture, service_levels(architecture), [])
    assert finding.name == "no-service-levels"
    assert finding.sentence == "Bus system has no service-level controls: its controls are sla."


def test_times_are_read_in_every_unit(tmp_path):
    """Goal: nanoseconds, months and sums. Method: the sound level; then units that are none."""
    data = bus_system()
    data["flows"][0] = with_level(data["flows"][0], **SOUND)
    (level,) = service_levels(read_architecture(write(tmp_path, data)))
    assert level.owners == ("flow submit",)
    assert level.time_ns(ALERT) == 150 * NS_PER_MS
    assert level.time_ns(REVIEW) == 30 * NS_PER_DAY
    assert incident_ns(level) == 35 * NS_PER_MIN
    for odd in (unit(1, "fortnights"), unit(-1, "seconds"), {"rate": 1, "per": "second"}, 5):
        data["flows"][0] = with_level(data["flows"][0], latency={"alert_threshold": odd})
        (level,) = service_levels(read_architecture(write(tmp_path, data)))
        assert level.time_ns(ALERT) is None
