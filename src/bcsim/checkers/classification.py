"""From marks to one class an intent: the first class that holds, unless an unknown could win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import UNKNOWN, YES
from bcsim.history.verdict import CLASSES, FLAGS, VerdictClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.checkers.arrays import Bools, Ints, Tri

FAILING: Final[tuple[VerdictClass, ...]] = tuple(verdict for verdict in CLASSES if verdict.failing)
NAMED: Final[tuple[VerdictClass, ...]] = tuple(
    verdict for verdict in CLASSES if verdict not in {VerdictClass.OK, VerdictClass.INDETERMINATE}
)
"""Classes that a checker marks; ok is what is left, indeterminate what cannot be told."""


UNCLASSED: Final = "unclassed"
UNDECIDED: Final = (*(verdict.value for verdict in NAMED), UNCLASSED)
"""What can leave a subject indeterminate, in the order in which it is looked at."""


def classify(marks: Mapping[str, Tri], executed_as_wished: Bools) -> NDArray[np.int8]:
    """Class of each subject, as a position in the order of classes, ``(subjects,)``.

    A failing class that is proved stands, whatever else is unknown. Otherwise an unknown
    failing class, or an unknown class before the first that holds, makes the subject
    indeterminate; so does it if nothing holds.

    Parameters
    ----------
    marks
        YES, NO or UNKNOWN for each subject, by class.
    executed_as_wished
        Subjects that are ok if no class holds.
    """
    classes = np.full(len(executed_as_wished), VerdictClass.INDETERMINATE.code, dtype=np.int8)
    decided = np.zeros(len(classes), dtype=np.bool_)
    for verdict in FAILING:
        holds = (marks[verdict] == YES) & ~decided
        classes[holds] = verdict.code
        decided |= holds
    for verdict in FAILING:
        decided |= marks[verdict] == UNKNOWN
    for verdict in NAMED[len(FAILING) :]:
        holds = (marks[verdict] == YES) & ~decided
        classes[holds] = verdict.code
        decided |= holds | (marks[verdict] == UNKNOWN)
    classes[executed_as_wished & ~decided] = VerdictClass.OK.code
    return classes


def further_classes(marks: Mapping[str, Tri], classes: NDArray[np.int8]) -> Ints:
    """Classes that hold of each subject besides its own: bit ``1 << code``, ``(subjects,)``."""
    further = np.zeros(len(classes), dtype=np.int64)
    for verdict in NAMED:
        besides = (marks[verdict] == YES) & (classes != verdict.code)
        further[besides] |= 1 << verdict.code
    return further


def flags_of(marks: Mapping[str, Tri]) -> NDArray[np.int32]:
    """Flags of each subject as bits, ``(subjects,)``."""
    flags = np.zeros(len(next(iter(marks.values()))), dtype=np.int32)
    for flag in FLAGS:
        flags[marks[flag] == YES] |= flag.bit
    return flags


def doubts(marks: Mapping[str, Tri], classes: NDArray[np.int8]) -> dict[str, int]:
    """How many indeterminate subjects each unknown class leaves undecided first."""
    undecided = classes == VerdictClass.INDETERMINATE.code
    counts: dict[str, int] = {}
    for verdict in NAMED:
        here = undecided & (marks[verdict] == UNKNOWN)
        if here.any():
            counts[verdict.value] = int(np.count_nonzero(here))
            undecided = undecided & ~here
    if undecided.any():
        counts[UNCLASSED] = int(np.count_nonzero(undecided))
    return counts
