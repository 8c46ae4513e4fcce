"""Corners: what the tests of rare situations have in common.

The front takes an order from 1 to 11, an order system (oms) has it from 22 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.engine.timeline import Timeline
from tests.twin.comparison import assert_twins
from tests.unit.engine.firms import scenario, step
from tests.unit.engine.story import Wish, blueprint_of, story, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.history.history import History
    from bcsim.model.firm import Firm

ACCEPT: dict[str, Any] = step("accept", "oms")
OPS: dict[str, dict[str, Any]] = {"ops": {"servers": 2}}
"""The team that mends."""


def told(small: Firm, wishes: Iterable[Wish], *faults: str) -> History:
    """The history that both engines agree on; the faults may be in any order."""
    found = [change for fault in faults for change in timeline(fault).changes]
    changes = Timeline(tuple(sorted(found, key=lambda change: change.time_ns)), ())
    plot = scenario(trace="full")
    return assert_twins(blueprint_of(small, wishes, faults=changes, plot=plot), changes)


def count(history: History, kind: str) -> int:
    """Number of rows of a kind."""
    return len(story(history, only=kind))
