"""Goal: the checks of a scenario find each breach, and nothing in a sound one.

Method: a scenario of the test broker with one thing changed; all findings.
"""

from __future__ import annotations

import json

import pytest

from bcsim.history.schema import Kind
from bcsim.scenario.checks import CHECKS
from bcsim.scenario.rules.beginning import EVENTS
from bcsim.scenario.rules.disruption import STRUCK, parts
from bcsim.scenario.scenario import Scenario
from tests.brokerage import broker, brokerage


def data():
    """A sound scenario."""
    return {
        "format": "bcsim-scenario/1",
        "name": "The order database fails",
        "family": "technology",
        "tag": "beyond-plan",
        "start": "2026-11-23T09:00:00",
        "window": {"start": "10:00", "end": "12:00"},
        "disruptions": [
            {"id": "crash", "kind": "crash", "at": "10:30", "targets": ["order-db"]},
            {"id": "surge", "kind": "surge", "after": "crash", "orders": 2.0},
        ],
        "expect": {"outcome": "fail"},
    }


def found_by(change, firm=None):
    """What the checks find because of a change of scenario; paths are written with dots."""
    changed = data()
    change(changed)
    scenario = Scenario.model_validate_json(json.dumps(changed))
    return [
        (finding.severity, ".".join(map(str, finding.path)), finding.message)
        for check in CHECKS
        for finding in check(scenario, firm or broker())
    ]


def only(kind, **fields):
    """A change: one disruption of a kind."""
    disruption = {"id": "it", "kind": kind, "at": "10:30"} | fields
    return lambda scenario: scenario.update(disruptions=[disruption])


def test_sound_scenario():
    """Goal: no remark on a sound scenario. Method: all findings."""
    assert found_by(lambda _: None) == []


