"""What a report tells of a run, worked out once for all languages and formats.

Nothing about orders is computed here: counts come from ``bcsim.conduct``, service levels and
outages from ``bcsim.checkers``. The decision log is read as what lasted from when to when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bcsim.checkers.continuity import clients_of, measure_services
from bcsim.checkers.facts import facts_of
from bcsim.checkers.proof import prove
from bcsim.conduct.fates import (
    affected_count,
    fate_counts,
    fates_by_segment,
    orders_per_minute,
    use_of_controls,
)
from bcsim.history.verdict import CLASSES, FLAGS
from bcsim.model.plan import ActionKind
from bcsim.report.worst_moment import worst_moment
from bcsim.units import NS_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.facts import Facts
    from bcsim.conduct.fates import ControlUse, OrderFates
    from bcsim.engine.timeline import LogEntry
    from bcsim.report.run_folder import RunFolder
    from bcsim.report.worst_moment import WorstMoment
    from bcsim.scenario.scenario import Scenario

BUCKETS_MAX: Final = 180
"""Intervals of a chart; with more, bars become thinner than a line."""

_BUCKETS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 240)
"""Lengths of intervals, minutes."""

State: TypeAlias = Literal["done", "failed", "running"]


@dataclass(frozen=True, slots=True)
class Disruption:
    """Something that went wrong: ``name`` is a disruption's id or ``failure:COMPONENT``.

    ``to_ns`` is None if it lasted to the end of the run. A latent one, such as a failover that
    does not work, shows only when something else happens.
    """

    name: str
    from_ns: int
    to_ns: int | None = None
    is_latent: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One run of an action of the plan.

    It is wanted from ``from_ns`` on, work begins at ``started_ns`` and ends at ``to_ns``; None
    where that did not happen. ``reason`` says why it failed.
    """

    action: str
    from_ns: int
    started_ns: int | None = None
    to_ns: int | None = None
    state: State = "running"
    actor: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one time: to a component, by somebody, because of something."""

    time_ns: int
    component: str | None
    actor: str | None
    cause: str | None
    is_deputy: bool = False


@dataclass(frozen=True, eq=False)
class Account:
    """Everything that a report tells of one run.

    Parameters
    ----------
    run
        What was read.
    window_ns
        When orders arrive.
    end_ns
        The end of the drain.
    fates
        Orders by time and fate, in intervals that a chart can show.
    fate_totals
        Orders of every fate.
    affected_count
        Orders whose client felt something.
    segments
        Orders of each segment by fate.
    controls
        How often each control was used and left out.
    services
        Levels and outages of each service.
    disruptions, deeds, detections, declarations, takeovers
        What the log tells, in order of time; takeovers are automatic.
    worst
        When most components were down.
    thai_proofs
        Finding -> proof of its first order in Thai; the English one stands in the run.
    """

    run: RunFolder
    window_ns: tuple[int, int]
    end_ns: int
    fates: OrderFates
    fate_totals: Mapping[str, int]
    affected_count: int
    segments: Mapping[str, Mapping[str, int]]
    controls: tuple[ControlUse, ...]
    services: Mapping[str, ServiceMeasure]
    disruptions: tuple[Disruption, ...]
    deeds: tuple[Deed, ...]
    detections: tuple[Mark, ...]
    declarations: tuple[Mark, ...]
    takeovers: tuple[Mark, ...]
    worst: WorstMoment
    thai_proofs: Mapping[str, str]

    @property
    def trigger(self) -> Disruption | None:
        """The disruption that was noticed first, or else the first that showed."""
        causes = {mark.cause for mark in self.detections[:1]}
        showing = [d for d in self.disruptions if not d.is_latent] or self.disruptions
        return next((d for d in showing if d.name in causes), next(iter(showing), None))

    @property
    def intended_count(self) -> int:
        """Orders that clients wished."""
        return self.run.measures.orders.get("intended", 0)


def account_of(run: RunFolder) -> Account:
    """Work out what a report tells of a run."""
    window_ns = run.measures.provenance.window_ns
    log = run.timeline.log
    profile = run.history.profile
    facts = facts_of(run.history)
    return Account(
        run=run,
        window_ns=window_ns,
        end_ns=window_ns[1] if profile.drain_to_ns is None else profile.drain_to_ns,
        fates=orders_per_minute(run.history, run.verdicts, bucket_ns=bucket_of(window_ns)),
        fate_totals=fate_counts(run.verdicts),
        affected_count=affected_count(run.verdicts),
        segments=fates_by_segment(run.history, run.verdicts),
        controls=use_of_controls(run.history),
        services=measure_services(facts.record.whole, clients_of(facts), run.verdicts),
        disruptions=tuple(_disruptions(log, _latent(run.scenario))),
        deeds=tuple(_deeds(log)),
        detections=tuple(_marks(log, "detect")),
        declarations=tuple(_marks(log, "declare")),
        takeovers=tuple(
            _mark(entry)
            for entry in log
            if entry.kind == "failover" and entry.ref is None and entry.reason == "done"
        ),
        worst=worst_moment(run.model, run.scenario, run.timeline),
        thai_proofs=dict(_thai_proofs(run, facts)),
    )


def _thai_proofs(run: RunFolder, facts: Facts) -> Iterator[tuple[str, str]]:
    """Proof of the first order of each finding; laws and services have no orders."""
    known = {member.value for member in (*CLASSES, *FLAGS)}
    for finding in run.measures.findings:
        if finding.name in known:
            subject = facts.subjects.names.number_of(finding.first)
            yield finding.name, prove(facts, subject, finding.name, "th").sentence


def bucket_of(window_ns: tuple[int, int]) -> int:
    """Length of the intervals in which a window's orders are shown, ns."""
    fitting = (
        minutes * NS_PER_MIN
        for minutes in _BUCKETS_MIN
        if window_ns[1] - window_ns[0] <= BUCKETS_MAX * minutes * NS_PER_MIN
    )
    return next(fitting, _BUCKETS_MIN[-1] * NS_PER_MIN)


