"""At whose end each log was written, and which vantage point of the firm that is.

A log shows both directions of a session, so the messages alone do not say which of the two
parties wrote it. In this order these do: the operator, the name that QuickFIX gives its files
(``FIX.4.4-OWN-OTHER…``), words such as "sent" and "received" before the messages, a party that
is in every session of the file, the clock (a party's own messages are logged at once after
their SendingTime), and the other log of the same session.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.messages import ANSWERS, EXECUTION_REPORT, REQUESTS
from bcsim.history.schema import Vantage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.history.fix.log_file import LogFile
    from bcsim.history.fix.options import FixOptions

UNKNOWN: Final = -1
"""Comp id code of a party that could not be told."""

_CLEARLY: Final = 0.8
"""Share of pairs of a sent and a received message in which the received one is logged later
after its SendingTime, from which on the clock decides. By chance it is one half; with 16
messages each way, fewer than one file in a thousand reaches this (Mann and Whitney, 1947)."""

_SENT_LEAST: Final = 5
"""Messages of each party that the clock needs to decide anything."""


@dataclass(frozen=True, slots=True)
class End:
    """Where one log was written: comp id code of the party, and the vantage point's name."""

    party: int
    vantage: str


@dataclass(frozen=True, slots=True)
class Roles:
    """Codes of the parties that send orders, that answer them, and that are only told."""

    ordering: frozenset[int]
    answering: frozenset[int]
    told: frozenset[int] = frozenset()

    @property
    def clients(self) -> frozenset[int]:
        """Parties that only send orders."""
        return self.ordering - self.answering

    @property
    def venues(self) -> frozenset[int]:
        """Parties that only answer orders."""
        return self.answering - self.ordering

    def vantage(self, party: int) -> str:
        """Vantage point of a party; parties of one role share it."""
        if party in self.clients:
            return Vantage.CLIENT.value
        if party in self.venues:
            return Vantage.VENUE.value
        if party in self.told - self.answering:
            return Vantage.DROP_COPY.value
        return Vantage.GATEWAY.value


def roles_of(files: Sequence[LogFile]) -> Roles:
    """Learn from all logs together who sends orders and who answers.

    Whoever only receives reports gets copies, unless nobody sends orders: then they came by
    telephone, and it is the client.
    """
    ordering: set[int] = set()
    answering: set[int] = set()
    told: set[int] = set()
    for kind, sender, target in {key for file in files for key in file.tally.by_type}:
        if kind in REQUESTS:
            ordering.add(sender)
        if kind in ANSWERS[:2]:  # a reject of the session or application comes from either side
            answering.add(sender)
        if kind == EXECUTION_REPORT:
            told.add(target)
    ordering = ordering or told - answering
    return Roles(frozenset(ordering), frozenset(answering), frozenset(told - ordering))


def ends_of(
    files: Sequence[LogFile], names: Sequence[str], roles: Roles, options: FixOptions
) -> tuple[list[End], list[str]]:
    """Tell the end of each file; also notes on what was inferred.

    Parameters
    ----------
    names
        Comp ids by code.
    """
    parties = [_party(file, names, roles, options) for file in files]
    parties = _by_elimination(files, parties)
    ends, notes = [], []
    for file, party in zip(files, parties, strict=True):
        stated = options.vantages.get(file.name)
        if stated is None and party != UNKNOWN:
            stated = options.vantages.get(names[party])
        if stated is None and party == UNKNOWN:
            notes.append(
                f"{file.name}: nothing shows at which end it was written, so it is the "
                f"{Vantage.GATEWAY.value}'s; name its vantage point or your comp id"
            )
        inferred = Vantage.GATEWAY.value if party == UNKNOWN else roles.vantage(party)
        ends.append(End(party, stated or inferred))
        if party != UNKNOWN:
            notes.append(
                f"{file.name}: written by {names[party]}, vantage point {ends[-1].vantage}"
            )
    return ends, notes


def _party(file: LogFile, names: Sequence[str], roles: Roles, options: FixOptions) -> int:
    present = file.tally.parties()
    stated = options.vantages.get(file.name)
    if stated is not None:
        there = [
            party
            for party in present
            if stated == options.vantages.get(names[party], roles.vantage(party))
        ]
        if len(there) == 1:
            return there[0]
    own = [party for party in present if names[party] in options.own_comp_ids]
    if len(own) == 1:
        return own[0]
    if file.is_store:
        return int(file.traffic["sender"][0])
    for rule in (_by_name, _by_words, _by_hub, _by_clock):
        party = rule(file, present, names)
        if party != UNKNOWN:
            return party
    return UNKNOWN


def _by_name(file: LogFile, present: Sequence[int], names: Sequence[str]) -> int:
    """As QuickFIX names files; QuickFIX/J puts SubID and LocationID behind each comp id."""
    for own in present:
        for other in present:
            pair = rf"-{re.escape(names[own])}(?:_[^-]*)?-{re.escape(names[other])}"
            if own != other and re.search(pair, file.name):
                return own
    return UNKNOWN


def _by_words(file: LogFile, present: Sequence[int], names: Sequence[str]) -> int:
    del names
    votes = dict.fromkeys(present, 0)
    for (sender, target), said in file.tally.said.items():
        for party, vote in ((sender, said), (target, -said)):
            if party in votes:
                votes[party] += vote
    best = max(votes.values(), default=0)
    winners = [party for party, count in votes.items() if count == best]
    return winners[0] if best > 0 and len(winners) == 1 else UNKNOWN


def _by_hub(file: LogFile, present: Sequence[int], names: Sequence[str]) -> int:
    del names
    ways = {(sender, target) for _, sender, target in file.tally.by_type}
    if len(present) < 3:  # noqa: PLR2004 - with two parties both are everywhere
        return UNKNOWN
    hubs = [party for party in present if all(party in way for way in ways)]
    return hubs[0] if len(hubs) == 1 else UNKNOWN


def _by_clock(file: LogFile, present: Sequence[int], names: Sequence[str]) -> int:
    del names
    samples = file.samples
    delay_ns = np.abs(samples["log_ns"] - samples["sending_ns"])
    if len(present) != 2:  # noqa: PLR2004 - the two parties of one session
        return UNKNOWN
    one, two = (np.sort(delay_ns[samples["sender"] == party]) for party in present)
    if min(len(one), len(two)) < _SENT_LEAST:
        return UNKNOWN
    later = len(two) - np.searchsorted(two, one, side="right")
    sooner = np.searchsorted(two, one, side="left")
    pairs = len(one) * len(two)
    if later.sum() >= _CLEARLY * pairs:
        return present[0]
    return present[1] if sooner.sum() >= _CLEARLY * pairs else UNKNOWN


def _by_elimination(files: Sequence[LogFile], parties: list[int]) -> list[int]:
    """Give the one log whose end is not known to the party of its session that has none."""
    told = list(parties)
    for number, file in enumerate(files):
        if told[number] != UNKNOWN:
            continue
        taken = {party for party, other in zip(parties, files, strict=True) if not other.is_store}
        left = [party for party in file.tally.parties() if party not in taken]
        unknown = sum(party == UNKNOWN for party in parties)
        if len(left) == 1 and unknown == 1:
            told[number] = left[0]
    return told
