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
from bcsim.checkers.bookings import booked_otherwise
from bcsim.checkers.obligations import EFFECTS, effect
from bcsim.checkers.ordering import overtaker, queues_of
from bcsim.checkers.reports import breach_sentence
from bcsim.checkers.story import Story, in_units
from bcsim.checkers.timeliness import breaches
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.verdict import Flag, VerdictClass
from bcsim.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.facts import Facts
    from bcsim.units import Lang


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence, and ``seq`` of the events that it names."""

    sentence: str
    events: tuple[int, ...]


def prove(facts: Facts, subject: int, name: str, lang: Lang = "en") -> Proof:
    """Say why class or flag ``name`` holds of one subject, in a language.

    ``name`` is taken as given: the judge has decided it.
    """
    story = Story(facts, subject, lang)
    sentence = story.say("sentence", name=story.name, said=_SENTENCES[name](story))
    seq = facts.record.integer("seq")
    named = dict.fromkeys(story.named)
    return Proof(sentence, tuple(int(seq[row]) for row in named))


# -- failing classes -------------------------------------------------------------------------


def _phantom(story: Story) -> str:
    return story.say("phantom", executed=_executed(story))


def _duplicated(story: Story) -> str:
    fills, size = story.facts.fills, story.facts.wishes.size
    most, wished = int(fills.most[story.subject]), int(size[story.subject])
    if wished != NULL and most > wished:
        sizes = {"most": story.size(most), "wished": story.size(wished)}
        return story.say("duplicated", executed=_executed(story), **sizes)
    booked = story.events(story.of(Kind.BOOK))
    return story.say("booked twice", executed=_executed(story), booked=booked)


def _corrupted(story: Story) -> str:
    differences = [*_differences(story, "executed"), *_differences(story, "booked")]
    texts = story.say("and").join(differences) or story.say("not as wished")
    return story.say("corrupted", executed=_executed(story), differences=texts)


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
                was, wanted = (
                    story.word("side", story.value(name, place)) for place in (int(row), wish)
                )
                terms = {"done": story.say(f"term.{done}"), "name": story.say(f"term.{name}")}
                texts.append(story.say("term", **terms, was=was, wished=wanted))
                break
    texts += _size_and_price(story, wish) if done == "executed" else _size_booked(story)
    return texts


def _size_booked(story: Story) -> list[str]:
    """What is booked where another quantity was executed, in words."""
    rows, booked, executed = booked_otherwise(story.facts)
    mine = np.flatnonzero(story.facts.subjects.of_row[rows] == story.subject)[:1].tolist()
    scale = story.record.profile.qty_scale
    return [
        story.say(
            "booked size",
            booked=in_units(int(booked[row]), scale),
            executed=in_units(int(executed[row]), scale),
        )
        for row in mine
    ]


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
    texts = []
    if wished not in {NULL, executed}:
        texts.append(story.say("size", done=story.size(executed), wished=story.size(wished)))
    limit = int(facts.record.integer("price")[wish])
    if facts.wishes.is_limit[subject] and limit != NULL:
        prices = facts.executions.integer("price")[story.executions]
        buys = story.value("side", wish) == "buy"
        worst = int(prices.max() if buys else prices.min())
        if (worst > limit) if buys else (worst < limit):
            texts.append(story.say("limit", worst=worst, limit=limit))
    return texts


def _partial(story: Story) -> str:
    executed = _executed(story)
    for kind in EFFECTS:
        owed = effect(story.facts, kind)
        if owed.is_missing[story.executions].any():
            due = story.clock(int(owed.due_ns[story.executions].max()))
            return story.say("missing effect", executed=executed, kind=kind.value, due=due)
    fills, wished = story.facts.fills, story.facts.wishes.size
    if story.facts.fate.is_closed[story.subject]:
        return story.say("some legs", executed=executed)
    if story.facts.fate.is_filled[story.subject]:
        return story.say("lacking entries", executed=executed, end=story.end)
    return story.say(
        "partial",
        executed=executed,
        least=story.size(int(fills.least[story.subject])),
        wished=story.size(int(wished[story.subject])),
        end=story.end,
    )


def _lost(story: Story) -> str:
    acknowledged = story.events(story.told(Kind.ACKNOWLEDGE)[:1])
    return story.say("lost", acknowledged=acknowledged, end=story.end, trace=story.last_trace)


def _stranded(story: Story) -> str:
    entered = story.of(Kind.SUBMIT, Kind.RESEND)[:1]
    how = story.events(entered if len(entered) else story.rows[:1])
    if not len(entered):
        how = story.say("never entered", how=how)
    return story.say("stranded", how=how, end=story.end, trace=story.last_trace)


def _unconfirmed(story: Story) -> str:
    ends = _executed(story) if len(story.executions) else _ended(story)
    if story.facts.word.is_misled[story.subject]:
        word = story.told(*END_KINDS, *EXECUTED_KINDS, Kind.NOTIFY)[-1:]
        return story.say("misled", ends=ends, word=story.events(word))
    return story.say("untold", ends=ends, end=story.end)


# -- other classes ---------------------------------------------------------------------------


def _late(story: Story) -> str:
    ends = _executed(story) if len(story.executions) else _ended(story)
    told = _told(story)
    texts = [
        story.say(
            "breach",
            what=story.say(f"due.{what}"),
            due=story.clock(due_ns),
            done=story.clock(done_ns),
            late=format_duration(done_ns - due_ns, story.lang),
        )
        for what, due_ns, done_ns in breaches(story.facts, story.subject)
    ]
    return story.say("late", ends=ends, told=told, breaches=story.say("and").join(texts))


def _recovered(story: Story) -> str:
    trouble = story.told(*END_KINDS)[:1]
    if not len(trouble):
        trouble = story.told(Kind.SUBMIT, Kind.RESEND)[1:2]
    said = {"trouble": story.events(trouble), "executed": _executed(story), "told": _told(story)}
    return story.say("recovered", **said)


def _ended_and_told(story: Story) -> str:
    return story.say("ended and told", ended=_ended(story), told=_told(story))


def _ok(story: Story) -> str:
    return story.say("ok", executed=_executed(story), told=_told(story))


def _indeterminate(story: Story) -> str:
    return story.say("indeterminate", trace=story.last_trace)


# -- flags -----------------------------------------------------------------------------------


def _overtaken(story: Story) -> str:
    other = Story(story.facts, overtaker(queues_of(story.facts), story.subject), story.lang)
    mine, later = (
        story.say("received and executed", received=_received(one), executed=_first_executed(one))
        for one in (story, other)
    )
    story.named.extend(other.named)
    return story.say("overtaken", mine=mine, name=other.name, later=later)


def _received(story: Story) -> str:
    received = story.facts.answers.accepted_first[story.facts.subjects.of_order == story.subject]
    return story.events(received[received != NEVER][:1])


def _first_executed(story: Story) -> str:
    """The execution that decides who was first; the others of a split order do not count."""
    rows = story.facts.executions.row[story.executions]
    text = story.events(rows[:1])
    return story.say("first", rest=text.removeprefix("was ")) if len(rows) > 1 else text


def _ack_regressed(story: Story) -> str:
    rows = story.of(Kind.REJECT, Kind.CANCEL_REJECT, Kind.ORPHAN)
    denial = rows[np.array([story.value("reason", int(row)) != "" for row in rows], dtype=np.bool_)]
    again = denial[-1:] if len(denial) else story.of(Kind.ACKNOWLEDGE)[-1:]
    told = story.events(story.told(Kind.ACKNOWLEDGE)[:1])
    return story.say("ack_regressed", told=told, again=story.events(again))


def _control_bypassed(story: Story) -> str:
    rows = _in_time(story, story.of(Kind.CONTROL_SKIP, Kind.CONTROL_FAIL))
    executed = _executed(story)
    if not len(rows):
        return story.say("no trace", executed=executed)
    control, event = story.value("subject", int(rows[-1])), story.events(rows[-1:])
    return story.say("control_bypassed", executed=executed, control=control, event=event)


def _unsuitable(story: Story) -> str:
    failed = _in_time(story, story.of(Kind.CONTROL_FAIL))
    executed, event = _executed(story), story.events(failed[-1:])
    return story.say("unsuitable", executed=executed, event=event)


def _in_time(story: Story, rows: Ints) -> Ints:
    """Those of some rows that came before the first execution."""
    executions = story.facts.executions
    executed = executions.row[executions.subject == story.subject]
    in_time: Ints = rows[rows < executed.min(initial=np.iinfo(np.int64).max)]
    return in_time


def _contradicted(story: Story) -> str:
    row = int(story.of(Kind.CONTRADICT)[0])
    return story.say("contradicted", breach=breach_sentence(story, row))


def _slipped(story: Story) -> str:
    row = int(story.executions[-1])
    price = story.value("price", int(story.facts.executions.row[row]))
    due = story.clock(int(story.facts.wishes.integer("deadline_ns")[story.subject]))
    return story.say("slipped", executed=_executed(story), price=price, due=due)


def _exposed(story: Story) -> str:
    return story.say("exposed", events=story.events(story.of(Kind.EXPOSE)))


def _repaired(story: Story) -> str:
    return story.say("repaired", events=story.events(story.of(Kind.REPAIR)))


def _refused(story: Story) -> str:
    rows = story.of(Kind.REJECT)
    causes = [story.value("cause", int(row)) for row in rows]
    cause = next((text for text in reversed(causes) if text), story.say("a disruption"))
    return story.say("refused", events=story.events(rows[-1:]), cause=cause)


# -- shared phrases --------------------------------------------------------------------------


def _executed(story: Story) -> str:
    rows = story.facts.executions.row[story.executions]
    return story.events(rows) if len(rows) else story.say("not executed")


def _ended(story: Story) -> str:
    rows = story.of(*END_KINDS)
    in_firm = rows[~story.record.at_client(rows)]
    return story.events((in_firm if len(in_firm) else rows)[-1:]) or story.say("ended")


def _told(story: Story) -> str:
    told = story.told(*END_KINDS, Kind.CONFIRM, Kind.NOTIFY)[-1:]
    if not len(told):
        told = story.told(Kind.SETTLE)[-1:]
    if not len(told):
        return story.say("knows")
    story.named.append(int(told[0]))
    return story.say("told", at=story.at(int(told[0])))


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
