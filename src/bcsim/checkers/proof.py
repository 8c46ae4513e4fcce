"""Proofs: one sentence an intent, naming the events that decided its class.

Written only when asked for: a history of a million orders has a million classes, and a handful
of proofs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.answers import END_KINDS, EXECUTED_KINDS
from bcsim.checkers.arrays import NEVER
from bcsim.checkers.obligations import EFFECTS, effect
from bcsim.checkers.ordering import overtaker, queues_of
from bcsim.checkers.reports import breach_sentence
from bcsim.checkers.story import Story
from bcsim.checkers.timeliness import breaches
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.verdict import Flag, VerdictClass
from bcsim.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.facts import Facts


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence, and ``seq`` of the events that it names."""

    sentence: str
    events: tuple[int, ...]


def prove(facts: Facts, subject: int, name: str) -> Proof:
    """Say why class or flag ``name`` holds of one subject.

    ``name`` is taken as given: the judge has decided it.
    """
    story = Story(facts, subject)
    sentence = _SENTENCES[name](story)
    seq = facts.record.integer("seq")
    named = dict.fromkeys(story.named)
    return Proof(f"{story.name} {sentence}.", tuple(int(seq[row]) for row in named))


# -- failing classes -------------------------------------------------------------------------


def _phantom(story: Story) -> str:
    return f"{_executed(story)}, and no recorded intent accounts for it"


def _duplicated(story: Story) -> str:
    fills, size = story.facts.fills, story.facts.wishes.size
    most, wished = int(fills.most[story.subject]), int(size[story.subject])
    if wished != NULL and most > wished:
        return f"{_executed(story)}: {story.size(most)} in all, and {story.size(wished)} was wished"
    return f"{_executed(story)}, and then it {story.events(story.of(Kind.BOOK))}"


def _corrupted(story: Story) -> str:
    differences = [*_differences(story, "executed"), *_differences(story, "booked")]
    return f"{_executed(story)}, but " + (" and ".join(differences) or "not for what was wished")


def _differences(story: Story, done: str) -> list[str]:
    """Terms of the executions or bookings that are not those of the wish, in words."""
    executions, wish = story.facts.executions, int(story.facts.wishes.row[story.subject])
    rows = executions.row[story.executions] if done == "executed" else _entries(story)
    texts = []
    for name in ("account", "side", "instrument"):
        wished = story.record.codes(name)[wish]
        for row in rows:
            code = story.record.codes(name)[row]
            if NULL_CODE not in {code, wished} and code != wished:
                was = story.value(name, int(row))
                texts.append(f"{done} with {name} {was}, not {story.value(name, wish)}")
                break
    if done == "executed":
        texts += _size_and_price(story, wish)
    return texts


def _entries(story: Story) -> Ints:
    """The client's entries: of the whole booking or its first leg, and no cash legs."""
    rows = story.of(Kind.BOOK)
    legs = story.record.integer("leg")[rows]
    cash = story.record.has_text("side", rows, "debit", "credit")
    entries: Ints = rows[((legs == NULL) | (legs == 0)) & ~cash]
    return entries


def _size_and_price(story: Story, wish: int) -> list[str]:
    facts, subject = story.facts, story.subject
    executed, wished = int(facts.fills.most[subject]), int(facts.wishes.size[subject])
    sizes = f"for {story.size(executed)}, not {story.size(wished)}"
    texts = [sizes] if wished not in {NULL, executed} else []
    limit = int(facts.record.integer("price")[wish])
    if facts.wishes.is_limit[subject] and limit != NULL:
        prices = facts.executions.integer("price")[story.executions]
        buys = story.value("side", wish) == "buy"
        worst = int(prices.max() if buys else prices.min())
        if (worst > limit) if buys else (worst < limit):
            texts.append(f"at {worst}, beyond the limit {limit}")
    return texts


