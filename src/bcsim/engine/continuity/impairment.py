"""Impairments: what is wrong with a component, as somebody who watches it would see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bcsim.engine.continuity.dependency import FULL_SPEED, Level
from bcsim.engine.continuity.fault import Impact

if TYPE_CHECKING:
    import simpy

    from bcsim.engine.continuity.instance import ComponentState

Symptom: TypeAlias = Literal["crash", "hang", "halt", "slow", "short-staffed"]
"""What shows, worst first; a component has one impairment at a time, the worst."""

STANDSTILL: Final[frozenset[Symptom]] = frozenset({"crash", "hang"})
"""Symptoms on which an automatic standby switches over."""


@dataclass(eq=False, slots=True)
class Impairment:
    """From when a component shows a symptom until it shows another one, or none.

    ``number`` counts the component's impairments and addresses their draws.
    """

    component: ComponentState
    symptom: Symptom
    number: int
    cause: str
    began_ns: int
    ended: simpy.Event


def symptom(component: ComponentState) -> tuple[Symptom, str] | None:
    """What the component shows now, and its cause; ``None`` if it works normally.

    A team is short-staffed when people are missing, not when they work on the recovery, nor when
    their training has expired: that everybody can know beforehand.
    A cut link is no symptom: both of its ends are up, and no monitor of a component sees it.
    """
    serving = component.serving
    if serving.level == Level.DOWN:
        return "crash", serving.cause
    if serving.level == Level.HUNG:
        return "hang", serving.cause
    halts = [fault for fault in component.faults if fault.impact is Impact.HALT]
    if halts:
        return "halt", halts[0].cause
    if serving.speed < FULL_SPEED:
        return "slow", serving.speed_cause
    team, normal = component.team, component.spec.servers
    if team is not None and team.servers(normal, busy=0) < team.rostered(normal):
        return "short-staffed", team.cause
    return None
