"""Goal: rules for components, standbys, sites and links. Method: break each; all new findings."""

from __future__ import annotations

import pytest

from bcsim.model.rules import component as rules
from tests.brokerage import broker, brokerage, found_by, step


def part(data, name):
    return data["components"][name]


def hard(*on):
    return {"kind": "hard", "on": list(on)}


def some(*on, of):
    return {"kind": "any-of", "on": list(on), "needed": of}


CASES = {
    "site and component of one name": (
        lambda data: data["sites"].update(prices={"name": "Prices"}),
        [("error", "sites.prices", "a site and a component have the same name")],
    ),
    "a site stands on an application": (
        lambda data: data["sites"]["office"].update(utilities=["prices"]),
        [
            (
                "error",
                "sites.office.utilities.0",
                "a component of kind application cannot be a site's utility",
            )
        ],
    ),
    "hard dependency on a site": (
        lambda data: part(data, "prices").update(dependencies=[hard("dc2")]),
        [
            (
                "error",
                "components.prices.dependencies.0.on.0",
                "a dependency of kind hard names a site",
            )
        ],
    ),
    "more needed than there are": (
        lambda data: part(data, "prices").update(dependencies=[some("grid", "internet", of=3)]),
        [
            (
                "error",
                "components.prices.dependencies.0.needed",
                "more are needed than there are",
            )
        ],
    ),
    "the same provider twice": (
        lambda data: part(data, "prices").update(dependencies=[some("grid", "grid", of=1)]),
        [("error", "components.prices.dependencies.0.on.1", "the same component twice")],
    ),
    "numbers without effect": (
        lambda data: part(data, "power-dc1")["dependencies"][0].update(needed=1, speed=10),
        [
            (
                "warning",
                "components.power-dc1.dependencies.0.needed",
                "needed has no effect on a dependency of kind hard",
            ),
            (
                "warning",
                "components.power-dc1.dependencies.0.speed",
                "speed has no effect on a dependency of kind hard",
            ),
        ],
    ),
    "lag without replication": (
        lambda data: part(data, "ledger").update(store={"kind": "durable", "lag": "1 s"}),
        [("warning", "components.ledger.store.lag", "lag has no effect on a durable store")],
    ),
    "replication to nowhere": (
        lambda data: part(data, "ledger").update(store={"kind": "replicated"}),
        [
            (
                "warning",
                "components.ledger.store.kind",
                "a replicated store without a standby to replicate to",
            )
        ],
    ),
    "keys forgotten too early": (
        lambda data: part(data, "oms").update(dedup={"horizon": "8 s"}),
        [
            (
                "warning",
                "components.oms.dedup.horizon",
                "keys are forgotten before the last retry: duplicates are possible",
            )
        ],
    ),
    "standby without the orders": (
        lambda data: part(data, "web").update(store=None),
        [
            (
                "warning",
                "components.web.store",
                "the standby of web starts without the orders that web holds",
            )
        ],
    ),
    "standby next door": (
        lambda data: part(data, "web")["standby"].update(site="dc1"),
        [("warning", "components.web.standby.site", "web and its standby are at the same site")],
    ),
    "standby on the same power": (
        lambda data: data["sites"]["dc2"].update(utilities=["power-dc1"]),
        [
            ("warning", f"components.{name}.standby.site", f"{name} and its standby fall together")
            for name in ("web", "gateway")
        ],
    ),
    "standby that nobody switches to": (
        lambda data: data["plan"]["actions"]["switch-gateway"].update(target=["web"]),
        [
            (
                "warning",
                "components.gateway.standby.decision",
                "no action of the plan fails gateway over",
            )
        ],
    ),
    "standby that never switches": (
        lambda data: part(data, "web").update(monitor=None),
        [
            (
                "warning",
                "components.web.standby.decision",
                (
                    "web never switches over by itself: nothing notices that it has failed, or no "
                    "switch can succeed"
                ),
            )
        ],
    ),
    "circle of dependencies": (
        lambda data: (
            part(data, "prices").update(dependencies=[hard("ledger")])
            or part(data, "ledger").update(dependencies=[hard("prices")])
        ),
        [("error", "components.ledger", "a circle of dependencies")],
    ),
    "component that needs itself": (
        lambda data: part(data, "prices").update(dependencies=[hard("prices")]),
        [("error", "components.prices", "a circle of dependencies")],
    ),
    "utility at the site that it carries": (
        lambda data: part(data, "power-dc1").update(site="dc1"),
        [],
    ),
    "alternatives in a circle": (
        lambda data: part(data, "grid").update(dependencies=[some("power-dc2", "internet", of=1)]),
        [],
    ),
    "a link over an application": (
        lambda data: data["links"]["app-line"].update(over=["prices"]),
        [
            (
                "error",
                "links.app-line.over.0",
                "a component of kind application cannot be what a link runs over",
            )
        ],
    ),
    "a link that nobody uses": (
        lambda data: data["links"].update(spare={"latency": "1 ms"}),
        [("warning", "links.spare", "no channel uses this link")],
    ),
    "a link without blanks": (
        lambda data: data["links"].update({"oms->gateway": {"latency": "1 ms"}}),
        [("error", "links.oms->gateway", "a link that is not written `from -> to`")],
    ),
    "a link from nowhere": (
        lambda data: data["links"].update({"omx -> gateway": {"latency": "1 ms"}}),
        [("error", "links.omx -> gateway", "unknown component")],
    ),
    "a link to oneself": (
        lambda data: data["links"].update({"oms -> oms": {"latency": "1 ms"}}),
        [("warning", "links.oms -> oms", "a link from a component to itself has no effect")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected


def test_links_of_every_hop():
    """Goal: without a default link every hop needs two. Method: remove it; list what is asked.

    The risk check is optional and called, the desk is the fallback of the order system, and
    whoever held the order before an execution holds it after.
    """
    missing = found_by(lambda data: data["links"].pop("default"))
    assert {place for _, place, _ in missing} <= {
        f"journeys.{journey}.steps.{number}"
        for journey in ("app-order", "phone-order")
        for number in range(1, 6)
    }
    pairs = [
        ("web", "oms"),
        ("web", "desk"),
        ("oms", "risk"),
        ("desk", "risk"),
        ("oms", "gateway"),
        ("desk", "gateway"),
        ("gateway", "ledger"),
        ("desk", "oms"),
    ]
    both = {f"no link {a} -> {b}" for a, b in pairs} | {f"no link {b} -> {a}" for a, b in pairs}
    assert {message for _, _, message in missing} == both


def test_number_of_components(monkeypatch):
    """Goal: the bound holds. Method: at the broker's number, and one below it."""
    number = len(brokerage()["components"])
    monkeypatch.setattr(rules, "COMPONENTS_MAX", number)
    assert list(rules.number_of_components(broker())) == []
    monkeypatch.setattr(rules, "COMPONENTS_MAX", number - 1)
    [finding] = rules.number_of_components(broker())
    assert (finding.value, finding.expected) == (str(number), f"at most {number - 1}")


def test_horizon_as_long_as_the_retries():
    """Goal: the bound is exact. Method: 2 s and two retries after 1 s and 2 s: 9 s."""
    assert found_by(lambda data: part(data, "oms").update(dedup={"horizon": "9 s"})) == []
    slow = step("accept", "oms", retry={"limit": 2, "backoff": "1 s", "jitter": 0.5})

    def jittered(data):
        part(data, "oms")["dedup"] = {"horizon": "10499 ms"}
        data["journeys"]["app-order"]["steps"][1] |= slow

    assert [place for _, place, _ in found_by(jittered)] == ["components.oms.dedup.horizon"]
