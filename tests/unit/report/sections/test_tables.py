"""Goal: every table says what the run shows, whole and in its units.

Method: the recorded run with parts replaced; tables compared whole, in English.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bcsim.conduct.fates import ControlUse
from bcsim.model.service_system import measure_definitions
from bcsim.report.composition import compose, words_of
from bcsim.report.run_folder import FindingEntry, ServiceResult
from bcsim.report.sections.assumptions import assumptions
from bcsim.report.sections.controls import controls
from bcsim.report.sections.expectation import expectation
from bcsim.report.sections.findings import findings
from bcsim.report.sections.levels import ROWS_MAX, levels
from bcsim.report.sections.orders import orders
from bcsim.report.sections.plan import plan
from bcsim.report.sections.provenance import provenance
from bcsim.report.sections.segments import segments
from bcsim.report.sections.systems import systems
from bcsim.report.system_evidence import SystemEvidence
from bcsim.report.system_result import SystemResult
from tests.recorded_run import MINUTES, scenario
from tests.unit.report.sections.reading import (
    NBSP,
    data_of,
    rows_of,
    section_of,
    table_of,
    told,
    with_measures,
)

# -- pictures --------------------------------------------------------------------------------


def test_every_picture_has_its_numbers(account):
    """Goal: a picture can be read without seeing. Method: its text and its table."""
    pictures = [s.picture for s in compose(account, "en").sections if s.picture]
    assert [p.name for p in pictures] == [
        "component-graph", "orders", "service-levels", "plan-timeline",
    ]  # fmt: skip
    assert all(len(picture.alt) > 60 and picture.data.rows for picture in pictures)


def test_the_numbers_behind_the_orders(account):
    """Goal: the table is the chart. Method: sums by fate, and rows by time."""
    table = data_of(orders, account)
    rows = rows_of(table)
    assert [row[0] for row in rows] == [f"10:{m:02d}" for m in range(10)]
    sums = [sum(int(row[i]) for row in rows) for i in range(1, len(table.columns))]
    assert sums == list(account.fates.totals.values())


def test_full_intervals_are_put_together(account):
    """Goal: a table of exceptions, not of a day. Method: rows against levels."""
    found = account.services["orders"].levels
    rows = [row for row in rows_of(data_of(levels, account)) if row[0] == "Orders"]
    partly = int(np.count_nonzero(found.entered != found.served))
    assert partly > 0
    assert sum(row[4] != "100 %" for row in rows) == partly
    assert sum(int(row[2]) for row in rows) == found.entered.sum()


def test_a_long_day_is_cut_and_says_so(account):
    """Goal: the page stays small. Method: a service with more bad intervals than are listed."""
    count = ROWS_MAX + 7
    measure = account.services["orders"]
    long = replace(
        measure,
        levels=replace(
            measure.levels,
            from_ns=np.arange(count) * MINUTES,
            entered=np.full(count, 4),
            served=np.full(count, 1),
        ),
    )
    day = replace(account, services={"orders": long})
    rows = rows_of(data_of(levels, day))
    assert len(rows) == ROWS_MAX + 1
    assert rows[-1] == ("Orders", "and 7 more intervals", "", "", "")


def test_the_plan_in_order_of_time(account):
    """Goal: everything on one line of time. Method: beginnings ascend, and all are there."""
    rows = rows_of(data_of(plan, account))
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert rows[0] == ("10:02", "Data centre 1: failed", "", "10:06", "4 min", "ended")
    assert ("10:03:40", "Declared: Order management", "Malee", "", "", "") in rows
    assert len(rows) == sum(
        map(
            len,
            (
                account.disruptions, account.detections, account.takeovers,
                account.declarations, account.deeds,
            ),
        )
    )  # fmt: skip


# -- tables ----------------------------------------------------------------------------------


def test_findings_of_every_kind(account):
    """Goal: classes, flags, laws, tolerances and unknown names are worded. Method: one of each."""
    entries = [
        ("lost", 12, "A", "B", "C"),
        ("late", 1, "L", "L", "L"),
        ("indeterminate", 2, "I", "J", "K"),
        ("refused", 3, "R", "S", "T"),
        ("law: cash", 1, "", "", ""),
        ("service: orders", 1, "orders", "orders", "orders"),
        ("something new", 1, "N", "N", "N"),
    ]
    found = tuple(
        FindingEntry(
            **{"class": name}, count=count, first=first, worst=worst, last=last, proof=f"{name}!"
        )
        for name, count, first, worst, last in entries
    )
    day = with_measures(
        account, findings=found, known_losses=2, unknown=("not settled",), services={},
        flags={"exposed": None, "slipped": 3},
    )  # fmt: skip
    section = section_of(findings, day)
    cells = [
        (row[0].text, row[0].note, row[0].tone, row[1].text, row[2].text, row[2].note)
        for row in section.table.rows
    ]
    assert cells == [
        ("lost", "acknowledged to the client, and then nothing", "bad", "12", "lost!",
         "first A · worst B · last C"),
        ("late", "right, but past its deadline", "late", "1", "late!", ""),
        ("indeterminate", "missing evidence could change the verdict", "unknown", "2",
         "indeterminate!", "first I · worst J · last K"),
        ("refused", "rejected because of the disruption; counts as not served", "late", "3",
         "refused!", "first R · worst S · last T"),
        ("Books do not balance",
         "as much was debited as credited in the ledger, for every order", "bad", "1",
         "law: cash!", ""),
        ("Tolerance breached", "Orders", "bad", "1", "service: orders!", ""),
        ("something new", "something new", "quiet", "1", "something new!", ""),
    ]  # fmt: skip
    assert section.remarks == (
        "2 losses were found and named by a reconciliation before the run ended.",
        "Could not be judged from this record: data exposed.",
        "What could not be decided: not settled",
    )


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", [
            ("Books do not balance", "an execution number names one execution", "E9 twice"),
            ("Tolerance breached", "Orders",
             "“Orders” was out for 16 min 40 s, longer than its target of 15 min"),
        ]),
        ("th", [
            ("ยอดรวมไม่สมดุล", "หมายเลขรายการซื้อขายหนึ่งหมายเลขหมายถึงรายการเดียว", "E9 twice"),
            ("เกินเกณฑ์ที่ยอมรับได้", "Orders",
             "บริการ “Orders” หยุดไป 16 นาที 40 วินาที นานกว่าเป้าหมาย 15 นาที"),
        ]),
    ],
)  # fmt: skip
def test_findings_in_the_language_of_the_report(account, lang, expected):
    """Goal: what is no order's is told in Thai too. Method: a law and a service, word by word."""
    out = ServiceResult(recovery_time_s=1000.0, rto_s=900.0, within_tolerance=False)
    entries = {"law: exec ids": "E9 twice", "service: orders": "orders: recovery time was 1000 s"}
    day = with_measures(
        account, services={"orders": out},
        findings=tuple(
            FindingEntry(**{"class": name}, count=1, proof=proof) for name, proof in entries.items()
        ),
    )  # fmt: skip
    table = findings(day, words_of(day, lang)).table
    assert table is not None
    told_of = [(row[0].text, row[0].note, row[2].text.replace(NBSP, " ")) for row in table.rows]
    assert told_of == expected


