"""The report of a check of logs as one HTML file: verdict, findings, diagrams, what was watched.

It loads no simulator and no plotting library, so ``bcsim check`` stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bcsim.history.verdict import CLASSES, Outcome, VerdictClass
from bcsim.release import __version__
from bcsim.report.check_case import case_of
from bcsim.report.check_words import check_words
from bcsim.report.content import Cell, Column, Content, KeyFigure, Section, Table
from bcsim.report.figures.message_sequence import draw_sequence
from bcsim.report.sections.systems_of_log import systems_of_log
from bcsim.report.typeface import font_faces
from bcsim.report.wording import LANGUAGE_NAMES, LOCALE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from bcsim.checkers.judgement import Judgement
    from bcsim.conduct.measure import Measures
    from bcsim.history.profile import Coverage
    from bcsim.history.verdict import Finding
    from bcsim.report.check_words import CheckWords
    from bcsim.report.content import Tone
    from bcsim.units import Lang

TEMPLATES: Final = LOCALE.parent / "templates"

_FILES_NAMED_MAX: Final = 3
_HARMS_MAX: Final = 3
_KINDS_DRAWN_MAX: Final = 12
"""Kinds of findings with pictures; every finding has its line in the table."""

_CLASSES: Final = {verdict.value: verdict for verdict in CLASSES}
_ENDED: Final = ("recovered", "rejected", "cancelled", "expired")


@dataclass(frozen=True, slots=True)
class Example:
    """One order of a finding: which one it is, its proof, its picture."""

    title: str
    proof: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding with its examples."""

    name: str
    title: str
    meaning: str
    examples: tuple[Example, ...]


def check_page(
    judgement: Judgement,
    first: Lang,
    files: Sequence[str],
    notes: Sequence[str],
    measured: Mapping[str, Measures] | None = None,
) -> str:
    """Write a judgement as one page in both languages.

    Parameters
    ----------
    judgement
        What the logs amount to.
    first
        Language that is shown first.
    files
        Names of the files that were read.
    notes
        What their readers had to say.
    measured
        What the logs show of the nine service systems, by number; None where nobody measured.
    """
    words = {lang: check_words(lang, judgement.whole) for lang in LANGUAGE_NAMES}
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html").render(
        body="check.html",
        contents=tuple(_content(judgement, words[lang], files, notes, measured) for lang in words),
        first=first,
        font_faces=font_faces(),
        kinds={lang: tuple(_kinds(judgement, words[lang])) for lang in words},
        language_names=LANGUAGE_NAMES,
        words_of=lambda lang: words[lang],
    )


def _content(
    judgement: Judgement,
    words: CheckWords,
    files: Sequence[str],
    notes: Sequence[str],
    measured: Mapping[str, Measures] | None,
) -> Content:
    profile = judgement.whole.profile
    outcome = judgement.outcome.value if judgement.verdicts.intents else "empty"
    named = _named(files, words)
    return Content(
        lang=words.words.lang,
        title=words.say("check.title", files=named),
        heading=words.say("check.heading"),
        subtitle=_subtitle(judgement, words, named),
        description="",
        kind=words.say(f"page.kind.{profile.kind}"),
        kind_note=words.say(f"page.kind_note.{profile.kind}"),
        outcome=outcome,
        status=words.say(f"status.{outcome}"),
        verdict=_verdict(judgement, words),
        key_figures=tuple(_key_figures(judgement, words)),
        sections=tuple(_sections(judgement, words, notes, measured)),
        made_by=words.say("check.made_by", version=__version__),
    )


def _named(files: Sequence[str], words: CheckWords) -> str:
    shown = ", ".join(files[:_FILES_NAMED_MAX])
    more = len(files) - _FILES_NAMED_MAX
    return words.say("check.more_files", names=shown, count=more) if more > 0 else shown


def _subtitle(judgement: Judgement, words: CheckWords, files: str) -> str:
    record = judgement.whole
    if not words.is_dated or not record.row_count:
        return words.say("check.subtitle_undated", files=files)
    ends = {"from": words.clock(record.begin_ns), "to": words.clock(record.end_ns)}
    return words.say("check.subtitle", files=files, date=words.date(), **ends)


# -- top -------------------------------------------------------------------------------------


