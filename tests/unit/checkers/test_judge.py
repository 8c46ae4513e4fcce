"""Goal: the judgement as a whole: counts, proofs, document, crashes, odd histories.

Method: short histories, and checkers that are made to crash.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from bcsim.checkers import judge, ruling
from bcsim.checkers.base import LawStatus
from bcsim.checkers.catalogue import CATALOGUE
from bcsim.checkers.judgement import OrderCounts
from bcsim.history.history import History
from bcsim.history.profile import LIVE_TEST_LOG, SIMULATION, Profile
from bcsim.history.verdict import CLASSES, FLAGS, Flag
from bcsim.history.writer import MemoryRecorder
from tests.unit.checkers.log import Log


def good() -> Log:
    return Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1", qty=100)


def bad() -> Log:
    """I1 is fine, I2 was forgotten, I3 was executed twice."""
    log = good().wish("I2", 3).told("I2", 4, "acknowledge").wish("I3", 5)
    return log.fill("I3", 6, "E2").fill("I3", 7, "E3")


def test_counts_have_every_class():
    """Goal: a new class cannot be forgotten. Method: fields against the enumeration."""
    assert [field.name for field in fields(OrderCounts)] == [
        "intended",
        *(c.value for c in CLASSES),
    ]


def test_judgement():
    """Goal: the whole result. Method: every field of a judgement on three intents."""
    judgement = bad().check()
    assert judgement.outcome.value == "fail"
    assert judgement.orders == OrderCounts(intended=3, ok=1, lost=1, duplicated=1)
    assert (judgement.orders.failing, judgement.known_losses) == (2, 0)
    assert judgement.flags == {flag.value: 0 for flag in FLAGS if flag is not Flag.SLIPPED}
    assert judgement.unjudged == {"slipped": "no execution reports a price"}
    assert judgement.further_counts == {"unconfirmed": 1}
    assert [(f.name, f.count, f.first) for f in judgement.findings] == [
        ("duplicated", 1, "I3"),
        ("lost", 1, "I2"),
        ("law: quantity", 1, ""),
    ]
    assert judgement.conservation["quantity"] is LawStatus.BROKEN
    assert judgement.unknown_reasons == ()


def test_proofs():
    """Goal: one sentence with time, sequence and vantage. Method: three classes, word by word."""
    judgement = bad().check()
    assert judgement.proof("I1") == (
        "I1 (buy 100 ABC) was executed at 00:00:01.000 (seq 2, venue) as wished and the client was"
        " told at 00:00:02.000 (seq 3, client)."
    )
    assert judgement.proof("I2") == (
        "I2 (buy 100 ABC) was acknowledged at 00:00:04.000 (seq 6, client), and no execution,"
        " rejection, cancellation or expiry of it is seen until 00:01:40.000; the last trace of it"
        " is 'acknowledge' at 00:00:04.000 (seq 6, client)."
    )
    assert judgement.proof("I3") == (
        "I3 (buy 100 ABC) was executed at 00:00:06.000 (seq 9, venue) and at 00:00:07.000 (seq 10,"
        " venue): 200 in all, and 100 was wished."
    )
    assert judge.proof(bad().history(), "I3") == judgement.proof("I3")
    assert judgement.proofs("lost", 5) == [("I2", judgement.proof("I2"))]
    assert judgement.members("overtaken").tolist() == []
    with pytest.raises(KeyError):
        judgement.proof("nobody")
    with pytest.raises(KeyError):
        judgement.members("nonsense")


def test_worst_is_the_one_with_most_at_stake():
    """Goal: first, worst and last are told apart. Method: three losses of other sizes."""
    log = Log()
    for number, size in enumerate((10, 90, 50)):
        log.wish(f"I{number}", number, qty=size).told(f"I{number}", number, "acknowledge")
    (finding,) = log.check().findings
    assert (finding.count, finding.first, finding.worst, finding.last) == (3, "I0", "I1", "I2")


def test_document():
    """Goal: check --json is JSON and whole. Method: its keys, and the provenance."""
    judgement = bad().check()
    document = json.loads(json.dumps(judgement.to_document()))
    assert sorted(document) == [
        "bcsim",
        "conservation",
        "findings",
        "flags",
        "further",
        "kind",
        "known_losses",
        "orders",
        "outcome",
        "provenance",
        "services",
        "unknown",
    ]
    assert document["orders"]["duplicated"] == 1
    assert document["provenance"]["history_root"] == judgement.docket.root
    assert document["findings"][1]["proof"] == judgement.proof("I2")


@pytest.mark.parametrize("crashing", [entry.name for entry in CATALOGUE])
def test_checker_that_crashes_is_never_a_pass(monkeypatch, crashing):
    """Goal: a crash is unknown, with its error. Method: each checker in turn, on a good day."""

    def crash(_facts):
        raise ZeroDivisionError("by nothing")

    broken = tuple(
        replace(entry, check=crash) if entry.name == crashing else entry for entry in CATALOGUE
    )
    monkeypatch.setattr(ruling, "CATALOGUE", broken)
    judgement = good().check()
    assert judgement.outcome.value == "unknown"
    reason = f"checker {crashing} crashed: ZeroDivisionError: by nothing"
    assert reason in judgement.unknown_reasons
    statuses = set(judgement.conservation.values())
    has_laws = {entry.name for entry in CATALOGUE if entry.laws}
    assert (LawStatus.UNKNOWN in statuses) == (crashing in has_laws)


def test_proved_failure_survives_a_crash(monkeypatch):
    """Goal: what is proved stays proved. Method: timeliness crashes on the bad day."""

    def crash(_facts):
        raise ValueError

    broken = tuple(
        replace(entry, check=crash) if entry.name == "timeliness" else entry for entry in CATALOGUE
    )
    monkeypatch.setattr(ruling, "CATALOGUE", broken)
    judgement = bad().check()
    assert judgement.outcome.value == "fail"
    assert (judgement.orders.lost, judgement.orders.indeterminate) == (1, 1)


def test_empty_history():
    """Goal: nothing recorded is nothing known. Method: no rows, with and without a profile."""
    nothing = MemoryRecorder(Profile()).history()
    judgement = judge.check(nothing)
    assert (judgement.outcome.value, judgement.orders) == ("unknown", OrderCounts())
    assert judgement.unknown_reasons[0] == judge.NO_ORDERS


@pytest.mark.parametrize("kind", [SIMULATION, LIVE_TEST_LOG])
def test_history_without_orders(kind):
    """Goal: a plan that nobody put to the test has not passed. Method: watched, and one fault."""
    for log in (Log(kind=kind), Log(kind=kind).add("fault_on", 1, "infrastructure")):
        judgement = log.check()
        assert (len(judgement.verdicts), judgement.outcome.value) == (0, "unknown")
        assert judgement.unknown_reasons == (judge.NO_ORDERS,)


def test_log_of_which_nothing_is_known():
    """Goal: a foreign file's good day is no pass. Method: the same rows, with and without."""
    known = good().history()
    assert judge.check(known).outcome.value == "pass"
    foreign = judge.check(History(known.columns, Profile(kind=LIVE_TEST_LOG)))
    assert (foreign.outcome.value, foreign.orders.failing) == ("unknown", 0)
    assert foreign.to_document()["kind"] == "live test log"


