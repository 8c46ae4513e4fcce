"""Goal: late, recovered, definite ends and every flag are named when, and only when, they hold.

Method: as in ``test_classes.py``: one defect on the clean day, the whole judgement compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bcsim.history.profile import CutOff
from tests.mutation.day import MS, Day, Row, S, clean_day, intent_of
from tests.mutation.judged import assert_judged, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


def delayed(day: Day, intent: str, by_ns: int, *kinds: str, vantage: str | None = None) -> Day:
    """Some events of an intent happen later; with the other side of its executions."""
    executions = {day.rows[i]["exec_id"] for i in day.find(intent) if day.rows[i].get("exec_id")}

    def delay(row: Row) -> Row:
        mine = row.get("intent_id") == intent or row.get("exec_id") in executions
        if mine and row["kind"] in kinds and vantage in {None, row["vantage"]}:
            return {**row, "time_ns": int(row["time_ns"] or 0) + by_ns}
        return row

    return day.map(delay)


EXECUTION = ("execute", "book", "confirm", "settle")


# -- late ------------------------------------------------------------------------------------


def test_executed_after_the_deadline(day):
    """Goal: late, and only late. Method: the execution comes 6 s later, the deadline is 5 s."""
    judgement = assert_judged(
        delayed(day, "I000", 6 * S, *EXECUTION), {"I000": verdict("late")}, "late only"
    )
    assert judgement.findings[0].worst == "I000"


def test_executed_in_time_but_told_after_the_deadline(day):
    """Goal: the deadline is kept when the client knows. Method: only the message is late."""
    spoiled = delayed(day, "I000", 4_950 * MS, "confirm")
    spoiled = spoiled.with_profile(
        obligations=tuple(o for o in day.profile.obligations if o.name != "confirm")
    )
    assert_judged(spoiled, {"I000": verdict("late")}, "late only")


def test_refused_after_the_deadline(day):
    """Goal: a late refusal is late. Method: tell it 6 s later; acknowledging is no duty here."""
    spoiled = delayed(day, "I003", 6 * S, "reject").with_profile(obligations=(), cut_offs=())
    day_of = {
        intent_of(n): verdict("indeterminate")
        for n in range(240)
        if n % 12 in {2, 4, 5, 9, 11}  # limit orders have no deadline, and nothing else is due
    }
    changes = {**day_of, "I003": verdict("late")}
    assert_judged(spoiled, changes, "unknown", services={"securities": None}, unknown=2)


@pytest.mark.parametrize(
    ("intent", "kind", "by_ns"),
    [
        ("I004", "acknowledge", 1 * S),
        ("I002", "confirm", 2 * S),
        ("I000", "settle", 5 * S),
        ("I001", "book", 2 * S),
    ],
)
def test_obligation_missed(day, intent, kind, by_ns):
    """Goal: every obligation is held. Method: the event comes later than it allows."""
    spoiled = delayed(day, intent, by_ns, kind)
    assert_judged(spoiled, {intent: verdict("late")}, "late only")


def test_execution_obligation_missed(day):
    """Goal: execution within 30 s on the phone. Method: no deadline, executed after 31 s."""
    spoiled = delayed(day, "I001", 31 * S, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find("I001", kind="intend"), deadline_ns=None)
    assert_judged(spoiled, {"I001": verdict("late", "overtaken")}, "late only")


def test_limit_order_waits_for_its_price(day):
    """Goal: an obligation to execute binds no limit order. Method: I011 executes after 31 s."""
    assert_judged(delayed(day, "I011", 31 * S, *EXECUTION), {}, "pass")


def test_cut_off_missed(day):
    """Goal: wished before the cut-off, accepted after it. Method: accept I092 after 101 s."""
    spoiled = delayed(day, "I092", 9 * S, "acknowledge", vantage="oms")
    assert_judged(spoiled, {"I092": verdict("late")}, "late only")


def due(day: Day, deadline_ns: int | None, cut_off_ns: int) -> Day:
    """I092, wished at 92 s and accepted 20 ms later, with another deadline and cut-off."""
    spoiled = day.alter(day.find("I092", kind="intend"), deadline_ns=deadline_ns)
    return spoiled.with_profile(cut_offs=(CutOff("XYZ", cut_off_ns),))


def test_deadline_that_hangs_on_the_cut_off(day):
    """Goal: one promise is judged once. Method: accepted after the cut-off, before the deadline.

    The deadline lies behind the cut-off; executed before it, after it, and with none at all.
    """
    accepted_ns = 92 * S + 20 * MS
    spoiled = delayed(due(day, 130 * S, 100 * S), "I092", 9 * S, "acknowledge", vantage="oms")
    assert_judged(spoiled, {}, "pass")
    executed = delayed(spoiled, "I092", 40 * S, *EXECUTION)
    assert_judged(executed, {"I092": verdict("late", "overtaken")}, "late only")
    spoiled = delayed(due(day, None, 100 * S), "I092", 9 * S, "acknowledge", vantage="oms")
    judgement = assert_judged(spoiled, {"I092": verdict("late")}, "late only")
    assert "its acceptance was due by 00:01:40.000" in judgement.proof("I092")
    assert_judged(due(day, None, accepted_ns), {}, "pass")


def test_wished_in_the_last_moment_before_the_cut_off(day):
    """Goal: a wish has the time of an answer. Method: cut-off 10 ms after it, then none promised.

    A wish at the cut-off itself has missed it and is for the next one.
    """
    spoiled = due(day, None, 92 * S + 10 * MS)
    assert_judged(spoiled, {}, "pass")
    hurried = spoiled.with_profile(
        obligations=tuple(o for o in spoiled.profile.obligations if o.name != "acknowledge"),
        allows=("no-deadline",),
    )
    assert_judged(hurried, {"I092": verdict("late")}, "late only")
    missed = hurried.with_profile(cut_offs=(CutOff("XYZ", 92 * S),))
    assert_judged(missed, {}, "pass")


def test_confirmation_that_was_slowest(day):
    """Goal: a proof names times that were. Method: the first of two fills is confirmed late."""
    first = day.find("I002", kind="confirm", exec_id="E-O002-1")
    spoiled = day.alter(first, time_ns=5_100 * MS)
    judgement = assert_judged(spoiled, {"I002": verdict("late")}, "late only")
    assert judgement.proof("I002").endswith(
        "but its confirmation was due by 00:00:04.060 and came at 00:00:05.100, 1.04 s late."
    )


def test_deadline_after_the_drain_is_not_judged(day):
    """Goal: what falls due later is not late. Method: executed at 60 s, due after the end."""
    spoiled = delayed(day, "I000", 60 * S, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find("I000", kind="intend"), deadline_ns=301 * S)
    assert_judged(spoiled, {"I000": verdict("ok", "overtaken")}, "pass")


# -- recovered -------------------------------------------------------------------------------


def test_client_lost_its_patience(day):
    """Goal: recovered. Method: the client sends the order again before it is acknowledged."""
    (submit,) = day.find("I000", kind="submit")
    spoiled = day.copy(submit, 5 * MS, kind="resend", attempt=1)
    assert_judged(spoiled, {"I000": verdict("recovered")}, "pass")


def test_client_was_refused_first(day):
    """Goal: a refusal that was put right is recovered. Method: refuse before confirming."""
    (confirm,) = day.find("I000", kind="confirm")
    spoiled = day.copy(confirm, -10 * MS, kind="reject", exec_id=None, reason="timeout")
    assert_judged(spoiled, {"I000": verdict("recovered")}, "pass")


def test_recovered_too_late(day):
    """Goal: late comes first. Method: recovered, and the execution 6 s later."""
    spoiled = delayed(day, "I000", 6 * S, *EXECUTION)
    (submit,) = spoiled.find("I000", kind="submit")
    spoiled = spoiled.copy(submit, 5 * MS, kind="resend", attempt=1)
    judgement = assert_judged(spoiled, {"I000": verdict("late")}, "late only")
    assert judgement.further_counts == {"recovered": 1}


# -- definite ends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"), [("reject", "rejected"), ("cancel", "cancelled"), ("bust", "cancelled")]
)
def test_other_end(day, kind, name):
    """Goal: the class is that of the end. Method: I004 ends otherwise than by expiry."""
    spoiled = day.alter(day.find("I004", kind="expire"), kind=kind)
    assert_judged(spoiled, {"I004": verdict(name)}, "pass")


def test_busted_and_told(day):
    """Goal: a bust that was told is a definite end. Method: bust the only execution."""
    (ours,) = day.find("I000", kind="execute", vantage="venue")
    bust = {"kind": "bust", "exec_id": None, "ref": "E-O000-1"}
    spoiled = day.copy(ours, 500 * MS, **bust).copy(ours, 520 * MS, vantage="client", **bust)
    assert_judged(spoiled, {"I000": verdict("cancelled")}, "pass")
    untold = day.copy(ours, 500 * MS, **bust)
    assert_judged(untold, {"I000": verdict("unconfirmed")}, "fail")


def test_corrected(day):
    """Goal: a correction changes what was executed. Method: a wrong account, put right."""
    found = day.find("I000", kind="execute", vantage="venue")
    spoiled = day.alter(found, account="A999")
    (ours,) = spoiled.find("I000", kind="execute", vantage="venue")
    spoiled = spoiled.copy(
        ours, 500 * MS, kind="correct", exec_id=None, ref="E-O000-1", account="A0"
    )
    assert_judged(spoiled, {}, "pass")


# -- flags -----------------------------------------------------------------------------------


def test_overtaken(day):
    """Goal: receipt order broken. Method: I000 executes after I008 of the same queue."""
    spoiled = delayed(day, "I000", 8_500 * MS, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find("I000", kind="intend"), deadline_ns=20 * S)
    assert_judged(spoiled, {"I000": verdict("ok", "overtaken")}, "pass")


@pytest.mark.parametrize(
    "cells", [{"side": "sell"}, {"priority": 5}, {"instrument": "XYZ"}, {"ord_type": "limit"}]
)
def test_not_overtaken_from_another_queue(day, cells):
    """Goal: queues do not mix. Method: as above, but I000 stands in a queue of its own."""
    spoiled = delayed(day, "I000", 8_500 * MS, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find("I000"), **cells)
    other = {**cells, "side": "buy"} if "side" in cells else cells
    spoiled = spoiled.alter(spoiled.find(exec_id="E-O000-1", client_id="market"), **other)
    spoiled = spoiled.alter(spoiled.find("I000", leg=1), side="debit")
    spoiled = spoiled.alter(spoiled.find("I000", leg=2), side="credit")
    spoiled = spoiled.alter(spoiled.find("I000", kind="intend"), deadline_ns=20 * S)
    assert_judged(spoiled, {}, "pass")


def test_held_by_a_control_is_not_overtaken(day):
    """Goal: an order with a reason of its own to wait is not overtaken. Method: a control."""
    spoiled = delayed(day, "I000", 8_500 * MS, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find("I000", kind="intend"), deadline_ns=20 * S)
    (passed,) = spoiled.find("I000", subject="limits")
    spoiled = spoiled.copy(passed, -5 * MS, kind="control_fail")
    assert_judged(spoiled, {}, "pass")


def test_acknowledged_then_unknown(day):
    """Goal: ack_regressed. Method: a cancel is refused because the order is unknown."""
    (told,) = day.find("I000", kind="acknowledge", vantage="client")
    spoiled = day.copy(told, 300 * MS, kind="cancel_reject", reason="unknown")
    assert_judged(spoiled, {"I000": verdict("ok", "ack_regressed")}, "pass")
    too_late = day.copy(told, 300 * MS, kind="cancel_reject", reason="too late")
    assert_judged(too_late, {}, "pass")


def test_accepted_twice(day):
    """Goal: ack_regressed only after a switch. Method: accept again, with a failover or not."""
    (accepted,) = day.find("I000", kind="acknowledge", vantage="oms")
    again = day.copy(accepted, 300 * MS)
    assert_judged(again, {}, "pass")
    failover: Row = {"kind": "failover", "time_ns": 200 * MS, "vantage": "infrastructure"}
    spoiled = again.add({**failover, "component": "oms"})
    assert_judged(spoiled, {"I000": verdict("ok", "ack_regressed")}, "pass")


@pytest.mark.parametrize("kind", ["control_skip", "control_fail"])
def test_control_not_passed(day, kind):
    """Goal: control_bypassed. Method: the control is skipped or fails, the order executes."""
    spoiled = day.alter(day.find("I000", subject="limits"), kind=kind)
    assert_judged(spoiled, {"I000": verdict("ok", "control_bypassed")}, "pass")


@pytest.mark.parametrize(
    ("taken_up", "put_right_ms", "flags"),
    [
        ("limits", 2, ["repaired"]),
        ("suitability", 2, ["control_bypassed", "repaired"]),
        (None, 2, ["control_bypassed", "repaired"]),
        ("limits", 60_000, ["control_bypassed", "repaired"]),
    ],
)
def test_control_that_people_have_answered(day, taken_up, put_right_ms, flags):
    """Goal: an order that was stopped and put right has passed. Method: a control fails, people
    take that up, or something else, or nothing, and put it right before or after the execution."""
    (stopped,) = day.find("I000", subject="limits")
    spoiled = day.alter([stopped], kind="control_fail")
    if taken_up is not None:
        spoiled = spoiled.copy(stopped, 1 * MS, kind="reconcile", subject=taken_up)
    spoiled = spoiled.copy(stopped, put_right_ms * MS, kind="repair", subject="correct")
    assert_judged(spoiled, {"I000": verdict("ok", *flags)}, "pass")


@pytest.mark.parametrize("control", ["limits", "suitability"])
def test_control_without_a_trace(day, control):
    """Goal: silence is a bypass where the control was watched. Method: drop its events."""
    spoiled = day.drop("I000", subject=control)
    assert_judged(spoiled, {"I000": verdict("ok", "control_bypassed")}, "pass")


def test_control_after_the_execution(day):
    """Goal: the control must come first. Method: it passes when all is done."""
    spoiled = delayed(day, "I000", 1 * S, "control_pass")
    assert_judged(spoiled, {"I000": verdict("ok", "control_bypassed")}, "pass")


@pytest.mark.parametrize("kind", ["control_pass", "control_fail"])
def test_control_that_was_made_good_for(day, kind):
    """Goal: that it was left out stays, and is the proof. Method: it is done a minute later."""
    (due,) = day.find("I000", subject="limits")
    spoiled = day.alter([due], kind="control_skip")
    spoiled = spoiled.copy(due, 60 * S, kind=kind, ref="back-entry")
    judgement = assert_judged(spoiled, {"I000": verdict("ok", "control_bypassed")}, "pass")
    (proof,) = [found.proof for found in judgement.findings if found.name == "control_bypassed"]
    assert proof.endswith("limits did not pass: control_skip at 00:00:00.010 (seq 2, risk).")


def test_unsuitable(day):
    """Goal: unsuitable. Method: the suitability control fails, yet the order executes."""
    spoiled = day.alter(day.find("I000", subject="suitability"), kind="control_fail")
    changes = {"I000": verdict("ok", "control_bypassed", "unsuitable")}
    assert_judged(spoiled, changes, "pass")


@pytest.mark.parametrize(("price", "flags"), [(1_010, ["slipped"]), (1_000, []), (950, [])])
def test_slipped(day, price, flags):
    """Goal: late at a worse price than the market's when due. Method: three late prices."""
    spoiled = delayed(day, "I000", 6 * S, *EXECUTION)
    spoiled = spoiled.alter(spoiled.find(exec_id="E-O000-1"), price=price)
    assert_judged(spoiled, {"I000": verdict("late", *flags)}, "late only")


