"""System 4: the sales process, as far as controls inside journeys show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures


def measure_sales(day: Day) -> Measures:
    """Measure controls done and left out.

    Returns
    -------
    dict
        ``controls_done_count``, ``controls_skipped_count``: events in the history;
        ``control_bypass_ratio``: skipped / (done + skipped), ``None`` without any;
        ``orders_bypassed_count``: intents with the flag ``control_bypassed``.
    """
    done = int(np.count_nonzero(day.history.is_kind("control_pass", "control_fail")))
    skipped = int(np.count_nonzero(day.history.is_kind("control_skip")))
    total = done + skipped
    return {
        "controls_done_count": done,
        "controls_skipped_count": skipped,
        "control_bypass_ratio": skipped / total if total else None,
        "orders_bypassed_count": day.flag_count(Flag.CONTROL_BYPASSED.bit),
    }
