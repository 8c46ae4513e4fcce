"""Goal: measures are named as their definitions say. Method: both readings of the same files."""

from __future__ import annotations

import datetime

import pytest

from bcsim.model.service_system import measure_definitions, service_systems
from bcsim.report.measure_words import measure_words, system_names, value_in_words
from bcsim.report.wording import Words

EN = Words("en", datetime.datetime(2026, 11, 23))  # noqa: DTZ001 - wall clock without a zone


def test_both_readings_agree():
    """Goal: names and units. Method: every measure and system."""
    assert {n: (w.name.en, w.name.th, w.unit) for n, w in measure_words().items()} == {
        n: (d.name.en, d.name.th, d.unit.value) for n, d in measure_definitions().items()
    }
    assert {n: (name.en, name.th) for n, name in system_names().items()} == {
        n: (s.name.en, s.name.th) for n, s in service_systems().items()
    }


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        ("first_notice_s", 90.0, "1 min 30 s"),
        ("reach_ratio", 0.5, "50 %"),
        ("calls_count", 1200, "1,200"),
        ("approval_age_d_max", 266, "266 d"),
        ("redress_due_money", 12345, "123.45"),
        ("complaints_per_thousand", 38.4615, "38.46"),
        ("calls_count", None, "not known"),
    ],
)
def test_values_are_in_their_unit(measure, value, said):
    """Goal: each unit. Method: one measure of each."""
    assert value_in_words(EN, measure, value).replace("\N{NO-BREAK SPACE}", " ") == said
