"""Places where components run and people work."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcsim.model.fields import Duration, Entity, Identifier, LocalText


class Site(Entity):
    """A building: a data centre, an office, a branch."""

    name: LocalText
    utilities: Annotated[
        tuple[Identifier, ...],
        Field(description="Components of kind utility, network or facility that it stands on."),
    ] = ()
    utility_grace: Annotated[
        Duration,
        Field(description="How long the site runs on after a utility fails (UPS, generator)."),
    ] = 0
    seats: Annotated[
        int | None, Field(ge=0, description="Work places; bounds the staff that can relocate here.")
    ] = None
