"""Goal: an overtaken order is one that a later order of its queue passed.

Method: the sorted cumulative minimum against its readable twin, which compares all pairs.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bcsim.checkers.ordering import _overtaken, overtaker
from tests.unit.checkers.log import Log

ORDERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 6)), max_size=12)


@given(ORDERS)
def test_against_all_pairs(orders):
    """Goal: the same orders are overtaken. Method: queue, receipt and execution drawn small."""
    queue, received, executed = (np.array([o[i] for o in orders], dtype=np.int64) for i in range(3))
    naive = [
        any(q == other[0] and r < other[1] and e > other[2] for other in orders)
        for q, r, e in orders
    ]
    assert _overtaken(queue, received, executed).tolist() == naive


def race(**cells) -> Log:
    """I1 is received before I2 and executed after it."""
    log = Log().wish("I1", 0, **cells).wish("I2", 0)
    for intent, at_s in (("I1", 1), ("I2", 2)):
        log.add("acknowledge", at_s, "oms", intent_id=intent, order_id=f"{intent}.1")
    for intent, at_s in (("I2", 3), ("I1", 4)):
        log.fill(intent, at_s, f"E{intent}").told(intent, at_s + 0.1, exec_id=f"E{intent}")
    return log


def test_overtaken_with_proof():
    """Goal: the proof names both orders. Method: two orders of one queue."""
    judgement = race().check()
    assert judgement.verdicts.as_map() == {"I1": ("ok", ("overtaken",)), "I2": ("ok", ())}
    assert judgement.queues is not None
    assert overtaker(judgement.queues, 0) == 1
    assert overtaker(judgement.queues, 1) == -1
    assert judgement.findings[0].proof == (
        "I1 (buy 100 ABC) was acknowledged at 00:00:01.000 (seq 4, oms) and was executed at "
        "00:00:04.000 (seq 8, venue), after I2 (buy 100 ABC), which was acknowledged at "
        "00:00:02.000 (seq 5, oms) and was executed at 00:00:03.000 (seq 6, venue)."
    )
    assert judgement.findings[0].events == (4, 8, 5, 6)


def test_received_elsewhere():
    """Goal: receipts at two vantage points cannot be compared. Method: one at the desk."""
    log = Log().wish("I1", 0).wish("I2", 0)
    log.add("acknowledge", 1, "desk", intent_id="I1", order_id="I1.1")
    log.add("acknowledge", 2, "oms", intent_id="I2", order_id="I2.1")
    log.fill("I2", 3, "E2").fill("I1", 4, "E1")
    assert log.check().flags["overtaken"] == 0
