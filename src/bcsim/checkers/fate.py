"""How each subject ended, when the client knew, and whether that could have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.answers import EXECUTED_KINDS
from bcsim.checkers.arrays import NEVER, any_of, happened, last_positions, pick
from bcsim.checkers.record import CLIENT
from bcsim.history.matching import AMBIGUOUS
from bcsim.history.schema import NULL, Kind

if TYPE_CHECKING:
    from bcsim.checkers.answers import Answers
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.case import Case
    from bcsim.checkers.executions import Executions
    from bcsim.checkers.fills import Fills
    from bcsim.checkers.subjects import Subjects
    from bcsim.checkers.word import Word


LIVE_WORK: Final = "live work"
"""``subject`` of an action that marks an intent on which work was under way at the end."""


@dataclass(frozen=True, eq=False)
class Fate:
    """The end of each subject, ``(subjects,)``.

    Parameters
    ----------
    is_filled
        Executed in full, on every leg.
    is_closed
        Not filled, but every order that executed, and the last one, has ended.
    is_acknowledged_open
        An order was acknowledged to the client and never ended.
    end_is_told
        The client was told of each of those ends.
    finish_ns
        When the client knew the end: of the last execution, or other; null if it never did.
    is_settled
        The drain is over and left no work on the subject: what has not come by now never will.
    client_is_known, executions_are_known
        Whether the client, or somebody who would have seen an execution, was watched from the
        wish to the finish; to the end of the record, if it never finished or moved again later.
    """

    is_filled: Bools
    is_closed: Bools
    is_acknowledged_open: Bools
    end_is_told: Bools
    finish_ns: Ints
    is_settled: Bools
    client_is_known: Bools
    executions_are_known: Bools


def fate_of(case: Case, executions: Executions, fills: Fills, answers: Answers, word: Word) -> Fate:
    """Draw together how each subject ended."""
    subjects, size = case.subjects, case.wishes.size
    is_filled = fills.is_executed & ((size == NULL) | (fills.least >= size))
    decisive = fills.order_executed.copy()
    decisive[subjects.last_order] = True
    is_open = _any(subjects, decisive & ~answers.has_ended)
    is_untold = _any(subjects, decisive & ~happened(answers.end_told))
    waiting = happened(answers.acknowledged_first) & ~answers.has_ended
    finish = np.where(
        is_filled, _execution_told(subjects, executions, word), _end_told(subjects, decisive, word)
    )
    is_told = np.where(is_filled, ~word.is_untold, ~is_open & ~is_untold & ~word.is_untold)
    finish_ns = np.where(
        is_told & ~word.is_misled & happened(finish), pick(case.record.time_ns, finish, NULL), NULL
    )
    client_is_known, executions_are_known = _knowledge(case, executions, finish_ns)
    return Fate(
        is_filled=is_filled,
        is_closed=~is_filled & ~is_open,
        is_acknowledged_open=_any(subjects, waiting),
        end_is_told=~is_untold,
        finish_ns=finish_ns,
        is_settled=~_has_live_work(case) & case.record.is_drained,
        client_is_known=client_is_known,
        executions_are_known=executions_are_known,
    )


def _has_live_work(case: Case) -> Bools:
    """Subjects that the drain's end cut off in the middle of work, or whose match is open."""
    rows = case.record.rows(Kind.ACTION)
    rows = rows[case.record.has_text("subject", rows, LIVE_WORK, AMBIGUOUS)]
    subject = case.subjects.of_row[rows]
    return any_of(case.subjects.count, subject, subject != NEVER)


def match_is_open(case: Case) -> Bools:
    """Subjects that have several candidates for a wish, an order or an entry in the ledger."""
    rows = case.record.rows(Kind.ACTION)
    rows = rows[case.record.has_text("subject", rows, AMBIGUOUS)]
    subject = case.subjects.of_row[rows]
    return any_of(case.subjects.count, subject, subject != NEVER)


def _any(subjects: Subjects, of_order: Bools) -> Bools:
    return any_of(subjects.count, subjects.of_order, of_order)


def _execution_told(subjects: Subjects, executions: Executions, word: Word) -> Ints:
    """Position at which the client knew of the last execution, ``(subjects,)``."""
    found = np.full(subjects.count, NEVER, dtype=np.int64)
    counting = executions.counts
    np.maximum.at(found, executions.subject[counting], word.told[counting])
    return found


def _end_told(subjects: Subjects, decisive: Bools, word: Word) -> Ints:
    found = np.full(subjects.count, NEVER, dtype=np.int64)
    np.maximum.at(found, subjects.of_order[decisive], word.end_told[decisive])
    return found


def _knowledge(case: Case, executions: Executions, finish_ns: Ints) -> tuple[Bools, Bools]:
    """Whether the client and the executions were watched for as long as it matters."""
    record, subjects = case.record, case.subjects
    moves = np.concatenate(
        (
            record.rows(Kind.SUBMIT, Kind.RESEND),
            record.in_firm(Kind.ACKNOWLEDGE),
            executions.row,
        )
    )
    moves = np.sort(moves[subjects.of_row[moves] != NEVER])
    moved = last_positions(subjects.count, subjects.of_row[moves], moves)
    moved_ns = pick(record.time_ns, moved, NULL)
    is_over = (finish_ns != NULL) & (moved_ns <= finish_ns)
    until_ns = np.where(is_over, finish_ns, record.end_ns)
    since_ns = case.wishes.start_ns
    witnesses = {*record.executing, *record.vantages_of(Kind.BOOK)}
    if record.whole.count(*EXECUTED_KINDS, vantage=CLIENT):
        witnesses.add(CLIENT)
    executions_are_known = record.watch.any_covers(witnesses, since_ns, until_ns)
    if not record.shows(Kind.EXECUTE):
        executions_are_known = np.zeros(subjects.count, dtype=np.bool_)
    return record.watch.covers(CLIENT, since_ns, until_ns), executions_are_known
