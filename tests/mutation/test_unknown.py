"""Goal: where evidence is missing the answer is unknown: never a pass, never a false alarm.

Method: evidence is taken from the clean day, or from a spoiled one, and the whole judgement
compared: what was seen stays judged, only what would have to be absent becomes indeterminate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bcsim.checkers.judge import check
from bcsim.history.profile import LIVE_TEST_LOG, Coverage
from bcsim.history.schema import Kind
from tests.mutation.day import (
    END_NS,
    MS,
    VANTAGES,
    Day,
    Row,
    S,
    clean_day,
    expected_classes,
    intent_of,
)
from tests.mutation.judged import Verdict, assert_judged, verdict
from tests.mutation.test_classes import executed_again, forgotten

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement

UNKNOWN = verdict("indeterminate")
NO_SERVICES = {"securities": None, "payments": None}


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


def every(kinds: set[int]) -> list[str]:
    """Intents of some kinds of order."""
    return [intent_of(n) for n in range(240) if n % 12 in kinds]


def unwatched(day: Day, vantages: tuple[str, ...], from_ns: int, to_ns: int) -> Day:
    """Nobody recorded some vantage points for a while: rows and coverage are gone."""
    kept = [
        row
        for row in day.rows
        if row["vantage"] not in vantages or not from_ns < int(row["time_ns"] or 0) < to_ns
    ]
    coverage = [Coverage(v) for v in VANTAGES if v not in vantages]
    coverage += [Coverage(v, 0, from_ns) for v in vantages if from_ns > 0]
    coverage += [Coverage(v, to_ns) for v in vantages]
    return day.with_rows(kept).with_profile(coverage=tuple(coverage))


# -- intents ---------------------------------------------------------------------------------


def test_no_stream_of_intents(day):
    """Goal: no pass without intents. Method: drop them; what was entered is judged as seen."""
    spoiled = day.drop(kind="intend").with_profile(intents_recorded=False)
    judgement = assert_judged(spoiled, {}, "unknown", services=NO_SERVICES, unknown=3)
    assert judgement.orders.intended == 0
    assert judgement.unknown_reasons[0].startswith("no stream of intents")


def test_promised_stream_of_intents_is_empty(day):
    """Goal: a promise is no stream. Method: drop the intents, leave the profile's word."""
    assert_judged(day.drop(kind="intend"), {}, "unknown", services=NO_SERVICES, unknown=3)


def test_failing_class_is_proved_without_intents(day):
    """Goal: a proved defect fails whatever else is missing. Method: no intents, and a double."""
    spoiled = executed_again(day.drop(kind="intend"), "I000").with_profile(intents_recorded=False)
    changes = {"I000": verdict("duplicated")}
    assert_judged(spoiled, changes, "fail", broken=["quantity"], services=NO_SERVICES, unknown=3)


# -- coverage --------------------------------------------------------------------------------


def test_nothing_is_known_of_the_coverage(day):
    """Goal: without coverage silence proves nothing. Method: an empty coverage."""
    changes = dict.fromkeys(every(set(range(12))), UNKNOWN)
    judgement = assert_judged(
        day.with_profile(coverage=()), changes, "unknown", services=NO_SERVICES, unknown=5
    )
    assert judgement.findings[0].name == "indeterminate"


def test_gap_at_the_client(day):
    """Goal: only what lived in the gap is unknown. Method: the client unwatched for 9 s."""
    spoiled = unwatched(day, ("client",), 60_500 * MS, 69_500 * MS)
    changes = dict.fromkeys([intent_of(n) for n in range(61, 70)], UNKNOWN)
    assert_judged(spoiled, changes, "unknown", services=NO_SERVICES, unknown=4)


def test_silence_of_a_client_that_nobody_watched(day):
    """Goal: a loss needs the client watched to the end. Method: it is not, for the last 10 s."""
    coverage = (*(Coverage(v) for v in VANTAGES if v != "client"), Coverage("client", 0, 290 * S))
    spoiled = forgotten(day, "I000").with_profile(coverage=coverage)
    assert_judged(spoiled, {"I000": UNKNOWN}, "unknown", services=NO_SERVICES, unknown=4)


