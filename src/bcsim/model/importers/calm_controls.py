"""Service levels that an architecture promises, and where its promises contradict each other.

The keys are those of FINOS's flow SLA and failover requirements (``calm/…/traderx/controls``).
Quantities are time units ``{"value": 100, "unit": "milliseconds"}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.limits import RETRIES_MAX, TIME_NS_MAX
from bcsim.model.importers.calm_finding import CalmFinding
from bcsim.units import (
    NS_PER_DAY,
    NS_PER_H,
    NS_PER_MIN,
    NS_PER_MS,
    NS_PER_S,
    NS_PER_US,
    NS_PER_WEEK,
    format_duration,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcsim.model.importers.calm_architecture import Architecture, ControlUse, Flow
    from bcsim.model.importers.calm_files import Part

UNITS_NS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "nanosecond": 1,
        "microsecond": NS_PER_US,
        "millisecond": NS_PER_MS,
        "second": NS_PER_S,
        "minute": NS_PER_MIN,
        "hour": NS_PER_H,
        "day": NS_PER_DAY,
        "week": NS_PER_WEEK,
        "month": 30 * NS_PER_DAY,
        "quarter": 91 * NS_PER_DAY,
        "year": 365 * NS_PER_DAY,
    }
)
"""Units of CALM's ``units.json``; a month is taken as 30 days, a quarter as 91, a year as 365."""

EXACTLY_ONCE: Final = "exactlyOnce"
AT_LEAST_ONCE: Final = "atLeastOnce"
AT_MOST_ONCE: Final = "atMostOnce"

LATENCY: Final = ("latency", "expected-latency")
ALERT: Final = ("latency", "alert-threshold")
RATE: Final = ("throughput", "expected-message-rate")
UPTIME: Final = ("availability", "uptime-guarantee")
RELIABILITY: Final = ("data-integrity", "message-reliability")
LOSS: Final = ("data-integrity", "loss-tolerance")
RETRIES: Final = ("error-handling", "retry-logic", "max-retries")
RETRY_INTERVAL: Final = ("error-handling", "retry-logic", "retry-interval")
RESOLUTION: Final = ("incident-response", "incident-resolution-time")
INCIDENT_START: Final = (
    "incident-response",
    "escalation-protocols",
    "incident-start-time-post-alert",
)
REVIEW: Final = ("review-adjustments", "sla-review")
RTO: Final = ("recovery-time-objective",)
RPO: Final = ("recovery-point-objective",)
STRATEGY: Final = ("failover-strategy",)

PROMISES: Final = (
    LATENCY,
    ALERT,
    RATE,
    UPTIME,
    RELIABILITY,
    LOSS,
    RETRIES,
    RETRY_INTERVAL,
    RESOLUTION,
    INCIDENT_START,
    REVIEW,
    RTO,
    RPO,
    STRATEGY,
)
"""Everything that is read from a configuration; what else it has is told as not mapped."""

TIMES: Final = (LATENCY, ALERT, RETRY_INTERVAL, RESOLUTION, INCIDENT_START, REVIEW, RTO, RPO)
"""Promises that are times."""

CONSTANTS: Final = ("control-id", "name", "description")


@dataclass(frozen=True, slots=True, eq=False)
class ServiceLevel:
    """A control's configuration that promises something, with whom it binds.

    ``owners`` are flows, nodes or the architecture, in words; values are read on demand, None
    where the file has none.
    """

    config: Part
    requirement: Part | None
    owners: tuple[str, ...]

    def time_ns(self, promise: tuple[str, ...]) -> int | None:
        """A time in nanoseconds."""
        part = self.config.below(*promise)
        return time_ns(part) if part else None

    def number(self, promise: tuple[str, ...]) -> float | None:
        """A plain number."""
        return self.config.number(*promise)

    def word(self, promise: tuple[str, ...]) -> str:
        """A text, empty where there is none."""
        holder = self.config.below(*promise[:-1])
        return holder.text(promise[-1]) if holder else ""

    @property
    def retries(self) -> int:
        """How often a message is tried again; 0 where no number that can be is given."""
        limit = self.number(RETRIES) or 0
        return int(limit) if 0 < limit <= RETRIES_MAX else 0

    @property
    def subject(self) -> str:
        """Whom it binds, for sentences."""
        return " and ".join(self.owners)


