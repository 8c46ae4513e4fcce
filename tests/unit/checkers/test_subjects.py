"""Goal: every row finds its intent and order. Method: histories with one kind of link each."""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.checkers.case import case_of
from tests.unit.checkers.log import Log


def subjects_of(log: Log):
    return case_of(log.history()).subjects


def owners(log: Log) -> list[str | None]:
    """Name of the subject of each row."""
    subjects = subjects_of(log)
    return [None if s < 0 else subjects.names[int(s)] for s in subjects.of_row]


def test_links():
    """Goal: order, key, parent chain and execution lead to the intent. Method: one row each."""
    log = Log().add("intend", 0, intent_id="I1", order_id="A", idem_key="k")
    log.add("submit", 1, order_id="A").add("route", 2, "oms", order_id="B", idem_key="k")
    log.add("submit", 3, order_id="C", parent_id="B").add("submit", 4, order_id="D", parent_id="C")
    log.add("execute", 5, "venue", order_id="D", exec_id="E").add("book", 6, "ledger", exec_id="E")
    log.add("bust", 7, "venue", ref="E").add("fault_on", 8, "infrastructure", component="x")
    assert owners(log) == ["I1"] * 8 + [None]


def test_strays():
    """Goal: what leads nowhere is a subject of its own. Method: an order, and an execution."""
    log = Log().add("intend", 0, intent_id="I1").add("submit", 1, order_id="X")
    log.add("execute", 2, "venue", exec_id="E").add("confirm", 3, exec_id="E")
    assert owners(log) == ["I1", "X", "E", None]


def test_names_do_not_clash():
    """Goal: a stray with the id of an intent is told apart. Method: both are called A."""
    log = Log().add("intend", 0, intent_id="A").add("submit", 1, order_id="A")
    subjects = subjects_of(log)
    assert list(subjects.names) == ["A", "order A"]
    assert subjects.names[-1] == "order A"
    assert subjects.names[0:2] == ["A", "order A"]
    assert [subjects.names.number_of(name) for name in subjects.names] == [0, 1]
    with pytest.raises(KeyError):
        subjects.names.number_of("B")


def test_names_come_all_at_once_as_one_by_one():
    """Goal: a million names are not asked for singly. Method: intents, strays, a clash, Thai."""
    log = Log().add("intend", 0, intent_id="A").add("intend", 0, intent_id="กขค")
    log.add("submit", 1, order_id="A").add("submit", 2, order_id="X")
    log.add("execute", 3, "venue", exec_id="E").add("execute", 4, "venue", exec_id="A")
    names = subjects_of(log).names
    expected = ["A", "กขค", "order A", "X", "E", "execution A"]
    assert [names[i] for i in range(len(names))] == expected
    assert list(names) == names.utf8().to_list() == names[:] == expected
    assert names.take(np.array([5, 1])).to_list() == ["execution A", "กขค"]
    assert [names.number_of(name) for name in expected] == list(range(6))


def test_orders():
    """Goal: the order that counts is the one seen first last. Method: two entries, and none."""
    log = Log().add("intend", 0, intent_id="I1").add("intend", 0, intent_id="I2")
    log.add("submit", 1, intent_id="I1", order_id="A").add(
        "submit", 2, intent_id="I1", order_id="B"
    )
    log.add("acknowledge", 3, "oms", intent_id="I1", order_id="A")
    log.add("notify", 4, intent_id="I1")
    subjects = subjects_of(log)
    assert subjects.orders_of.tolist() == [2, 1]
    assert subjects.last_order.tolist() == [1, 2]  # B, and the order that I2 never had
    assert subjects.order_of_row.tolist() == [1, 2, 0, 1, 0, 1]


def test_other_side_belongs_to_nobody():
    """Goal: the market's side is no stray. Method: it shares order and execution with ours."""
    log = Log().wish("I1").fill("I1", 1, "E")
    log.add("execute", 1, "venue", order_id="I1.1", exec_id="E", client_id="market", side="sell")
    assert owners(log) == ["I1", "I1", "I1", None]


def test_numbering_follows_time():
    """Goal: subjects stand in order of appearance. Method: ids that sort the other way."""
    log = Log().add("submit", 1, order_id="x").wish("I9", 2).wish("I1", 3)
    assert list(subjects_of(log).names) == ["I9", "I1", "x"]