def _latent(scenario: Scenario) -> frozenset[str]:
    """Ids of the disruptions that change nothing by themselves."""
    kinds = {"failover-fails", "failback-fails"}
    return frozenset(spec.id for spec in scenario.disruptions if spec.kind in kinds)


def _disruptions(log: Iterable[LogEntry], latent: frozenset[str]) -> Iterator[Disruption]:
    """Disruptions and failures in the order of their beginnings."""
    begun: list[Disruption] = []
    for entry in log:
        if entry.kind == "fault_on":
            name = entry.ref or ""
            begun.append(Disruption(name, entry.time_ns, is_latent=name in latent))
        elif entry.kind == "fault_off":
            for i, disruption in enumerate(begun):
                if disruption.name == entry.ref and disruption.to_ns is None:
                    begun[i] = replace(disruption, to_ns=entry.time_ns)
    yield from begun


def _deeds(log: Iterable[LogEntry]) -> Iterator[Deed]:
    """Runs of actions in the order of their beginnings."""
    kinds = {kind.value for kind in ActionKind}
    deeds: list[Deed] = []
    latest: dict[str, int] = {}
    for entry in log:
        if entry.kind != "action" or entry.subject not in kinds or entry.ref is None:
            continue
        if entry.ref not in latest:
            latest[entry.ref] = len(deeds)
            deeds.append(Deed(entry.ref, entry.time_ns))
        place = latest[entry.ref]
        deeds[place] = _after(deeds[place], entry)
        if deeds[place].state != "running":
            del latest[entry.ref]
    yield from deeds


def _after(deed: Deed, entry: LogEntry) -> Deed:
    """A deed once a line of the log has been read."""
    reason = entry.reason or ""
    deed = replace(deed, actor=entry.actor or deed.actor)
    if reason == "started":
        return replace(deed, started_ns=entry.time_ns)
    if reason == "done":
        return replace(deed, to_ns=entry.time_ns, state="done")
    if reason.startswith("failed"):
        why = reason.removeprefix("failed").removeprefix(": ")
        return replace(deed, to_ns=entry.time_ns, state="failed", reason=why)
    return deed


def _marks(log: Iterable[LogEntry], kind: str) -> Iterator[Mark]:
    return (_mark(entry) for entry in log if entry.kind == kind)


def _mark(entry: LogEntry) -> Mark:
    is_deputy = entry.reason == "deputy"
    return Mark(entry.time_ns, entry.component, entry.actor, entry.cause, is_deputy=is_deputy)
