"""Goal: other records find the orders and executions of FIX logs by second names, and say by which.

Method: FIX logs in which SecondaryClOrdID, OrderID, SecondaryOrderID or SecondaryExecID is what a
list of intents, a ledger or another log knows; verdicts and notes are compared whole.
"""

from __future__ import annotations

from typing import Any

import pytest

from bcsim.checkers.judge import check
from bcsim.history.fix.options import FixOptions
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.fix import read_fix
from bcsim.history.logs.reading import Reading
from bcsim.history.matching import Matching
from bcsim.history.profile import Coverage
from bcsim.history.reconciliation import reconcile
from bcsim.history.ties import Ties
from bcsim.history.writer import MemoryRecorder
from tests.broker_session import broker_logs
from tests.fix_intents import intents
from tests.fix_session import START, FixSession
from tests.mutation.fix_scenario import lines, new, report, trade

BEGIN_NS = int(START.timestamp()) * 10**9
S = 10**9


def filled(order, more="", exec_id="e1"):
    """An order that is entered, accepted and filled; ``more`` stands in all its messages."""
    return lines(
        new(order, 100, more), report("0", "0", 0, 100, order, more=more),
        trade(exec_id, 100, 100, 100, order, more=more),
    )  # fmt: skip


def ledger(*rows):
    """Entries of a ledger that covers the day: columns of each."""
    recorder = MemoryRecorder(
        log_profile(coverage=(Coverage("ledger", BEGIN_NS),), declared_kinds=("book",))
    )
    for row in rows:
        recorder.emit("book", BEGIN_NS + 30 * S, "ledger", qty=100, **row)
    return Reading(recorder.history())


def judged(paths, *others, matching=None, options=None):
    """Verdict of everything, and the notes on joins."""
    found = read_fix(paths, options, others=[one.history for one in others])
    reading = reconcile([found, *others], matching=matching)
    verdicts = check(reading.history).verdicts.as_map()
    notes = [note for note in reading.notes if " are joined to " in note]
    return {name: verdict for name, (verdict, _) in verdicts.items()}, notes


@pytest.fixture
def logs(tmp_path):
    def write(script):
        return FixSession().play(script).write(tmp_path)

    return write


@pytest.mark.parametrize(
    ("more", "word"),
    [("526=front-17", "SecondaryClOrdID"), ("198=front-17", "SecondaryOrderID")],
)
def test_an_intent_by_a_second_name_of_its_order(logs, more, word):
    """Goal: a wish finds its order. Method: the front office's number is only in another tag."""
    notes = [
        f"1 orders of other records are joined to those of FIX by {word}",
        "1 intents are joined to orders by the order's id, which they state",
    ]
    assert judged(logs(filled("A", more)), intents({"front-17": 100})) == (
        {"front-17": "ok"},
        notes,
    )
    verdicts, notes = judged(logs(filled("A", "58=front-17")), intents({"front-17": 100}))
    assert verdicts == {"front-17": "stranded", "A": "phantom"}
    assert not notes


def test_an_intent_that_states_no_order(logs):
    """Goal: the wish's own id will do. Method: intents without an order's id."""
    wishes = intents({"front-17": 100})
    rows = wishes.history.gathered().rows()
    recorder = MemoryRecorder(wishes.history.profile)
    for row in rows:
        stated: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
        del stated["order_id"], stated["seq"]
        recorder.emit(**stated)
    found = judged(logs(filled("A", "526=front-17")), Reading(recorder.history(), is_timed=False))
    assert found[0] == {"front-17": "ok"}


def test_the_own_name_comes_first(logs):
    """Goal: a fallback is one. Method: another order's ClOrdID is this one's second name."""
    script = lines(filled("A", "526=B"), filled("B", exec_id="e2"))
    verdicts, notes = judged(logs(script), intents({"A": 100, "B": 100}))
    assert verdicts == {"A": "ok", "B": "ok"}
    assert notes == ["2 intents are joined to orders by the order's id, which they state"]


