"""Goal: what is odd and changes no verdict is said all the same, and nothing else.

Method: one execution as a venue states it, and what a drop copy or a ledger says of it.
"""

from __future__ import annotations

import pytest

from bcsim.history.logs.remarks import remarks
from tests.unit.checkers.log import Cell, Log

SAID = "1 execution is stated with other terms at another vantage point, such as E1"
TERMS: dict[str, Cell] = {
    "instrument": "ABC", "side": "buy", "qty": 100, "price": 10, "account": "A",
}  # fmt: skip


def log_with(*rows, kind="live test log"):
    """Remarks on an execution of all terms, and what else is said of it."""
    log = Log(kind=kind, allows=("cancel-on-disconnect",)).wish("I1")
    log.add("execute", 1, "venue", order_id="I1.1", exec_id="E1", **TERMS)
    for vantage, kind_, terms in rows:
        log.add(kind_, 2, vantage, order_id="I1.1", exec_id="E1", **terms)
    return remarks(log.history())


@pytest.mark.parametrize(
    "terms",
    [{"qty": 90}, {"price": 11}, {"side": "sell"}, {"instrument": "DEF"}, {"account": "B"}],
)
def test_a_drop_copy_of_other_terms(terms):
    """Goal: a contradiction between two vantage points is said. Method: one term each."""
    assert log_with(("drop_copy", "execute", {**TERMS, **terms})) == (SAID,)
    assert log_with(("drop_copy", "execute", {**TERMS, **terms}), kind="paper exercise") == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("drop_copy", "execute", TERMS)], ()),
        ([("drop_copy", "execute", {"qty": 100})], ()),
        ([("ledger", "book", {"qty": 90, "side": "buy"})], (SAID,)),
        ([("ledger", "book", {"qty": 60}), ("ledger", "book", {"qty": 40})], ()),
        ([("ledger", "book", {"qty": 1000, "leg": 0, "side": "debit"})], ()),
        ([("ledger", "book", {"account": "HOUSE", "price": 12, "side": "debit"})], ()),
    ],
)
def test_what_is_a_contradiction_and_what_is_not(rows, said):
    """Goal: parts, money and silence contradict nothing. Method: entries of each sort."""
    assert log_with(*rows) == said


def test_a_corrected_execution_is_left_out():
    """Goal: a correction explains the difference. Method: a quantity corrected at the venue."""
    log = Log(kind="live test log", allows=("cancel-on-disconnect",)).wish("I1")
    log.add("execute", 1, "venue", order_id="I1.1", exec_id="E1", **TERMS)
    log.add("correct", 2, "venue", order_id="I1.1", ref="E1", qty=90)
    copied = {**TERMS, "qty": 90}
    log.add("execute", 3, "drop_copy", order_id="I1.1", exec_id="E1", **copied)
    assert remarks(log.history()) == ()