@pytest.mark.parametrize(
    ("lang", "proof", "reason"),
    [("en", "in English", "no orders: nobody wished anything, so nothing was put to the test"),
     ("th", "เป็นภาษาไทย", "ไม่มีคำสั่ง: ไม่มีผู้ใดประสงค์สิ่งใด จึงไม่มีสิ่งใดได้รับการทดสอบ")],
)  # fmt: skip
def test_proofs_of_orders_in_the_language_of_the_report(account, lang, proof, reason):
    """Goal: orders' proofs, and reasons for not knowing. Method: one of each by hand."""
    entry = FindingEntry(**{"class": "lost"}, count=1, first="A", proof="in English")
    reasons = ("no orders: nobody wished anything, so nothing was put to the test",)
    day = replace(
        with_measures(account, findings=(entry,), unknown=reasons, flags={}, known_losses=0),
        thai_proofs={"lost": "เป็นภาษาไทย"},
    )
    section = findings(day, words_of(day, lang))
    assert section.table is not None
    assert section.table.rows[0][2].text == proof
    assert [remark.split(": ", 1)[1] for remark in section.remarks] == [reason]


def test_segments_and_fates(account):
    """Goal: harm by group, the vulnerable marked. Method: counts written by hand."""
    day = replace(account, segments={"senior": {"lost": 1, "ok": 3}, "retail": {"refused": 5}})
    section = section_of(segments, day)
    assert [c.title for c in section.table.columns] == [
        "Segment", "Orders", "Affected", "ok", "refused", "lost",
    ]  # fmt: skip
    assert rows_of(section.table) == [
        ("Senior clients", "4", "25 %", "3", "–", "1"),
        ("Retail", "5", "100 %", "–", "5", "–"),
    ]
    assert [row[0].note for row in section.table.rows] == ["vulnerable", ""]


def test_controls_left_out_are_counted(account):
    """Goal: bypassed controls stand out. Method: two controls, one left out twice."""
    day = replace(account, controls=(ControlUse("limits", 6, 1, 2), ControlUse("old", 1, 0, 0)))
    assert told(controls, day) == ("Controls were left out 2 times.",)
    assert table_of(controls, day) == [
        ("Limits", "6", "1", "2", "22 %"),
        ("old", "1", "0", "0", "0 %"),
    ]


