"""An incident as rules ask for it: facts with bounds, instants, notices, complaints, outages.

Everything is optional; what is left out is unknown. ``incident_of_run`` measures one from a run,
a test or a real incident's record may state one by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.conduct.bounds import UNBOUNDED, Answer, Bounds

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from bcsim.model.regime import Fact, Instant


@dataclass(frozen=True, slots=True)
class Downtime:
    """One outage of a service, ns on the run's clock; ``to_ns`` as far as it is known.

    An outage before the run has negative times.
    """

    service: str
    from_ns: int
    to_ns: int
    has_ended: bool = True


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint: when it was received, and when it was answered, if it was seen to be."""

    name: str
    received_ns: int
    answered_ns: int | None = None


@dataclass(frozen=True)
class Incident:
    """What is known of an incident.

    Parameters
    ----------
    start
        Wall clock of time 0 with its zone.
    end_ns
        Until when somebody watched.
    numbers, flags
        Facts with a number and facts that are yes or no; what is not there is unknown.
    stated
        Facts that the firm states and the run does not show.
    instants
        When clocks start.
    notices_ns
        Times of all notices to a regulator until ``end_ns``; None if they were not recorded.
    complaints
        All complaints; None if they were not recorded.
    complaints_to_ns
        Until when somebody watched for complaints and answers; None: until ``end_ns``.
    downtimes
        Outages of each service that the rules are about; None if they are not known.
    is_whole
        Whether ``downtimes`` are all there are: those before the run as well, and of services
        that somebody used throughout, so that an outage would have been seen.
    """

    start: datetime.datetime
    end_ns: int
    numbers: Mapping[Fact, Bounds] = field(default_factory=dict)
    flags: Mapping[Fact, Answer] = field(default_factory=dict)
    stated: frozenset[Fact] = frozenset()
    instants: Mapping[Instant, Bounds] = field(default_factory=dict)
    notices_ns: tuple[int, ...] | None = None
    complaints: tuple[Complaint, ...] | None = None
    complaints_to_ns: int | None = None
    downtimes: tuple[Downtime, ...] | None = None
    is_whole: bool = False

    def number(self, fact: Fact) -> Bounds:
        """What is known of a number."""
        return self.numbers.get(fact, UNBOUNDED)

    def flag(self, fact: Fact) -> Answer:
        """What is known of a fact that is yes or no."""
        return self.flags.get(fact, Answer.UNKNOWN)

    def instant(self, instant: Instant) -> Bounds:
        """What is known of the time of an instant, ns."""
        return self.instants.get(instant, UNBOUNDED)
