"""Goal: distinct executions are counted once, by the word of whoever is to be believed.

Method: one intent over 100 with reports from several vantage points.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.facts import facts_of
from bcsim.errors import LimitError
from bcsim.history.profile import Coverage
from tests.unit.checkers.log import Log, S


def filled(log: Log) -> int:
    """Executed quantity of the only intent."""
    return int(facts_of(log.history()).fills.most[0])


WITHOUT_VENUE = tuple(Coverage(v) for v in ("client", "oms", "ledger"))


def test_venue_outranks_the_rest():
    """Goal: where the venue was watched, only its reports count. Method: one is missing there."""
    log = Log().wish("I1").fill("I1", 1, "E1", qty=40).fill("I1", 2, "E2", "oms", qty=60)
    assert filled(log) == 40


def test_union_where_the_venue_was_not_watched():
    """Goal: without the venue every report counts, once. Method: two vantage points."""
    log = Log(coverage=WITHOUT_VENUE).wish("I1")
    log.fill("I1", 1, "E1", "oms", qty=40).fill("I1", 1, "E1", "ledger", qty=40)
    assert filled(log.fill("I1", 2, "E2", "ledger", qty=60)) == 100


def test_venue_knows_only_what_it_trades():
    """Goal: a payment executes elsewhere. Method: the venue trades another instrument."""
    log = Log().wish("I1").wish("I2", instrument="THB").fill("I1", 1, "E1")
    log.fill("I2", 1, "P1", "ledger", instrument="THB", qty=100)
    assert facts_of(log.history()).fills.most.tolist() == [100, 100]


def test_witnesses_where_nobody_who_executes_was_watched():
    """Goal: the client's confirmation proves an execution. Method: only the client is watched."""
    log = Log(coverage=(Coverage("client"),)).wish("I1").told("I1", 3, exec_id="E1", qty=100)
    assert filled(log) == 100
    watched = Log().wish("I1").told("I1", 3, exec_id="E1", qty=100)
    assert filled(watched) == 0


def test_executions_without_id():
    """Goal: the n-th nameless report of a vantage point is the n-th execution. Method: two."""
    log = Log(coverage=WITHOUT_VENUE).wish("I1")
    for vantage in ("oms", "ledger"):
        for at_s in (1, 2):
            log.add("execute", at_s, vantage, intent_id="I1", order_id="I1.1", qty=50)
    facts = facts_of(log.history())
    assert (int(facts.fills.most[0]), int(facts.fills.executions[0])) == (100, 2)


def test_size_left_out():
    """Goal: an execution that states no size is of the whole. Method: no qty in the report."""
    assert filled(Log().wish("I1").fill("I1", 1, "E1", qty=None)) == 100


def test_amounts():
    """Goal: a wish in money is held against money. Method: two amounts of one wish."""
    log = Log().wish("I1", qty=None, amount=500)
    log.fill("I1", 1, "E1", qty=7, amount=200).fill("I1", 2, "E2", qty=9, amount=300)
    assert filled(log) == 500


def test_bust_and_correction():
    """Goal: busts take away, corrections replace. Method: three executions, one of each."""
    log = Log().wish("I1")
    for number in (1, 2, 3):
        log.fill("I1", number, f"E{number}", qty=30)
    log.add("bust", 4, "venue", ref="E1").add("correct", 5, "venue", ref="E2", qty=10, price=7)
    facts = facts_of(log.history())
    executions = facts.executions
    assert int(facts.fills.most[0]) == 40
    assert executions.is_busted.tolist() == [True, False, False]
    assert executions.integer("price").tolist()[1] == 7


def test_bust_in_the_ledger_takes_back_an_entry_only():
    """Goal: who only books cannot undo an execution. Method: bust it in the ledger."""
    log = Log().wish("I1").fill("I1", 1, "E1").add("book", 2, "ledger", exec_id="E1", qty=100)
    assert filled(log.add("bust", 3, "ledger", ref="E1")) == 100


def test_legs():
    """Goal: least and most over the legs that others show. Method: a leg missing, a leg twice."""
    log = Log()
    for intent in ("I1", "I2", "I3"):
        log.wish(intent)
    for at_s, (intent, leg) in enumerate(
        (("I1", 5), ("I1", 9), ("I2", 5), ("I3", 5), ("I3", 9), ("I3", 9))
    ):
        log.fill(intent, 1 + at_s, f"{intent}-{leg}-{at_s}", leg=leg)
    fills = facts_of(log.history()).fills
    assert fills.least.tolist() == [100, 0, 100]
    assert fills.most.tolist() == [100, 100, 200]


def test_whole_step_counts_on_every_leg():
    """Goal: a manual execution without legs is whole. Method: beside one with legs."""
    log = Log().wish("I1").wish("I2").fill("I1", 1, "A", leg=0).fill("I1", 2, "B", leg=1)
    assert facts_of(log.fill("I2", 3, "C").history()).fills.least.tolist() == [100, 100]


def test_too_many_legs():
    """Goal: a column misused for something else is refused. Method: 17 legs."""
    log = Log().wish("I1")
    for leg in range(17):
        log.fill("I1", 1, f"E{leg}", leg=leg)
    with pytest.raises(LimitError, match="17 legs"):
        facts_of(log.history())


def test_replaced_size():
    """Goal: an accepted change is the new wish. Method: 100 becomes 60 before the execution."""
    log = Log().wish("I1").add("replace", 1, "venue", intent_id="I1", order_id="I1.1", qty=60)
    log.fill("I1", 2, "E1", qty=60).told("I1", 3, exec_id="E1", qty=60)
    assert log.classes() == {"I1": "ok"}


@pytest.mark.parametrize(("apart_h", "breaches"), [(1, 1), (5, 0)])
def test_an_exec_id_is_of_one_trading_day(apart_h, breaches):
    """Goal: another day's execution of the same id is no contradiction. Method: two orders, an
    hour and five hours apart.
    """
    log = Log(drain_to_ns=20 * 3600 * S).wish("I1").fill("I1", 1, "E1")
    log.wish("I2", apart_h * 3600, qty=50).fill("I2", apart_h * 3600 + 1, "E1", qty=50)
    (law,) = (law for law in log.check().laws if law.name == "exec ids")
    assert law.breaches == breaches
