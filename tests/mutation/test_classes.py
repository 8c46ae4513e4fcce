"""Goal: every failing class is named when, and only when, its defect is there.

Method: one defect is injected into the clean day of ``day.py``; the whole map of verdicts, the
outcome, the laws and the services must be those of the clean day but for that defect. I000 is
a market order on the app, I002 one with two fills, I003 is refused by a control, I004 expires,
I005 is cancelled, I006 is a payment with two legs, I009 is executed in part and cancelled.
"""

from __future__ import annotations

import pytest

from tests.mutation.day import MS, Day, S, clean_day
from tests.mutation.judged import assert_judged, verdict

AGAIN = "E-again"
"""exec_id of an execution that happens once more."""


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


def test_clean_day(day):
    """Goal: no defect, no finding. Method: judge the day as it is."""
    judgement = assert_judged(day, {}, "pass")
    assert judgement.findings == ()
    assert judgement.orders.intended == 240
    assert (judgement.orders.ok, judgement.orders.failing) == (140, 0)


# -- phantom ---------------------------------------------------------------------------------


def phantom_rows(order: str, time_ns: int) -> list[dict]:
    ours = {
        "kind": "execute", "time_ns": time_ns, "vantage": "venue", "order_id": order,
        "exec_id": f"E-{order}", "instrument": "ABC", "side": "buy", "qty": 100, "price": 1_000,
    }  # fmt: skip
    other = {**ours, "order_id": None, "client_id": "market", "side": "sell"}
    return [ours, other]


def test_execution_of_an_order_that_nobody_wished(day):
    """Goal: phantom. Method: add an execution of an unknown order, both sides of it."""
    spoiled = day.add(*phantom_rows("X1", 20 * S))
    judgement = assert_judged(spoiled, {"X1": verdict("phantom")}, "fail")
    assert (judgement.orders.intended, judgement.orders.phantom) == (240, 1)
    assert judgement.findings[0].first == "X1"


def test_phantom_of_which_only_the_execution_has_no_order(day):
    """Goal: phantom even without an order id. Method: an execution that names nothing."""
    rows = [{k: v for k, v in row.items() if k != "order_id"} for row in phantom_rows("X2", 20 * S)]
    assert_judged(day.add(*rows), {"E-X2": verdict("phantom")}, "fail")


def test_intent_that_was_never_wished(day):
    """Goal: an order that executed without a wish is phantom. Method: drop the wish."""
    assert_judged(day.drop("I000", kind="intend"), {"I000": verdict("phantom")}, "fail")


# -- duplicated ------------------------------------------------------------------------------


def executed_again(day: Day, intent: str, **cells: str) -> Day:
    """The intent's execution happens once more, both sides of it, under another exec_id."""
    (ours,) = day.find(intent, kind="execute", vantage="venue")
    (other,) = day.find(exec_id=day.rows[ours]["exec_id"], client_id="market")
    day = day.copy(ours, 200 * MS, exec_id=AGAIN, **cells)
    return day.copy(other, 200 * MS, exec_id=AGAIN)


def test_second_execution_of_one_order(day):
    """Goal: duplicated. Method: a second execution with an exec_id of its own."""
    changes = {"I000": verdict("duplicated")}
    assert_judged(executed_again(day, "I000"), changes, "fail", broken=["quantity"])


def test_execution_of_two_entries_of_one_intent(day):
    """Goal: duplicated across orders. Method: the second execution is of another order."""
    spoiled = executed_again(day, "I000", order_id="O000b", idem_key="K000b")
    assert_judged(spoiled, {"I000": verdict("duplicated")}, "fail")


def test_confirmed_second_execution(day):
    """Goal: telling the client does not heal it. Method: confirm the second one, too."""
    spoiled = executed_again(day, "I000")
    (confirm,) = spoiled.find("I000", kind="confirm")
    spoiled = spoiled.copy(confirm, 300 * MS, exec_id=AGAIN)
    judgement = assert_judged(spoiled, {"I000": verdict("duplicated")}, "fail", broken=["quantity"])
    assert judgement.further_counts == {"partial": 1}  # the second was neither booked nor settled


def test_booked_twice(day):
    """Goal: a client debited twice is harmed like one executed twice. Method: copy an entry."""
    entries = day.find("I000", kind="book", leg=0)
    spoiled = day.copy(entries[0], 300 * MS)
    assert_judged(spoiled, {"I000": verdict("duplicated")}, "fail")


