"""What the rejects of the session and of the application refuse, by the number that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.groups import is_any
from bcsim.history.fix.messages import EXECUTION_REPORT, ORDER, REQUESTS
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.messages import Messages

QUESTION: Final = -1
"""Type of a message that changes no order, such as a request for its status."""


def refused_types(
    messages: Messages,
    kind: NDArray[np.int64],
    refusal: NDArray[np.bool_],
    place: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Type of the message that each reject refuses, ``(messages,)``; null where nobody can tell.

    RefSeqNum (45) is the number of the message refused (FIX 4.4 volume 2, 2003-12, "Reject", and
    volume 3, "Business Message Reject"). If no message about an order has it, although the order
    itself stands in the same log, it was a question.

    Parameters
    ----------
    messages, kind
        Messages about orders in the order of time at each end, and their types.
    refusal
        Which of them are such rejects.
    place
        Number of each pair of end and order.
    """
    found = np.full(len(kind), NULL, dtype=np.int64)
    if not refusal.any():
        return found
    entered = set(place[kind == ORDER].tolist())
    sent: dict[tuple[int, ...], int] = {}
    about = np.flatnonzero(refusal | is_any(kind, (*REQUESTS, EXECUTION_REPORT)))
    numbers = zip(*(messages[name][about].tolist() for name in _NUMBERS), strict=True)
    for row, (end, sender, target, seq, refused) in zip(about.tolist(), numbers, strict=True):
        if not refusal[row]:
            sent[end, sender, target, seq] = int(kind[row])  # numbers begin anew: the last counts
        elif refused != NULL:
            unknown = QUESTION if int(place[row]) in entered else NULL
            found[row] = sent.get((end, target, sender, refused), unknown)
    return found


_NUMBERS: Final = ("end", "sender", "target", "seq", "ref_seq")
