"""Goal: each line of defence finds what it looks for, when it can, and only the first counts.

Method: days by hand with controls of coverage 0 or 1; the rows of the aftermath as text.
"""

from __future__ import annotations

from typing import Any

from tests.unit.engine.aftermath.aftermaths import (
    CHECK,
    COMPLAINTS,
    aftermath,
    lines,
    model,
    timeline,
    wish,
)

FAULT: tuple[float, str, str, dict[str, Any]] = (
    100,
    "fault_on",
    "infrastructure",
    {"component": "front", "ref": "flood", "subject": "crash"},
)


def finds(events, classes, flags=None, *, controls=None, complaints=None, **oversight):
    """Rows of finds of a day on which controls look."""
    spec = model(oversight=oversight or {"check": CHECK}, controls=controls, complaints=complaints)
    return lines(aftermath(spec, events, classes, flags), "detect")


def test_a_control_finds_what_it_looks_for():
    """Goal: kinds of classes and flags, of several orders; a kind not listed is not found."""
    events = [wish(f"app-{n:06d}", 600 * n) for n in range(4)]
    classes = {"app-000000": "lost", "app-000001": "late", "app-000002": "ok", "app-000003": "late"}
    check = CHECK | {"finds": ["lost", "unsuitable"], "latency": "5 min"}
    assert finds(events, classes, {"unsuitable": ["app-000002", "app-000003"]}, check=check) == [
        "0.0833333h line-1 detect app-000000 lost check care",
        "0.416667h line-1 detect app-000002 unsuitable check care",
        "0.583333h line-1 detect app-000003 unsuitable check care",
    ]


def test_without_coverage_nothing_is_found():
    """Goal: coverage 0 finds nothing; half of it finds half.

    Method: 400 orders; outside 200 +- 5 sigma (10) a correct program is once in a million.
    """
    names = [f"app-{n:06d}" for n in range(400)]
    events, classes = [wish(name) for name in names], dict.fromkeys(names, "lost")
    assert finds(events, classes, check=CHECK | {"coverage": 0.0}) == []
    assert abs(len(finds(events, classes, check=CHECK | {"coverage": 0.5})) - 200) <= 50


def test_each_line_has_its_first_find():
    """Goal: of two controls of one line the earlier one counts; lines are kept apart."""
    controls = {
        "slow": CHECK | {"latency": "2 h"},
        "quick": CHECK | {"latency": "1 h"},
        "second": CHECK | {"line": 2, "every": "1 d", "at": "15:00"},
        "audit": CHECK | {"line": 3, "every": "30 d"},
    }
    assert finds([wish("app-000000")], {"app-000000": "lost"}, **controls) == [
        "1h line-1 detect app-000000 lost quick care",
        "5.01667h line-2 detect app-000000 lost second care",
        "710.017h line-3 detect app-000000 lost audit care",
    ]


def test_what_a_control_stopped_was_found_at_once():
    """Goal: a stop inside a journey is a find of the control's line, of what it looks for."""
    stop = {"intent_id": "app-000000", "subject": "limits", "component": "front"}
    events = [wish("app-000000"), (7, "control_fail", "front", stop)]
    classes, flags = {"app-000000": "corrupted"}, {"overtaken": ["app-000000"]}
    never = CHECK | {"coverage": 0.0}
    limits = {"limits": {"name": "Limits", "coverage": 1.0, "line": 2}}
    assert finds(events, classes, flags, check=never, controls=limits) == [
        "0.00194444h line-2 detect app-000000 corrupted limits front"
    ]
    assert finds(events, classes, flags, check=never) == [
        "0.00194444h line-1 detect app-000000 corrupted limits front"
    ], "a control that the model does not know is the first line's"


def test_what_a_comparison_names_was_found():
    """Goal: a reconciliation finds lost and doubled orders, but not late ones."""
    named = {"subject": "orders", "actor": "desk"}
    events = [wish("app-000000"), wish("app-000001")]
    events += [(9, "reconcile", "oms", named | {"intent_id": e[3]["intent_id"]}) for e in events]
    never = CHECK | {"coverage": 0.0}
    assert finds(events, {"app-000000": "lost", "app-000001": "late"}, check=never) == [
        "0.0025h line-1 detect app-000000 lost orders desk"
    ]


def test_faults_are_found_by_who_notices_and_later():
    """Goal: the alarm, by its cause or its component, and a review; none found, none told."""
    review = CHECK | {"line": 2, "finds": ["fault"], "latency": "1 h"}
    unnoticed = ["1.02778h line-2 detect - fault review care front flood 0"]
    assert finds([FAULT], {}, review=review) == unnoticed
    by_cause = (190, "detect", "infrastructure", {"component": "oms", "cause": "flood"})
    by_place = (190, "detect", "infrastructure", {"component": "front", "actor": "monitoring"})
    noticed = "0.0527778h line-1 detect - fault"
    assert finds([FAULT, by_cause], {}, review=review) == [f"{noticed} front flood 0", *unnoticed]
    assert finds([FAULT, by_place], {}, review=review) == [
        f"{noticed} monitoring front flood 0",
        *unnoticed,
    ]
    other = (190, "detect", "infrastructure", {"component": "front", "cause": "fire"})
    before = (50, "detect", "infrastructure", {"component": "front", "cause": "flood"})
    assert finds([FAULT, other], {}, review=review) == unnoticed
    assert finds([before, FAULT], {}, review=review) == [unnoticed[0][:-1] + "1"]


def test_clients_find_what_they_complain_of():
    """Goal: a complaint about a defect is a find, about a refusal it is not."""
    clients = COMPLAINTS["clients"] | {"chance": {"lost": 1.0, "refused": 1.0}}
    events = [wish("app-000000"), wish("app-000001")]
    classes = {"app-000000": "lost", "app-000001": "rejected"}
    assert finds(
        events,
        classes,
        {"refused": ["app-000001"]},
        check=CHECK | {"coverage": 0.0},
        complaints=COMPLAINTS | {"clients": clients},
    ) == ["1h client detect app-000000 lost client-of-app-000000"]


def test_who_checks_while_the_checkers_are_away():
    """Goal: the find names the maker. Method: the checking team has nobody all day."""
    spec = model(oversight={"check": CHECK}, components={"care": {"kind": "team"}})
    frozen = {"kind": "freeze", "limit": "9 h"}
    away = timeline((0, "care", "servers", 0))
    found = aftermath(
        spec, [wish("app-000000", 60)], {"app-000000": "lost"}, changes=away, drain=frozen
    )
    assert lines(found, "detect") == ["0.0333333h line-1 detect app-000000 lost check desk"]
