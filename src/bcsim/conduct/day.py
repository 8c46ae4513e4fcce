"""A day: one judged history, which is all that the nine systems and the regimes may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bcsim.conduct.operation import first_rows

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.conduct.incident import Downtime
    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts
    from bcsim.model.firm import Firm


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What the checkers say of one service: outages, recovery point (None: unknown).

    ``within_tolerance`` is None where that is not known.
    """

    name: str
    downtimes: tuple[Downtime, ...]
    recovery_point_ns: int | None
    is_exercised: bool
    within_tolerance: bool | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Day:
    """A judged day, simulated or real.

    Parameters
    ----------
    firm
        The model that was run; None for the log of a real day.
    aftermath
        What came of the orders afterwards (complaints, redress, late detection); None where
        nobody has looked.
    start
        The wall clock of time 0; None where a log does not say.
    scale
        The run's orders a day over the model's.
    """

    history: History
    verdicts: Verdicts
    services: Mapping[str, ServiceRecord] = field(default_factory=dict)
    firm: Firm | None = None
    start: datetime.datetime | None = None
    scale: float = 1.0
    aftermath: History | None = None

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

    def flag_count(self, flag: int) -> int:
        """How many intents have a flag, given by its bit."""
        return int(np.count_nonzero(self.verdicts.flags & flag))


@dataclass(frozen=True, eq=False, kw_only=True)
class ModelledDay(Day):
    """A day of a firm whose model is known."""

    firm: Firm
    start: datetime.datetime
