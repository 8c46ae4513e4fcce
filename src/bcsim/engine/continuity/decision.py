"""Decisions: reaching somebody who has the mandate, and the time that they take.

The person named first is tried; when they are not reached within the stated time, or the calls
to them are given up, the next deputy is tried too. Of those tried, the first in the order of
the mandate who has been reached decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.call_tree import call
from bcsim.engine.continuity.detection import MONITORING

if TYPE_CHECKING:
    import simpy

    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.people import Authority

NOBODY_REACHED: Final = "no mandated person reached"


def decide(situation: Situation, authority: str) -> Steps[str | None]:
    """Have somebody decide.

    Returns
    -------
    str or None
        The person who has decided; ``None`` if nobody with the mandate was reached.
    """
    spec = situation.firm.authorities[authority]
    name = yield from _reach(situation, spec)
    if name is None:
        return None
    number = situation.next_number("decision", authority)
    stream = situation.streams.at("decision_delay", authority)
    time_ns = stream.sample_ns(spec.decision, number)
    yield situation.agenda.wait(time_ns, Lane.DECISION, situation.people[name].index)
    return name


def is_deputy(situation: Situation, authority: str, person: str) -> bool:
    """Whether somebody else is named first."""
    return situation.firm.authorities[authority].decides[0] != person


def _reach(situation: Situation, authority: Authority) -> Steps[str | None]:
    """Try the persons with the mandate in turn; who is reached."""
    agenda, people = situation.agenda, situation.people
    rounds: list[simpy.Process] = []
    for tried, name in enumerate(authority.decides, start=1):
        caller = situation.leader or MONITORING
        latest = agenda.start(call(situation, caller, name))
        rounds.append(latest)
        limit = agenda.wait(authority.escalate_after, Lane.CALL, people[name].index)
        is_last = tried == len(authority.decides)
        while not limit.processed and (latest.is_alive or is_last):
            going_on = [each for each in rounds if each.is_alive]
            if not going_on:
                return None
            yield agenda.first_of(limit, *going_on)
            reached = [n for n in authority.decides[:tried] if people[n].is_reached]
            if reached:
                return reached[0]
    return None
