"""The messages of a log as a session sees them: what was sent when under which number.

Most messages of a session follow each other number by number. Such a run is kept as its first
and its last message, cut at every whole second, so that what is kept grows with the time that a
log covers and not with its messages. ``until`` is the last number that a message stands for:
its own, that before the end of its run, or that of a gap fill.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.messages import (
    ANSWERS,
    LOGON,
    LOGOUT,
    MASS_CANCEL_REPORT,
    RESEND_REQUEST,
    SEQUENCE_RESET,
    YES,
    Messages,
    concatenate,
)
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPECIAL: Final = (LOGON, LOGOUT, RESEND_REQUEST, SEQUENCE_RESET, MASS_CANCEL_REPORT)
"""Types that the session's rules look at one by one."""

_PIECES: Final = 256
"""Blocks after which what was kept of them is shortened once more."""


@dataclass
class Tally:
    """Counts of the messages of one log.

    Parameters
    ----------
    by_type
        By message type and comp id codes of sender and target.
    duplicates, gap_fills
        Possible duplicates; sequence resets that fill a gap.
    said
        By comp id code of sender and target: messages that the log calls sent less those that
        it calls received.
    """

    by_type: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    duplicates: int = 0
    gap_fills: int = 0
    said: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Number of messages."""
        return self.by_type.total()

    def of_type(self, kind: int) -> int:
        """Number of messages of one type."""
        return sum(count for (one, _, _), count in self.by_type.items() if one == kind)

    def parties(self) -> list[int]:
        """Comp id codes of all senders and targets, ascending."""
        both = {code for _, *ends in self.by_type for code in ends}
        return sorted(code for code in both if code >= 0)

    def add(self, messages: Messages, said: NDArray[np.int8]) -> None:
        """Count the messages of a block."""
        kind, sender, target = (messages[name] for name in ("type", "sender", "target"))
        width = int(max(sender.max(initial=0), target.max(initial=0))) + 2
        key = (kind.astype(np.int64) * width + sender + 1) * width + target + 1
        for one, count in zip(*_counted(key), strict=True):
            pair, to = divmod(one, width)
            of, by = divmod(pair, width)
            self.by_type[of, by - 1, to - 1] += count
        self.duplicates += int(np.count_nonzero(messages["poss_dup"] == YES))
        resets = kind == SEQUENCE_RESET
        self.gap_fills += int(np.count_nonzero(resets & (messages["gap_fill"] == YES)))
        for row in np.flatnonzero(said).tolist():
            self.said[int(sender[row]), int(target[row])] += int(said[row])

    def joined(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.by_type + other.by_type,
            self.duplicates + other.duplicates,
            self.gap_fills + other.gap_fills,
            self.said,
        )


def _counted(key: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    found, counts = np.unique(key, return_counts=True)
    return found.tolist(), counts.tolist()


class Runs:
    """What is kept of the messages of one log, block by block."""

    def __init__(self) -> None:
        self._pieces: list[Messages] = []

    def add(self, messages: Messages) -> None:
        """Take the messages of a block, in the order of the log, with ``base_ns``."""
        self._pieces.append(shortened(with_until(messages)))
        if len(self._pieces) > _PIECES:
            self._pieces = [shortened(concatenate(self._pieces))]

    def messages(self) -> Messages:
        """All that is kept, in the order of the log."""
        return shortened(concatenate(self._pieces))


def with_until(messages: Messages) -> Messages:
    """The messages with the last number that each stands for: a gap fill for several."""
    seq, new = messages["seq"], messages["new_seq"]
    fills = (messages["type"] == SEQUENCE_RESET) & (new != NULL)
    until = np.where(fills, np.maximum(seq, new - 1), seq)
    return Messages({**messages.columns, "until": until})


def shortened(messages: Messages) -> Messages:
    """Leave out the inner messages of every run.

    A run is one direction's, of answers about orders or of none, within one second; its numbers
    go up one by one and its times do not fall.
    """
    count = len(messages)
    if count < 3:  # noqa: PLR2004 - the ends of a run and one between them
        return messages
    linked, order = _links(messages)
    inner = np.zeros(count, dtype=np.bool_)
    inner[:-1] = linked[:-1] & linked[1:]
    if not inner.any():
        return messages
    until = messages["until"][order].copy()
    kept = np.flatnonzero(~inner)
    shortens = np.flatnonzero(np.diff(kept) > 1)
    until[kept[shortens]] = messages["seq"][order][kept[shortens + 1]] - 1
    rows = np.sort(order[kept])
    found = np.empty(count, dtype=np.int64)
    found[order] = until
    return Messages({**messages.take(rows).columns, "until": found[rows]})


def _links(messages: Messages) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Whether each message goes on the run of the one before it in its direction.

    Both in order of directions; also that order.
    """
    kind, sender, target = (messages[name] for name in ("type", "sender", "target"))
    plain = (messages["poss_dup"] != YES) & (messages["seq"] != NULL) & (messages["reset"] != YES)
    for special in _SPECIAL:
        plain &= kind != special
    answers = np.zeros(len(kind), dtype=np.bool_)
    for answer in ANSWERS:
        answers |= kind == answer
    width = int(max(sender.max(), target.max())) + 2
    way = ((sender.astype(np.int64) + 1) * width + target + 1) * 4 + answers * 2 + ~plain
    direction = way >> 2
    if width <= 2**6:
        direction = direction.astype(np.uint16)
    order = np.argsort(direction, kind="stable")
    way, seq, until = way[order], messages["seq"][order], messages["until"][order]
    time_ns = np.where(messages["base_ns"] == NULL, messages["floor_ns"], messages["base_ns"])
    time_ns = time_ns[order]
    second = time_ns // NS_PER_S
    linked = np.zeros(len(way), dtype=np.bool_)
    linked[1:] = (way[1:] == way[:-1]) & ((way[1:] & 1) == 0) & (seq[1:] == until[:-1] + 1)
    linked[1:] &= (second[1:] == second[:-1]) & (time_ns[1:] >= time_ns[:-1])
    return linked, order
