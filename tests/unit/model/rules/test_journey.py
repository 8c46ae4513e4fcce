"""Goal: rules for journeys, controls and reconciliations.

Method: break each rule in the test broker; all new findings.
"""

from __future__ import annotations

import pytest

from tests.brokerage import found_by


def steps(data):
    return data["journeys"]["app-order"]["steps"]


def at(number, field):
    return f"journeys.app-order.steps.{number}.{field}".rstrip(".")


def without_timeout(number):
    def change(data):
        del steps(data)[number]["timeout"], steps(data)[number]["retry"]

    return change


CASES = {
    "a step at a network": (
        lambda data: steps(data)[0].update(component="internet"),
        [
            (
                "error",
                at(0, "component"),
                "a component of kind network cannot be where a step is done",
            )
        ],
    ),
    "a fallback to a utility": (
        lambda data: steps(data)[1]["fallback"].update(component="generator"),
        [
            (
                "error",
                at(1, "fallback.component"),
                "a component of kind utility cannot be a fallback",
            )
        ],
    ),
    "two steps of one name": (
        lambda data: steps(data)[1].update(id="receive"),
        [("error", at(1, "id"), "journey app-order has two steps of this name")],
    ),
    "two legs of one name": (
        lambda data: steps(data)[4].update(legs=[{"name": "cash", "service": "1 s"}] * 2),
        [("error", at(4, "legs.1.name"), "step trade has two legs of this name")],
    ),
    "a control without a name": (
        lambda data: steps(data)[2].pop("control"),
        [
            ("error", at(2, "role"), "step check is a control, but does not say which"),
            (
                "warning",
                at(1, "fallback.skips.0"),
                "journey app-order does not have this control anyway",
            ),
        ],
    ),
    "a control in another role": (
        lambda data: steps(data)[0].update(control="limits"),
        [("error", at(0, "control"), "step receive names a control, but its role is another")],
    ),
    "two executions": (
        lambda data: steps(data)[3].update(role="execute"),
        [("error", at(4, "role"), "journey app-order executes twice")],
    ),
    "no execution": (
        lambda data: steps(data)[4].pop("role"),
        [("warning", "journeys.app-order.steps", "journey app-order has no step of role execute")],
    ),
    "no acknowledgement": (
        lambda data: steps(data)[1].pop("role"),
        [
            (
                "warning",
                "journeys.app-order.steps",
                "journey app-order has no step of role acknowledge",
            )
        ],
    ),
    "a client who executes": (
        lambda data: [step.update(on_failure="continue") for step in steps(data)[:4]],
        [
            (
                "error",
                at(4, "role"),
                "in journey app-order a client may still hold the order when it is executed",
            )
        ],
    ),
    "a client who calls": (
        lambda data: [step.update(mode="call") for step in steps(data)[:4]],
        [
            (
                "error",
                at(4, "role"),
                "in journey app-order a client may still hold the order when it is executed",
            )
        ],
    ),
    "a client who calls once": (lambda data: steps(data)[0].update(mode="call"), []),
    "retries without a timeout": (
        lambda data: steps(data)[0].pop("timeout"),
        [("error", at(0, "retry"), "step receive retries, but no attempt ever times out")],
    ),
    "no retries, no timeout, parked": (without_timeout(0), []),
    "continues without a timeout": (
        without_timeout(2),
        [("warning", at(2, "on_failure"), "step check waits for ever when nothing answers")],
    ),
    "a breaker without a timeout": (
        lambda data: (
            without_timeout(0)(data)
            or steps(data)[0].update(breaker={"failures": 3, "window": "1 s", "open": "1 s"})
        ),
        [
            (
                "warning",
                at(0, "breaker"),
                "the breaker of step receive does not see that nothing answers",
            )
        ],
    ),
    "a timeout of nothing": (
        lambda data: steps(data)[0].update(timeout="0 s"),
        [("error", at(0, "timeout"), "a timeout that leaves no time")],
    ),
    "no fallback to use": (
        lambda data: steps(data)[0].update(on_failure="fallback"),
        [("error", at(0, "on_failure"), "step receive has no fallback to use")],
    ),
    "a fallback to itself": (
        lambda data: steps(data)[1]["fallback"].update(component="oms"),
        [("error", at(1, "fallback.component"), "the fallback is the component that has failed")],
    ),
    "a fallback that nobody uses": (
        lambda data: steps(data)[3].update(fallback={"component": "desk", "service": "1 min"}),
        [("warning", at(3, "fallback"), "nothing ever uses the fallback of step send")],
    ),
    "a fallback that opens by itself": (
        lambda data: steps(data)[3].update(
            fallback={"component": "desk", "service": "1 min"}, on_failure="fallback"
        ),
        [],
    ),
    "a call to a batch": (
        lambda data: steps(data)[2].update(batch={"at": ["17:00"]}),
        [("error", at(2, "mode"), "step check is done in a batch: its caller would wait for it")],
    ),
    "a call to oneself": (
        lambda data: steps(data)[2].update(component="oms"),
        [("error", at(2, "mode"), "at step check oms may call itself")],
    ),
    "a hand-over to oneself": (
        lambda data: steps(data)[2].update(component="oms", mode="hand-over"),
        [],
    ),
    "repairs that nobody makes": (
        lambda data: data["controls"]["limits"].update(on_hit="repair"),
        [("error", "controls.limits.on_hit", "orders are to be repaired, but nobody does it")],
    ),
    "repairs by a machine": (
        lambda data: data["controls"]["limits"].update(on_hit="repair", repair_team="prices"),
        [
            (
                "error",
                "controls.limits.repair_team",
                "a component of kind application cannot be a repair team",
            )
        ],
    ),
    "compared with itself": (
        lambda data: data["reconciliations"]["orders"].update(right="oms"),
        [("error", "reconciliations.orders.right", "a component is compared with itself")],
    ),
    "compared with nothing": (
        lambda data: data["reconciliations"]["orders"].update(right="prices"),
        [
            (
                "error",
                "reconciliations.orders.right",
                "prices has no store, so it remembers no orders to compare",
            )
        ],
    ),
    "reconciled by a machine": (
        lambda data: data["reconciliations"]["orders"].update(team="prices"),
        [
            (
                "error",
                "reconciliations.orders.team",
                "a component of kind application cannot be a repair team",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert sorted(found_by(change)) == sorted(expected)