def test_gap_at_the_venue_that_others_fill(day):
    """Goal: a gap is harmless where others saw it all. Method: the venue unwatched for 9 s."""
    assert_judged(unwatched(day, ("venue",), 60_500 * MS, 69_500 * MS), {}, "pass")


def test_loss_in_the_venues_gap(day):
    """Goal: a client that knows nothing is harmed, whatever the venue did. Method: a loss."""
    spoiled = unwatched(forgotten(day, "I061"), ("venue",), 60_500 * MS, 69_500 * MS)
    judgement = assert_judged(
        spoiled, {"I061": verdict("lost")}, "fail", services={"securities": False}
    )
    assert judgement.orders.lost == 1


def test_gap_everywhere(day):
    """Goal: what nobody saw cannot be judged. Method: all vantage points unwatched for 9 s."""
    spoiled = unwatched(day, VANTAGES, 60_500 * MS, 69_500 * MS)
    changes: dict[str, Verdict | None] = {intent_of(n): None for n in range(61, 70)}
    changes |= {"I064": UNKNOWN, "I069": UNKNOWN}  # their end came after the gap
    assert_judged(spoiled, changes, "unknown", services=NO_SERVICES, unknown=5)


def test_order_that_moved_again_before_a_gap(day):
    """Goal: a finished order that was sent again may have executed unseen. Method: resend it."""
    (route,) = day.find("I048", kind="route")
    again = day.copy(route, 12 * S, kind="resend", attempt=1)
    spoiled = unwatched(again, VANTAGES, 60_500 * MS, 69_500 * MS)
    changes: dict[str, Verdict | None] = {intent_of(n): None for n in range(61, 70)}
    changes |= dict.fromkeys(("I048", "I064", "I069"), UNKNOWN)
    assert_judged(spoiled, changes, "unknown", services=NO_SERVICES, unknown=6)


def test_untrue_word_that_may_have_been_put_right(day):
    """Goal: the last word must have been the last. Method: untrue, and the end not watched."""
    (confirm,) = day.find("I000", kind="confirm")
    coverage = (*(Coverage(v) for v in VANTAGES if v != "client"), Coverage("client", 0, 290 * S))
    spoiled = day.copy(confirm, 50 * MS, kind="cancel", exec_id=None)
    spoiled = spoiled.with_profile(coverage=coverage)
    assert_judged(spoiled, {"I000": UNKNOWN}, "unknown", services=NO_SERVICES, unknown=4)


@pytest.mark.parametrize("kind", ["simulation", LIVE_TEST_LOG])
def test_log_starts_late(day, kind):
    """Goal: an order older than the log is no phantom. Method: cut the first 64.5 s off."""
    kept = [row for row in day.rows if int(row["time_ns"] or 0) > 64_500 * MS]
    spoiled = day.with_rows(kept).with_profile(
        coverage=tuple(Coverage(v, 64_500 * MS) for v in VANTAGES), kind=kind
    )
    changes: dict[str, Verdict | None] = {intent_of(n): None for n in range(64)}
    changes["I064"] = UNKNOWN
    if kind == "simulation":  # it should have begun at 0
        assert_judged(spoiled, changes, "unknown", services=NO_SERVICES, unknown=5)
    else:
        assert_judged(spoiled, changes, "unknown", unknown=1)


def test_execution_of_an_order_older_than_the_log(day):
    """Goal: indeterminate, not phantom. Method: cut a live log between entry and execution."""
    kept = [row for row in day.rows if int(row["time_ns"] or 0) > 48_050 * MS]
    spoiled = day.with_rows(kept).with_profile(
        coverage=tuple(Coverage(v, 48_050 * MS) for v in VANTAGES), kind=LIVE_TEST_LOG
    )
    changes: dict[str, Verdict | None] = {intent_of(n): None for n in range(48)}
    assert_judged(spoiled, {**changes, "I048": UNKNOWN}, "unknown", unknown=1)


