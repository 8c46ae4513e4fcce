"""Contract: what the firm's contract with its venue lets it do in a failover, and nothing more.

- *cancel on disconnect*: in a real log, no order is cancelled because its session broke, unless
  the profile allows it. The client was told, so the order is `cancelled`; but nobody had agreed
  that it could be, so the finding counts.
- `purge-on-restart` in the profile lets the venue forget what was open: then an order that is
  *lost*, *stranded* or *partial* is reported and does not count, if a restart was seen behind it:
  its session began again after its last message, or a component that came back after its wish was
  recorded. Losses without a restart have another cause, which nothing allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of
from bcsim.checkers.base import Checked, Law, LawStatus
from bcsim.checkers.story import Story
from bcsim.history.profile import CANCEL_ON_DISCONNECT, DISCONNECT, RESTART, SIMULATION
from bcsim.history.schema import Kind
from bcsim.history.verdict import VerdictClass

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools
    from bcsim.checkers.facts import Facts

LAWS: Final = {
    CANCEL_ON_DISCONNECT: "no order is cancelled because its session broke, unless the contract"
    " allows it",
}

PURGED: Final = (VerdictClass.PARTIAL, VerdictClass.LOST, VerdictClass.STRANDED)
"""Classes that `purge-on-restart` excuses of an order behind which a restart was seen."""

_COMING_BACK: Final = (Kind.RECOVER, Kind.FAILOVER, Kind.FAILBACK)


def check(facts: Facts) -> Checked:
    """Hold a real log against the contract; in a simulation, the model is the contract."""
    statement = LAWS[CANCEL_ON_DISCONNECT]
    record = facts.record
    rows = record.rows(Kind.CANCEL)
    rows = rows[facts.subjects.of_row[rows] != NEVER]
    if not len(rows):
        return Checked(laws=(Law(CANCEL_ON_DISCONNECT, statement, LawStatus.NOT_APPLICABLE),))
    broken = rows[record.has_text("cause", rows, DISCONNECT)]
    if record.profile.kind == SIMULATION:
        broken = rows[:0]
    subjects = np.unique(facts.subjects.of_row[broken])
    if not len(subjects):
        return Checked(laws=(Law(CANCEL_ON_DISCONNECT, statement, LawStatus.HOLDS),))
    first = int(broken[0])
    story = Story(facts, int(facts.subjects.of_row[first]))
    law = Law(
        CANCEL_ON_DISCONNECT,
        statement,
        LawStatus.BROKEN,
        left=len(subjects),
        breaches=len(subjects),
        proof=f"{story.name} {story.event(first)} because its session broke",
        first_seq=int(record.integer("seq")[first]),
    )
    return Checked(laws=(law,))


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
