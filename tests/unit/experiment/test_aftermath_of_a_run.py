"""Goal: a run has an aftermath where the model says how, and systems 7 and 8 fail one by one.

Method: a quarter of an hour of the smallest shipped firm, whose server crashes; with sections for
complaints, redress and oversight that are sound, or worse in one respect.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import bcsim
from bcsim.history.reader import read_history
from bcsim.history.schema import Kind
from bcsim.model.firm import Firm
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios/templates/minimal"
WINDOW = (36_900_000_000_000, 37_800_000_000_000)
"""10:15 to 10:30, around the crash at 10:20."""

TEAM = {"kind": "team", "servers": 3}
SECTIONS: dict[str, Any] = {
    "complaints": {
        "clients": {
            "chance": {"late": 1.0, "lost": 1.0, "recovered": 1.0},
            "delay": "exponential 3 h",
        },
        "team": "care",
        "hours": {"open": "08:30", "close": "17:00"},
        "first_response": "uniform 5 min..10 min",
        "final_answer": "uniform 20 min..40 min",
    },
    "redress": {
        "rules": {"late": {"fixed": 10_000}, "lost": {"restore": True}},
        "pay_after": "1 d",
        "within": "30 d",
    },
    "oversight": {
        "monitor": {
            "name": "Monitor",
            "line": 1,
            "finds": ["late", "lost", "overtaken", "fault"],
            "coverage": 1.0,
            "latency": "2 min",
            "made_by": "desk",
            "checked_by": "care",
            "off_while": ["order-server"],
            "every": "1 h",
        }
    },
}


def firm(**sections: Any) -> Firm:
    """The smallest firm with two teams and an aftermath; a section may be None."""
    data = json.loads(
        bcsim.load_model(MINIMAL / "firm.model.yaml").model_dump_json(exclude_defaults=True)
    )
    data["components"] |= {name: TEAM | {"name": name} for name in ("care", "desk")}
    given = SECTIONS | sections
    data |= {name: section for name, section in given.items() if section is not None}
    return Firm.model_validate_json(json.dumps(data))


def run(model: Firm, **more: Any) -> bcsim.Run:
    scenario = bcsim.load_scenario(MINIMAL / "server-crash.scenario.yaml", model)
    return bcsim.run(model, scenario, seed=5, window=WINDOW, **more)


def complaints(**changes: Any) -> dict[str, Any]:
    """The section with changes of its keys."""
    return {"complaints": SECTIONS["complaints"] | changes}


def redress(**changes: Any) -> dict[str, Any]:
    """The section with changes of its keys."""
    return {"redress": SECTIONS["redress"] | changes}


def monitor(**changes: Any) -> dict[str, Any]:
    """The oversight with changes of its control."""
    return {"oversight": {"monitor": SECTIONS["oversight"]["monitor"] | changes}}


@pytest.fixture(scope="module")
def sound():
    return run(firm())


def test_a_run_without_the_sections_has_no_aftermath():
    """Goal: nothing is claimed, nothing written. Method: the firm as shipped, with two teams."""
    plain = run(firm(complaints=None, redress=None, oversight=None))
    assert plain.aftermath is None
    assert "aftermath_root" not in plain.document["provenance"]
    assert set(plain.document["systems"]["7"].values()) == {None}


def test_the_aftermath_is_in_the_folder_and_leaves_the_history_alone(sound, tmp_path):
    """Goal: its file and root, the same in memory; the order history does not depend on it."""
    stored = run(firm(), out=tmp_path / "run")
    provenance = stored.document["provenance"]
    assert sound.aftermath is not None
    assert provenance["aftermath_root"] == sound.aftermath.root
    found = read_history(tmp_path / "run/aftermath.parquet", verify=True)
    assert (found.root, len(found)) == (sound.aftermath.root, provenance["aftermath_rows"])
    manifest = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert "aftermath.parquet" in manifest["files"]
    plain = run(firm(complaints=None, redress=None, oversight=None))
    assert plain.history.root == sound.history.root
    other = run(firm(**complaints(first_response="15 min")))
    assert other.history.root == sound.history.root
    assert other.document["provenance"]["aftermath_root"] != sound.aftermath.root


def test_both_engines_have_the_same_aftermath(sound):
    """Goal: equal histories lead to equal aftermaths."""
    other = run(firm(), engine="reference").aftermath
    assert other is not None
    assert other.root == sound.aftermath.root


def test_complaints_are_closed_or_open(sound):
    """Goal: conservation over a run: complaints = answered + open; paid = sum of the rows."""
    measured = sound.document["systems"]["7"]
    rows = list(sound.aftermath.rows())
    received = {row["ref"] for row in rows if row["kind"] == Kind.COMPLAIN}
    final = {row["ref"] for row in rows if row["subject"] == "final answer"}
    assert measured["complaints_count"] == len(received) > 0
    assert measured["open_count"] == len(received - final)
    paid = sum(row["amount"] for row in rows if row["subject"] == "paid")
    assert measured["redress_paid_money"] == paid


WORSE: dict[str, tuple[dict[str, Any], str, dict[str, float]]] = {
    "answers that take weeks": (
        complaints(final_answer="100 h"),
        "7",
        {"closed_in_time_ratio": -1, "backlog_max_count": 1, "backlog_clear_s": 1},
    ),
    "an office that opens for a minute a day": (
        complaints(hours={"open": "12:00", "close": "12:01"}),
        "7",
        {"closed_in_time_ratio": -1, "open_count": 1},
    ),
    "wrong amounts": (
        redress(wrong=1.0, wrong_share=[0.5, 0.5]),
        "7",
        {"redress_error_money": 1, "redress_unpaid_money": 1},
    ),
    "late money": (redress(pay_after="60 d"), "7", {"redress_late_count": 1, "redress_s_p95": 1}),
    "a monitor that is asleep": (
        monitor(coverage=0.1),
        "8",
        {"client_first_ratio": 1, "detected_by_line_1_count": -1},
    ),
    "a monitor that is never switched on again": (
        monitor(restored=0.0),
        "8",
        {"controls_not_restored_count": 1, "controls_off_s": 1, "detected_by_line_1_count": -1},
    ),
    "a monitor that is too slow": (
        monitor(latency="10 d"),
        "8",
        {"client_first_ratio": 1, "detected_by_client_count": 1},
    ),
    "a monitor of one's own work": (monitor(checked_by="desk"), "8", {"same_person_count": 1}),
}
"""What is worse, the system that it is about, and its measures: higher (1) or lower (-1)."""


@pytest.mark.parametrize("name", WORSE)
def test_one_system_fails_and_the_other_holds(sound, name):
    """Goal: each row goes bad for its own reason. Method: one change of one section."""
    change, system, worse = WORSE[name]
    bad, good = run(firm(**change)).document["systems"], sound.document["systems"]
    for measure, sign in worse.items():
        assert sign * bad[system][measure] > sign * good[system][measure], measure
    for other in good.keys() - {system}:
        assert bad[other] == good[other]
