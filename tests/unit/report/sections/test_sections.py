"""Goal: every section says what the run shows, and nothing where there is nothing.

Method: the recorded run with parts replaced; texts and tables compared whole, in English.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bcsim.checkers.continuity import Outage
from bcsim.conduct.operation import FATES, ControlUse, OrderFates
from bcsim.report.account import Deed, Disruption, Mark
from bcsim.report.composition import SECTIONS, compose, words_of
from bcsim.report.run_folder import FindingEntry
from bcsim.report.sections.assumptions import assumptions
from bcsim.report.sections.controls import controls
from bcsim.report.sections.expectation import expectation
from bcsim.report.sections.findings import findings
from bcsim.report.sections.levels import ROWS_MAX, levels
from bcsim.report.sections.moment import moment
from bcsim.report.sections.orders import orders
from bcsim.report.sections.plan import plan
from bcsim.report.sections.provenance import provenance
from bcsim.report.sections.segments import segments
from bcsim.report.sections.story import story
from bcsim.report.sections.systems import systems
from bcsim.report.worst_moment import WorstMoment
from tests.recorded_run import MINUTES, SECONDS, scenario

NBSP = "\N{NO-BREAK SPACE}"
START = 62 * MINUTES


def with_measures(account, **measures):
    changed = account.run.measures.model_copy(update=measures)
    return replace(account, run=replace(account.run, measures=changed))


def section_of(section, account) -> Any:
    """A section in English."""
    return section(account, words_of(account, "en"))


def told(section, account):
    found = section_of(section, account)
    return None if found is None else tuple(p.replace(NBSP, " ") for p in found.paragraphs)


def rows_of(table):
    assert table is not None
    return [tuple(cell.text.replace(NBSP, " ") for cell in row) for row in table.rows]


def table_of(section, account):
    return rows_of(section_of(section, account).table)


def data_of(section, account):
    """The table behind a section's picture."""
    return section_of(section, account).picture.data


@pytest.fixture
def quiet(account):
    """The run as a day on which nothing happened and nobody ordered anything."""
    none: dict[str, list] = {
        name: [] for name in ("disruptions", "deeds", "detections", "declarations", "takeovers")
    }
    services = {
        name: replace(
            measure,
            outages=(),
            levels=replace(
                measure.levels,
                from_ns=np.empty(0, dtype=np.int64),
                entered=np.empty(0, dtype=np.int64),
                served=np.empty(0, dtype=np.int64),
            ),
        )
        for name, measure in account.services.items()
    }
    return replace(
        with_measures(account, orders={"intended": 0}, findings=()),
        **{name: tuple(value) for name, value in none.items()},
        fates=OrderFates(MINUTES, np.empty(0, dtype=np.int64), {}),
        fate_totals=dict.fromkeys(FATES, 0),
        affected_count=0,
        segments={},
        controls=(),
        services=services,
        worst=WorstMoment(None, dict.fromkeys(account.worst.states, "ok"), {}),
    )


# -- story -----------------------------------------------------------------------------------


def test_the_story_of_the_recorded_run(account):
    """Goal: what began, who noticed, what was done, what clients felt. Method: whole text."""
    (outage,) = account.services["orders"].outages
    words = words_of(account, "en")
    lasted = words.duration(outage.duration_ns).replace(NBSP, " ")
    assert told(story, account) == (
        "At 10:02 Data centre 1 failed, and up to 6 components stood still at once.",
        "It was noticed after 10 s, and a disruption was declared after 1 min 40 s (Malee).",
        "The plan carried out 4 actions; 2 systems switched to their standbys by themselves.",
        (
            f"For clients “Orders” was out for {lasted}, from {words.clock(outage.from_ns)} to "
            f"{words.clock(outage.to_ns)}."
        ),
    )


