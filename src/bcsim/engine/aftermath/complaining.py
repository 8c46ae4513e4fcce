"""Complaining: which clients complain, of what, and when, whoever will answer them.

A complaint is an expression of dissatisfaction, by a person, that expects a response (AS/NZS
10002:2014, which ASIC's Regulatory Guide 271.27 adopts; looked up 2026-11-22). It is counted by
expressions, not by orders: who has been harmed in several orders and complains says so of all
that he knows of then. What he learns only later may make him complain again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.history.schema import Kind, Vantage
from bcsim.model.defect import Defect
from bcsim.model.plan import ActionKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

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
class Grievance:
    """What a client minds of one order."""

    case: Case
    kind: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A client complains at ``time_ns``; the first grievance is what made him do so."""

    grievances: tuple[Grievance, ...]
    time_ns: int

    @property
    def case(self) -> Case:
        """The order that made him complain."""
        return self.grievances[0].case


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
) -> list[Complaint]:
    """First complaints, in the order of their times; of one time, in that of the cases."""
    assert firm.complaints is not None, "the model says how clients complain"
    clients = firm.complaints.clients
    minded: dict[str, list[Grievance]] = defaultdict(list)
    causes: list[tuple[int, Grievance]] = []
    for case in cases:
        kind, chance = _worst(clients, case)
        if not chance:
            continue
        grievance = Grievance(case, kind)
        minded[_complainant(case)].append(grievance)
        chance *= _segment_factor(firm, clients, case) * _notice_factor(
            clients.notices, notices, case
        )
        if streams.at("complaint", case.source).uniform(case.index) < chance:
            waits = streams.at("complaint_delay", case.source)
            causes.append((case.felt_ns + waits.sample_ns(clients.delay, case.index), grievance))
    causes.sort(key=lambda cause: cause[0])
    return list(_by_client(causes, minded))


def _by_client(
    causes: Iterable[tuple[int, Grievance]], minded: Mapping[str, list[Grievance]]
) -> Iterator[Complaint]:
    """Make one complaint of all that a client knows of when he complains."""
    told: set[int] = set()
    for time_ns, cause in causes:
        if cause.case.number in told:
            continue
        known = [
            grievance
            for grievance in minded[_complainant(cause.case)]
            if grievance.case.felt_ns <= time_ns
            and grievance.case.number not in told
            and grievance is not cause
        ]
        told.update(grievance.case.number for grievance in (cause, *known))
        yield Complaint((cause, *known), time_ns)


def _complainant(case: Case) -> str:
    """Who complains of a case; where nobody knows whose order it was, that is one client each."""
    return f"order {case.number}" if case.client is None else f"client {case.client}"


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
