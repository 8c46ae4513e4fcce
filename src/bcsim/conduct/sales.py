"""System 4: the sales process, as far as controls inside journeys show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.history.history import History


def measure_sales(history: History, flags: Mapping[str, int]) -> dict[str, float | int | None]:
    """Measure controls done and left out.

    Returns
    -------
    dict
        ``controls_done_count``, ``controls_skipped_count``: events in the history;
        ``control_bypass_ratio``: skipped / (done + skipped), ``None`` without any;
        ``orders_bypassed_count``: intents with the flag ``control_bypassed``.
    """
    done = int(np.count_nonzero(history.is_kind("control_pass", "control_fail")))
    skipped = int(np.count_nonzero(history.is_kind("control_skip")))
    total = done + skipped
    return {
        "controls_done_count": done,
        "controls_skipped_count": skipped,
        "control_bypass_ratio": skipped / total if total else None,
        "orders_bypassed_count": flags.get("control_bypassed", 0),
    }
