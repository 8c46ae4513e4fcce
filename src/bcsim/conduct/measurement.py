"""An incident is measured from a run: what its history shows, and what the firm states besides.

How each fact is measured, of the services that a regime is about:

- *critical services affected*: a service was down, or a client of one was affected.
- *clients*: distinct clients of affected orders are the least. Who did not try while a service
  was down cannot be seen, so the most is all clients of the services, unless nothing was
  affected. Unknown where the run is scaled to other numbers of orders than the model's.
- *transactions*: affected orders, the most with those whose class is indeterminate, over the
  orders of a day as the model states them.
- *service downtime*: the outages of the worst service are the least. Partial unavailability and
  a delayed backlog count too, so the most is the time from the first order affected to the last
  answer to one.
- *incident time*: from the fault that was noticed, or the first outage, to the last end of
  either.
- *data loss*: acknowledged orders were lost, orders were altered, or data was exposed. That no
  data was lost cannot be seen.
- *outside tolerance*: the longest outage beyond the service's ``mtpd``, or its recovery point
  beyond ``rpo``.
- *personal data*: somebody saw, lost or altered data about persons without right; a class of data
  that the model does not declare counts as such. That nobody did can be seen only where the model
  declares its classes of data, and no order was lost, altered or is indeterminate.

The firm becomes aware with the first detection. When it classified the incident is not in a
history: not before that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.bounds import Answer, Bounds, any_met, exactly
from bcsim.conduct.clock import run_time, zoned
from bcsim.conduct.complaint_case import complaint_cases, watched_to_ns
from bcsim.conduct.fates import AFFECTED, FATES, fates_of
from bcsim.conduct.incident import Complaint, Downtime, Incident
from bcsim.conduct.onset import onset_ns
from bcsim.history.schema import Kind
from bcsim.history.verdict import VerdictClass
from bcsim.model.plan import ActionKind
from bcsim.model.regime import Fact, Instant, amount_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from bcsim.conduct.day import ModelledDay, ServiceRecord
    from bcsim.history.history import History
    from bcsim.model.firm import Firm
    from bcsim.model.regulator import AppliedRegime

_ANSWERS: Final = (Kind.ACKNOWLEDGE, Kind.REJECT, Kind.EXECUTE, Kind.CONFIRM)
"""Events with which an order is worked off."""

_DATA_LOSS: Final = frozenset({VerdictClass.LOST.value, VerdictClass.CORRUPTED.value})


def incident_of_run(run: ModelledDay, regime: AppliedRegime) -> Incident:
    """Measure what a regime's rules may ask for."""
    names = regime.services or tuple(run.firm.services)
    services = [run.services[name] for name in names if name in run.services]
    start = zoned(run.start, run.firm.calendar.time_zone)
    harm = _harm(run, names)
    notices = _notices(run.history, regime.notified_by)
    exposures = list(run.history.rows(Kind.EXPOSE))
    personal = [_time(row) for row in exposures if _is_personal(run.firm, row)]
    earlier = tuple(_earlier(regime, start))
    wanted = [outage for outage in earlier if outage.service in names]
    measured = Incident(
        start=start,
        end_ns=run.end_ns,
        numbers=_numbers(run, names, services, harm),
        flags=_flags(run, services, harm, exposures=len(exposures), personal=len(personal)),
        instants=_instants(run, services, notices, personal),
        notices_ns=notices,
        complaints=_complaints(run),
        complaints_to_ns=watched_to_ns(run),
        downtimes=(*wanted, *(d for service in services for d in service.downtimes)),
        is_whole=regime.earlier_outages is not None and _is_exercised(services),
    )
    return _with_stated(measured, regime)


# -- harm to orders --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Harm:
    """Affected orders of some services: counts, distinct clients, and over what time."""

    affected_count: int
    doubtful_count: int
    client_count: int | None
    data_lost: bool
    span_ns: int


def _harm(run: ModelledDay, names: Iterable[str]) -> _Harm:
    rows = run.first_rows
    fates, mine = fates_of(run.verdicts), _belongs(run, rows, names)
    harmed = np.isin(fates, [FATES.index(fate) for fate in AFFECTED]) & mine
    lost = np.isin(fates, [FATES.index(fate) for fate in _DATA_LOSS]) & mine
    doubtful = (fates == FATES.index(VerdictClass.INDETERMINATE.value)) & mine
    clients = run.history.codes("client_id")[rows[harmed]]
    return _Harm(
        affected_count=int(harmed.sum()),
        doubtful_count=int(doubtful.sum()),
        client_count=None if (clients < 0).any() else len(np.unique(clients)),
        data_lost=bool(lost.any()),
        span_ns=_span_ns(run.history, rows, harmed),
    )


