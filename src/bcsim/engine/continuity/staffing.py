"""Staffing: how many of a team's people work, and how many servers of its component that is.

At a site that works and can be reached, everybody works who is present. Otherwise those work
who can from home, and those who have moved to the alternate site while it can be used. A
person who carries out an action of the plan does not process orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from bcsim.engine.continuity.dependency import Level, Node
from bcsim.engine.continuity.fault import MILLION, Impact, combined_ppm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.engine.continuity.bell import Bell
    from bcsim.engine.continuity.fault import Fault
    from bcsim.model.people import Team


@dataclass(eq=False, slots=True)
class TeamState:
    """A team in a run; ``index`` is its position in the model.

    ``is_moving`` says that the team is on its way to the alternate site, ``relocated`` people
    have places there. ``changed`` rings when the number at work may have changed.
    """

    name: str
    index: int
    spec: Team
    site: Node
    alternate: Node | None
    changed: Bell
    faults: list[Fault] = field(default_factory=list)
    busy: int = 0
    is_moving: bool = False
    relocated: int = 0

    @property
    def can_use_site(self) -> bool:
        """Whether the team's own site works and can be reached."""
        return _is_usable(self.site)

    @property
    def remote_share(self) -> Fraction:
        """Share of the people who can work from home, exactly as the model writes it."""
        return Fraction(str(self.spec.remote_share))

    @property
    def people_at_work(self) -> Fraction:
        """People who work, on orders or on the recovery."""
        missing = Fraction(combined_ppm(self.faults, Impact.ABSENT), MILLION)
        present = self.spec.headcount * (1 - missing)
        if self.can_use_site and not self.is_moving:
            return present
        remote = present * self.remote_share
        has_place = self.alternate is not None and _is_usable(self.alternate)
        return remote + min(Fraction(self.relocated if has_place else 0), present - remote)

    @property
    def free_people(self) -> int:
        """People who could take on an action now."""
        return floor(self.people_at_work) - self.busy

    def servers(self, normal: int, *, busy: int | None = None) -> int:
        """Servers of the team's component, of ``normal`` on a normal day.

        ``busy`` people work on the recovery; by default, those who do now.
        """
        share = self.people_at_work / self.spec.headcount
        return max(0, floor(normal * share) - (self.busy if busy is None else busy))

    @property
    def cause(self) -> str:
        """Why people are missing; "" if nobody is."""
        absent = [fault.cause for fault in self.faults]
        unreachable = [f.cause for f in self.site.faults if f.impact is Impact.UNREACHABLE]
        return next((cause for cause in (*absent, self.site.cause, *unreachable) if cause), "")


def people_to_move(team: TeamState, seats: int | None, teams: Iterable[TeamState]) -> int:
    """How many of a team find a place at its alternate site; the others work from home or not.

    ``seats`` bounds all teams there together; ``None``: no bound.
    """
    movable = floor(team.spec.headcount * (1 - team.remote_share))
    if seats is None:
        return movable
    others = (other for other in teams if other is not team)
    taken = sum(other.relocated for other in others if other.alternate is team.alternate)
    return max(0, min(movable, seats - taken))


def _is_usable(site: Node) -> bool:
    unreachable = any(fault.impact is Impact.UNREACHABLE for fault in site.faults)
    return site.level == Level.WORKING and not unreachable
