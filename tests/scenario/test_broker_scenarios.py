"""Goal: each of the shipped broker's scenarios goes wrong, or right, for its own reason.

Method: run every scenario in its window. It must meet its expectation, and its history must
have a property that the history of the same window without the disruptions lacks (that of the
normal day is held against the loss of the data centre). Seed 0; no test here is statistical.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from bcsim.experiment.run import run
from bcsim.model.component import Dedup
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from bcsim.units import NS_PER_DAY, NS_PER_S, parse_clock
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.experiment.run import Run
    from bcsim.model.firm import Firm

pytestmark = pytest.mark.long

FOLDER = ROOT / "scenarios" / "broker"
NAMES = sorted(path.name.split(".")[0] for path in FOLDER.glob("*.scenario.yaml"))


@cache
def firm():
    return load_model(FOLDER / "broker.model.yaml")


@cache
def scenario(name: str):
    return load_scenario(FOLDER / f"{name}.scenario.yaml", firm())


@cache
def run_of(name: str) -> Run:
    return run(firm(), scenario(name))


@cache
def undisturbed(start, window) -> Run:
    """The run of a window on a day on which nothing goes wrong."""
    quiet = scenario("normal-day")
    if (quiet.start, quiet.window) == (start, window):
        return run_of("normal-day")
    return run(firm(), quiet.replace(start=start, window=window))


# -- what a history shows ---------------------------------------------------------------------


def at(result: Run, clock: str) -> int:
    """A time of day as nanoseconds on the run's clock."""
    start = result.scenario.start
    return parse_clock(clock) - (start.hour * 3600 + start.minute * 60 + start.second) * NS_PER_S


def count(result: Run, condition: str) -> int:
    """Events that fulfil a condition."""
    (row,) = result.history.sql(f"select count(*) as n from events where {condition}")
    return int(str(row["n"]))


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
    (row,) = result.history.sql(
        f"with a as (select order_id, min(time_ns) as t from events where {first} and {condition} "
        f"group by order_id), b as (select order_id, min(time_ns) as t from events where {then} "
        "group by order_id) select coalesce(max(b.t - a.t), 0) as d from a join b using (order_id)"
    )
    return int(str(row["d"])) / NS_PER_S


def wait_at_gateway_s(result: Run) -> float:
    """Longest time from "accepted" until the exchange gateway sent an order on."""
    acknowledged = "kind = 'acknowledge' and vantage = 'oms'"
    return longest_s(result, acknowledged, "kind = 'route' and component = 'set-exchange'")


def wait_on_phone_s(result: Run) -> float:
    """Longest time from a telephone client's call to "accepted"."""
    told = "kind = 'acknowledge' and vantage = 'client'"
    return longest_s(result, "kind = 'submit'", told, "channel = 'phone'")


def was_impaired(result: Run) -> bool:
    return count(result, "kind = 'fault_on'") > 0


# -- the property of each scenario --------------------------------------------------------------


def nothing_goes_wrong(result: Run) -> bool:
    return not was_impaired(result) and result.outcome == "pass" and not vanished_ns(result)


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


def paper_orders_pass_the_credit_check_by(result: Run) -> bool:
    skipped = "kind = 'control_skip' and subject = 'credit-limit' and component = 'trading-desk'"
    return count(result, skipped) > 10 and count(result, "cause = 'stop-intake'") > 500


def callers_wait_though_all_systems_work(result: Run) -> bool:
    crashed = count(result, "kind = 'fault_on' and subject not in ('absence', 'staff')")
    return crashed == 0 and wait_on_phone_s(result) > 120


def orders_wait_for_the_rate_limit(result: Run) -> bool:
    crashed = count(result, "kind in ('failover', 'detect')")
    return crashed == 0 and wait_at_gateway_s(result) > 60


def callers_wait_while_the_desk_moves(result: Run) -> bool:
    moving = count(result, "kind = 'action' and ref = 'relocate-consultants'")
    return moving > 0 and wait_on_phone_s(result) > 120


def one_cause_silences_the_app_and_the_notices(result: Run) -> bool:
    silent = count(
        result,
        "kind = 'submit' and channel in ('mobile', 'web') and intent_id not in "
        "(select intent_id from events where kind in ('acknowledge', 'reject') "
        "and vantage = 'client')",
    )
    switched = count(result, "kind = 'submit' and channel = 'phone' and segment = 'retail'")
    return silent > 100 and switched > 50


