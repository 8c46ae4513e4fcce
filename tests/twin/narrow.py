"""The kernel as the twin tests run it: in little room, and on views where it is plain Python.

Little room makes tables, heap and arena outgrow their places in every case, as they do on days of
millions of orders. With ``NUMBA_DISABLE_JIT=1`` nothing of the kernel is compiled; on views of the
engine's arrays, which give and take Python's own numbers, it is then ten times as quick as on the
arrays themselves, and a number that does not fit 64 bits is an error instead of another number.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from bcsim.engine.fast import flow
from bcsim.kernels import order_flow
from bcsim.kernels.compiled import IS_PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 16 if IS_PLAIN else 256
"""Rows after which they are taken away."""
ROWS_KEPT_FREE = 12 if IS_PLAIN else order_flow.ROWS_KEPT_FREE
"""Rows that an event may write beyond; plain Python's are few, so that some events write more."""
STEPS = 100 if IS_PLAIN else order_flow.STEPS_PER_CALL
"""Steps after which the kernel pauses."""


@contextmanager
def narrow_kernel() -> Iterator[None]:
    """Have the fast engine begin each run with hardly any room."""
    with ExitStack() as patches:
        for module, name, value in (
            (order_flow, "ROWS_KEPT_FREE", ROWS_KEPT_FREE),
            (flow, "ROW_ROOM", ROWS_KEPT_FREE + ROWS),
            (order_flow, "STEPS_PER_CALL", STEPS),
            (flow, "HEAP_ROOM", 4),
            (flow, "ARENA_WORDS", order_flow.ROOM_FOR_AN_EVENT + 1000),
        ):
            patches.enter_context(mock.patch.object(module, name, value))
        if IS_PLAIN:
            patches.enter_context(mock.patch.object(flow, "advance", _advance_views))
        yield


def _advance_views(*arrays):
    views: list[Any] = [memoryview(array) for array in arrays]
    return order_flow.advance(*views)
