"""Goal: what is owed is paid to who complains, or to whom a line finds, once, with mistakes.

Method: days by hand; the rows of redress as text.
"""

from __future__ import annotations

from tests.unit.engine.aftermath.aftermaths import (
    CHECK,
    COMPLAINTS,
    REDRESS,
    aftermath,
    lines,
    model,
    wish,
)

LATE_FREE = {"late": {"fixed": 0}, "lost": {"fixed": 500}}


def paid(complaints=None, oversight=None, classes=("lost",), **redress):
    """Rows of redress of orders of some classes."""
    spec = model(complaints=complaints, oversight=oversight, redress=REDRESS | redress)
    given = {f"app-{n:06d}": name for n, name in enumerate(classes)}
    return lines(aftermath(spec, [wish(name) for name in given], given), "redress")


def test_who_does_not_complain_is_owed_all_the_same():
    """Goal: the debt is noted at the day's end, orders without harm are left out."""
    assert paid(classes=("lost", "late", "ok"), rules=LATE_FREE) == [
        "10h firm redress app-000000 due 500"
    ]


def test_who_complains_is_paid_after_the_answer():
    """Goal: the answer comes after two hours, the money a day later."""
    assert paid(COMPLAINTS) == [
        "10h firm redress app-000000 due 500",
        "26h firm redress app-000000 paid 500 complaint-000001",
    ]


def test_who_is_found_is_paid_unasked():
    """Goal: a find leads to a payment if the rules say so; the complaint then gets nothing more."""
    found = {"check": CHECK | {"latency": "3 h"}, "audit": CHECK | {"line": 3, "latency": "9 h"}}
    assert paid(None, found) == ["10h firm redress app-000000 due 500"]
    unasked = [
        "10h firm redress app-000000 due 500",
        "27h firm redress app-000000 paid 500 check",
    ]
    assert paid(None, found, unasked=True) == unasked
    late = COMPLAINTS | {"clients": COMPLAINTS["clients"] | {"delay": "40 h"}}
    assert paid(late, found, unasked=True) == unasked


def test_a_complaint_before_the_find_is_paid_once():
    """Goal: no order is paid twice, whoever is first."""
    found = {"check": CHECK | {"latency": "30 h"}}
    assert paid(COMPLAINTS, found, unasked=True)[1:] == [
        "26h firm redress app-000000 paid 500 complaint-000001"
    ]


def test_a_wrong_amount_is_made_up_for_by_the_next_payment():
    """Goal: too little is completed when the find follows, too much is kept."""
    found = {"check": CHECK | {"latency": "30 h"}}
    wrong = {"wrong": 1.0, "wrong_share": [0.2, 0.2], "unasked": True}
    amounts = [line.split()[5] for line in paid(COMPLAINTS, found, **wrong)]
    assert amounts == ["500", "100", "80"]
    too_much = paid(COMPLAINTS, found, **wrong | {"wrong_share": [1.5, 1.5]})
    assert [line.split()[5] for line in too_much] == ["500", "750"]


def test_wrong_amounts_are_as_frequent_as_stated():
    """Goal: the chance of a wrong amount, and its bounds.

    Method: 300 orders with a chance of 0.5; outside 150 +- 5 sigma (8.7) is once in a million.
    """
    rows = paid(COMPLAINTS, classes=["lost"] * 300, wrong=0.5, wrong_share=[0.4, 0.8])
    amounts = [int(row.split()[5]) for row in rows if " paid " in row]
    wrong = [amount for amount in amounts if amount != 500]
    assert len(amounts) == 300
    assert abs(len(wrong) - 150) <= 44
    assert min(wrong) >= 200
    assert max(wrong) <= 400
    assert len(set(wrong)) > 50


def test_a_deadline_is_stated():
    """Goal: when the debt is due to be paid stands beside it."""
    spec = model(redress=REDRESS | {"within": "2 d"})
    (row,) = aftermath(spec, [wish("app-000000")], {"app-000000": "lost"}).rows("redress")
    assert row["deadline_ns"] == (10 + 48) * 3600 * 10**9
