"""What the histories of the broker's scenarios show: a property for each, by what goes wrong.

Each is true of its scenario, and false of the same window on a day on which nothing goes wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.units import NS_PER_S, parse_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.experiment.run import Run


# -- questions to a history -------------------------------------------------------------------


def at(result: Run, clock: str) -> int:
    """A time of day as nanoseconds on the run's clock."""
    start = result.scenario.start
    return parse_clock(clock) - (start.hour * 3600 + start.minute * 60 + start.second) * NS_PER_S


def number(result: Run, query: str) -> int:
    """The one number that a query gives, as column ``n``."""
    (row,) = result.history.sql(query)
    return int(str(row["n"]))


def count(result: Run, condition: str) -> int:
    """Events that fulfil a condition."""
    return number(result, f"select count(*) as n from events where {condition}")


def vanished_ns(result: Run) -> list[int]:
    """When the clients were told "accepted" whose orders have no end anywhere."""
    rows = result.history.sql(
        "select min(time_ns) as t from events where kind = 'acknowledge' and vantage = 'client' "
        "and intent_id not in (select intent_id from events where intent_id is not null "
        "and kind in ('execute', 'reject', 'cancel', 'expire')) group by intent_id"
    )
    return [int(str(row["t"])) for row in rows]


def longest_s(result: Run, first: str, then: str, condition: str = "true") -> float:
    """Longest time from an order's first event of one sort to its first of another."""
    longest_ns = number(
        result,
        f"with a as (select order_id, min(time_ns) as t from events where {first} and {condition} "
        f"group by order_id), b as (select order_id, min(time_ns) as t from events where {then} "
        "group by order_id) select coalesce(max(b.t - a.t), 0) as n from a join b using (order_id)",
    )
    return longest_ns / NS_PER_S


def wait_at_gateway_s(result: Run) -> float:
    """Longest time from "accepted" until the exchange gateway sent an order on."""
    acknowledged = "kind = 'acknowledge' and vantage = 'oms'"
    return longest_s(result, acknowledged, "kind = 'route' and component = 'set-exchange'")


def wait_on_phone_s(result: Run) -> float:
    """Longest time from a telephone client's call to "accepted"."""
    told = "kind = 'acknowledge' and vantage = 'client'"
    return longest_s(result, "kind = 'submit'", told, "channel = 'phone'")


def executed_on_two_channels(result: Run) -> int:
    """Wishes that executed at the exchange by telephone and by app."""
    return number(
        result,
        "select count(*) as n from (select intent_id from events where kind = 'execute' "
        "and vantage = 'venue' group by intent_id having count(distinct channel) = 2)",
    )


# -- systems fail at the opening --------------------------------------------------------------


def acknowledged_in_the_last_two_seconds_and_lost(result: Run) -> bool:
    lost, crash = vanished_ns(result), at(result, "10:05")
    tolerance = NS_PER_S  # the message to the client takes its time
    return bool(lost) and all(crash - 2 * NS_PER_S <= t <= crash + tolerance for t in lost)


def acknowledged_since_the_copy_stopped_and_lost(result: Run) -> bool:
    lost = vanished_ns(result)
    early, late = at(result, "10:02"), at(result, "10:05:01")
    return len(lost) >= 300 and all(early <= t <= late for t in lost)


def second_failover_comes_after_many_refusals(result: Run) -> bool:
    failed = count(result, "kind = 'failover' and reason = 'failed'")
    return failed == 1 and count(result, "kind = 'reject' and cause = 'stop-intake'") > 500


def paper_orders_pass_the_credit_check_by(result: Run) -> bool:
    skipped = "kind = 'control_skip' and subject = 'credit-limit' and component = 'trading-desk'"
    return count(result, skipped) > 10 and count(result, "cause = 'stop-intake'") > 500


SYSTEMS: Mapping[str, Callable[[Run], bool]] = {
    "dc-loss": acknowledged_in_the_last_two_seconds_and_lost,
    "oms-failover-lag": acknowledged_since_the_copy_stopped_and_lost,
    "failover-fails": second_failover_comes_after_many_refusals,
    "ransomware": paper_orders_pass_the_credit_check_by,
}


# -- people are missing, or too many call -------------------------------------------------------


def callers_wait_though_all_systems_work(result: Run) -> bool:
    crashed = count(result, "kind = 'fault_on' and subject not in ('absence', 'staff')")
    return crashed == 0 and wait_on_phone_s(result) > 180


def callers_wait_while_the_desk_moves(result: Run) -> bool:
    moving = count(result, "kind = 'action' and ref = 'relocate-consultants'")
    return moving > 0 and wait_on_phone_s(result) > 180 and executed_on_two_channels(result) >= 10


