"""Goal: an order that a broker passes on under another name is one order, or unknown.

Method: FIX logs of a bank, a broker and an exchange; A1 of the bank is B1 of the broker. The
verdicts of the bank's wishes are compared whole, with the legs linked by each key and by none.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.fix.options import FixOptions
from bcsim.history.logs.fix import read_fix
from bcsim.history.matching import Matching
from bcsim.history.reconciliation import reconcile
from tests.broker_session import broker_logs
from tests.fix_intents import intents
from tests.mutation.fix_scenario import lines, report, trade

TERMS = "55=ABC 54=1"
LIKE = Matching(("instrument", "side", "qty", "price"), 2_000_000_000, ("business key",))
BY_ORDER_ID = Matching(links=("OrderID",))


def entered(order: str, *, session: int, qty: int = 100, price: int = 10) -> str:
    return f"{session} > D 11={order} {TERMS} 40=2 44={price} 38={qty}"


def passed_on(bank: str, broker: str, order_id: str, qty: int = 100, price: int = 10) -> str:
    """Entered, sent on, acknowledged and executed, with the exchange's OrderID throughout."""
    said = {
        "A": report("0", "0", 0, qty, broker),
        "B": report("0", "0", 0, qty, bank),
        "C": trade(f"v-{broker}", qty, qty, qty, broker),
        "D": trade(f"g-{bank}", qty, qty, qty, bank),  # the broker numbers executions itself
    }
    said = {name: text.replace("37=1 ", f"37={order_id} ") for name, text in said.items()}
    said = {name: text.replace("31=10 ", f"31={price} ") for name, text in said.items()}
    said = {name: text.replace("6=10 ", f"6={price} ") for name, text in said.items()}
    return lines(
        entered(bank, session=1, qty=qty, price=price),
        entered(broker, session=2, qty=qty, price=price),
        f"2 {said['A']}", f"1 {said['B']}", f"2 {said['C']}", f"1 {said['D']}",
    )  # fmt: skip


def judged(folder, script, matching, wishes):
    """Class of every wish and stray, and the notes on legs."""
    options = FixOptions(links_legs="OrderID" in matching.links)
    logs = read_fix(broker_logs(folder, script), options)
    reading = reconcile([logs, intents(wishes)], matching=matching)
    verdicts = check(reading.history).verdicts.as_map()
    notes = [note for note in reading.notes if "orders that a broker" in note]
    return {name: verdict for name, (verdict, _) in verdicts.items()}, notes


@pytest.mark.parametrize(
    ("matching", "key"), [(BY_ORDER_ID, "OrderID"), (LIKE, "business key")], ids=["id", "like"]
)
def test_two_legs_are_one_order(tmp_path, matching, key):
    """Goal: one intent, executed once and told. Method: linked by OrderID, and by likeness."""
    script = lines(passed_on("A1", "B1", "o1"), passed_on("A2", "B2", "o2", 50))
    found, notes = judged(tmp_path, script, matching, {"A1": 100, "A2": 50})
    assert found == {"A1": "ok", "A2": "ok"}
    assert notes == [f"2 orders that a broker sent on are joined to those it received by {key}"]


def test_without_a_link_the_second_leg_is_nobodys(tmp_path):
    """Goal: nothing is guessed unasked. Method: the same logs, no link stated."""
    found, notes = judged(tmp_path, passed_on("A1", "B1", "o1"), Matching(), {"A1": 100})
    assert found["B1"] == "phantom"
    assert notes == []


def test_an_execution_too_many_on_the_second_leg_is_a_duplicate(tmp_path):
    """Goal: the legs are judged together. Method: the exchange executes twice."""
    again = trade("v-again", 100, 200, 100, "B1", "2").replace("37=1 ", "37=o1 ")
    script = lines(passed_on("A1", "B1", "o1"), f"2 {again.replace('151=-100', '151=0')}")
    found, _ = judged(tmp_path, script, BY_ORDER_ID, {"A1": 100})
    assert found == {"A1": "duplicated"}


def test_a_cancel_on_both_legs_is_one_end(tmp_path):
    """Goal: what the client heard on its leg is the end. Method: both legs are cancelled."""
    on = {o: report("0", "0", 0, 100, o).replace("37=1 ", "37=o1 ") for o in ("A1", "B1")}
    off = {o: report("4", "4", 0, 100, o).replace("37=1 ", "37=o1 ") for o in ("A1", "B1")}
    script = lines(
        entered("A1", session=1), entered("B1", session=2), f"2 {on['B1']}", f"1 {on['A1']}",
        f"2 {off['B1']}", f"1 {off['A1']}",
    )  # fmt: skip
    assert judged(tmp_path, script, BY_ORDER_ID, {"A1": 100})[0] == {"A1": "cancelled"}


def test_an_execution_that_the_broker_kept_to_itself_is_unconfirmed(tmp_path):
    """Goal: the exchange executed, the client does not know. Method: no report on leg one."""
    script = "\n".join(passed_on("A1", "B1", "o1").splitlines()[:-1])
    assert judged(tmp_path, script, BY_ORDER_ID, {"A1": 100})[0] == {"A1": "unconfirmed"}


def test_likeness_that_fits_twice_is_unknown(tmp_path):
    """Goal: ambiguous is unknown. Method: two equal orders at once; only one goes on in time."""
    script = lines(
        entered("A1", session=1), entered("A2", session=1),
        entered("B1", session=2), entered("B2", session=2),
        *(f"2 {report('0', '0', 0, 100, o)}" for o in ("B1", "B2")),
        *(f"1 {report('0', '0', 0, 100, o)}" for o in ("A1", "A2")),
        f"2 {trade('v1', 100, 100, 100, 'B1')}", f"1 {trade('g1', 100, 100, 100, 'A1')}",
    )  # fmt: skip
    found, notes = judged(tmp_path, script, LIKE, {"A1": 100, "A2": 100})
    assert set(found.values()) == {"indeterminate"}
    (note,) = notes
    assert note.endswith("by business key; 4 have several candidates, and stay unknown")


def test_likeness_ends_with_the_time(tmp_path):
    """Goal: too late is another order. Method: the broker sends on after three seconds."""
    parts = passed_on("A1", "B1", "o1").splitlines()
    script = lines(parts[0], "2 + 3", *parts[1:])
    assert judged(tmp_path, script, LIKE, {"A1": 100})[1] == [
        "0 orders that a broker sent on are joined to those it received by business key"
    ]
