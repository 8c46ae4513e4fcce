"""What people are trained for, until when, and how many of them must be on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from bcsim.model.fields import Date, Entity, Identifier, LocalText

if TYPE_CHECKING:
    import datetime


class Holders(Entity):
    """People of a team who hold a skill alike."""

    people: Annotated[int, Field(ge=1, description="How many.")]
    expires_on: Annotated[
        Date | None, Field(description="Last day on which it holds; none: it does not expire.")
    ] = None
    site: Annotated[
        Identifier | None, Field(description="Site that they are trained for; none: every site.")
    ] = None

    def counts(self, day: datetime.date, site: str | None) -> bool:
        """Whether they may do the work on a day at a site; ``None``: at some site."""
        is_valid = self.expires_on is None or day <= self.expires_on
        return is_valid and (site is None or self.site in {None, site})


class Skill(Entity):
    """Something that people of a team are trained for."""

    name: LocalText
    holders: Annotated[
        tuple[Holders, ...], Field(min_length=1, description="Who is trained for it.")
    ]
    operates: Annotated[
        bool, Field(description="Whether nobody else of the team may process orders.")
    ] = True

    def valid(self, day: datetime.date, site: str | None = None) -> int:
        """People who hold it on a day, for work at a site (``None``: at some site)."""
        return sum(group.people for group in self.holders if group.counts(day, site))


class Role(Entity):
    """A duty for which so many trained people must be there."""

    name: LocalText
    skill: Annotated[Identifier, Field(description="Skill of the team that it takes.")]
    minimum: Annotated[int, Field(ge=1, description="Fewest people on duty.")]
    site: Annotated[
        Identifier | None,
        Field(description="Where, while the team works there; none: wherever it works."),
    ] = None
