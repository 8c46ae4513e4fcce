"""Wishes of a client as a reading without times, such as a list of intents gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.reading import Reading
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from collections.abc import Mapping


def intents(wishes: Mapping[str, int | None], **terms: str) -> Reading:
    """A wish for each ClOrdID with its quantity (or none), all of the same other terms."""
    recorder = MemoryRecorder(log_profile(intents_recorded=True, declared_kinds=("intend",)))
    for name, qty in wishes.items():
        fields = {"instrument": "ABC", "side": "buy", **terms}
        recorder.emit("intend", 0, "client", intent_id=name, order_id=name, qty=qty, **fields)
    return Reading(recorder.history(), is_timed=False)