def orders_wait_for_the_rate_limit_and_callers_for_the_desk(result: Run) -> bool:
    crashed = count(result, "kind in ('failover', 'detect')")
    waits = wait_at_gateway_s(result) > 60 and wait_on_phone_s(result) > 180
    return crashed == 0 and waits and executed_on_two_channels(result) >= 10


PEOPLE: Mapping[str, Callable[[Run], bool]] = {
    "pandemic-absence": callers_wait_though_all_systems_work,
    "head-office-flood": callers_wait_while_the_desk_moves,
    "surge": orders_wait_for_the_rate_limit_and_callers_for_the_desk,
}


# -- the way to the exchange, and what others provide, later in the morning ---------------------


def orders_wait_longer_than_the_gateway_is_down(result: Run) -> bool:
    return (
        count(result, "kind = 'failover'") == 0
        and not vanished_ns(result)
        and wait_at_gateway_s(result) > 120
    )


def orders_wait_though_nobody_notices_anything(result: Run) -> bool:
    quiet = count(result, "kind in ('detect', 'declare', 'failover')") == 0
    return quiet and not vanished_ns(result) and wait_at_gateway_s(result) > 300


def nothing_executes_while_orders_are_accepted(result: Run) -> bool:
    halted = f"time_ns between {at(result, '10:33:02')} and {at(result, '10:41')}"
    executed = count(result, f"kind = 'execute' and component = 'set-exchange' and {halted}")
    return executed == 0 and count(result, f"kind = 'acknowledge' and {halted}") > 1000


def one_cause_silences_the_app_and_the_notices(result: Run) -> bool:
    silent = count(
        result,
        "kind = 'submit' and channel in ('mobile', 'web') and intent_id not in "
        "(select intent_id from events where kind in ('acknowledge', 'reject') "
        "and vantage = 'client')",
    )
    switched = count(result, "kind = 'submit' and channel = 'phone' and segment = 'retail'")
    told_by_settlement_only = number(
        result,
        "select count(distinct intent_id) as n from events where kind = 'settle' "
        "and vantage = 'client' and intent_id not in "
        "(select intent_id from events where kind = 'confirm' and vantage = 'client')",
    )
    return silent > 100 and switched > 50 and told_by_settlement_only >= 300


def everything_moves_and_nothing_is_lost(result: Run) -> bool:
    moved = count(result, "kind = 'failover' and ref = 'move-before-battery-ends'")
    return moved == 7 and result.outcome == "pass" and not vanished_ns(result)


def orders_execute_with_other_terms(result: Run) -> bool:
    altered = number(
        result,
        "select count(*) as n from events e join (select intent_id, any_value(side) as side, "
        "any_value(account) as account, any_value(instrument) as instrument from events "
        "where kind = 'intend' group by intent_id) i using (intent_id) "
        "where e.kind = 'execute' and e.vantage = 'venue' and (e.side <> i.side "
        "or e.account <> i.account or e.instrument <> i.instrument)",
    )
    return altered >= 5


def data_is_seen_reported_and_closed_while_orders_are_well(result: Run) -> bool:
    privacy, board = result.document["systems"]["6"], result.document["systems"]["1"]
    is_closed = privacy["grants_count"] == 1 and privacy["grants_not_revoked_count"] == 0
    is_seen = privacy["records_exposed_count"] >= 1000 and privacy["exposure_s"] == 4 * 60
    is_told = board["time_to_board_s"] is not None and privacy["breach_notice_s"] <= 72 * 3600
    return result.outcome == "pass" and is_seen and is_closed and is_told


MORNING: Mapping[str, Callable[[Run], bool]] = {
    "gateway-flaps": orders_wait_longer_than_the_gateway_is_down,
    "one-way-partition": orders_wait_though_nobody_notices_anything,
    "exchange-halt": nothing_executes_while_orders_are_accepted,
    "cloud-failure": one_cause_silences_the_app_and_the_notices,
    "power-outage": everything_moves_and_nothing_is_lost,
    "insider": orders_execute_with_other_terms,
    "client-data-leak": data_is_seen_reported_and_closed_while_orders_are_well,
}


# -- funds, in the afternoon ---------------------------------------------------------------------


def funds_are_bought_twice(result: Run) -> bool:
    twice = number(
        result,
        "select count(*) as n from (select intent_id from events where kind = 'execute' "
        "and component = 'fund-registrar' group by intent_id having count(distinct exec_id) = 2)",
    )
    return twice >= 20


AFTERNOON: Mapping[str, Callable[[Run], bool]] = {
    "failback-standby-running": funds_are_bought_twice,
}


# -- and the day on which nothing goes wrong -----------------------------------------------------


def nothing_goes_wrong(result: Run) -> bool:
    was_impaired = count(result, "kind = 'fault_on'") > 0
    return not was_impaired and result.outcome == "pass" and not vanished_ns(result)


NORMAL: Mapping[str, Callable[[Run], bool]] = {"normal-day": nothing_goes_wrong}
