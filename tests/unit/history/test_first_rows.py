"""Goal: every verdict's subject is found where its history begins.

Method: one history with an intent, and strays that are known by an order or an execution only.
"""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.history.first_rows import first_rows
from bcsim.history.profile import Profile
from bcsim.history.verdict import Verdicts
from bcsim.history.writer import MemoryRecorder


def history():
    recorder = MemoryRecorder(Profile())
    recorder.emit("fault_on", 0, "infrastructure")
    recorder.emit("intend", 1, "client", intent_id="a")
    recorder.emit("submit", 2, "client", intent_id="a", order_id="a.1")
    recorder.emit("execute", 3, "venue", order_id="lost-order", exec_id="x1")
    recorder.emit("execute", 4, "venue", exec_id="x2")
    recorder.emit("execute", 5, "venue", order_id="a", exec_id="x3")
    recorder.emit("confirm", 6, "client", intent_id="b")
    return recorder.history()


def rows_of(*names):
    count = len(names)
    verdicts = Verdicts(names, np.zeros(count, dtype=np.int8), np.zeros(count, dtype=np.int32))
    return first_rows(history(), verdicts).tolist()


def test_intents_and_strays():
    """Goal: by intent, else by order, else by execution; prefixes of strays are understood."""
    assert rows_of("b", "a", "x2", "lost-order", "order a", "execution x1") == [6, 1, 4, 3, 5, 3]
    assert rows_of() == []


def test_verdicts_on_another_history():
    """Goal: a programmer's mistake is noticed."""
    with pytest.raises(AssertionError, match="another history"):
        rows_of("a", "nobody")
