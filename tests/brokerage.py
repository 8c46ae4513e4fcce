"""A small broker for tests: two data centres, one office, an app and a telephone desk.

Its weak points are known by hand (see tests/unit/model/test_graph.py):

- the order system stands on one database without a standby;
- the exchange gateway's standby waits for the plan;
- the risk check may be passed over, the telephone desk writes paper when the plan says so;
- both data centres hang on one power grid, but the second has a generator of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bcsim.model.checks import CHECKS
from bcsim.model.firm import Firm

if TYPE_CHECKING:
    from collections.abc import Callable

UTILITY = {"kind": "utility", "monitor": {"delay": "10 s"}}


def component(name: object, kind: str = "application", **more: Any) -> dict[str, Any]:
    """A component's data with a monitor."""
    return {"name": name, "kind": kind, "monitor": {"delay": "10 s"}} | more


def step(step_id: str, at: str, **more: Any) -> dict[str, Any]:
    """A step's data that retries twice."""
    retry = {"limit": 2, "backoff": "1 s"}
    return {
        "id": step_id,
        "component": at,
        "service": "5 ms",
        "timeout": "2 s",
        "retry": retry,
    } | more


def brokerage() -> dict[str, Any]:
    """The data of a sound model, no part of it twice; tests change what they are about."""
    data: dict[str, Any] = json.loads(json.dumps(_data()))
    return data


def _data() -> dict[str, Any]:
    return {
        "format": "bcsim-model/1",
        "name": {"en": "Small broker", "th": "โบรกเกอร์ขนาดเล็ก"},
        "sites": {
            "dc1": {"name": "Data centre 1", "utilities": ["power-dc1"]},
            "dc2": {"name": "Data centre 2", "utilities": ["power-dc2"]},
            "office": {"name": {"en": "Office", "th": "สำนักงาน"}, "utilities": ["grid"]},
        },
        "components": _infrastructure() | _systems(),
        "links": {
            "default": {"latency": "1 ms"},
            "app-line": {"latency": "40 ms", "over": ["internet"]},
            "phone-line": {"latency": "100 ms"},
            "gateway -> exchange": {"latency": "1 ms", "over": ["market-line"]},
            "exchange -> gateway": {"latency": "1 ms", "over": ["market-line"]},
        },
        **_clients(),
        "products": {"equity": _product()},
        "controls": {"limits": {"name": "Limits", "coverage": 0.9}},
        "journeys": _journeys(),
        "services": {
            "orders": {"name": "Orders", "products": ["equity"], "tolerance": _tolerance()},
            "orders-by-telephone": {
                "name": "Orders by telephone",
                "products": ["equity"],
                "channels": ["phone"],
                "tolerance": _tolerance(),
            },
        },
        **_people(),
        "plan": _plan(),
        "reconciliations": {
            "orders": {
                "name": "Orders against executions",
                "left": "oms",
                "right": "exchange",
                "at": ["17:00"],
                "grace": "5 min",
                "team": "desk",
                "work": "2 min",
            }
        },
    }


def _clients() -> dict[str, Any]:
    return {
        "channels": {
            "app": {
                "name": {"en": "App", "th": "แอป"},
                "link": "app-line",
                "desk": "desk",
                "enquiry": "2 min",
            },
            "phone": {
                "name": {"en": "Telephone", "th": "โทรศัพท์"},
                "link": "phone-line",
                "desk": "desk",
                "enquiry": "3 min",
                "records_voice": True,
            },
        },
        "segments": {
            "retail": {
                "name": "Retail",
                "clients": 1000,
                "priority": "client",
                "patience": "30 s",
                "on_timeout": {"resubmit": 0.5, "switch": 0.2, "enquire": 0.1},
                "second_channel": "phone",
            },
            "senior": {
                "name": "Senior clients",
                "clients": 100,
                "vulnerable": True,
                "priority": "client",
                "patience": "2 min",
            },
        },
        "profiles": {
            "day": {
                "points": [{"at": "10:00", "intensity": 1.0}, {"at": "16:00", "intensity": 0.0}]
            }
        },
        "demand": {
            "app-retail": _demand("app", "retail", "app-order", 900),
            "phone-retail": _demand("phone", "retail", "phone-order", 60),
            "phone-senior": _demand("phone", "senior", "phone-order", 40),
        },
    }


def _people() -> dict[str, Any]:
    roles = {"somchai": "duty officer", "malee": "crisis leader"}
    person = {"team": "desk", "reach": 0.9, "answer": "30 s"}
    return {
        "teams": {
            "desk": {
                "component": "desk",
                "site": "office",
                "headcount": 12,
                "alternate_site": "dc2",
                "relocation": "1 h",
            }
        },
        "people": {
            name: {"name": name.title(), "role": role} | person for name, role in roles.items()
        },
        "call_tree": {"duty": "somchai", "lines": [{"caller": "somchai", "calls": ["malee"]}]},
        "authorities": {
            "crisis-leader": {
                "decides": ["malee", "somchai"],
                "decision": "5 min",
                "escalate_after": "10 min",
            }
        },
    }


def _infrastructure() -> dict[str, Any]:
    return {
        "grid": {"name": {"en": "Power grid", "th": "ไฟฟ้านครหลวง"}} | UTILITY,
        "generator": {"name": "Generator"} | UTILITY,
        "power-dc1": component(
            "Power of centre 1", "facility", dependencies=[{"kind": "hard", "on": ["grid"]}]
        ),
        "power-dc2": component(
            "Power of centre 2",
            "facility",
            dependencies=[{"kind": "any-of", "on": ["grid", "generator"], "needed": 1}],
        ),
        "internet": component("Internet", "network"),
        "market-line": component("Line to the exchange", "network"),
    }


