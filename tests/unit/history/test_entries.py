"""Goal: entries that name no execution find theirs by terms and time, or stay unknown.

Method: FIX logs of some fills and a ledger without ExecIDs; verdicts and the note are compared.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.fix import read_fix
from bcsim.history.logs.reading import Reading
from bcsim.history.matching import Matching
from bcsim.history.profile import Coverage
from bcsim.history.reconciliation import reconcile
from bcsim.history.writer import MemoryRecorder
from tests.fix_intents import intents
from tests.fix_session import START, FixSession
from tests.mutation.fix_scenario import lines, new, report, trade

S = 10**9
BEGIN_NS = int(START.timestamp()) * S
KEY = Matching(execution_terms=("instrument", "qty"), execution_within_ns=5 * S)


def filled(order, *fills):
    """An order executed in parts, each with an ExecID of its own."""
    size, done, said = (
        sum(fills),
        0,
        [new(order, sum(fills)), report("0", "0", 0, sum(fills), order)],
    )
    for number, fill in enumerate(fills):
        done += fill
        said.append(trade(f"{order}{number}", fill, done, size, order))
    return lines(*said)


def ledger(*entries):
    """Entries (seconds after the beginning, quantity, further columns) of a ledger."""
    recorder = MemoryRecorder(
        log_profile(coverage=(Coverage("ledger", BEGIN_NS),), declared_kinds=("book",))
    )
    for at_s, qty, more in entries:
        terms = {"instrument": "ABC", "qty": qty, **more}
        recorder.emit("book", BEGIN_NS + int(at_s * S), "ledger", **terms)
    return Reading(recorder.history())


@pytest.fixture
def judged(tmp_path):
    def judge(script, wishes, *entries, matching=KEY):
        found = read_fix(FixSession().play(script).write(tmp_path))
        reading = reconcile([found, intents(wishes), ledger(*entries)], matching=matching)
        verdicts = check(reading.history).verdicts.as_map()
        notes = [note for note in reading.notes if "without an ExecID" in note]
        counts = [[word for word in note.split() if word.isdigit()] for note in notes]
        return {name: verdict for name, (verdict, _) in verdicts.items()}, *counts

    return judge


TWO = lines(filled("A", 100), filled("B", 200))
WISHES = {"A": 100, "B": 200}


def test_each_entry_finds_its_execution(judged):
    """Goal: joined, and what is missing is missed. Method: both booked; then one."""
    assert judged(TWO, WISHES, (1, 100, {}), (2, 200, {})) == (
        {"A": "ok", "B": "ok"}, ["2", "0", "0"]
    )  # fmt: skip
    assert judged(TWO, WISHES, (1, 100, {})) == ({"A": "ok", "B": "partial"}, ["1", "0", "0"])


def test_entries_may_have_orders_of_their_own(judged):
    """Goal: the ledger's own numbers do not matter. Method: an order id that nobody else has."""
    found = judged(TWO, WISHES, (1, 100, {"order_id": "L1"}), (2, 200, {"order_id": "L2"}))
    assert found == ({"A": "ok", "B": "ok"}, ["2", "0", "0"])


def test_two_that_are_alike_are_unknown(judged):
    """Goal: no guess. Method: equal fills of two orders, of which one is booked."""
    script = lines(filled("A", 100), filled("B", 100))
    found = judged(script, {"A": 100, "B": 100}, (1, 100, {}))
    assert found == ({"A": "indeterminate", "B": "indeterminate"}, ["0", "1", "0"])


def test_equal_fills_of_one_order(judged):
    """Goal: it makes no difference which is whose, but how many. Method: two, one and three
    entries for two equal fills."""
    script, wish = filled("A", 100, 100), {"A": 200}
    two = judged(script, wish, (1, 100, {}), (2, 100, {}))
    assert two == ({"A": "ok"}, ["2", "0", "0"])
    for count in (1, 3):
        found = judged(script, wish, *((n, 100, {}) for n in range(count)))
        assert found == ({"A": "indeterminate"}, ["0", str(count), "0"])


def test_what_does_not_fit(judged):
    """Goal: near and equal, or not at all. Method: too late, another size, not asked for."""
    booked: tuple[int, int, dict[str, str]] = (1, 100, {})
    assert judged(TWO, WISHES, booked, (9, 200, {})) == (
        {"A": "ok", "B": "partial"}, ["1", "0", "1"]
    )  # fmt: skip
    assert judged(TWO, WISHES, booked, (1, 150, {})) == (
        {"A": "ok", "B": "partial"}, ["1", "0", "1"]
    )  # fmt: skip
    assert judged(TWO, WISHES, booked, matching=Matching()) == ({"A": "ok", "B": "ok"},)


def test_ids_go_first(judged):
    """Goal: likeness only where there is no id. Method: one entry names the execution, one the
    order; the third is like both and of neither."""
    script = lines(filled("A", 100), filled("B", 100))
    wishes = {"A": 100, "B": 100}
    found = judged(script, wishes, (1, 100, {"exec_id": "A0"}), (1, 100, {}))
    assert found == ({"A": "ok", "B": "ok"}, ["1", "0", "0"])
    named = (1, 100, {"order_id": "A"})
    assert judged(script, wishes, named)[1] == ["0", "0", "0"]
