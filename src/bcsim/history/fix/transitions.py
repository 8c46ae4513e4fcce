"""Whether reports on an order can follow each other: three values, not two.

A change of OrdStatus is *shown* if a published matrix has it (FIX 5.0 SP2, 2011-08, volume 4,
"Order State Changes", the table of transitions), else *not shown*: "absence of a scenario should
not be interpreted as meaning the transition is not allowed". What is *impossible* whatever the
matrices show, :mod:`bcsim.history.fix.arithmetic` finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.arithmetic import STATUS_NAMES
from bcsim.history.fix.groups import in_order
from bcsim.history.fix.report_series import is_news
from bcsim.history.schema import NULL_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.fix.lifecycle import Life
    from bcsim.history.fix.messages import Messages

SHOWN: Final[Mapping[str, str]] = {
    "A": "08",
    "0": "0123678E",
    "1": "12346E",
    "2": "12E",
    "3": "1",
    "6": "01246",
    "E": "0124E",
    "7": "1",
}
"""OrdStatus before -> those that a published matrix shows after it."""


def unshown(life: Life, messages: Messages, order: NDArray[np.int64]) -> dict[tuple[str, str], int]:
    """Changes of OrdStatus that no published matrix shows, with their numbers.

    Repeated reports and answers to status requests are no changes.
    """
    rows = np.flatnonzero(is_news(life, messages) & (order != NULL_CODE))
    rows = rows[in_order(life.place[rows])]
    status, place = messages["ord_status"][rows], life.place[rows]
    follows = (place[1:] == place[:-1]) & (status[1:] != 0) & (status[:-1] != 0)
    before, after = status[:-1][follows], status[1:][follows]
    pairs, counts = np.unique(
        before.astype(np.int64) * 256 + after.astype(np.int64), return_counts=True
    )
    changes = [(chr(pair // 256), chr(pair % 256)) for pair in pairs.tolist()]
    return {
        change: count
        for change, count in zip(changes, counts.tolist(), strict=True)
        if change[1] not in SHOWN.get(change[0], "") and change[0] != change[1]
    }


def notes_on_changes(changes: Mapping[tuple[str, str], int]) -> list[str]:
    """One sentence for each change of status that is not shown, given how often it occurs."""
    notes = []
    for (before, after), count in sorted(changes.items()):
        words = [STATUS_NAMES.get(status, status) for status in (before, after)]
        notes.append(
            f"status changes in no published matrix, which does not forbid them: {count:,} from "
            f"{words[0]} to {words[1]}"
        )
    return notes
