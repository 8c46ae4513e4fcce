"""Goal: what readers and checkers remark is Thai in the Thai report, and stays true to its source.

Method: every English template is looked for in the code that writes remarks; the remarks on the
shipped drill are translated whole.
"""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
import yaml

from bcsim.checkers.judge import check
from bcsim.history.logs.reader import read_logs
from bcsim.history.reconciliation import reconcile
from bcsim.report.remarks import in_thai
from bcsim.report.wording import LOCALE
from tests.repository import ROOT

ENTRIES = yaml.load((LOCALE / "remarks.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
DRILL = ROOT / "tests/logs/fix-drill"
FIELD = re.compile(r"\{(\w+)\}")
CHOSEN = re.compile(r", and |: |; | \(|ahead of|behind|orders? w(?:as|ere)")
"""Where the code puts one of several words, or one text behind another."""


@cache
def written() -> str:
    """All texts in the code of history and checkers, values as a sign of their own."""
    texts = []
    for folder in ("history", "checkers"):
        for path in sorted((ROOT / "src/bcsim" / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = (p.value if isinstance(p, ast.Constant) else "\0" for p in node.values)
                    texts.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.append(node.value)
    return "\n".join(texts)


@pytest.mark.parametrize("template", [entry["en"] for entry in ENTRIES])
def test_every_template_is_written_somewhere(template):
    """Goal: a changed remark is noticed. Method: its words between values, in the code."""
    words = [part.strip(" ,:;()") for part in FIELD.split(template)[::2]]
    pieces = [piece for part in words for piece in CHOSEN.split(part)]
    for piece in pieces:
        assert piece.strip(" ()") in written(), piece


def test_both_languages_have_the_same_values():
    """Goal: nothing is lost on the way. Method: the names between braces."""
    for entry in ENTRIES:
        assert set(FIELD.findall(entry["en"])) == set(FIELD.findall(entry["th"])), entry["en"]


@pytest.mark.parametrize("drill", ["out_keep", "out_wipe"])
@pytest.mark.parametrize("with_intents", [True, False])
def test_remarks_on_a_drill_are_thai(drill, with_intents):
    """Goal: no remark is left in English. Method: notes and reasons of the shipped drill."""
    logs = sorted((DRILL / drill).glob("*.messages.log"))
    wishes = [DRILL / "intents.csv"] if with_intents else []
    reading = reconcile(read_logs(logs, wishes))
    remarks = [*reading.notes, *check(reading.history).unknown_reasons]
    assert len(remarks) > 5
    thai = [in_thai(remark) for remark in remarks]
    assert all(re.search(r"[\u0e00-\u0e7f]", remark) for remark in thai), thai
    english = re.compile(r" (?:messages|the|of|were|rows|which|and) ")
    assert [remark for remark in thai if english.search(remark)] == []


def test_what_is_not_known_stays():
    """Goal: nothing is made up. Method: a sentence of nobody's."""
    assert in_thai("nobody says so") == "nobody says so"
