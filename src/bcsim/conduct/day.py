"""A day: one judged history, which is all that the nine systems and the regimes may look at."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bcsim.conduct.orders import orders_of
from bcsim.history.first_rows import first_rows
from bcsim.history.profile import SIMULATION
from bcsim.units import NS_PER_DAY, NS_PER_US

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from bcsim.conduct.incident import Downtime
    from bcsim.conduct.orders import Orders
    from bcsim.history.history import History
    from bcsim.history.schema import Kind
    from bcsim.history.verdict import Verdicts
    from bcsim.model.firm import Firm


@dataclass(frozen=True, eq=False, slots=True)
class ServedIntents:
    """Which intents of a service were served, one entry each.

    ``subject`` int64 ``(intents,)`` is the position among the verdicts, ``entered_ns`` when the
    client entered it, ``served`` bool; levels are told of intervals of ``bucket_ns``.
    """

    subject: NDArray[np.int64]
    entered_ns: NDArray[np.int64]
    served: NDArray[np.bool_]
    bucket_ns: int


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What the checkers say of one service: outages, recovery point (None: unknown).

    ``within_tolerance`` and ``level_min``, the lowest service level, are None where not known;
    ``intents`` where nobody says which were served.
    """

    name: str
    downtimes: tuple[Downtime, ...]
    recovery_point_ns: int | None
    is_exercised: bool
    within_tolerance: bool | None = None
    level_min: float | None = None
    intents: ServedIntents | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Day:
    """A judged day, simulated or real.

    Parameters
    ----------
    flags
        How many intents have each flag; those that the history cannot show are missing.
    firm
        The model that was run; None for the log of a real day.
    aftermath
        What came of the orders afterwards (complaints, redress, late detection); None where
        nobody has looked.
    start
        The wall clock of time 0; None where a log does not say.
    scale
        The run's orders a day over the model's.
    given_orders
        The orders' entries, where ``history`` is without the events of their ways; only a day
        without a model may be so.
    """

    history: History
    verdicts: Verdicts
    services: Mapping[str, ServiceRecord] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    firm: Firm | None = None
    start: datetime.datetime | None = None
    scale: float = 1.0
    aftermath: History | None = None
    given_orders: Orders | None = None

    @cached_property
    def orders(self) -> Orders:
        """One entry for each verdict's subject."""
        if self.given_orders is not None:
            return self.given_orders
        return orders_of(self.history, self.first_rows)

    @cached_property
    def first_rows(self) -> NDArray[np.int64]:
        """Position of the first row about each verdict's subject; the dear part of a day."""
        return first_rows(self.history, self.verdicts)

    @property
    def end_ns(self) -> int:
        """Until when somebody watched."""
        stated = self.history.profile.drain_to_ns
        times = self.history.integer("time_ns")
        return int(times.max(initial=0)) if stated is None else stated

    def would_show(self, *kinds: Kind) -> bool:
        """Whether events of these kinds would be in the history, had there been any.

        A simulation shows everything that it does not leave out expressly. A log shows what it
        has some of, and what its profile declares.
        """
        profile = self.history.profile
        declared = set(profile.declared_kinds)
        if profile.kind == SIMULATION and not declared:
            return True
        return bool(declared.issuperset(kinds) or self.history.is_kind(*kinds).any())

    def time_of_day_ns(self, times_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Times since midnight of some times of the day, of a day whose start is known."""
        assert self.start is not None, "asked only where the start is known"
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        started = (self.start - midnight) // datetime.timedelta(microseconds=1)
        return (times_ns + started * NS_PER_US) % NS_PER_DAY


@dataclass(frozen=True, eq=False, kw_only=True)
class ModelledDay(Day):
    """A day of a firm whose model is known."""

    firm: Firm
    start: datetime.datetime