def test_stray_of_a_live_log_whose_beginning_was_seen(day):
    """Goal: phantom in a live log needs the order's beginning. Method: drop the wish only."""
    live = day.with_profile(kind=LIVE_TEST_LOG)
    assert_judged(live.drop("I000", kind="intend"), {"I000": verdict("phantom")}, "fail")


def test_order_without_a_wish_that_never_executed(day):
    """Goal: an open stray is unknown, an ended one harmless. Method: drop two wishes."""
    ended = day.drop("I003", kind="intend")
    assert_judged(ended, {}, "pass")
    is_open = forgotten(day, "I000").drop("I000", kind="intend")
    assert_judged(is_open, {"I000": UNKNOWN}, "unknown", unknown=1)


# -- drain -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "unknown"), [({"drain": None}, 2), ({"settled": False}, 3)])
def test_not_drained(day, profile, unknown):
    """Goal: an order in flight is not lost. Method: forget one, without a settled drain."""
    spoiled = forgotten(day, "I000").with_profile(**profile)
    services = {"securities": None}
    assert_judged(spoiled, {"I000": UNKNOWN}, "unknown", services=services, unknown=unknown)


def test_live_work(day):
    """Goal: work that the drain's end cut off is not lost. Method: mark one of two orders."""
    spoiled = forgotten(forgotten(day, "I000"), "I001")
    mark: Row = {
        "kind": "action",
        "time_ns": END_NS,
        "vantage": "engine_store",
        "subject": "live work",
    }
    changes = {"I000": UNKNOWN, "I001": verdict("lost")}
    services = {"securities": False}
    assert_judged(
        spoiled.add({**mark, "intent_id": "I000"}), changes, "fail", services=services, unknown=1
    )


def test_nothing_in_flight_needs_no_drain(day):
    """Goal: a record in which everything ended needs no drain. Method: the clean day."""
    assert_judged(day.with_profile(drain=None), {}, "pass")


# -- empty tables ----------------------------------------------------------------------------


@pytest.mark.parametrize("profile", [{"declared_kinds": tuple(Kind)}, {"kind": LIVE_TEST_LOG}])
def test_declared_table_is_empty(day, profile):
    """Goal: an empty table is unknown, not 180 harms. Method: drop all confirmations, where all
    kinds are declared, or a real log declares none, which claims them all."""
    spoiled = day.drop(kind="confirm").with_profile(**profile)
    executed = every({0, 1, 2, 6, 7, 8, 9, 10, 11})
    judgement = assert_judged(
        spoiled, dict.fromkeys(executed, UNKNOWN), "unknown", unknown=4, services=NO_SERVICES
    )
    assert judgement.orders.failing == 0


def test_undeclared_kind(day):
    """Goal: what is not claimed is not missed. Method: declare all kinds but confirm."""
    kinds = tuple(kind for kind in Kind if kind is not Kind.CONFIRM)
    spoiled = day.drop(kind="confirm").with_profile(declared_kinds=kinds)
    executed = every({0, 1, 2, 6, 7, 8, 9, 10, 11})
    assert_judged(
        spoiled, dict.fromkeys(executed, UNKNOWN), "unknown", unknown=3, services=NO_SERVICES
    )


def test_total_outage_of_a_simulation_is_no_empty_table(day):
    """Goal: a simulator forgets no table. Method: nothing executes all day; all is lost."""
    executed = every({0, 1, 2, 6, 7, 8, 9, 10, 11})
    kept = [row for row in day.rows if row["kind"] not in {"execute", "book", "confirm", "settle"}]
    changes = {intent: verdict("lost") for intent in executed}
    changes |= {intent: verdict("cancelled") for intent in every({9})}
    services = {"securities": False, "payments": False}
    assert_judged(day.with_rows(kept), changes, "fail", services=services)


def test_control_that_left_no_trace_at_all(day):
    """Goal: a mandatory control nobody ever saw is unknown. Method: demand another one."""
    spoiled = day.with_profile(controls=("limits", "four eyes"))
    judgement = assert_judged(spoiled, {}, "unknown", unknown=1)
    assert judgement.flags["control_bypassed"] == 0


