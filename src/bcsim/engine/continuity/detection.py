"""Detection: how the firm finds out that a component is impaired.

A monitor raises an alarm some time after an impairment has begun, or misses it; then people
may notice. An impairment that ends before is never found. The alarms of a firm that has a
component ``monitoring`` are missed while that does not work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.record import INFRASTRUCTURE, PLAN

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.impairment import Impairment
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.component import Monitor

MONITORING: Final = "monitoring"
"""Who raises alarms, and calls the duty person."""


def start_detection(situation: Situation) -> None:
    """Let the monitors watch."""

    def watch(impairment: Impairment) -> None:
        monitor = impairment.component.spec.monitor
        if monitor is not None:
            situation.agenda.start(_find(situation, impairment, monitor))

    situation.on_impaired.append(watch)


def _find(situation: Situation, impairment: Impairment, monitor: Monitor) -> Steps[None]:
    name, number = impairment.component.name, impairment.number
    streams = situation.streams
    is_missed = streams.at("detection_miss", name).uniform(number) < monitor.miss
    if not is_missed:
        delay_ns = streams.at("detection", name).sample_ns(monitor.delay, number)
        yield from _outlast(situation, impairment, delay_ns)
        if impairment.ended.triggered:
            return
        if _monitoring_works(situation):
            _notice(situation, impairment, INFRASTRUCTURE, MONITORING, "alarm")
            return
    if monitor.fallback_delay is None:
        return
    delay_ns = streams.at("notice", name).sample_ns(monitor.fallback_delay, number)
    yield from _outlast(situation, impairment, delay_ns)
    if not impairment.ended.triggered:
        _notice(situation, impairment, PLAN, None, "noticed by people")


def _outlast(situation: Situation, impairment: Impairment, delay_ns: int) -> Steps[None]:
    """Wait for a delay after the impairment's beginning, or for its end."""
    agenda = situation.agenda
    left_ns = max(0, impairment.began_ns + delay_ns - agenda.now_ns)
    due = agenda.wait(left_ns, Lane.DETECTION, impairment.component.index)
    yield agenda.first_of(due, impairment.ended)


def _monitoring_works(situation: Situation) -> bool:
    monitoring = situation.components.get(MONITORING)
    return monitoring is None or monitoring.works


def _notice(
    situation: Situation, impairment: Impairment, vantage: str, actor: str | None, reason: str
) -> None:
    component = impairment.component
    if component.noticed_since is None:
        component.noticed_since = situation.news()
    situation.record.log(
        vantage,
        "detect",
        component=component.name,
        actor=actor,
        subject=impairment.symptom,
        reason=reason,
        cause=impairment.cause,
    )
    for listener in situation.on_noticed:
        listener(impairment)
    situation.agenda.ask(Lane.PLAN)
