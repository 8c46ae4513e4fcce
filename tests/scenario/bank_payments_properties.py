"""What the histories of the bank's scenarios show: a property for each, by what goes wrong.

Each is true of its scenario, and false of the same window on a day on which nothing goes wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenario.broker_properties import at, count, longest_s, number, vanished_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.experiment.run import Run


def paid_twice(result: Run) -> int:
    """Wishes with two executions at one venue."""
    return number(
        result,
        "select count(*) as n from (select intent_id from events where kind = 'execute' "
        "and vantage = 'venue' group by intent_id having count(distinct exec_id) > 1)",
    )


def wages_come_with_the_next_window(result: Run) -> bool:
    cleared = "kind = 'execute' and component = 'bulk-clearing'"
    next_window = count(result, f"{cleared} and time_ns >= {at(result, '16:00')}")
    this_window = count(result, f"{cleared} and time_ns < {at(result, '14:00')}")
    return next_window > 150 and this_window == 0


def every_second_wage_is_named_by_the_reconciliation(result: Run) -> bool:
    named = number(
        result,
        "select count(distinct intent_id) as n from events where kind = 'reconcile' "
        "and subject = 'hub-and-clearing' and reason like '% goes beyond the order'",
    )
    return paid_twice(result) >= 100 and named == paid_twice(result)


def legs_missing(result: Run) -> int:
    """Executions of which the ledger holds other than one debit and one credit."""
    return number(
        result,
        "select count(*) as n from (select exec_id from events where kind = 'execute' and vantage "
        "= 'venue') e left join (select exec_id, count(*) filter (subject = 'debit') as debits, "
        "count(*) filter (subject = 'credit') as credits from events where kind = 'book' "
        "group by exec_id) b using (exec_id) "
        "where coalesce(debits, 0) <> 1 or coalesce(credits, 0) <> 1",
    )


def booked_by_the_reconciliation(result: Run) -> int:
    """Payments that the reconciliations had booked."""
    return count(result, "kind = 'repair' and subject = 'book'")


def lost_legs_are_found_and_booked(result: Run) -> bool:
    return booked_by_the_reconciliation(result) >= 40 and legs_missing(result) == 0


def nothing_goes_out_unchecked(result: Run) -> bool:
    frozen = f"time_ns between {at(result, '12:05:10')} and {at(result, '12:20')}"
    out = count(result, f"kind = 'execute' and component = 'instant-switch' and {frozen}")
    refused = "kind = 'reject' and vantage = 'client' and cause = 'control-frozen'"
    return out == 0 and count(result, refused) > 150


def asked_again_and_paid_once(result: Run) -> bool:
    again = number(
        result,
        "select count(*) as n from (select order_id from events where kind = 'route' and "
        "component = 'instant-switch' group by order_id having count(*) > 2)",
    )
    quiet = count(result, "kind in ('detect', 'failover')") == 0
    return quiet and again > 20 and paid_twice(result) == 0


def slips_without_checks_while_the_app_is_closed(result: Run) -> bool:
    skipped = count(result, "kind = 'control_skip' and subject = 'fraud'")
    back = count(result, "kind = 'action' and subject = 'back-entry'")
    return skipped > 50 and back > 50 and count(result, "cause = 'stop-app'") > 500


def told_rejected_and_paid_all_the_same(result: Run) -> bool:
    misled = number(
        result,
        "select count(distinct e.intent_id) as n from events e join events r using (intent_id) "
        "where e.kind = 'execute' and e.vantage = 'venue' and r.kind = 'reject' "
        "and r.vantage = 'client' and r.time_ns < e.time_ns",
    )
    return misled > 1000 and count(result, "kind in ('detect', 'failover')") == 0


def only_what_people_look_at_waits(result: Run) -> bool:
    told = "kind = 'confirm' and vantage = 'client'"
    gross_s = longest_s(result, "kind = 'submit'", told, "instrument = 'baht-gross'")
    app_s = longest_s(result, "kind = 'submit'", told, "channel = 'mobile'")
    return gross_s > 1800 and app_s < 60


def nothing_goes_wrong(result: Run) -> bool:
    was_impaired = count(result, "kind = 'fault_on'") > 0
    in_order = legs_missing(result) == 0 and paid_twice(result) == 0
    return not was_impaired and in_order and result.outcome == "pass" and not vanished_ns(result)


PROPERTIES: Mapping[str, Callable[[Run], bool]] = {
    "clearing-window-missed": wages_come_with_the_next_window,
    "payroll-sent-twice": every_second_wage_is_named_by_the_reconciliation,
    "hub-failover-old-copy": lost_legs_are_found_and_booked,
    "fraud-control-hangs": nothing_goes_out_unchecked,
    "answers-of-the-switch-lost": asked_again_and_paid_once,
    "ransomware": slips_without_checks_while_the_app_is_closed,
    "rumour": told_rejected_and_paid_all_the_same,
    "fraud-desk-missing": only_what_people_look_at_waits,
}