@pytest.mark.parametrize(("kind", "flag"), [("expose", "exposed"), ("repair", "repaired")])
def test_named_later(day, kind, flag):
    """Goal: exposed, repaired. Method: an event that names the intent."""
    spoiled = day.add(
        {"kind": kind, "time_ns": 260 * S, "vantage": "plan", "intent_id": "I000", "subject": "x"}
    )
    assert_judged(spoiled, {"I000": verdict("ok", flag)}, "pass")


def test_refused(day):
    """Goal: a refusal because of a disruption is marked. Method: name a cause."""
    spoiled = day.alter(day.find("I003", kind="reject"), cause="dc-loss")
    assert_judged(spoiled, {"I003": verdict("rejected", "refused")}, "pass")


def test_refusing_everybody_does_not_pass(day):
    """Goal: refused counts as unserved. Method: refuse all orders of 40 s; rto is 30 s."""
    refused = {intent_of(n) for n in range(60, 100)}
    executions = {row.get("exec_id") for row in day.rows if row.get("intent_id") in refused}

    def rows() -> Iterator[Row]:
        for row in day.rows:
            mine, kind = row.get("intent_id") in refused, row["kind"]
            other = row.get("exec_id") is None or row["exec_id"] not in executions
            if kind == "intend" if mine else other:
                yield row
            elif mine and kind == "submit" and "parent_id" not in row:
                at_ns = int(row["time_ns"] or 0)
                answer = {**row, "kind": "reject", "reason": "intake stopped", "cause": "dc-loss"}
                yield row
                yield {**answer, "time_ns": at_ns + 5 * MS, "vantage": "oms"}
                yield {**answer, "time_ns": at_ns + 9 * MS}

    changes = {intent: verdict("rejected", "refused") for intent in refused}
    spoiled = day.with_rows(rows())
    judgement = assert_judged(spoiled, changes, "fail", services={"securities": False})
    measures = judgement.services
    assert measures["securities"].to_document() == {
        "downtime_s": 40.0,
        "recovery_time_s": 40.0,
        "rto_s": 30.0,
        "recovery_point_s": 0.0,
        "rpo_s": 0.0,
        "mtpd_s": 60.0,
        "service_level_min": 0.0,
        "mbco": 0.5,
        "within_tolerance": False,
    }
    assert measures["payments"].recovery_time_s == 36.0  # from I066 to I102; its rto is 60 s
