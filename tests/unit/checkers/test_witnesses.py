"""Goal: where two vantage points report one execution on other terms, nobody can tell.

Method: an executed order with a drop copy that differs in one term, leaves terms out, or reports
another leg or another execution; and a correction that explains the difference.
"""

from __future__ import annotations

import pytest

from tests.unit.checkers.log import Cell, Log

TERMS: dict[str, Cell] = {"instrument": "ABC", "side": "buy", "qty": 100, "price": 10}


def judged(**copied: Cell) -> str:
    """Class of an order whose drop copy states such terms."""
    log = Log().wish("I1").fill("I1", 1, "E1", price=10).told("I1", 1, exec_id="E1")
    log.add("execute", 2, "drop_copy", order_id="I1.1", **{"exec_id": "E1", **copied})
    return log.classes()["I1"]


@pytest.mark.parametrize("term", [{"qty": 90}, {"price": 11}, {"side": "sell"}])
def test_other_terms(term):
    """Goal: no pass on contradicting evidence. Method: one term each."""
    assert judged(**{**TERMS, **term}) == "indeterminate"


def test_the_same_or_nothing():
    """Goal: agreement and silence are no dispute. Method: all terms, none, other accounts."""
    assert judged(**TERMS) == "ok"
    assert judged() == "ok"
    assert judged(**TERMS, account="CLEARING") == "ok"


def test_a_correction_explains():
    """Goal: what was corrected may be stated either way. Method: corrected at the venue."""
    log = Log().wish("I1").fill("I1", 1, "E1", qty=90)
    log.add("correct", 2, "venue", ref="E1", qty=100)
    log.told("I1", 2, exec_id="E1", qty=100)
    log.add("execute", 3, "drop_copy", order_id="I1.1", exec_id="E1", **TERMS)
    assert log.classes() == {"I1": "ok"}


def test_one_vantage_point_is_the_affair_of_a_law():
    """Goal: two executions of one id at the venue stay a broken law. Method: another quantity."""
    log = Log().wish("I1", qty=150).fill("I1", 1, "E1", qty=100).fill("I1", 1, "E1", qty=50)
    assert any(law.name == "exec ids" and law.breaches for law in log.check().laws)
