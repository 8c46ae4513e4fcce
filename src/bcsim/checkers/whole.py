"""What all shares of a history show together, and each of them has to know.

A history that memory cannot hold comes in shares, each with everything about some orders. An
order is judged by its own rows, and by a few things that the whole record shows: which kinds are
seen at which vantage points, when it ends, what the venue trades.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.watch import Watch
from bcsim.history.profile import SIMULATION
from bcsim.history.schema import NULL, Kind, Trace, Vantage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.checkers.examples import Examples
    from bcsim.history.history import History
    from bcsim.history.profile import Profile

MARKET: Final = "market"
"""``client_id`` of the other side of a venue's executions, where the venue reports it."""

_OF_ONE_ORDER: Final = frozenset(
    {
        Kind.SUBMIT, Kind.RESEND, Kind.ROUTE, Kind.ACKNOWLEDGE, Kind.REJECT, Kind.EXECUTE,
        Kind.CONFIRM, Kind.BUST, Kind.CORRECT, Kind.CANCEL_REQUEST, Kind.CANCEL,
        Kind.CANCEL_REJECT, Kind.REPLACE_REQUEST, Kind.REPLACE, Kind.REPLACE_REJECT, Kind.EXPIRE,
        Kind.ORPHAN, Kind.ACTION, Kind.CONTRADICT, Kind.INTEND, Kind.SETTLE, Kind.BOOK,
    }
)  # fmt: skip
"""Kinds whose rows say something of one order only, but for what is learned by example: what FIX
logs, lists of intents, ledgers and settlements show."""


@dataclass(frozen=True, eq=False)
class Whole:
    """A record as a whole.

    Parameters
    ----------
    profile
        What it says about itself.
    counts
        Number of rows by kind and vantage point, in order of appearance.
    begin_ns, last_ns
        Times of the first and the last row, 0 if there is none.
    traded
        Instruments that executed at the venue; None for an execution that names none.
    has_ties
        Whether orders hang together by more than what is compared of all shares: both sides of
        the market, and mandatory controls.
    has_deadlines
        Whether a wish states a time by which it must be done.
    has_legs
        Whether a step has several effects.
    examples
        What all shares show by example; None if there is but one, or nothing is to be learned.
    """

    profile: Profile
    counts: Mapping[tuple[str, str], int]
    begin_ns: int
    last_ns: int
    traded: frozenset[str | None]
    has_ties: bool
    has_deadlines: bool = False
    has_legs: bool = False
    examples: Examples | None = None

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return sum(self.counts.values())

    @cached_property
    def watch(self) -> Watch:
        """Which vantage point was watched when."""
        return Watch(self.profile)

    @property
    def end_ns(self) -> int:
        """End of what is judged: of the drain, else of the record."""
        drained_ns = self.profile.drain_to_ns
        return self.last_ns if drained_ns is None else drained_ns

    @property
    def opening_ns(self) -> int:
        """Time at which the record should begin: 0 in a simulation, else with its coverage."""
        if self.profile.kind == SIMULATION:
            return 0
        begins_ns = self.watch.begins_ns()
        return 0 if begins_ns is None else begins_ns

    @property
    def clock_error_ns(self) -> int:
        """By how much times of two vantage points may be wrong against each other."""
        errors = sorted(error.uncertainty_ns for error in self.profile.clock_errors)
        return sum(errors[-2:])

    def claims(self, kind: Kind) -> bool:
        """Whether the record says that it holds all events of this kind."""
        declared = self.profile.declared_kinds
        return Trace(self.profile.trace).keeps(kind) and (not declared or kind in declared)

    @property
    def intents_are_recorded(self) -> bool:
        """Whether there is a stream of intents, and not just the promise of one."""
        if not self.profile.intents_recorded or not self.claims(Kind.INTEND):
            return False
        return self.count(Kind.INTEND) > 0 or self.count(Kind.SUBMIT) == 0

    @property
    def is_divisible(self) -> bool:
        """Whether it may be judged share by share."""
        return not self.has_ties and all(kind in _OF_ONE_ORDER for kind, _ in self.counts)

    @property
    def has_examples(self) -> bool:
        """Whether anything is learned by example: of prices, legs, or entries of a ledger."""
        return self.has_deadlines or self.has_legs or self.count(Kind.BOOK) > 0

    def count(self, *kinds: str, vantage: str | None = None) -> int:
        """Number of rows of some kinds, at one vantage point or anywhere."""
        return sum(
            count
            for (kind, place), count in self.counts.items()
            if kind in kinds and vantage in {None, place}
        )

    def vantages_of(self, *kinds: str) -> tuple[str, ...]:
        """Vantage points that report events of some kinds."""
        return tuple(dict.fromkeys(place for kind, place in self.counts if kind in kinds))

    def events_by_vantage(self) -> dict[str, int]:
        """Number of rows by vantage point, by name."""
        found: Counter[str] = Counter()
        for (_, place), count in self.counts.items():
            found[place] += count
        return dict(sorted(found.items()))


def whole_of(shares: Iterable[History]) -> Whole:
    """Look through all shares of one history; one alone is the whole."""
    counts: Counter[tuple[str, str]] = Counter()
    begins, lasts, has_ties, has_deadlines, has_legs = [], [], False, False, False
    traded: set[str | None] = set()
    profile: Profile | None = None
    for share in shares:
        profile = share.profile
        counts.update(_counts(share))
        if len(share):
            time_ns = share.integer("time_ns")
            begins.append(int(time_ns.min()))
            lasts.append(int(time_ns.max()))
        traded |= _traded(share)
        has_legs |= bool((share.integer("leg") != NULL).any())
        has_ties |= bool(share.columns.text("client_id").is_in(MARKET).any())
        has_deadlines |= bool((share.integer("deadline_ns") != NULL).any())
    assert profile is not None, "a history has one share at least"
    has_ties |= bool(profile.controls)
    return Whole(
        profile,
        dict(counts),
        min(begins, default=0),
        max(lasts, default=0),
        frozenset(traded),
        has_ties,
        has_deadlines,
        has_legs,
    )


def _counts(share: History) -> dict[tuple[str, str], int]:
    kinds, places = share.columns.text("kind"), share.columns.text("vantage")
    width = len(places.names)
    counted = np.bincount(kinds.codes.astype(np.int64) * width + places.codes)
    return {
        (str(kinds.names[pair // width]), str(places.names[pair % width])): int(counted[pair])
        for pair in np.flatnonzero(counted).tolist()
    }


def _traded(share: History) -> set[str | None]:
    instrument = share.columns.text("instrument")
    at_venue = share.is_kind(Kind.EXECUTE) & share.columns.text("vantage").is_in(Vantage.VENUE)
    return {instrument.name(int(code)) for code in np.unique(instrument.codes[at_venue])}
