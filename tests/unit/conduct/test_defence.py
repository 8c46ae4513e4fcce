"""Goal: each measure of system 8 is the number of its definition, edge cases included.

Method: hand-written days with a few defects and finds, worked out by hand.
"""

from __future__ import annotations

from typing import Any

from bcsim.conduct.defence import Defect, defects, detection_matrix, measure_defence
from bcsim.history.defect import DEFECT_FLAGS
from bcsim.model.service_system import service_systems
from bcsim.units import NS_PER_S
from tests.unit.conduct.aftermaths import aftermath_of
from tests.unit.conduct.days import END_S, day_of

CONTROLLED = {
    "orders_uncontrolled_count": 0,
    "orders_uncontrolled_by_fallback_count": 0,
    "orders_uncontrolled_under_pressure_count": 0,
    "orders_uncontrolled_after_failure_count": 0,
}
NOTHING = {
    "defects_count": 0,
    "detected_by_line_1_count": 0,
    "detected_by_line_2_count": 0,
    "detected_by_line_3_count": 0,
    "detected_by_client_count": 0,
    "undetected_count": 0,
    "escape_ratio": None,
    "client_first_ratio": None,
    "line_1_detect_s_p50": None,
    "line_1_detect_s_p95": None,
    "line_2_detect_s_p50": None,
    "line_2_detect_s_p95": None,
    "line_3_detect_s_p50": None,
    "line_3_detect_s_p95": None,
    "controls_off_count": 0,
    "controls_off_s": 0.0,
    "controls_not_restored_count": 0,
    "same_person_count": 0,
    **CONTROLLED,
}
EVENTS = [
    *((10.0 * n, "intend", "client", {"intent_id": f"i{n}"}) for n in range(6)),
    (70.0, "fault_on", "infrastructure", {"component": "oms", "ref": "flood"}),
    (80.0, "fault_on", "infrastructure", {"component": "oms", "cause": "wear"}),
]
CLASSES = {"i0": "lost", "i1": "late", "i2": "ok", "i3": "ok", "i4": "recovered", "i5": "lost"}
JUDGED: dict[str, list[str]] = {flag.value: [] for flag in DEFECT_FLAGS}
FLAGS = {"overtaken": ["i1", "i2"], "repaired": ["i3"], "refused": ["i3"]}


def find(at_s, vantage, subject, intent=None, **more):
    return at_s, "detect", vantage, {"subject": subject, "intent_id": intent} | more


def day(*rows, events=EVENTS, classes=CLASSES, flags=FLAGS, kinds=("detect", "action")):
    return day_of(events, classes, flags, aftermath=aftermath_of(rows, *kinds))


def test_names_are_those_of_the_definitions():
    """Goal: neither a measure without a definition nor the reverse, whatever is known."""
    names = list(service_systems()[8].measures)
    assert list(measure_defence(day())) == names
    assert list(measure_defence(day_of([], {}))) == names


def test_nobody_looked():
    """Goal: defects are known from the verdicts, who found them is not."""
    unknown = dict.fromkeys(NOTHING) | {"defects_count": 7} | CONTROLLED
    assert measure_defence(day_of(EVENTS, CLASSES, FLAGS)) == unknown
    assert measure_defence(day(kinds=("complain",))) == unknown


def test_nothing_was_wrong():
    """Goal: counts are 0, shares and times are unknown."""
    assert measure_defence(day(events=EVENTS[:1], classes={"i0": "ok"}, flags=JUDGED)) == NOTHING


def test_no_defect_is_known_only_where_all_was_judged():
    """Goal: an undecided order, or a flag that nobody judged, leaves "none" unknown."""
    unknown = NOTHING | {"defects_count": None, "undetected_count": None}
    one: dict[str, Any] = {"events": EVENTS[:1], "flags": JUDGED}
    assert measure_defence(day(**one, classes={"i0": "indeterminate"})) == unknown
    unjudged = {flag: of for flag, of in JUDGED.items() if flag != "overtaken"}
    assert measure_defence(day(**one | {"flags": unjudged}, classes={"i0": "ok"})) == unknown
    found = measure_defence(day(**one | {"flags": {}}, classes={"i0": "lost"}))
    assert (found["defects_count"], found["undetected_count"]) == (1, 1)