def everything_moves_and_nothing_is_lost(result: Run) -> bool:
    moved = count(result, "kind = 'failover' and ref = 'move-before-battery-ends'")
    return moved == 7 and result.outcome == "pass" and not vanished_ns(result)


def orders_execute_with_other_terms(result: Run) -> bool:
    (row,) = result.history.sql(
        "select count(*) as n from events e join (select intent_id, any_value(side) as side, "
        "any_value(account) as account, any_value(instrument) as instrument from events "
        "where kind = 'intend' group by intent_id) i using (intent_id) "
        "where e.kind = 'execute' and e.vantage = 'venue' and (e.side <> i.side "
        "or e.account <> i.account or e.instrument <> i.instrument)"
    )
    return int(str(row["n"])) >= 5


def funds_are_bought_twice(result: Run) -> bool:
    (row,) = result.history.sql(
        "select count(*) as n from (select intent_id from events where kind = 'execute' "
        "and component = 'fund-registrar' group by intent_id having count(distinct exec_id) = 2)"
    )
    return int(str(row["n"])) >= 20


def without_lag(model: Firm) -> Firm:
    """The broker with synchronous replication of order management and gateway."""
    components = dict(model.components)
    for name in ("oms", "exchange-gateway"):
        store = components[name].store
        assert store is not None
        components[name] = components[name].replace(store=store.replace(lag=0))
    return model.replace(components=components)


def with_a_registrar_that_recognises_repeats(model: Firm) -> Firm:
    registrar = model.components["fund-registrar"].replace(dedup=Dedup(horizon=NS_PER_DAY))
    return model.replace(components=dict(model.components) | {"fund-registrar": registrar})


PROPERTIES: dict[str, Callable[[Run], bool]] = {
    "normal-day": nothing_goes_wrong,
    "dc-loss": acknowledged_in_the_last_two_seconds_and_lost,
    "oms-failover-lag": acknowledged_since_the_copy_stopped_and_lost,
    "failover-fails": second_failover_comes_after_many_refusals,
    "gateway-flaps": orders_wait_longer_than_the_gateway_is_down,
    "one-way-partition": orders_wait_though_nobody_notices_anything,
    "exchange-halt": nothing_executes_while_orders_are_accepted,
    "ransomware": paper_orders_pass_the_credit_check_by,
    "pandemic-absence": callers_wait_though_all_systems_work,
    "surge": orders_wait_for_the_rate_limit,
    "head-office-flood": callers_wait_while_the_desk_moves,
    "cloud-failure": one_cause_silences_the_app_and_the_notices,
    "power-outage": everything_moves_and_nothing_is_lost,
    "insider": orders_execute_with_other_terms,
    "failback-standby-running": funds_are_bought_twice,
}


def test_every_scenario_has_a_property():
    """Goal: no scenario goes unwatched. Method: compare names with the files that ship."""
    assert sorted(PROPERTIES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_expectation_is_met(name):
    """Goal: what a scenario says comes out. Method: run it; list what was unmet."""
    assert run_of(name).unmet == ()


@pytest.mark.parametrize("name", NAMES)
def test_goes_wrong_for_its_own_reason(name):
    """Goal: the disruption is the cause. Method: its property with and without it."""
    result = run_of(name)
    other = undisturbed(result.scenario.start, result.scenario.window)
    if name == "normal-day":
        other = run_of("dc-loss")
    has_property = PROPERTIES[name]
    assert has_property(result)
    assert not has_property(other)


def test_synchronous_replication_loses_nothing():
    """Goal: the lag is what loses orders in dc-loss. Method: the same loss without any lag."""
    result = run(without_lag(firm()), scenario("dc-loss"))
    assert (result.orders.lost, result.orders.duplicated, vanished_ns(result)) == (0, 0, [])


def test_an_orderly_fail_back_doubles_nothing():
    """Goal: the standby left running is what doubles fund orders. Method: the same outage and
    fail-back without it, and with it but a registrar that recognises repeats."""
    spoilt = scenario("failback-standby-running")
    crash = next(d for d in spoilt.disruptions if d.kind == "crash")
    alone = crash.replace(at=parse_clock("14:20"), after=None, delay=0)
    orderly = run(firm(), spoilt.replace(disruptions=(alone,)))
    assert count(orderly, "kind = 'failback'") == 1
    assert orderly.outcome == "pass"
    careful = run(with_a_registrar_that_recognises_repeats(firm()), spoilt)
    assert careful.orders.duplicated == 0
