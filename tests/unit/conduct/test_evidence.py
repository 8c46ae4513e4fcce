"""Goal: the tables behind systems 2, 7 and 8 count what the measures count.

Method: a few complaints at and beside the bounds of ages, debts in any order, and a day on which
nobody looked.
"""

from __future__ import annotations

from bcsim.conduct.evidence import evidence_of
from bcsim.limits import PROOFS_MAX
from bcsim.units import NS_PER_DAY
from tests.brokerage import broker
from tests.unit.conduct.aftermaths import aftermath_of
from tests.unit.conduct.days import day_of

DAY_S = 86_400


def complaint(name, at_s, answered_s=None):
    rows = [(at_s, "complain", "client", {"ref": name})]
    answer = (answered_s, "respond", "care", {"ref": name, "subject": "final answer"})
    return rows if answered_s is None else [*rows, answer]


def test_nothing_known():
    """Goal: empty tables, not zeros."""
    found = evidence_of(day_of([], {}))
    people = found.pop("people")
    assert isinstance(people, dict)
    tables: dict[str, object] = {
        "outcomes": [],
        "product_levels": {},
        "ageing": [],
        "redress": [],
        "detection": {},
    }
    assert found == tables
    assert set(map(len, people.values())) == {0}


def test_outcomes():
    """Goal: each segment and product with its orders, those affected, and harm.

    Method: two segments, a product of the model and an instrument of none, a stray; with redress
    and without.
    """
    of = broker()
    name, product = next(iter(of.products.items()))
    known = next(iter(product.instruments))
    events = [
        (n, "intend", "client", {"intent_id": f"i{n}", "segment": segment, "instrument": thing})
        for n, (segment, thing) in enumerate(
            [
                ("senior", known),
                ("retail", known),
                ("senior", known),
                ("senior", "x"),
                (None, known),
            ]
        )
    ]
    classes = {"i0": "lost", "i1": "ok", "i2": "ok", "i3": "late", "i4": "phantom"}
    due = [(9, "redress", "firm", {"intent_id": "i0", "subject": "due", "amount": 70})]
    for aftermath in (None, aftermath_of(due, "redress")):
        day = day_of(events, classes, firm=of, aftermath=aftermath)
        harms = [None] * 3 if aftermath is None else [70, 0, 0]
        assert evidence_of(day)["outcomes"] == [
            {"segment": s, "product": p, "orders": o, "affected": a, "harm": harm}
            for (s, p, o, a), harm in zip(
                [("senior", name, 2, 1), ("senior", "", 1, 1), ("retail", name, 1, 0)],
                harms,
                strict=True,
            )
        ]


def test_ageing():
    """Goal: a span's end belongs to it, and open complaints age until the end of the watch.

    Method: answered at once, after a day, a nanosecond's worth later, after 30 and 31 days; open
    since 100, and since 10 days.
    """
    rows = [
        *complaint("a", 0, 0),
        *complaint("b", 0, DAY_S),
        *complaint("c", 0, DAY_S + 1e-9),
        *complaint("d", 0, 30 * DAY_S),
        *complaint("e", 0, 31 * DAY_S),
        *complaint("f", 0),
        *complaint("g", 90 * DAY_S),
    ]
    aftermath = aftermath_of(rows, "complain", to_ns=100 * NS_PER_DAY)
    found = evidence_of(day_of([], {}, aftermath=aftermath))["ageing"]
    assert found == [
        {"from_d": 0, "to_d": 1, "answered": 2, "open": 0},
        {"from_d": 1, "to_d": 7, "answered": 1, "open": 0},
        {"from_d": 7, "to_d": 15, "answered": 0, "open": 1},
        {"from_d": 15, "to_d": 30, "answered": 1, "open": 0},
        {"from_d": 30, "to_d": None, "answered": 1, "open": 1},
    ]


def test_redress():
    """Goal: the greatest debts first, and not more of them than are shown."""
    rows = [
        (0, "redress", "firm", {"intent_id": f"i{n:02d}", "subject": "due", "amount": n % 7})
        for n in range(PROOFS_MAX + 5)
    ]
    rows.append((1, "redress", "firm", {"intent_id": "i06", "subject": "paid", "amount": 2}))
    found = evidence_of(day_of([], {}, aftermath=aftermath_of(rows, "redress")))["redress"]
    assert isinstance(found, list)
    assert len(found) == PROOFS_MAX
    wanted = {"intent": "i06", "due": 6, "paid": 2, "payments": 1, "is_late": None}
    assert found[0] == wanted
    assert [row["due"] for row in found] == sorted((row["due"] for row in found), reverse=True)


def test_detection():
    """Goal: the matrix of system 8."""
    events = [(0, "intend", "client", {"intent_id": "a"})]
    finds = [(5, "detect", "line-3", {"intent_id": "a", "subject": "lost"})]
    day = day_of(events, {"a": "lost"}, aftermath=aftermath_of(finds, "detect"))
    row = {"line-1": 0, "line-2": 0, "line-3": 1, "client": 0, "none": 0}
    assert evidence_of(day)["detection"] == {"lost": row}
