"""Sequence numbers of FIX sessions: what is missing in a log, and what explains it.

Each direction of a session counts its messages from 1 (FIX 4.4 volume 2, 2003-12, "Sequence
Numbers"). A jump upwards is a gap in the log. It is *explained* if the messages came later as
possible duplicates or were filled, if the receiver asked for them again (so its engine never
had them), if the session was reset, if the connection ended in between, or if the log of the
other end shows that none of them was an answer about an order. Any other gap makes absence
from that log unknown between the messages on either side of it; it proves nothing else.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bcsim.history.fix.groups import distinct
from bcsim.history.fix.messages import (
    ANSWERS,
    LOGON,
    LOGOUT,
    RESEND_REQUEST,
    SEQUENCE_RESET,
    YES,
    Messages,
    concatenate,
)
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Interval: TypeAlias = tuple[int, int]
"""First and last sequence number of a range, both included."""

_ENDLESS: Final = int(np.iinfo(np.int64).max)
_AROUND_NS: Final = 5_000_000_000
"""How far apart two clocks may be when messages of both ends of a gap are compared."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of one direction that a log does not show.

    Parameters
    ----------
    end
        Number of the log's end in the reading.
    sender, target
        Comp id codes: the direction.
    missing
        Ranges of sequence numbers that never appeared.
    from_ns, to_ns
        Times of the messages before and behind it in that log.
    explanation
        Why nothing is unknown because of it; empty if it is.
    """

    end: int
    sender: int
    target: int
    missing: tuple[Interval, ...]
    from_ns: int
    to_ns: int
    explanation: str

    @property
    def count(self) -> int:
        """Number of messages missing."""
        return sum(last - first + 1 for first, last in self.missing)


@dataclass(frozen=True, slots=True)
class Direction:
    """What one log shows of one direction of a session.

    Parameters
    ----------
    falls
        Times at which the numbers began anew without saying so: a store may have been lost.
    resets
        Number of resets that were announced.
    crossings
        How often the numbers went back although nobody logged on: several sessions of the same
        comp ids are mixed, and what is missing cannot be told from the numbers.
    """

    end: int
    sender: int
    target: int
    gaps: tuple[Gap, ...]
    falls: tuple[int, ...]
    resets: int
    crossings: int = 0


def directions_of(traffic: Messages, stored: Sequence[Messages] = ()) -> list[Direction]:
    """Follow the numbers of every direction of every session at every end.

    Parameters
    ----------
    traffic
        Messages of all logs (no stores) with ``end``, in order of time at each end; of a run of
        messages one may stand for those up to ``until``.
    stored
        Messages in the engines' stores: what a log lacks may be there.
    """
    everywhere = _with_stored(traffic, stored)
    found = []
    for end in distinct(traffic["end"]).tolist():
        here = traffic.take(np.flatnonzero(traffic["end"] == end))
        width = int(max(here["sender"].max(), here["target"].max())) + 2
        pairs = distinct((here["sender"] + 1) * np.int64(width) + here["target"] + 1)
        for pair in pairs.tolist():
            sender, target = pair // width - 1, pair % width - 1
            if sender >= 0 and target >= 0:
                found.append(_direction(here, everywhere, end, sender, target))
    return found


def _with_stored(traffic: Messages, stored: Sequence[Messages]) -> Messages:
    if not stored:
        return traffic
    names = ("end", "sender", "target", "seq", "until", "time_ns", "type")
    pieces = [Messages({name: traffic[name] for name in names})]
    for messages in stored:
        nowhere = np.full(len(messages), -1, dtype=np.int64)
        pieces.append(Messages({**{n: messages[n] for n in names[1:]}, "end": nowhere}))
    return concatenate(pieces)


def _direction(
    here: Messages, everywhere: Messages, end: int, sender: int, target: int
) -> Direction:
    mine = (here["sender"] == sender) & (here["target"] == target) & (here["seq"] != NULL)
    rows = np.flatnonzero(mine)
    seq, until = here["seq"][rows], here["until"][rows]
    is_reset = (here["type"][rows] == SEQUENCE_RESET) & (here["gap_fill"][rows] != YES)
    is_said = (here["reset"][rows] == YES) & (here["type"][rows] == LOGON)
    counts = (here["poss_dup"][rows] != YES) & ~is_reset
    begins = _epochs(seq, until, counts, is_said | is_reset)
    falls = begins & ~is_said & ~is_reset
    gaps = []
    edges = [0, *np.flatnonzero(begins).tolist(), len(rows)]
    for first, last in itertools.pairwise(edges):
        for before, behind, missing in _jumps(seq, until, counts, first, last):
            gap = _Jump(end, sender, target, missing, int(rows[before]), int(rows[behind]))
            gaps.append(_judged(gap, here, everywhere))
    gaps = [gap for gap in gaps if gap.missing]
    times = here["time_ns"][rows]
    crossed = np.flatnonzero(falls & (here["type"][rows] != LOGON))
    if len(crossed) < _CROSSINGS_LEAST:
        crossed = crossed[:0]
    else:
        falls[crossed] = False
        from_ns, to_ns = int(times[crossed[0] - 1]), int(times[crossed[-1]])
        gaps = _around(Gap(end, sender, target, (), from_ns, to_ns, ""), gaps)
    return Direction(
        end,
        sender,
        target,
        tuple(gaps),
        tuple(times[falls].tolist()),
        int(np.count_nonzero(is_said | is_reset)),
        len(crossed),
    )


_CROSSINGS_LEAST: Final = 2
"""Times that numbers go back without a logon from which on sessions are mixed."""


def _around(mixed: Gap, gaps: Sequence[Gap]) -> list[Gap]:
    """A time in which sessions are mixed in the place of the gaps that it touches."""
    touching = [
        gap
        for gap in gaps
        if not gap.explanation and gap.from_ns <= mixed.to_ns and gap.to_ns >= mixed.from_ns
    ]
    whole = replace(
        mixed,
        from_ns=min([mixed.from_ns, *(gap.from_ns for gap in touching)]),
        to_ns=max([mixed.to_ns, *(gap.to_ns for gap in touching)]),
    )
    return [*(gap for gap in gaps if gap not in touching), whole]


def _epochs(
    seq: NDArray[np.int64],
    until: NDArray[np.int64],
    counts: NDArray[np.bool_],
    is_said: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Messages with which the numbers begin anew: said so, or not above the one before."""
    begins = is_said.copy()
    counting = np.flatnonzero(counts)
    falls = counting[1:][seq[counting[1:]] <= until[counting[:-1]]]
    begins[falls] = True
    if len(begins):
        begins[0] = False
    return begins