def test_flags_that_the_trace_level_cannot_show(day):
    """Goal: unjudged is not zero. Method: the trace level outcomes has no controls."""
    judgement = assert_judged(day.with_profile(trace="outcomes"), {}, "pass")
    assert set(judgement.unjudged) == {"overtaken", "control_bypassed", "unsuitable"}
    flags = judgement.to_document()["flags"]
    assert isinstance(flags, dict)
    assert {name for name, count in flags.items() if count is None} == set(judgement.unjudged)


# -- deadlines -------------------------------------------------------------------------------


def test_no_deadline(day):
    """Goal: no due time, no verdict on time. Method: nothing is due; the profile may allow it."""
    spoiled = day.alter(day.find(kind="intend"), deadline_ns=None)
    spoiled = spoiled.with_profile(obligations=(), cut_offs=())
    changes = dict.fromkeys(every(set(range(12))), UNKNOWN)
    assert_judged(spoiled, changes, "unknown", unknown=3, services=NO_SERVICES)
    assert_judged(spoiled.with_profile(allows=("no-deadline",)), {}, "pass")


# -- beyond the plan -------------------------------------------------------------------------


def reconciled(day: Day, intent: str, at_ns: int) -> Day:
    """A reconciliation names an intent."""
    row: Row = {"kind": "reconcile", "time_ns": at_ns, "vantage": "plan", "subject": "oms, venue"}
    return day.add({**row, "intent_id": intent}).with_profile(within_plan=False, services=())


def assert_verdict(day: Day, intent: str, name: str, outcome: str) -> Judgement:
    """Without services every other intent stays what it was; only one verdict is new."""
    judgement = check(day.history())
    assert judgement.outcome.value == outcome
    expected = {**expected_classes(), intent: verdict(name)}
    assert judgement.verdicts.as_map() == expected
    return judgement


@pytest.mark.parametrize(
    ("at_ns", "outcome", "known"), [(260 * S, "pass", 1), (END_NS + 1, "fail", 0)]
)
def test_known_loss_beyond_the_plan(day, at_ns, outcome, known):
    """Goal: a loss is allowed if known before the drain ends. Method: name it in time, or not."""
    spoiled = reconciled(forgotten(day, "I000"), "I000", at_ns)
    judgement = assert_verdict(spoiled, "I000", "lost", outcome)
    assert judgement.known_losses == known


def test_loss_after_the_reconciliation_is_not_known(day):
    """Goal: to be held for repair is not to be known as lost. Method: it goes on, and is lost."""
    spoiled = reconciled(forgotten(day, "I000"), "I000", 15 * MS)
    judgement = assert_verdict(spoiled, "I000", "lost", "fail")
    assert judgement.known_losses == 0


@pytest.mark.parametrize("within_plan", [True, None])
def test_known_loss_within_the_plan_fails(day, within_plan):
    """Goal: only what is stated to be beyond the plan may be lost. Method: it is not."""
    spoiled = reconciled(forgotten(day, "I000"), "I000", 260 * S)
    spoiled = spoiled.with_profile(within_plan=within_plan)
    assert_verdict(spoiled, "I000", "lost", "fail")


def test_known_double_execution_fails(day):
    """Goal: wrong or double execution never is allowed. Method: name a duplicate in time."""
    spoiled = reconciled(executed_again(day, "I000"), "I000", 260 * S)
    judgement = assert_verdict(spoiled, "I000", "duplicated", "fail")
    assert judgement.known_losses == 0


def test_contract_allows_an_anomaly(day):
    """Goal: what the contract allows is reported and forgiven. Method: allow unconfirmed."""
    spoiled = day.drop("I000", kind="confirm").with_profile(allows=("unconfirmed",))
    judgement = assert_judged(spoiled, {"I000": verdict("unconfirmed")}, "pass")
    assert judgement.findings[0].name == "unconfirmed"
