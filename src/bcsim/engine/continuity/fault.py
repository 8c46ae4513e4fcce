"""Faults: one impairment of one thing, from when it strikes to when it is lifted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    import simpy

MILLION: Final = 10**6
"""Chances and shares of faults are whole numbers per million."""


class Impact(Enum):
    """What a fault does to its owner, and what its ``amount`` means."""

    CRASH = auto()
    """Instance or site: does not work."""

    HANG = auto()
    """Instance: is frozen."""

    SLOW = auto()
    """Instance: works at ``amount`` per mille of its speed."""

    UNREACHABLE = auto()
    """Site: staff cannot get there; machines run on."""

    ABSENT = auto()
    """Team: ``amount`` per million of the staff are missing."""

    CUT = auto()
    """Link: nothing gets through."""

    DELAY = auto()
    """Link: messages take ``amount`` ns longer."""

    LOSS = auto()
    """Link: messages are lost with a chance of ``amount`` per million."""

    LAG = auto()
    """Component: replication lags by ``amount`` ns."""

    NO_REPLICATION = auto()
    """Component: replication is cut."""

    NO_FAILOVER = auto()
    """Component: switches do not work; ``amount`` 1: only the next one does not."""

    NO_FAILBACK = auto()
    """Component: the next fail-back ends in a split brain."""

    CORRUPTION = auto()
    """Component: alters orders with a chance of ``amount`` per million."""

    HALT = auto()
    """Component: executes nothing; ``amount`` 1 cancels resting orders."""

    ELSEWHERE = auto()
    """Nothing of the infrastructure: the order layer makes it felt, or a flap's faults do."""


class Owner(Protocol):
    """Something that can have faults: an instance, a component, a site, a team, a link."""

    @property
    def faults(self) -> list[Fault]:
        """Faults that it has now, in the order in which they struck."""
        ...


@dataclass(eq=False, slots=True)
class Fault:
    """One impairment of one thing; ``ended`` succeeds when it is lifted.

    ``cause`` is the id of a disruption or ``failure:COMPONENT``.
    """

    owner: Owner | None
    impact: Impact
    cause: str
    ended: simpy.Event
    amount: int = 0
    needs_restore: bool = False
    """Data is lost: no repair ends it, only the restore action."""


def combined_ppm(faults: Iterable[Fault], impact: Impact) -> int:
    """Chance per million that at least one of several independent faults hits."""
    chances = [fault.amount for fault in faults if fault.impact is impact]
    if len(chances) < 2:  # noqa: PLR2004 - nothing to combine
        return sum(chances)
    spared = prod(1 - Fraction(chance, MILLION) for chance in chances)
    return round(MILLION * (1 - spared))