def _belongs(run: ModelledDay, rows: NDArray[np.int64], names: Iterable[str]) -> NDArray[np.bool_]:
    """Which subjects are orders of one of some services."""
    history, found = run.history, np.zeros(len(rows), dtype=np.bool_)
    stated = {service.name: service for service in history.profile.services}
    for name in names:
        mine = np.ones(len(rows), dtype=np.bool_)
        service = stated.get(name)
        channels, instruments = (service.channels, service.instruments) if service else ((), ())
        for column, values in (("channel", channels), ("instrument", instruments)):
            if values:
                text = history.columns.text(column)
                mine &= np.isin(text.codes[rows], [text.code_of(value) for value in values])
        found |= mine
    return found


def _span_ns(history: History, rows: NDArray[np.int64], harmed: NDArray[np.bool_]) -> int:
    """From the first affected order's begin to the last answer to one."""
    if not harmed.any():
        return 0
    times, intents = history.integer("time_ns"), history.codes("intent_id")
    own = np.isin(intents, intents[rows[harmed]]) & (intents >= 0)
    answers = times[own & history.is_kind(*_ANSWERS)]
    begun = times[rows[harmed]]
    return int(max(answers.max(initial=0), begun.max()) - begun.min())


# -- facts -----------------------------------------------------------------------------------


def _numbers(
    run: ModelledDay, names: Iterable[str], services: list[ServiceRecord], harm: _Harm
) -> dict[Fact, Bounds]:
    found = {
        Fact.SERVICE_DOWNTIME: _downtime(services, harm),
        Fact.RECOVERY_TIME: _longest(services),
        Fact.INCIDENT_TIME: _incident_time(run, services),
    }
    lines = [
        line
        for line in run.firm.demand.values()
        for service in (run.firm.services[name] for name in names)
        if line.product in service.products
        and (not service.channels or line.channel in service.channels)
    ]
    daily = sum({id(line): Fraction(line.orders_per_day) for line in lines}.values())
    daily *= Fraction(run.scale)
    if daily:
        least, most = harm.affected_count, harm.affected_count + harm.doubtful_count
        found[Fact.TRANSACTION_SHARE] = Bounds(least / daily, most / daily)
    total = sum(run.firm.segments[name].clients for name in {line.segment for line in lines})
    if harm.client_count is not None and run.scale == 1 and total:
        is_harmless = not harm.affected_count and not harm.doubtful_count
        least = min(harm.client_count, total)
        most = 0 if is_harmless and not _downtimes(services) else total
        found[Fact.CLIENTS] = Bounds(least, most)
        found[Fact.CLIENT_SHARE] = Bounds(Fraction(least, total), Fraction(most, total))
    return found


def _downtimes(services: Iterable[ServiceRecord]) -> list[Downtime]:
    return [downtime for service in services for downtime in service.downtimes]


def _downtime(services: list[ServiceRecord], harm: _Harm) -> Bounds:
    """Outages of the worst service, to the time over which orders were affected."""
    down = [sum(d.to_ns - d.from_ns for d in service.downtimes) for service in services]
    least = max(down, default=0)
    has_ended = all(downtime.has_ended for downtime in _downtimes(services))
    is_known = has_ended and not harm.doubtful_count and _is_exercised(services)
    return Bounds(least, max(least, harm.span_ns) if is_known else None)


def _longest(services: list[ServiceRecord]) -> Bounds:
    outages = _downtimes(services)
    longest = max((d.to_ns - d.from_ns for d in outages), default=0)
    is_known = _is_exercised(services) and all(d.has_ended for d in outages)
    return Bounds(longest, longest if is_known else None)


def _is_exercised(services: list[ServiceRecord]) -> bool:
    return bool(services) and all(service.is_exercised for service in services)


def _incident_time(run: ModelledDay, services: list[ServiceRecord]) -> Bounds:
    """From the fault that was noticed, or the first outage, to the last end."""
    outages = _downtimes(services)
    detections = list(run.history.rows(Kind.DETECT))
    begun = None if not detections else onset_ns(run.history, min(detections, key=_time))
    begins = [d.from_ns for d in outages] + ([] if begun is None else [begun])
    if not begins:
        return Bounds(0, None)
    faults = sum(1 for _ in run.history.rows(Kind.FAULT_ON))
    ends = [_time(row) for row in run.history.rows(Kind.FAULT_OFF)]
    is_over = faults == len(ends) and all(d.has_ended for d in outages)
    lasted = max([*ends, *(d.to_ns for d in outages), min(begins)]) - min(begins)
    return Bounds(lasted, lasted if is_over else None)


