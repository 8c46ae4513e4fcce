"""Complaining: which clients complain, of what, and when, whoever will answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.history.schema import Kind, Vantage
from bcsim.model.defect import Defect
from bcsim.model.plan import ActionKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bcsim.engine.aftermath.case import Case
    from bcsim.history.history import History
    from bcsim.model.complaint import Complaining, NoticeEffect
    from bcsim.model.firm import Firm
    from bcsim.streams import Streams

_GROWING: Final = frozenset({Defect.LATE.value, Defect.RECOVERED.value})
"""Kinds that a client minds the more, the longer the delay."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What clients of a channel (None: of all) were told at a time."""

    time_ns: int
    channel: str | None
    is_true: bool


@dataclass(frozen=True, slots=True)
class Complaint:
    """A client complains at ``time_ns`` of one kind of defect of a case."""

    case: Case
    kind: str
    time_ns: int


def notices_of(history: History, untrue: Collection[int]) -> tuple[Notice, ...]:
    """Notices to clients; ``untrue`` are the positions of those that were not true."""
    is_notice = history.is_kind(Kind.NOTIFY)
    is_notice &= history.columns.text("vantage").is_in(Vantage.PLAN)
    is_notice &= history.columns.text("reason").is_in(ActionKind.NOTIFY_CLIENTS.value)
    times, channels = history.integer("time_ns"), history.columns.text("component")
    return tuple(
        Notice(int(times[row]), channels.decode(row), row not in untrue)
        for row in is_notice.nonzero()[0].tolist()
    )


def complaints_of(
    firm: Firm, cases: Iterable[Case], notices: tuple[Notice, ...], streams: Streams
) -> Iterator[Complaint]:
    """First complaints, in the order of the cases."""
    assert firm.complaints is not None, "the model says how clients complain"
    clients = firm.complaints.clients
    for case in cases:
        kind, chance = _worst(clients, case)
        chance *= _segment_factor(firm, clients, case) * _notice_factor(
            clients.notices, notices, case
        )
        if streams.at("complaint", case.source).uniform(case.index) >= chance:
            continue
        waits = streams.at("complaint_delay", case.source)
        yield Complaint(case, kind, case.end_ns + waits.sample_ns(clients.delay, case.index))


def _worst(clients: Complaining, case: Case) -> tuple[str, float]:
    """What the client minds most, and the chance of a complaint about it."""
    worst, most = case.kinds[0], 0.0
    for kind in case.kinds:
        chance = clients.chance.get(Defect(kind), 0.0)
        if kind in _GROWING and clients.full_after:
            chance *= min(1.0, case.delay_ns / clients.full_after)
        if chance > most:
            worst, most = kind, chance
    return worst, most


def _segment_factor(firm: Firm, clients: Complaining, case: Case) -> float:
    segment = firm.segments.get(case.segment or "")
    factor = clients.segments.get(case.segment or "", 1.0)
    return factor * clients.vulnerable if segment and segment.vulnerable else factor


def _notice_factor(effect: NoticeEffect, notices: tuple[Notice, ...], case: Case) -> float:
    heard = [
        notice
        for notice in notices
        if notice.channel in {None, case.channel} and notice.time_ns <= case.from_ns + effect.within
    ]
    if not heard:
        return effect.untold
    return effect.told if all(notice.is_true for notice in heard) else effect.misled
