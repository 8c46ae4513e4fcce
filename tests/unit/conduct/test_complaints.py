"""Goal: each measure of system 7 is the number of its definition, edge cases included.

Method: hand-written aftermaths of a few complaints and payments, worked out by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.complaints import ANSWER_WITHIN_NS, measure_complaints
from bcsim.model.service_system import service_systems
from bcsim.units import NS_PER_S
from tests.brokerage import broker, brokerage
from tests.unit.conduct.aftermaths import aftermath_of
from tests.unit.conduct.days import day_of

DAY_S = 86_400
KINDS = ("complain", "respond", "redress")
HANDLING = {
    "complaints_count": 0,
    "complaints_per_thousand": None,
    "complaints_unreached_count": 0,
    "repeat_count": 0,
    "backlog_max_count": 0,
    "backlog_clear_s": None,
    "first_response_s_p50": None,
    "first_response_s_p95": None,
    "first_response_in_time_ratio": None,
    "closed_in_time_ratio": None,
    "open_count": 0,
    "not_independent_count": 0,
}
REDRESS = {
    "redress_due_count": 0,
    "redress_due_money": 0,
    "redress_paid_money": 0,
    "redress_unpaid_money": 0,
    "redress_error_money": 0,
    "redress_late_count": 0,
    "redress_s_p95": None,
}


def complaint(name, at_s, responded_s=None, answered_s=None, actor="care", intent=None):
    """Rows of one complaint."""
    named = {"ref": name, "intent_id": intent}
    rows = [(at_s, "complain", "client", named | {"reason": "first"})]
    for when, subject in ((responded_s, "first response"), (answered_s, "final answer")):
        if when is not None:
            rows.append((when, "respond", actor, named | {"actor": actor, "subject": subject}))
    return rows


def measured(*rows, firm=None, events=(), classes=None, to_s=100 * DAY_S):
    """Measures of an aftermath that looked for everything."""
    aftermath = aftermath_of(
        [event for some in rows for event in some], *KINDS, to_ns=to_s * NS_PER_S
    )
    return measure_complaints(day_of(events, classes or {}, firm=firm, aftermath=aftermath))


def firm(**complaints):
    """The small broker with a way to handle complaints."""
    handling = {
        "clients": {"chance": {"lost": 1.0}, "delay": "1 h"},
        "team": "desk",
        "hours": {"open": "09:00", "close": "17:00"},
        "first_response": "10 min",
        "final_answer": "1 h",
    }
    return broker(brokerage() | {"complaints": handling | complaints})


def test_names_are_those_of_the_definitions():
    """Goal: neither a measure without a definition nor the reverse, whatever is known."""
    names = list(service_systems()[7].measures)
    assert list(measured()) == names
    assert list(measure_complaints(day_of([], {}))) == names


def test_nobody_looked():
    """Goal: unknown, not good."""
    assert set(measure_complaints(day_of([], {})).values()) == {None}


def test_nobody_complained():
    """Goal: counts are 0, shares and times are unknown."""
    assert measured() == HANDLING | REDRESS


def test_complaints_by_hand():
    """Goal: every number of handling. Method: four complaints, one open and of two
    orders, eight orders affected.

    Open complaints: 1 from 0, 2 from 100, 3 from 150 until 400, 2 until 1000, 3 from 2000 until
    2600; the backlog never ends, for one is never answered.
    """
    found = measured(
        complaint("1", 0, 10, 400),
        complaint("2", 100, 130, 1000),
        complaint("3", 150),
        [(150, "complain", "client", {"ref": "3", "reason": "also", "subject": "unreached"})],
        complaint("4", 2000, 2100, 2600),
        [(200, "complain", "client", {"ref": "3", "reason": "again"})],
        events=[(n, "intend", "client", {"intent_id": f"i{n}"}) for n in range(10)],
        classes={f"i{n}": "late" if n < 8 else "ok" for n in range(10)},
    )
    assert found == REDRESS | {
        "complaints_count": 4,
        "complaints_per_thousand": 500.0,
        "complaints_unreached_count": 1,
        "repeat_count": 1,
        "backlog_max_count": 3,
        "backlog_clear_s": None,
        "first_response_s_p50": 30.0,
        "first_response_s_p95": None,
        "first_response_in_time_ratio": None,
        "closed_in_time_ratio": 0.75,
        "open_count": 1,
        "not_independent_count": None,
    }


def test_the_backlog_is_cleared():
    """Goal: from the first peak to the first empty desk after it; a later, lower one is nothing.

    Method: two open from 100; none at 300; one from 400 to 500. An answer in the instant of
    another complaint goes first.
    """
    found = measured(
        complaint("1", 0, 1, 200),
        complaint("2", 100, 101, 300),
        complaint("3", 400, 401, 500),
        complaint("4", 500, 501, 600),
    )
    assert (found["backlog_max_count"], found["backlog_clear_s"]) == (2, 200.0)


def test_a_response_in_the_first_instant_counts():
    """Goal: a complaint at time 0 that is answered at once is answered."""
    found = measured(complaint("1", 0, 0, 0))
    assert (found["first_response_s_p95"], found["closed_in_time_ratio"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("answered_s", "to_s", "share"),
    [
        (30 * DAY_S, 100 * DAY_S, 1.0),
        (30 * DAY_S + 1, 100 * DAY_S, 0.0),
        (None, 30 * DAY_S, None),
        (None, 30 * DAY_S + 1, 0.0),
    ],
)
def test_thirty_days(answered_s, to_s, share):
    """Goal: the bound itself is in time; an open complaint is late once the time is over."""
    assert ANSWER_WITHIN_NS == 30 * DAY_S * NS_PER_S
    assert measured(complaint("1", 0, None, answered_s), to_s=to_s)["closed_in_time_ratio"] == share


def test_times_of_the_model():
    """Goal: the model's own times count, if it states them."""
    rows = (complaint("1", 0, 60, 7200), complaint("2", 0, 61, 7201))
    strict = firm(final_answer_within="2 h", first_response_within="60 s")
    found = measured(*rows, firm=strict)
    assert found["closed_in_time_ratio"] == found["first_response_in_time_ratio"] == 0.5
    plain = measured(*rows, firm=firm())
    assert (plain["closed_in_time_ratio"], plain["first_response_in_time_ratio"]) == (1.0, None)


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"component": "care"}, 1),
        ({"actor": "care"}, 1),
        ({"component": "desk"}, 0),
    ],
)
def test_independence(row, count):
    """Goal: a handler that is in the order's own history is not independent."""
    found = measured(
        complaint("1", 50, 60, 70, intent="i1"),
        complaint("2", 50, 60, 70, intent="i2"),
        events=[
            (0, "intend", "client", {"intent_id": "i1"}),
            (1, "acknowledge", "oms", {"intent_id": "i1"} | row),
            (0, "intend", "client", {"intent_id": "i2"}),
        ],
        classes={"i1": "lost", "i2": "lost"},
    )
    assert found["not_independent_count"] == count