def test_second_leg_executed_twice(day):
    """Goal: duplicated on one leg. Method: the credit leg of a payment once more."""
    (credit,) = day.find("I006", kind="execute", leg=1)
    spoiled = day.copy(credit, 200 * MS, exec_id=AGAIN)
    changes = {"I006": verdict("duplicated")}
    assert_judged(spoiled, changes, "fail", broken=["quantity"])


def test_duplicate_taken_back(day):
    """Goal: a busted execution does not count. Method: bust the second one."""
    spoiled = executed_again(day, "I000")
    (second,) = spoiled.find("I000", exec_id=AGAIN, vantage="venue")
    spoiled = spoiled.copy(second, 300 * MS, kind="bust", exec_id=None, ref=AGAIN)
    assert_judged(spoiled, {}, "pass")


# -- corrupted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "broken"),
    [
        ({"account": "A999"}, []),
        ({"side": "sell"}, ["trades"]),
        ({"instrument": "XYZ"}, ["trades"]),
    ],
)
def test_executed_terms_differ(day, cells, broken):
    """Goal: corrupted. Method: alter one term at the venue, and only there."""
    found = day.find("I000", kind="execute", vantage="venue")
    changes = {"I000": verdict("corrupted")}
    assert_judged(day.alter(found, **cells), changes, "fail", broken=broken)


def test_executed_beyond_the_limit(day):
    """Goal: corrupted. Method: one fill of a limit buy at 1 000 executes at 1 001."""
    found = day.find(exec_id="E-O002-2", price=1_000)
    assert_judged(day.alter(found, price=1_001), {"I002": verdict("corrupted")}, "fail")


def test_executed_better_than_the_limit(day):
    """Goal: improvement is no corruption. Method: the same fill executes at 900."""
    found = day.find(exec_id="E-O002-2", price=1_000)
    assert_judged(day.alter(found, price=900), {}, "pass")


def test_more_executed_than_ordered_at_once(day):
    """Goal: one execution over too much is altered, not doubled. Method: 100 becomes 150."""
    found = day.find(exec_id="E-O000-1", qty=100)
    changes = {"I000": verdict("corrupted")}
    assert_judged(day.alter(found, qty=150), changes, "fail", broken=["quantity"])


@pytest.mark.parametrize("quantity", [10, 1_000])
def test_entered_for_another_quantity(day, quantity):
    """Goal: a typing error that executed is corrupted. Method: alter entry and execution."""
    submit = day.find("I000", kind="submit")
    found = [*submit, *day.find(exec_id="E-O000-1", qty=100)]
    assert_judged(day.alter(found, qty=quantity), {"I000": verdict("corrupted")}, "fail")


def test_altered_within_the_firm(day):
    """Goal: an altered order is no duplicate though it fills in parts. Method: the OMS accepts
    ten times the quantity, and both fills are ten times as large."""
    accepted = day.find("I002", kind="acknowledge", vantage="oms")
    spoiled = day.alter(accepted, qty=1_000).alter(day.find(exec_id="E-O002-1"), qty=600)
    spoiled = spoiled.alter(spoiled.find(exec_id="E-O002-2"), qty=400)
    changes = {"I002": verdict("corrupted")}
    assert_judged(spoiled, changes, "fail", broken=["quantity"])


def test_booked_on_another_account(day):
    """Goal: the client's books count as well. Method: alter the ledger's entry."""
    found = day.find("I000", kind="book", leg=0)
    assert_judged(day.alter(found, account="A999"), {"I000": verdict("corrupted")}, "fail")


# -- partial ---------------------------------------------------------------------------------


def test_second_fill_missing(day):
    """Goal: partial. Method: drop everything about the second fill."""
    assert_judged(day.drop(exec_id="E-O002-2"), {"I002": verdict("partial")}, "fail")


def test_leg_missing(day):
    """Goal: partial. Method: the credit leg of a payment is not executed, though booked."""
    spoiled = day.drop("I006", kind="execute", leg=1).drop("I006", kind="confirm", leg=1)
    assert_judged(spoiled, {"I006": verdict("partial")}, "fail")


def test_leg_missing_and_not_booked(day):
    """Goal: partial, and money is gone. Method: drop all of the credit leg."""
    changes = {"I006": verdict("partial")}
    assert_judged(day.drop("I006", leg=1), changes, "fail", broken=["cash"])


