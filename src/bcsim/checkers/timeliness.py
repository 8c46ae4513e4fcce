"""Timeliness: deadlines, cut-offs and obligations met; what lateness cost the client.

An intent is *late* when it ended and one of these was missed:

- its deadline: by then the client must know of the last execution, or of another end;
- the first cut-off after the wish that bears the name of its instrument or channel: by then
  somebody in the firm must have accepted it, or, of a wish in the last moments before, when
  `acknowledge` falls due; not judged of a wish whose own deadline lies behind that cut-off,
  for that deadline says what the cut-off entitles to;
- `acknowledge`: from the wish to the first answer to the client; `execute`: from the wish to
  the last execution, but for limit orders; `confirm`: from each execution to its confirmation;
  `book`, `settle`: from each execution to the event that names it. The shortest obligation of
  the channel and segment counts.

What was done nearer to its due time than the clocks of two vantage points may be apart
(``clock_errors`` of the profile) is neither late nor in time: unknown.

Whatever falls due after the end of the drain is not judged. An intent without any due time
cannot be judged at all, and is indeterminate, unless the profile's ``allows`` says
``no-deadline``.

An intent *slipped* when it executed after its deadline at a worse price than the market's then:
that of the last execution of the instrument, by anybody, up to the deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import any_of, last_positions, pick, tri
from bcsim.checkers.base import Checked
from bcsim.checkers.market import market_of
from bcsim.checkers.obligations import EFFECTS, effect, owed_ns
from bcsim.checkers.once import once
from bcsim.history.schema import NULL
from bcsim.history.verdict import Flag, VerdictClass

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts

NO_DEADLINE: Final = "no-deadline"
"""Entry of ``allows``: intents without a due time are not held to any."""

_LATEST: Final = int(np.iinfo(np.int64).max)


def check(facts: Facts) -> Checked:
    """Mark intents that were done too late, and those that it cost money."""
    late = np.zeros(facts.subjects.count, dtype=np.bool_)
    due_at_all = np.zeros(facts.subjects.count, dtype=np.bool_)
    doubtful = np.zeros(facts.subjects.count, dtype=np.bool_)
    error_ns = facts.record.clock_error_ns
    for due_ns, done_ns in _dues(facts).values():
        is_due = due_ns != NULL
        due_at_all |= is_due
        done = is_due & (done_ns != NULL) & _judged(facts, due_ns)
        late |= done & (done_ns > np.where(done, due_ns, 0) + error_ns)
        doubtful |= done & (np.abs(np.where(done, done_ns - due_ns, _LATEST)) <= error_ns)
    doubtful &= np.bool_(error_ns > 0)
    for kind in EFFECTS:
        owed = effect(facts, kind)
        due_at_all |= owed.of_subjects(facts, owed.due_ns != NULL)
        done = owed.done_ns > np.where(owed.due_ns == NULL, _LATEST, owed.due_ns)
        late |= owed.of_subjects(facts, done & (owed.due_ns <= facts.record.end_ns))
    timeless = ~due_at_all & (NO_DEADLINE not in facts.record.profile.allows)
    ended = facts.fate.is_filled | facts.fate.is_closed
    slipped, unjudged = _slipped(facts)
    return Checked(
        anomalies={
            VerdictClass.LATE: tri(late & ended, (timeless | doubtful) & facts.wishes.is_known),
            Flag.SLIPPED: tri(slipped, np.zeros_like(slipped)),
        },
        unjudged={Flag.SLIPPED: unjudged} if unjudged else {},
    )


def _judged(facts: Facts, due_ns: Ints) -> Bools:
    judged: Bools = facts.wishes.is_known & (due_ns <= facts.record.end_ns)
    return judged


# -- what was due, and when it was done ------------------------------------------------------


def breaches(facts: Facts, subject: int) -> list[tuple[str, int, int]]:
    """What one subject was late for, when it was due and when it was done."""
    found = [
        (what, int(due_ns[subject]), int(done_ns[subject]))
        for what, (due_ns, done_ns) in _dues(facts).items()
    ]
    for kind in EFFECTS:
        owed = effect(facts, kind)
        found += [
            (kind.value, int(owed.due_ns[i]), int(owed.done_ns[i]))
            for i in np.flatnonzero(facts.executions.subject == subject)
        ]
    return [
        (what, due_ns, done_ns)
        for what, due_ns, done_ns in found
        if NULL not in {due_ns, done_ns} and due_ns <= facts.record.end_ns and done_ns > due_ns
    ]


@once
def _dues(facts: Facts) -> dict[str, tuple[Ints, Ints]]:
    """Due and done times by what is due, ``(subjects,)``, null where not due or not done."""
    wishes, fate = facts.wishes, facts.fate
    answered_ns = facts.earliest_ns(facts.answers.answered_first)
    executed_ns = _last_execution_ns(facts)
    confirmed_due_ns, confirmed_ns = _confirmations(facts)
    acceptance_ns = facts.earliest_ns(facts.answers.accepted_first)
    return {
        "deadline": (wishes.integer("deadline_ns"), fate.finish_ns),
        "cut-off": (_acceptance_due_ns(facts), acceptance_ns),
        "acknowledge": (_after(wishes.start_ns, owed_ns(facts, "acknowledge")), answered_ns),
        "execute": (_execution_due_ns(facts), np.where(fate.is_filled, executed_ns, NULL)),
        "confirm": (confirmed_due_ns, confirmed_ns),
    }


def _after(since_ns: Ints, within_ns: Ints) -> Ints:
    none = (since_ns == NULL) | (within_ns == NULL)
    return np.where(none, NULL, np.where(none, 0, since_ns) + np.where(none, 0, within_ns))


def _last_execution_ns(facts: Facts) -> Ints:
    latest = np.full(facts.subjects.count, NULL, dtype=np.int64)
    counting = facts.executions.counts
    np.maximum.at(latest, facts.executions.subject[counting], facts.executions.time_ns[counting])
    return latest


def _execution_due_ns(facts: Facts) -> Ints:
    """When execution is due; a limit order waits for its price and is never due."""
    wishes = facts.wishes
    return _after(wishes.start_ns, np.where(wishes.is_limit, NULL, owed_ns(facts, "execute")))


def _confirmations(facts: Facts) -> tuple[Ints, Ints]:
    """Due and done time of the confirmation that was slowest, ``(subjects,)``."""
    executions, count = facts.executions, facts.subjects.count
    told_ns = pick(facts.record.time_ns, facts.word.told, NULL)
    known = np.flatnonzero(executions.counts & (told_ns != NULL))
    delay_ns = told_ns[known] - executions.time_ns[known]
    known = known[np.argsort(delay_ns, kind="stable")]
    slowest = last_positions(count, executions.subject[known], known)
    return (
        _after(pick(executions.time_ns, slowest, NULL), owed_ns(facts, "confirm")),
        pick(told_ns, slowest, NULL),
    )


def _acceptance_due_ns(facts: Facts) -> Ints:
    """When the firm had to have accepted the order for its cut-off; null if it has none.

    A wish in the last moments before the cut-off has as long as any answer may take; one whose
    deadline lies at or behind the cut-off is held to that deadline alone.
    """
    cut_off_ns, deadline_ns = _cut_off_ns(facts), facts.wishes.integer("deadline_ns")
    answer_due_ns = _after(facts.wishes.start_ns, owed_ns(facts, "acknowledge"))
    is_superseded = (deadline_ns != NULL) & (deadline_ns >= cut_off_ns)
    is_none = (cut_off_ns == NULL) | is_superseded
    return np.where(is_none, NULL, np.maximum(cut_off_ns, answer_due_ns))


def _cut_off_ns(facts: Facts) -> Ints:
    """The first cut-off after the wish; it belongs to the instrument or channel of its name."""
    record, wishes = facts.record, facts.wishes
    cut_off_ns = np.full(facts.subjects.count, _LATEST, dtype=np.int64)
    for cut_off in record.profile.cut_offs:
        for name in ("instrument", "channel"):
            about = wishes.codes(name) == record.text(name).code_of(cut_off.name)
            about &= wishes.is_known & (wishes.start_ns < cut_off.at_ns)
            cut_off_ns[about] = np.minimum(cut_off_ns[about], cut_off.at_ns)
    return np.where(cut_off_ns == _LATEST, NULL, cut_off_ns)


# -- what lateness cost ----------------------------------------------------------------------


def _slipped(facts: Facts) -> tuple[Bools, str]:
    """Intents executed after their deadline at a worse price than the market's at the deadline.

    The market's price at the deadline is that of the last execution of the instrument, by
    anybody, up to then; where there was none the price is not known and nothing is marked.
    Limit orders are not marked: their price is the client's.
    """
    executions, wishes, record = facts.executions, facts.wishes, facts.record
    none = np.zeros(facts.subjects.count, dtype=np.bool_)
    price = executions.integer("price")
    priced = np.flatnonzero(executions.counts & (price != NULL))
    if not len(priced):
        return none, "no execution reports a price"
    deadline_ns = wishes.integer("deadline_ns")[executions.subject]
    delayed = executions.counts & (price != NULL) & (deadline_ns != NULL)
    delayed &= (executions.time_ns > deadline_ns) & ~wishes.is_limit[executions.subject]
    fair = _market_price(facts, np.flatnonzero(delayed), deadline_ns)
    side = wishes.codes("side")[executions.subject]
    bought, sold = (side == record.text("side").code_of(name) for name in ("buy", "sell"))
    worse = (fair != NULL) & ((bought & (price > fair)) | (sold & (price < fair)))
    return any_of(facts.subjects.count, executions.subject, worse), ""


def _market_price(facts: Facts, wanted: Ints, at_ns: Ints) -> Ints:
    """Price of the last execution, by anybody, up to ``at_ns``, for each of ``wanted``."""
    instrument = facts.executions.codes("instrument")
    fair = np.full(len(instrument), NULL, dtype=np.int64)
    if not len(wanted):
        return fair
    examples = facts.record.whole.examples
    market = market_of(facts.executions) if examples is None else examples.market
    for code in np.unique(instrument[wanted]).tolist():
        asked = wanted[instrument[wanted] == code]
        fair[asked] = market[facts.record.text("instrument").name(code)].at(at_ns[asked])
    return fair