def test_answering_is_not_handling_the_order():
    """Goal: in a log, the answer itself does not make its author the order's handler."""
    log = [
        (0, "intend", "client", {"intent_id": "i1"}),
        (1, "acknowledge", "oms", {"intent_id": "i1", "component": "oms"}),
        *complaint("1", 50, 60, 70, intent="i1"),
        (80, "redress", "care", {"intent_id": "i1", "actor": "care", "subject": "due"}),
    ]
    assert measure_complaints(day_of(log, {"i1": "lost"}))["not_independent_count"] == 0
    log.append((2, "route", "oms", {"intent_id": "i1", "actor": "care"}))
    assert measure_complaints(day_of(log, {"i1": "lost"}))["not_independent_count"] == 1


def money(subject, amount, at_s, intent="i1", **more):
    return (
        at_s,
        "redress",
        "firm",
        {"subject": subject, "amount": amount, "intent_id": intent} | more,
    )


def test_redress_by_hand():
    """Goal: every number of redress. Method: four debts: exact, too little, too much, unpaid.

    Times to the first payment are 10, 20 and 30 s, the fourth never: p95 is unknown. Deadlines:
    the first two at 100 s, the third at 25 s, too early for its payment at 30 s; the last has
    none.
    """
    due_ns = {"deadline_ns": 100 * NS_PER_S}
    found = measured(
        [
            money("due", 100, 0, "i1", **due_ns),
            money("paid", 60, 10, "i1"),
            money("paid", 40, 20, "i1"),
            money("due", 100, 0, "i2", **due_ns),
            money("paid", 70, 20, "i2"),
            money("due", 100, 0, "i3", deadline_ns=25 * NS_PER_S),
            money("paid", 130, 30, "i3"),
            money("due", 50, 0, "i4"),
        ]
    )
    assert {name: found[name] for name in REDRESS} == {
        "redress_due_count": 4,
        "redress_due_money": 350,
        "redress_paid_money": 300,
        "redress_unpaid_money": 30 + 50,
        "redress_error_money": 30 + 30,
        "redress_late_count": 2,
        "redress_s_p95": None,
    }


def test_time_to_redress():
    """Goal: from the debt to the first payment."""
    rows = [money("due", 10, 5), money("paid", 4, 25), money("paid", 6, 90)]
    assert measured(rows)["redress_s_p95"] == 20.0


def test_a_payment_at_the_deadline_is_in_time():
    """Goal: the bound itself is not late, the next nanosecond is."""
    for at_s, late in ((20, 0), (20 + 1e-9, 1)):
        rows = [money("due", 10, 0, deadline_ns=20 * NS_PER_S), money("paid", 10, at_s)]
        assert measured(rows)["redress_late_count"] == late


def test_payments_without_debts():
    """Goal: a log that tells of payments only has no ledger; an aftermath's payment is an error."""
    rows = [money("paid", 10, 5)]
    assert measure_complaints(day_of(rows, {}))["redress_paid_money"] is None
    found = measured(rows)
    assert (found["redress_due_count"], found["redress_error_money"]) == (0, 10)
    assert found["redress_late_count"] is None
    log = [money("due", 10, 0), money("refund", 10, 5)]
    assert measure_complaints(day_of(log, {}))["redress_paid_money"] == 10