def _partial(story: Story) -> str:
    for kind in EFFECTS:
        owed = effect(story.facts, kind)
        if owed.is_missing[story.executions].any():
            due_ns = int(owed.due_ns[story.executions].max())
            return f"{_executed(story)}, and no {kind.value} followed, due {story.clock(due_ns)}"
    fills, wished = story.facts.fills, story.facts.wishes.size
    if story.facts.fate.is_closed[story.subject]:
        return f"{_executed(story)} on some legs only"
    if story.facts.fate.is_filled[story.subject]:
        return f"{_executed(story)}, and the ledger lacks entries of it until {story.end}"
    return (
        f"{_executed(story)}: {story.size(int(fills.least[story.subject]))} of "
        f"{story.size(int(wished[story.subject]))}, and nothing ended the rest until {story.end}"
    )


def _lost(story: Story) -> str:
    acknowledged = story.told(Kind.ACKNOWLEDGE)[:1]
    return (
        f"{story.events(acknowledged)}, and no execution, rejection, cancellation or expiry of it"
        f" is seen until {story.end}; {story.last_trace}"
    )


def _stranded(story: Story) -> str:
    entered = story.of(Kind.SUBMIT, Kind.RESEND)[:1]
    how = story.events(entered if len(entered) else story.rows[:1])
    never = "" if len(entered) else " but never entered"
    return (
        f"{how}{never}, and the client was told nothing of it until {story.end}; {story.last_trace}"
    )


def _unconfirmed(story: Story) -> str:
    ends = _executed(story) if len(story.executions) else _ended(story)
    if story.facts.word.is_misled[story.subject]:
        word = story.told(*END_KINDS, *EXECUTED_KINDS, Kind.NOTIFY)[-1:]
        return f"{ends}, but the last that the client was told is untrue: it {story.events(word)}"
    return f"{ends}, and the client was not told so until {story.end}"


# -- other classes ---------------------------------------------------------------------------


_DUE: Final = {
    "deadline": "its end",
    "cut-off": "its acceptance",
    "acknowledge": "its first answer",
    "execute": "its execution",
    "confirm": "its confirmation",
    "book": "its booking",
    "settle": "its settlement",
}
"""What was late, in words, by the name of the due time."""


def _late(story: Story) -> str:
    ends = _executed(story) if len(story.executions) else _ended(story)
    texts = [
        f"{_DUE[what]} was due by {story.clock(due_ns)} and came at {story.clock(done_ns)}, "
        f"{format_duration(done_ns - due_ns)} late"
        for what, due_ns, done_ns in breaches(story.facts, story.subject)
    ]
    return f"{ends} and {_told(story)}, but {' and '.join(texts)}"


def _recovered(story: Story) -> str:
    trouble = story.told(*END_KINDS)[:1]
    if not len(trouble):
        trouble = story.told(Kind.SUBMIT, Kind.RESEND)[1:2]
    return f"{story.events(trouble)} first, yet {_executed(story)} and {_told(story)}"


def _ended_and_told(story: Story) -> str:
    return f"{_ended(story)} and {_told(story)}"


def _ok(story: Story) -> str:
    return f"{_executed(story)} as wished and {_told(story)}"


def _indeterminate(story: Story) -> str:
    return f"cannot be judged from this record; {story.last_trace}"


# -- flags -----------------------------------------------------------------------------------


def _overtaken(story: Story) -> str:
    other = Story(story.facts, overtaker(queues_of(story.facts), story.subject))
    mine, later = (f"{_received(one)} and {_first_executed(one)}" for one in (story, other))
    story.named.extend(other.named)
    return f"{mine}, after {other.name}, which {later}"


def _received(story: Story) -> str:
    received = story.facts.answers.accepted_first[story.facts.subjects.of_order == story.subject]
    return story.events(received[received != NEVER][:1])


def _first_executed(story: Story) -> str:
    """The execution that decides who was first; the others of a split order do not count."""
    rows = story.facts.executions.row[story.executions]
    text = story.events(rows[:1])
    return text.replace("was", "was first", 1) if len(rows) > 1 else text


