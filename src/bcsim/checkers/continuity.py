"""Continuity: how well each service answered its clients, bucket by bucket, and its outages.

Definitions, for one service with the tolerance that its profile states:

- An intent is *answered* when the client was told of its acceptance or of a definite end within
  ``acknowledge_ns`` of entering it (of the wish, if it never was entered; at any time, if the
  tolerance names no such time).
- It is *served* when it was answered, was not refused because of a disruption, and is not of a
  failing class.
- The *service level* of a bucket is the share of the intents entered in it that were served. A
  bucket in which nobody entered anything has no level: it neither begins nor ends an outage.
- A bucket is *bad* when its level is below ``mbco``, or zero.
- An *outage* is a run of bad buckets. As the clients see it, it lasts from the first unserved
  entry of the run to the first served entry in the first bucket that is not bad again; if there
  is none, it has not ended and is counted to the last unserved entry: nobody tried later.
- ``downtime`` is the sum of the outages, ``recovery_time`` the longest of them, 0 without any.
- ``recovery_point`` is the longest time from the acknowledgement of an order that was lost (the
  firm's, or as the client heard it, whichever is seen first) to the next crash or ``failover``
  after it: how far back the memory of the firm was gone. A crash
  is a ``fault_on`` with subject ``crash``; where no fault is so called, any ``fault_on`` counts.
  It is 0 if no acknowledged order was lost, and unknown if one was lost without any such event
  or may have been lost; what is proved of it can breach a target all the same.

A tolerance is breached when ``recovery_time`` exceeds ``rto_ns`` or ``mtpd_ns``, or
``recovery_point`` exceeds ``rpo_ns``. Intents whose class is indeterminate are once taken as
served and once as not: only if both agree is the answer known. It is unknown, too, when an
outage that has not ended is still within its target, when the service had no intents, and when
intents were not recorded throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim.checkers.arrays import earliest
from bcsim.checkers.record import CLIENT
from bcsim.history.schema import NULL, Kind
from bcsim.history.verdict import CLASSES, Flag, VerdictClass
from bcsim.units import NS_PER_S, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.record import Record
    from bcsim.checkers.whole import Whole
    from bcsim.history.profile import ServiceTolerance
    from bcsim.history.verdict import Verdicts

CRASH: Final = "crash"
"""Subject of the fault by which a component loses its memory."""


@dataclass(frozen=True, eq=False)
class ServiceLevels:
    """Service level over time: one entry a bucket that had intents, ascending.

    ``from_ns`` is where the bucket begins; ``entered`` and ``served`` count intents.
    """

    from_ns: Ints
    entered: Ints
    served: Ints


@dataclass(frozen=True, eq=False)
class ServiceIntents:
    """Intents of a service: position among the verdicts, when entered, whether served."""

    subject: Ints
    entered_ns: Ints
    served: Bools


@dataclass(frozen=True, slots=True)
class Outage:
    """A run of bad buckets, from the first unserved to the next served entry."""

    from_ns: int
    to_ns: int
    has_ended: bool = True

    @property
    def duration_ns(self) -> int:
        """Length as far as known."""
        return self.to_ns - self.from_ns


@dataclass(frozen=True)
class ServiceMeasure:
    """How one service did, next to its targets; None where not known or not set.

    The properties in seconds are for people and documents; times are kept in nanoseconds.
    """

    tolerance: ServiceTolerance
    intents: ServiceIntents
    levels: ServiceLevels
    outages: tuple[Outage, ...]
    recovery_point_ns: int | None
    within_tolerance: bool | None
    reason: str = ""
    """Why ``within_tolerance`` is false or unknown."""

    @property
    def downtime_ns(self) -> int:
        """Sum of the outages."""
        return sum(outage.duration_ns for outage in self.outages)

    @property
    def recovery_time_ns(self) -> int:
        """Longest outage."""
        return max((outage.duration_ns for outage in self.outages), default=0)

    @property
    def service_level_min(self) -> float | None:
        """Smallest level of any bucket."""
        if not self.is_exercised:
            return None
        return float((self.levels.served / self.levels.entered).min())

    @property
    def is_exercised(self) -> bool:
        """Whether anybody wished anything of the service; else nothing is known of it."""
        return len(self.levels.entered) > 0

    @property
    def downtime_s(self) -> float:
        """Sum of the outages in seconds."""
        return self.downtime_ns / NS_PER_S

    @property
    def recovery_time_s(self) -> float:
        """Longest outage in seconds."""
        return self.recovery_time_ns / NS_PER_S

    @property
    def recovery_point_s(self) -> float | None:
        """Age of the oldest acknowledged order that was lost, in seconds."""
        return _seconds(self.recovery_point_ns)

    @property
    def rto_s(self) -> float | None:
        """Target of the recovery time in seconds."""
        return _seconds(self.tolerance.rto_ns)

    @property
    def rpo_s(self) -> float | None:
        """Target of the recovery point in seconds."""
        return _seconds(self.tolerance.rpo_ns)

    def to_document(self) -> dict[str, float | bool | None]:
        """Return the measures as in ``check --json``, times in seconds."""
        return {
            "downtime_s": self.downtime_s,
            "recovery_time_s": self.recovery_time_s,
            "rto_s": self.rto_s,
            "recovery_point_s": self.recovery_point_s,
            "rpo_s": self.rpo_s,
            "mtpd_s": _seconds(self.tolerance.mtpd_ns),
            "service_level_min": self.service_level_min,
            "mbco": self.tolerance.mbco,
            "within_tolerance": self.within_tolerance,
        }


def _seconds(duration_ns: int | None) -> float | None:
    return None if duration_ns is None else duration_ns / NS_PER_S


@dataclass(frozen=True, eq=False)
class Clients:
    """What services are measured by, ``(subjects,)`` each; times are null where it never was.

    Parameters
    ----------
    entered_ns, answered_ns
        When the client entered the order, and was first answered.
    taken_ns
        When the firm acknowledged it, or the client heard so, whichever is seen first.
    is_acknowledged_open
        Whether an order was acknowledged to the client and never ended.
    belongs
        Service -> whether the subject is one of its intents.
    forgetting_ns
        When a firm forgot, ascending: crashes and failovers; any fault where none is a crash.
    """

    entered_ns: Ints
    answered_ns: Ints
    taken_ns: Ints
    is_acknowledged_open: Bools
    belongs: Mapping[str, Bools]
    forgetting_ns: Ints


def clients_of(facts: Facts) -> Clients:
    """Gather what the services of the profile are measured by."""
    answers = facts.answers
    return Clients(
        entered_ns=facts.wishes.entered_ns,
        answered_ns=facts.earliest_ns(answers.answered_first),
        taken_ns=facts.earliest_ns(earliest(answers.acknowledged_first, answers.accepted_first)),
        is_acknowledged_open=facts.fate.is_acknowledged_open,
        belongs={one.name: _belongs(facts, one) for one in facts.record.profile.services},
        forgetting_ns=facts.record.time_ns[_forgetting(facts.record)],
    )


def joined(pieces: Sequence[Clients], order: Ints) -> Clients:
    """Clients of several shares one after the other, taken in the order of all subjects."""

    def taken(values: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(list(values))[order]

    return Clients(
        entered_ns=taken(piece.entered_ns for piece in pieces),
        answered_ns=taken(piece.answered_ns for piece in pieces),
        taken_ns=taken(piece.taken_ns for piece in pieces),
        is_acknowledged_open=taken(piece.is_acknowledged_open for piece in pieces),
        belongs={
            name: taken(piece.belongs[name] for piece in pieces) for name in pieces[0].belongs
        },
        forgetting_ns=np.sort(np.concatenate([piece.forgetting_ns for piece in pieces])),
    )


def measure_services(
    whole: Whole, clients: Clients, verdicts: Verdicts
) -> dict[str, ServiceMeasure]:
    """Measure every service of the profile, by name."""
    return {
        tolerance.name: _measured(whole, clients, verdicts, tolerance)
        for tolerance in whole.profile.services
    }


def _measured(
    whole: Whole, clients: Clients, verdicts: Verdicts, tolerance: ServiceTolerance
) -> ServiceMeasure:
    """Measure one service from the intents of its channels and instruments."""
    mine = np.flatnonzero(clients.belongs[tolerance.name])
    entered_ns = clients.entered_ns[mine]
    served, doubtful = _served(clients, verdicts, tolerance)
    kindly, harshly = (served | doubtful)[mine], (served & ~doubtful)[mine]
    levels, outages = _judged_by_bucket(entered_ns, harshly, tolerance)
    at_best = outages
    if (kindly != harshly).any():
        _, at_best = _judged_by_bucket(entered_ns, kindly, tolerance)
    point_ns, point_reason = _recovery_point(clients, verdicts, mine)
    breach = _breach(at_best, point_ns, tolerance)
    doubt = _doubt(whole, len(mine), outages, tolerance) or point_reason
    if not breach and not doubt:
        doubt = _breach(outages, point_ns, tolerance) and "intents are indeterminate"
    return ServiceMeasure(
        tolerance=tolerance,
        intents=ServiceIntents(mine, entered_ns, harshly),
        levels=levels,
        outages=outages,
        recovery_point_ns=None if point_reason else point_ns,
        within_tolerance=False if breach else None if doubt else True,
        reason=breach or doubt,
    )


def _belongs(facts: Facts, tolerance: ServiceTolerance) -> Bools:
    mine = facts.wishes.is_known.copy()
    for name, wanted in (("channel", tolerance.channels), ("instrument", tolerance.instruments)):
        if wanted:
            mine &= np.isin(facts.wishes.codes(name), facts.record.text(name).codes_of(wanted))
    return mine


# -- served ----------------------------------------------------------------------------------


def _served(
    clients: Clients, verdicts: Verdicts, tolerance: ServiceTolerance
) -> tuple[Bools, Bools]:
    """Which subjects were served, as far as their class is known, and whose class is not."""
    answered_ns = clients.answered_ns
    answered: Bools = answered_ns != NULL
    if tolerance.acknowledge_ns is not None:
        waited_ns = np.where(answered, answered_ns, 0) - clients.entered_ns
        answered = answered & (waited_ns <= tolerance.acknowledge_ns)
    refused = (verdicts.flags & Flag.REFUSED.bit) != 0
    failing = np.array([verdict.failing for verdict in CLASSES])[verdicts.classes]
    return answered & ~refused & ~failing, verdicts.classes == VerdictClass.INDETERMINATE.code


def _levels(entered_ns: Ints, served: Bools, bucket_ns: int) -> ServiceLevels:
    buckets, of_intent = np.unique(entered_ns // bucket_ns, return_inverse=True)
    return ServiceLevels(
        from_ns=buckets * bucket_ns,
        entered=np.bincount(of_intent, minlength=len(buckets)).astype(np.int64),
        served=np.bincount(of_intent[served], minlength=len(buckets)).astype(np.int64),
    )


# -- outages ---------------------------------------------------------------------------------


def _judged_by_bucket(
    entered_ns: Ints, served: Bools, tolerance: ServiceTolerance
) -> tuple[ServiceLevels, tuple[Outage, ...]]:
    """Levels of the buckets, and runs of bad ones with their ends as the clients saw them."""
    levels = _levels(entered_ns, served, tolerance.bucket_ns)
    least = (tolerance.mbco or 0.0) * levels.entered
    bad = (levels.served < least) | (levels.served == 0)
    edges = np.diff(np.concatenate(([False], bad, [False])).astype(np.int8))
    outages = []
    for begin, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        from_ns = _first_from(entered_ns[~served], int(levels.from_ns[begin]))
        assert from_ns is not None, "a bad bucket has an unserved intent"
        if end == len(bad):
            outages.append(Outage(from_ns, int(entered_ns[~served].max()), has_ended=False))
            continue
        to_ns = _first_from(entered_ns[served], int(levels.from_ns[end]))
        assert to_ns is not None, "a bucket that is not bad has a served intent"
        outages.append(Outage(from_ns, to_ns))
    return levels, tuple(outages)


def _first_from(times_ns: Ints, from_ns: int) -> int | None:
    """Smallest of some times that is not before ``from_ns``."""
    later = times_ns[times_ns >= from_ns]
    return int(later.min()) if len(later) else None


def _recovery_point(clients: Clients, verdicts: Verdicts, mine: Ints) -> tuple[int, str]:
    """Longest time from a lost order's acknowledgement to what made the firm forget it.

    The acknowledgement counts from when the firm gave it, or the client heard it, whichever
    is seen first. With the reason why it may be longer yet, if it may.
    """
    classes = verdicts.classes[mine]
    lost_ns = clients.taken_ns[mine][classes == VerdictClass.LOST.code]
    times_ns = clients.forgetting_ns
    after = np.searchsorted(times_ns, lost_ns, side="left")
    explained = after < len(times_ns)
    point_ns = int((times_ns[after[explained]] - lost_ns[explained]).max(initial=0))
    if not explained.all():
        return point_ns, "an acknowledged order was lost without a fault or failover after it"
    doubtful = classes == VerdictClass.INDETERMINATE.code
    if np.any(doubtful & clients.is_acknowledged_open[mine]):
        return point_ns, "acknowledged orders are indeterminate"
    return point_ns, ""


def _forgetting(record: Record) -> Ints:
    """Events by which a firm forgets: crashes and failovers; any fault where none is a crash."""
    faults = record.rows(Kind.FAULT_ON)
    crashes = faults[record.has_text("subject", faults, CRASH)]
    return np.sort(
        np.concatenate((crashes if len(crashes) else faults, record.rows(Kind.FAILOVER)))
    )


# -- tolerance -------------------------------------------------------------------------------


def _breach(
    outages: tuple[Outage, ...], recovery_point_ns: int, tolerance: ServiceTolerance
) -> str:
    """Say which target was missed, or nothing."""
    longest_ns = max((outage.duration_ns for outage in outages), default=0)
    for name, what, target_ns, achieved_ns in (
        ("mtpd", "recovery time", tolerance.mtpd_ns, longest_ns),
        ("rto", "recovery time", tolerance.rto_ns, longest_ns),
        ("rpo", "recovery point", tolerance.rpo_ns, recovery_point_ns),
    ):
        if target_ns is not None and achieved_ns > target_ns:
            achieved, target = format_duration(achieved_ns), format_duration(target_ns)
            return f"{what} was {achieved}, {name} is {target}"
    return ""


def _doubt(
    whole: Whole, intents: int, outages: tuple[Outage, ...], tolerance: ServiceTolerance
) -> str:
    """Say why the answer is unknown although no target was missed, or nothing."""
    if not intents:
        return "nobody wished anything of this service"
    if not whole.intents_are_recorded:
        return "intents are not recorded"
    if whole.watch.gaps({CLIENT}, whole.opening_ns, whole.end_ns):
        return "the client was not watched throughout"
    has_target = tolerance.rto_ns is not None or tolerance.mtpd_ns is not None
    if has_target and not all(outage.has_ended for outage in outages):
        return "an outage had not ended"
    return ""
