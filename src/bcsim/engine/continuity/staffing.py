"""Staffing: how many of a team's people work, and how many servers of its component that is.

At a site that works and can be reached, everybody works who is present. Otherwise those work
who can from home, and those who have moved to the alternate site while it can be used. A
person who carries out an action of the plan does not process orders.

Of a team that has skills, only those process orders who hold every skill that operates, on this
day and for the site where they are. The rarest of these skills counts: who holds it is taken to
hold the others too. Who is trained moves first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.dependency import Level, Node
from bcsim.engine.continuity.fault import MILLION, Impact, combined_ppm

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from bcsim.engine.continuity.bell import Bell
    from bcsim.engine.continuity.fault import Fault
    from bcsim.model.people import Team
    from bcsim.model.skill import Role, Skill

TRAINING: Final = "training:"
"""Begins the cause of a change that a team's missing training has brought about."""


@dataclass(eq=False, slots=True)
class TeamState:
    """A team in a run; ``index`` is its position in the model, ``day`` the day on its clock.

    ``is_moving`` says that the team is on its way to the alternate site, ``relocated`` people
    have places there. ``changed`` rings when the number at work may have changed. ``short`` has
    the people on duty of every role that too few fill, as it was last logged.
    """

    name: str
    index: int
    spec: Team
    site: Node
    alternate: Node | None
    changed: Bell
    day: datetime.date
    faults: list[Fault] = field(default_factory=list)
    busy: int = 0
    is_moving: bool = False
    relocated: int = 0
    short: dict[str, int] = field(default_factory=dict)

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
        present = self.spec.headcount * self._present_share
        if self._is_at_home:
            return present
        remote = present * self.remote_share
        return remote + min(Fraction(self._places), present - remote)

    @property
    def trained_at_work(self) -> Fraction:
        """People at work who may process orders."""
        holders = [self._holders_at_work(skill) for skill in self._operating]
        return min(holders, default=self.people_at_work)

    @property
    def _operating(self) -> list[Skill]:
        return [skill for skill in self.spec.skills.values() if skill.operates]

    def _holders_at_work(self, skill: Skill) -> Fraction:
        """Holders of a skill at work, wherever."""
        if self._is_at_home:
            return skill.valid(self.day, self.site.name) * self._present_share
        at_home = skill.valid(self.day, self.site.name) * self._present_share
        return at_home * self.remote_share + self._holders_relocated(skill)

    def _holders_relocated(self, skill: Skill) -> Fraction:
        """Holders of a skill at work at the alternate site."""
        if self.alternate is None or self._is_at_home:
            return Fraction(0)
        holders = skill.valid(self.day, self.alternate.name) * self._present_share
        return min(Fraction(self._places), holders * (1 - self.remote_share))

    @property
    def _present_share(self) -> Fraction:
        return 1 - Fraction(combined_ppm(self.faults, Impact.ABSENT), MILLION)

    @property
    def _is_at_home(self) -> bool:
        """Whether everybody works at the team's own site."""
        return self.can_use_site and not self.is_moving

    @property
    def _places(self) -> int:
        """Places at the alternate site that people have taken and can use."""
        has_place = self.alternate is not None and _is_usable(self.alternate)
        return self.relocated if has_place else 0

    def on_duty(self, role: Role) -> int | None:
        """People who fill a role, those on recovery work left out; ``None`` if it is not needed.

        A role at a site is needed while the team works there.
        """
        skill = self.spec.skills[role.skill]
        is_away = not self._is_at_home
        if role.site is None or (role.site == self.site.name and not is_away):
            holders = self._holders_at_work(skill)
        elif role.site != self.site.name and is_away and self._places:
            holders = self._holders_relocated(skill)
        else:
            return None
        return max(0, floor(holders) - self.busy)

    @property
    def free_people(self) -> int:
        """People who could take on an action now."""
        return floor(self.people_at_work) - self.busy

    def servers(self, normal: int, *, busy: int | None = None) -> int:
        """Servers of the team's component, of ``normal`` on a normal day.

        ``busy`` people work on the recovery; by default, those who do now.
        """
        share = self.trained_at_work / self.spec.headcount
        return max(0, floor(normal * share) - (self.busy if busy is None else busy))

    def rostered(self, normal: int) -> int:
        """Servers that the trained people of this day make when nobody is missing."""
        headcount = self.spec.headcount
        holders = (skill.valid(self.day, self.site.name) for skill in self._operating)
        return normal * min(holders, default=headcount) // headcount

    @property
    def cause(self) -> str:
        """Why people are missing; "" if nobody is."""
        absent = [fault.cause for fault in self.faults]
        unreachable = [f.cause for f in self.site.faults if f.impact is Impact.UNREACHABLE]
        is_trained = self.rostered(self.spec.headcount) == self.spec.headcount
        untrained = "" if is_trained else TRAINING + self.name
        causes = (*absent, self.site.cause, *unreachable, untrained)
        return next((cause for cause in causes if cause), "")


def people_to_move(team: TeamState, seats: int | None, teams: Iterable[TeamState]) -> int:
    """How many of a team find a place at its alternate site; the others work from home or not.

    ``seats`` bounds all teams there together; ``None``: no bound.
    """
    reached = Fraction(str(team.spec.call_out))
    movable = floor(team.spec.headcount * (1 - team.remote_share) * reached)
    if seats is None:
        return movable
    others = (other for other in teams if other is not team)
    taken = sum(other.relocated for other in others if other.alternate is team.alternate)
    return max(0, min(movable, seats - taken))


def _is_usable(site: Node) -> bool:
    unreachable = any(fault.impact is Impact.UNREACHABLE for fault in site.faults)
    return site.level == Level.WORKING and not unreachable
