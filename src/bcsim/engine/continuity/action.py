"""Actions: how one is carried out, from its condition to done or failed.

delay → decision, if it needs one → first instances repaired, for a fail-back → somebody of the
team is free → preconditions → the work, as often as it may be tried → effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.condition import holds_since, wording
from bcsim.engine.continuity.decision import NOBODY_REACHED, decide
from bcsim.engine.continuity.deed import Deed
from bcsim.engine.continuity.failback import wait_for_repair
from bcsim.engine.continuity.record import PLAN
from bcsim.engine.continuity.remedy import apply_remedy
from bcsim.engine.continuity.settlement import settle
from bcsim.engine.continuity.situation import Progress
from bcsim.model.plan import ActionKind

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation
    from bcsim.engine.continuity.staffing import TeamState
    from bcsim.model.plan import Action


def carry_out(
    situation: Situation, name: str, action: Action, index: int, *, is_ordered: bool
) -> Steps[None]:
    """Carry an action out once; an ordered one has been decided already."""
    on_components = [n for n in action.target if n in situation.components]
    impaired = frozenset(n for n in on_components if situation.components[n].impairment)
    yield situation.agenda.wait(action.delay, Lane.ACTION, index)
    decider = None
    if action.authority is not None and not is_ordered:
        decider = yield from decide(situation, action.authority)
    deed = Deed(name, index, action, action.team or decider, impaired)
    if action.authority is not None and not is_ordered:
        _log(situation, deed, NOBODY_REACHED if decider is None else "decided", decider)
        if decider is None:
            _finish(situation, deed, NOBODY_REACHED)
            return
    if action.kind is ActionKind.FAIL_BACK:
        for target in action.target:
            yield from wait_for_repair(situation.components[target])
    team = None if action.team is None else situation.team(action.team)
    yield from _engage(situation, deed, team)
    reason = _unmet(situation, action)
    if reason is None:
        _log(situation, deed, "started")
        reason = yield from _try(situation, deed)
    _release(situation, deed, team)
    _finish(situation, deed, reason)


def _engage(situation: Situation, deed: Deed, team: TeamState | None) -> Steps[None]:
    """Take somebody of the team off other work, as soon as there is somebody."""
    if team is None:
        return
    if team.free_people < 1:
        _log(situation, deed, f"waiting: nobody of {team.name} is free")
    while team.free_people < 1:
        yield team.changed.next_ring
    team.busy += 1
    situation.touch(team)
    settle(situation, deed.name)


def _release(situation: Situation, deed: Deed, team: TeamState | None) -> None:
    if team is not None:
        team.busy -= 1
        situation.touch(team)
        settle(situation, deed.name)


def _unmet(situation: Situation, action: Action) -> str | None:
    """The first precondition that does not hold."""
    unmet = (c for c in action.requires if holds_since(situation, c) is None)
    first = next(unmet, None)
    return None if first is None else f"requires {wording(first)}"


def _try(situation: Situation, deed: Deed) -> Steps[str | None]:
    """Do the work, again if it does not work; why it has not worked in the end."""
    action, streams = deed.action, situation.streams
    reason: str | None = None
    for attempt in range(1, action.attempts + 1):
        number = situation.next_number("attempt", deed.name)
        time_ns = streams.at("action_duration", deed.name).sample_ns(action.duration, number)
        yield situation.agenda.wait(time_ns, Lane.ACTION, deed.index)
        luck = streams.at("action_success", deed.name).uniform(number)
        reason = "it did not work"
        if luck < action.success:
            reason = yield from apply_remedy(situation, deed)
        if reason is None:
            return None
        if attempt < action.attempts:
            _log(situation, deed, f"attempt {attempt} failed: {reason}")
    return reason


def _finish(situation: Situation, deed: Deed, reason: str | None) -> None:
    _log(situation, deed, "done" if reason is None else f"failed: {reason}")
    outcome = Progress.DONE if reason is None else Progress.FAILED
    situation.progress[deed.name] = (outcome, situation.news())
    situation.agenda.ask(Lane.PLAN)


def _log(situation: Situation, deed: Deed, reason: str, actor: str | None = None) -> None:
    action = deed.action
    on_components = [target for target in action.target if target in situation.components]
    situation.record.log(
        PLAN,
        "action",
        component=on_components[0] if on_components else None,
        actor=actor or deed.actor,
        subject=action.kind.value,
        ref=deed.name,
        reason=reason,
        cause=" and ".join(wording(condition) for condition in action.when),
    )
