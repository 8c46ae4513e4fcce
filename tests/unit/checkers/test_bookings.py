"""Goal: the ledger must hold each execution once, on the legs that its like have.

Method: two executed intents of one kind; the entries of the second differ from the first's.
"""

from __future__ import annotations

import pytest

from bcsim.history.profile import Coverage
from tests.unit.checkers.log import Log


def judged(*legs: int | None, **profile: object) -> str:
    """Class of an intent with entries on some legs; its like has one on each of two."""
    log = Log(**profile)
    for intent in ("I1", "I2"):
        log.wish(intent).fill(intent, 1, f"E{intent}")
        log.told(intent, 1, exec_id=f"E{intent}")
    for exec_id, entries in (("EI1", (0, 1)), ("EI2", legs)):
        for leg in entries:
            log.add("book", 2, "ledger", exec_id=exec_id, leg=leg, qty=100)
    classes = log.classes()
    assert classes["I1"] == "ok"
    return classes["I2"]


@pytest.mark.parametrize(
    ("legs", "name"),
    [
        ((0, 1), "ok"),
        ((None,), "ok"),
        ((1,), "partial"),
        ((), "partial"),
        ((0, 1, 1), "duplicated"),
        ((None, None), "duplicated"),
    ],
)
def test_entries(legs, name):
    """Goal: every leg once; an entry of the whole is of every leg. Method: legs missing, twice."""
    assert judged(*legs) == name


def test_entry_that_may_have_been_made_unseen():
    """Goal: absence needs the ledger watched, and the drain. Method: without each of them."""
    coverage = (Coverage("client"), Coverage("venue"))
    assert judged(1, coverage=coverage) == "indeterminate"
    assert judged(1, drain=None) == "indeterminate"


def test_nobody_books():
    """Goal: a record without a ledger asks for no entries. Method: none at all."""
    log = Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1")
    assert log.classes() == {"I1": "ok"}


def test_entry_taken_back_and_made_again():
    """Goal: a reversed entry does not count. Method: book, reverse, book."""
    log = Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1")
    for at_s in (3, 5):
        log.add("book", at_s, "ledger", exec_id="E1", qty=100)
    assert log.classes() == {"I1": "duplicated"}
    assert log.add("bust", 6, "ledger", ref="E1").classes() == {"I1": "ok"}


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ([{"qty": 90}], "corrupted"),
        ([{"qty": 110}], "corrupted"),
        ([{"qty": 60}, {"qty": 40, "account": "B"}], "ok"),
        ([{"qty": 60, "account": "A"}, {"qty": 60, "account": "B"}], "corrupted"),
        ([{"qty": 100}, {"qty": 100, "account": "B"}], "ok"),
        ([{"qty": 100, "leg": 0}, {"qty": 7, "leg": 1}], "ok"),
        ([{"qty": 7, "side": "debit"}], "ok"),
        ([{"qty": 7, "subject": "credit"}], "ok"),
        ([{}], "ok"),
    ],
)
def test_booked_for_another_quantity(entries, name):
    """Goal: what is booked was executed. Method: parts, legs, money, and wrong quantities."""
    log = Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1")
    for cells in entries:
        log.add("book", 3, "ledger", exec_id="E1", **cells)
    assert log.classes() == {"I1": name}
    if name == "corrupted" and len(entries) == 1:
        log.add("correct", 4, "ledger", ref="E1", qty=100)
        assert log.classes() == {"I1": "ok"}


@pytest.mark.parametrize(
    ("entries", "reversals", "name"),
    [
        ((None,), (None,), "partial"),
        ((None, None), (None,), "ok"),
        ((None, None), (None, None), "partial"),
        ((0, 1), (None,), "partial"),
        ((0, 1), (1,), "partial"),
        ((0, 1, 1), (1,), "ok"),
        ((0, 0, 0, 1, 1, 1), (None,), "duplicated"),
        ((0, 0, 1, 1), (None,), "ok"),
        ((0, 0, 1, 1), (0,), "duplicated"),
    ],
)
def test_entries_that_stand(entries, reversals, name):
    """Goal: what was reversed is not booked. Method: reversals of a leg, and of the whole step."""
    log = Log()
    for intent in ("I1", "I2"):
        log.wish(intent).fill(intent, 1, f"E{intent}")
        log.told(intent, 1, exec_id=f"E{intent}")
    for leg in (None,) if entries[0] is None else (0, 1):
        log.add("book", 2, "ledger", exec_id="EI1", leg=leg, qty=100)
    for leg in entries:
        log.add("book", 2, "ledger", exec_id="EI2", leg=leg, qty=100)
    for leg in reversals:
        log.add("bust", 3, "ledger", ref="EI2", leg=leg)
    assert log.classes() == {"I1": "ok", "I2": name}


def test_the_proof_states_both_quantities():
    """Goal: a wrong booking is told in words. Method: 90.5 booked of 100 executed, one decimal."""
    log = Log(qty_scale=1).wish("I1", qty=1000).fill("I1", 1, "E1", qty=1000)
    log.told("I1", 1, exec_id="E1").add("book", 3, "ledger", exec_id="E1", qty=905)
    (finding,) = log.check().findings
    assert finding.proof == (
        "I1 (buy 100 ABC) was executed at 00:00:01.000 (seq 2, venue), but the booked quantity "
        "is 90.5, and 100 was executed."
    )