def time_ns(part: Part) -> int | None:
    """A CALM time unit in nanoseconds; None if it is none, or longer than bcsim counts."""
    value, unit = part.number("value"), part.text("unit").lower().removesuffix("s")
    if value is None or value < 0 or unit not in UNITS_NS:
        return None
    length_ns = round(Fraction(str(value)) * UNITS_NS[unit])
    return length_ns if length_ns <= TIME_NS_MAX else None


def service_levels(architecture: Architecture) -> tuple[ServiceLevel, ...]:
    """Every configuration that promises something, once, with all that it binds."""
    uses: dict[tuple[str, str], list[ControlUse]] = {}
    for use in architecture.all_controls:
        if use.config is not None and any(use.config.below(*path) for path in PROMISES):
            place = use.config.place()
            uses.setdefault((place.file, place.pointer), []).append(use)
    return tuple(_level(of_one) for of_one in uses.values())


def _level(uses: list[ControlUse]) -> ServiceLevel:
    config = uses[0].config
    assert config is not None, "only uses with a configuration make a level"
    return ServiceLevel(config, uses[0].requirement, tuple(dict.fromkeys(u.owner for u in uses)))


def level_of(flow: Flow, levels: Iterable[ServiceLevel]) -> ServiceLevel | None:
    """The first level that binds a flow."""
    return next((level for level in levels if f"flow {flow.id}" in level.owners), None)


# -- contradictions --------------------------------------------------------------------------


def contradictions(
    architecture: Architecture,
    levels: tuple[ServiceLevel, ...],
    continuations: Iterable[tuple[Flow, Flow]],
) -> Iterator[CalmFinding]:
    """Find promises that cannot all hold.

    Parameters
    ----------
    continuations
        Pairs of flows of which the second goes on with what the first leaves on a bus.
    """
    if not levels:
        yield _no_service_levels(architecture)
    for before, after in continuations:
        yield from _downstream(before, after, levels)
    for level in levels:
        yield from _retries(level)
        yield from _rate(level)
        yield from _latency(level)
        yield from _uptime(level)
        yield from _constants(level)


def _no_service_levels(architecture: Architecture) -> CalmFinding:
    names = sorted({use.name for use in architecture.all_controls})
    there = f"its controls are {', '.join(names)}" if names else "it has no controls at all"
    places = tuple(use.part.place() for use in architecture.all_controls)
    return CalmFinding(
        "no-service-levels",
        f"{architecture.name} has no service-level controls: {there}.",
        places or (architecture.part.place(),),
    )


def _downstream(
    before: Flow, after: Flow, levels: tuple[ServiceLevel, ...]
) -> Iterator[CalmFinding]:
    """Delivery is end to end only as good as at its weakest flow."""
    first, second = level_of(before, levels), level_of(after, levels)
    if first is None or second is None:
        return
    promised, kept = first.word(RELIABILITY), second.word(RELIABILITY)
    if promised == EXACTLY_ONCE and kept in (AT_LEAST_ONCE, AT_MOST_ONCE):
        harm = "executed more than once" if kept == AT_LEAST_ONCE else "lost"
        yield CalmFinding(
            "exactly-once-not-kept-downstream",
            f"flow {before.id} promises {promised}, but flow {after.id}, which goes on with its "
            f"messages, is {kept}: end to end an order may be {harm}.",
            (first.config.place(*RELIABILITY), second.config.place(*RELIABILITY)),
        )


def _retries(level: ServiceLevel) -> Iterator[CalmFinding]:
    interval_ns, alert_ns = level.time_ns(RETRY_INTERVAL), level.time_ns(ALERT)
    if interval_ns is not None and alert_ns is not None and interval_ns > alert_ns:
        yield CalmFinding(
            "retry-after-alert",
            f"{level.subject}: the retry interval of {format_duration(interval_ns)} is beyond the "
            f"alert threshold of {format_duration(alert_ns)}: whatever is retried is late.",
            (level.config.place(*RETRY_INTERVAL), level.config.place(*ALERT)),
        )
    if level.word(RELIABILITY) == AT_MOST_ONCE and level.retries:
        yield CalmFinding(
            "retried-at-most-once",
            f"{level.subject}: delivery is {AT_MOST_ONCE}, yet there are up to "
            f"{level.retries} retries.",
            (level.config.place(*RELIABILITY), level.config.place(*RETRIES)),
        )
    if level.word(RELIABILITY) == AT_MOST_ONCE and level.number(LOSS) == 0:
        yield CalmFinding(
            "no-loss-at-most-once",
            f"{level.subject}: delivery is {AT_MOST_ONCE}, yet no loss is tolerated.",
            (level.config.place(*RELIABILITY), level.config.place(*LOSS)),
        )


