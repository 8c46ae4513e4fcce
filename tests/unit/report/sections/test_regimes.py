"""Goal: the report tells every rule's result and reason, in both languages, with its source.

Method: results by hand, one of each kind of rule; and the recorded run from end to end.
"""

from __future__ import annotations

from bcsim.conduct.clock import VOID
from bcsim.model.regime import Fact, Instant, Unit
from bcsim.report.composition import words_of
from bcsim.report.regime_result import RegimeResult
from bcsim.report.sections.regimes import regimes
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_S
from tests.unit.report.sections.reading import section_of, table_of, told, with_measures

HOUR = NS_PER_H
SOURCE = {"title": "A law", "reference": "a gazette", "dated": "2024-03-13"}


def line(group, what, unit, answer, **more):
    return {"group": group, "what": what, "unit": unit, "answer": answer} | more


def rule(kind, status, trace=(), **more):
    return {
        "rule": "r", "kind": kind, "text": f"About {kind}.", "status": status, "trace": trace,
        "clause": "article 9", "source": SOURCE, "counsel": "Ask counsel.",
    } | more  # fmt: skip


def found(account, *rules):
    entry = {"regime": "x", "name": "A regime", "authority": "An authority", "rules": rules}
    return with_measures(account, regimes=(RegimeResult.model_validate(entry),))


def only_row(account, one):
    (row,) = table_of(regimes, found(account, one))
    return row[1:]


def test_without_regimes_there_is_no_section(account):
    """Goal: no empty heading. Method: a run whose model names none."""
    assert section_of(regimes, with_measures(account, regimes=())) is None


def test_a_class_tells_its_criteria(account):
    """Goal: which criterion, which value, which threshold. Method: one of each answer."""
    trace = [
        line("a", "critical-services-affected", "flag", "met", label="critical services"),
        line("b", "clients-affected-share", "ratio", "unknown", label="clients",
             **{"from": 0.02, "to": 1}, sign=">", threshold=0.1),
        line("b", "transactions-affected-share", "ratio", "met", label="clients",
             **{"from": 0.34, "to": 0.34}, sign=">", threshold=0.1),
        line("c", "service-downtime", "duration", "not_met", label="downtime",
             **{"from": HOUR, "to": HOUR}, sign=">", threshold=2 * HOUR),
        line("d", "costs-and-losses", "count", "unknown", label="costs", sign=">", threshold=5),
        line("e", "malicious-access", "flag", "not_met", label="malice", stated=True),
    ]  # fmt: skip
    assert only_row(account, rule("classification", "met", trace)) == (
        "Criteria met",
        (
            "met: critical services and clients (share of transactions affected 34 % > 10 %); "
            "not met: downtime and malice (as stated); not known: costs"
        ),
    )


def test_a_clock_tells_when_it_was_due(account):
    """Goal: local times, and what was not seen. Method: a notice in time, late and missing."""
    nine_ns = 3 * HOUR  # 12:00 of a run that starts at 09:00
    limits = [
        line("4 h", "classification", "time", "unknown", **{"from": nine_ns}),
        line("24 h", "awareness", "time", "met", **{"from": nine_ns, "to": nine_ns}),
        line("1 month", "second-notice", "time", "unknown", **{"from": 99 * NS_PER_DAY}),
        line("14 d", "awareness", VOID, "unknown"),
    ]
    done = {"earliest_ns": NS_PER_S, "latest_ns": HOUR}
    assert only_row(account, rule("deadline", "met", limits, when="c", done=done)) == (
        "Within the limit",
        (
            "4 h from classification: due 12:00 at the earliest; 24 h from awareness: due 12:00; "
            "one month from the second notice: that time is not known; "
            "14 d from awareness: that time is not known; sent 10:00"
        ),
    )
    missing = rule("deadline", "not_met", limits[1:2], done={"earliest_ns": 9 * HOUR})
    status, why = only_row(account, missing)
    assert status == "Beyond the limit"
    assert why.startswith("24 h from awareness: due 12:00; not seen until ")
    quiet = rule("deadline", "not_triggered", limits[1:2], done=done)
    assert only_row(account, quiet) == ("Not triggered", "24 h from awareness: due 12:00")


def test_limits_tell_their_values(account):
    """Goal: a value beside its limit, with its bounds. Method: exact, at least, between."""
    trace = [
        line("orders", "calendar-year", "duration", "unknown", **{"from": HOUR},
             threshold=8 * HOUR),
        line("", "recovery-time", "duration", "met", **{"from": HOUR, "to": 2 * HOUR},
             threshold=4 * HOUR),
        line("", "clients-affected", "count", "unknown", threshold=1000),
    ]  # fmt: skip
    assert only_row(account, rule("downtime-budget", "unknown", trace)) == (
        "Unknown",
        (
            "Orders: downtime in the calendar year at least 1 h, at most 8 h; "
            "recovery time 1 h to 2 h, at most 4 h; clients affected not known, at most 1,000"
        ),
    )
    assert only_row(account, rule("complaint-handling", "unknown")) == (
        "Unknown",
        "the run holds no evidence",
    )


def test_tones_and_sources(account):
    """Goal: a bad result stands out, and its text can be looked up. Method: every status."""
    kinds = ("classification", "deadline")
    statuses = ("met", "not_met", "unknown", "not_triggered")
    rules = [rule(kind, status) for kind in kinds for status in statuses]
    section = section_of(regimes, found(account, *rules))
    assert [row[1].tone for row in section.table.rows] == [
        "late", "quiet", "unknown", "quiet", "good", "bad", "unknown", "quiet",
    ]  # fmt: skip
    assert {row[0].note for row in section.table.rows} == {
        "A regime · article 9 · A law (2024-03-13)"
    }
    assert section.remarks == ("Ask counsel.",)


def test_the_recorded_run_is_told_in_both_languages(account):
    """Goal: the whole way from the model to the page. Method: four rules of DORA, in Thai too."""
    (lead,) = told(regimes, account)
    assert "No line says that the firm complies." in lead
    rows = table_of(regimes, account)
    assert [row[0] for row in rows] == [
        "Whether an incident is major, so that it is to be reported.",
        "Initial notification of a major incident.",
        "Intermediate report, even if nothing has changed.",
        "Final report after the latest intermediate report.",
    ]
    thai = regimes(account, words_of(account, "th"))
    assert thai is not None
    assert thai.table is not None
    assert len(thai.table.rows) == 4
    assert all(any("ก" <= letter <= "๛" for letter in row[1].text) for row in thai.table.rows)


def test_every_fact_and_instant_has_words(account):
    """Goal: no raw name in a report. Method: everything that a trace may name."""
    words = words_of(account, "en")
    names = [f"fact.{fact.value}" for fact in Fact if fact.unit is not Unit.FLAG]
    names += [f"instant.{instant.value}" for instant in Instant]
    names += [f"fact.{name}" for name in ("calendar-year", "rolling-months", "answer")]
    assert [name for name in names if not words.knows(f"regimes.{name}")] == []
