"""A history with its judgement becomes the day that the nine systems are measured on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from bcsim.conduct.day import Day, ModelledDay, ServiceRecord
from bcsim.conduct.incident import Downtime

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement
    from bcsim.history.history import History
    from bcsim.model.firm import Firm


def logged_day(history: History, judgement: Judgement) -> Day:
    """The day of a real log: nothing is known of the firm but what its events say."""
    stated = history.profile.start
    return Day(
        history=history,
        verdicts=judgement.verdicts,
        services=_services(judgement),
        flags=judgement.flags,
        start=None if stated is None else datetime.datetime.fromisoformat(stated),
    )


def simulated_day(
    history: History,
    judgement: Judgement,
    firm: Firm,
    *,
    start: datetime.datetime,
    scale: float,
) -> ModelledDay:
    """The day of a run, before its aftermath."""
    return ModelledDay(
        history=history,
        verdicts=judgement.verdicts,
        services=_services(judgement),
        flags=judgement.flags,
        firm=firm,
        start=start,
        scale=scale,
    )


def _services(judgement: Judgement) -> dict[str, ServiceRecord]:
    return {
        name: ServiceRecord(
            name,
            tuple(
                Downtime(name, outage.from_ns, outage.to_ns, outage.has_ended)
                for outage in measure.outages
            ),
            measure.recovery_point_ns,
            measure.is_exercised,
            measure.within_tolerance,
            measure.service_level_min,
        )
        for name, measure in judgement.services.items()
    }
