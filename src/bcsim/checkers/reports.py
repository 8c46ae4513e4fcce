"""Reports: the numbers in the reports on an order agree with each other and with its executions.

The reader of a log compares them, and records an event `contradict` for every invariant that a
report breaks. What such a breach means for the order depends on what it puts in doubt:

- How much was executed (*executed total*, *one report*), in the words of the venue, or of whoever
  reports executions where no venue does: then nothing that was not seen is proved, so the order
  is indeterminate, unless a failing class is proved by what was seen, such as an execution too
  many.
- Anything else contradicts what was seen otherwise as well. The order keeps its class, is
  *contradicted*, and the invariant is a finding that does not count for the outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, tri
from bcsim.checkers.base import Checked, Law, LawStatus
from bcsim.checkers.record import VENUE
from bcsim.checkers.story import Story
from bcsim.history.invariant import Invariant
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints, Tri
    from bcsim.checkers.facts import Facts

LAWS: Final = {invariant.value: invariant.meaning for invariant in Invariant}
DOUBTFUL: Final = tuple(one.value for one in Invariant if one.leaves_doubt)


def check(facts: Facts) -> Checked:
    """Mark orders whose reports break an invariant, and hold the record to each invariant."""
    record, none = facts.record, np.zeros(facts.subjects.count, dtype=np.bool_)
    rows = _breaches(facts)
    marked = any_of(facts.subjects.count, facts.subjects.of_row[rows], rows != NEVER)
    anomalies: dict[str, Tri] = {Flag.CONTRADICTED: tri(marked, none)}
    laws = tuple(_law(facts, invariant, rows) for invariant in Invariant)
    if record.claims(Kind.CONTRADICT):
        return Checked(anomalies, laws)
    reason = "reports were not compared with each other"
    return Checked(anomalies, laws, unjudged={Flag.CONTRADICTED: reason})


def in_doubt(facts: Facts) -> Bools:
    """Whether reports leave open how much of each subject was executed, ``(subjects,)``."""
    record, subjects = facts.record, facts.subjects
    rows = _breaches(facts)
    rows = rows[record.has_text("subject", rows, *DOUBTFUL)]
    reporting = set(record.vantages_of(Kind.EXECUTE))
    speaking = {VENUE} if VENUE in reporting else reporting
    heard = np.zeros(len(rows), dtype=np.bool_)
    for vantage in speaking:
        heard |= record.at(vantage, rows)
    return any_of(subjects.count, subjects.of_row[rows], heard)


def breach_sentence(story: Story, row: int) -> str:
    """What a report says and should say: ``a report at … states CumQty 5, not 4, yet …``."""
    law = story.word("law", story.value("subject", row))
    story.named.append(row)
    return story.say("report", at=story.at(row), said=story.value("reason", row), law=law)


def _breaches(facts: Facts) -> Ints:
    rows = facts.record.rows(Kind.CONTRADICT)
    about: Ints = rows[facts.subjects.of_row[rows] != NEVER]
    return about


def _law(facts: Facts, invariant: Invariant, rows: Ints) -> Law:
    record = facts.record
    broken = rows[record.has_text("subject", rows, invariant.value)]
    count = len(broken)
    if not count:
        compared = Kind.CONTRADICT in record.profile.numbered_kinds
        status = LawStatus.HOLDS if compared else LawStatus.NOT_APPLICABLE
        return Law(invariant.value, invariant.meaning, status, counts=False)
    first = int(broken[0])
    story = Story(facts, int(facts.subjects.of_row[first]))
    return Law(
        invariant.value,
        invariant.meaning,
        LawStatus.BROKEN,
        left=count,
        breaches=count,
        proof=f"{story.name}: {breach_sentence(story, first)}",
        first_seq=int(record.integer("seq")[first]),
        counts=False,
    )
