"""The call tree: who is told, by whom, and whom the calls do not reach.

A call takes the person's answering time, whether or not it reaches them. After the stated
number of calls the caller gives up. A person is called by one caller at a time; whoever has
been reached stays informed until the plan stands down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.detection import MONITORING
from bcsim.engine.continuity.record import PLAN

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation


def call(situation: Situation, caller: str, name: str) -> Steps[bool]:
    """Call a person until reached or given up; if somebody else does so, await how it ends.

    Returns
    -------
    bool
        Whether the person is reached.
    """
    person, spec = situation.people[name], situation.firm.people[name]
    if person.is_called:
        yield person.answered.next_ring
        return person.is_reached
    if person.is_reached:
        return True
    person.is_called = True
    for _ in range(spec.attempts):
        number = situation.next_number("call", name)
        luck = situation.streams.at("reach", name).uniform(number)
        time_ns = situation.streams.at("reach_delay", name).sample_ns(spec.answer, number)
        yield situation.agenda.wait(time_ns, Lane.CALL, person.index)
        person.is_reached = luck < spec.reach
        outcome = "reached" if person.is_reached else "not reached"
        situation.record.log(PLAN, "action", actor=caller, subject="call", ref=name, reason=outcome)
        if person.is_reached:
            break
    person.is_called = False
    person.answered.ring()
    return person.is_reached


def alert(situation: Situation) -> Steps[str | None]:
    """Bring the alarm to the duty person, or to the next whom monitoring may call.

    Returns
    -------
    str or None
        Who has taken the alarm.
    """
    tree = situation.firm.call_tree
    if tree is None:
        return None
    others = [name for line in tree.lines if line.caller == MONITORING for name in line.calls]
    for name in dict.fromkeys((tree.duty, *others)):
        is_reached = yield from call(situation, MONITORING, name)
        if is_reached:
            return name
    return None


def pass_on(situation: Situation, caller: str) -> Steps[None]:
    """Let a person call their lines one after the other; everyone reached does the same."""
    tree, person = situation.firm.call_tree, situation.people[caller]
    if tree is None or person.has_passed_on:
        return
    person.has_passed_on = True
    for line in tree.lines:
        if line.caller == caller:
            for name in line.calls:
                is_reached = yield from call(situation, caller, name)
                if is_reached:
                    situation.agenda.start(pass_on(situation, name))


def forget_calls(situation: Situation) -> None:
    """The incident is over; in the next one everybody has to be called anew."""
    situation.leader = None
    for person in situation.people.values():
        person.is_reached = person.has_passed_on = False
