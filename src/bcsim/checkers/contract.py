"""Contract: what the firm's contract with its venue lets it do in a failover, and nothing more.

- *cancel on disconnect*: in a real log, no order is cancelled because its session broke, unless
  the profile allows it. The client was told, so the order is `cancelled`; but nobody had agreed
  that it could be, so the finding counts.
- *cancel-on-failure*: an order that asked to be cancelled in a failure does not trade after one.
  The record marks from when on (*to be cancelled*); what had executed before does not count.
- *reinstate-on-failure*: an order that asked to be reinstated after a failure is not gone after
  one: neither cancelled because the session broke or trading was halted, nor lost or left partial
  without a word since. What the order itself asked for stands before what the contract says of
  restarts, so no `purge-on-restart` excuses its loss. Without a failure seen there is no finding.
- `purge-on-restart` in the profile lets the venue forget what was open: then an order that is
  *lost*, *stranded* or *partial* is reported and does not count, if a restart was seen behind it:
  its session began again after its last message, or a component that came back after its wish was
  recorded. Losses without a restart have another cause, which nothing allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers import completeness
from bcsim.checkers.arrays import NEVER, YES, any_of
from bcsim.checkers.base import Checked, Law, LawStatus
from bcsim.checkers.story import Story
from bcsim.history.profile import (
    CANCEL_ON_DISCONNECT,
    CANCELS,
    DISCONNECT,
    HALT,
    REINSTATES,
    RESTART,
    SIMULATION,
)
from bcsim.history.schema import Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts

CANCEL_ON_FAILURE: Final = "cancel-on-failure"
REINSTATE_ON_FAILURE: Final = "reinstate-on-failure"

LAWS: Final = {
    CANCEL_ON_DISCONNECT: "no order is cancelled because its session broke, unless the contract"
    " allows it",
    CANCEL_ON_FAILURE: "an order that asked to be cancelled in a failure does not trade after one",
    REINSTATE_ON_FAILURE: "an order that asked to be reinstated after a failure is not gone after"
    " one",
}

PURGED: Final = (VerdictClass.PARTIAL, VerdictClass.LOST, VerdictClass.STRANDED)
"""Classes that `purge-on-restart` excuses of an order behind which a restart was seen."""

_COMING_BACK: Final = (Kind.RECOVER, Kind.FAILOVER, Kind.FAILBACK)


def check(facts: Facts) -> Checked:
    """Hold a real log against the contract; in a simulation, the model is the contract."""
    return Checked(laws=(_disconnects(facts), _cancelled(facts), _reinstated(facts)))


def _disconnects(facts: Facts) -> Law:
    """No order is cancelled because its session broke."""
    record = facts.record
    rows = record.rows(Kind.CANCEL)
    rows = rows[facts.subjects.of_row[rows] != NEVER]
    broken = rows[record.has_text("cause", rows, DISCONNECT)]
    if record.profile.kind == SIMULATION:
        broken = rows[:0]

    def because(story: Story, row: int) -> str:
        return f"{story.event(row)} because its session broke"

    return _law(facts, CANCEL_ON_DISCONNECT, bool(len(rows)), broken, because)


def _cancelled(facts: Facts) -> Law:
    """No order trades after a failure in which it was to be cancelled."""
    record, executions = facts.record, facts.executions
    marks = _marks(facts, CANCELS)
    since_ns = _first_ns(facts, marks)
    began_ns = record.time_ns[executions.row] - record.clock_error_ns
    late = executions.counts & (began_ns > since_ns[executions.order])
    broken = np.sort(executions.row[late])

    def because(story: Story, row: int) -> str:
        (mark,) = _mark_of(facts, marks, row)
        asked = story.value("reason", mark)
        return f"was to be cancelled ({asked}) {story.at(mark)}, yet {story.event(row)}"

    return _law(facts, CANCEL_ON_FAILURE, bool(len(marks)), broken, because)


def _reinstated(facts: Facts) -> Law:
    """No order is gone after a failure in which it was to be reinstated."""
    record, subjects = facts.record, facts.subjects
    marks = _marks(facts, REINSTATES)
    rows = record.rows(Kind.CANCEL)
    rows = rows[record.has_text("cause", rows, DISCONNECT, HALT)]
    cancelled = rows[np.isin(subjects.order_of_row[rows], subjects.order_of_row[marks])]
    broken = np.sort(np.concatenate((cancelled, _silent(facts, marks))))

    def because(story: Story, row: int) -> str:
        (mark,) = _mark_of(facts, marks, row)
        ending = story.last_trace if row == mark else f"it {story.event(row)}"
        asked = story.value("reason", mark)
        return f"was to be reinstated ({asked}) {story.at(mark)}, yet {ending}"

    return _law(facts, REINSTATE_ON_FAILURE, bool(len(marks)), broken, because)


def _silent(facts: Facts, marks: Ints) -> Ints:
    """Marks of orders that are lost or partial, and of which nothing is heard since."""
    if not len(marks):
        return marks
    record, subjects = facts.record, facts.subjects
    found = completeness.check(facts).anomalies
    gone = (found[VerdictClass.LOST] == YES) | (found[VerdictClass.PARTIAL] == YES)
    gone &= behind_restart(facts)
    told = np.flatnonzero((subjects.of_row != NEVER) & ~record.history.is_kind(Kind.ACTION))
    last = np.full(subjects.count, NEVER, dtype=np.int64)
    last[subjects.of_row[told]] = told  # rows ascend, so the last one stays
    mine = subjects.of_row[marks]
    silent: Ints = marks[gone[mine] & (record.time_ns[last[mine]] <= record.time_ns[marks])]
    return silent


def _law(
    facts: Facts,
    name: str,
    applies: bool,  # noqa: FBT001 - one of five things that a law is made of
    broken: Ints,
    because: Callable[[Story, int], str],
) -> Law:
    """A law of the contract, with the rows that break it and the proof of the first."""
    statement = LAWS[name]
    if not applies:
        return Law(name, statement, LawStatus.NOT_APPLICABLE)
    count = len(np.unique(facts.subjects.of_row[broken]))
    if not count:
        return Law(name, statement, LawStatus.HOLDS)
    first = int(broken[0])
    story = Story(facts, int(facts.subjects.of_row[first]))
    return Law(
        name,
        statement,
        LawStatus.BROKEN,
        left=count,
        breaches=count,
        proof=f"{story.name} {because(story, first)}",
        first_seq=int(facts.record.integer("seq")[first]),
    )


# -- marks of a failure -----------------------------------------------------------------------


def _marks(facts: Facts, subject: str) -> Ints:
    """Actions that say what orders were owed in a failure."""
    rows = facts.record.rows(Kind.ACTION)
    known = facts.subjects.of_row[rows] != NEVER
    marks: Ints = rows[facts.record.has_text("subject", rows, subject) & known]
    return marks


def _first_ns(facts: Facts, marks: Ints) -> Ints:
    """Time of the first mark of each order; later than any if it has none, ``(orders,)``."""
    first = np.full(facts.subjects.order_count, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, facts.subjects.order_of_row[marks], facts.record.time_ns[marks])
    return first


def _mark_of(facts: Facts, marks: Ints, row: int) -> list[int]:
    """The mark of the order of a row: the row itself, or the first of its order."""
    order = facts.subjects.order_of_row
    mine = marks[order[marks] == order[row]].tolist()
    return [row] if row in mine else mine[:1]


def to_be_reinstated(facts: Facts) -> Bools:
    """Whether each subject had an order that was to be there again after a failure."""
    marks = _marks(facts, REINSTATES)
    return any_of(facts.subjects.count, facts.subjects.of_row[marks], marks != NEVER)


def behind_restart(facts: Facts) -> Bools:
    """Whether a restart was seen behind each subject, ``(subjects,)``."""
    record, subjects = facts.record, facts.subjects
    rows = record.rows(Kind.ACTION)
    rows = rows[record.has_text("subject", rows, RESTART) & (subjects.of_row[rows] != NEVER)]
    marked = any_of(subjects.count, subjects.of_row[rows], rows != NEVER)
    back = record.time_ns[record.rows(*_COMING_BACK)]
    if not len(back):
        return marked
    later: Bools = facts.wishes.start_ns < back.max()
    return marked | later