def _rate(level: ServiceLevel) -> Iterator[CalmFinding]:
    """A rate needs a number per time; ``1000 seconds`` is a time."""
    part = level.config.below(*RATE)
    if part is None or time_ns(part) is None:
        return
    value, unit = part.number("value"), part.text("unit")
    places = [part.place()]
    asked = (
        level.requirement.below("properties", *_schema_path(RATE)) if level.requirement else None
    )
    described = ""
    if asked is not None:
        described = ", which its requirement defines as a time"
        places.append(asked.place())
        if asked.text("description"):
            described += f" though it describes it as {asked.text('description')!r}"
    yield CalmFinding(
        "rate-typed-as-time",
        f"{level.subject}: the message rate is {value:g} {unit!r}, a time where a rate is "
        f"meant{described}.",
        tuple(places),
    )


def _schema_path(promise: tuple[str, ...]) -> tuple[str, ...]:
    """Where a requirement's schema describes a promise, below its ``properties``."""
    return tuple(step for key in promise for step in ("properties", key))[1:]


def _latency(level: ServiceLevel) -> Iterator[CalmFinding]:
    expected_ns, alert_ns = level.time_ns(LATENCY), level.time_ns(ALERT)
    if expected_ns is not None and alert_ns is not None and expected_ns > alert_ns:
        yield CalmFinding(
            "expected-latency-above-alert",
            f"{level.subject}: the expected latency of {format_duration(expected_ns)} is above "
            f"the alert threshold of {format_duration(alert_ns)}.",
            (level.config.place(*LATENCY), level.config.place(*ALERT)),
        )


def allowed_outage_ns(level: ServiceLevel) -> int | None:
    """Outage of a year of 365 days that the guaranteed uptime allows."""
    uptime_percent = level.number(UPTIME)
    if uptime_percent is None or not 0 <= uptime_percent <= 100:  # noqa: PLR2004 - percent
        return None
    return round(365 * NS_PER_DAY * (100 - Fraction(str(uptime_percent))) / 100)


def incident_ns(level: ServiceLevel) -> int | None:
    """From the alert to the end of an incident, as long as the control allows."""
    resolution_ns = level.time_ns(RESOLUTION)
    if resolution_ns is None:
        return None
    return min(resolution_ns + (level.time_ns(INCIDENT_START) or 0), TIME_NS_MAX)


def _uptime(level: ServiceLevel) -> Iterator[CalmFinding]:
    allowed_ns, one_ns = allowed_outage_ns(level), incident_ns(level)
    if allowed_ns is not None and one_ns is not None and one_ns > allowed_ns:
        yield CalmFinding(
            "one-incident-uses-up-uptime",
            f"{level.subject}: an uptime of {level.number(UPTIME):g} % allows "
            f"{format_duration(allowed_ns)} of outage a year, one incident may take "
            f"{format_duration(one_ns)}.",
            (level.config.place(*UPTIME), level.config.place(*RESOLUTION)),
        )


def _constants(level: ServiceLevel) -> Iterator[CalmFinding]:
    """Constants of the requirement's schema that the configuration does not have."""
    wrong, places = [], []
    for key in CONSTANTS:
        asked = level.requirement.below("properties", key, "const") if level.requirement else None
        given = level.config.below(key)
        if asked is not None and given is not None and asked.value != given.value:
            wrong.append(key)
            places += [given.place(), asked.place()]
    if wrong:
        is_are = "are" if len(wrong) > 1 else "is"
        yield CalmFinding(
            "constants-differ",
            f"{level.subject}: {', '.join(wrong)} {is_are} not what the requirement fixes.",
            tuple(places),
        )
