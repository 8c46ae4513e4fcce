"""Findings: what went wrong, how often, and the first, worst and last of each with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.base import LawStatus
from bcsim.history.schema import NULL
from bcsim.history.verdict import CLASSES, FLAGS, Finding, Flag, VerdictClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.checkers.arrays import Ints
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

NAMES: Final = (*(verdict.value for verdict in _REPORTED), *(flag.value for flag in FLAGS))
"""Classes and flags that are findings, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Members:
    """Subjects of one finding: how many, and the first, worst and last of them.

    The first and last are so by the time of the wish, the worst by what is at stake; of equals
    the first and worst have the smallest number, the last the largest.
    """

    count: int
    first: int
    first_ns: int
    worst: int
    stake: int
    last: int
    last_ns: int


def members_of(facts: Facts, verdicts: Verdicts) -> dict[str, Members]:
    """Members of each finding of a share, but for those who were overtaken."""
    holding = [(verdict.value, verdicts.classes == verdict.code) for verdict in _REPORTED]
    holding += [(flag.value, (verdicts.flags & flag.bit) != 0) for flag in FLAGS]
    return {
        name: among(np.flatnonzero(holds), facts.wishes.start_ns[holds], _stake(facts, name)[holds])
        for name, holds in holding
        if name != Flag.OVERTAKEN and holds.any()
    }


def among(subjects: Ints, start_ns: Ints, stake: Ints) -> Members:
    """First, worst and last of some subjects, ascending; ``(members,)`` each, one or more."""
    first, worst = int(np.argmin(start_ns)), int(np.argmax(stake))
    last = len(subjects) - 1 - int(np.argmax(start_ns[::-1]))
    return Members(
        count=len(subjects),
        first=int(subjects[first]),
        first_ns=int(start_ns[first]),
        worst=int(subjects[worst]),
        stake=int(stake[worst]),
        last=int(subjects[last]),
        last_ns=int(start_ns[last]),
    )


def joined(pieces: Sequence[tuple[Members, Ints]]) -> Members:
    """Members of one finding in several shares; with each the numbers of its subjects."""
    first_ns, first = min((one.first_ns, int(numbers[one.first])) for one, numbers in pieces)
    worst = min((-one.stake, int(numbers[one.worst])) for one, numbers in pieces)
    last_ns, last = max((one.last_ns, int(numbers[one.last])) for one, numbers in pieces)
    count = sum(one.count for one, _ in pieces)
    return Members(count, first, first_ns, worst[1], -worst[0], last, last_ns)


def broken_promises(
    laws: Iterable[Law], services: Mapping[str, ServiceMeasure]
) -> tuple[Finding, ...]:
    """Findings that have no members: broken laws and breached tolerances."""
    return (
        *(
            Finding(f"{_family(law)}: {law.name}", law.breaches, "", "", "", law.proof)
            for law in laws
            if law.status is LawStatus.BROKEN
        ),
        *(
            Finding(f"service: {name}", 1, name, name, name, f"{name}: {measure.reason}")
            for name, measure in services.items()
            if measure.within_tolerance is False
        ),
    )


def _family(law: Law) -> str:
    return "law" if law.counts else "report"


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
