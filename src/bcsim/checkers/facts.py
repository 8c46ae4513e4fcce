"""Everything the record shows, worked out once and shared by all checkers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.answers import Answers, answers_of
from bcsim.checkers.arrays import pick
from bcsim.checkers.case import Case, case_of
from bcsim.checkers.executions import Executions, executions_of
from bcsim.checkers.fate import Fate, fate_of
from bcsim.checkers.fills import Fills, fills_of
from bcsim.checkers.word import Word, word_of
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.record import Record
    from bcsim.checkers.subjects import Subjects
    from bcsim.checkers.whole import Whole
    from bcsim.checkers.wishes import Wishes
    from bcsim.history.history import History


@dataclass(frozen=True, eq=False)
class Facts:
    """What a checker may look at."""

    case: Case
    executions: Executions
    fills: Fills
    answers: Answers
    word: Word
    fate: Fate

    @property
    def record(self) -> Record:
        """The history in order of time."""
        return self.case.record

    @property
    def subjects(self) -> Subjects:
        """Intents and stray orders."""
        return self.case.subjects

    @property
    def wishes(self) -> Wishes:
        """What each subject was to be."""
        return self.case.wishes

    def earliest_ns(self, of_order: Ints) -> Ints:
        """Earliest time of some positions over the orders of each subject, null if none."""
        latest = np.iinfo(np.int64).max
        found = np.full(self.subjects.count, latest, dtype=np.int64)
        np.minimum.at(found, self.subjects.of_order, pick(self.record.time_ns, of_order, latest))
        return np.where(found == latest, NULL, found)


def facts_of(history: History, whole: Whole | None = None) -> Facts:
    """Work out the facts of a history, or of a share of the ``whole``."""
    case = case_of(history, whole)
    executions = executions_of(case)
    fills = fills_of(case, executions)
    answers = answers_of(case.record, case.subjects)
    word = word_of(case, executions, fills, answers)
    fate = fate_of(case, executions, fills, answers, word)
    return Facts(case, executions, fills, answers, word, fate)