def _flags(
    run: ModelledDay,
    services: list[ServiceRecord],
    harm: _Harm,
    *,
    exposures: int,
    personal: int,
) -> dict[Fact, Answer]:
    is_known = _is_exercised(services) and not harm.doubtful_count
    unseen = Answer.NOT_MET if is_known else Answer.UNKNOWN
    unhit = unseen if run.firm.data_classes and not harm.data_lost else Answer.UNKNOWN
    is_affected = bool(harm.affected_count or _downtimes(services))
    return {
        Fact.CRITICAL_SERVICES: Answer.MET if is_affected else unseen,
        Fact.DATA_LOSS: Answer.MET if harm.data_lost or exposures else Answer.UNKNOWN,
        Fact.PERSONAL_DATA: Answer.MET if personal else unhit,
        Fact.OUTSIDE_TOLERANCE: any_met(_is_outside(run.firm, service) for service in services)
        if services
        else Answer.UNKNOWN,
    }


def _is_personal(firm: Firm, exposure: Mapping[str, int | str | None]) -> bool:
    """Whether exposed data is about persons; a class that nobody declares counts as such."""
    declared = firm.data_classes.get(str(exposure["subject"]))
    return declared is None or declared.personal


def _is_outside(firm: Firm, service: ServiceRecord) -> Answer:
    tolerance = firm.services[service.name].tolerance
    point = service.recovery_point_ns
    lost = Bounds() if point is None else exactly(point)
    return any_met((_longest([service]).above(tolerance.mtpd), lost.above(tolerance.rpo)))


# -- instants --------------------------------------------------------------------------------


def _instants(
    run: ModelledDay, services: list[ServiceRecord], notices: tuple[int, ...], exposed: list[int]
) -> dict[Instant, Bounds]:
    """When clocks start; of a notice that was not seen, not before the end."""
    aware = min((_time(row) for row in run.history.rows(Kind.DETECT)), default=None)
    outside = [
        d.from_ns + run.firm.services[d.service].tolerance.mtpd
        for d in _downtimes(services)
        if d.to_ns - d.from_ns > run.firm.services[d.service].tolerance.mtpd
    ]
    found = {
        instant: exactly(notices[place]) if place < len(notices) else Bounds(run.end_ns + 1)
        for place, instant in enumerate((Instant.FIRST_NOTICE, Instant.SECOND_NOTICE))
    }
    if aware is not None:
        found[Instant.AWARENESS] = exactly(aware)
        found[Instant.CLASSIFICATION] = Bounds(aware)
    if outside:
        found[Instant.OUTSIDE_TOLERANCE] = exactly(min(outside))
    if exposed:
        found[Instant.BREACH_AWARENESS] = Bounds(min(exposed))
    return found


def _notices(history: History, actions: tuple[str, ...] | None) -> tuple[int, ...]:
    """Times of the notices to a regulator that some actions gave, or any."""
    told = ActionKind.NOTIFY_REGULATOR.value
    rows = [row for row in history.rows(Kind.NOTIFY) if row["reason"] == told]
    return tuple(sorted(_time(r) for r in rows if actions is None or r["subject"] in actions))


def _complaints(run: ModelledDay) -> tuple[Complaint, ...] | None:
    """Complaints with their final answers; None where nobody has recorded any."""
    cases = complaint_cases(run)
    if cases is None:
        return None
    return tuple(Complaint(case.name, case.received_ns, case.answered_ns) for case in cases)


def _time(row: Mapping[str, int | str | None]) -> int:
    time_ns = row["time_ns"]
    assert isinstance(time_ns, int), "a time is never null"
    return time_ns


# -- what the firm states --------------------------------------------------------------------


def _earlier(regime: AppliedRegime, start: datetime.datetime) -> Iterable[Downtime]:
    for outage in regime.earlier_outages or ():
        from_ns = run_time(start, outage.began.replace(tzinfo=start.tzinfo))
        yield Downtime(outage.service, from_ns, from_ns + outage.lasted)


def _with_stated(incident: Incident, regime: AppliedRegime) -> Incident:
    """Fill in what the firm states of facts that the run leaves unknown; the run has its say."""
    numbers, flags = dict(incident.numbers), dict(incident.flags)
    used = set()
    for fact, value in regime.stated.items():
        if isinstance(value, bool):
            if incident.flag(fact) is Answer.UNKNOWN:
                flags[fact] = Answer.MET if value else Answer.NOT_MET
                used.add(fact)
        elif incident.number(fact) == Bounds():
            numbers[fact] = exactly(amount_of(fact, value))
            used.add(fact)
    return replace(incident, numbers=numbers, flags=flags, stated=frozenset(used))
