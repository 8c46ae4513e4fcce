"""Goal: system 6's measures as they are defined, and None where a day cannot tell.

Method: hand-made days of the small broker; all numbers of a day at once, worked out by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.bounds import Answer
from bcsim.conduct.measurement import incident_of_run
from bcsim.conduct.privacy import measure_privacy
from bcsim.model.regime import Fact
from bcsim.model.regulator import AppliedRegime
from tests.unit.conduct.days import BROKER_END_S, day, log_day, row, service, wish


def classes(data):
    """Two classes of data, and who holds them."""
    data["data_classes"] = {
        "records": {"name": "Records", "sensitivity": "confidential", "personal": True},
        "prices": {"name": "Prices", "sensitivity": "public"},
    }
    for name, held in (("oms", "records"), ("risk", "records"), ("prices", "prices")):
        data["components"][name].update(holds=[held], data_class="personal")


def leak(at_s, component, data_class="records", ref="theft"):
    return row(
        at_s, "expose", component=component, subject=data_class, ref=ref, reason="seen", cause=ref
    )


def seen(intent, at_s, component):
    return row(at_s, "route", intent_id=intent, component=component, vantage="oms")


WISHES = tuple(wish(name) for name in "abcd")
OK = dict.fromkeys("abcd", "ok")
OVER = row(600, "fault_off", component="oms", ref="theft")

UNDECLARED = {
    "records_lost_count": 0,
    "records_altered_count": None,
    "exposures_count": None,
    "records_exposed_count": None,
    "exposure_s": None,
    "grants_count": 0,
    "grants_not_revoked_count": 0,
    "grant_open_s_max": None,
    "unprotected_orders_count": 0,
    "breach_notice_s": None,
}
QUIET = UNDECLARED | {
    "records_altered_count": 0,
    "exposures_count": 0,
    "records_exposed_count": 0,
    "exposure_s": 0.0,
}


def test_nothing_was_exposed_is_known_only_with_classes_of_data():
    """Goal: 0 needs a model that says what there is to expose. Method: without, and with."""
    assert measure_privacy(day(*WISHES, classes=OK)) == UNDECLARED
    assert measure_privacy(day(*WISHES, classes=OK, change=classes)) == QUIET


def test_a_log_says_nothing_of_what_it_does_not_record():
    """Goal: missing evidence is unknown. Method: an empty log, and one with an exposed client."""
    unknown = dict.fromkeys(QUIET)
    assert measure_privacy(log_day()) == unknown
    exposed = row(100, "expose", intent_id="a", subject="accounts")
    found = measure_privacy(log_day(*WISHES, exposed))
    assert found == unknown | {
        "exposures_count": 1,
        "records_exposed_count": 1,
        "exposure_s": float(BROKER_END_S - 100),
    }


def test_a_leak():
    """Goal: what is exposed, for how long, and when it was reported. Method: ten minutes at oms.

    The order system has a store: it gives away what it took on before the leak, too, but not what
    comes after it. A second class at the same place is open no longer; prices are not personal.
    """
    events = (
        *WISHES,
        seen("a", 70, "oms"),
        seen("b", 300, "oms"),
        seen("c", 601, "oms"),
        seen("d", 300, "web"),
        row(200, "fault_on", component="oms", subject="leak", ref="theft"),
        leak(200, "oms"),
        leak(200, "oms", "accounts"),
        leak(250, "prices", "prices", "scrape"),
        row(260, "fault_off", component="prices", ref="scrape"),
        OVER,
        row(100, "notify", subject="tell", reason="notify-regulator"),
        row(900, "notify", subject="tell", reason="notify-regulator"),
    )
    assert measure_privacy(day(*events, classes=OK, change=classes)) == QUIET | {
        "exposures_count": 3,
        "records_exposed_count": 2,
        "exposure_s": 410.0,
        "breach_notice_s": 700.0,
    }


def test_a_leak_where_nothing_is_kept():
    """Goal: without a store, only what passes meanwhile. Method: the risk check, open for good."""
    events = (*WISHES, seen("a", 70, "risk"), seen("b", 300, "risk"), leak(200, "risk"))
    assert measure_privacy(day(*events, classes=OK, change=classes)) == QUIET | {
        "exposures_count": 1,
        "records_exposed_count": 1,
        "exposure_s": float(BROKER_END_S - 200),
    }


def grant(at_s, component, name="glass"):
    return row(at_s, "grant", component=component, subject=name, ref=name)


def revoke(at_s, component, name="glass"):
    return row(at_s, "revoke", component=component, subject=name, ref="close")


def test_access_that_is_left_open():
    """Goal: a right ends where and as what it was given. Method: four grants, two are revoked.

    The second right at oms was given again after its revocation and is open to the end.
    """
    events = (
        grant(100, "oms"),
        grant(100, "web"),
        grant(100, "oms", "vault"),
        revoke(400, "oms"),
        revoke(500, "oms", "vault"),
        revoke(500, "prices"),
        grant(600, "oms", "vault"),
    )
    assert measure_privacy(day(*events, change=classes)) == QUIET | {
        "grants_count": 4,
        "grants_not_revoked_count": 2,
        "grant_open_s_max": float(BROKER_END_S - 100),
    }


def test_what_was_restored_open_is_exposed_until_it_is_closed():
    """Goal: the revocation ends the exposure. Method: restored at 200 s, closed at 500 s."""
    events = (
        *WISHES,
        seen("a", 70, "oms"),
        grant(200, "oms", "restore"),
        leak(200, "oms", ref="restore"),
        revoke(500, "oms", "restore"),
    )
    assert measure_privacy(day(*events, classes=OK, change=classes)) == QUIET | {
        "exposures_count": 1,
        "records_exposed_count": 1,
        "exposure_s": 300.0,
        "grants_count": 1,
        "grant_open_s_max": 300.0,
    }


@pytest.mark.parametrize(
    ("found", "recorded", "lost"),
    [
        (("ok", "late"), True, 0),
        (("lost", "lost"), True, 2),
        (("lost", "indeterminate"), True, 1),
        (("ok", "indeterminate"), True, None),
        (("ok", "ok"), False, None),
        (("lost", "stranded"), False, 1),
    ],
)
def test_records_lost(found, recorded, lost):
    """Goal: acknowledged orders that are gone. Method: two orders, and whether wishes are known."""
    outcome = day(wish("a"), wish("b"), classes=dict(zip("ab", found, strict=True)),
                  recorded=recorded)  # fmt: skip
    assert measure_privacy(outcome)["records_lost_count"] == lost


@pytest.mark.parametrize(
    ("found", "hows", "altered"),
    [
        (("ok", "ok"), (), None),
        (("corrupted", "ok"), (), 1),
        (("ok", "ok"), ("altered",), 1),
        (("corrupted", "ok"), ("altered",), 2),
        (("ok", "corrupted"), ("altered",), 1),
        (("ok", "ok"), ("seen",), 0),
        (("ok", "indeterminate"), ("seen",), None),
    ],
)
def test_records_altered(found, hows, altered):
    """Goal: altered on the way, or by hand. Method: two orders, and what happened to b's record."""
    exposures = [
        row(600, "expose", intent_id="b", subject="orders", component="oms", reason=how)
        for how in hows
    ]
    outcome = day(wish("a"), wish("b"), *exposures, classes=dict(zip("ab", found, strict=True)))
    assert measure_privacy(outcome)["records_altered_count"] == altered


