"""Goal: what looks like a defect and is none is no finding.

Method: the clean day with messages repeated, rows missing that others replace, or links of
another kind between orders and intents; the whole judgement must be that of the clean day.
"""

from __future__ import annotations

import pytest

from tests.mutation.day import MS, Day, Row, clean_day
from tests.mutation.judged import assert_judged


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


@pytest.mark.parametrize("vantage", ["venue", "oms", "drop_copy"])
def test_execution_reported_again(day, vantage):
    """Goal: a retransmission is no execution. Method: the same exec_id, again or elsewhere."""
    (ours,) = day.find("I000", kind="execute", vantage="venue")
    assert_judged(day.copy(ours, 150 * MS, vantage=vantage), {}, "pass")


def test_order_transmitted_again(day):
    """Goal: a message sent twice is one order. Method: the gateway sends three more times."""
    (route,) = day.find("I000", kind="route")
    for attempt in (1, 2, 3):
        day = day.copy(route, attempt * MS, kind="resend", attempt=attempt)
    assert_judged(day, {}, "pass")


def test_order_first_seen_as_a_resend(day):
    """Goal: an order may first be seen as a possible resend. Method: its entry was not seen."""
    submit = day.find("I000", kind="submit")
    assert_judged(day.alter(submit, kind="resend", attempt=1), {}, "pass")


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "submit"},
        {"kind": "route"},
        {"kind": "acknowledge", "vantage": "client"},
        {"kind": "acknowledge", "vantage": "oms"},
    ],
)
def test_event_missing_that_nothing_depends_on(day, cells):
    """Goal: executed and told is enough. Method: drop an event on the way."""
    assert_judged(day.drop("I000", **cells), {}, "pass")


def test_first_entry_never_answered(day):
    """Goal: an entry that the client gave up needs no answer. Method: drop its refusal."""
    assert_judged(day.drop("I010", kind="reject"), {}, "pass")


def test_confirmed_twice(day):
    """Goal: being told again changes nothing. Method: repeat the confirmation."""
    (confirm,) = day.find("I000", kind="confirm")
    assert_judged(day.copy(confirm, 500 * MS), {}, "pass")


def test_refusal_told_again(day):
    """Goal: a repeated refusal is not late. Method: repeat it after the deadline."""
    (refusal,) = day.find("I003", kind="reject", vantage="client")
    assert_judged(day.copy(refusal, 20_000 * MS), {}, "pass")


def test_confirmed_without_naming_the_execution(day):
    """Goal: a confirmation of the order will do. Method: it names no exec_id, or a notice."""
    (confirm,) = day.find("I000", kind="confirm")
    assert_judged(day.alter([confirm], exec_id=None), {}, "pass")
    notice = {"kind": "notify", "subject": "executed", "exec_id": None, "reason": "true"}
    assert_judged(day.alter([confirm], **notice), {}, "pass")


@pytest.mark.parametrize("exec_id", [None, "E-O000-1"])
def test_told_of_the_settlement(day, exec_id):
    """Goal: who has the note of the settlement was told. Method: beside and for the confirmation.

    The note comes to the client after 1.5 s, within the time of a confirmation, and again after
    40 s, when a first telling would be late.
    """
    (confirm,) = day.find("I000", kind="confirm")
    for after_ns in (1_500 * MS, 40_000 * MS):
        day = day.copy(confirm, after_ns, kind="settle", exec_id=exec_id)
    assert_judged(day, {}, "pass")
    assert_judged(day.alter([confirm], exec_id=exec_id), {}, "pass")
    assert_judged(day.drop("I000", kind="confirm"), {}, "pass")


def strip(day: Day, *kept: str) -> Day:
    """Only some kinds name their intent."""

    def change(row: Row) -> Row:
        named = row["kind"] in kept or "intent_id" not in row
        return row if named else {k: v for k, v in row.items() if k != "intent_id"}

    return day.map(change)


def test_orders_linked_by_id(day):
    """Goal: a real log knows orders only. Method: intents name their order, orders no intent."""
    stated = day.map(
        lambda row: (
            {**row, "order_id": f"O{str(row['intent_id'])[1:]}"} if row["kind"] == "intend" else row
        )
    )
    assert_judged(strip(stated, "intend"), {}, "pass")


def test_orders_linked_by_key(day):
    """Goal: a key links as well. Method: intents name the key only; a re-entry its parent."""
    stated = day.map(
        lambda row: (
            {**row, "idem_key": f"K{str(row['intent_id'])[1:]}"} if row["kind"] == "intend" else row
        )
    )
    assert_judged(strip(stated, "intend"), {}, "pass")


def test_executions_linked_by_exec_id(day):
    """Goal: a booking may name its execution only. Method: take order and intent away."""
    linked = {"book", "settle", "confirm"}

    def change(row: Row) -> Row:
        if row["kind"] not in linked:
            return row
        return {k: v for k, v in row.items() if k not in {"intent_id", "order_id", "idem_key"}}

    assert_judged(day.map(change), {}, "pass")


def test_order_split_by_the_firm(day):
    """Goal: the firm's slices of an order are no re-entry. Method: I002 goes out as two orders,
    each for one of its fills; the client entered one."""

    def slice_of(row: Row) -> Row:
        if row.get("intent_id") != "I002" or "exec_id" not in row:
            return row
        return {**row, "order_id": f"O002-{row['exec_id']}", "parent_id": "O002"}

    assert_judged(day.map(slice_of), {}, "pass")


def test_other_side_only_of_some_instruments(day):
    """Goal: partial fills of other sizes are fine. Method: split an execution's other side."""
    (other,) = day.find(exec_id="E-O000-1", client_id="market")
    split = day.alter([other], qty=40).copy(other, 0, qty=60, exec_id="E-O000-other")
    assert_judged(split, {}, "pass")
