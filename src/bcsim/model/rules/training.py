"""Rules for skills and roles: who holds them, where, and that a role can be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding, dangling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm
    from bcsim.model.people import Team
    from bcsim.model.skill import Role


def skill_holders(firm: Firm) -> Iterator[Finding]:
    """No more people hold a skill than a team has, and they are trained for its sites."""
    for team_name, team in firm.teams.items():
        for name, skill in team.skills.items():
            path = ("teams", team_name, "skills", name, "holders")
            people = sum(group.people for group in skill.holders)
            if people > team.headcount:
                yield Finding(
                    path,
                    f"more people hold {name} than team {team_name} has",
                    value=f"{people} people",
                    expected=f"at most headcount={team.headcount}",
                )
            for position, group in enumerate(skill.holders):
                if group.site is not None:
                    place = (*path, position, "site")
                    yield from dangling(place, group.site, "site of the team", _sites(team))


def roles(firm: Firm) -> Iterator[Finding]:
    """A role takes a skill of the team, at a site of the team, and enough people hold it."""
    for team_name, team in firm.teams.items():
        for name, role in team.roles.items():
            path = ("teams", team_name, "roles", name)
            yield from dangling((*path, "skill"), role.skill, "skill of the team", team.skills)
            if role.site is not None:
                yield from dangling((*path, "site"), role.site, "site of the team", _sites(team))
            holders = _holders(team, role)
            if holders is not None and holders < role.minimum:
                yield Finding(
                    (*path, "minimum"),
                    f"too few people are trained for role {name}",
                    value=f"minimum={role.minimum}",
                    expected=f"at most {holders}, as many as hold {role.skill}",
                    hint="train more people, or they are missing on every day",
                    severity="warning",
                )


def _sites(team: Team) -> set[str]:
    return {team.site} if team.alternate_site is None else {team.site, team.alternate_site}


def _holders(team: Team, role: Role) -> int | None:
    """People who hold a role's skill there, whenever it expires; ``None`` for no such skill."""
    skill = team.skills.get(role.skill)
    if skill is None:
        return None
    return sum(g.people for g in skill.holders if role.site is None or g.site in {None, role.site})