def test_proof_of_what_happened_often():
    """Goal: a proof says what it counts. Method: one order, executed six times."""
    log = Log().wish("I1")
    for number in range(6):
        log.fill("I1", 1 + number, f"E{number}")
    assert log.check().proof("I1") == (
        "I1 (buy 100 ABC) was executed at 00:00:01.000 (seq 2, venue) and at 00:00:02.000 (seq 3,"
        " venue) and at 00:00:03.000 (seq 4, venue) and 3 times more (6 in all): 600 in all, and"
        " 100 was wished."
    )


def test_proof_of_an_overtaken_order():
    """Goal: it names the two events that decide. Method: the later order has two fills."""
    log = Log().wish("I1").wish("I2", 1)
    for number, intent in ((0, "I1"), (1, "I2")):
        log.add("acknowledge", 2 + number, "oms", intent_id=intent, order_id=f"{intent}.1")
    log.fill("I2", 4, "E1", qty=60).fill("I1", 5, "E2").fill("I2", 6, "E3", qty=40)
    ((_, sentence),) = log.check().proofs("overtaken", 9)
    assert sentence == (
        "I1 (buy 100 ABC) was acknowledged at 00:00:02.000 (seq 4, oms) and was executed at"
        " 00:00:05.000 (seq 7, venue), after I2 (buy 100 ABC), which was acknowledged at"
        " 00:00:03.000 (seq 5, oms) and was first executed at 00:00:04.000 (seq 6, venue)."
    )


def test_clock():
    """Goal: wall clock where the start is known, a readable count where not. Method: both."""
    started = Log(start="2026-11-22T09:00:00.5").wish("I1").check()
    assert "until 2026-11-22 09:01:40.500;" in started.proof("I1")
    odd = Log(start="early").wish("I1", 0.000000001).check()
    assert "at 00:00:00.000000001 (seq 1, client)" in odd.proof("I1")