def test_leg_missing_and_refused(day):
    """Goal: no end heals half a payment. Method: the credit leg is refused, and the client told."""
    spoiled = day.drop("I006", leg=1)
    (debit,) = spoiled.find("I006", kind="confirm")
    refusal = {"kind": "reject", "exec_id": None, "leg": None, "reason": "leg refused"}
    spoiled = spoiled.copy(debit, 10 * MS, vantage="ledger", **refusal)
    spoiled = spoiled.copy(debit, 20 * MS, **refusal)
    assert_judged(spoiled, {"I006": verdict("partial")}, "fail", broken=["cash"])


@pytest.mark.parametrize("kind", ["book", "settle"])
def test_effect_missing(day, kind):
    """Goal: what an obligation demands is part of the order. Method: never book, or settle."""
    assert_judged(day.drop("I000", kind=kind), {"I000": verdict("partial")}, "fail")


def test_entry_missing_that_others_have(day):
    """Goal: the ledger must hold what it holds of others. Method: no entry, nobody owes one."""
    free = day.with_profile(obligations=day.profile.obligations[:3])
    assert_judged(free.drop("I001", kind="book"), {"I001": verdict("partial")}, "fail")


def test_cash_leg_missing(day):
    """Goal: partial by a leg of the booking. Method: drop the credit of one execution."""
    changes = {"I001": verdict("partial")}
    assert_judged(day.drop("I001", leg=2), changes, "fail", broken=["cash"])


def test_effect_that_nobody_owes_is_not_missed(day):
    """Goal: no obligation, no finding. Method: a client of segment vip is never settled."""
    assert_judged(day.drop("I001", kind="settle"), {}, "pass")


# -- lost and stranded -----------------------------------------------------------------------


def forgotten(day: Day, intent: str, *kinds: str) -> Day:
    """Everything about the execution of an intent is gone, also the other side."""
    executions = {day.rows[i]["exec_id"] for i in day.find(intent, kind="execute")}
    kept = [
        row
        for row in day.rows
        if row.get("exec_id") not in executions
        and not (row.get("intent_id") == intent and row["kind"] in kinds)
    ]
    return day.with_rows(kept)


def test_acknowledged_and_gone(day):
    """Goal: lost, and a recovery point. Method: forget an acknowledged order before a fault."""
    judgement = assert_judged(
        forgotten(day, "I144"), {"I144": verdict("lost")}, "fail", services={"securities": False}
    )
    assert judgement.services["securities"].recovery_point_s == pytest.approx(6.48)


def test_lost_without_a_fault(day):
    """Goal: no fault, no recovery point. Method: forget an order after the last fault."""
    services = {"securities": None}
    changes = {"I228": verdict("lost")}
    judgement = assert_judged(forgotten(day, "I228"), changes, "fail", services=services, unknown=1)
    assert judgement.services["securities"].recovery_point_s is None


def test_entered_and_gone(day):
    """Goal: stranded. Method: nothing follows the entry."""
    spoiled = forgotten(day, "I000", "acknowledge", "control_pass", "route")
    assert_judged(spoiled, {"I000": verdict("stranded")}, "fail")


def test_accepted_in_the_firm_only(day):
    """Goal: the client's knowledge decides. Method: the acknowledgement does not reach it."""
    spoiled = forgotten(day, "I000").drop("I000", kind="acknowledge", vantage="client")
    assert_judged(spoiled, {"I000": verdict("stranded")}, "fail")


def test_never_entered(day):
    """Goal: stranded, though no order ever was. Method: only the wish is left."""
    spoiled = forgotten(day, "I000", "acknowledge", "control_pass", "route", "submit")
    assert_judged(spoiled, {"I000": verdict("stranded")}, "fail")


def test_entered_again_after_the_refusal(day):
    """Goal: a refused order that the client sends again is open. Method: nobody answers it."""
    (refusal,) = day.find("I003", kind="reject", vantage="client")
    spoiled = day.copy(refusal, 50 * MS, kind="resend", reason=None)
    assert_judged(spoiled, {"I003": verdict("stranded")}, "fail")