SYSTEM = SystemResult.model_validate(
    {
        "system": 5,
        "status": "not_met",
        "normal_status": "unknown",
        "measures": [
            {
                "measure": "first_notice_s",
                "value": 90.0,
                "normal": None,
                "target": {"at_most": 60.0},
                "status": "not_met",
            },
            {
                "measure": "reach_ratio",
                "value": 0.5,
                "normal": 1.0,
                "ratio": 0.5,
                "target": {"at_least": 0.4},
                "status": "met",
            },
            {"measure": "calls_count", "value": 1200, "normal": 0},
        ],
    }
)


def test_each_system_has_a_row_and_its_measures_below(account):
    """Goal: nine rows, what decides them, and the numbers. Method: one system, by hand."""
    alone = with_measures(account, service_systems=(SYSTEM,), evidence=SystemEvidence())
    found = section_of(systems, alone)
    name = "5 · Communication and training"
    assert rows_of(found.table) == [
        (
            name,
            "Not met",
            "Unknown",
            "First notice to clients or a regulator: 1 min 30 s (at most 1 min)",
        )
    ]
    assert [(detail.title, rows_of(detail.table)) for detail in found.details] == [
        (
            name,
            [
                (
                    "First notice to clients or a regulator",
                    *("1 min 30 s", "not known", "–", "at most 1 min", "Not met"),
                ),
                (
                    "Share of calls that reached somebody",
                    *("50 %", "100 %", "0.50 ×", "at least 40 %", "Met"),
                ),
                ("Calls of the call tree", "1,200", "0", "–", "–", "–"),
            ],
        )
    ]
    assert told(systems, with_measures(account, service_systems=())) is None


def test_a_system_without_a_target_says_so(account):
    """Goal: why it is unknown. Method: a measure alone."""
    alone = SYSTEM.model_copy(update={"status": "unknown", "measures": SYSTEM.measures[2:]})
    found = section_of(systems, with_measures(account, service_systems=(alone,)))
    assert rows_of(found.table)[0][1:] == ("Unknown", "Unknown", "the model states no target")


def test_all_nine_systems_of_a_run_are_shown(account):
    """Goal: no system is missing. Method: the run's own measures, all of them defined."""
    found = section_of(systems, account)
    assert [row[0][0] for row in rows_of(found.table)] == list("123456789")
    shown = sum(len(detail.table.rows) for detail in found.details[:9])
    assert shown == len(measure_definitions())


def test_expectations_are_held_against_what_was_found(account):
    """Goal: each expectation with its answer. Method: bounds on both sides, and a tolerance."""
    expect = {
        "outcome": "pass",
        "orders": {
            "lost": {"at_most": 0},
            "late": {"at_least": 1000},
            "ok": {"at_least": 1, "at_most": 9000},
        },
        "flags": {"repaired": {"at_most": 5}},
        "within_tolerance": {"orders": False, "absent": True},
        "systems": {"2": "met"},
    }
    day = replace(account, run=replace(account.run, scenario=scenario(expect=expect)))
    counts = account.run.measures.orders
    assert table_of(expectation, day) == [
        ("Outcome", "Pass", "Fail", "no"),
        ("Orders: lost", "at most 0", "0", "yes"),
        ("Orders: late", "at least 1,000", str(counts["late"]), "no"),
        ("Orders: ok", "1 to 9,000", str(counts["ok"]), "yes"),
        ("Flag: repaired", "at most 5", "0", "yes"),
        ("Service: Orders", "outside tolerance", "within tolerance", "no"),
        ("Service: absent", "within tolerance", "not known", "no"),
        ("System 2", "Met", "Unknown", "no"),
    ]


def test_assumptions_are_counted_by_part(account):
    """Goal: how much is assumed. Method: the model names two sources, one an assumption."""
    section = section_of(assumptions, account)
    assert section.items == ("Prices walk at random.",)
    assert rows_of(section.table) == [("Sites", "2", "1")]
    assert section.remarks[0].startswith("1 of the 2 numbers and entries")


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({}, "bcsim run model.json scenario.json --seed 3 --out again"),
        (
            {"orders": 500, "load": 1.5, "window_ns": (61 * MINUTES, 65 * MINUTES)},
            (
                "bcsim run model.json scenario.json --seed 3 --orders 500 --load 1.5 "
                "--window 10:01 10:05 --out again"
            ),
        ),
    ],
)
def test_the_command_makes_the_run_again(account, changes, command):
    """Goal: a reader can repeat the run. Method: the command for a run as it was, and resized."""
    stated = account.run.measures.provenance.model_copy(update=changes)
    day = with_measures(account, provenance=stated)
    assert section_of(provenance, day).command == command