def _systems() -> dict[str, Any]:
    durable = {"kind": "durable"}
    return {
        "web": component(
            {"en": "Web front end", "th": "ระบบหน้าเว็บ"},
            "gateway",
            site="dc1",
            store={"kind": "replicated"},
            standby={"kind": "hot", "site": "dc2", "decision": "automatic", "switch": "10 s"},
        ),
        "desk": component("Telephone desk", "team", site="office", servers=10, store=durable),
        "oms": component(
            {"en": "Order management", "th": "ระบบจัดการคำสั่งซื้อขาย"},
            site="dc1",
            store={"kind": "replicated", "lag": "1 s"},
            dedup={"horizon": "1 d"},
            dependencies=[{"kind": "hard", "on": ["order-db"]}],
            standby={
                "kind": "hot",
                "site": "dc2",
                "decision": "automatic",
                "switch": "30 s",
                "dependencies": [{"kind": "hard", "on": ["order-db"]}],
            },
        ),
        "order-db": component("Order database", "database", site="dc1", store=durable),
        "risk": component(
            "Risk check", site="dc1", dependencies=[{"kind": "degrading", "on": ["prices"]}]
        ),
        "prices": component("Price feed", site="dc1"),
        "gateway": component(
            "Exchange gateway",
            "gateway",
            site="dc1",
            store={"kind": "replicated"},
            standby={"kind": "warm", "site": "dc2", "decision": "plan", "switch": "2 min"},
        ),
        "exchange": component("Exchange", "third-party", store=durable, dedup={"horizon": "1 d"}),
        "ledger": component("Ledger", "database", site="dc2", store=durable),
    }


def _journeys() -> dict[str, Any]:
    paper = {
        "component": "desk",
        "service": "2 min",
        "skips": ["limits"],
        "mistype": 0.01,
        "back_entry": "1 min",
    }
    tail = [
        step("check", "risk", mode="call", role="control", control="limits", on_failure="continue"),
        step("send", "gateway"),
        step("trade", "exchange", role="execute"),
        step("book", "ledger", role="book"),
    ]
    return {
        "app-order": {
            "name": "Order by app",
            "steps": [
                step("receive", "web"),
                step("accept", "oms", role="acknowledge", fallback=paper),
                *tail,
            ],
        },
        "phone-order": {
            "name": "Order by telephone",
            "steps": [
                step("answer", "desk", role="acknowledge"),
                step("accept", "oms", fallback=paper),
                *tail,
            ],
        },
    }


def _plan() -> dict[str, Any]:
    return {
        "name": "Continuity plan",
        "declaration": "crisis-leader",
        "declare_on": ["oms", "gateway"],
        "actions": {
            "switch-gateway": {
                "name": "Switch the gateway",
                "kind": "fail-over",
                "target": ["gateway"],
                "when": [{"detected": "gateway"}, {"declared": True}],
                "authority": "crisis-leader",
                "team": "desk",
                "duration": "5 min",
            },
            "paper": {
                "name": "Take orders on paper",
                "kind": "manual-fallback",
                "target": ["oms"],
                "when": [{"detected": "oms"}, {"declared": True}],
                "duration": "10 min",
            },
            "tell-clients": {
                "name": "Tell the clients",
                "kind": "notify-clients",
                "target": ["app", "phone"],
                "when": [{"declared": True}],
                "message": {"en": "Orders are delayed.", "th": "คำสั่งซื้อขายล่าช้า"},
                "duration": "5 min",
            },
            "back-to-normal": {
                "name": "Back to normal",
                "kind": "stand-down",
                "when": [{"done": "paper"}, {"recovered": "oms"}],
                "duration": "5 min",
            },
        },
        "signals": {"queue-alarm": {"kind": "backlog", "component": "gateway", "above": 100}},
    }


def _product() -> dict[str, Any]:
    return {
        "name": "Shares",
        "instruments": {"aot": {"name": "AOT", "price": 6000}},
        "sessions": [
            {"name": "morning", "open": "10:00", "close": "12:30"},
            {"name": "afternoon", "open": "14:00", "close": "16:30"},
        ],
        "cut_off": "16:00",
        "target_segments": ["retail", "senior"],
    }


def _demand(channel: str, segment: str, journey: str, orders: float) -> dict[str, Any]:
    return {
        "channel": channel,
        "segment": segment,
        "product": "equity",
        "journey": journey,
        "profile": "day",
        "orders_per_day": orders,
    }


def _tolerance() -> dict[str, Any]:
    return {
        "rto": "15 min",
        "mtpd": "2 h",
        "mbco": 0.5,
        "approver": "Board",
        "approved_on": "2026-01-15",
        "review_within": "365 d",
    }


def broker(data: dict[str, Any] | None = None) -> Firm:
    """The firm of some data, by default the sound one."""
    return Firm.model_validate_json(json.dumps(brokerage() if data is None else data))


def found(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...], str]]:
    """Severity, path and message of everything that the checks find, in their order."""
    firm = broker(data)
    return [
        (finding.severity, finding.path, finding.message)
        for check in CHECKS
        for finding in check(firm)
    ]


def found_by(change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str, str]]:
    """What the checks find because of a change; paths are written with dots."""
    data = brokerage()
    change(data)
    before = found(brokerage())
    return [
        (severity, ".".join(map(str, path)), message)
        for severity, path, message in found(data)
        if (severity, path, message) not in before
    ]
