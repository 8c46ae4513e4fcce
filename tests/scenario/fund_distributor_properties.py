"""What the histories of the fund distributor's scenarios show: a property for each.

Each is true of its scenario, and false of the same window on a day on which nothing goes wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenario.broker_properties import at, count, longest_s, number, vanished_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.experiment.run import Run


def accepted_in_time_for_the_next_value(result: Run, condition: str = "true") -> int:
    """Orders accepted before the cut-off of 15:30 that the registrar dealt with the next value."""
    return number(
        result,
        "select count(distinct intent_id) as n from events where kind = 'execute' and vantage = "
        f"'venue' and time_ns > {at(result, '20:30')} and {condition} and intent_id in (select "
        "intent_id from events where kind = 'acknowledge' and vantage = 'client' "
        f"and time_ns < {at(result, '15:30')})",
    )


def values_of_a_fund(result: Run) -> int:
    """The most prices at which one fund was dealt."""
    return number(
        result,
        "select max(prices) as n from (select count(distinct price) as prices from events "
        "where kind = 'execute' and vantage = 'venue' group by instrument)",
    )


def every_order_of_the_file_gets_the_next_value(result: Run) -> bool:
    late = accepted_in_time_for_the_next_value(result)
    return late > 1000 and values_of_a_fund(result) == 2 and not vanished_ns(result)


def handed_to_the_registrar_twice(result: Run) -> int:
    """Orders that were handed over more than once."""
    return number(
        result,
        "select count(*) as n from (select order_id from events where kind = 'route' and "
        "component = 'fund-registrar' group by order_id having count(*) > 1)",
    )


def dealt_twice(result: Run) -> int:
    """Wishes with two executions at the registrar."""
    return number(
        result,
        "select count(*) as n from (select intent_id from events where kind = 'execute' "
        "and component = 'fund-registrar' group by intent_id having count(distinct exec_id) > 1)",
    )


def hundreds_are_sent_twice_and_nobody_is_dealt_twice(result: Run) -> bool:
    return handed_to_the_registrar_twice(result) >= 200 and dealt_twice(result) == 0


def accepted_in_the_last_two_minutes_and_lost(result: Run) -> bool:
    lost = vanished_ns(result)
    early, late = at(result, "15:08"), at(result, "15:10:01")
    return len(lost) >= 10 and all(early <= t <= late for t in lost)


def only_branches_go_past_the_checks_and_miss_the_day(result: Run) -> bool:
    skipped = count(result, "kind = 'control_skip' and subject = 'suitability'")
    elsewhere = count(result, "kind = 'control_skip' and channel <> 'branch'")
    missed = accepted_in_time_for_the_next_value(result, "channel = 'branch'")
    others = accepted_in_time_for_the_next_value(result, "channel <> 'branch'")
    return skipped > 50 and elsewhere == 0 and missed > 50 and others == 0


def clients_wait_in_branches_though_all_systems_work(result: Run) -> bool:
    told = "kind = 'acknowledge' and vantage = 'client'"
    waits_s = longest_s(result, "kind = 'submit'", told, "channel = 'branch'")
    systems = count(result, "kind = 'fault_on' and subject not in ('absence', 'staff')")
    return waits_s > 1800 and systems == 0


def paper_without_checks_while_the_app_is_closed(result: Run) -> bool:
    skipped = count(result, "kind = 'control_skip' and subject = 'suitability'")
    back = count(result, "kind = 'action' and subject = 'back-entry'")
    return skipped > 50 and back > 50 and count(result, "cause = 'stop-app'") > 200


def callers_redeem_twice_though_nothing_has_failed(result: Run) -> bool:
    twice = number(
        result,
        "select count(*) as n from (select intent_id from events where kind = 'execute' and "
        "vantage = 'venue' group by intent_id having count(distinct channel) = 2)",
    )
    return twice >= 20 and count(result, "kind in ('detect', 'failover')") == 0


def nothing_goes_wrong(result: Run) -> bool:
    was_impaired = count(result, "kind = 'fault_on'") > 0
    all_today = values_of_a_fund(result) == 1 and dealt_twice(result) == 0
    return not was_impaired and all_today and result.outcome == "pass" and not vanished_ns(result)


PROPERTIES: Mapping[str, Callable[[Run], bool]] = {
    "registrar-file-late": every_order_of_the_file_gets_the_next_value,
    "file-sent-twice": hundreds_are_sent_twice_and_nobody_is_dealt_twice,
    "order-system-failover": accepted_in_the_last_two_minutes_and_lost,
    "branch-lines-down": only_branches_go_past_the_checks_and_miss_the_day,
    "pandemic-absence": clients_wait_in_branches_though_all_systems_work,
    "ransomware": paper_without_checks_while_the_app_is_closed,
    "market-fall": callers_redeem_twice_though_nothing_has_failed,
}
