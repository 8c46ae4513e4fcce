"""Goal: docs/explanation/continuity-layer.md leaves nothing out and invents nothing.

Method: first columns of its tables against the kinds in the code.
"""

from __future__ import annotations

import re
from typing import get_args

import pytest

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.impairment import Symptom
from bcsim.engine.timeline import Attribute
from bcsim.model.plan import ActionKind, Condition
from bcsim.scenario import disruption as kinds
from tests.repository import ROOT

PAGE = (ROOT / "docs/explanation/continuity-layer.md").read_text(encoding="utf-8")


def first_column(heading):
    """Cells of the first column of the table under a heading, code marks and all."""
    table = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[2:]]


def codes(cells):
    return [code for cell in cells for code in re.findall(r"`([^`\n]+)`", cell)]


DISRUPTIONS = [
    kind.model_json_schema()["properties"]["kind"]["const"]
    for kind in kinds.Disruption.__subclasses__()
]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("disruption", DISRUPTIONS),
        ("action", [kind.value for kind in ActionKind]),
        ("condition", [f for f in Condition.model_fields if f not in {"source", "note"}]),
    ],
)
def test_tables_name_every_kind(heading, expected):
    """Goal: a kind has a row, a row has a kind. Method: sets of names, none twice."""
    named = codes(first_column(heading))
    assert sorted(named) == sorted(expected)
    assert len(named) > 5


def test_lanes_are_in_their_order():
    """Goal: the stated order of an instant. Method: the table against the enumeration."""
    assert first_column("lane") == [lane.name.lower() for lane in Lane]


def test_symptoms_and_attributes_are_named():
    """Goal: every symptom and every attribute is explained. Method: look for each word."""
    words = set(codes([PAGE]))
    assert set(get_args(Symptom)) <= words
    assert {attribute.value for attribute in Attribute} <= words
