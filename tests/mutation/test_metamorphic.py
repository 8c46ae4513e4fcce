"""Goal: a judgement depends on what happened, not on names, clocks or the order of ties.

Method: the clean day and days with several defects are renamed, shifted and shuffled; the map
of verdicts, outcome, flags and laws must be the same, up to the renaming.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.checkers.judge import check
from bcsim.history.profile import Coverage
from tests.mutation.day import MS, VANTAGES, Day, Row, S, clean_day
from tests.mutation.test_classes import AGAIN, executed_again, forgotten, phantom_rows
from tests.mutation.test_other_classes_and_flags import EXECUTION, delayed

RENAMED = (
    "intent_id",
    "order_id",
    "parent_id",
    "idem_key",
    "exec_id",
    "ref",
    "client_id",
    "account",
)


def spoiled() -> Day:
    """Write a day with one defect of many kinds."""
    day = executed_again(clean_day(), "I000")
    day = day.map(lambda row: {**row, "exec_id": "E-0"} if row.get("exec_id") == AGAIN else row)
    day = executed_again(day, "I001", order_id="O001b", idem_key="K001b")
    day = day.alter(day.find("I012", kind="execute", vantage="venue"), account="A999")
    day = forgotten(forgotten(day, "I013"), "I014", "acknowledge", "control_pass", "route")
    day = day.drop("I020", kind="confirm").drop(exec_id="E-O026-2")
    day = delayed(day, "I024", 6 * S, *EXECUTION)
    day = day.alter(day.find("I036", subject="limits"), kind="control_skip")
    return day.add(*phantom_rows("X1", 20 * S))


DAYS = {"clean": clean_day, "spoiled": spoiled}


def summary(day: Day):
    judgement = check(day.history())
    findings = [(f.name, f.count, f.first, f.worst, f.last) for f in judgement.findings]
    return (
        judgement.verdicts.as_map(),
        judgement.outcome,
        judgement.conservation,
        findings,
        {name: measure.to_document() for name, measure in judgement.services.items()},
    )


@pytest.fixture(params=DAYS)
def day(request) -> Day:
    return DAYS[request.param]()


def renamed(text: str) -> str:
    """Another name that sorts differently; the venue's other side keeps its meaning."""
    return text if text == "market" else hashlib.sha256(text.encode()).hexdigest()[:12]


def test_renaming(day):
    """Goal: names mean nothing. Method: replace every id by a hash of it."""

    def rename(row: Row) -> Row:
        cells = {n: renamed(str(row[n])) for n in RENAMED if row.get(n) is not None}
        return {**row, **cells}

    verdicts, outcome, laws, findings, services = summary(day)
    verdicts = {renamed(name): verdict for name, verdict in verdicts.items()}
    findings = [
        (
            name,
            count,
            *(item if name.startswith(("law", "service")) else renamed(item) for item in rest),
        )
        for name, count, *rest in findings
    ]
    assert summary(day.map(rename)) == (verdicts, outcome, laws, findings, services)


def test_shifting(day):
    """Goal: the clock's zero means nothing. Method: everything 1 000 s later, profile too."""
    by_ns = 30 * S * 40  # a whole number of buckets

    def shift(row: Row) -> Row:
        times = ("time_ns", "deadline_ns")
        return {**row, **{t: int(row[t] or 0) + by_ns for t in times if row.get(t) is not None}}

    profile = day.profile
    shifted = day.map(shift).with_profile(
        coverage=tuple(Coverage(c.vantage, 0) for c in profile.coverage),
        cut_offs=tuple(replace(c, at_ns=c.at_ns + by_ns) for c in profile.cut_offs),
        drain_from_ns=int(profile.drain_from_ns or 0) + by_ns,
        drain_to_ns=int(profile.drain_to_ns or 0) + by_ns,
    )
    assert summary(shifted) == summary(day)


def test_permuting_ties(day):
    """Goal: rows of independent orders at one time commute. Method: four orders start together,
    then their rows are interleaved in two other ways."""

    def together(row: Row) -> Row:
        number = str(row.get("intent_id") or "I000")[1:]
        late_ns = int(number) % 4 * S if number.isdigit() and "intent_id" in row else 0
        due = row.get("deadline_ns")
        moved = {**row, "time_ns": int(row["time_ns"] or 0) - late_ns}
        return moved if due is None else {**moved, "deadline_ns": int(due) - late_ns}

    day = day.map(together)
    rows = sorted(day.rows, key=lambda row: str(row.get("intent_id")))
    reference = set_of(summary(day))
    assert set_of(summary(day.with_rows(rows))) == reference
    assert set_of(summary(day.with_rows(reversed_by_intent(rows)))) == reference


def set_of(found):
    """Findings name the first of several at one time: only their names and counts must agree."""
    verdicts, outcome, laws, findings, services = found
    return verdicts, outcome, laws, [(name, count) for name, count, *_ in findings], services


def reversed_by_intent(rows: list[Row]) -> list[Row]:
    """The last intent's rows first; each intent's own rows keep their order."""
    by_intent: dict[str, list[Row]] = {}
    for row in rows:
        by_intent.setdefault(str(row.get("intent_id")), []).append(row)
    return [row for name in sorted(by_intent, reverse=True) for row in by_intent[name]]


def test_unsorted_log(day):
    """Goal: a log merged out of order is judged by its times. Method: seq against time."""
    history = day.history()
    count = len(history)
    columns = history.columns.take(slice(None, None, -1))
    seq = {"seq": columns.integer("seq")[::-1].copy()}
    backwards = replace(history, columns=type(columns)({**{n: columns[n] for n in columns}, **seq}))
    assert len(backwards) == count
    judged = check(backwards)
    assert sorted(set(judged.verdicts.as_map())) == sorted(set(check(history).verdicts.as_map()))
    assert judged.orders.intended == 240


def test_further_vantage_points_change_nothing(day):
    """Goal: more witnesses of the same events agree. Method: a drop copy of all executions."""
    copies = [
        {**row, "vantage": "drop_copy", "time_ns": int(row["time_ns"] or 0) + 2 * MS}
        for row in day.rows
        if row["kind"] == "execute" and row["vantage"] == "venue" and "intent_id" in row
    ]
    coverage = (*day.profile.coverage, Coverage("drop_copy"))
    assert summary(day.add(*copies).with_profile(coverage=coverage)) == summary(day)


@st.composite
def less_coverage(draw) -> tuple[Coverage, ...]:
    """Some vantage points, each watched for a part of the day."""
    watched = draw(st.lists(st.sampled_from(VANTAGES), unique=True))
    edges = [draw(st.tuples(st.integers(0, 300), st.integers(0, 300))) for _ in watched]
    return tuple(Coverage(v, min(e) * S, max(e) * S) for v, e in zip(watched, edges, strict=True))


@given(less_coverage())
@settings(max_examples=20)
def test_less_coverage_never_turns_to_the_better(coverage):
    """Goal: evidence that is taken away makes nothing pass. Method: coverage drawn at random,
    all rows kept: each verdict stays, or becomes indeterminate; the outcome is no pass."""
    day = SPOILED
    before = check(day.history()).verdicts.as_map()
    judgement = check(day.with_profile(coverage=coverage).history())
    after = judgement.verdicts.as_map()
    assert set(before) == set(after)
    allowed = {name: {verdict, "indeterminate"} for name, (verdict, _) in before.items()}
    wrong = {name: after[name][0] for name in after if after[name][0] not in allowed[name]}
    assert wrong == {}
    assert judgement.outcome.value in {"fail", "unknown"}


SPOILED = spoiled()
