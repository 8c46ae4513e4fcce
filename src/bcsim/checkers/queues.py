"""Queues: which orders stood in line together, and when each was received and executed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Ints


@dataclass(frozen=True, eq=False)
class Queues:
    """Orders that stood in queues, ``(orders,)`` each, by number of their subjects.

    Parameters
    ----------
    subject
        Whose order it is; each has one.
    queue, keys
        The queue that it stood in, as a position in ``keys``: vantage point, instrument, side
        and priority.
    received_ns, executed_ns
        When it was received and first executed.
    start_ns, size
        When it was wished, and how much.
    vantages
        Vantage points at which the executions were seen.
    """

    subject: Ints
    queue: Ints
    keys: tuple[tuple[str | int | None, ...], ...]
    received_ns: Ints
    executed_ns: Ints
    start_ns: Ints
    size: Ints
    vantages: frozenset[str | None]
