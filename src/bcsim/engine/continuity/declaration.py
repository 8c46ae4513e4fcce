"""Declaration: a detected impairment is escalated until a mandated person declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.call_tree import alert, pass_on
from bcsim.engine.continuity.decision import NOBODY_REACHED, decide, is_deputy
from bcsim.engine.continuity.record import PLAN
from bcsim.engine.continuity.signal import DECLARATION

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.impairment import Impairment
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.plan import Plan


def start_declaration(situation: Situation) -> None:
    """Escalate what the plan wants escalated, and hear who declares in a drill."""
    plan = situation.firm.plan
    if plan is None:
        return

    def escalate(impairment: Impairment) -> None:
        is_handled = situation.is_alarmed or situation.declared_since is not None
        if impairment.component.name in plan.declare_on and not is_handled:
            situation.is_alarmed = True
            situation.agenda.start(_escalate(situation, plan, impairment))

    def hear(signal: str) -> None:
        if signal.startswith(DECLARATION) and situation.declared_since is None:
            _declare(situation, plan.declaration, signal.removeprefix(DECLARATION), None)

    situation.on_noticed.append(escalate)
    situation.on_signal.append(hear)


def _escalate(situation: Situation, plan: Plan, impairment: Impairment) -> Steps[None]:
    """Alarm the duty person, set the call tree going, find somebody who declares."""
    situation.leader = yield from alert(situation)
    if situation.leader is not None:
        situation.agenda.start(pass_on(situation, situation.leader))
    person = None
    is_lost = situation.leader is None and situation.firm.call_tree is not None
    if plan.declaration is not None and not is_lost:
        person = yield from decide(situation, plan.declaration)
    situation.is_alarmed = False
    if situation.declared_since is not None or plan.declaration is None:
        return
    if person is None:
        _log_refusal(situation, plan.declaration, None, NOBODY_REACHED)
    elif any(situation.components[n].noticed_since is not None for n in plan.declare_on):
        _declare(situation, plan.declaration, person, impairment)
    else:
        _log_refusal(situation, plan.declaration, person, "not needed: it works again")


def _declare(
    situation: Situation, authority: str | None, person: str, impairment: Impairment | None
) -> None:
    situation.declared_since, situation.undeclared_since = situation.news(), None
    deputy = authority is not None and is_deputy(situation, authority, person)
    situation.record.log(
        PLAN,
        "declare",
        component=impairment.component.name if impairment else None,
        actor=person,
        ref=authority,
        reason="deputy" if deputy else None,
        cause=impairment.cause if impairment else None,
    )
    situation.agenda.ask(Lane.PLAN)


def _log_refusal(situation: Situation, authority: str, person: str | None, reason: str) -> None:
    situation.record.log(
        PLAN, "action", actor=person, subject="declaration", ref=authority, reason=reason
    )