OPEN = {
    "every link is protected": (dict.copy, 0),
    "the clients' line": (lambda data: data["links"]["phone-line"].update(protected=False), 1),
    "the line of another channel": (
        lambda data: data["links"]["app-line"].update(protected=False), 2,
    ),
    "between two components": (
        lambda data: data["links"].update(
            {"web -> oms": {"latency": "1 ms", "protected": False}}
        ),
        1,
    ),
    "between components that do not meet": (
        lambda data: data["links"].update(
            {"oms -> desk": {"latency": "1 ms", "protected": False}}
        ),
        0,
    ),
    "all other links": (lambda data: data["links"]["default"].update(protected=False), 2),
    "paper": (
        lambda data: data["journeys"]["app-order"]["steps"][1]["fallback"].update(protected=False),
        1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_orders_over_unprotected_ways(case):
    """Goal: who was seen where an open way leads. Method: three orders, step by step.

    ``a`` by app reaches web (0), then oms (1); ``b`` by app reaches web and the paper desk (1);
    ``c`` by telephone reaches the desk (0); ``d`` was never seen anywhere. The desk is no step of
    an order by app, so whoever was there wrote on paper.
    """
    change, expected = OPEN[case]

    def at(intent, step, component):
        return row(90 + step, "acknowledge", intent_id=intent, step=step, component=component)

    events = (
        wish("a"), at("a", 0, "web"), at("a", 1, "oms"),
        wish("b"), at("b", 0, "web"), at("b", 1, "desk"),
        wish("c", channel="phone"), at("c", 0, "desk"),
        wish("d"),
    )  # fmt: skip
    found = measure_privacy(day(*events, classes=OK, change=change))
    assert found["unprotected_orders_count"] == expected


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("acknowledge", {"component": "desk", "step": 0}, 0),
        ("acknowledge", {"component": "desk", "step": 1}, 1),
        ("control_skip", {"component": "desk", "step": 2, "subject": "limits"}, 1),
        ("control_skip", {"component": "desk", "step": 2, "subject": "recording"}, 0),
        ("action", {"component": "oms", "step": 1, "subject": "back-entry"}, 1),
        ("action", {"component": "oms", "step": 2, "subject": "back-entry"}, 0),
    ],
)
def test_paper_where_people_work_anyway(kind, cells, expected):
    """Goal: only what the fallback itself leaves behind. Method: a telephone order at the desk."""

    def change(data):
        data["journeys"]["phone-order"]["steps"][1]["fallback"]["protected"] = False

    order = wish("a", channel="phone")
    run = day(order, row(90, kind, intent_id="a", **cells), classes={"a": "ok"}, change=change)
    assert measure_privacy(run)["unprotected_orders_count"] == expected


@pytest.mark.parametrize(
    ("exposures", "outcome", "answer"),
    [
        ((), "ok", Answer.NOT_MET),
        ((), "lost", Answer.UNKNOWN),
        ((), "indeterminate", Answer.UNKNOWN),
        ((leak(200, "prices", "prices"),), "ok", Answer.NOT_MET),
        ((leak(200, "oms"),), "ok", Answer.MET),
        ((leak(200, "oms", "secrets"),), "lost", Answer.MET),
    ],
)
def test_whether_personal_data_was_hit(exposures, outcome, answer):
    """Goal: regimes learn that nobody's data was hit, if it is known. Method: one order each."""
    run = day(wish("a"), *exposures, classes={"a": outcome}, change=classes,
              services=(service("orders"),))  # fmt: skip
    applied = AppliedRegime(name="th-pdpa", services=("orders",))
    assert incident_of_run(run, applied).flag(Fact.PERSONAL_DATA) is answer
