"""Messages by which clocks are compared: of a long log not all, but the same ones at every end.

Each message has a hash of what makes it the same at both ends of a session. Those with the
smallest hashes are kept (bottom-k sampling; E. Cohen and H. Kaplan, "Summarizing Data Using
Bottom-k Sketches", PODC 2007), so that what one log keeps, another keeps as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.history.fix.messages import Messages, concatenate
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Sequence

_MIX: Final = 0x9E3779B97F4A7C15
_KEPT: Final = ("log_ns", "sending_ns", "sender", "target")


def sample_of(messages: Messages) -> Messages:
    """Hash, times and parties of the messages of a block that have a number and both times."""
    usable = (messages["log_ns"] != NULL) & (messages["sending_ns"] != NULL)
    rows = np.flatnonzero(usable & (messages["seq"] != NULL))
    key = np.zeros(len(rows), dtype=np.uint64)
    for name in ("sender", "target", "type", "seq", "sending_ns"):
        key = (key ^ (key >> np.uint64(31))) * np.uint64(_MIX)
        key += messages[name][rows].astype(np.int64).view(np.uint64)
    key = (key ^ (key >> np.uint64(29))) * np.uint64(_MIX)
    return Messages({"key": key, **{name: messages[name][rows] for name in _KEPT}})


def smallest(pieces: Sequence[Messages], most: int = limits.CLOCK_SAMPLES_MAX) -> Messages:
    """The messages with the ``most`` smallest hashes; equal ones stay together."""
    joined = concatenate(pieces)
    if len(joined) <= most:
        return joined
    bound = np.partition(joined["key"], most - 1)[most - 1]
    return joined.take(np.flatnonzero(joined["key"] <= bound))


class Samples:
    """The sample of one log, block by block."""

    def __init__(self) -> None:
        self._pieces: list[Messages] = []
        self._count = 0

    def add(self, messages: Messages) -> None:
        """Take the messages of a block."""
        piece = sample_of(messages)
        self._pieces.append(piece)
        self._count += len(piece)
        if self._count > 2 * limits.CLOCK_SAMPLES_MAX:
            self._pieces = [smallest(self._pieces)]
            self._count = len(self._pieces[0])

    def messages(self) -> Messages:
        """All that is kept, in the order of the log."""
        return smallest(self._pieces)
