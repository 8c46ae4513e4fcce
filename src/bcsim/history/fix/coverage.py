"""From when to when the logs of each vantage point show everything that reached it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.messages import LOGON, LOGOUT
from bcsim.history.fix.session import merged
from bcsim.history.profile import Coverage
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.history.fix.ends import End, Roles
    from bcsim.history.fix.messages import Messages
    from bcsim.history.fix.session import Direction, Gap

_OPEN: Final = int(np.iinfo(np.int64).max)
_SECOND_NS: Final = 1_000_000_000
DEFAULT_SETTLE_NS: Final = 30 * _SECOND_NS
"""Heartbeat of sessions whose logon was not seen: what FIX engines ship with."""


@dataclass(frozen=True, slots=True)
class Span:
    """Time for which the log of one end shows everything, holes left out.

    ``pieces`` are closed intervals of nanoseconds since 1970.
    """

    pieces: tuple[tuple[int, int], ...]

    @property
    def end_ns(self) -> int:
        """Last moment; the greatest integer if the sessions were closed properly."""
        return self.pieces[-1][1]


def first_ns(traffic: Messages) -> int:
    """Time of the first message in any log, or its SendingTime where that is a little earlier.

    A log's own stamps are finer than SendingTime, by which a message store dates what it holds:
    what was sent in the same millisecond, or second, must not seem older than the log.
    """
    first = int(np.argmin(traffic["time_ns"]))
    logged_ns, sending_ns = int(traffic["time_ns"][first]), int(traffic["sending_ns"][first])
    return sending_ns if 0 <= logged_ns - sending_ns <= _SECOND_NS else logged_ns


def span_of(here: Messages, gaps: Iterable[Gap], first_ns: int) -> Span:
    """Time covered by the messages of one end, in order of time, given its unexplained gaps.

    ``first_ns`` is the time of the first message in any log.
    """
    begin, end = int(here["time_ns"][0]), int(here["time_ns"][-1])
    if _is_at(here, LOGON, last=False):
        begin = first_ns  # nothing can have come over a session that was not open yet
    if _is_at(here, LOGOUT, last=True):
        end = _OPEN  # no session is left over which something could have come
    holes = merged((gap.from_ns + 1, gap.to_ns - 1) for gap in gaps if gap.to_ns > gap.from_ns + 1)
    pieces = []
    for hole_begin, hole_end in holes:
        pieces.append((begin, hole_begin - 1))
        begin = hole_end + 1
    return Span((*pieces, (begin, end)))


def _is_at(here: Messages, kind: int, *, last: bool) -> bool:
    """Whether the first, or last, message of every session of an end is of a kind."""
    sender, target = here["sender"].astype(np.int64), here["target"].astype(np.int64)
    width = int(max(sender.max(), target.max())) + 2
    pair = (np.minimum(sender, target) + 1) * width + np.maximum(sender, target) + 1
    kinds = here["type"]
    if last:
        pair, kinds = pair[::-1], kinds[::-1]
    return all(kinds[int(np.argmax(pair == one))] == kind for one in np.unique(pair).tolist())


def unknown_gaps(directions: Sequence[Direction], roles: Roles) -> dict[int, list[Gap]]:
    """Gaps by end that leave something unknown: of answers about orders, and not explained."""
    found: dict[int, list[Gap]] = {}
    for direction in directions:
        if direction.sender in roles.answering:
            unexplained = [gap for gap in direction.gaps if not gap.explanation]
            found.setdefault(direction.end, []).extend(unexplained)
    return found


def coverage_of(
    ends: Sequence[End], spans: Mapping[int, Span], roles: Roles
) -> tuple[Coverage, ...]:
    """Coverage by vantage point: where several parties share one, what all of them cover."""
    covered: list[Coverage] = []
    for vantage in dict.fromkeys(end.vantage for end in ends):
        numbers = [number for number in spans if ends[number].vantage == vantage]
        parties = {ends[number].party for number in numbers}
        sharing = {
            party for party in roles.ordering | roles.answering if roles.vantage(party) == vantage
        }
        if sharing - parties and parties & sharing:
            continue  # a party of this vantage point has no log: nothing is known of it
        pieces = [spans[number].pieces for number in numbers]
        if pieces:
            covered += [
                Coverage(vantage, begin, None if end == _OPEN else end)
                for begin, end in _common(pieces)
            ]
    return tuple(covered)


def _common(pieces: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Intervals in which all of several lists of intervals hold."""
    common = list(pieces[0])
    for others in pieces[1:]:
        common = [
            (max(begin, low), min(end, high))
            for begin, end in common
            for low, high in others
            if max(begin, low) <= min(end, high)
        ]
    return common


def settle_ns(traffic: Messages) -> int:
    """Longest heartbeat that a logon states; a peer silent for longer is taken for gone."""
    stated = traffic["heartbeat_s"]
    known = stated[(stated != NULL) & (stated > 0)]
    return int(known.max()) * _SECOND_NS if len(known) else DEFAULT_SETTLE_NS


def judged_until_ns(spans: Iterable[Span], last_ns: int) -> int:
    """Until when every end's log reaches; the last message if all sessions were closed."""
    return min([last_ns, *(span.end_ns for span in spans)])
