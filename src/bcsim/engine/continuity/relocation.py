"""Relocation: a team moves to its alternate site, as far as there are seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.settlement import settle
from bcsim.engine.continuity.staffing import people_to_move

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation
    from bcsim.engine.continuity.staffing import TeamState


def relocate(situation: Situation, team: TeamState, action: str) -> Steps[str | None]:
    """Move a team; those who cannot work from home do not work on the way.

    A team that can use its own site stays there: moving would only cost working time.

    Returns
    -------
    str or None
        Why it did not work.
    """
    if team.alternate is None:
        return f"{team.name} has no alternate site"
    if team.can_use_site or team.is_moving or team.relocated:
        return None
    team.is_moving = True
    situation.touch(team)
    settle(situation, action)
    if team.spec.relocation is not None:
        number = situation.next_number("relocation", team.name)
        stream = situation.streams.at("relocation", team.name)
        time_ns = stream.sample_ns(team.spec.relocation, number)
        yield situation.agenda.wait(time_ns, Lane.ACTION, team.index)
    seats = situation.firm.sites[team.alternate.name].seats
    team.is_moving = False
    team.relocated = people_to_move(team, seats, situation.teams.values())
    situation.touch(team)
    settle(situation, action)
    return None


def return_home(situation: Situation, action: str) -> None:
    """Give up the places at alternate sites of teams whose own site can be used again."""
    for team in situation.teams.values():
        if team.relocated and team.can_use_site:
            team.relocated = 0
            situation.touch(team)
    settle(situation, action)