def test_the_story_of_a_bad_day(account):
    """Goal: nobody noticed, things failed or went on. Method: another log on the same run."""
    first, second = account.services
    outages = (
        Outage(START, START + MINUTES),
        Outage(START + MINUTES, START + 5 * MINUTES, has_ended=False),
    )
    day = replace(
        account,
        disruptions=(Disruption("crash", START), Disruption("failure:web", START + 1)),
        detections=(),
        declarations=(),
        takeovers=(),
        deeds=(
            Deed("paper", START, state="failed", to_ns=START + 1),
            Deed("tell-clients", START),
        ),
        worst=WorstMoment(None, {}, {}),
        services={
            first: replace(account.services[first], outages=outages),
            second: replace(account.services[second], outages=outages[:1]),
        },
    )
    assert told(story, day) == (
        "At 10:02 Data centre 1 failed; there was one further disruption.",
        "Nobody noticed, and nobody declared a disruption.",
        "The plan carried out 0 actions, one failed, one had not ended when the run ended.",
        (
            "For clients 2 services were out, “Orders” the longest: from 10:03 on, and not back "
            "when orders ended."
        ),
    )


def test_the_story_of_a_deputy_and_of_no_plan(account):
    """Goal: who declared is told, and that there is no plan. Method: a mark, and a model."""
    mark = Mark(START + 5 * SECONDS, "oms", "somchai", "crash", is_deputy=True)
    model = account.run.model.replace(plan=None)
    day = replace(account, declarations=(mark,), run=replace(account.run, model=model))
    _, reaction, response, _ = told(story, day)
    assert reaction == (
        "It was noticed after 10 s, and a disruption was declared after 5 s (Somchai, a deputy)."
    )
    assert response == ("The firm has no plan; 2 systems switched to their standbys by themselves.")


def test_a_quiet_day_in_every_section(quiet):
    """Goal: no empty pictures and tables. Method: what each section says of nothing."""
    assert told(story, quiet) == ("Nothing went wrong on this day, and nobody had to act.",)
    said = {section.__name__: told(section, quiet) for section in (moment, orders, levels, plan)}
    assert said == {
        "moment": ("No component was impaired at any time.",),
        "orders": ("No client wished anything in this window.",),
        "levels": ("No service was used in this window.",),
        "plan": ("Nothing was disrupted, and the plan had nothing to do.",),
    }
    assert told(findings, quiet) == ("Nothing was found wrong.",)
    assert told(segments, quiet) == ("No orders, so nobody was affected.",)
    assert told(controls, quiet) == ("No order met a control.",)
    content = compose(quiet, "en")
    assert [s.name for s in content.sections if s.picture] == []
    assert (content.outcome, content.status) == ("empty", "No orders")


def test_sections_come_in_their_order(account):
    """Goal: the order of a report. Method: names of the sections of a full run."""
    names = [section.name for section in compose(account, "en").sections]
    assert names == [section.__name__ for section in SECTIONS]
    assert names[0] == "story"
    assert names[-1] == "provenance"


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
        account, findings=found, known_losses=2, unknown=("not settled",),
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
        ("Books do not balance", "cash", "bad", "1", "law: cash!", ""),
        ("Tolerance breached", "Orders", "bad", "1", "service: orders!", ""),
        ("something new", "something new", "quiet", "1", "something new!", ""),
    ]  # fmt: skip
    assert section.remarks == (
        "2 losses were found and named by a reconciliation before the run ended.",
        "Could not be judged from this record: data exposed.",
        "What could not be decided: not settled",
    )


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


def test_measures_are_written_in_their_units(account):
    """Goal: seconds, shares, counts, and nothing. Method: one measure of each, and a new one."""
    systems_found = {
        "5": {"first_notice_s": 90.0, "reach_ratio": 0.5, "calls_count": 1200, "backlog_max": 2.5},
        "7": {},
        "8": {"escape_s": None},
    }
    assert table_of(systems, with_measures(account, systems=systems_found)) == [
        ("5 · Communication and training", "First notice to clients or a regulator", "1 min 30 s"),
        ("", "Share of calls that reached somebody", "50 %"),
        ("", "Calls of the call tree", "1,200"),
        ("", "backlog max", "2.50"),
        ("8 · Three lines of defence", "escape s", "not known"),
    ]
    assert told(systems, with_measures(account, systems={})) is None


def test_every_measure_of_a_run_has_words(account):
    """Goal: no measure shows its raw name. Method: the measures that the run has."""
    names = [name for found in account.run.measures.systems.values() for name in found]
    assert len(names) > 5
    words = words_of(account, "en")
    assert [name for name in names if not words.knows(f"measure.{name}")] == []


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
