"""Whether reports on an order can follow each other: three values, not two.

A change of OrdStatus is *shown* if a published matrix has it (FIX 5.0 SP2, 2011-08, volume 4,
"Order State Changes", the table of transitions), else *not shown*: "absence of a scenario should
not be interpreted as meaning the transition is not allowed". A report is *impossible* if its
quantities contradict themselves or the report before:

- CumQty + LeavesQty = OrderQty while the order is active;
- LeavesQty = 0 when it is filled, cancelled, expired, rejected or done for the day;
- CumQty never falls, but for a cancelled or corrected trade;
- a trade adds LastQty to CumQty;
- an order is filled exactly when CumQty reaches OrderQty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.lifecycle import KINDS, cum_before, is_first_report
from bcsim.history.fix.messages import EXECUTION_REPORT
from bcsim.history.schema import NULL, NULL_CODE, Kind

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

STATUS_NAMES: Final[Mapping[str, str]] = {
    "0": "New", "1": "PartiallyFilled", "2": "Filled", "3": "DoneForDay", "4": "Canceled",
    "5": "Replaced", "6": "PendingCancel", "7": "Stopped", "8": "Rejected", "9": "Suspended",
    "A": "PendingNew", "B": "Calculated", "C": "Expired", "D": "AcceptedForBidding",
    "E": "PendingReplace",
}  # fmt: skip
"""OrdStatus (39) in the words of the standard."""

_ACTIVE: Final = "016E"
_ENDED: Final = "2348C"


def unshown(life: Life, messages: Messages, order: NDArray[np.int64]) -> dict[tuple[str, str], int]:
    """Changes of OrdStatus that no published matrix shows, with their numbers.

    Repeated reports and answers to status requests are no changes.
    """
    rows = np.flatnonzero(_is_news(life, messages) & (order != NULL_CODE))
    rows = rows[np.argsort(life.place[rows], kind="stable")]
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


def impossible(life: Life, messages: Messages) -> dict[str, int]:
    """Invariants that reports break, with the number of reports."""
    news = _is_news(life, messages)
    qty, cum, leaves = (messages[name] for name in ("qty", "cum_qty", "leaves_qty"))
    last, status = messages["last_qty"], messages["ord_status"]
    before = cum_before(messages, life.is_trade, life.place)
    amends = np.isin(messages["exec_type"], [ord(kind) for kind in "GHD"])
    amends |= np.isin(messages["trans_type"], [ord("1"), ord("2")])
    has_sum = (qty != NULL) & (cum != NULL) & (leaves != NULL)
    broken = {
        "CumQty + LeavesQty is not OrderQty in an active order": (
            has_sum & _is(status, _ACTIVE) & (cum + leaves != qty)
        ),
        "LeavesQty is not 0 in an order that has ended": (
            (leaves != NULL) & (leaves != 0) & _is(status, _ENDED)
        ),
        "CumQty fell without a cancelled or corrected trade": (
            (cum != NULL) & (cum < before) & ~amends & ~_is(status, "8")
        ),
        "CumQty did not grow by LastQty": (
            life.is_trade & (cum != NULL) & (last > 0) & (cum != before + last)
        ),
        "Filled below OrderQty": has_sum & _is(status, "2") & (cum < qty),
        "more executed than OrderQty": (qty != NULL) & (cum != NULL) & (cum > qty),
    }
    counts = {name: int(np.count_nonzero(found & news)) for name, found in broken.items()}
    return {name: count for name, count in counts.items() if count}


def notes_on_reports(life: Life, messages: Messages, order: NDArray[np.int64]) -> list[str]:
    """One sentence for each invariant broken, and for each change that is not shown."""
    notes = [
        f"impossible reports: {count:,} ({name})"
        for name, count in impossible(life, messages).items()
    ]
    for (before, after), count in unshown(life, messages, order).items():
        words = [STATUS_NAMES.get(status, status) for status in (before, after)]
        notes.append(
            f"status changes in no published matrix, which does not forbid them: {count:,} from "
            f"{words[0]} to {words[1]}"
        )
    return notes


def _is_news(life: Life, messages: Messages) -> NDArray[np.bool_]:
    """Reports that are neither repeated nor the answer to a status request."""
    is_report = messages["type"] == EXECUTION_REPORT
    is_status = (messages["exec_type"] == ord("I")) | (messages["trans_type"] == ord("3"))
    is_status |= life.kind == KINDS.index(Kind.ORPHAN)  # a refused repeat is not the order's
    news: NDArray[np.bool_] = (
        is_report & ~is_status & is_first_report(messages, life.is_trade, life.place)
    )
    return news


def _is(status: NDArray[np.uint8], characters: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(status, [ord(character) for character in characters])
    return found
