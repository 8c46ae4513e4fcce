"""Notices: what clients, the regulator and the board are told, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.record import PLAN

if TYPE_CHECKING:
    from bcsim.engine.continuity.deed import Deed
    from bcsim.engine.continuity.situation import Situation


def give_notice(situation: Situation, deed: Deed) -> None:
    """Send the action's message to every target, or to all at once if it names none.

    A message has no id of its own: the action's id stands for it.
    """
    for target in deed.action.target or (None,):
        situation.record.log(
            PLAN,
            "notify",
            component=target,
            actor=deed.actor,
            subject=deed.name,
            ref=deed.name,
            reason=deed.action.kind.value,
        )
