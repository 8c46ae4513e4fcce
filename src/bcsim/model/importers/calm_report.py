"""What an import found, as text for people and as a JSON document."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from bcsim.model.importers.calm_finding import CONTRADICTION, DESIGN, GAP, MEANINGS, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bcsim.model.importers.calm_files import Place
    from bcsim.model.importers.calm_finding import CalmFinding, Unmapped
    from bcsim.model.importers.calm_import import CalmImport

SORTS: Final = (CONTRADICTION, DESIGN, GAP, REFERENCE)
"""Sorts of findings, the gravest first."""

_LINE_CHARS: Final = 96


def sorted_findings(findings: Sequence[CalmFinding]) -> list[CalmFinding]:
    """Findings by sort, then by name as ``MEANINGS`` lists them."""
    rank = {name: i for i, name in enumerate(MEANINGS)}
    return sorted(findings, key=lambda f: (SORTS.index(f.sort), rank[f.name]))


def import_document(result: CalmImport) -> dict[str, Any]:
    """The import as plain data; ``bcsim import --json`` prints it."""
    basis = result.basis
    return {
        "bcsim": 1,
        "kind": "import",
        "format": "calm",
        "name": basis.architecture.name,
        "files": [{"file": file.name, "sha256": file.sha256} for file in result.files],
        "flows": {
            "chosen": [
                {"flow": flow.id, "name": flow.name, "reason": reason}
                for flow, reason in zip(basis.choice.chosen, basis.choice.reasons, strict=True)
            ],
            "others": [
                {"flow": flow.id, "name": flow.name, "reason": reason}
                for flow, reason in basis.choice.others
            ],
        },
        "route": [
            {
                "step": step.name,
                "at": step.node,
                "asked_by": step.holder,
                "call": step.is_call,
                "role": step.role,
            }
            for step in basis.route.steps
        ],
        "findings": [
            {
                "name": finding.name,
                "sort": finding.sort,
                "sentence": finding.sentence,
                "places": _places(finding.places),
            }
            for finding in sorted_findings(result.findings)
        ],
        "assumptions": list(result.firm.assumptions),
        "unmapped": [
            {"element": u.element, "reason": u.reason, "places": _places(u.places)}
            for u in result.unmapped
        ],
    }


def _places(places: Sequence[Place]) -> list[dict[str, str | int]]:
    return [place._asdict() for place in places]


def import_text(result: CalmImport) -> str:
    """The import for people; places are file, JSON pointer and line."""
    sections = (_flows(result), _findings(result), _assumptions(result), _unmapped(result))
    head = f"{result.basis.architecture.name}, from {result.basis.architecture.folder.main.name}"
    return "\n\n".join((head, *("\n".join(section) for section in sections))) + "\n"


def _flows(result: CalmImport) -> Iterator[str]:
    choice = result.basis.choice
    yield "An order takes these flows:"
    for flow, reason in zip(choice.chosen, choice.reasons, strict=True):
        yield from _item(f"{flow.id}: {reason}")
    if choice.others:
        yield "Flows that are no order's: " + ", ".join(flow.id for flow, _ in choice.others)


def _findings(result: CalmImport) -> Iterator[str]:
    findings = sorted_findings(result.findings)
    numbers = [(sort, sum(f.sort == sort for f in findings)) for sort in SORTS]
    counted = ", ".join(f"{number} of sort {sort}" for sort, number in numbers if number)
    yield f"{len(findings)} findings, {counted}:" if findings else "No findings."
    for name in dict.fromkeys(finding.name for finding in findings):
        sort, meaning = MEANINGS[name]
        yield f"{sort} {name}: {meaning}"
        for finding in findings:
            if finding.name == name:
                yield from _item(finding.sentence)
                yield from (f"      {place} (line {place.line})" for place in finding.places)


def _assumptions(result: CalmImport) -> Iterator[str]:
    yield f"{len(result.firm.assumptions)} assumptions:"
    for number, sentence in enumerate(result.firm.assumptions, start=1):
        yield from _item(sentence.removeprefix("assumption: "), f"{number:>3}.")


def _unmapped(result: CalmImport) -> Iterator[str]:
    yield f"{len(result.unmapped)} elements are not in the model:"
    for each in result.unmapped:
        yield from _item(f"{each.element}{_count(each)}: {each.reason}")


def _count(each: Unmapped) -> str:
    return f" ({len(each.places)} times)" if len(each.places) > 1 else ""


def _item(text: str, mark: str = "  -") -> list[str]:
    return textwrap.wrap(
        text,
        _LINE_CHARS,
        initial_indent=f"{mark} ",
        subsequent_indent=" " * (len(mark) + 1),
        break_long_words=False,
        break_on_hyphens=False,
    )
