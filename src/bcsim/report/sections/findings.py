"""Findings: what was found wrong, how often, examples, and the proof of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.history.verdict import CLASSES, Flag, VerdictClass
from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.headline import breach
from bcsim.report.naming import names_of
from bcsim.report.remarks import in_thai

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.run_folder import FindingEntry
    from bcsim.report.wording import Words

_CLASSES: Final = {verdict.value: verdict for verdict in CLASSES}

_GRAVE_FLAGS: Final = frozenset(
    {Flag.CONTROL_BYPASSED.value, Flag.UNSUITABLE.value, Flag.EXPOSED.value, Flag.REFUSED.value}
)
"""Flags that a reader should not pass over, though they do not make a run fail."""


def findings(account: Account, words: Words) -> Section:
    """List the findings, and what could not be decided."""
    measures = account.run.measures
    remarks = []
    if measures.known_losses:
        remarks.append(words.say("findings.known", count=measures.known_losses))
    unjudged = [name for name, count in measures.flags.items() if count is None]
    if unjudged:
        flags = words.listing([_named(words, "flag", flag) for flag in unjudged])
        remarks.append(words.say("findings.unjudged", flags=flags))
    if measures.unknown:
        reasons = [in_thai(r) if words.lang == "th" else r for r in measures.unknown]
        remarks.append(f"{words.say('findings.unknown')}: {'; '.join(reasons)}")
    lead = words.say("findings.lead" if measures.findings else "findings.none")
    return Section(
        "findings",
        words.say("section.findings"),
        paragraphs=(lead,),
        table=_table(account, words) if measures.findings else None,
        remarks=tuple(remarks),
    )


def _table(account: Account, words: Words) -> Table:
    columns = (
        Column(words.say("findings.what")),
        Column(words.say("findings.count"), "number"),
        Column(words.say("findings.proof"), "text"),
    )
    rows = []
    for finding in account.run.measures.findings:
        what, meaning, tone = _meaning(account, words, finding)
        rows.append(
            (
                Cell(what, note=meaning, tone=tone),
                Cell(words.number(finding.count)),
                Cell(_proof(account, words, finding), note=_examples(words, finding)),
            )
        )
    return Table(columns, tuple(rows))


def _meaning(account: Account, words: Words, finding: FindingEntry) -> tuple[str, str, Tone]:
    """What a finding is called, what that means, and how grave it is."""
    name = finding.name
    kind, _, subject = name.partition(": ")
    if kind == "service":
        service = names_of(account, words).service(subject)
        return words.say("finding.service"), service, "bad"
    if kind == "law":
        return words.say("finding.law"), _named(words, "law", subject), "bad"
    if name in _CLASSES:
        verdict = _CLASSES[name]
        tone: Tone = "late" if verdict is VerdictClass.LATE else "unknown"
        tone = "bad" if verdict.failing else tone
        return words.say(f"fate.{name}"), words.say(f"meaning.{name}"), tone
    tone = "late" if name in _GRAVE_FLAGS else "quiet"
    return _named(words, "flag", name), _named(words, "flag_meaning", name), tone


def _proof(account: Account, words: Words, finding: FindingEntry) -> str:
    """A service's breach, or the checkers' own sentence, in the language of the report."""
    kind, _, name = finding.name.partition(": ")
    service = account.run.measures.services.get(name) if kind == "service" else None
    if service is None or service.within_tolerance is not False:
        if words.lang == "en":
            return finding.proof
        return account.thai_proofs.get(finding.name) or in_thai(finding.proof)
    return breach(names_of(account, words).service(name), service, words)


def _named(words: Words, group: str, name: str) -> str:
    """A flag's or law's text; one that the catalogue does not know stands for itself."""
    key = f"{group}.{name}"
    return words.say(key) if words.knows(key) else name


def _examples(words: Words, finding: FindingEntry) -> str:
    """First, worst and last case, where there are several."""
    if finding.count < 2 or not finding.last:  # noqa: PLR2004 - two make several
        return ""
    return " · ".join(
        f"{words.say(f'findings.{which}')} {case}"
        for which, case in (
            ("first", finding.first),
            ("worst", finding.worst),
            ("last", finding.last),
        )
    )
