"""A history with its judgement becomes the day that the nine systems are measured on."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bcsim.conduct.day import Day, ModelledDay, ServedIntents, ServiceRecord
from bcsim.conduct.incident import Downtime
from bcsim.conduct.orders import orders_of, other_events, put_together
from bcsim.history.columns import concatenate
from bcsim.history.first_rows import first_rows
from bcsim.history.history import History
from bcsim.history.names import utf8
from bcsim.history.verdict import Verdicts

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement
    from bcsim.conduct.orders import Orders
    from bcsim.history.divided import DividedHistory
    from bcsim.model.firm import Firm


def logged_day(judgement: Judgement) -> Day:
    """The day of a real log: nothing is known of the firm but what its events say.

    Of a log that was judged in shares, each is read once more, and only its orders' entries and
    the events beside them are kept.
    """
    history, orders = judgement.docket.history, None
    if not isinstance(history, History):
        history, orders = _entries(history, judgement)
    stated = history.profile.start
    return Day(
        history=history,
        given_orders=orders,
        verdicts=judgement.verdicts,
        services=_services(judgement),
        flags=judgement.flags,
        start=None if stated is None else datetime.datetime.fromisoformat(stated),
    )


def _entries(history: DividedHistory, judgement: Judgement) -> tuple[History, Orders]:
    """What is measured of a history in shares, see ``bcsim.conduct.orders``."""
    verdicts, others, pieces = judgement.verdicts, [], []
    for number, mine in enumerate(judgement.docket.numbers()):
        share = history.share(number)
        names = utf8(verdicts.intents).take(mine)
        own = Verdicts(names, verdicts.classes[mine], verdicts.flags[mine])
        pieces.append((mine, orders_of(share, first_rows(share, own))))
        others.append(other_events(share).columns.compact())
    columns = concatenate(others)
    columns = columns.take(np.argsort(columns.integer("seq"), kind="stable"))
    profile = replace(history.profile, drain_to_ns=judgement.whole.end_ns)
    return History(columns, profile), put_together(pieces)


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
            ServedIntents(
                measure.intents.subject,
                measure.intents.entered_ns,
                measure.intents.served,
                measure.tolerance.bucket_ns,
            ),
        )
        for name, measure in judgement.services.items()
    }