def test_defects_and_finds_by_hand():
    """Goal: who was first, how soon, and what escaped.

    Method: i0 lost: line 2 at 100 before line 1 at 200. i1 late: line 1 at 40, after 30 s.
    i1 overtaken: line 1 and line 3 in one instant: line 1, after 90 s. i2 overtaken: nobody.
    i5 lost: a client. The flood: line 3, 930 s after it. The wear: nobody. A find of what is no
    defect, and one by monitoring, are nobody's.
    """
    found = measure_defence(
        day(
            find(100, "line-2", "lost", "i0"),
            find(200, "line-1", "lost", "i0"),
            find(40, "line-1", "late", "i1"),
            find(100, "line-1", "overtaken", "i1"),
            find(100, "line-3", "overtaken", "i1"),
            find(500, "client", "lost", "i5"),
            find(1000, "line-3", "fault", parent_id="6"),
            find(1, "line-1", "late", "i2"),
            find(1, "monitoring", "overtaken", "i2"),
        )
    )
    assert found == NOTHING | {
        "defects_count": 7,
        "detected_by_line_1_count": 2,
        "detected_by_line_2_count": 1,
        "detected_by_line_3_count": 1,
        "detected_by_client_count": 1,
        "undetected_count": 2,
        "escape_ratio": 2 / 7,
        "client_first_ratio": 1 / 5,
        "line_1_detect_s_p50": 30.0,
        "line_1_detect_s_p95": 90.0,
        "line_2_detect_s_p50": 100.0,
        "line_2_detect_s_p95": 100.0,
        "line_3_detect_s_p50": 930.0,
        "line_3_detect_s_p95": 930.0,
    }


def test_defects_in_their_order():
    """Goal: kinds by gravity, orders as judged, then faults. Method: whole defects."""
    found = list(defects(day(find(90, "line-1", "fault", parent_id="7"))))
    assert found == [
        Defect("lost", "i0", 0),
        Defect("lost", "i5", 50 * NS_PER_S),
        Defect("late", "i1", 10 * NS_PER_S),
        Defect("overtaken", "i1", 10 * NS_PER_S),
        Defect("overtaken", "i2", 20 * NS_PER_S),
        Defect("fault", "oms", 70 * NS_PER_S),
        Defect("fault", "oms", 80 * NS_PER_S, "line-1", 90 * NS_PER_S),
    ]


def test_the_matrix():
    """Goal: every defect stands in one cell."""
    found = detection_matrix(day(find(90, "line-2", "lost", "i0")))
    empty = {"line-1": 0, "line-2": 0, "line-3": 0, "client": 0, "none": 0}
    assert found == {
        "lost": empty | {"line-2": 1, "none": 1},
        "late": empty | {"none": 1},
        "overtaken": empty | {"none": 2},
        "fault": empty | {"none": 2},
    }
    assert detection_matrix(day_of(EVENTS, CLASSES, FLAGS)) == {}


def test_a_log_with_finds_of_its_own():
    """Goal: a log that names lines of defence is measured without a model."""
    log = [*EVENTS, find(90, "line-1", "lost", "i0")]
    found = measure_defence(day_of(log, CLASSES, FLAGS))
    assert (found["detected_by_line_1_count"], found["undetected_count"]) == (1, 6)
    assert (found["controls_off_s"], found["same_person_count"]) == (None, None)
    switched = [*log, action(90, "line-1", "a", "switched off")]
    assert measure_defence(day_of(switched, CLASSES, FLAGS))["controls_off_s"] == END_S - 90


def action(at_s, vantage, control, reason):
    return at_s, "action", vantage, {"subject": control, "reason": reason}


def test_controls_that_were_off():
    """Goal: times off until switched on, or until the day's end; what stays off; self-checks.

    Method: a day of 1000 s. a: 100 to 150 and 900 to 1100, of which 100 s are of the day; b: from
    400, never on again. Two self-checks. An action of the plan is no control's.
    """
    found = measure_defence(
        day(
            action(100, "line-1", "a", "switched off"),
            action(150, "line-1", "a", "switched on"),
            action(900, "line-1", "a", "switched off"),
            action(1100, "line-1", "a", "switched on"),
            action(400, "line-2", "b", "switched off"),
            action(300, "line-3", "c", "checked by its maker"),
            action(310, "line-3", "c", "checked by its maker"),
            action(320, "plan", "d", "switched off"),
            events=EVENTS[:1],
            classes={"i0": "ok"},
            flags=JUDGED,
        )
    )
    assert END_S == 1000
    assert found == NOTHING | {
        "controls_off_count": 3,
        "controls_off_s": 50.0 + 100.0 + 600.0,
        "controls_not_restored_count": 1,
        "same_person_count": 2,
    }
