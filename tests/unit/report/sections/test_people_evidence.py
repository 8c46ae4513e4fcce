"""Goal: the tables behind systems 1, 3, 5 and 6 are readable in both languages.

Method: a document with good, bad and unknown rows on the small broker; whole tables as text.
"""

from __future__ import annotations

import datetime

from bcsim.report.naming import Names
from bcsim.report.people_evidence import PeopleEvidence
from bcsim.report.sections.people_evidence import people_tables
from bcsim.report.wording import Words
from bcsim.units import NS_PER_MIN
from tests.brokerage import broker, brokerage
from tests.unit.engine.firms import scenario

START = datetime.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a run's wall clock has no zone
EVIDENCE = PeopleEvidence.model_validate(
    {
        "approvals": (
            {"service": "orders", "approver": "Board", "approved_on": "2025-01-01",
             "review_by": "2026-01-01", "is_overdue": True},
            {"service": "orders-by-telephone"},
        ),
        "decisions": (
            {"time_ns": 5 * NS_PER_MIN, "actor": "malee", "is_mandated": True},
            {"time_ns": 6 * NS_PER_MIN, "action": "paper", "is_mandated": False},
        ),
        "scorecards": (
            {"scorecard": "desk", "orders": 1200, "score": 0.5, "paid": 0.0,
             "failed_gates": ("lost", "wrong"), "clawback": 3},
            {"scorecard": "desk", "orders": 0, "failed_gates": (), "clawback": 0},
            {"scorecard": "desk", "orders": 0, "clawback": 0},
        ),
        "notices": (
            {"time_ns": NS_PER_MIN, "action": "tell-clients", "channel": "app", "is_true": False},
            {"time_ns": NS_PER_MIN, "action": "tell-clients", "is_true": True},
            {"time_ns": NS_PER_MIN},
        ),
        "roles": (
            {"component": "desk", "role": "dealer", "minimum": 8, "fewest": 5},
            {"component": "desk", "role": "nobody's", "minimum": 8, "fewest": 8},
        ),
        "exposures": (
            {"data_class": "records", "component": "oms", "how": "seen",
             "from_ns": 0, "to_ns": 5 * NS_PER_MIN},
            {"how": "guessed", "from_ns": 0, "to_ns": 1},
        ),
        "grants": (
            {"name": "paper", "component": "oms", "from_ns": 0, "to_ns": NS_PER_MIN},
            {"name": "glass", "from_ns": 0},
        ),
    }
)  # fmt: skip


def names(lang):
    """Names of the small broker, with a scorecard, a role and a class of data."""
    data = brokerage()
    data["data_classes"] = {"records": {"name": "Records", "sensitivity": "secret"}}
    desk = data["teams"]["desk"]
    desk["skills"] = {"licence": {"name": "Licence", "holders": [{"people": 12}]}}
    desk["roles"] = {"dealer": {"name": "Dealer", "skill": "licence", "minimum": 8}}
    data["scorecards"] = {
        "desk": {
            "name": "Telephone",
            "team": "desk",
            "variable_share": 0.3,
            "indicators": {"volume": {"counts": "orders-done", "target": 1.0}},
        }
    }
    return Names(broker(data), scenario(), Words(lang, START))


def told(evidence, lang="en"):
    """Each table: its title, and its rows; what is bad ends with an exclamation mark."""
    return {
        detail.title: [
            " | ".join(f"{cell.text}!" if cell.tone == "bad" else cell.text for cell in row)
            for row in detail.table.rows
        ]
        for detail in people_tables(evidence, names(lang))
    }


def test_english():
    """Goal: every cell, and which are bad. Method: the document above."""
    plain = {
        title: [row.replace("\N{NO-BREAK SPACE}", " ") for row in rows]
        for title, rows in told(EVIDENCE).items()
    }
    assert plain == {
        "1 · Sign-off of the tolerances": [
            "Orders | Board | 2025-01-01 | 2026-01-01!",
            "Orders by telephone | –! | – | –",
        ],
        "1 · Decisions": [
            "09:05 | Disruption declared | Malee | yes",
            "09:06 | Take orders on paper | – | no!",
        ],
        "3 · Scorecards": [
            "Telephone | 1,200 | 50 % | 0 % | lost, wrong! | 3!",
            "Telephone | 0 | not known | not known | – | 0",
            "Telephone | 0 | not known | not known | not known | 0",
        ],
        "5 · Notices": [
            "09:01 | Tell the clients | App | no!",
            "09:01 | Tell the clients | – | yes",
            "09:01 | – | – | not known",
        ],
        "5 · Trained people on duty": ["Dealer | 8 | 5!", "nobody's | 8 | 8"],
        "6 · Data in the wrong hands": [
            "Records | Order management | seen | 09:00 | 5 min!",
            "– | – |  | 09:00 | 1 ns!",
        ],
        "6 · Access beyond what is normal": [
            "Take orders on paper | Order management | 09:00 | 09:01",
            "glass | – | 09:00 | still open!",
        ],
    }


def test_thai_and_empty_tables():
    """Goal: as many tables and rows in Thai; nothing where nothing is known. Method: count."""
    english, thai = told(EVIDENCE), told(EVIDENCE, "th")
    assert [len(rows) for rows in thai.values()] == [len(rows) for rows in english.values()]
    assert not set(thai) & set(english)
    assert told(PeopleEvidence()) == {}
