"""Goal: ``bcsim map`` shows where a firm is weak: as tables, as JSON, as a picture.

Method: the test broker written to a file; whole documents, and the tables' cells.
"""

from __future__ import annotations

import json
import re

import pytest

from bcsim.cli import app
from bcsim.cli.weakness_tables import WORDS
from tests.brokerage import brokerage

MODEL = "small.model.json"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The broker's model in the current folder."""
    text = json.dumps(brokerage(), ensure_ascii=False)
    (tmp_path / MODEL).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def document(capsys, *options):
    assert app.main(["map", MODEL, "--json", *options]) == app.EXIT_PASS
    return json.loads(capsys.readouterr().out)


def cells(text):
    """Lines of all tables in a text as cells; a long cell goes on in the next line."""
    rows = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.strip("│┃").split("│")] if "│" in line else []
        if parts and (parts[-1] or any(parts)):
            rows.append(parts)
    return rows


def test_json(capsys):
    """Goal: everything is in the document. Method: one entry of each kind, and all keys."""
    found = document(capsys)
    assert list(found) == [
        "bcsim",
        "kind",
        "model",
        "model_sha256",
        "cut_set_order",
        "journeys",
        "shared_causes",
        "blast_radius",
    ]
    assert (found["bcsim"], found["kind"], found["model"]) == (1, "map", MODEL)
    assert re.fullmatch("[0-9a-f]{64}", found["model_sha256"])
    assert found["cut_set_order"] == 3
    app_order = found["journeys"]["app-order"]
    assert app_order["single_points"][0] == {
        "node": "dc1",
        "journey": "app-order",
        "channels": ["app"],
        "is_total": True,
        "step": "accept",
        "chain": ["dc1", "oms"],
        "workarounds": [{"fail_over": ["gateway"], "by_hand": ["oms"]}],
    }
    assert app_order["cut_sets"][-1] == ["power-dc2", "oms"]
    assert found["shared_causes"][-1] == {
        "node": "power-dc2",
        "components": ["ledger"],
        "standbys": ["web", "oms", "gateway"],
        "defeated": [],
    }
    assert len(found["blast_radius"]) == 3 + len(brokerage()["components"])
    shares = [radius["orders_share"] for radius in found["blast_radius"]]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1.0, 0.0)


def test_one_journey_and_order(capsys):
    """Goal: options narrow the search. Method: one journey, single failures only."""
    found = document(capsys, "--journey", "phone-order", "--order", "1")
    assert list(found["journeys"]) == ["phone-order"]
    assert {len(nodes) for nodes in found["journeys"]["phone-order"]["cut_sets"]} == {1}


def test_unknown_journey(capsys):
    """Goal: a misspelt journey is named. Method: one letter missing."""
    assert app.main(["map", MODEL, "--journey", "app-orde"]) == app.EXIT_BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "error: no journey of this name has demand (got --journey app-orde); expected "
        "app-order, phone-order — did you mean 'app-order'?\n1 error\n"
    )


def test_tables(capsys):
    """Goal: a manager reads what fails, why, and what helps. Method: rows of the tables."""
    assert app.main(["map", MODEL, "--journey", "phone-order"]) == app.EXIT_PASS
    out, err = capsys.readouterr()
    assert err == ""
    rows = cells(out)
    assert ["Office (office)", "all", "answer", "office → desk", "nothing but repair"] in rows
    assert ["Exchange gateway", "all", "send", "", "fail over gateway"] in rows
    assert [
        "Line to the exchange",
        "all",
        "trade",
        "market-line → link to",
        "nothing but repair",
    ] in (rows)
    assert ["Data centre 2 (dc2) + Order management (oms)"] in rows
    assert ["Telephone desk (desk)", "10.0%", "1", "Orders 10%, Orders by telephone 100%"] in rows
    assert "Order by telephone: single points of failure" in out
    assert "Shared causes" in out


def test_no_single_point(capsys, folder):
    """Goal: good news is told. Method: a journey of one step with a standby elsewhere."""
    data = brokerage()
    data["components"]["web"]["standby"]["site"] = "dc2"
    data["components"]["power-dc1"]["dependencies"] = []
    data["links"]["app-line"]["over"] = []
    steps = data["journeys"]["app-order"]["steps"]
    data["journeys"]["app-order"]["steps"] = [steps[0]]
    (folder / MODEL).write_text(json.dumps(data), encoding="utf-8")
    assert app.main(["map", MODEL, "--journey", "app-order"]) == app.EXIT_PASS
    assert capsys.readouterr().out.splitlines()[0] == "Order by app: no single point of failure"


def test_thai(capsys):
    """Goal: tables in Thai. Method: headings and names."""
    assert app.main(["map", MODEL, "--lang", "th"]) == app.EXIT_PASS
    out = capsys.readouterr().out
    assert "Order by app: จุดล้มเหลวเดี่ยว" in out
    assert "ไฟฟ้านครหลวง (grid)" in out
    assert "ซ่อมเท่านั้น" in out
    for texts in WORDS.values():
        assert set(texts) == {"en", "th"}


def test_quiet(capsys):
    """Goal: --quiet prints nothing. Method: with and without JSON."""
    assert app.main(["map", MODEL, "--quiet"]) == app.EXIT_PASS
    assert capsys.readouterr() == ("", "")


def test_pictures(capsys, folder):
    """Goal: --out writes picture and findings. Method: the folder, the document, again."""
    found = document(capsys, "--out", "maps/today")
    written = sorted(path.name for path in (folder / "maps" / "today").iterdir())
    assert written == ["component-graph.png", "component-graph.svg", "map.json"]
    assert found["pictures"] == [f"maps/today/component-graph.{kind}" for kind in ("svg", "png")]
    saved = json.loads((folder / "maps" / "today" / "map.json").read_text(encoding="utf-8"))
    assert saved == found
    png = (folder / "maps" / "today" / "component-graph.png").read_bytes()
    assert png.startswith(b"\x89PNG")