def test_refusal_of_an_attempt_is_not_the_end(day):
    """Goal: a refusal after which the order was sent again is none. Method: reject, resend."""
    spoiled = forgotten(day, "I000")
    (route,) = spoiled.find("I000", kind="route")
    spoiled = spoiled.copy(route, 10 * MS, kind="reject", vantage="venue", reason="queue full")
    spoiled = spoiled.copy(route, 20 * MS, kind="resend", attempt=1)
    judgement = assert_judged(
        spoiled, {"I000": verdict("lost")}, "fail", services={"securities": False}
    )
    assert judgement.services["securities"].recovery_point_s == pytest.approx(150.48)


# -- unconfirmed -----------------------------------------------------------------------------


def test_client_not_told_of_execution(day):
    """Goal: unconfirmed. Method: drop the confirmation."""
    assert_judged(day.drop("I000", kind="confirm"), {"I000": verdict("unconfirmed")}, "fail")


def test_client_told_of_the_settlement(day):
    """Goal: the note of a settlement is a word like another. Method: untrue; alone; alone, late."""
    untold = day.drop("I000", kind="confirm")
    (confirm,) = day.find("I000", kind="confirm")
    wrong = day.copy(confirm, 500 * MS, kind="settle", qty=90)
    assert_judged(wrong, {"I000": verdict("unconfirmed")}, "fail")
    for told_ns, name, outcome in ((100 * MS, "ok", "pass"), (3_000 * MS, "late", "late only")):
        told = untold.add({**day.rows[confirm], "kind": "settle", "time_ns": 100 * MS + told_ns})
        assert_judged(told, {"I000": verdict(name)}, outcome)


def test_client_not_told_of_one_fill(day):
    """Goal: every fill counts. Method: drop the confirmation of the first of two."""
    spoiled = day.drop("I002", kind="confirm", exec_id="E-O002-1")
    assert_judged(spoiled, {"I002": verdict("unconfirmed")}, "fail")


@pytest.mark.parametrize(
    ("intent", "kind"),
    [("I003", "reject"), ("I004", "expire"), ("I005", "cancel"), ("I009", "cancel")],
)
def test_client_not_told_of_another_end(day, intent, kind):
    """Goal: unconfirmed. Method: drop the message of a refusal, expiry or cancellation."""
    spoiled = day.drop(intent, kind=kind, vantage="client")
    assert_judged(spoiled, {intent: verdict("unconfirmed")}, "fail")


@pytest.mark.parametrize("cells", [{"qty": 90}, {"price": 999}, {"side": "sell"}])
def test_client_told_something_else(day, cells):
    """Goal: a wrong confirmation is none. Method: alter one term of it."""
    spoiled = day.alter(day.find("I000", kind="confirm"), **cells)
    assert_judged(spoiled, {"I000": verdict("unconfirmed")}, "fail")


@pytest.mark.parametrize("kind", ["reject", "cancel", "expire"])
def test_client_told_an_end_that_is_not(day, kind):
    """Goal: the last word must be true. Method: an end told after the confirmation."""
    (confirm,) = day.find("I000", kind="confirm")
    spoiled = day.copy(confirm, 50 * MS, kind=kind, exec_id=None)
    assert_judged(spoiled, {"I000": verdict("unconfirmed")}, "fail")


def test_untrue_notice(day):
    """Goal: an untrue notice misleads until a true one follows. Method: one, then both."""
    (confirm,) = day.find("I000", kind="confirm")
    notice = {"kind": "notify", "exec_id": None, "subject": "status"}
    untrue = day.copy(confirm, 50 * MS, **notice, reason="false")
    assert_judged(untrue, {"I000": verdict("unconfirmed")}, "fail")
    assert_judged(untrue.copy(confirm, 60 * MS, **notice, reason="true"), {}, "pass")


def test_confirmation_of_what_was_refused(day):
    """Goal: a confirmation of nothing misleads. Method: confirm an order after its refusal."""
    (refusal,) = day.find("I003", kind="reject", vantage="client")
    spoiled = day.copy(refusal, 50 * MS, kind="confirm", reason=None, exec_id="E-none", qty=100)
    assert_judged(spoiled, {"I003": verdict("unconfirmed")}, "fail")


def test_execution_that_only_the_oms_saw(day):
    """Goal: the venue's word counts. Method: drop its report, leave all the others."""
    spoiled = day.drop(exec_id="E-O000-1", vantage="venue")
    judgement = assert_judged(
        spoiled, {"I000": verdict("lost")}, "fail", services={"securities": False}
    )
    assert judgement.services["securities"].recovery_point_s == pytest.approx(150.48)
