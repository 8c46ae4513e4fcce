"""Healing: the drain begins, and what went wrong by itself ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation


def start_healing(situation: Situation, heal_at_ns: int | None) -> None:
    """End all disruptions and random failures at a time; ``None``: they go on."""
    if heal_at_ns is not None:
        situation.agenda.start(_heal(situation, heal_at_ns))


def _heal(situation: Situation, heal_at_ns: int) -> Steps[None]:
    yield situation.agenda.wait(heal_at_ns, Lane.HEALING)
    situation.is_healed = True
    for fault in tuple(situation.faults):
        situation.lift(fault)
