"""Idle hands: how many of a team had no order to work on, as the day's history shows it.

The history says when somebody of a team was done with something of an order, not when he began.
He cannot have begun before the order's event before that, so from one to the other the order is
counted as work: more than was done, and never less. Of each minute the most at once counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bcsim.units import NS_PER_MIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.engine.aftermath.phase import Phase
    from bcsim.history.history import History

    Ints = NDArray[np.int64]


def idle_phases(phases: tuple[Phase, ...], history: History, team: str) -> tuple[Phase, ...]:
    """Phases of a team with only those who had no order to work on, in order of time."""
    from_ns, busy = _most_at_work(*_work(history, team))
    begins = np.array([phase.from_ns for phase in phases], dtype=np.int64)
    found = []
    for time_ns in np.union1d(begins, from_ns).tolist():
        phase = phases[int(np.searchsorted(begins, time_ns, side="right")) - 1]
        minute = int(np.searchsorted(from_ns, time_ns, side="right")) - 1
        at_work = int(busy[minute]) if minute >= 0 else 0
        free = max(0, phase.servers - at_work)
        found.append(replace(phase, from_ns=time_ns, servers=free))
    return tuple(found)


def _work(history: History, team: str) -> tuple[Ints, Ints]:
    """From when to when each order was, at the longest, with a team: int64 ``(n,)`` each."""
    intents, times = history.codes("intent_id"), history.integer("time_ns")
    mine = history.columns.text("component").is_in(team)
    mine |= history.columns.text("actor").is_in(team)
    orders = np.unique(intents[mine & (intents >= 0)])
    rows = np.flatnonzero(np.isin(intents, orders))
    rows = rows[np.argsort(intents[rows], kind="stable")]
    before, after = rows[:-1], rows[1:]
    is_work = mine[after] & (intents[before] == intents[after])
    return times[before[is_work]], times[after[is_work]]


def _most_at_work(from_ns: Ints, to_ns: Ints) -> tuple[Ints, Ints]:
    """Minutes with most orders at once: their begins where that changes, and how many."""
    if not len(from_ns):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    moments = np.concatenate([from_ns, to_ns])
    steps = np.repeat([1, -1], [len(from_ns), len(to_ns)])
    order = np.argsort(moments, kind="stable")
    level = np.cumsum(steps[order])
    moments, firsts = np.unique(moments[order], return_index=True)
    level = level[np.append(firsts[1:], len(level)) - 1]  # who is done goes before who begins
    first = int(moments[0]) // NS_PER_MIN
    begins = np.arange(first, int(moments[-1]) // NS_PER_MIN + 2, dtype=np.int64) * NS_PER_MIN
    carried = np.concatenate([[0], level])[np.searchsorted(moments, begins, side="right")]
    most = np.maximum(carried, 0)
    np.maximum.at(most, moments // NS_PER_MIN - first, level)
    is_change = np.concatenate([[True], np.diff(most) != 0])
    return begins[is_change], most[is_change]
