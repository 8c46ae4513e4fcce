"""Goal: rules for teams, people, the call tree, authorities and the plan.

Method: break each rule in the test broker; all new findings.
"""

from __future__ import annotations

import pytest

from bcsim.model.rules.circle import circles, shown
from tests.brokerage import found_by


def action(data, name, **changes):
    """Change an action, or add one like `paper`."""
    actions = data["plan"]["actions"]
    if name not in actions:
        actions[name] = {"name": name, "when": [{"detected": "oms"}], "duration": "1 min"}
    actions[name].update(changes)


CASES = {
    "a team of machines": (
        lambda data: data["teams"]["desk"].update(component="prices"),
        [
            (
                "error",
                "teams.desk.component",
                "a component of kind application cannot be a team's work",
            ),
            ("warning", "teams.desk.site", "prices is at another site"),
        ],
    ),
    "two teams at one desk": (
        lambda data: data["teams"].update(night=data["teams"]["desk"]),
        [("error", "teams.night.component", "team desk has this component already")],
    ),
    "too few people": (
        lambda data: data["teams"]["desk"].update(headcount=9),
        [("error", "teams.desk.headcount", "fewer people than desk has servers")],
    ),
    "enough people": (lambda data: data["teams"]["desk"].update(headcount=10), []),
    "too few seats": (
        lambda data: data["sites"]["dc2"].update(seats=11),
        [("warning", "teams.desk.alternate_site", "dc2 has too few seats for team desk")],
    ),
    "an alternate site that is the site": (
        lambda data: data["teams"]["desk"].update(alternate_site="office"),
        [("error", "teams.desk.alternate_site", "the alternate site is the site")],
    ),
    "somewhere to go, but no way": (
        lambda data: data["teams"]["desk"].pop("relocation"),
        [("error", "teams.desk", "team desk has one of alternate_site and relocation")],
    ),
    "calls in a circle": (
        lambda data: data["call_tree"]["lines"].append({"caller": "malee", "calls": ["somchai"]}),
        [("error", "call_tree.lines", "people call each other in a circle")],
    ),
    "whoever decides is not called": (
        lambda data: data["call_tree"].update(lines=[]),
        [
            (
                "warning",
                "people.malee",
                "malee decides, but no line of the call tree leads there",
            )
        ],
    ),
    "somebody is not called": (
        lambda data: data["people"].update(anan=data["people"]["malee"]),
        [
            (
                "warning",
                "people.anan",
                "anan has a role, but no line of the call tree leads there",
            )
        ],
    ),
    "called by monitoring": (
        lambda data: (
            data["people"].update(anan=data["people"]["malee"])
            or data["call_tree"]["lines"].append({"caller": "monitoring", "calls": ["anan"]})
        ),
        [],
    ),
    "nobody is called": (
        lambda data: data.update(call_tree=None),
        [("warning", "authorities", "people decide, but nobody calls them")],
    ),
    "deputy of oneself": (
        lambda data: data["authorities"]["crisis-leader"].update(decides=["malee", "malee"]),
        [("error", "authorities.crisis-leader.decides.1", "the same person twice")],
    ),
    "a condition of two": (
        lambda data: action(data, "paper", when=[{"detected": "oms", "declared": True}]),
        [("error", "plan.actions.paper.when.0", "a condition asks for one thing")],
    ),
    "a condition of nothing": (
        lambda data: action(data, "paper", when=[{}]),
        [("error", "plan.actions.paper.when.0", "a condition asks for one thing")],
    ),
    "nothing to fail over": (
        lambda data: action(data, "more", kind="fail-over"),
        [("error", "plan.actions.more", "action more does not say what it acts on")],
    ),
    "fail over what has no standby": (
        lambda data: action(data, "more", kind="fail-over", target=["prices"]),
        [("error", "plan.actions.more.target.0", "unknown component with a standby")],
    ),
    "fall back where there is no fallback": (
        lambda data: action(data, "more", kind="manual-fallback", target=["gateway"]),
        [
            (
                "error",
                "plan.actions.more.target.0",
                "unknown component that some step has a fallback for",
            )
        ],
    ),
    "relocate a team without a place": (
        lambda data: (
            data["teams"]["desk"].update(alternate_site=None, relocation=None)
            or action(data, "more", kind="relocate-staff", target=["desk"])
        ),
        [("error", "plan.actions.more.target.0", "unknown team with an alternate site")],
    ),
    "stop a component's intake": (
        lambda data: action(data, "more", kind="stop-intake", target=["web"]),
        [("error", "plan.actions.more.target.0", "unknown channel")],
    ),
    "reconcile a component": (
        lambda data: action(data, "more", kind="reconcile", target=["oms"]),
        [("error", "plan.actions.more.target.0", "unknown reconciliation")],
    ),
    "actions on the right things": (
        lambda data: [
            action(data, "a", kind="fail-back", target=["web"]),
            action(data, "b", kind="restore", target=["order-db"]),
            action(data, "c", kind="relocate-staff", target=["desk"]),
            action(data, "d", kind="stop-intake", target=["app"]),
            action(data, "e", kind="resume-intake"),
            action(data, "i", kind="stand-down", target=["app", "oms"]),
            action(data, "f", kind="reconcile", target=["orders"]),
            action(data, "g", kind="prioritise", order=["client"]),
            action(data, "h", kind="notify-regulator", message="Disruption declared."),
        ],
        [],
    ),
    "a notice to an address": (
        lambda data: action(data, "more", kind="notify-regulator", message="!", target=["app"]),
        [
            (
                "warning",
                "plan.actions.more.target",
                "an action of kind notify-regulator has no target",
            )
        ],
    ),
    "a notice of nothing": (
        lambda data: data["plan"]["actions"]["tell-clients"].pop("message"),
        [("error", "plan.actions.tell-clients", "action tell-clients tells nothing")],
    ),
    "an order of nobody": (
        lambda data: action(data, "more", kind="prioritise"),
        [
            (
                "error",
                "plan.actions.more",
                "action more does not put all priority classes in order",
            )
        ],
    ),
    "a message that is not told": (
        lambda data: action(data, "paper", message="Paper!"),
        [
            (
                "warning",
                "plan.actions.paper.message",
                "message has no effect on an action of kind manual-fallback",
            )
        ],
    ),
    "nobody may declare": (
        lambda data: data["plan"].update(declaration=None),
        [
            (
                "error",
                "plan.declare_on",
                "impairments are escalated, but nobody may declare a disruption",
            ),
            *[
                (
                    "error",
                    f"plan.actions.{name}.when.{place}.declared",
                    f"action {name} waits for ever: no disruption is ever declared",
                )
                for name, place in (("switch-gateway", 1), ("paper", 1), ("tell-clients", 0))
            ],
        ],
    ),
    "an impairment that nobody detects": (
        lambda data: data["components"]["gateway"].update(monitor=None),
        [
            ("warning", "plan.declare_on.1", "nothing detects that gateway is impaired"),
            (
                "error",
                "plan.actions.switch-gateway.when.0.detected",
                "action switch-gateway waits for ever: nothing detects that gateway is impaired",
            ),
        ],
    ),
    "a failure that cannot happen": (
        lambda data: action(data, "paper", when=[{"failed": "tell-clients"}]),
        [
            (
                "warning",
                "plan.actions.paper.when.0.failed",
                "action paper waits for a failure that cannot happen",
            )
        ],
    ),
    "a failure for lack of anybody who decides": (
        lambda data: (
            action(data, "tell-clients", authority="crisis-leader")
            or action(data, "paper", when=[{"failed": "tell-clients"}])
        ),
        [],
    ),
    "a switch may fail": (
        lambda data: action(data, "paper", when=[{"failed": "switch-gateway"}]),
        [],
    ),
    "actions that wait for each other": (
        lambda data: action(data, "paper", when=[{"done": "back-to-normal"}]),
        [("error", "plan.actions.back-to-normal.when", "actions wait for each other")],
    ),
    "done and failed": (
        lambda data: action(
            data, "paper", when=[{"done": "switch-gateway"}, {"failed": "switch-gateway"}]
        ),
        [
            (
                "error",
                "plan.actions.paper.when",
                "action paper waits until switch-gateway has succeeded and failed",
            )
        ],
    ),
    "a backlog of nobody": (
        lambda data: data["plan"]["signals"]["queue-alarm"].update(component=None),
        [
            (
                "error",
                "plan.signals.queue-alarm",
                "signal queue-alarm does not say whose backlog it watches",
            )
        ],
    ),
    "a backlog of events": (
        lambda data: data["plan"]["signals"]["queue-alarm"].update(event="reject"),
        [
            (
                "warning",
                "plan.signals.queue-alarm.event",
                "event has no effect on a signal of kind backlog",
            )
        ],
    ),
    "a count of nothing": (
        lambda data: data["plan"]["signals"]["queue-alarm"].update(kind="count"),
        [
            (
                "error",
                "plan.signals.queue-alarm",
                "signal queue-alarm does not say what it counts",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert sorted(found_by(change)) == sorted(expected)


def test_circle_is_shown():
    """Goal: a circle names its way. Method: three actions in a row."""
    edges = [("b", "c"), ("c", "a"), ("a", "b"), ("c", "d"), ("e", "e")]
    assert [shown(way) for way in circles(edges)] == ["a → b → c → a", "e → e"]
    assert list(circles([("a", "b"), ("b", "c"), ("a", "c")])) == []