CASES = {
    "a window that ends before it begins": (
        lambda s: s.update(window={"start": "12:00", "end": "10:00"}),
        [
            ("error", "window.end", "the window ends before it begins"),
            ("warning", "disruptions.0.at", "disruption crash is not within the window"),
        ],
    ),
    "a start within the window": (
        lambda s: s.update(start="2026-11-23T10:15:00"),
        [("error", "window.start", "the window begins before the scenario starts")],
    ),
    "a window between the sessions": (
        lambda s: (
            s.update(window={"start": "12:30", "end": "14:00"}, disruptions=[])
            or s.update(family="normal")
        ),
        [("warning", "window", "product equity does not trade within the window")],
    ),
    "a window without orders": (
        lambda s: (
            s.update(window={"start": "16:00", "end": "16:30"}, family="normal")
            or s.update(disruptions=[])
        ),
        [("error", "window", "nobody orders anything within the window")],
    ),
    "a short drain": (
        lambda s: s.update(drain={"limit": "8 s"}),
        [
            (
                "warning",
                "drain.limit",
                "the drain ends before the last retries and batches can",
            )
        ],
    ),
    "a drain just long enough": (lambda s: s.update(drain={"limit": "9 s"}), []),
    "a tolerance out of review": (
        lambda s: s.update(start="2027-02-01T09:00:00"),
        [
            (
                "warning",
                "start",
                f"the tolerance of service {name} is out of review on that day",
            )
            for name in ("orders", "orders-by-telephone")
        ],
    ),
    "a tolerance on its last day": (lambda s: s.update(start="2027-01-15T09:00:00"), []),
    "two of one name": (
        lambda s: s["disruptions"][1].update(id="crash", after=None, at="11:00"),
        [("error", "disruptions.1.id", "two disruptions of this name")],
    ),
    "no beginning": (
        lambda s: s["disruptions"][0].pop("at"),
        [("error", "disruptions.0", "disruption crash begins in 0 ways")],
    ),
    "two beginnings": (
        lambda s: s["disruptions"][1].update(at="11:00"),
        [("error", "disruptions.1", "disruption surge begins in 2 ways")],
    ),
    "after nothing": (
        lambda s: s["disruptions"][1].update(after="crush"),
        [("error", "disruptions.1.after", "unknown disruption")],
    ),
    "after each other": (
        lambda s: s["disruptions"][0].update(at=None, after="surge"),
        [("error", "disruptions.0.after", "disruptions begin after each other")],
    ),
    "on an unknown event": (
        lambda s: s["disruptions"][1].update(after=None, on={"event": "acknowlege"}),
        [("error", "disruptions.1.on.event", "unknown event kind")],
    ),
    "on a complaint": (
        lambda s: s["disruptions"][1].update(after=None, on={"event": "complain"}),
        [("error", "disruptions.1.on.event", "unknown event kind")],
    ),
    "on an event nowhere": (
        lambda s: s["disruptions"][1].update(
            after=None, on={"event": "reject", "component": "omx"}
        ),
        [("error", "disruptions.1.on.component", "unknown component")],
    ),
    "on an event somewhere": (
        lambda s: s["disruptions"][1].update(
            after=None, on={"event": "reject", "component": "oms", "count": 5}, delay="1 min"
        ),
        [],
    ),
    "a delay of a time": (
        lambda s: s["disruptions"][0].update(delay="1 min"),
        [
            (
                "warning",
                "disruptions.0.delay",
                "delay has no effect on a disruption that begins at a time",
            )
        ],
    ),
    "after the window": (
        lambda s: s["disruptions"][0].update(at="12:00"),
        [("warning", "disruptions.0.at", "disruption crash is not within the window")],
    ),
    "over before the window": (
        lambda s: s["disruptions"][0].update(at="09:30", lasts="30 min"),
        [("warning", "disruptions.0.at", "disruption crash is not within the window")],
    ),
    "on the next day": (
        lambda s: s["disruptions"][0].update(at="08:00"),
        [("warning", "disruptions.0.at", "disruption crash is not within the window")],
    ),
    "from before into the window": (
        lambda s: s["disruptions"][0].update(at="09:30", lasts="31 min"),
        [],
    ),
    "the same target twice": (
        only("crash", targets=["oms", "oms"]),
        [("error", "disruptions.0.targets.1", "the same component or site twice")],
    ),
    "a surge of nothing": (
        only("surge"),
        [("error", "disruptions.0", "disruption it changes nothing")],
    ),
    "no absence": (
        only("absence", teams=["desk"], share=0),
        [("error", "disruptions.0", "disruption it changes nothing")],
    ),
    "full speed": (
        only("slow", targets=["oms"], speed=1000),
        [("error", "disruptions.0", "disruption it changes nothing")],
    ),
    "a link as good as before": (
        only("degrade-link", source_side=["oms"], target_side=["gateway"]),
        [("error", "disruptions.0", "disruption it changes nothing")],
    ),
    "a flap without pause": (
        only("flap", targets=["oms"], down="1 s", up="0 s", times=3),
        [("error", "disruptions.0", "disruption it changes nothing")],
    ),
    "reaching one and both": (
        only("failback-fails", target="oms", reach_standby=["web"], reach_both=["web"]),
        [
            (
                "error",
                "disruptions.0.reach_both.0",
                "web reaches the standby only, and both",
            )
        ],
    ),
    "data that nobody restores": (
        only("crash", targets=["order-db", "dc2"], data_lost=True, lasts="1 h"),
        [
            (
                "warning",
                "disruptions.0.lasts",
                "what has lost its data is down until it is restored",
            ),
            (
                "warning",
                "disruptions.0.targets.0",
                "nothing restores the data of order-db",
            ),
            ("warning", "disruptions.0.targets.1", "nothing restores the data of ledger"),
        ],
    ),
    "an unknown class, flag and service": (
        lambda s: s["expect"].update(
            orders={"lots": {}}, flags={"overtook": {}}, within_tolerance={"orders2": True}
        ),
        [
            ("error", "expect.orders.lots", "unknown verdict class"),
            ("error", "expect.flags.overtook", "unknown flag"),
            ("error", "expect.within_tolerance.orders2", "unknown service"),
        ],
    ),
    "bounds without a number between": (
        lambda s: s["expect"].update(orders={"lost": {"at_least": 5, "at_most": 4}}),
        [("error", "expect.orders.lost", "no number is within these bounds")],
    ),
    "lost orders that pass": (
        lambda s: s["expect"].update(outcome="pass", orders={"lost": {"at_least": 1}}),
        [("error", "expect.outcome", "orders of class lost make the outcome fail")],
    ),
    "a breach that passes": (
        lambda s: s["expect"].update(outcome="late only", within_tolerance={"orders": False}),
        [
            (
                "error",
                "expect.outcome",
                "a breached tolerance, here of orders, makes the outcome fail",
            )
        ],
    ),
    "rejected orders that pass": (
        lambda s: s["expect"].update(outcome="pass", orders={"rejected": {"at_least": 1}}),
        [],
    ),
    "within the plan, and failing": (
        lambda s: s.update(tag="within-plan"),
        [("warning", "tag", "a scenario within the plan must pass")],
    ),
    "a normal day with disruptions": (
        lambda s: s.update(family="normal"),
        [("warning", "family", "a normal day with disruptions")],
    ),
    "a cyber attack of nothing": (
        lambda s: s.update(family="cyber-attack", disruptions=[]),
        [
            (
                "warning",
                "family",
                "a scenario of family cyber-attack in which nothing goes wrong",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected


WRONG: dict[str, dict[str, object]] = {
    "crash": {"targets": ["no"]},
    "hang": {"targets": ["no"]},
    "flap": {"targets": ["no"], "down": "1 s", "up": "1 s", "times": 1},
    "slow": {"targets": ["dc1"], "speed": 10},
    "cut-link": {"source_side": ["no"], "target_side": ["no"]},
    "degrade-link": {"source_side": ["no"], "target_side": ["no"], "loss": 0.5},
    "replication-lag": {"target": "ledger"},
    "failover-fails": {"targets": ["ledger"]},
    "failback-fails": {"target": "ledger", "reach_standby": ["no"], "reach_both": ["not"]},
    "absence": {"teams": ["web"], "share": 0.5},
    "site-unreachable": {"site": "web"},
    "surge": {"sources": ["no"], "orders": 2.0},
    "corrupt": {"target": "prices", "probability": 0.5},
    "leak": {"target": "web", "data": ["no"]},
    "halt": {"target": "oms"},
    "price-shock": {"products": ["no"], "change": -0.1},
}


@pytest.mark.parametrize("kind", STRUCK)
def test_target_of_every_kind(kind):
    """Goal: each kind strikes what it can. Method: a wrong target in each of its fields."""
    found = found_by(only(kind, **WRONG[kind]))
    expected = {field: f"unknown {sort}" for field, sort in STRUCK[kind].items()}
    assert {place.split(".")[2]: message for _, place, message in found} == expected


def test_every_kind_is_known():
    """Goal: a new kind of disruption gets its check. Method: compare with the model's kinds."""
    schema = Scenario.model_json_schema()["properties"]["disruptions"]["items"]
    assert set(schema["discriminator"]["mapping"]) == set(STRUCK) == set(WRONG)
    sorts = {sort for fields in STRUCK.values() for sort in fields.values()}
    assert sorts == set(parts(broker()))


def test_events_to_wait_for():
    """Goal: what happens in a run can be waited for, its aftermath cannot. Method: the kinds."""
    after = {"complain", "respond", "redress"}
    assert set(EVENTS) == {kind.value for kind in Kind} - after


def test_signals_of_the_plan():
    """Goal: the model's signals are checked with the history's kinds. Method: a wrong one."""
    model = brokerage()
    signal = {"kind": "count", "event": "rejects", "above": 5}
    model["plan"]["signals"]["rejects"] = signal
    expected = "signal rejects of the model's plan counts an unknown event kind"
    assert found_by(lambda _: None, broker(model)) == [("error", "model", expected)]
    signal["event"] = "reject"
    assert found_by(lambda _: None, broker(model)) == []


def test_drain_and_batches():
    """Goal: the drain reaches the last batch. Method: one after the window, one within it."""
    model = brokerage()
    model["journeys"]["app-order"]["steps"][-1] |= {"batch": {"at": ["11:00", "17:00"]}}
    short = lambda scenario: scenario.update(drain={"limit": "5 h"})  # noqa: E731
    enough = lambda scenario: scenario.update(drain={"limit": "5 h 9 s"})  # noqa: E731
    assert [place for _, place, _ in found_by(short, broker(model))] == ["drain.limit"]
    assert found_by(enough, broker(model)) == []
