"""System 4: the sales process; which of its controls were done, left out, or made up for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.fates import BACK_ENTRY, CONTROLS, is_made_good
from bcsim.conduct.skips import count_skips
from bcsim.history.schema import Kind
from bcsim.history.verdict import Flag
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value
    from bcsim.history.history import History
    from bcsim.model.firm import Firm

_CONTACTS: Final = (
    Kind.ACKNOWLEDGE,
    Kind.REJECT,
    Kind.EXECUTE,
    Kind.CONFIRM,
    Kind.SETTLE,
    Kind.CANCEL,
    Kind.EXPIRE,
    Kind.NOTIFY,
)
"""What a client is told by the firm."""


def measure_sales(day: Day) -> Measures:
    """Measure controls done and left out, contacts, and paper orders."""
    made_good = is_made_good(day.history)
    done = _count(day.history.is_kind(*CONTROLS[:2]) & ~made_good)
    skipped = _count(day.history.is_kind(CONTROLS[2]))
    found_late = _count(day.history.is_kind(CONTROLS[1]) & made_good)
    shows_controls, shows_entries = day.would_show(*CONTROLS), day.would_show(Kind.ACTION)
    lags = back_entry_lags_ns(day.history)
    bypassed = day.flags.get(Flag.CONTROL_BYPASSED.value)
    return {
        "controls_done_count": done if shows_controls else None,
        "controls_skipped_count": skipped if shows_controls else None,
        "controls_made_good_count": _count(made_good) if shows_controls else None,
        "late_finds_count": found_late if shows_controls else None,
        "control_bypass_ratio": skipped / (done + skipped) if done + skipped else None,
        **count_skips(day, "controls_skipped", lambda skips: len(list(skips))),
        "orders_bypassed_count": bypassed if shows_controls else None,
        "suitability_bypass_ratio": _bypass_ratio(day, "suitability"),
        "disclosure_bypass_ratio": _bypass_ratio(day, "disclosure"),
        "unrecorded_orders_count": _left_out(day, "recording"),
        "unconfirmed_wishes_count": _left_out(day, "confirmation"),
        "out_of_hours_contacts_count": None if day.firm is None else _out_of_hours(day, day.firm),
        "back_entries_count": len(lags) if shows_entries else None,
        "back_entry_lag_s_p95": float(np.percentile(lags, 95) / NS_PER_S) if len(lags) else None,
    }


def _count(rows: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(rows))


def _controls_of(day: Day, process: str) -> list[str]:
    """Controls of the model that are a step of the sales process."""
    controls = {} if day.firm is None else day.firm.controls
    return [name for name, control in controls.items() if control.process == process]


def _bypass_ratio(day: Day, process: str) -> float | None:
    """Left out / (done + left out) of the controls of a step of the process."""
    names = _controls_of(day, process)
    mine = day.history.columns.text("subject").is_in(*names) & ~is_made_good(day.history)
    skipped = _count(mine & day.history.is_kind(Kind.CONTROL_SKIP))
    total = _count(mine & day.history.is_kind(*CONTROLS))
    return skipped / total if total else None


def _left_out(day: Day, process: str) -> Value:
    """Intents that executed after a step of the process was left out; None without such a step."""
    names = _controls_of(day, process)
    if not names:
        return None
    history = day.history
    intents = history.codes("intent_id")
    subject = history.columns.text("subject").is_in(*names)
    executed = np.unique(intents[history.is_kind(Kind.EXECUTE)])
    skipped = np.unique(intents[history.is_kind(Kind.CONTROL_SKIP) & subject])
    left_out = np.intersect1d(executed, skipped)
    return int(np.count_nonzero(left_out >= 0))


def _out_of_hours(day: Day, firm: Firm) -> Value:
    """Messages to clients outside their channel's contact hours; None without such hours."""
    if day.start is None or all(c.contact_hours is None for c in firm.channels.values()):
        return None
    history = day.history
    told = history.is_kind(*_CONTACTS) & history.columns.text("vantage").is_in("client")
    clocks = day.time_of_day_ns(history.integer("time_ns"))
    found = 0
    for name, channel in firm.channels.items():
        if channel.contact_hours is not None:
            start, end = channel.contact_hours
            outside = (clocks < start) | (clocks >= end)
            mine = told & history.columns.text("channel").is_in(name)
            found += int(np.count_nonzero(mine & outside))
    return found


def back_entry_lags_ns(history: History) -> NDArray[np.int64]:
    """Time from the work on paper to the end of the entry, of each paper order: int64 ``(n,)``."""
    return np.fromiter(_lags(history), dtype=np.int64)


def _lags(history: History) -> Iterator[int]:
    entered = history.is_kind(Kind.ACTION) & history.columns.text("subject").is_in(BACK_ENTRY)
    orders, steps = history.codes("order_id"), history.integer("step")
    components, times = history.columns.text("component"), history.integer("time_ns")
    actors = history.columns.text("actor")
    wanted = np.isin(orders, orders[entered])
    begun: dict[tuple[int, int, int], int] = {}
    for row in np.flatnonzero(wanted).tolist():
        place = (int(orders[row]), int(steps[row]))
        if entered[row]:
            team = components.code_of(str(actors.names[actors.codes[row]]))
            since = begun.get((*place, team))
            if since is not None:
                yield int(times[row]) - since
        else:
            begun.setdefault((*place, int(components.codes[row])), int(times[row]))
