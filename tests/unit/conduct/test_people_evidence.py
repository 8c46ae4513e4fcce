"""Goal: the tables behind systems 1, 3, 5 and 6 say who, what and when.

Method: one day of the small broker with every kind of row; whole tables.
"""

from __future__ import annotations

from bcsim.conduct.people_evidence import people_evidence
from bcsim.units import NS_PER_S
from tests.unit.conduct.days import day, log_day, row, service, wish


def change(data):
    data["data_classes"] = {
        "records": {"name": "Records", "sensitivity": "confidential", "personal": True}
    }
    data["components"]["oms"].update(holds=["records"], data_class="personal")
    data["services"] = {"orders": data["services"]["orders"]}
    data["services"]["orders"]["tolerance"].update(
        approver="Board", approved_on="2025-11-22", review_within="365 d"
    )
    desk = data["teams"]["desk"]
    desk["skills"] = {"licence": {"name": "Licence", "holders": [{"people": 12}]}}
    desk["roles"] = {"dealer": {"name": "Dealer", "skill": "licence", "minimum": 8}}
    data["scorecards"] = {
        "desk": {
            "name": "Desk",
            "team": "desk",
            "channels": ["app"],
            "variable_share": 0.3,
            "indicators": {"volume": {"counts": "orders-done", "target": 1.0}},
            "gates": {"lost": {"counts": "orders-lost", "at_most": 0.2, "loses": 0.5}},
            "clawback": ["orders-lost"],
        }
    }
    data["plan"]["actions"]["tell-clients"]["states"] = [{"within_level": "orders"}]


EVENTS = (
    wish("a"),
    wish("b"),
    row(400, "declare", component="oms", actor="malee", ref="crisis-leader"),
    row(500, "action", subject="fail-over", ref="switch-gateway", reason="started", actor="desk"),
    row(600, "notify", subject="tell-clients", reason="notify-clients", component="app"),
    row(650, "notify", subject="tell-board", reason="notify-board"),
    row(300, "action", component="desk", subject="cover", ref="dealer", reason="5 of 8"),
    row(700, "expose", component="oms", subject="records", ref="theft", reason="seen"),
    row(800, "fault_off", component="oms", ref="theft"),
    row(700, "grant", component="oms", subject="glass", ref="glass"),
)


EXPECTED = {
    "approvals": [
        {
            "service": "orders",
            "approver": "Board",
            "approved_on": "2025-11-22",
            "review_by": "2026-11-22",
            "is_overdue": True,
        }
    ],
    "decisions": [
        {"time_ns": 400 * NS_PER_S, "action": None, "actor": "malee", "is_mandated": True},
        {
            "time_ns": 500 * NS_PER_S,
            "action": "switch-gateway",
            "actor": None,
            "is_mandated": False,
        },
    ],
    "scorecards": [
        {
            "scorecard": "desk",
            "orders": 2,
            "score": 0.5,
            "paid": 0.25,
            "failed_gates": ["lost"],
            "clawback": 1,
        }
    ],
    "notices": [
        {
            "time_ns": 600 * NS_PER_S,
            "action": "tell-clients",
            "kind": "notify-clients",
            "channel": "app",
            "is_true": False,
        },
        {
            "time_ns": 650 * NS_PER_S,
            "action": "tell-board",
            "kind": "notify-board",
            "channel": None,
            "is_true": None,
        },
    ],
    "roles": [{"component": "desk", "role": "dealer", "minimum": 8, "fewest": 5}],
    "exposures": [
        {
            "data_class": "records",
            "component": "oms",
            "how": "seen",
            "from_ns": 700 * NS_PER_S,
            "to_ns": 800 * NS_PER_S,
        }
    ],
    "grants": [{"name": "glass", "component": "oms", "from_ns": 700 * NS_PER_S, "to_ns": None}],
}


def test_every_table():
    """Goal: who, what and when; times on the run's clock. Method: the day above.

    One of two orders is done and one lost: score 0.5, halved by the gate.
    """
    run = day(
        *EVENTS,
        change=change,
        classes={"a": "ok", "b": "lost"},
        services=(service("orders", (500, 900, True)),),
    )
    assert people_evidence(run) == EXPECTED


def test_without_a_model_only_what_the_log_says():
    """Goal: no table is made up. Method: the same events as a log."""
    found = people_evidence(log_day(*EVENTS[2:]))
    assert [name for name, rows in found.items() if rows] == ["notices", "exposures", "grants"]
