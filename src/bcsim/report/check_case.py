"""One judged order as a message sequence: its events, who saw them, and which are one event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.checkers.proof import prove
from bcsim.checkers.story import Story
from bcsim.history.schema import NULL, Kind, Vantage
from bcsim.report.figures.message_sequence import Message

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement
    from bcsim.report.check_words import CheckWords

LIFELINES_MAX: Final = 5
"""Vantage points of a picture; more would not be read on a phone."""

EVENTS_MAX: Final = 30
"""Events of a picture; of a longer story its beginning and its end are shown."""

_KEPT_AT_END: Final = 10

_ORDER: Final = {vantage.value: place for place, vantage in enumerate(Vantage)}

_FAMILIES: Final[dict[str, str]] = {
    Kind.SUBMIT: "request",
    Kind.RESEND: "request",
    Kind.ROUTE: "request",
    Kind.EXECUTE: "report",
    Kind.CONFIRM: "report",
}
"""Kinds that are one event seen at several vantage points; others are so by themselves."""


_OPEN: Final = frozenset({"partial", "lost", "stranded", "unconfirmed", "indeterminate"})
"""Findings about what did not come: their pictures say until when nothing did."""


@dataclass(frozen=True, slots=True)
class Case:
    """One order: its name, proof, vantage points and messages."""

    order: str
    proof: str
    lifelines: tuple[str, ...]
    messages: tuple[Message, ...]


def case_of(judgement: Judgement, order: str, finding: str, words: CheckWords) -> Case:
    """Tell the story of an order that belongs to a finding."""
    facts, subject = judgement.about(judgement.verdicts.place_of(order), finding)
    proof = prove(facts, subject, finding, words.words.lang)
    events = [facts.record.history.row(int(row)) for row in Story(facts, subject).rows]
    lifelines = _lifelines(events, judgement)
    seen = [
        _message(events, i, lifelines, proof.events, words)
        for i, event in enumerate(events)
        if event["vantage"] in lifelines
    ]
    messages = _shortened(seen, words)
    if finding in _OPEN and int(facts.fate.finish_ns[subject]) == NULL:
        until = words.moment(facts.record.end_ns)
        messages.append(Message("", words.say("check.nothing_more", time=until), is_marked=True))
    names = tuple(words.vantage(lifeline) for lifeline in lifelines)
    return Case(order, proof.sentence, names, tuple(messages))


def _lifelines(events: list[dict[str, int | str | None]], judgement: Judgement) -> list[str]:
    """Who saw something of the order, and the client and the venue where they were watched."""
    found = dict.fromkeys(str(event["vantage"]) for event in events)
    watched = judgement.whole.watch.vantages
    found |= dict.fromkeys(v for v in (Vantage.CLIENT.value, Vantage.VENUE.value) if v in watched)
    ranked = sorted(found, key=lambda name: _ORDER.get(name, _ORDER[Vantage.GATEWAY.value]))
    if len(ranked) > LIFELINES_MAX:  # the ends tell most
        half = LIFELINES_MAX // 2
        ranked = [*ranked[: LIFELINES_MAX - half], *ranked[-half:]]
    return ranked


def _message(
    events: list[dict[str, int | str | None]],
    place: int,
    lifelines: list[str],
    named: tuple[int, ...],
    words: CheckWords,
) -> Message:
    event = events[place]
    time_ns = event["time_ns"]
    assert isinstance(time_ns, int), "every event has a time"
    origin = _origin(events, place)
    return Message(
        time=words.moment(time_ns),
        label=words.event(event),
        at=lifelines.index(str(event["vantage"])),
        origin=lifelines.index(origin) if origin in lifelines else -1,
        is_marked=event["seq"] in named,
    )


def _origin(events: list[dict[str, int | str | None]], place: int) -> str:
    """Where the same event was seen last before, at another vantage point; empty if nowhere."""
    event = events[place]
    for earlier in reversed(events[:place]):
        if _same(earlier, event):
            if earlier["vantage"] == event["vantage"]:
                return ""  # seen here again: not a message from elsewhere
            return str(earlier["vantage"])
    return ""


def _same(first: dict[str, int | str | None], second: dict[str, int | str | None]) -> bool:
    families = [_FAMILIES.get(str(e["kind"]), str(e["kind"])) for e in (first, second)]
    if families[0] != families[1] or first["kind"] == Kind.INTEND:
        return False
    if first["exec_id"] is not None and second["exec_id"] is not None:
        return first["exec_id"] == second["exec_id"] and first["leg"] == second["leg"]
    return first["order_id"] == second["order_id"] and first["idem_key"] == second["idem_key"]


def _shortened(messages: list[Message], words: CheckWords) -> list[Message]:
    if len(messages) <= EVENTS_MAX:
        return list(messages)
    left_out = len(messages) - EVENTS_MAX
    remark = Message("", words.say("check.left_out", count=left_out))
    head = messages[: EVENTS_MAX - _KEPT_AT_END]
    return [*head, remark, *messages[-_KEPT_AT_END:]]