def _ack_regressed(story: Story) -> str:
    rows = story.of(Kind.REJECT, Kind.CANCEL_REJECT, Kind.ORPHAN)
    denial = rows[np.array([story.value("reason", int(row)) != "" for row in rows], dtype=np.bool_)]
    again = denial[-1:] if len(denial) else story.of(Kind.ACKNOWLEDGE)[-1:]
    return (
        f"{story.events(story.told(Kind.ACKNOWLEDGE)[:1])} to the client, but {story.events(again)}"
    )


def _control_bypassed(story: Story) -> str:
    rows = story.of(Kind.CONTROL_SKIP, Kind.CONTROL_FAIL)
    if not len(rows):
        return f"{_executed(story)} without a trace of a mandatory control"
    control = story.value("subject", int(rows[-1]))
    return f"{_executed(story)} although {control} did not pass: {story.events(rows[-1:])}"


def _unsuitable(story: Story) -> str:
    return f"{_executed(story)} although {story.events(story.of(Kind.CONTROL_FAIL)[-1:])}"


def _contradicted(story: Story) -> str:
    row = int(story.of(Kind.CONTRADICT)[0])
    return f"is the subject of contradictory reports: {breach_sentence(story, row)}"


def _slipped(story: Story) -> str:
    row = int(story.executions[-1])
    price = story.value("price", int(story.facts.executions.row[row]))
    due_ns = int(story.facts.wishes.integer("deadline_ns")[story.subject])
    return f"{_executed(story)} at {price}, worse than the market at {story.clock(due_ns)}"


def _exposed(story: Story) -> str:
    return f"was exposed: {story.events(story.of(Kind.EXPOSE))}"


def _repaired(story: Story) -> str:
    return f"was repaired: {story.events(story.of(Kind.REPAIR))}"


def _refused(story: Story) -> str:
    rows = story.of(Kind.REJECT)
    causes = [story.value("cause", int(row)) for row in rows]
    cause = next((text for text in reversed(causes) if text), "a disruption")
    return f"{story.events(rows[-1:])} because of {cause}"


# -- shared phrases --------------------------------------------------------------------------


def _executed(story: Story) -> str:
    rows = story.facts.executions.row[story.executions]
    return story.events(rows) if len(rows) else "was not executed"


def _ended(story: Story) -> str:
    rows = story.of(*END_KINDS)
    in_firm = rows[~story.record.at_client(rows)]
    return story.events((in_firm if len(in_firm) else rows)[-1:]) or "ended"


def _told(story: Story) -> str:
    told = story.told(*END_KINDS, Kind.CONFIRM, Kind.NOTIFY)[-1:]
    if not len(told):
        told = story.told(Kind.SETTLE)[-1:]
    if not len(told):
        return "the client knows"
    story.named.append(int(told[0]))
    return f"the client was told {story.at(int(told[0]))}"


_SENTENCES: Final[dict[str, Callable[[Story], str]]] = {
    VerdictClass.PHANTOM: _phantom,
    VerdictClass.DUPLICATED: _duplicated,
    VerdictClass.CORRUPTED: _corrupted,
    VerdictClass.PARTIAL: _partial,
    VerdictClass.LOST: _lost,
    VerdictClass.STRANDED: _stranded,
    VerdictClass.UNCONFIRMED: _unconfirmed,
    VerdictClass.LATE: _late,
    VerdictClass.RECOVERED: _recovered,
    VerdictClass.REJECTED: _ended_and_told,
    VerdictClass.CANCELLED: _ended_and_told,
    VerdictClass.EXPIRED: _ended_and_told,
    VerdictClass.OK: _ok,
    VerdictClass.INDETERMINATE: _indeterminate,
    Flag.OVERTAKEN: _overtaken,
    Flag.ACK_REGRESSED: _ack_regressed,
    Flag.CONTROL_BYPASSED: _control_bypassed,
    Flag.UNSUITABLE: _unsuitable,
    Flag.SLIPPED: _slipped,
    Flag.EXPOSED: _exposed,
    Flag.REPAIRED: _repaired,
    Flag.REFUSED: _refused,
    Flag.CONTRADICTED: _contradicted,
}