def _verdict(judgement: Judgement, words: CheckWords) -> str:
    total = len(judgement.verdicts)
    if not total:
        return words.say("check.verdict.empty")
    match judgement.outcome:
        case Outcome.PASS:
            return words.say("check.verdict.pass", count=total)
        case Outcome.LATE:
            return _harmed(judgement, words, "check.verdict.late", [VerdictClass.LATE])
        case Outcome.FAIL:
            failing = [verdict for verdict in CLASSES if verdict.failing]
            return _harmed(judgement, words, "check.verdict.fail", failing)
        case _:
            return _unknown(judgement, words)


def _harmed(
    judgement: Judgement, words: CheckWords, key: str, classes: Sequence[VerdictClass]
) -> str:
    counts = judgement.verdicts.counts()
    harms = [
        words.say(f"harm.{v.value}", count=counts[v.value]) for v in classes if counts[v.value]
    ]
    if not harms:
        return words.say("check.verdict.fail_other")
    listed = words.words.listing(harms[:_HARMS_MAX])
    return words.say(key, total=len(judgement.verdicts), harms=listed)


def _unknown(judgement: Judgement, words: CheckWords) -> str:
    count = judgement.orders.indeterminate
    if count:
        return words.say("check.verdict.unknown", count=count, total=len(judgement.verdicts))
    return words.say("check.verdict.unknown_other", count=len(judgement.unknown_reasons))


def _key_figures(judgement: Judgement, words: CheckWords) -> Iterator[KeyFigure]:
    counts, rows = judgement.verdicts.counts(), judgement.whole.row_count
    number = words.words.number
    detail = words.say("check.key.orders_detail", count=rows)
    intended = judgement.orders.intended
    yield KeyFigure("orders", words.say("check.key.orders"), number(intended), detail)
    ended = sum(counts[name] for name in _ENDED)
    detail = words.say("check.key.right_detail", count=ended) if ended else ""
    right = number(counts["ok"])
    yield KeyFigure("right", words.say("check.key.right"), right, detail, "good")
    wrong = judgement.orders.failing
    gravest = [
        f"{words.say(f'fate.{v.value}')} {number(counts[v.value])}"
        for v in CLASSES
        if v.failing and counts[v.value]
    ]
    detail = " · ".join(gravest) or words.say("check.key.wrong_none")
    tone: Tone = "bad" if wrong else "good"
    yield KeyFigure("wrong", words.say("check.key.wrong"), number(wrong), detail, tone)
    is_open = counts["indeterminate"]
    detail = words.say("check.key.open_detail" if is_open else "check.key.open_none")
    tone = "unknown" if is_open else "good"
    yield KeyFigure("open", words.say("check.key.open"), number(is_open), detail, tone)


# -- sections --------------------------------------------------------------------------------


def _sections(
    judgement: Judgement,
    words: CheckWords,
    notes: Sequence[str],
    measured: Mapping[str, Measures] | None,
) -> Iterator[Section]:
    yield _findings(judgement, words)
    if judgement.unknown_reasons:
        title = words.say("check.section.open")
        reasons = tuple(words.remark(reason) for reason in judgement.unknown_reasons)
        yield Section("open", title, items=reasons)
    if measured is not None:
        yield systems_of_log(measured, words.words)
    yield _watched(judgement, words)
    yield _read(judgement, words, notes)


def _findings(judgement: Judgement, words: CheckWords) -> Section:
    columns = (
        Column(words.say("findings.what")),
        Column(words.say("findings.count"), "number"),
        Column(words.say("findings.proof"), "text"),
    )
    rows = []
    for finding in judgement.findings:
        title, meaning, tone = _meaning(finding, words)
        count = Cell(words.words.number(finding.count))
        rows.append((Cell(title, meaning, tone), count, Cell(_proof(judgement, finding, words))))
    lead = words.say("findings.lead" if rows else "findings.none")
    table = Table(columns, tuple(rows)) if rows else None
    return Section("findings", words.say("section.findings"), (lead,), table=table)


def _proof(judgement: Judgement, finding: Finding, words: CheckWords) -> str:
    """The proof of the first of a finding, in the language where it can be said in it."""
    if words.words.lang == "en" or ": " in finding.name:
        return words.remark(finding.proof)
    place = judgement.verdicts.place_of(finding.first)
    return judgement.prove(place, finding.name, words.words.lang).sentence


