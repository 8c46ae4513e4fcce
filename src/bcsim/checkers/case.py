"""What is to be judged: the record, whose orders are in it, and what they wished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.checkers.record import Record
from bcsim.checkers.subjects import Subjects, subjects_of
from bcsim.checkers.wishes import Wishes, wishes_of

if TYPE_CHECKING:
    from bcsim.checkers.whole import Whole
    from bcsim.history.history import History


@dataclass(frozen=True, eq=False)
class Case:
    """A record with its subjects and their wishes."""

    record: Record
    subjects: Subjects
    wishes: Wishes


def case_of(history: History, whole: Whole | None = None) -> Case:
    """Prepare a history, or a share of the ``whole``, for judgement."""
    record = Record(history, whole)
    subjects = subjects_of(record)
    return Case(record, subjects, wishes_of(record, subjects))