def _jumps(
    seq: NDArray[np.int64],
    until: NDArray[np.int64],
    counts: NDArray[np.bool_],
    first: int,
    last: int,
) -> Iterable[tuple[int, int, Interval]]:
    counting = first + np.flatnonzero(counts[first:last])
    ups = np.flatnonzero(seq[counting[1:]] > until[counting[:-1]] + 1)
    for up in ups.tolist():
        before, behind = int(counting[up]), int(counting[up + 1])
        yield before, behind, (int(until[before]) + 1, int(seq[behind]) - 1)


@dataclass(frozen=True, slots=True)
class _Jump:
    end: int
    sender: int
    target: int
    missing: Interval
    before: int
    behind: int


def _judged(jump: _Jump, here: Messages, everywhere: Messages) -> Gap:
    """Find out what explains a jump."""
    from_ns, to_ns = int(here["time_ns"][jump.before]), int(here["time_ns"][jump.behind])
    left = _without([jump.missing], _resent(jump, here))
    explanation = ""
    if left and _asked_again(jump, here, left):
        explanation = "the receiver asked for them again, so it never had them"
    elif left and _connection_ended(jump, here):
        explanation = "the connection had ended"
    elif left:
        shown = _shown_elsewhere(jump, everywhere, from_ns - _AROUND_NS, to_ns + _AROUND_NS)
        if not _without(left, shown):
            explanation = "another log or a store shows that they were no answers about orders"
    return Gap(jump.end, jump.sender, jump.target, tuple(left), from_ns, to_ns, explanation)


def _resent(jump: _Jump, here: Messages) -> list[Interval]:
    """Numbers that came after the message before the jump in this direction, resent or filled."""
    later = slice(jump.before, None)
    is_same = (here["sender"][later] == jump.sender) & (here["target"][later] == jump.target)
    is_same &= (here["poss_dup"][later] == YES) | (here["type"][later] == SEQUENCE_RESET)
    is_same &= here["seq"][later] != NULL
    rows = jump.before + np.flatnonzero(is_same)
    return list(zip(here["seq"][rows].tolist(), here["until"][rows].tolist(), strict=True))


def _asked_again(jump: _Jump, here: Messages, left: Sequence[Interval]) -> bool:
    """Whether the receiver, whose log this is, asked for all of them."""
    later = slice(jump.behind, None)
    asks = (here["type"][later] == RESEND_REQUEST) & (here["sender"][later] == jump.target)
    asks &= (here["target"][later] == jump.sender) & (here["begin_seq"][later] != NULL)
    asks &= here["is_own"][later]
    begins = here["begin_seq"][later][asks]
    return bool(len(begins)) and int(begins.min()) <= left[0][0]


def _connection_ended(jump: _Jump, here: Messages) -> bool:
    """Whether a received jump ends at a logon, after a logout in the connection before.

    Whatever was sent when the connection was down never arrived.
    """
    if here["is_own"][jump.behind] or here["type"][jump.behind] != LOGON:
        return False
    pair = [jump.sender, jump.target]
    both = np.isin(here["sender"][: jump.behind], pair)
    both &= np.isin(here["target"][: jump.behind], pair)
    kinds = here["type"][: jump.behind]
    logons = np.flatnonzero(both[: jump.before + 1] & (kinds[: jump.before + 1] == LOGON))
    since = int(logons[-1]) if len(logons) else 0
    return bool((both[since:] & (kinds[since:] == LOGOUT)).any())


def _shown_elsewhere(jump: _Jump, everywhere: Messages, from_ns: int, to_ns: int) -> list[Interval]:
    """Numbers of messages in other logs of this direction that are no answers about orders."""
    shown = (everywhere["end"] != jump.end) & (everywhere["sender"] == jump.sender)
    shown &= (everywhere["target"] == jump.target) & (everywhere["seq"] != NULL)
    shown &= (everywhere["time_ns"] >= from_ns) & (everywhere["time_ns"] <= to_ns)
    shown &= ~np.isin(everywhere["type"], ANSWERS)
    rows = np.flatnonzero(shown)
    return list(
        zip(everywhere["seq"][rows].tolist(), everywhere["until"][rows].tolist(), strict=True)
    )


def _without(left: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Take intervals away from others."""
    remaining = list(left)
    for first, last in sorted(set(taken)):
        pieces: list[Interval] = []
        for low, high in remaining:
            if last < low or first > high:
                pieces.append((low, high))
                continue
            if low < first:
                pieces.append((low, first - 1))
            if last < high:
                pieces.append((last + 1, high))
        remaining = pieces
    return remaining


def merged(spans: Iterable[Interval]) -> list[Interval]:
    """Join intervals of time that overlap or touch."""
    joined: list[Interval] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
