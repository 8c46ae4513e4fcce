"""Findings: what went wrong, how often, and the first, worst and last of each with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.base import LawStatus
from bcsim.checkers.proof import prove
from bcsim.history.schema import NULL
from bcsim.history.verdict import CLASSES, FLAGS, Finding, VerdictClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.base import Law
    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.facts import Facts
    from bcsim.history.verdict import Verdicts

_REPORTED: Final = tuple(
    verdict
    for verdict in CLASSES
    if verdict.failing or verdict in {VerdictClass.LATE, VerdictClass.INDETERMINATE}
)
"""Classes that are findings; the others are what a client may expect."""


def findings_of(
    facts: Facts,
    verdicts: Verdicts,
    laws: Iterable[Law],
    services: Mapping[str, ServiceMeasure],
) -> tuple[Finding, ...]:
    """List the findings: by class, by flag, by broken law, by breached tolerance."""
    members: list[tuple[str, Bools]] = [
        (verdict.value, verdicts.classes == verdict.code) for verdict in _REPORTED
    ]
    members += [(flag.value, (verdicts.flags & flag.bit) != 0) for flag in FLAGS]
    found = [_finding(facts, name, np.flatnonzero(holds)) for name, holds in members if holds.any()]
    found += [
        Finding(f"law: {law.name}", law.breaches, "", "", "", law.proof)
        for law in laws
        if law.status is LawStatus.BROKEN
    ]
    found += [
        Finding(f"service: {name}", 1, name, name, name, f"{name}: {measure.reason}")
        for name, measure in services.items()
        if measure.within_tolerance is False
    ]
    return tuple(found)


def _finding(facts: Facts, name: str, subjects: Ints) -> Finding:
    """First and last by time of the wish, worst by what is at stake."""
    start_ns = facts.wishes.start_ns[subjects]
    names = facts.subjects.names
    first = int(subjects[np.argmin(start_ns)])
    last = int(subjects[len(subjects) - 1 - np.argmax(start_ns[::-1])])
    worst = int(subjects[np.argmax(_stake(facts, name)[subjects])])
    proof = prove(facts, first, name)
    return Finding(
        name=name,
        count=len(subjects),
        first=names[first],
        worst=names[worst],
        last=names[last],
        proof=proof.sentence,
        events=proof.events,
    )


def _stake(facts: Facts, name: str) -> Ints:
    """What makes one member worse than another: delay, excess, rest, or the size at stake."""
    size = np.where(facts.wishes.size == NULL, 0, facts.wishes.size)
    if name == VerdictClass.LATE:
        due_ns, finish_ns = facts.wishes.integer("deadline_ns"), facts.fate.finish_ns
        timed = (due_ns != NULL) & (finish_ns != NULL)
        return np.where(timed, np.where(timed, finish_ns, 0) - np.where(timed, due_ns, 0), 0)
    if name == VerdictClass.PHANTOM:
        return facts.fills.most
    if name == VerdictClass.DUPLICATED:
        return facts.fills.most - size
    if name == VerdictClass.PARTIAL:
        return size - facts.fills.least
    return size
