"""Training: from when a skill no longer holds, and which roles too few trained people fill."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.record import PLAN
from bcsim.units import NS_PER_S, NS_PER_US

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.record import Record
    from bcsim.engine.continuity.situation import Situation
    from bcsim.engine.continuity.staffing import TeamState

COVER: Final = "cover"
"""Subject of the log's lines about roles."""

FILLED: Final = "filled"
"""Reason of the line that ends a shortage."""

_ONE_DAY: Final = datetime.timedelta(days=1)


def start_training(situation: Situation) -> None:
    """Let those begin the day who are trained, and skills end on their last days."""
    for team in situation.teams.values():
        if team.spec.skills:
            situation.touch(team)
            situation.agenda.start(_expire(situation, team))


def _expire(situation: Situation, team: TeamState) -> Steps[None]:
    """Turn the page of a team's calendar on every day after which a skill has expired."""
    last_days = {
        group.expires_on
        for skill in team.spec.skills.values()
        for group in skill.holders
        if group.expires_on is not None and group.expires_on >= team.day
    }
    for last_day in sorted(last_days):
        midnight = datetime.datetime.combine(last_day + _ONE_DAY, datetime.time())
        apart = midnight - situation.scenario.start
        due_ns = (apart.days * 86_400 + apart.seconds) * NS_PER_S + apart.microseconds * NS_PER_US
        yield situation.agenda.wait(due_ns - situation.agenda.now_ns, Lane.FAILURE, team.index)
        team.day = midnight.date()
        situation.touch(team)


def record_roles(record: Record, team: TeamState, cause: str) -> None:
    """Log every role that too few fill now, or other numbers of people than before."""
    for name, role in team.spec.roles.items():
        count = team.on_duty(role)
        was_short = team.short.pop(name, None)
        if count is not None and count < role.minimum:
            team.short[name] = count
        if team.short.get(name) != was_short:
            now_short = team.short.get(name)
            record.log(
                PLAN,
                "action",
                component=team.spec.component,
                subject=COVER,
                ref=name,
                reason=FILLED if now_short is None else f"{now_short} of {role.minimum}",
                cause=cause or None,
            )