def test_an_order_entered_again_under_one_second_name(logs):
    """Goal: a second entry is the same wish's. Method: two ClOrdIDs with one SecondaryClOrdID."""
    again = lines(
        new("A", 100, "526=N"), report("8", "8", 0, 100, "A", more="103=0"), filled("B", "526=N")
    )
    assert judged(logs(again), intents({"N": 100}))[0] == {"N": "recovered"}
    twice = lines(filled("A", "526=N"), filled("B", "526=N", "e2"))
    assert judged(logs(twice), intents({"N": 100}))[0] == {"N": "duplicated"}


@pytest.mark.parametrize(
    ("row", "word", "what"),
    [
        ({"order_id": "V7"}, "OrderID", "orders"),
        ({"order_id": "X7"}, "SecondaryOrderID", "orders"),
        ({"exec_id": "T7"}, "SecondaryExecID", "executions"),
    ],
    ids=str,
)
def test_a_ledger_that_knows_the_venues_names(logs, row, word, what):
    """Goal: entries find their executions. Method: a ledger that books one of two executions."""
    first = filled("A", "198=X7 527=T7").replace("37=1 ", "37=V7 ")
    second = filled("B", exec_id="e2").replace("37=1 ", "37=V8 ")
    wishes = intents({"A": 100, "B": 100})
    verdicts, notes = judged(logs(lines(first, second)), wishes, ledger(row))
    expected = {"A": "ok", "B": "partial"} if what == "executions" else {"A": "ok", "B": "ok"}
    assert verdicts == expected
    assert notes[0] == f"1 {what} of other records are joined to those of FIX by {word}"


def test_a_name_of_two_orders_is_nobodys(logs):
    """Goal: no guess. Method: two orders share the OrderID that the ledger names."""
    script = lines(filled("A"), filled("B", exec_id="e2"))  # both have OrderID 1
    wishes = intents({"A": 100, "B": 100})
    _, notes = judged(logs(script), wishes, ledger({"order_id": "1"}))
    assert notes[0] == (
        "1 names of other records stand for several orders or executions of FIX, and are joined "
        "to none"
    )


def test_a_broker_that_numbers_everything_itself(tmp_path):
    """Goal: legs by SecondaryOrderID, executions by SecondaryExecID. Method: equal fills whose
    reports come in another order on the other leg, one of which the client never gets."""
    half = ("v1", "v2")
    script = lines(
        "1 > D 11=A1 55=ABC 54=1 40=2 44=10 38=100", "2 > D 11=B1 55=ABC 54=1 40=2 44=10 38=100",
        f"2 {report('0', '0', 0, 100, 'B1').replace('37=1 ', '37=V7 ')}",
        f"1 {report('0', '0', 0, 100, 'A1', more='198=V7').replace('37=1 ', '37=G1 ')}",
        *(f"2 {trade(name, 50, 50 * i, 100, 'B1').replace('37=1 ', '37=V7 ')}"
          for i, name in enumerate(half, 1)),
        *(f"1 {trade(f'g{i}', 50, 50 * i, 100, 'A1', more=f'198=V7 527={name}')}".replace(
            "37=1 ", "37=G1 ") for i, name in enumerate(half[::-1], 1)),
    )  # fmt: skip
    options = FixOptions(links_legs=True)
    paths, matching = broker_logs(tmp_path, script), Matching(links=("OrderID",))
    found = read_fix(paths, options, others=[intents({"A1": 100}).history.gathered()])
    reading = reconcile([found, intents({"A1": 100})], matching=matching)
    assert check(reading.history).verdicts.as_map() == {"A1": ("ok", ())}
    rows = list(reading.history.gathered().rows("confirm"))
    assert [row["exec_id"] for row in rows] == ["v2", "v1"]


def test_notes_are_in_order_of_fallback():
    """Goal: nothing found, nothing said. Method: no ties."""
    assert Ties().notes() == ()
