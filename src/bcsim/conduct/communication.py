"""System 5: communication, as far as calls and notices in the history show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.onset import reaction_s

if TYPE_CHECKING:
    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures


def measure_communication(day: Day) -> Measures:
    """Measure calls and first notices.

    Returns
    -------
    dict
        ``calls_count``, ``reach_ratio``: calls of the call tree, and the share that reached
        somebody (``None`` without calls); ``first_notice_s``: first notice to clients or a
        regulator, in seconds since the fault began that was declared, or else the earliest that
        was detected before the notice (see ``bcsim.conduct.onset``), ``None``
        without either.
    """
    calls = [row for row in day.history.rows("action") if row["subject"] == "call"]
    reached = sum(row["reason"] == "reached" for row in calls)
    notices = (row for row in day.history.rows("notify") if row["vantage"] == "plan")
    return {
        "calls_count": len(calls),
        "reach_ratio": reached / len(calls) if calls else None,
        "first_notice_s": reaction_s(day.history, notices),
    }
