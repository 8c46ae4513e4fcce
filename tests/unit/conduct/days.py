"""Days made by hand: events in seconds, verdicts by intent, and what the checkers would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.conduct.day import Day
from bcsim.history.profile import Profile
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

END_S = 1000

_CODES = {verdict.value: code for code, verdict in enumerate(CLASSES)}
_BITS = {flag.value: flag.bit for flag in FLAGS}


def day_of(
    events: Iterable[tuple[float, str, str, dict[str, Any]]],
    classes: Mapping[str, str],
    flags: Mapping[str, Iterable[str]] | None = None,
    **more: Any,
) -> Day:
    """A day from (second, kind, vantage, cells), each intent's class and each flag's intents."""
    recorder = MemoryRecorder(Profile(drain_to_ns=END_S * NS_PER_S))
    for at_s, kind, vantage, cells in sorted(events, key=lambda event: event[0]):
        recorder.emit(kind, round(at_s * NS_PER_S), vantage, **cells)
    marked = flags or {}
    bits = [sum(_BITS[f] for f, of in marked.items() if intent in of) for intent in classes]
    verdicts = Verdicts(
        tuple(classes),
        np.array([_CODES[name] for name in classes.values()], dtype=np.int8),
        np.array(bits, dtype=np.int32),
    )
    counts = {name: len(list(of)) for name, of in marked.items()}
    return Day(history=recorder.history(), verdicts=verdicts, flags=counts, **more)