def _meaning(finding: Finding, words: CheckWords) -> tuple[str, str, Tone]:
    """What a finding is called, what that means, and how grave it is."""
    kind, _, subject = finding.name.partition(": ")
    if subject:
        law = f"law.{subject}"
        said = words.say(law) if words.words.knows(law) else subject
        return words.say(f"finding.{kind}"), said, "quiet" if kind == "report" else "bad"
    if finding.name in _CLASSES:
        verdict = _CLASSES[finding.name]
        tone: Tone = "late" if verdict is VerdictClass.LATE else "unknown"
        tone = "bad" if verdict.failing else tone
        return words.say(f"fate.{finding.name}"), words.say(f"meaning.{finding.name}"), tone
    return words.say(f"flag.{finding.name}"), words.say(f"flag_meaning.{finding.name}"), "quiet"


def _watched(judgement: Judgement, words: CheckWords) -> Section:
    """From when to when each vantage point was watched, and how many events it saw."""
    record = judgement.whole
    title = words.say("check.section.watched")
    counts = record.events_by_vantage()
    rows = []
    for name in dict.fromkeys((*record.watch.vantages, *counts)):
        seen = Cell(words.words.number(counts.get(name, 0)))
        spans = [_span(c, words) for c in record.profile.coverage if c.vantage == name]
        for begin, end in spans or [("–", "–")]:
            rows.append((Cell(words.vantage(name)), Cell(begin), Cell(end), seen))
    columns = (
        Column(words.say("check.vantage_point")),
        Column(words.say("check.from")),
        Column(words.say("check.to")),
        Column(words.say("check.events"), "number"),
    )
    lead = words.say("check.watched_lead" if record.watch.vantages else "check.watched_none")
    return Section("watched", title, (lead,), table=Table(columns, tuple(rows)) if rows else None)


def _span(coverage: Coverage, words: CheckWords) -> tuple[str, str]:
    whole = words.say("check.whole")
    begin = whole if coverage.from_ns < words.first_ns else words.moment(coverage.from_ns)
    return begin, whole if coverage.to_ns is None else words.moment(coverage.to_ns)


def _read(judgement: Judgement, words: CheckWords, notes: Sequence[str]) -> Section:
    record = judgement.whole
    columns = (
        Column(words.say("provenance.item")),
        Column(words.say("provenance.value"), "text"),
    )
    values = {
        words.say("provenance.version"): __version__,
        words.say("check.rows"): words.words.number(record.row_count),
        words.say("provenance.root"): judgement.docket.root,
    }
    rows = tuple((Cell(name), Cell(value)) for name, value in values.items())
    title = words.say("check.section.read")
    items = tuple(words.remark(note) for note in notes)
    return Section("provenance", title, items=items, table=Table(columns, rows))


# -- examples --------------------------------------------------------------------------------


def _kinds(judgement: Judgement, words: CheckWords) -> Iterator[Kind]:
    """Kinds of findings that have orders, with pictures of the first, worst and last."""
    drawn = [f for f in judgement.findings if f.first and ": " not in f.name]
    for finding in drawn[:_KINDS_DRAWN_MAX]:
        title, meaning, _ = _meaning(finding, words)
        said = words.say("check.cases", fate=title, count=finding.count)
        yield Kind(finding.name, said, meaning, tuple(_examples(judgement, finding, words)))


def _examples(judgement: Judgement, finding: Finding, words: CheckWords) -> Iterator[Example]:
    roles: dict[str, list[str]] = {}
    for role in ("first", "worst", "last"):
        roles.setdefault(getattr(finding, role), []).append(role)
    for i, (order, played) in enumerate(roles.items()):
        key = "only" if len(roles) == 1 else "_".join(played)
        case = case_of(judgement, order, finding.name, words)
        alt = words.say("check.diagram", order=order, proof=case.proof)
        name = f"sequence-{finding.name}-{i}-{words.words.lang}"
        picture = draw_sequence(name, case.lifelines, case.messages, alt)
        yield Example(f"{words.say(f'check.{key}')}: {order}", case.proof, picture)
