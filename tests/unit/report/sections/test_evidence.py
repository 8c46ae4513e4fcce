"""Goal: the tables behind systems 2, 7 and 8 say what the run's document says, in both languages.

Method: a document with every kind of row; the whole tables as text.
"""

from __future__ import annotations

import datetime

import pytest

from bcsim.history.defect import DEFECT_KINDS
from bcsim.report.naming import Names
from bcsim.report.sections.evidence import evidence_tables, product_tables
from bcsim.report.system_evidence import SystemEvidence
from bcsim.report.wording import Words
from tests.brokerage import broker
from tests.unit.engine.firms import scenario

START = datetime.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a run's wall clock has no zone
EN, TH = Words("en", START), Words("th", START)
EVIDENCE = SystemEvidence.model_validate(
    {
        "ageing": (
            {"from_d": 0, "to_d": 1, "answered": 1200, "open": 0},
            {"from_d": 30, "answered": 0, "open": 2},
        ),
        "redress": (
            {"intent": "a", "due": 123456, "paid": 123456, "payments": 1, "is_late": False},
            {"intent": "b", "due": 500, "paid": 250, "payments": 1, "is_late": True},
            {"intent": "c", "due": 100, "paid": 0, "payments": 0},
        ),
        "detection": {
            "lost": {"line-1": 3, "none": 1},
            "fault": {"line-2": 1},
        },
    }
)


def told(details):
    """Each table: its title, its heads, and its rows with the tones that count."""
    return [
        (
            detail.title,
            " | ".join(column.title for column in detail.table.columns),
            [
                " | ".join(f"{cell.text}!" if cell.tone == "bad" else cell.text for cell in row)
                for row in detail.table.rows
            ],
        )
        for detail in details
    ]


def test_all_tables():
    """Goal: every number in its place; what is bad is marked."""
    assert told(evidence_tables(EVIDENCE, EN)) == [
        (
            "7 · Ageing of complaints",
            "Age | Answered | Open",
            ["0 to 1 days | 1,200 | 0", "more than 30 days | 0 | 2!"],
        ),
        (
            "7 · Redress, greatest debts first",
            "Order | Owed | Paid | In time",
            [
                "a | 1,234.56 | 1,234.56 | yes",
                "b | 5.00 | 2.50! | late or not in full!",
                "c | 1.00 | 0.00! | not known",
            ],
        ),
        (
            "8 · Who found what first",
            "Defect | 1st line | 2nd line | 3rd line | Client | Nobody",
            ["lost | 3 | 0 | 0 | 0 | 1!", "fault of a component | 0 | 1 | 0 | 0 | 0"],
        ),
    ]


BROKER = broker()
PRODUCT = next(iter(BROKER.products))


@pytest.mark.parametrize(
    ("words", "segment", "product"),
    [
        (EN, BROKER.segments["retail"].name.en, BROKER.products[PRODUCT].name.en),
        (TH, BROKER.segments["retail"].name.th, BROKER.products[PRODUCT].name.th),
    ],
    ids=["en", "th"],
)
def test_products(words, segment, product):
    """Goal: orders, harm and levels with the model's names; what is not known says so."""
    evidence = SystemEvidence.model_validate(
        {
            "outcomes": (
                {"segment": "retail", "product": PRODUCT, "orders": 4, "affected": 1, "harm": 300},
                {"segment": "retail", "product": "", "orders": 2000, "affected": 0, "harm": 0},
                {"segment": "retail", "product": "x", "orders": 1, "affected": 0},
            ),
            "product_levels": {PRODUCT: 0.875, "x": None},
        }
    )
    tables = told(product_tables(evidence, Names(BROKER, scenario(), words)))
    unknown, few = words.say("systems.not_known"), words.say("evidence.levels.too_few")
    assert [rows for _, _, rows in tables] == [
        [
            f"{segment} | {product} | 4 | 1 | 3.00! | 0.75!",
            f"{segment} | – | 2,000 | 0 | 0.00 | 0.00",
            f"{segment} | x | 1 | 0 | {unknown} | {unknown}",
        ],
        [f"{product} | {words.percent(0.875)}", f"x | {few}"],
    ]


def test_nothing_known():
    """Goal: no empty table."""
    assert told(evidence_tables(SystemEvidence(), EN)) == []
    assert told(product_tables(SystemEvidence(), Names(BROKER, scenario(), EN))) == []


@pytest.mark.parametrize("words", [EN, TH], ids=["en", "th"])
def test_every_kind_of_defect_has_words(words):
    """Goal: a new kind cannot be forgotten. Method: a matrix with all of them."""
    evidence = SystemEvidence(detection={kind: {"none": 1} for kind in DEFECT_KINDS})
    ((_, _, rows),) = told(evidence_tables(evidence, words))
    names = [row.split(" | ")[0] for row in rows]
    assert len(set(names)) == len(DEFECT_KINDS)
