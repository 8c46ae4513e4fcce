"""System 5: communication, as far as calls and notices in the history show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from bcsim.history.history import History


def measure_communication(history: History) -> dict[str, float | int | None]:
    """Measure calls and first notices.

    Returns
    -------
    dict
        ``calls_count``, ``reach_ratio``: calls of the call tree, and the share that reached
        somebody (``None`` without calls); ``first_notice_s``: first notice to clients or a
        regulator after the first fault, in seconds, ``None`` without either.
    """
    calls = [row for row in history.rows("action") if row["subject"] == "call"]
    reached = sum(row["reason"] == "reached" for row in calls)
    faults = list(history.rows("fault_on"))
    notices = [row for row in history.rows("notify") if row["vantage"] == "plan"]
    first_notice_s = None
    if faults and notices:
        fault_ns, notice_ns = faults[0]["time_ns"], notices[0]["time_ns"]
        assert isinstance(fault_ns, int), "a time is never null"
        assert isinstance(notice_ns, int), "a time is never null"
        first_notice_s = (notice_ns - fault_ns) / NS_PER_S
    return {
        "calls_count": len(calls),
        "reach_ratio": reached / len(calls) if calls else None,
        "first_notice_s": first_notice_s,
    }
