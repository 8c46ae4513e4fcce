"""A judgement as JUnit XML, which every pipeline understands: one test case for each promise.

A million orders would be a million test cases, so a case is a class of verdicts, a law or a
service; what failed is named with its first, worst and last example. What is unknown is an
error, never a pass.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bcsim.checkers.base import LawStatus
from bcsim.history.verdict import CLASSES, Outcome, VerdictClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.checkers.judgement import Judgement
    from bcsim.history.verdict import Finding

SUITE: Final = "bcsim check"

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PROMISED: Final = tuple(v for v in CLASSES if v.failing or v is VerdictClass.LATE)
"""Classes that should be empty."""


def junit_xml(judgement: Judgement) -> str:
    """Write a judgement as JUnit XML: one suite, its cases, failures and errors."""
    suite = Element("testsuite", name=SUITE)
    for case in (*_classes(judgement), *_laws(judgement), *_services(judgement)):
        suite.append(case)
    suite.append(_evidence(judgement))
    counted = {
        "tests": len(suite),
        "failures": sum(case.find("failure") is not None for case in suite),
        "errors": sum(case.find("error") is not None for case in suite),
        "skipped": sum(case.find("skipped") is not None for case in suite),
    }
    for name, count in counted.items():
        suite.set(name, str(count))
    suites = Element("testsuites", {name: str(count) for name, count in counted.items()})
    suites.append(suite)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _classes(judgement: Judgement) -> Iterator[Element]:
    findings = {finding.name: finding for finding in judgement.findings}
    allows = judgement.whole.profile.allows
    for verdict in _PROMISED:
        case = _case("orders", f"no order is {verdict.value}")
        finding = findings.get(verdict.value)
        if finding is not None and verdict.value in allows:
            _add(case, "skipped", "allowed by the profile", _words(finding))
        elif finding is not None:
            _add(case, "failure", f"{verdict.value}: {finding.count}", _words(finding))
        yield case


def _laws(judgement: Judgement) -> Iterator[Element]:
    allows = judgement.whole.profile.allows
    for law in judgement.laws:
        case = _case("conservation" if law.counts else "reports", law.statement)
        if law.status is LawStatus.BROKEN:
            kind = "skipped" if law.name in allows or not law.counts else "failure"
            _add(case, kind, f"{law.name}: {law.breaches}", law.proof)
        elif law.status is not LawStatus.HOLDS:
            _add(case, "skipped", law.status.value, "")
        yield case


def _services(judgement: Judgement) -> Iterator[Element]:
    for name, measure in judgement.services.items():
        case = _case("services", f"{name} is within its tolerance")
        if measure.within_tolerance is False:
            _add(case, "failure", "tolerance breached", measure.reason)
        elif measure.within_tolerance is None:
            _add(case, "error" if measure.is_exercised else "skipped", "unknown", measure.reason)
        yield case


def _evidence(judgement: Judgement) -> Element:
    """The case that fails where the logs cannot tell."""
    case = _case("evidence", "the logs can tell")
    is_open = judgement.unknown_reasons or judgement.outcome is Outcome.UNKNOWN
    if is_open:
        _add(case, "error", "unknown", "\n".join(judgement.unknown_reasons))
    return case


def _case(group: str, name: str) -> Element:
    return Element("testcase", classname=f"bcsim.{group}", name=_clean(name))


def _add(case: Element, tag: str, message: str, text: str) -> None:
    SubElement(case, tag, message=_clean(message)).text = _clean(text)


def _words(finding: Finding) -> str:
    examples = f"first {finding.first}, worst {finding.worst}, last {finding.last}"
    return f"{finding.proof}\n{examples}" if finding.count > 1 else finding.proof


def _clean(text: str) -> str:
    """A text without the characters that XML 1.0 does not know."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
